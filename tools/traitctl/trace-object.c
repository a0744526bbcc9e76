// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "trace-object.h"

/* What the compiler made of trace.bpf.c is a part of this program. */
__asm__(".pushsection .rodata\n"
	".balign 8\n"
	".globl trace_object, trace_object_end\n"
	".hidden trace_object, trace_object_end\n"
	"trace_object:\n"
	".incbin \"" TRACE_OBJECT "\"\n"
	"trace_object_end:\n"
	".popsection\n");

extern const char trace_object[], trace_object_end[];

#define PROGRAMS_MAX	16

struct trace {
	struct bpf_object *obj;
	struct bpf_link *link[PROGRAMS_MAX];
	int n_links;
	struct ring_buffer *ring;
	const uint64_t *missed;
	void (*take)(const struct trace_step *step);
};

/* The layout of .rodata, in the order of trace.bpf.c. */
struct rodata {
	uint32_t n_keys;
	uint32_t keys[TRACE_KEYS];
	uint32_t n_filters;
	struct trace_filter filters[TRACE_FILTERS];
};

static struct bpf_map *find_map(struct bpf_object *obj, const char *section)
{
	size_t len = strlen(section);
	struct bpf_map *map;

	/* libbpf puts the name of the object in front. */
	bpf_object__for_each_map(map, obj) {
		const char *name = bpf_map__name(map);

		if (strlen(name) >= len && !strcmp(name + strlen(name) - len, section))
			return map;
	}
	return NULL;
}

static int fill_in(struct bpf_object *obj, const struct trace_wish *wish)
{
	struct bpf_map *map = find_map(obj, ".rodata");
	struct rodata rodata = { .n_keys = wish->n_keys, .n_filters = wish->n_filters };
	int i;

	for (i = 0; i < wish->n_keys; i++)
		rodata.keys[i] = wish->key[i].id;
	memcpy(rodata.filters, wish->filter, sizeof(rodata.filters));
	return map ? bpf_map__set_initial_value(map, &rodata, sizeof(rodata)) : -ENOENT;
}

/*
 * Where the LSM runs no BPF programs, one would be attached and never called, or not even be
 * loaded. Where the list cannot be read it is tried: securityfs need not be mounted.
 */
static bool lsm_runs_bpf(void)
{
	FILE *f = fopen("/sys/kernel/security/lsm", "r");
	char list[256] = "";
	bool found = !f;
	char *name;

	if (f && fgets(list, sizeof(list), f))
		for (name = strtok(list, ",\n"); name; name = strtok(NULL, ",\n"))
			found |= !strcmp(name, "bpf");
	if (f)
		fclose(f);
	return found && libbpf_find_vmlinux_btf_id("socket_sock_rcv_skb", BPF_LSM_MAC) > 0;
}

static int load(struct trace *trace, const struct trace_wish *wish)
{
	struct bpf_program *prog;
	int err;

	trace->obj = bpf_object__open_mem(trace_object, trace_object_end - trace_object, NULL);
	if (!trace->obj)
		return -errno;
	err = fill_in(trace->obj, wish);
	if (err)
		return err;
	prog = bpf_object__find_program_by_name(trace->obj, "on_socket");
	if (prog && !lsm_runs_bpf())
		bpf_program__set_autoload(prog, false);
	return bpf_object__load(trace->obj);
}

static int attach(struct trace *trace)
{
	struct bpf_program *prog;
	struct bpf_link *link;

	bpf_object__for_each_program(prog, trace->obj) {
		if (bpf_program__fd(prog) < 0)
			continue;
		if (trace->n_links == PROGRAMS_MAX)
			return -E2BIG;
		link = bpf_program__attach(prog);
		if (!link)
			return -errno;
		trace->link[trace->n_links++] = link;
	}
	return 0;
}

static int take(void *ctx, void *data, size_t size)
{
	struct trace *trace = ctx;

	if (size >= sizeof(struct trace_step))
		trace->take(data);
	return 0;
}

/* Before anything is attached, so that nothing is missed. */
static int open_ring(struct trace *trace)
{
	struct bpf_map *map = bpf_object__find_map_by_name(trace->obj, "steps");
	struct bpf_map *bss = find_map(trace->obj, ".bss");
	size_t size;

	if (!map || !bss)
		return -ENOENT;
	trace->missed = bpf_map__initial_value(bss, &size);
	trace->ring = ring_buffer__new(bpf_map__fd(map), take, trace, NULL);
	return trace->ring ? 0 : -errno;
}

struct trace *trace_begin(const struct trace_wish *wish,
			  void (*take)(const struct trace_step *step))
{
	struct trace *trace = calloc(1, sizeof(*trace));
	int err;

	if (!trace)
		return NULL;
	trace->take = take;
	err = load(trace, wish);
	if (!err)
		err = open_ring(trace);
	if (!err)
		err = attach(trace);
	if (!err)
		return trace;
	trace_end(trace);
	errno = -err;
	return NULL;
}

int trace_poll(struct trace *trace, int ms)
{
	return ring_buffer__poll(trace->ring, ms);
}

uint64_t trace_missed(const struct trace *trace)
{
	return __atomic_load_n(trace->missed, __ATOMIC_RELAXED);
}

void trace_end(struct trace *trace)
{
	int i;

	for (i = 0; i < trace->n_links; i++)
		bpf_link__destroy(trace->link[i]);
	ring_buffer__free(trace->ring);
	bpf_object__close(trace->obj);
	free(trace);
}
