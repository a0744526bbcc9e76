// SPDX-License-Identifier: GPL-2.0

#include "vt.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <arpa/inet.h>
#include <net/if.h>
#include <sched.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static unsigned int lines, failures;

static void report(bool ok, const char *text, va_list args)
{
	lines++;
	failures += !ok;
	printf("%s %u - ", ok ? "ok" : "not ok", lines);
	vprintf(text, args);
	printf("\n");
	fflush(stdout);
}

bool vt_ok(bool ok, const char *text, ...)
{
	va_list args;

	va_start(args, text);
	report(ok, text, args);
	va_end(args);
	return ok;
}

bool vt_eq_at(const char *file, int line, long long got, long long want, const char *text, ...)
{
	va_list args;

	if (got != want)
		printf("%s:%d: got %lld, want %lld\n", file, line, got, want);
	va_start(args, text);
	report(got == want, text, args);
	va_end(args);
	return got == want;
}

void vt_note(const char *text, ...)
{
	va_list args;

	va_start(args, text);
	vprintf(text, args);
	va_end(args);
	printf("\n");
	fflush(stdout);
}

void vt_die(const char *text, ...)
{
	va_list args;

	va_start(args, text);
	vprintf(text, args);
	va_end(args);
	printf("\nnot ok %u - case ran to its end\n", ++lines);
	exit(1);
}

void vt_skip(const char *reason, ...)
{
	va_list args;

	va_start(args, reason);
	vprintf(reason, args);
	va_end(args);
	printf("\n");
	exit(4);
}

int vt_done(void)
{
	printf("1..%u\n", lines);
	return failures || !lines;
}

static int run(const char *text, va_list args, char *command, size_t size)
{
	int status;

	vsnprintf(command, size, text, args);
	fflush(stdout);
	status = system(command);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

void vt_run(const char *text, ...)
{
	char command[1024];
	va_list args;
	int code;

	va_start(args, text);
	code = run(text, args, command, sizeof(command));
	va_end(args);
	if (code)
		vt_die("failed with %d: %s", code, command);
}

int vt_try(const char *text, ...)
{
	char command[1024];
	va_list args;
	int code;

	va_start(args, text);
	code = run(text, args, command, sizeof(command));
	va_end(args);
	return code;
}

void vt_one_cpu_if_emulated(void)
{
	cpu_set_t cpu;

	if (vt_try("grep -q 'model name.*QEMU TCG' /proc/cpuinfo"))
		return;
	CPU_ZERO(&cpu);
	CPU_SET(0, &cpu);
	if (sched_setaffinity(0, sizeof(cpu), &cpu))
		vt_die("staying on one CPU: %s", strerror(errno));
}

bool vt_wait_until(bool (*done)(void *arg), void *arg, unsigned int ms)
{
	struct timespec pause = { .tv_nsec = 5000000 }, start, now;

	clock_gettime(CLOCK_MONOTONIC, &start);
	while (!done(arg)) {
		clock_gettime(CLOCK_MONOTONIC, &now);
		if ((now.tv_sec - start.tv_sec) * 1000 +
		    (now.tv_nsec - start.tv_nsec) / 1000000 > (long)ms)
			return done(arg);
		nanosleep(&pause, NULL);
	}
	return true;
}

int vt_ns_enter(const char *ns)
{
	int here = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC), there;
	char path[128];

	if (!ns)
		return here;
	snprintf(path, sizeof(path), "/run/netns/%s", ns);
	there = open(path, O_RDONLY | O_CLOEXEC);
	if (here < 0 || there < 0 || setns(there, CLONE_NEWNET))
		vt_die("network namespace %s: %s", ns, strerror(errno));
	close(there);
	return here;
}

void vt_ns_leave(int here)
{
	if (setns(here, CLONE_NEWNET))
		vt_die("leaving a network namespace: %s", strerror(errno));
	close(here);
}

void vt_write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		vt_die("writing \"%s\" to %s: %s", text, path, strerror(errno));
	close(fd);
}

const char *vt_build(void)
{
	return getenv("BUILD") ?: "/build";
}

const char *vt_progs(void)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/test/progs", vt_build());
	return path;
}

void vt_insmod(const char *name)
{
	struct utsname kernel;

	uname(&kernel);
	vt_run("insmod %s/test/kmod-%s/%s.ko", vt_build(), kernel.release, name);
}

int vt_tap(const char *ns, const char *dev)
{
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)
	};
	int here = vt_ns_enter(ns), tap = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	int bytes = 64 << 20;

	/* A tap whose queue is full takes no more clones. */
	setsockopt(tap, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes));
	to.sll_ifindex = if_nametoindex(dev);
	if (tap < 0 || bind(tap, (void *)&to, sizeof(to)))
		vt_die("tap on %s: %s", dev, strerror(errno));
	vt_ns_leave(here);
	return tap;
}

void vt_untap(int tap)
{
	close(tap);
}
