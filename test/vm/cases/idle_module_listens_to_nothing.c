// SPDX-License-Identifier: GPL-2.0
/*
 * Loaded and without a key the module has no hook in the kernel, as ftrace and
 * the tracepoint themselves tell. The first key attaches all that any key needs,
 * and a key with a policy what that needs; the last one's deletion detaches
 * them. So does a failure while they are being attached.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <traits/traits.h>

#include "kmod.h"
#include "vt.h"

/* What hook-points.h says that a hook is for */
enum {
	ANY = 1, GRO = 2, COPY = 4, DROP = 8, NETNS = 16, PENDING = 32,
	SOCKET = 64, SYN = 128, DATA = 256, RECV = 512, XSK = 2048,
	FORK = COPY | DROP | NETNS
};

static const struct {
	const char *name;
	unsigned int need;
	bool function;
	bool always;	/* in all kernels, and not in a module */
} points[] = {
#define TRAITS_TRACEPOINT(need, tracepoint, prototype)	{ #tracepoint, need, false, true },
#define TRAITS_FTRACE(need, function, prototype)	{ #function, need, true, true },
#define TRAITS_FTRACE_NEW(need, function, prototype)	{ #function, need, true, false },
#define TRAITS_FTRACE_IN(need, module, function, proto)	{ #function, need, true, false },
#define TRAITS_KRETPROBE(need, function, prototype)	{ #function, need, true, true },
#include "../../../module/hook-points.h"
};

enum { POINTS = sizeof(points) / sizeof(points[0]) };

/* Probes on the tracepoint netif_receive_skb. */
static int probes(void)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts);
	struct bpf_object *obj;
	char file[256];

	snprintf(file, sizeof(file), "%s/probes.bpf.o", vt_progs());
	obj = bpf_object__open_file(file, NULL);
	if (!obj || bpf_object__load(obj))
		vt_die("%s cannot be loaded", file);
	if (bpf_prog_test_run_opts(bpf_program__fd(bpf_object__next_program(obj, NULL)), &opts))
		vt_die("%s cannot be run: %s", file, strerror(errno));
	bpf_object__close(obj);
	return opts.retval;
}

/* What info says of this hook; a module need not have those that are not always there. */
static struct traits_hook info_of(const struct traits_info *info, unsigned int point)
{
	unsigned int i, k, nth = 0, left = 0;

	for (k = 0; k < point; k++)
		nth += !strcmp(points[k].name, points[point].name);
	for (i = 0; i < info->n_hooks; i++)
		if (!strcmp(info->hooks[i].name, points[point].name) && left++ == nth)
			return info->hooks[i];
	if (points[point].always)
		vt_die("info has no hook %s", points[point].name);
	return (struct traits_hook){};
}

/* Is this the first hook on a function? Some have two. */
static bool is_first(unsigned int i)
{
	unsigned int k = 0;

	while (strcmp(points[k].name, points[i].name))
		k++;
	return k == i;
}

static bool is_traced(const char *traced, const char *name)
{
	char line[128];

	snprintf(line, sizeof(line), "\n%s ", name);
	return strstr(traced, line) || !strncmp(traced, line + 1, strlen(line + 1));
}

/* Exactly the hooks for @needs are attached, as the kernel tells, and info. */
static void listening(struct traits *t, unsigned int needs, const char *when)
{
	unsigned int i, k, lines = 0, functions = 0, right = 0;
	const char *traced = vt_traced(), *at;
	struct traits_info info;

	if (traits_info_get(t, &info))
		vt_die("info: %s", traits_error(t));
	/* Cases before this one may have had a driver without XDP metadata. */
	for (i = 0; needs && i < POINTS; i++)
		if (points[i].need == PENDING && info_of(&info, i).needed)
			needs |= PENDING;
	for (i = 0; i < POINTS; i++) {
		const struct traits_hook hook = info_of(&info, i);
		bool needed = points[i].need & needs && hook.name[0], wanted = false;

		for (k = 0; k < POINTS; k++)
			wanted |= !strcmp(points[k].name, points[i].name) &&
				  points[k].need & needs && info_of(&info, k).found;
		right += hook.needed == needed && hook.attached == (needed && hook.found) &&
			 (hook.found || !points[i].always) &&
			 (!points[i].function || is_traced(traced, points[i].name) == wanted);
		functions += points[i].function && wanted && is_first(i);
	}
	vt_eq(right, POINTS, "%s: each hook is as it should be", when);
	for (at = traced; (at = strchr(at, '\n')); at++)
		lines++;
	vt_eq(lines, functions, "%s: no other function is traced", when);
	vt_eq(probes(), needs & ANY, "%s: probes on netif_receive_skb", when);
}

static void idle(struct traits *t, const char *when)
{
	listening(t, 0, when);
	vt_ok(!*vt_traced(), "%s: no function is traced", when);
	vt_eq(vt_try("traitctl check | grep -q '^hooks  *ok  *idle'"), 0, "%s: check says so", when);
}

/* A second key, with a policy, brings its own hooks and takes them away. */
static void with_policy(struct traits *t, struct traits_key key, unsigned int need)
{
	key.id = TRAITS_ID_ANY;
	key.size = 4;
	if (traits_key_register(t, &key))
		vt_die("%s: %s", key.name, traits_error(t));
	listening(t, ANY | need, key.name);
	traits_key_del(t, key.name);
	listening(t, ANY, "without it");
}

int main(void)
{
	struct traits *t = traits_open();

	if (!t)
		vt_die("registry: %s", strerror(errno));
	idle(t, "no key yet");
	traits_key_add(t, "one", 4, NULL, NULL);
	listening(t, ANY, "first key");
	traits_key_add(t, "two", 8, NULL, NULL);
	traits_key_del(t, "one");
	listening(t, ANY, "one of two keys is deleted");
	with_policy(t, (struct traits_key){ .name = "gro", .gro = TRAITS_GRO_SUM }, GRO);
	with_policy(t, (struct traits_key){ .name = "copy", .clone = TRAITS_CLONE_COPY }, COPY);
	with_policy(t, (struct traits_key){ .name = "drop", .clone = TRAITS_CLONE_DROP }, DROP);
	with_policy(t, (struct traits_key){ .name = "netns", .netns = TRAITS_NETNS_DROP }, NETNS);
	with_policy(t, (struct traits_key){ .name = "xsk", .user = TRAITS_USER_WRITE }, XSK);
	vt_ok(vt_try("sysctl -qw kernel.ftrace_enabled=0 2> /dev/null"),
	      "ftrace cannot be switched off meanwhile");
	listening(t, ANY, "after that");
	traits_key_del(t, "two");
	idle(t, "last key is deleted");

	/* 7.x does not let anybody switch ftrace off any more. */
	if (!vt_try("sysctl -qw kernel.ftrace_enabled=0 2> /dev/null")) {
		vt_ok(traits_key_add(t, "three", 4, NULL, NULL),
		      "without ftrace there is no first key");
		vt_ok(!strncmp(traits_error(t), "hooks could not be attached", 27),
		      "the reason is given: %s", traits_error(t));
		vt_run("sysctl -qw kernel.ftrace_enabled=1");
		idle(t, "hooks could not be attached");
		vt_eq(traits_key_add(t, "three", 4, NULL, NULL), 0, "with ftrace it is added");
		listening(t, ANY, "first key once more");
		traits_key_del(t, "three");
		idle(t, "at the end");
	}
	traits_close(t);
	return vt_done();
}
