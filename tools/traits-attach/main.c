// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attach.h"

#define JOBS_MAX 64

enum { EXIT_OK, EXIT_USAGE, EXIT_REFUSED };

static const char help[] =
	"Usage: traits-attach [ -n NETNS ] load OBJECT [ pin DIR ] WHAT...\n"
	"       traits-attach [ -n NETNS ] unload DIR\n"
	"       traits-attach help\n"
	"\n"
	"  WHAT := xdp DEV PROGRAM                     native XDP\n"
	"        | xdpgeneric DEV PROGRAM              generic XDP\n"
	"        | xdpbound DEV PROGRAM                native XDP, loaded for this device alone, as\n"
	"                                              bpf_xdp_metadata_rx_*() want it\n"
	"        | tc DEV { ingress | egress } PROGRAM\n"
	"        | cgroup DIR { ingress | egress } PROGRAM\n"
	"        | netfilter { prerouting | input | forward | output | postrouting } PROGRAM\n"
	"                                              IPv4 and IPv6\n"
	"        | trace PROGRAM                       where the program's section says\n"
	"\n"
	"load loads a BPF object, and of its programs those that are named (all, if none is). It\n"
	"gives the object the ids of the keys that it declares with TRAIT_KEY(), and registers\n"
	"those that are new. Programs stay attached when the command ends; they and the maps, by\n"
	"their names, are pinned in DIR (below /sys/fs/bpf unless it begins with /; the object's\n"
	"name if not given). Several TC programs on one device run in the order given. If anything\n"
	"fails, all is undone, except that keys stay registered.\n"
	"\n"
	"unload detaches all that was attached with this DIR, and removes it. Keys stay.\n"
	"\n"
	"-n NETNS finds devices in a network namespace made by \"ip netns\". Do not use \"ip netns\n"
	"exec\" for that: it gives the command a private /sys, and pins vanish with it.\n"
	"\n"
	"Exit status: 0; 1 for a wrong command line; 2 when something was refused.\n";

