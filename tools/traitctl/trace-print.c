// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <bpf/btf.h>
#include <sys/stat.h>

#include "trace-print.h"

static const char *const places[] = {
	[TRACE_SET] = "set", [TRACE_DEL] = "del", [TRACE_LOST] = "lost",
	[TRACE_RECEIVE] = "receive", [TRACE_SEND] = "send", [TRACE_SOCKET] = "socket",
	[TRACE_DROP] = "drop",
};

bool trace_parse_value(const char *text, uint32_t size, union trace_value *value)
{
	unsigned long long number;
	unsigned int byte;
	char *end;
	size_t i;

	memset(value, 0, sizeof(*value));
	if (size == sizeof(*value)) {
		if (strlen(text) != 2 * size || strspn(text, "0123456789abcdefABCDEF") != 2 * size)
			return false;
		for (i = 0; i < size; i++) {
			sscanf(text + 2 * i, "%2x", &byte);
			value->bytes[i] = byte;
		}
		return true;
	}
	/* strtoull() takes spaces and signs. */
	if (!isdigit((unsigned char)text[0]))
		return false;
	errno = 0;
	number = strtoull(text, &end, 0);
	if (errno || *end || (size == 4 && number > UINT32_MAX))
		return false;
	if (size == 4)
		value->u32 = number;
	else
		value->u64 = number;
	return true;
}

void trace_format_value(char *text, size_t len, uint32_t size, const union trace_value *value)
{
	uint32_t i;

	if (size == 4)
		snprintf(text, len, "%" PRIu32, value->u32);
	else if (size == 8)
		snprintf(text, len, "%" PRIu64, (uint64_t)value->u64);
	else
		for (i = 0; i < size; i++)
			snprintf(text + 2 * i, len - 2 * i, "%02x", value->bytes[i]);
}

static const char *find_netns(unsigned int inum)
{
	static char name[256];
	struct dirent *entry;
	struct stat st;
	DIR *dir;

	if (!stat("/proc/self/ns/net", &st) && st.st_ino == inum)
		return "-";
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

/* As ip-netns(8) calls it; "-" is the one that this program runs in. */
static const char *netns_name(unsigned int inum)
{
	static struct {
		unsigned int inum;
		char name[256];
	} known[64], *k;
	static unsigned int next;

	if (!inum)
		return "?";
	for (k = known; k < known + 64; k++)
		if (k->inum == inum)
			return k->name;
	k = &known[next++ % 64];
	k->inum = inum;
	snprintf(k->name, sizeof(k->name), "%s", find_netns(inum));
	return k->name;
}

/* The kernel's own word for a drop reason, which has another number in each release. */
static const char *drop_name(unsigned int reason)
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

static const char *detail(const struct trace_step *s, const struct trace_names *names)
{
	const char *name;

	switch (s->place) {
	case TRACE_SET:
	case TRACE_DEL:
		name = s->detail < TRAITS_KEYS_MAX ? names->key[s->detail].name : "";
		return name[0] ? name : "?";
	case TRACE_LOST:
		name = traits_stat_name(s->detail);
		return name && !strncmp(name, "lost-", 5) ? name + 5 : "?";
	case TRACE_DROP:
		return drop_name(s->detail);
	default:
		return NULL;
	}
}

static const char *place(const struct trace_step *s)
{
	return s->place <= TRACE_DROP ? places[s->place] : "?";
}

/* The monotonic clock of the kernel as the time of the day. */
static void wall_clock(uint64_t ns, struct timespec *wall)
{
	static int64_t offset;
	struct timespec real, mono;

	if (!offset) {
		clock_gettime(CLOCK_REALTIME, &real);
		clock_gettime(CLOCK_MONOTONIC, &mono);
		offset = (real.tv_sec - mono.tv_sec) * 1000000000LL + real.tv_nsec - mono.tv_nsec;
	}
	wall->tv_sec = (ns + offset) / 1000000000;
	wall->tv_nsec = (ns + offset) % 1000000000;
}

void trace_print(const struct trace_step *s, const struct trace_names *names)
{
	const char *more = detail(s, names);
	struct timespec wall;
	char text[64];
	int id, len;

	wall_clock(s->time, &wall);
	strftime(text, sizeof(text), "%T", localtime(&wall.tv_sec));
	printf("%s.%06ld  %3u  %-10s %-15s ", text, wall.tv_nsec / 1000, s->cpu,
	       netns_name(s->netns), s->dev[0] ? s->dev : "?");
	len = printf("%s%s%s", place(s), more ? " " : "", more ? more : "");
	printf("%*s", len < 24 ? 24 - len : 1, "");
	if (s->len)
		printf("%5u", s->len);
	else
		printf("%5s", "-");
	for (id = 0; id < TRAITS_KEYS_MAX; id++) {
		const struct traits_key *key = &names->key[id];

		if (!(s->present >> id & 1))
			continue;
		trace_format_value(text, sizeof(text), key->size, &s->value[id]);
		printf(key->size ? "  %s=%s" : "  %s", key->name, text);
	}
	putchar('\n');
}

static struct json_object *value_json(uint32_t size, const union trace_value *value)
{
	char text[64];

	switch (size) {
	case 0:
		return json_object_new_boolean(true);
	case 4:
		return json_object_new_int64(value->u32);
	case 8:
		return json_object_new_uint64(value->u64);
	default:
		trace_format_value(text, sizeof(text), size, value);
		return json_object_new_string(text);
	}
}

struct json_object *trace_json(const struct trace_step *s, const struct trace_names *names)
{
	struct json_object *json = json_object_new_object();
	struct json_object *traits = json_object_new_object();
	const char *more = detail(s, names);
	struct timespec wall;
	int id;

	wall_clock(s->time, &wall);
	json_object_object_add(json, "time",
			       json_object_new_double(wall.tv_sec + wall.tv_nsec / 1e9));
	json_object_object_add(json, "cpu", json_object_new_int64(s->cpu));
	json_object_object_add(json, "netns", json_object_new_string(netns_name(s->netns)));
	json_object_object_add(json, "dev", json_object_new_string(s->dev));
	json_object_object_add(json, "place", json_object_new_string(place(s)));
	json_object_object_add(json, "detail", more ? json_object_new_string(more) : NULL);
	json_object_object_add(json, "len", json_object_new_int64(s->len));
	for (id = 0; id < TRAITS_KEYS_MAX; id++)
		if (s->present >> id & 1)
			json_object_object_add(traits, names->key[id].name,
					       value_json(names->key[id].size, &s->value[id]));
	json_object_object_add(json, "traits", traits);
	return json;
}
