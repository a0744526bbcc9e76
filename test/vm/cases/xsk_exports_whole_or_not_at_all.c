// SPDX-License-Identifier: GPL-2.0
/*
 * Where there is room in front of a packet for its traits they are exported, and where a byte of it
 * is missing nothing is: the program is told, and finds each byte in front of the packet, and the
 * metadata, as they were. In buffers, and in XDP on skbs; by headroom, by what metadata can be at
 * most, and of a driver that has no metadata.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/traits.h>
#include <traits/xsk.h>

#include "frame.h"
#include "object.h"
#include "path.h"
#include "plan.h"
#include "script.h"
#include "so.h"
#include "vt.h"
#include "xsk_export.h"

#define PORT	7000
#define VALUES	(4 + 8 + 16)

/* Bytes that are taken in front of a packet */
#define STORE	(32 + 4)	/* and its values */
#define ANCHOR	8
#define BLOCK	((unsigned int)sizeof(struct traits_xsk))

struct row {
	const char *what;
	unsigned int own, values;
	__u64 keys;
	unsigned int fits;	/* room that is enough, to the byte */
	unsigned int len;	/* of the block */
	int traits;		/* in it */
};

/* The fifth key is closed to applications: it is in the store, and in no block. */
static const struct row rows[] = {
	{ "bare", 0, 0, ~0ULL, EXPORT_FRAME + BLOCK, BLOCK, 0 },
	{ "a flag", 0, 1, ~0ULL, EXPORT_FRAME + STORE + ANCHOR + BLOCK, BLOCK, 1 },
	{ "a value of each size", 0, 4, ~0ULL,
	  EXPORT_FRAME + STORE + VALUES + ANCHOR + BLOCK + VALUES, BLOCK + VALUES, 4 },
	{ "a closed key besides", 0, 5, ~0ULL,
	  EXPORT_FRAME + STORE + VALUES + 16 + ANCHOR + BLOCK + VALUES, BLOCK + VALUES, 4 },
	{ "none of them asked for", 0, 4, 0, EXPORT_FRAME + STORE + VALUES + ANCHOR + BLOCK, BLOCK,
	  0 },
	{ "bare, metadata of its own", 8, 0, ~0ULL, EXPORT_FRAME + BLOCK + 8, BLOCK, 0 },
	{ "metadata of its own", 8, 4, ~0ULL,
	  EXPORT_FRAME + STORE + VALUES + ANCHOR + BLOCK + VALUES + 8, BLOCK + VALUES, 4 },
};

static unsigned int ids[5];

/* How a packet comes to the program */
struct way {
	const char *name;
	struct bpf_object *obj;
	void (*send)(const struct way *way);
	unsigned int anchor;	/* bytes that are kept free for one */
	int fd;
};

static bool has_run(void *arg)
{
	const struct way *way = arg;
	struct export_answer a;

	vt_object_get(vt_object_map(way->obj, "answer"), &a);
	return a.runs > 0;
}

static struct export_answer ask(struct way *way, struct export_case c)
{
	static const struct export_answer none;
	struct export_answer a;
	unsigned int i;

	for (i = 0; i < 5; i++) {
		c.ids[i] = ids[i];
		c.sizes[i] = i < 4 ? vt_sizes[i] : 16;
	}
	vt_object_put(vt_object_map(way->obj, "how"), &c);
	vt_object_put(vt_object_map(way->obj, "answer"), &none);
	way->send(way);
	if (!vt_wait_until(has_run, way, 20000))
		vt_die("%s: no packet comes", way->name);
	vt_object_get(vt_object_map(way->obj, "answer"), &a);
	if (a.made)
		vt_die("%s: the packet cannot be made so: %lld", way->name, (long long)a.made);
	return a;
}

static bool unchanged(const struct export_answer *a, unsigned int bytes)
{
	return a->metadata_after == a->metadata && !memcmp(a->after, a->front, bytes);
}

static void fits(struct way *way, const struct row *row)
{
	const struct export_case c = {
		.room = row->fits, .look = row->fits, .own = row->own, .values = row->values,
		.times = 1, .keys = row->keys,
	};
	struct export_answer a = ask(way, c);
	unsigned int end = row->fits - row->own;
	struct traits_block b;

	vt_eq(a.ret[0], row->len, "%s, %s: exported", way->name, row->what);
	vt_eq(a.metadata_after, a.metadata + row->len, "%s, %s: metadata", way->name, row->what);
	vt_eq(traits_block_get_end(&b, a.after + end, end), row->traits,
	      "%s, %s: traits in the block", way->name, row->what);
	vt_ok(!memcmp(a.after, a.front, row->fits - a.metadata_after) &&
	      !memcmp(a.after + end, a.front + end, row->own),
	      "%s, %s: all else in front of the packet is as it was", way->name, row->what);
}