int complain(int err, const char *fmt, ...)
{
	va_list args;

	fputs("traits-attach: ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	if (err)
		fprintf(stderr, ": %s", strerror(-err));
	fputc('\n', stderr);
	return err;
}

static int usage(const char *fmt, const char *arg)
{
	fputs("traits-attach: ", stderr);
	fprintf(stderr, fmt, arg);
	fputs("; try \"traits-attach help\"\n", stderr);
	return EXIT_USAGE;
}

static int enter_netns(const char *name)
{
	char path[256];
	int fd, err, len;

	len = snprintf(path, sizeof(path), "/run/netns/%s", name);
	if (strchr(name, '/') || len >= (int)sizeof(path))
		return complain(-EINVAL, "network namespace %s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	err = fd < 0 || setns(fd, CLONE_NEWNET) ? -errno : 0;
	if (fd >= 0)
		close(fd);
	return err ? complain(err, "network namespace %s", name) : 0;
}

/* "/somewhere/name.bpf.o" becomes "name"; bpf file systems do not allow dots. */
static const char *dir_of(const char *arg, const char *object)
{
	static char dir[256];
	const char *base;
	int len;

	if (arg && arg[0] == '/') {
		len = snprintf(dir, sizeof(dir), "%s", arg);
	} else if (arg) {
		len = snprintf(dir, sizeof(dir), "/sys/fs/bpf/%s", arg);
	} else {
		base = strrchr(object, '/');
		base = base ? base + 1 : object;
		len = snprintf(dir, sizeof(dir), "/sys/fs/bpf/%.*s", (int)strcspn(base, "."), base);
	}
	return len < (int)sizeof(dir) ? dir : NULL;
}

/* How many words follow the one that begins a WHAT. */
static int words_of(const char *word)
{
	if (!strcmp(word, "xdp") || !strcmp(word, "xdpgeneric") || !strcmp(word, "xdpbound") ||
	    !strcmp(word, "netfilter"))
		return 2;
	if (!strcmp(word, "tc") || !strcmp(word, "cgroup"))
		return 3;
	return !strcmp(word, "trace") || !strcmp(word, "pin") ? 1 : 0;
}

/* The hook's number, as in enum nf_inet_hooks; -1 for another word. */
static int netfilter_hook(const char *word)
{
	static const char *const hooks[] = {
		"prerouting", "input", "forward", "output", "postrouting",
	};
	int i;

	for (i = 0; i < 5; i++)
		if (!strcmp(word, hooks[i]))
			return i;
	return -1;
}

static int parse_direction(struct job *job, const char *word, enum hook ingress, enum hook egress)
{
	if (strcmp(word, "ingress") && strcmp(word, "egress"))
		return usage("\"%s\" is neither ingress nor egress", word);
	job->hook = strcmp(word, "egress") ? ingress : egress;
	return EXIT_OK;
}

static int parse_device(struct job *job, const char *dev)
{
	job->dev = dev;
	job->ifindex = if_nametoindex(dev);
	if (job->ifindex)
		return EXIT_OK;
	complain(-errno, "device %s", dev);
	return EXIT_REFUSED;
}

/* Reads the words that follow @what, which are there. */
static int parse_job(struct job *job, const char *what, char **argv)
{
	int code;

	job->prog = argv[words_of(what) - 1];
	if (!strcmp(what, "trace")) {
		job->hook = HOOK_TRACE;
		return EXIT_OK;
	}
	if (!strcmp(what, "netfilter")) {
		job->hook = HOOK_NETFILTER;
		job->netfilter = netfilter_hook(argv[0]);
		return job->netfilter < 0 ? usage("unknown netfilter hook \"%s\"", argv[0]) :
					    EXIT_OK;
	}
	if (!strcmp(what, "cgroup")) {
		job->cgroup = argv[0];
		return parse_direction(job, argv[1], HOOK_CGROUP_INGRESS, HOOK_CGROUP_EGRESS);
	}
	if (!strcmp(what, "tc")) {
		code = parse_direction(job, argv[1], HOOK_INGRESS, HOOK_EGRESS);
		return code ? code : parse_device(job, argv[0]);
	}
	job->hook = !strcmp(what, "xdp") ? HOOK_XDP :
		    !strcmp(what, "xdpgeneric") ? HOOK_XDPGENERIC : HOOK_XDPBOUND;
	return parse_device(job, argv[0]);
}

static int load(int argc, char **argv)
{
	const char *object, *dir = NULL;
	struct job jobs[JOBS_MAX] = {};
	int n = 0, words, code;

	if (!argc)
		return usage("load: %s is missing", "OBJECT");
	object = argv[0];
	for (argc--, argv++; argc; argc -= words + 1, argv += words + 1) {
		words = words_of(argv[0]);
		if (!words)
			return usage("unknown word \"%s\"", argv[0]);
		if (argc <= words)
			return usage("something is missing behind \"%s\"", argv[0]);
		if (!strcmp(argv[0], "pin")) {
			dir = argv[1];
			continue;
		}
		if (n == JOBS_MAX)
			return usage("too many programs at \"%s\"", argv[0]);
		code = parse_job(&jobs[n++], argv[0], argv + 1);
		if (code)
			return code;
	}
	dir = dir_of(dir, object);
	if (!dir)
		return usage("the name of DIR is too long%s", "");
	return attach_object(object, dir, jobs, n) ? EXIT_REFUSED : EXIT_OK;
}

static int unload(int argc, char **argv)
{
	const char *dir;

	if (argc != 1)
		return usage("unload takes one %s", "DIR");
	dir = dir_of(argv[0], NULL);
	if (!dir)
		return usage("the name of DIR is too long%s", "");
	return pin_dir_undo(dir) ? EXIT_REFUSED : EXIT_OK;
}

int main(int argc, char **argv)
{
	const char *word;

	argc--, argv++;
	if (argc >= 2 && !strcmp(argv[0], "-n")) {
		if (enter_netns(argv[1]))
			return EXIT_REFUSED;
		argc -= 2;
		argv += 2;
	}
	if (!argc)
		return usage("%s is missing", "a command");
	word = argv[0];
	argc--, argv++;
	if (!strcmp(word, "help") || !strcmp(word, "-h") || !strcmp(word, "--help") ||
	    (argc == 1 && !strcmp(argv[0], "help"))) {
		fputs(help, stdout);
		return EXIT_OK;
	}
	if (!strcmp(word, "load"))
		return load(argc, argv);
	if (!strcmp(word, "unload"))
		return unload(argc, argv);
	return usage("unknown command \"%s\"", word);
}
