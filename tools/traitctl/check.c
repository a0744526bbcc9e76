// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <sys/utsname.h>

#include "traitctl.h"

#define MODULE_BTF "/sys/kernel/btf/traits"

static const char help[] =
	"Usage: traitctl check\n"
	"\n"
	"Finds out whether traits can be used on this machine. One line for each thing that is\n"
	"needed: ok, or FAIL and why. Exit status 0 only if all are ok.\n";

static const char *const kfuncs[] = {
	"bpf_xdp_trait_set", "bpf_xdp_trait_get", "bpf_xdp_trait_is_set", "bpf_xdp_trait_del",
	"bpf_xdp_traits_set", "bpf_xdp_traits_get",
	"bpf_skb_trait_set", "bpf_skb_trait_get", "bpf_skb_trait_is_set", "bpf_skb_trait_del",
	"bpf_skb_traits_set", "bpf_skb_traits_get",
	"bpf_sk_buff_trait_get",
};

#define N_KFUNCS (sizeof(kfuncs) / sizeof(kfuncs[0]))

static struct json_object *checks;
static bool all_ok = true;

static __attribute__((__format__(printf, 3, 4)))
void result(const char *what, bool ok, const char *fmt, ...)
{
	char detail[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(detail, sizeof(detail), fmt, args);
	va_end(args);

	all_ok &= ok;
	if (opt_json) {
		struct json_object *json = json_object_new_object();

		json_object_object_add(json, "name", json_object_new_string(what));
		json_object_object_add(json, "ok", json_object_new_boolean(ok));
		json_object_object_add(json, "detail", json_object_new_string(detail));
		json_object_array_add(checks, json);
	} else {
		printf("%-8s %-4s  %s\n", what, ok ? "ok" : "FAIL", detail);
	}
}

static void check_kernel(void)
{
	struct utsname uts;
	int major, minor;

	if (uname(&uts) || sscanf(uts.release, "%d.%d", &major, &minor) != 2)
		result("kernel", false, "its release is not known");
	else if (major < 6 || (major == 6 && minor < 1))
		result("kernel", false, "%s is older than 6.1", uts.release);
	else
		result("kernel", true, "%s", uts.release);
}

/* What the verifier knows of the module, it knows from here. */
static void check_kfuncs(void)
{
	struct btf *base, *btf;
	unsigned int i;

	if (access(MODULE_BTF, F_OK)) {
		result("btf", false, MODULE_BTF " is missing: the module was built without BTF");
		return;
	}
	result("btf", true, MODULE_BTF);

	base = btf__load_vmlinux_btf();
	btf = base ? btf__load_module_btf("traits", base) : NULL;
	if (!btf) {
		result("kfuncs", false, "BTF of the module cannot be read: %s", strerror(errno));
		goto out;
	}
	for (i = 0; i < N_KFUNCS; i++)
		if (btf__find_by_name_kind(btf, kfuncs[i], BTF_KIND_FUNC) < 0) {
			result("kfuncs", false, "%s() is not in the module", kfuncs[i]);
			goto out;
		}
	result("kfuncs", true, "all %zu are visible to BPF programs", N_KFUNCS);
out:
	btf__free(btf);
	btf__free(base);
}

static void check_hooks(struct traits *t)
{
	struct traits_info info;
	unsigned int i, n = 0;

	if (traits_info_get(t, &info) < 0) {
		result("hooks", false, "%s", traits_error(t));
		return;
	}
	if (!info.keys) {
		result("hooks", true, "idle: no key");
		return;
	}
	for (i = 0; i < info.n_hooks; i++) {
		n += info.hooks[i].attached;
		if (info.hooks[i].wanted && !info.hooks[i].attached) {
			result("hooks", false, "%s %s is not attached", info.hooks[i].type,
			       info.hooks[i].name);
			return;
		}
	}
	result("hooks", true, "%u attached", n);
}

static void check_module(void)
{
	struct traits *t = traits_open();
	struct traits_info info;

	if (!t) {
		result("module", false, "%s", why_not_connected(errno));
		return;
	}
	if (traits_info_get(t, &info) < 0)
		result("module", false, "%s", traits_error(t));
	else
		result("module", true, "traits %s is loaded", info.version);
	check_kfuncs();
	check_hooks(t);
	traits_close(t);
}

int cmd_check(int argc, char **argv)
{
	struct json_object *json;

	if (wants_help(argc, argv))
		return show_help(help);
	if (argc)
		return bad_usage("check takes no argument, but got \"%s\"", argv[0]);

	/* What went wrong is said here, in one line. */
	libbpf_set_print(NULL);
	checks = json_object_new_array();
	check_kernel();
	check_module();
	if (opt_json) {
		json = json_object_new_object();
		json_object_object_add(json, "usable", json_object_new_boolean(all_ok));
		json_object_object_add(json, "checks", checks);
		print_json(json);
	} else {
		json_object_put(checks);
	}
	return all_ok ? EXIT_OK : EXIT_REFUSED;
}
