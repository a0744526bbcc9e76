// SPDX-License-Identifier: GPL-2.0
/*
 * On kernels whose verifier lets a tracing program give a kfunc any pointer
 * that it walked to, wrong ones read as a packet without the trait. Kernels
 * that refuse such programs are fine, too.
 */
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "path.h"
#include "script.h"
#include "vt.h"

#define BYTES (1ULL << 20)

static char said[65536];

static struct bpf_object *load(const char *name, struct bpf_program **prog)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .kernel_log_buf = said,
		    .kernel_log_size = sizeof(said), .kernel_log_level = 1);
	struct bpf_object *obj;
	struct bpf_program *p;
	char file[256];

	snprintf(file, sizeof(file), "%s/walk.bpf.o", vt_progs());
	obj = bpf_object__open_file(file, &opts);
	if (!obj)
		vt_die("%s cannot be opened", file);
	*prog = bpf_object__find_program_by_name(obj, name);
	bpf_object__for_each_program(p, obj)
		bpf_program__set_autoload(p, p == *prog);
	memset(said, 0, sizeof(said));
	if (!bpf_object__load(obj))
		return obj;
	bpf_object__close(obj);
	return NULL;
}

static void walk(const char *name, bool null, bool other)
{
	struct bpf_program *prog;
	struct bpf_object *obj = load(name, &prog);
	unsigned long long n[4];
	struct bpf_link *link;
	__u32 i;

	if (!obj) {
		if (!vt_ok(strstr(said, "trusted") || strstr(said, "NULL"),
			   "%s: the verifier refuses a pointer that is not trusted", name))
			vt_note("%s", said);
		return;
	}
	link = bpf_program__attach(prog);
	if (!link)
		vt_die("%s cannot be attached", name);
	vt_tcp_transfer("a", "b", vt_path_end(2), 7001, BYTES);
	for (i = 0; i < 4; i++) {
		if (bpf_map_lookup_elem(bpf_object__find_map_fd_by_name(obj, "answers"), &i,
					&n[i]))
			vt_die("the answers cannot be read");
	}
	bpf_link__destroy(link);
	bpf_object__close(obj);
	vt_note("%s: NULL %llu, others %llu", name, n[0], n[1]);
	if (null)
		vt_ok(n[0], "%s: NULL was there", name);
	if (other)
		vt_ok(n[1], "%s: other pointers were there", name);
	vt_eq(n[2], 0, "%s: no other error", name);
	vt_eq(n[3], 0, "%s: no value", name);
}

int main(void)
{
	vt_path(2);
	vt_eq(vt_key_add("eight", 8), 0, "key 0");
	walk("walk_next", true, false);
	walk("walk_list", false, true);
	walk("walk_tree", true, true);
	walk("walk_tree_right", true, false);
	vt_keys_del();
	return vt_done();
}
