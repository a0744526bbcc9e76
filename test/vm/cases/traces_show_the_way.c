// SPDX-License-Identifier: GPL-2.0
/*
 * traitctl trace shows each step of packets with traits: where a program sets them, through two
 * namespaces to a socket, or to where they are dropped and why. By key and by value only the
 * packets that were asked for; packets without traits never.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "path.h"
#include "recipe.h"
#include "script.h"
#include "vt.h"

#define PORT	7001
#define SAID	"/tmp/said"

/* Set in XDP on the left of b; service 1 gets a flag in TC behind it. */
#define SET_1	"b left set service 122 service=1, b left set way 122 service=1 way=" WAY_1 ", "
#define SET_2	"b left set service 122 service=2, b left set way 122 service=2 way=" WAY_2 ", "
#define WAY_1	"11111111111111111111111111111111"
#define WAY_2	"22222222222222222222222222222222"
#define ALL_1	"service=1 way=" WAY_1 ", "
#define FLAG_1	"service=1 way=" WAY_1 " seen, "
#define ALL_2	"service=2 way=" WAY_2 ", "
#define TO_SOCKET \
	"b left receive 108 " ALL_1 "b left set seen 122 " FLAG_1 "b right send 122 " FLAG_1 \
	"c left receive 108 " FLAG_1 "c left socket 88 " FLAG_1
#define TO_DROP \
	"b left receive 108 " ALL_2 "b right send 122 " ALL_2 \
	"c left receive 108 " ALL_2 "c left drop NO_SOCKET 88 " ALL_2

static int udp;

static bool has_begun(void *arg)
{
	return !vt_try("grep -q '^TIME.*TRAITS$' " SAID);
}

/* Returns when it is attached: its heading comes then. */
static FILE *trace(const char *arguments)
{
	char command[256];
	FILE *f;

	snprintf(command, sizeof(command), "traitctl trace %s 2> " SAID, arguments);
	unlink(SAID);
	f = popen(command, "r");
	if (!f || !vt_wait_until(has_begun, NULL, 30000)) {
		vt_try("cat " SAID);
		vt_die("traitctl trace %s does not begin", arguments);
	}
	return f;
}

/* Without its time and CPU. */
static void take_line(const char *line, char *to, size_t size)
{
	char copy[512], *word, *save;
	int n = 0;

	snprintf(copy, sizeof(copy), "%s", line);
	for (word = strtok_r(copy, " \n", &save); word; word = strtok_r(NULL, " \n", &save))
		if (n++ >= 2)
			snprintf(to + strlen(to), size - strlen(to), "%s%s", n > 3 ? " " : "", word);
	snprintf(to + strlen(to), size - strlen(to), ", ");
}

static void expect(FILE *f, const char *want, const char *name)
{
	char line[512], got[2048] = "";

	while (fgets(line, sizeof(line), f)) {
		if (line[0] == '\n')
			snprintf(got + strlen(got), sizeof(got) - strlen(got), "| ");
		else
			take_line(line, got, sizeof(got));
	}
	vt_eq(pclose(f), 0, "%s: it ends", name);
	if (!vt_ok(!strcmp(got, want), "%s", name))
		vt_note("got:  %s\nwant: %s", got, want);
}

/* Packet 3 has no traits; packet 1 has a socket to go to, packet 2 has none. */
static void send_three(void)
{
	vt_send_seq(NULL, "a", "10.2.0.2", PORT - 1, 3, 1, 0);
	vt_send_seq(NULL, "a", "10.2.0.2", PORT, 1, 1, 0);
	vt_eq(vt_udp_count(udp, 1), 1, "the datagram for the socket arrived");
	vt_send_seq(NULL, "a", "10.2.0.2", PORT + 1, 2, 1, 0);
}

/* Values by sequence number, and only for packets 1 and 2. */
static struct vt_script *set_in_xdp(unsigned int service, unsigned int way)
{
	struct script script = { .protocol = 17, .action = 2 };
	unsigned long long i;

