// SPDX-License-Identifier: GPL-2.0

#include "matrix.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <traits/traits.h>

#include "matrix_prog.h"
#include "script.h"
#include "vt.h"

#define COLUMNS		5
#define FULL		(COLUMNS - 1)
#define ALL		(2 * MX_PACKETS)

/* One row while it runs. */
struct row {
	const struct mx_event *event;
	struct mx_prog *set, *read[MX_READERS];
	unsigned int readers;
	unsigned int sent;	/* packets of the cell, up to now */
	bool late;		/* packets did not come in time */
	int sink;
};

static struct row *running;

/* What a cell came to. */
struct cell {
	unsigned int column;
	const char *size;
	struct mx_want want;
	struct mx_conf conf;
	uint64_t before[__TRAITS_STAT_MAX], counted[__TRAITS_STAT_MAX];
	unsigned int set;		/* keys that were set on each packet */
	unsigned long long refused;	/* values that were not set */
	unsigned long long sent, kept, lost;
	bool ok;
};

static unsigned int ids[4], fill_ids[MX_KEYS - 2], next_seq = 1;
static struct mx_policy policy;	/* of the keys */

static const char *const sizes[COLUMNS] = { "0", "4", "8", "16", "full" };
static const char *const results[] = {
	[MX_KEPT] = "kept", [MX_POLICY] = "policy", [MX_LOST] = "lost-by-design",
};

/* Each failed condition is one line of diagnosis; the cell is one test. */
static void expect(struct cell *c, const char *where, const char *what, unsigned long long got,
		   unsigned long long want)
{
	if (got == want)
		return;
	vt_note("%s: %s: %s is %llu, not %llu", c->size, where, what, got, want);
	c->ok = false;
}

static int sink_open(const char *ns)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(MX_PORT) };
	int here = vt_ns_enter(ns), fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	int bytes = 16 << 20;

	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes));
	if (fd < 0 || bind(fd, (void *)&at, sizeof(at)))
		vt_die("matrix: sink in %s: %s", ns, strerror(errno));
	vt_ns_leave(here);
	return fd;
}

struct drain {
	int fd;
	unsigned int n;
};

static bool drained(void *arg)
{
	struct drain *d = arg;
	char buf[1];

	while (recv(d->fd, buf, sizeof(buf), MSG_DONTWAIT) > 0)
		d->n++;
	return d->n >= ALL;
}

static void configure(struct cell *c)
{
	unsigned int i;

	c->conf = (struct mx_conf){ .first = next_seq, .n = ALL, .keys = 1 };
	next_seq += ALL;
	if (c->column != FULL) {
		c->conf.key[0] = (struct mx_key){ ids[c->column], vt_sizes[c->column] };
		return;
	}
	for (i = 0; i < MX_KEYS - 2; i++)
		c->conf.key[i] = (struct mx_key){ fill_ids[i], 16 };
	c->conf.key[i++] = (struct mx_key){ ids[2], 8 };
	c->conf.key[i++] = (struct mx_key){ ids[1], 4 };
	c->conf.keys = i;
}

/* Of @n packets, how many come by here. */
static unsigned int share(const struct mx_prog *mp, unsigned int n)
{
	const struct mx_place *place = mx_prog_place(mp);

	return n * (place->times ?: 1) / (place->one_of ?: 1);
}

/* How many with traits, or without. */
static unsigned int half(const struct mx_prog *mp)
{
	return share(mp, MX_PACKETS) + mx_prog_place(mp)->again;
}

static bool all_arrived(void *arg)
{
	struct row *r = arg;
	unsigned int i;

	for (i = 0; i < r->readers; i++) {
		struct mx_count count = mx_prog_count(r->read[i]);

		if (count.packets + count.bare + count.stray < 2ULL * half(r->read[i]) * r->sent / ALL ||
		    count.begun != count.done)
			return false;
	}
	return true;
}

void mx_sent(unsigned int n)
{
	running->sent = n;
	/* A row that fails need not take a minute for each of its cells. */
	if (!vt_wait_until(all_arrived, running, running->late ? 200 : 20000))
		running->late = true;
}

