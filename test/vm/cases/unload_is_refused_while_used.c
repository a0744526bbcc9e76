// SPDX-License-Identifier: GPL-2.0
/*
 * module: own
 * The module cannot be unloaded while a program that calls one of
 * its kfuncs is loaded, be it attached, pinned or only held open; afterwards it
 * can at once. Keys do not keep it.
 */
#include <errno.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "kmod.h"
#include "path.h"
#include "script.h"
#include "vt.h"

#define PIN "/sys/fs/bpf/pinned"

static void refused(const char *what)
{
	vt_eq(vt_try_unload(), EWOULDBLOCK, "%s", what);
}

static bool unused(void *arg)
{
	(void)arg;
	return vt_module_users() == 0;
}

static void free_again(const char *what)
{
	vt_ok(vt_wait_until(unused, NULL, 20000), "%s: nothing holds it afterwards", what);
}

int main(void)
{
	static const struct {
		enum vt_place place;
		const char *what;
	} places[] = {
		{ VT_XDP, "XDP program attached" },
		{ VT_XDP_IDLE, "XDP program loaded" },
		{ VT_TC_INGRESS, "TC program attached" },
		{ VT_TC_IDLE, "TC program loaded" },
		{ VT_RECEIVE, "tp_btf program attached" },
	};
	struct vt_script *vs;
	struct script set;
	unsigned int ids[4], i;

	vt_path(2);
	vt_load();
	vt_keys_add(ids);
	set = vt_set_seq(ids, 7000);
	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		vs = vt_script("b", "left", places[i].place, &set);
		refused(places[i].what);
		vt_script_stop(vs);
		free_again(places[i].what);
	}

	vs = vt_script("b", "left", VT_XDP_IDLE, &set);
	vt_eq(bpf_obj_pin(vt_script_fd(vs), PIN), 0, "program pinned");
	vt_script_stop(vs);
	/* Its last descriptor is closed: time enough for a program that nothing keeps. */
	vt_run("sleep 0.2");
	refused("only the pin is left");
	vt_eq(unlink(PIN), 0, "pin removed");
	free_again("pin");

	vt_unload();
	vt_ok(access("/sys/module/traits", F_OK), "unloaded, keys and all");
	vt_ok(!*vt_traced(), "no function is traced");
	vt_load();
	vt_eq(vt_try("traitctl -j key show | grep -qx '\\[\\]'"), 0, "loaded again, without keys");
	vt_unload();
	return vt_done();
}
