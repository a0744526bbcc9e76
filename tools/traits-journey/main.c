// SPDX-License-Identifier: GPL-2.0
/*
 * Prints the journeys of packets that bpf-progs/journey.bpf.c follows: all steps of one packet
 * together, in order of time.
 */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <sys/stat.h>

#include "../../bpf-progs/journey.h"

#define JOURNEYS	256	/* on their way at the same time */
#define STEPS		64

enum { EXIT_OK, EXIT_USAGE, EXIT_REFUSED };

static const char help[] =
	"Usage: traits-journey [ -c COUNT ] [ -t SECONDS ] [ DIR ]\n"
	"       traits-journey help\n"
	"\n"
	"Prints which way packets take that have a trace id, as soon as they arrive or are dropped;\n"
	"those still on their way when it ends (control-C, after COUNT journeys or SECONDS) at last.\n"
	"DIR is where \"traits-attach load journey.bpf.o\" pinned the map \"steps\": /sys/fs/bpf/journey\n"
	"if not given. Network namespaces are shown by their names in /run/netns.\n"
	"\n"
	"Exit status: 0; 1 for a wrong command line; 2 when the map cannot be read.\n";

struct journey {
	unsigned int n;
	struct journey_step step[STEPS];
};

static struct journey journeys[JOURNEYS];
static unsigned int oldest, printed, count;
static volatile sig_atomic_t ended;

static void end(int signal)
{
	(void)signal;
	ended = 1;
}

static const char *netns_name(unsigned int inum)
{
	static char name[256];
	struct dirent *entry;
	struct stat st;
	DIR *dir;

	if (!stat("/proc/self/ns/net", &st) && st.st_ino == inum)
		return "here";
	snprintf(name, sizeof(name), "net:[%u]", inum);
	dir = opendir("/run/netns");
	while (dir && (entry = readdir(dir))) {
		if (!fstatat(dirfd(dir), entry->d_name, &st, 0) && st.st_ino == inum) {
			snprintf(name, sizeof(name), "%s", entry->d_name);
			break;
		}
	}
	if (dir)
		closedir(dir);
	return name;
}

/* The kernel's own word for a drop reason, which has another number in each release. */
static const char *reason_name(unsigned int reason)
{
	static struct btf *btf;
	const struct btf_type *t;
	static char number[16];
	const char *name;
	int id, i;

	snprintf(number, sizeof(number), "%u", reason);
	if (!btf)
		btf = btf__load_vmlinux_btf();
	id = btf ? btf__find_by_name_kind(btf, "skb_drop_reason", BTF_KIND_ENUM) : -1;
	if (id < 0)
		return number;
	t = btf__type_by_id(btf, id);
	for (i = 0; i < btf_vlen(t); i++) {
		if ((unsigned int)btf_enum(t)[i].val != reason)
			continue;
		name = btf__name_by_offset(btf, btf_enum(t)[i].name_off);
		return strncmp(name, "SKB_DROP_REASON_", 16) ? name : name + 16;
	}
	return number;
}

static int by_time(const void *a, const void *b)
{
	const struct journey_step *x = a, *y = b;

	return x->time < y->time ? -1 : x->time > y->time;
}

static void print(struct journey *j)
{
	static const char *const places[] = { "receive", "send", "socket", "drop" };
	const struct journey_step *s = j->step;
	unsigned int i;

	/* Steps come from several CPUs. */
	qsort(j->step, j->n, sizeof(*s), by_time);
	printf("trace %016llx-%08x%08x service %llu\n", (unsigned long long)s->begin, s->random[0],
	       s->random[1], (unsigned long long)s->service_id);
	for (i = 0; i < j->n; i++, s++) {
		printf("%8llu us  %-10s %-15s %-7s  %5u bytes",
		       (unsigned long long)(s->time - s->begin) / 1000, netns_name(s->netns),
		       s->dev, s->place <= JOURNEY_DROP ? places[s->place] : "?", s->len);
		printf(s->place == JOURNEY_DROP ? "  %s\n" : "\n", reason_name(s->reason));
	}
	fflush(stdout);
	j->n = 0;
	printed++;
	if (count && printed >= count)
		ended = 1;
}

static struct journey *find(const struct journey_step *s)
{
	struct journey *j;

	for (j = journeys; j < journeys + JOURNEYS; j++) {
		if (j->n && j->step[0].begin == s->begin &&
		    !memcmp(j->step[0].random, s->random, sizeof(s->random)))
			return j;
	}
	for (j = journeys; j < journeys + JOURNEYS; j++)
		if (!j->n)
			return j;
	/* Whoever never arrived makes room. */
	j = &journeys[oldest++ % JOURNEYS];
	print(j);
	return j;
}

static int take(void *ctx, void *data, size_t size)
{
	const struct journey_step *s = data;
	struct journey *j;

	(void)ctx;
	if (size < sizeof(*s) || ended)
		return 0;
	j = find(s);
	if (j->n < STEPS)
		j->step[j->n++] = *s;
	if (s->place == JOURNEY_SOCKET || s->place == JOURNEY_DROP)
		print(j);
	return 0;
}

static int follow(const char *dir, unsigned int seconds)
{
	struct ring_buffer *ring;
	struct journey *j;
	char path[512];
	time_t until;
	int fd;

	snprintf(path, sizeof(path), "%s/steps", dir);
	fd = bpf_obj_get(path);
	if (fd < 0) {
		fprintf(stderr, "traits-journey: %s: %s\n", path, strerror(errno));
		return EXIT_REFUSED;
	}
	ring = ring_buffer__new(fd, take, NULL, NULL);
	if (!ring) {
		fprintf(stderr, "traits-journey: %s is not the map of journey.bpf.c\n", path);
		return EXIT_REFUSED;
	}
	until = time(NULL) + seconds;
	while (!ended && (!seconds || time(NULL) < until))
		ring_buffer__poll(ring, 100);
	ring_buffer__free(ring);
	close(fd);
	for (j = journeys; j < journeys + JOURNEYS; j++)
		if (j->n && !(count && printed >= count))
			print(j);
	return EXIT_OK;
}

static int number(const char *text, unsigned int *to)
{
	char *rest;

	*to = strtoul(text, &rest, 10);
	return !*text || *rest || !*to;
}

int main(int argc, char **argv)
{
	const char *dir = "/sys/fs/bpf/journey";
	unsigned int seconds = 0;
	int option;

	while ((option = getopt(argc, argv, "c:t:h")) >= 0) {
		if (option == 'h') {
			fputs(help, stdout);
			return EXIT_OK;
		}
		if (option == '?' || number(optarg, option == 'c' ? &count : &seconds)) {
			fputs("traits-journey: wrong arguments; try \"traits-journey help\"\n", stderr);
			return EXIT_USAGE;
		}
	}
	if (optind < argc && !strcmp(argv[optind], "help")) {
		fputs(help, stdout);
		return EXIT_OK;
	}
	if (optind < argc)
		dir = argv[optind];
	signal(SIGINT, end);
	signal(SIGTERM, end);
	return follow(dir, seconds);
}
