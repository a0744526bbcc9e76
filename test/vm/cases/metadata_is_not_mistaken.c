// SPDX-License-Identifier: GPL-2.0
/*
 * Whatever a program keeps in its metadata, setting a trait leaves it as it is:
 * with each number of 16 bits there once, none is taken for the module's own
 * mark.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdlib.h>

#include "script.h"
#include "vt.h"
#include "words.h"

#define RUNS (65536 / 8)

int main(void)
{
	struct words_state state = { .key = vt_key_add("words", 8) };
	char packet[64] = { 0 };
	LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = packet, .data_size_in = sizeof(packet),
		    .repeat = RUNS);
	struct bpf_object *obj;
	__u32 zero = 0;
	char *path;
	int map;

	if (asprintf(&path, "%s/words.bpf.o", vt_progs()) < 0)
		vt_die("out of memory");
	obj = bpf_object__open_file(path, NULL);
	if (!obj || bpf_object__load(obj))
		vt_die("%s: cannot be loaded", path);
	free(path);
	map = bpf_object__find_map_fd_by_name(obj, "words_state");
	if (bpf_map_update_elem(map, &zero, &state, 0))
		vt_die("cannot write to the map");

	vt_eq(bpf_prog_test_run_opts(bpf_program__fd(bpf_object__find_program_by_name(obj, "words")),
				     &run), 0, "the program runs");
	if (bpf_map_lookup_elem(map, &zero, &state))
		vt_die("cannot read the map");
	vt_eq(run.retval, 2, "it passes the packet");
	vt_eq(state.runs, RUNS, "all runs");
	vt_eq(state.set, RUNS, "the trait was set each time");
	vt_eq(state.changed, 0, "metadata was changed");
	bpf_object__close(obj);
	vt_keys_del();
	return vt_done();
}