/* Each packet came by so many times, and no other. */
static void check_packets(struct cell *c, struct mx_prog *mp, const struct mx_count *count)
{
	const char *where = mx_prog_name(mp);

	expect(c, where, "packets", count->packets, half(mp));
	expect(c, where, "bare packets", count->bare, half(mp));
	expect(c, where, "traits on bare packets", count->foreign, 0);
	expect(c, where, "packets of another cell", count->stray, 0);
	if (!count->merged && !mx_prog_place(mp)->one_of && !mx_prog_place(mp)->again)
		expect(c, where, "sum of sequence numbers", count->seqs,
		       share(mp, ALL * (ALL - 1) / 2));
}

/* A store has room for some keys, the first ones, on all packets or on none. */
static void check_setter(struct row *r, struct cell *c)
{
	struct mx_count count = mx_prog_count(r->set);
	const char *where = mx_prog_name(r->set);
	unsigned int k, queues = __builtin_popcountll(count.queues);

	check_packets(c, r->set, &count);
	if (queues < mx_prog_place(r->set)->queues)
		expect(c, where, "receive queues", queues, mx_prog_place(r->set)->queues);
	c->refused = count.refusals;
	expect(c, where, "no value set at all", !count.key[0].ok,
	       c->want.result == MX_LOST && c->want.counter == TRAITS_STAT_ENOSPC);
	for (k = 0; k < c->conf.keys; k++) {
		if (!count.key[k].refused)
			c->set |= 1u << k;
		expect(c, where, "packets set or refused", count.key[k].refused ?: count.key[k].ok,
		       mx_prog_place(r->set)->once ? share(r->set, MX_PACKETS) : half(r->set));
	}
}

static void check_reader(struct cell *c, struct mx_prog *mp)
{
	struct mx_count count = mx_prog_count(mp);
	unsigned long long n = half(mp), without = mx_prog_place(mp)->without;
	const char *where = mx_prog_name(mp);
	bool none = c->want.result == MX_LOST || mx_prog_place(mp)->absent;
	unsigned int k;

	check_packets(c, mp, &count);
	if (mx_prog_place(mp)->blind)
		return;
	for (k = 0; c->ok && k < c->conf.keys; k++) {
		bool there = !none && c->set & 1u << k;

		expect(c, where, "right values", count.key[k].ok, there ? n - without : 0);
		expect(c, where, "absent values", count.key[k].absent, there ? without : n);
		expect(c, where, "wrong values", count.key[k].wrong, 0);
	}
	if (!c->ok)
		vt_note("%s: first key %llu right, %llu absent, %llu wrong", where,
			(unsigned long long)count.key[0].ok,
			(unsigned long long)count.key[0].absent,
			(unsigned long long)count.key[0].wrong);
	if (mx_prog_place(mp)->merged && !count.merged)
		expect(c, where, "merged packets", 0, 1);
	if (mx_prog_place(mp)->along)
		return;
	/* The first key stands for all: it is set if any is. */
	c->sent += n;
	c->kept += count.key[0].ok;
	c->lost += count.key[0].absent;
}

/* Every trait that is not there is in the one counter that says why. */
static void check_counters(struct row *r, struct cell *c)
{
	unsigned int i;

	vt_stats(c->counted);
	for (i = TRAITS_STAT_EINVAL; i < __TRAITS_STAT_MAX; i++) {
		unsigned long long want = 0;

		c->counted[i] -= c->before[i];
		if (i == TRAITS_STAT_ENOSPC)
			want = c->refused;
		else if (c->want.result == MX_LOST && (int)i == c->want.counter)
			want = c->lost;
		expect(c, "module", traits_stat_name(i), c->counted[i], want);
	}
	expect(c, r->event->name, "kept and lost", c->kept + c->lost, c->sent);
	if (c->want.result != MX_POLICY)
		expect(c, r->event->name, "kept", c->kept, c->want.result == MX_KEPT ? c->sent : 0);
}

