// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <inttypes.h>
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
	"needed: ok; warn, and what is not quite right; or FAIL and why. Exit status 0 only if\n"
	"nothing failed.\n";

static const char *const kfuncs[] = {
	"bpf_xdp_trait_set", "bpf_xdp_trait_get", "bpf_xdp_trait_is_set", "bpf_xdp_trait_del",
	"bpf_xdp_traits_set", "bpf_xdp_traits_get",
	"bpf_xdp_traits_export", "bpf_xdp_traits_import",
	"bpf_skb_trait_set", "bpf_skb_trait_get", "bpf_skb_trait_is_set", "bpf_skb_trait_del",
	"bpf_skb_traits_set", "bpf_skb_traits_get",
	"bpf_sk_buff_trait_get",
};

#define N_KFUNCS (sizeof(kfuncs) / sizeof(kfuncs[0]))

enum verdict { FAIL, WARN, OK };

static struct json_object *checks;
static bool all_ok = true;

static __attribute__((__format__(printf, 3, 4)))
void result(const char *what, enum verdict verdict, const char *fmt, ...)
{
	char detail[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(detail, sizeof(detail), fmt, args);
	va_end(args);

	all_ok &= verdict != FAIL;
	if (opt_json) {
		struct json_object *json = json_object_new_object();

		json_object_object_add(json, "name", json_object_new_string(what));
		json_object_object_add(json, "ok", json_object_new_boolean(verdict != FAIL));
		json_object_object_add(json, "warning", json_object_new_boolean(verdict == WARN));
		json_object_object_add(json, "detail", json_object_new_string(detail));
		json_object_array_add(checks, json);
	} else {
		static const char *const words[] = {
			[FAIL] = "FAIL", [WARN] = "warn", [OK] = "ok",
		};

		printf("%-8s %-4s  %s\n", what, words[verdict], detail);
	}
}

static void check_kernel(void)
{
	struct utsname uts;
	int major, minor;

	if (uname(&uts) || sscanf(uts.release, "%d.%d", &major, &minor) != 2)
		result("kernel", FAIL, "its release is not known");
	else if (major < 6 || (major == 6 && minor < 1))
		result("kernel", FAIL, "%s is older than 6.1", uts.release);
	else
		result("kernel", OK, "%s", uts.release);
}

/* What the verifier knows of the module, it knows from here. */
static void check_kfuncs(void)
{
	struct btf *base, *btf;
	unsigned int i;

	if (access(MODULE_BTF, F_OK)) {
		result("btf", FAIL, MODULE_BTF " is missing: the module was built without BTF");
		return;
	}
	result("btf", OK, MODULE_BTF);

	base = btf__load_vmlinux_btf();
	btf = base ? btf__load_module_btf("traits", base) : NULL;
	if (!btf) {
		result("kfuncs", FAIL, "BTF of the module cannot be read: %s", strerror(errno));
		goto out;
	}
	for (i = 0; i < N_KFUNCS; i++)
		if (btf__find_by_name_kind(btf, kfuncs[i], BTF_KIND_FUNC) < 0) {
			result("kfuncs", FAIL, "%s() is not in the module", kfuncs[i]);
			goto out;
		}
	result("kfuncs", OK, "all %zu are visible to BPF programs", N_KFUNCS);
out:
	btf__free(btf);
	btf__free(base);
}

/* Those that no key needs may be away, and those that this kernel does not have. */
static void check_hooks(struct traits *t)
{
	const struct traits_hook *hook, *missing = NULL, *missed = NULL;
	struct traits_info info;
	unsigned int attached = 0;

	if (traits_info_get(t, &info) < 0) {
		result("hooks", FAIL, "%s", traits_error(t));
		return;
	}
	for (hook = info.hooks; hook < info.hooks + info.n_hooks; hook++) {
		attached += hook->attached;
		if (hook->needed && hook->found && !hook->attached)
			missing = hook;
		if (hook->missed)
			missed = hook;
	}
	if (missing)
		result("hooks", FAIL, "%s %s is not attached", missing->type, missing->name);
	else if (missed)
		result("hooks", WARN, "%s %s has missed %" PRIu64 " calls: traits may be lost",
		       missed->type, missed->name, missed->missed);
	else if (!info.keys)
		result("hooks", OK, "idle: no key");
	else
		result("hooks", OK, "%u attached", attached);
}

static void check_module(void)
{
	struct traits *t = traits_open();
	struct traits_info info;

	if (!t) {
		result("module", FAIL, "%s", why_not_connected(errno));
		return;
	}
	if (traits_info_get(t, &info) < 0)
		result("module", FAIL, "%s", traits_error(t));
	else
		result("module", OK, "traits %s is loaded", info.version);
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
