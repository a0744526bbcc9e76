// SPDX-License-Identifier: GPL-2.0

#include "kmod.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "script.h"
#include "vt.h"

static int open_module(void)
{
	struct utsname kernel;
	char path[512];
	int fd;

	uname(&kernel);
	snprintf(path, sizeof(path), "%s/module-%s/traits.ko", vt_build(), kernel.release);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		vt_die("%s: %s", path, strerror(errno));
	return fd;
}

void vt_load(void)
{
	static int file = -1;

	/* Once with the modules that it needs; these stay. */
	if (file < 0) {
		vt_run("/src/test/vm/guest/load");
		file = open_module();
	} else if (syscall(SYS_finit_module, file, "", 0)) {
		vt_die("the module cannot be loaded: %s", strerror(errno));
	}
}

int vt_try_unload(void)
{
	return syscall(SYS_delete_module, "traits", O_NONBLOCK) ? errno : 0;
}

static bool unloaded(void *arg)
{
	int *err = arg;

	*err = vt_try_unload();
	return *err != EWOULDBLOCK;
}

void vt_unload(void)
{
	int err;

	vt_registry_close();
	vt_wait_until(unloaded, &err, 20000);
	if (err)
		vt_die("the module cannot be unloaded: %s", strerror(err));
}

const char *vt_traced(void)
{
	static char text[65536];
	FILE *f = fopen("/sys/kernel/tracing/enabled_functions", "r");
	size_t len;

	if (!f)
		vt_die("enabled_functions: %s", strerror(errno));
	len = fread(text, 1, sizeof(text) - 1, f);
	text[len] = '\0';
	fclose(f);
	return text;
}

unsigned int vt_module_users(void)
{
	FILE *f = fopen("/sys/module/traits/refcnt", "r");
	unsigned int users;

	if (!f || fscanf(f, "%u", &users) != 1)
		vt_die("the module's users cannot be counted: is it loaded?");
	fclose(f);
	return users;
}
