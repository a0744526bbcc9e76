// SPDX-License-Identifier: GPL-2.0
/*
 * bpf_xdp_pull_data() moves a packet towards the front of its buffer if there
 * is no room behind it. As long as it does not reach the traits they are there
 * afterwards, in XDP and in TC; else they are absent, and counted once.
 */
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/if_link.h>
#include <linux/traits.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include "path.h"
#include "pull.h"
#include "script.h"
#include "vt.h"

#define VALUE	0x0123456789abcdefULL
#define SIZE	8000

static void need_the_kfunc(void)
{
	struct btf *btf = btf__load_vmlinux_btf();

	if (!btf)
		vt_die("the kernel's BTF: %s", strerror(errno));
	if (btf__find_by_name_kind(btf, "bpf_xdp_pull_data", BTF_KIND_FUNC) < 0)
		vt_skip("this kernel has no bpf_xdp_pull_data()");
	btf__free(btf);
}

static struct bpf_object *load(void)
{
	struct bpf_object *obj;
	char *path;
	int err;

	if (asprintf(&path, "%s/pull.bpf.o", vt_progs()) < 0)
		vt_die("out of memory");
	obj = bpf_object__open_file(path, NULL);
	err = obj ? bpf_object__load(obj) : -errno;
	if (err)
		vt_die("%s: %s", path, strerror(-err));
	free(path);
	return obj;
}

static void send_large(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(7000) };
	int here = vt_ns_enter("a"), fd = socket(AF_INET, SOCK_DGRAM, 0);
	static char payload[SIZE];

	inet_pton(AF_INET, vt_path_end(2), &to.sin_addr);
	if (fd < 0 || sendto(fd, payload, SIZE, 0, (void *)&to, sizeof(to)) != SIZE)
		vt_die("sending: %s", strerror(errno));
	close(fd);
	vt_ns_leave(here);
}

static void run(struct bpf_object *obj, unsigned int key, unsigned int by)
{
	int fd = bpf_object__find_map_fd_by_name(obj, "pull_state");
	struct pull_state state = { .key = key, .by = by };
	struct script get = { .protocol = 17, .port = 7000 };
	unsigned long long lost = vt_stat(TRAITS_STAT_LOST_DAMAGED);
	bool kept = by < 100;
	struct script_answer answer;
	struct vt_script *tc;
	__u32 zero = 0;

	if (bpf_map_update_elem(fd, &zero, &state, 0))
		vt_die("pull_state: %s", strerror(errno));
	get.op[0] = (struct op){ OP_GET, .key = key, .size = 8 };
	tc = vt_script("b", "left", VT_TC_INGRESS, &get);
	send_large();
	vt_script_wait(tc, 1);
	if (bpf_map_lookup_elem(fd, &zero, &state))
		vt_die("pull_state: %s", strerror(errno));
	answer = vt_script_answer(tc, 0);

	vt_eq(state.packets, 1, "%u bytes: one packet", by);
	vt_eq(state.set, 0, "%u bytes: trait set", by);
	vt_eq(state.pulled, 0, "%u bytes: pulled", by);
	vt_eq(state.moved, 0, "%u bytes: they are linear", by);
	vt_eq(state.got, kept ? 8 : -ENOENT, "%u bytes: the trait in XDP", by);
	vt_eq(answer.ret[0], kept ? 8 : -ENOENT, "%u bytes: the trait in TC", by);
	vt_ok(!kept || (state.val == VALUE && !memcmp(answer.val[0], &state.val, 8)),
	      "%u bytes: its value", by);
	vt_eq(vt_stat(TRAITS_STAT_LOST_DAMAGED) - lost, !kept, "%u bytes: losses", by);
	vt_script_stop(tc);
}

int main(void)
{
	struct bpf_object *obj;
	unsigned int key;
	int here;

	need_the_kfunc();
	vt_path(2);
	key = vt_key_add("key", 8);
	vt_run("ip -n a link set right mtu 9000");
	vt_run("ip -n b link set left mtu 9000");
	obj = load();
	here = vt_ns_enter("b");
	if (bpf_xdp_attach(if_nametoindex("left"),
			   bpf_program__fd(bpf_object__find_program_by_name(obj, "pull")),
			   XDP_FLAGS_DRV_MODE, NULL))
		vt_die("the program cannot be attached");
	vt_ns_leave(here);
	/*
	 * The headroom is 256, and the store is at 40 to 84. veth fills the linear part up, so what
	 * is pulled is what the packet is moved by.
	 */
	run(obj, key, 40);
	run(obj, key, 180);
	here = vt_ns_enter("b");
	bpf_xdp_detach(if_nametoindex("left"), XDP_FLAGS_DRV_MODE, NULL);
	vt_ns_leave(here);
	bpf_object__close(obj);
	vt_keys_del();
	return vt_done();
}