static void fits_not(struct way *way, const struct row *row)
{
	const struct export_case c = {
		.room = row->fits - 1, .look = row->fits - 1, .own = row->own,
		.values = row->values, .times = 1, .keys = row->keys,
	};
	struct export_answer a = ask(way, c);

	vt_eq(a.ret[0], -ENOSPC, "%s, %s: a byte less", way->name, row->what);
	vt_ok(unchanged(&a, c.look), "%s, %s: nothing in front of the packet has changed",
	      way->name, row->what);
}

/* Seven empty blocks, and metadata of its own that leaves room for them or not */
static void metadata_is_full(struct way *way)
{
	struct export_case c = {
		.room = 340, .look = 340, .own = 252 - way->anchor - 7 * BLOCK, .times = 7,
		.keys = ~0ULL,
	};
	struct export_answer a = ask(way, c);

	vt_eq(a.ret[6], BLOCK, "%s: metadata of 252 bytes in all", way->name);
	vt_eq(a.metadata_after, 252 - way->anchor, "%s: which it has", way->name);
	c.own += 4;
	a = ask(way, c);
	vt_eq(a.ret[5], BLOCK, "%s: more metadata, one block less", way->name);
	vt_eq(a.ret[6], -ENOSPC, "%s: and not one more", way->name);
	vt_ok(unchanged(&a, c.look), "%s: nothing in front of the packet has changed", way->name);
}

static void all_rows(struct way *way)
{
	const struct row *row;

	for (row = rows; row < rows + sizeof(rows) / sizeof(rows[0]); row++) {
		fits(way, row);
		fits_not(way, row);
	}
	metadata_is_full(way);
}

static void send_alone(const struct way *way)
{
	uint8_t frame[256];
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame,
		    .data_size_in = vt_frame(frame, PORT, 1, 100));

	if (bpf_prog_test_run_opts(vt_object_prog(way->obj, "xsk_export"), &opts))
		vt_die("test run: %s", strerror(errno));
}

static void send_veth(const struct way *way)
{
	(void)way;
	vt_send_seq(NULL, "a", vt_path_end(2), PORT, 0, 1, 0);
}

static void send_nic(const struct way *way)
{
	uint8_t frame[256];
	unsigned int len = vt_frame(frame, PORT, 1, 100);

	if (send(way->fd, frame, len, 0) != (ssize_t)len)
		vt_die("send: %s", strerror(errno));
}

static void no_metadata(struct way *way)
{
	const struct export_case c = { .look = 200, .times = 1, .keys = ~0ULL };
	struct export_answer a;

	vt_insmod("vt_nic");
	vt_run("ip link set vtn0 up");
	way->fd = vt_plan_socket("vtn0");
	if (vt_object_xdp(NULL, "vtn0", vt_object_prog(way->obj, "xsk_export")))
		vt_die("no XDP on vtn0");
	a = ask(way, c);
	vt_eq(a.metadata, -1, "%s: there is none", way->name);
	vt_eq(a.ret[0], -EOPNOTSUPP, "%s: refused", way->name);
	vt_ok(unchanged(&a, c.look), "%s: nothing in front of the packet has changed", way->name);
	vt_object_detach(NULL, "vtn0");
	close(way->fd);
	vt_run("rmmod vt_nic");
}

int main(void)
{
	struct bpf_object *obj = vt_object("xsk_export");
	struct way alone = { "a buffer", obj, send_alone, 0, -1 };
	struct way skb = { "an skb", obj, send_veth, ANCHOR, -1 };
	struct way nic = { "without metadata", obj, send_nic, 0, -1 };

	vt_write_file("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
	vt_path(2);
	so_keys(ids);
	ids[4] = so_key("closed", 16, TRAITS_USER_NONE, -1);

	all_rows(&alone);
	if (vt_object_xdp_generic("b", "left", vt_object_prog(obj, "xsk_export")))
		vt_die("no generic XDP");
	all_rows(&skb);
	vt_object_detach("b", "left");
	no_metadata(&nic);

	bpf_object__close(obj);
	vt_path_del(2);
	vt_keys_del();
	return vt_done();
}