static void report(struct row *r, struct cell *c)
{
	const char *result = !c->ok ? "failed" : results[c->want.result];
	const char *counter = "", *nic = getenv("VT_NIC");
	struct utsname kernel;

	uname(&kernel);
	if (c->want.result == MX_LOST)
		counter = c->want.counter == MX_UNCOUNTED ? "none" :
							    traits_stat_name(c->want.counter);
	printf("# matrix {\"event\": \"%s\", \"kernel\": \"%s\", \"size\": \"%s\", "
	       "\"expected\": \"%s\", \"result\": \"%s\", \"sent\": %llu, \"kept\": %llu, "
	       "\"lost\": %llu, \"counter\": \"%s\"%s%s%s}\n",
	       r->event->name, kernel.release, c->size, results[c->want.result], result, c->sent,
	       c->kept, c->lost, counter, nic ? ", \"nic\": \"" : "", nic ?: "", nic ? "\"" : "");
	vt_ok(c->ok, "%s, %s: %s", r->event->name, c->size, results[c->want.result]);
}

static void run_cell(struct row *r, unsigned int column)
{
	const struct mx_event *e = r->event;
	struct cell c = { .column = column, .size = sizes[column], .want = e->want, .ok = true };
	struct drain drain = { .fd = r->sink };
	unsigned int i;

	if (column == FULL && e->full.result != MX_SAME)
		c.want = e->full;
	configure(&c);
	mx_prog_begin(r->set, &c.conf);
	for (i = 0; i < r->readers; i++)
		mx_prog_begin(r->read[i], &c.conf);
	vt_stats(c.before);

	(e->send ?: mx_send_udp)(e, c.conf.first);
	mx_sent(ALL);
	if (r->sink >= 0) {
		vt_wait_until(drained, &drain, r->late ? 200 : 20000);
		expect(&c, e->sink, "datagrams", drain.n, ALL);
	}
	check_setter(r, &c);
	for (i = 0; i < r->readers; i++)
		check_reader(&c, r->read[i]);
	check_counters(r, &c);
	report(r, &c);
}

static void add_keys(const struct mx_policy *p)
{
	char name[16];
	unsigned int i;

	policy = *p;
	for (i = 0; i < 4; i++) {
		snprintf(name, sizeof(name), "size%u", vt_sizes[i]);
		ids[i] = vt_key_policy(name, vt_sizes[i], p->gro, p->clone, p->netns);
	}
	for (i = 0; i < MX_KEYS - 2; i++) {
		snprintf(name, sizeof(name), "fill%u", i);
		fill_ids[i] = vt_key_policy(name, 16, p->gro, p->clone, p->netns);
	}
}

static void run_row(const struct mx_event *event)
{
	struct row r = { .event = event, .sink = -1 };
	struct mx_prog *on_the_way = NULL;
	unsigned int i;

	vt_note("%s", event->name);
	if (memcmp(&event->policy, &policy, sizeof(policy))) {
		vt_keys_del();
		add_keys(&event->policy);
	}
	if (event->set_up)
		event->set_up(event);
	if (event->sink)
		r.sink = sink_open(event->sink);
	r.set = mx_prog_load(&event->set, true);
	for (i = 0; i < MX_READERS && (event->read[i].dev || event->read[i].at); i++) {
		r.read[i] = mx_prog_load(&event->read[i], false);
		if (!event->read[i].dev)
			on_the_way = r.read[i];
	}
	r.readers = i;
	running = &r;
	mx_prog_ports(r.set, event, on_the_way);
	for (i = 0; i < r.readers; i++) {
		if (event->read[i].action)
			mx_prog_ports(r.read[i], event, NULL);
		mx_prog_attach(r.read[i]);
	}
	mx_prog_attach(r.set);

	for (i = 0; i < COLUMNS; i++)
		run_cell(&r, i);

	mx_prog_free(r.set);
	for (i = 0; i < r.readers; i++)
		mx_prog_free(r.read[i]);
	if (r.sink >= 0)
		close(r.sink);
	if (event->tear_down)
		event->tear_down(event);
}

void mx_run(const struct mx_event *events, unsigned int n)
{
	unsigned int i;

	add_keys(&(struct mx_policy){});
	for (i = 0; i < n; i++)
		run_row(&events[i]);
	mx_prog_exit();
	vt_keys_del();
}
