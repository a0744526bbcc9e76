// SPDX-License-Identifier: GPL-2.0
/*
 * traits_set, traits_del, traits_bind and traits_lost tell about a packet what
 * was done to it, in this order and with the same address of its head; and
 * nothing when they are off.
 */
#include <errno.h>
#include <net/if.h>
#include <string.h>

#include "path.h"
#include "script.h"
#include "vt.h"

#define TRACING "/sys/kernel/tracing/"
#define EVENTS_MAX 16

struct event {
	char name[32], head[32], skb[32], rest[96];
};

static struct event events[EVENTS_MAX];

/* What is traced since the last time; it is forgotten then. */
static unsigned int read_events(void)
{
	FILE *f = fopen(TRACING "trace", "r");
	unsigned int n = 0;
	char line[512];

	if (!f)
		vt_die("trace: %s", strerror(errno));
	while (fgets(line, sizeof(line), f)) {
		const char *at = strstr(line, ": traits_");
		struct event *e = &events[n];

		if (!at || n == EVENTS_MAX)
			continue;
		if (sscanf(at, ": %31[^:]: head=%31s skb=%31s %95[^\n]", e->name, e->head, e->skb,
			   e->rest) != 4)
			vt_die("not understood: %s", line);
		n++;
	}
	fclose(f);
	vt_run("echo > " TRACING "trace");
	return n;
}

static void send_one(struct vt_script *last)
{
	vt_send_seq(last, "a", vt_path_end(3), 7000, 1, 1, 0);
}

static void expect(unsigned int i, const char *name, bool has_skb, const char *rest)
{
	const struct event *e = &events[i];

	if (!vt_ok(!strcmp(e->name, name) && !strcmp(e->rest, rest) &&
		   !strcmp(e->head, events[0].head) && !!strspn(e->skb, "123456789abcdef0") &&
		   (strspn(e->skb, "0") != strlen(e->skb)) == has_skb,
		   "event %u: %s %s", i, name, rest))
		vt_note("it is %s head=%s skb=%s %s, the first has head=%s", e->name, e->head,
			e->skb, e->rest, events[0].head);
}

int main(void)
{
	struct script xdp_script = { .protocol = 17, .port = 7000, .action = 2 };
	struct script tc_script = { .protocol = 17, .port = 7000 };
	unsigned int ids[4], ifindex, n;
	struct vt_script *redirect, *xdp, *tc;
	char rest[96];
	int here;

	vt_path(3);
	vt_keys_add(ids);
	here = vt_ns_enter("c");
	ifindex = if_nametoindex("left");
	vt_ns_leave(here);
	xdp_script.op[0] = (struct op){ OP_SET, .key = ids[2], .size = 8 };
	xdp_script.op[1] = (struct op){ OP_SETS, .key = ids[0], .key_to = ids[1], .size = 4 };
	xdp_script.op[2] = (struct op){ OP_DEL, .key = ids[0] };
	/* Refused, or only a look: nothing to tell. */
	xdp_script.op[3] = (struct op){ OP_SET, .key = ids[2], .size = 8, .arg = 1 };
	xdp_script.op[4] = (struct op){ OP_GET, .key = ids[2], .size = 8 };
	tc_script.op[0] = (struct op){ OP_SET, .key = ids[3], .size = 16 };
	tc_script.op[1] = (struct op){ OP_DEL, .key = ids[2] };
	redirect = vt_redirect("b", "left", "right", 7000);
	xdp = vt_script("c", "left", VT_XDP, &xdp_script);
	tc = vt_script("c", "left", VT_TC_INGRESS, &tc_script);

	vt_run("echo > " TRACING "trace");
	send_one(tc);
	vt_eq(read_events(), 0, "nothing is told while they are off");

	vt_write_file(TRACING "events/traits/enable", "1");
	send_one(tc);
	n = read_events();
	vt_eq(n, 6, "as many events as there were changes");
	snprintf(rest, sizeof(rest), "ifindex=%u key=%u len=8", ifindex, ids[2]);
	expect(0, "traits_set", false, rest);
	snprintf(rest, sizeof(rest), "ifindex=%u key=%u len=4", ifindex, ids[0]);
	expect(1, "traits_set", false, rest);
	snprintf(rest, sizeof(rest), "ifindex=%u key=%u len=0", ifindex, ids[0]);
	expect(2, "traits_del", false, rest);
	snprintf(rest, sizeof(rest), "ifindex=%u present=%#llx", ifindex,
		 1ULL << ids[1] | 1ULL << ids[2]);
	expect(3, "traits_bind", true, rest);
	snprintf(rest, sizeof(rest), "ifindex=%u key=%u len=16", ifindex, ids[3]);
	expect(4, "traits_set", true, rest);
	snprintf(rest, sizeof(rest), "ifindex=%u key=%u len=0", ifindex, ids[2]);
	expect(5, "traits_del", true, rest);

	xdp_script.op[1] = (struct op){ OP_ADJUST_HEAD, .arg = -204 };
	xdp_script.op[2] = (struct op){ OP_ADJUST_HEAD, .arg = 204 };
	xdp_script.op[3].kind = OP_END;
	tc_script.op[0] = (struct op){ OP_IS_SET, .key = ids[3] };
	tc_script.op[1].kind = OP_END;
	vt_script_set(xdp, &xdp_script);
	vt_script_set(tc, &tc_script);
	send_one(tc);
	n = read_events();
	vt_eq(n, 2, "a store is lost");
	snprintf(rest, sizeof(rest), "ifindex=%u key=%u len=8", ifindex, ids[2]);
	expect(0, "traits_set", false, rest);
	expect(1, "traits_lost", false, "reason=damaged");

	vt_write_file(TRACING "events/traits/enable", "0");
	send_one(tc);
	vt_eq(read_events(), 0, "nothing is told when they are off again");

	vt_script_stop(redirect);
	vt_script_stop(xdp);
	vt_script_stop(tc);
	vt_keys_del();
	return vt_done();
}
