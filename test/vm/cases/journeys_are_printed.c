// SPDX-License-Identifier: GPL-2.0
/*
 * bpf-progs/journey.bpf.c and traits-journey show each step of a packet with a
 * trace id: through two namespaces to a socket, or to where it is dropped and
 * why. Packets without one do not appear.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "path.h"
#include "recipe.h"
#include "vt.h"

#define PORT	7001

/* One journey, without its times: "b left receive 108, ...". */
struct printed {
	unsigned long long service;
	char steps[512];
};

static int read_journeys(FILE *f, struct printed *p, int n)
{
	char line[256], ns[32], dev[32], place[32], reason[64];
	unsigned int us, len, last = 0;
	int i = -1, got;

	while (fgets(line, sizeof(line), f)) {
		if (!strncmp(line, "trace ", 6)) {
			if (++i == n)
				return n + 1;
			p[i].steps[0] = '\0';
			sscanf(strstr(line, "service"), "service %llu", &p[i].service);
			last = 0;
			continue;
		}
		got = sscanf(line, "%u us %31s %31s %31s %u bytes %63s", &us, ns, dev, place, &len,
			     reason);
		if (got < 5 || i < 0 || us < last)
			vt_die("not a step, or out of order: %s", line);
		last = us;
		snprintf(p[i].steps + strlen(p[i].steps), sizeof(p[i].steps) - strlen(p[i].steps),
			 "%s %s %s %u%s%s, ", ns, dev, place, len, got > 5 ? " " : "",
			 got > 5 ? reason : "");
	}
	return i + 1;
}

static void expect(const struct printed *p, unsigned long long service, const char *steps)
{
	vt_eq(p->service, service, "service %llu", service);
	if (!vt_ok(!strcmp(p->steps, steps), "service %llu: %s", service, steps))
		vt_note("got: %s", p->steps);
}

int main(void)
{
	struct printed p[2] = {};
	char command[256];
	int udp, n;
	FILE *f;

	vt_path(3);
	vt_classify("b", "left", PORT, 2);
	vt_recipe(NULL, "journey", "trace received trace sent trace dropped trace delivered");
	udp = vt_udp_socket("c", PORT);
	snprintf(command, sizeof(command), "traits-journey -c 2 -t 30 %s", vt_recipe_dir("journey"));

	/* The ring keeps the steps until somebody reads them. Service 2 has no socket. */
	vt_send_seq(NULL, "a", "10.2.0.2", PORT - 1, 1, 1, 0);
	vt_send_seq(NULL, "a", "10.2.0.2", PORT, 1, 1, 0);
	vt_eq(vt_udp_count(udp, 1), 1, "service 1: datagram arrived");
	vt_send_seq(NULL, "a", "10.2.0.2", PORT + 1, 1, 1, 0);
	f = popen(command, "r");
	n = f ? read_journeys(f, p, 2) : 0;
	if (f)
		vt_eq(pclose(f), 0, "traits-journey");
	vt_eq(n, 2, "journeys");
	/* 80 bytes, UDP and IP; the device adds its header on the way out. */
	expect(&p[0], 1, "b left receive 108, b right send 122, c left receive 108, c left socket 88, ");
	expect(&p[1], 2, "b left receive 108, b right send 122, c left receive 108, c left drop 88 NO_SOCKET, ");

	snprintf(command, sizeof(command), "traits-journey -t 1 %s", vt_recipe_dir("journey"));
	f = popen(command, "r");
	vt_eq(f ? read_journeys(f, p, 1) : -1, 0, "journeys of packets without a trace id");
	pclose(f);
	close(udp);
	vt_recipe_end("journey");
	vt_recipe_end("classify");
	vt_run("for key in service_id trace_id sampled; do traitctl key del $key; done");
	return vt_done();
}
