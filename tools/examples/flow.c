// SPDX-License-Identifier: GPL-2.0
/* Loads flow.bpf.o, attaches it to a device, and prints a minute long how many packets came. */
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <traits/traits.h>

#include "flow.h"

static void check(int err, const char *what, const struct traits *t)
{
	if (err >= 0)
		return;
	fprintf(stderr, "%s: %s\n", what, t ? traits_error(t) : "failed");
	exit(1);
}

int main(int argc, char *argv[])
{
	__u32 zone = argc == 3 ? if_nametoindex(argv[2]) : 0;
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = zone, .attach_point = BPF_TC_INGRESS);
	LIBBPF_OPTS(bpf_tc_opts, tc);
	struct bpf_object *obj;
	struct traits *t;
	__u64 packets;
	int i, fd;

	setlinebuf(stdout);
	check(zone ? 0 : -1, "usage: flow flow.bpf.o DEVICE", NULL);
	t = traits_open();
	check(t ? 0 : -1, "is the module installed?", NULL);
	check(traits_layout_resolve(t, flow_keys, flow_n_keys, TRAITS_RESOLVE_ADD), "keys", t);
	for (i = 0; i < flow_n_keys; i++)
		printf("%llu %s\n", (unsigned long long)flow_keys[i].id, flow_keys[i].name);

	obj = bpf_object__open_file(argv[1], NULL);
	check(obj ? 0 : -1, argv[1], NULL);
	check(traits_resolve(t, obj, 0), argv[1], t);
	check(bpf_object__load(obj), argv[1], NULL);
	fd = bpf_object__find_map_fd_by_name(obj, "packets");
	if (!bpf_program__attach_xdp(bpf_object__find_program_by_name(obj, "mark"), zone))
		check(-1, "XDP", NULL);
	tc.prog_fd = bpf_program__fd(bpf_object__find_program_by_name(obj, "count"));
	bpf_tc_hook_create(&hook);
	check(bpf_tc_attach(&hook, &tc), "TC", NULL);

	for (i = 0; i < 60; i++, sleep(1))
		if (!bpf_map_lookup_elem(fd, &zone, &packets))
			printf("%llu packets\n", (unsigned long long)packets);
	return 0;
}
