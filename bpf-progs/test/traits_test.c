// SPDX-License-Identifier: GPL-2.0
#include "traits_test.h"

#include <errno.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/if_ether.h>
#include <traits/traits.h>

#include "driver.h"

#define FRAME_MAX	2048

struct traits_test {
	struct traits *traits;
	struct bpf_object *driver, *obj;
	struct bpf_program *run;
	struct bpf_link *link;
	int given, found, state;
	int tc;
	unsigned int len;
	unsigned char frame[FRAME_MAX];
};

static __attribute__((__noreturn__, __format__(printf, 1, 2))) void die(const char *text, ...)
{
	va_list args;

	fputs("traits_test: ", stderr);
	va_start(args, text);
	vfprintf(stderr, text, args);
	va_end(args);
	fputc('\n', stderr);
	exit(2);
}

static struct bpf_object *open_object(const char *file)
{
	struct bpf_object *obj = bpf_object__open_file(file, NULL);

	if (!obj)
		die("%s: %s", file, strerror(errno));
	return obj;
}

/* Loads this program, and another one or NULL, and no more. */
static void load(struct bpf_object *obj, struct bpf_program *prog, struct bpf_program *another)
{
	struct bpf_program *p;
	int err;

	bpf_object__for_each_program(p, obj)
		bpf_program__set_autoload(p, p == prog || p == another);
	err = bpf_object__load(obj);
	if (err)
		die("%s cannot be loaded: %s", bpf_program__name(prog), strerror(-err));
}

static int map_fd(struct traits_test *t, const char *name)
{
	return bpf_object__find_map_fd_by_name(t->driver, name);
}

struct traits_test *traits_test_open(const char *driver, const char *file, const char *name)
{
	struct traits_test *t = calloc(1, sizeof(*t));
	struct bpf_program *prog;

	if (!t)
		die("out of memory");
	t->traits = traits_open();
	if (!t->traits)
		die("the module traits: %s", strerror(errno));
	t->driver = open_object(driver);
	t->obj = open_object(file);
	prog = bpf_object__find_program_by_name(t->obj, name);
	if (!prog)
		die("%s has no program %s", file, name);
	t->tc = bpf_program__type(prog) == BPF_PROG_TYPE_SCHED_CLS;
	if (!t->tc && bpf_program__type(prog) != BPF_PROG_TYPE_XDP)
		die("%s is neither for XDP nor for TC", name);

	t->run = bpf_object__find_program_by_name(t->driver, t->tc ? "driver_tc" : "driver_xdp");
	load(t->driver, t->run,
	     t->tc ? NULL : bpf_object__find_program_by_name(t->driver, "driver_look"));
	if (traits_resolve(t->traits, t->obj, TRAITS_RESOLVE_ADD) < 0)
		die("%s", traits_error(t->traits));
	bpf_program__set_type(prog, BPF_PROG_TYPE_EXT);
	bpf_program__set_expected_attach_type(prog, 0);
	bpf_program__set_attach_target(prog, bpf_program__fd(t->run),
				       t->tc ? "under_test_tc" : "under_test_xdp");
	load(t->obj, prog, NULL);
	t->link = bpf_program__attach_freplace(prog, 0, NULL);
	if (!t->link)
		die("%s cannot take its place in the driver: %s", name, strerror(errno));

	t->given = map_fd(t, "given");
	t->found = map_fd(t, "found");
	t->state = map_fd(t, "state");
	traits_test_bare(t);
	return t;
}

void traits_test_close(struct traits_test *t)
{
	bpf_link__destroy(t->link);
	bpf_object__close(t->obj);
	bpf_object__close(t->driver);
	traits_close(t->traits);
	free(t);
}

struct bpf_object *traits_test_object(struct traits_test *t)
{
	return t->obj;
}

static struct traits_key key_of(struct traits_test *t, const char *name)
{
	struct traits_key key;

	if (traits_key_get(t->traits, name, &key))
		die("%s", traits_error(t->traits));
	return key;
}

