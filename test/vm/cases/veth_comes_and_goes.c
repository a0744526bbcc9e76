// SPDX-License-Identifier: GPL-2.0
/*
 * veth is a module. While keys exist it is unloaded and loaded again: its hooks
 * go and come with it, and each time XDP in a veth sees the traits of the skbs
 * that it runs on. The same when the first key comes later than veth.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <traits/traits.h>

#include "kmod.h"
#include "path.h"
#include "script.h"
#include "vt.h"

#define PACKETS 60

/* Those that any key needs */
enum { ANY = 1, GRO = 0, COPY = 0, DROP = 0, NETNS = 0, PENDING = 0, FORK = 0 };

static const struct {
	const char *name, *module;
	bool needed;
} functions[] = {
#define TRAITS_FTRACE_IN(need, module, function, prototype) { #function, #module, need },
#include "../../../module/hook-points.h"
};

#define FUNCTIONS (sizeof(functions) / sizeof(functions[0]))

/* Two hooks are not in modules for kernels whose veth tells which skb a buffer is of. */
static bool module_has(const char *name)
{
	struct traits *t = traits_open();
	struct traits_info info;
	unsigned int i;

	if (!t || traits_info_get(t, &info))
		vt_die("info: %s", t ? traits_error(t) : strerror(errno));
	traits_close(t);
	for (i = 0; i < info.n_hooks && strcmp(info.hooks[i].name, name); i++)
		;
	return i < info.n_hooks;
}

static void hooked(bool want, const char *when)
{
	const char *traced = vt_traced();
	unsigned int i, hooks = 0;
	char line[128];

	for (i = 0; i < FUNCTIONS; i++) {
		if (strcmp(functions[i].module, "veth") || !module_has(functions[i].name))
			continue;
		snprintf(line, sizeof(line), "%s [veth] (1)", functions[i].name);
		vt_eq(!!strstr(traced, line), want && functions[i].needed, "%s: %s", when,
		      functions[i].name);
		hooks += functions[i].needed;
	}
	vt_ok(hooks, "%s: there are %u to look for", when, hooks);
}

static bool unloaded(void *module)
{
	return !vt_try("rmmod %s 2> /dev/null", (const char *)module);
}

/* Namespaces take their devices along, a while after they have been deleted. */
static void unload(void)
{
	vt_run("for ns in a b c; do ! ip netns list | grep -qw $ns || ip netns del $ns; done");
	if (!vt_wait_until(unloaded, "veth", 20000))
		vt_die("veth cannot be unloaded");
}

static void works(const unsigned int ids[4], const char *when)
{
	struct script set = vt_set_seq(ids, 7000), check = vt_check_seq(ids, 7000);
	struct vt_script *b, *c, *tc;
	char what[64];

	vt_path(3);
	b = vt_script("b", "left", VT_XDP, &set);
	check.action = check.action_bare = XDP_PASS;
	c = vt_script("c", "left", VT_XDP, &check);
	check.action = check.action_bare = 0;
	tc = vt_script("c", "left", VT_TC_INGRESS, &check);
	vt_send_seq(tc, "a", vt_path_end(3), 7000, 1, PACKETS, 3);
	snprintf(what, sizeof(what), "%s: XDP", when);
	vt_all_right(c, PACKETS, what);
	snprintf(what, sizeof(what), "%s: TC", when);
	vt_all_right(tc, PACKETS, what);
	vt_script_stop(b);
	vt_script_stop(c);
	vt_script_stop(tc);
}

int main(void)
{
	unsigned int ids[4];

	vt_run("modprobe veth");
	hooked(false, "no key");
	vt_keys_add(ids);
	hooked(true, "first key");
	unload();
	hooked(false, "unloaded");
	vt_run("modprobe veth");
	hooked(true, "loaded again");
	works(ids, "loaded again");
	unload();
	vt_keys_del();
	vt_keys_add(ids);
	hooked(false, "keys without veth");
	vt_run("modprobe veth");
	hooked(true, "keys, then veth");
	works(ids, "keys, then veth");
	vt_keys_del();
	hooked(false, "last key is deleted");
	return vt_done();
}