	script.op[0] = (struct op){ OP_SET_NTH, .key = service, .size = 8, .arg = 6 };
	script.op[1] = (struct op){ OP_SET_NTH, .key = way, .size = 16, .arg = 6 };
	for (i = 1; i <= 2; i++) {
		memcpy(&script.op[0].val[i * 8], &i, sizeof(i));
		memset(&script.op[1].val[i * 16], i * 0x11, 16);
	}
	return vt_script("b", "left", VT_XDP, &script);
}

/* It says nothing before the first packet, so its links tell that it has begun. */
static void check_json(void)
{
	vt_run("traitctl -j trace service=1 way -c 3 -t 60 > /tmp/json & echo $! > /tmp/pid; "
	       "until [ \"$(bpftool -j link | jq 'map(select(.type == \"raw_tracepoint\")) | length')\" "
	       "-ge 6 ]; do sleep 0.1; done");
	send_three();
	vt_run("while kill -0 $(cat /tmp/pid) 2> /dev/null; do sleep 0.1; done");
	vt_eq(vt_try("jq -es 'map([.netns, .dev, .place, .detail, .len, .traits]) == "
		     "[[\"b\", \"left\", \"set\", \"way\", 122, {service: 1, way: \"" WAY_1 "\"}], "
		     "[\"b\", \"left\", \"receive\", null, 108, {service: 1, way: \"" WAY_1 "\"}], "
		     "[\"b\", \"left\", \"set\", \"seen\", 122, "
		     "{service: 1, way: \"" WAY_1 "\", seen: true}]] and "
		     "all(.time > 0 and .cpu >= 0)' /tmp/json > /dev/null"), 0, "as JSON");
}

static void check_refusals(void)
{
	vt_eq(vt_try("traitctl trace nobody 2> " SAID), 2, "a key that is not there");
	vt_eq(vt_try("traitctl trace service=x 2> " SAID), 1, "a value that is none");
	vt_eq(vt_try("traitctl trace seen=1 2> " SAID), 1, "a flag has no value");
	vt_eq(vt_try("setpriv --reuid 65534 --clear-groups traitctl trace 2> " SAID), 2,
	      "not for everybody");
	vt_eq(vt_try("grep -q '^traitctl: the BPF programs of trace cannot be loaded: ' " SAID), 0,
	      "which it says");
}

int main(void)
{
	struct script flag = { .protocol = 17, .port = PORT };
	struct vt_script *xdp, *tc;
	unsigned int service, way;
	FILE *f;

	vt_path(3);
	service = vt_key_add("service", 8);
	way = vt_key_add("way", 16);
	xdp = set_in_xdp(service, way);
	flag.op[0] = (struct op){ OP_IS_SET, .key = service };
	flag.op[1] = (struct op){ OP_SET, .key = vt_key_add("seen", 0) };
	tc = vt_script("b", "left", VT_TC_INGRESS, &flag);
	udp = vt_udp_socket("c", PORT);

	f = trace("-c 13 -t 60");
	send_three();
	expect(f, SET_1 TO_SOCKET SET_2 TO_DROP, "all packets with traits");

	f = trace("by way -c 2 -t 60");
	send_three();
	expect(f, "b left set way 122 " ALL_1 TO_SOCKET "| b left set way 122 " ALL_2 TO_DROP "| ",
	       "the ways of two packets");

	f = trace("service=2 -c 6 -t 60");
	send_three();
	expect(f, SET_2 TO_DROP, "those of a service");

	f = trace("seen service=1 -c 4 -t 60");
	send_three();
	expect(f, strstr(TO_SOCKET, "b left set seen"), "those of a service with the flag");

	f = trace("service=3 -t 1");
	send_three();
	expect(f, "", "none of another service");

	check_json();
	check_refusals();
	close(udp);
	vt_script_stop(xdp);
	vt_script_stop(tc);
	vt_keys_del();
	return vt_done();
}
