// SPDX-License-Identifier: GPL-2.0
/*
 * Loaded and without a key the module has no hook in the kernel, as ftrace and
 * the tracepoint themselves tell. The first key attaches all that hook-points.h
 * names; the last one's deletion detaches them. So does a failure while they
 * are being attached.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <traits/traits.h>

#include "kmod.h"
#include "vt.h"

/* Those that any key needs */
enum { ANY = 1, GRO = 0, COPY = 0, DROP = 0, NETNS = 0 };

static const struct {
	const char *name;
	int needed;
} functions[] = {
#define TRAITS_FTRACE(need, function, prototype) { #function, need },
#define TRAITS_KRETPROBE(need, function, prototype) { #function, need },
#include "../../../module/hook-points.h"
};

/* Of modules that this case unloads */
static const char *const elsewhere[] = {
#define TRAITS_FTRACE_IN(need, module, function, prototype) #function,
#include "../../../module/hook-points.h"
};

static const char *const tracepoints[] = {
#define TRAITS_TRACEPOINT(need, tracepoint, prototype) #tracepoint,
#include "../../../module/hook-points.h"
};

enum {
	FUNCTIONS = sizeof(functions) / sizeof(functions[0]),
	ELSEWHERE = sizeof(elsewhere) / sizeof(elsewhere[0]),
	TRACEPOINTS = sizeof(tracepoints) / sizeof(tracepoints[0]),
};

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

static unsigned int attached(struct traits *t)
{
	struct traits_info info;
	unsigned int i, n = 0;

	if (traits_info_get(t, &info))
		vt_die("info: %s", traits_error(t));
	vt_eq(info.n_hooks, FUNCTIONS + ELSEWHERE + TRACEPOINTS,
	      "info names as many hooks as hook-points.h");
	for (i = 0; i < info.n_hooks; i++)
		n += info.hooks[i].attached;
	return n;
}

static void idle(struct traits *t, const char *when)
{
	vt_ok(!*vt_traced(), "%s: no function is traced", when);
	vt_eq(probes(), 0, "%s: netif_receive_skb has no probe", when);
	vt_eq(attached(t), 0, "%s: info says so", when);
	vt_eq(vt_try("traitctl check | grep -q '^hooks  *ok  *idle'"), 0, "%s: check says so", when);
}

static void listening(struct traits *t, const char *when)
{
	const char *traced = vt_traced(), *at;
	unsigned int i, lines = 0;
	char line[128];

	for (at = traced; (at = strchr(at, '\n')); at++)
		lines++;
	vt_eq(lines, FUNCTIONS, "%s: as many functions as hook-points.h has", when);
	for (i = 0; i < FUNCTIONS; i++) {
		snprintf(line, sizeof(line), "%s (1)", functions[i].name);
		vt_ok(strstr(traced, line), "%s: %s is traced", when, functions[i].name);
	}
	vt_eq(probes(), 1, "%s: netif_receive_skb has a probe", when);
	vt_eq(attached(t), FUNCTIONS + TRACEPOINTS, "%s: info says so", when);
}

int main(void)
{
	struct traits *t = traits_open();

	if (!t)
		vt_die("registry: %s", strerror(errno));
	vt_ok(TRACEPOINTS == 5 && !strcmp(tracepoints[0], "netif_receive_skb"),
	      "there are as many tracepoints as known here");
	/* Another case may have loaded it: while it is there, its functions are hooked, too. */
	vt_run("modprobe -r tun");

	idle(t, "no key yet");
	traits_key_add(t, "one", 4, NULL, NULL);
	listening(t, "first key");
	traits_key_add(t, "two", 8, NULL, NULL);
	traits_key_del(t, "one");
	listening(t, "one of two keys is deleted");
	vt_ok(vt_try("sysctl -qw kernel.ftrace_enabled=0 2> /dev/null"),
	      "ftrace cannot be switched off meanwhile");
	listening(t, "after that");
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
		listening(t, "first key once more");
		traits_key_del(t, "three");
		idle(t, "at the end");
	}
	traits_close(t);
	return vt_done();
}
