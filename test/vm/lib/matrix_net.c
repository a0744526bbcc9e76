// SPDX-License-Identifier: GPL-2.0
/* What the events of the matrix change in namespaces. */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "matrix.h"
#include "vt.h"

static void batch(const char *ns, const char *command, const char *lines, va_list args)
{
	int here = vt_ns_enter(ns);
	char text[4096];
	FILE *f;

	vsnprintf(text, sizeof(text), lines, args);
	fflush(stdout);
	f = popen(command, "w");
	if (!f || fprintf(f, "%s\n", text) < 0 || pclose(f))
		vt_die("matrix: %s in %s failed:\n%s", command, ns, text);
	vt_ns_leave(here);
}

void mx_ip(const char *ns, const char *lines, ...)
{
	va_list args;

	va_start(args, lines);
	batch(ns, "ip -batch -", lines, args);
	va_end(args);
}

void mx_tc(const char *ns, const char *lines, ...)
{
	va_list args;

	va_start(args, lines);
	batch(ns, "tc -batch -", lines, args);
	va_end(args);
}

void mx_ethtool(const char *ns, const char *dev, const char *features)
{
	int here = vt_ns_enter(ns);

	vt_run("ethtool -K %s %s > /dev/null", dev, features);
	vt_ns_leave(here);
}

void mx_headroom(const char *ns, const char *dev, unsigned int bytes)
{
	int here = vt_ns_enter(ns);

	vt_run("traitctl dev set %s headroom %u > /dev/null", dev, bytes);
	vt_ns_leave(here);
}

void mx_sysctl(const char *ns, const char *path, const char *value)
{
	int here = vt_ns_enter(ns);
	char file[256];

	snprintf(file, sizeof(file), "/proc/sys/net/%s", path);
	vt_write_file(file, value);
	vt_ns_leave(here);
}

void mx_patient_tcp(void)
{
	mx_sysctl("a", "ipv4/tcp_early_retrans", "0");
	mx_ip("a", "route replace 10.1.0.0/24 dev right scope link src 10.1.0.1 proto kernel"
	      " rto_min 30s\n"
	      "route replace 10.2.0.0/24 via 10.1.0.2 rto_min 30s");
}