static void put(int map, unsigned int at, const void *value)
{
	if (bpf_map_update_elem(map, &at, value, BPF_ANY))
		die("writing a map: %s", strerror(errno));
}

static void get(int map, unsigned int at, void *value)
{
	if (bpf_map_lookup_elem(map, &at, value))
		die("reading a map: %s", strerror(errno));
}

void traits_test_give(struct traits_test *t, const char *key, const void *val)
{
	struct traits_key k = key_of(t, key);
	struct driver_trait trait = { .len = k.size };

	memcpy(trait.val, val, k.size);
	put(t->given, k.id, &trait);
}

void traits_test_bare(struct traits_test *t)
{
	struct driver_trait none = { .len = -1 };
	unsigned int i;

	for (i = 0; i < DRIVER_KEYS; i++)
		put(t->given, i, &none);
}

int traits_test_run(struct traits_test *t, const void *frame, unsigned int len)
{
	struct driver_state state = {};
	unsigned char in[FRAME_MAX] = {};
	unsigned int pad = t->tc ? DRIVER_PAD : 0;
	LIBBPF_OPTS(bpf_test_run_opts, opts, .repeat = 1, .data_in = in,
		    .data_size_in = len + pad, .data_out = t->frame,
		    .data_size_out = sizeof(t->frame));

	if (len < ETH_HLEN || len + pad > sizeof(in))
		die("a frame of %u bytes", len);
	memcpy(in, frame, ETH_HLEN);
	memcpy(in + ETH_HLEN + pad, frame + ETH_HLEN, len - ETH_HLEN);
	put(t->state, 0, &state);
	if (bpf_prog_test_run_opts(bpf_program__fd(t->run), &opts))
		die("test run: %s", strerror(errno));
	t->len = opts.data_size_out;
	get(t->state, 0, &state);
	return state.error ? state.error : (int)opts.retval;
}

int traits_test_found(struct traits_test *t, const char *key, void *val)
{
	struct driver_trait trait;

	get(t->found, key_of(t, key).id, &trait);
	if (trait.len > 0)
		memcpy(val, trait.val, trait.len);
	return trait.len;
}

const void *traits_test_frame(struct traits_test *t, unsigned int *len)
{
	*len = t->len;
	return t->frame;
}

unsigned int traits_test_live(struct traits_test *t, const char *dev, const void *frame,
			      unsigned int len, unsigned int n, const char *key)
{
	struct bpf_program *look = bpf_object__find_program_by_name(t->driver, "driver_look");
	struct xdp_md md = { .data_end = len, .ingress_ifindex = if_nametoindex(dev) };
	LIBBPF_OPTS(bpf_test_run_opts, opts, .repeat = n, .data_in = frame, .data_size_in = len,
		    .ctx_in = &md, .ctx_size_in = sizeof(md),
		    .flags = BPF_F_TEST_XDP_LIVE_FRAMES);
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = md.ingress_ifindex,
		    .attach_point = BPF_TC_INGRESS);
	LIBBPF_OPTS(bpf_tc_opts, tc, .prog_fd = bpf_program__fd(look));
	struct driver_state state = {};
	unsigned int tries;

	put(t->state, 0, &state);
	if (bpf_tc_hook_create(&hook) || bpf_tc_attach(&hook, &tc))
		die("TC on %s: %s", dev, strerror(errno));
	if (bpf_prog_test_run_opts(bpf_program__fd(t->run), &opts))
		die("test run with live frames: %s", strerror(errno));
	/* The stack may take them a moment later, on this CPU. */
	for (tries = 0; tries < 5000 && state.packets < n; tries++) {
		usleep(1000);
		get(t->state, 0, &state);
	}
	hook.attach_point = BPF_TC_INGRESS | BPF_TC_EGRESS;
	bpf_tc_hook_destroy(&hook);
	if (state.error)
		die("live frames: %s", strerror(-state.error));
	return state.found[key_of(t, key).id];
}
