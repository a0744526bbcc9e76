// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of classify.bpf.c and follow.bpf.c, to begin your own with.
 *
 *	example DIRECTORY	where the BPF objects are: build/bpf
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/udp.h>

#include "traits_test.h"

#define PORT	7000
#define SERVICE	43ULL

static const char *directory;
static unsigned int tests, failures;

static void check(int ok, const char *what)
{
	printf("%sok %u - %s\n", ok ? "" : "not ", ++tests, what);
	failures += !ok;
}

static struct traits_test *open_test(const char *name, const char *prog)
{
	char driver[512], file[512];

	snprintf(driver, sizeof(driver), "%s/test/driver.bpf.o", directory);
	snprintf(file, sizeof(file), "%s/%s.bpf.o", directory, name);
	return traits_test_open(driver, file, prog);
}

static unsigned int make_frame(unsigned char *buf, unsigned short port)
{
	struct ethhdr *eth = (void *)buf;
	struct iphdr *ip = (void *)(eth + 1);
	struct udphdr *udp = (void *)(ip + 1);
	unsigned int len = sizeof(*eth) + sizeof(*ip) + sizeof(*udp) + 32;

	memset(buf, 0, len);
	eth->h_proto = htons(ETH_P_IP);
	ip->version = 4;
	ip->ihl = 5;
	ip->ttl = 64;
	ip->protocol = IPPROTO_UDP;
	ip->tot_len = htons(len - sizeof(*eth));
	udp->dest = htons(port);
	udp->len = htons(sizeof(*udp) + 32);
	return len;
}

/* XDP: which traits does it set? And, with frames that go on into the stack, do they arrive? */
static void classify(void)
{
	struct traits_test *t = open_test("classify", "classify");
	unsigned long long service = SERVICE, id = 0, old = 7;
	unsigned char frame[256], val[16];
	unsigned short port = PORT;
	unsigned int len;
	int services;

	services = bpf_object__find_map_fd_by_name(traits_test_object(t), "services");
	bpf_map_update_elem(services, &port, &service, BPF_ANY);

	len = make_frame(frame, PORT);
	check(traits_test_run(t, frame, len) == XDP_PASS, "classify: a service's packet passes");
	check(traits_test_found(t, "service_id", &id) == 8 && id == SERVICE,
	      "classify: with the service's id");
	check(traits_test_found(t, "trace_id", val) == 16, "classify: and a trace id");

	len = make_frame(frame, PORT + 1);
	check(traits_test_run(t, frame, len) == XDP_PASS, "classify: another packet passes");
	check(traits_test_found(t, "service_id", &id) == -ENOENT, "classify: with no id");
	check(traits_test_found(t, "trace_id", val) == -ENOENT, "classify: and no trace id");

	traits_test_give(t, "service_id", &old);
	len = make_frame(frame, PORT);
	traits_test_run(t, frame, len);
	check(traits_test_found(t, "service_id", &id) == 8 && id == SERVICE,
	      "classify: an id that the packet had before is replaced");
	traits_test_bare(t);

	check(traits_test_live(t, "lo", frame, len, 100, "service_id") == 100,
	      "classify: 100 of 100 frames have the id in TC");
	check(traits_test_found(t, "service_id", &id) == 8 && id == SERVICE,
	      "classify: the last one has the right id");
	traits_test_close(t);
}

/* TC: what does it do with traits that the packet has? */
static void follow(void)
{
	struct traits_test *t = open_test("follow", "follow");
	unsigned int hops = 2, len, out, zero = 0;
	unsigned long long service = SERVICE, bare = 0;
	unsigned char frame[256];

	len = make_frame(frame, PORT);
	check(traits_test_run(t, frame, len) == 0, "follow: a bare packet passes");
	check(traits_test_found(t, "hops", &hops) == -ENOENT, "follow: and stays bare");
	bpf_map_lookup_elem(bpf_object__find_map_fd_by_name(traits_test_object(t), "bare"), &zero,
			    &bare);
	check(bare == 1, "follow: it is counted");

	traits_test_give(t, "service_id", &service);
	check(traits_test_run(t, frame, len) == 0, "follow: a service's packet passes");
	check(traits_test_found(t, "hops", &hops) == 4 && hops == 1, "follow: this is its first hop");
	hops = 2;
	traits_test_give(t, "hops", &hops);
	check(traits_test_run(t, frame, len) == 0, "follow: one with two hops passes");
	check(traits_test_found(t, "hops", &hops) == 4 && hops == 3, "follow: this is its third");
	check(!memcmp(traits_test_frame(t, &out), frame, len) && out == len,
	      "follow: the packet is as it was");
	traits_test_close(t);
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fputs("Usage: example DIRECTORY\n", stderr);
		return 2;
	}
	directory = argv[1];
	classify();
	follow();
	printf("1..%u\n", tests);
	return failures != 0;
}
