// SPDX-License-Identifier: GPL-2.0
/*
 * Blocks that are not as they should be, or have keys that are not open to the application: none of
 * their traits is set. Import says why; a packet that an AF_XDP socket sends is sent without,
 * and that is counted, once. A packet without a block has no traits, and that is no loss.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/traits.h>
#include <traits/xsk.h>

#include "frame.h"
#include "object.h"
#include "path.h"
#include "script.h"
#include "so.h"
#include "vt.h"
#include "xsk.h"
#include "xsk_traits.h"

#define PORT	7000
#define GROUP	4711

enum { FLAG, WORD, LONG, WIDE, CLOSED, READ, GROUPED, KEYS };

static unsigned int ids[KEYS];

static uint64_t bit(unsigned int key)
{
	return 1ULL << ids[key];
}

/* A block with values of @keys, and what is then done to its header */
struct row {
	const char *what;
	unsigned int keys;	/* bit WORD and so on */
	unsigned int size;	/* of all values; 0: as registered */
	unsigned int at, flip;	/* byte of the header, and bits */
	int ret;		/* of import: traits, or an error */
	bool lost;		/* when sent: counted */
};

#define B(key) (1u << (key))
#define AT(field) offsetof(struct traits_xsk, field)

static const struct row rows[] = {
	{ "all open keys", B(FLAG) | B(WORD) | B(LONG) | B(WIDE), .ret = 4 },
	{ "one key", B(LONG), .ret = 1 },
	{ "no key", 0, .ret = 0 },
	{ "no magic", B(WORD), .at = AT(magic), .flip = 1, .ret = -ENOENT },
	{ "another version", B(WORD), .at = AT(version), .flip = 3, .ret = -EINVAL, true },
	{ "a flag", B(WORD), .at = AT(flags), .flip = 1, .ret = -EINVAL, true },
	{ "a length too short", B(LONG), .at = AT(len), .flip = 8, .ret = -EINVAL, true },
	{ "a length far too long", B(LONG), .at = AT(len) + 1, .flip = 0x80, .ret = -EINVAL, true },
	{ "more than one reading", B(WORD), .at = AT(lo) + 7, .flip = 0x80, .ret = -EINVAL, true },
	{ "a key that is not registered", 0, .at = AT(present) + 7, .flip = 0x80, .ret = -ENOKEY,
	  true },
	{ "another size", B(LONG), 4, .ret = -EINVAL, true },
	{ "a value for a flag", B(FLAG), 4, .ret = -EINVAL, true },
	{ "a closed key", B(CLOSED), .ret = -EACCES, true },
	{ "a closed key among others", B(WORD) | B(LONG) | B(CLOSED), .ret = -EACCES, true },
	{ "a key that can be read", B(READ), .ret = -EACCES, true },
	{ "a key for another group", B(GROUPED), .ret = -EACCES, true },
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static unsigned int size_of(unsigned int key)
{
	return key <= WIDE ? vt_sizes[key] : 4;
}

static void put(const struct row *row, uint8_t *end, size_t room)
{
	struct traits_block b = {};
	uint32_t val[4];
	unsigned int key, word;

	for (key = 0; key < KEYS; key++) {
		for (word = 0; word < 4; word++)
			val[word] = script_word(0, ids[key], word);
		if (row->keys & B(key))
			traits_block_set(&b, ids[key], val, row->size ?: size_of(key));
	}
	if (traits_block_put_end(&b, end, room) < 0)
		vt_die("%s: no room", row->what);
	end[row->at - sizeof(struct traits_xsk)] ^= row->flip;
}

static int import(struct bpf_object *obj, const struct row *row)
{
	uint8_t frame[XSK_SHIM + 200] = {}, out[sizeof(frame) + 64];
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame, .data_size_in = sizeof(frame),
		    .data_out = out, .data_size_out = sizeof(out));
	const uint16_t type = htons(XSK_SHIM_TYPE);
	struct xsk_told t;

	memcpy(frame + 12, &type, sizeof(type));
	put(row, frame + XSK_SHIM, XSK_SHIM_BLOCK);
	if (bpf_prog_test_run_opts(vt_object_prog(obj, "xsk_in"), &opts))
		vt_die("test run: %s", strerror(errno));
	vt_object_get(vt_object_map(obj, "told"), &t);
	return t.last;
}

static void imports(void)
{
	struct xsk_how how = { .keys = ~0ULL };
	struct bpf_object *obj = vt_object("xsk_traits");
	const struct row *row;

	vt_object_put(vt_object_map(obj, "how"), &how);
	for (row = rows; row < rows + ROWS; row++)
		vt_eq(import(obj, row), row->ret, "import: %s", row->what);
	how.keys &= ~bit(LONG);
	vt_object_put(vt_object_map(obj, "how"), &how);
	vt_eq(import(obj, &rows[1]), -EACCES, "import: a key that the program does not take");
	bpf_object__close(obj);
}

struct sender {
	struct vt_xsk *xs;
	struct vt_script *tc;
	unsigned int room;
	unsigned int n;		/* packets sent */
};

/* Mask of keys that the packet has at the other end, or -1 if one has a wrong value */
static int arrived(struct sender *s, unsigned int options, uint8_t *packet)
{
	struct script_answer answer;
	unsigned int key, have = 0, word;
	uint32_t val[4];

	if (!vt_xsk_send(s->xs, packet, vt_frame(packet, PORT, s->n, 64), options))
		vt_die("sending: %s", strerror(errno));
	vt_script_wait(s->tc, ++s->n);
	answer = vt_script_answer(s->tc, s->n - 1);
	for (key = 0; key < KEYS; key++) {
		for (word = 0; word < 4; word++)
			val[word] = script_word(0, ids[key], word);
		if (answer.ret[key] == -ENOENT)
			continue;
		if (answer.ret[key] != size_of(key) ||
		    memcmp(answer.val[key], val, size_of(key)))
			return -1;
		have |= B(key);
	}
	return have;
}

static void sends(struct sender *s, const struct row *row, unsigned int options, unsigned int have,
		  bool lost, const char *what)
{
	uint8_t *packet = vt_xsk_place(s->xs, s->n);
	uint64_t before[__TRAITS_STAT_MAX];

	memset(packet - s->room, 0, s->room);
	put(row, packet, s->room);
	memset(packet - s->room, 0, sizeof(struct vt_xsk_metadata));
	vt_stats(before);
	vt_eq(arrived(s, options, packet), have, "%s: %s: traits that arrive", what, row->what);
	vt_lost_only(before, lost ? TRAITS_STAT_LOST_SOCKET : -1, lost, row->what);
}

static bool open_sender(struct sender *s, unsigned int metadata_len)
{
	struct script look = { .protocol = IPPROTO_UDP, .port = PORT, .action = 0 };
	unsigned int key;

	for (key = 0; key < KEYS; key++)
		look.op[key] = (struct op){ .kind = OP_GET, .key = ids[key], .size = 16 };
	s->n = 0;
	s->room = metadata_len;
	s->xs = vt_xsk_sender("a", "right", 0, false, metadata_len);
	if (!s->xs)
		return false;
	s->tc = vt_script("b", "left", VT_TC_INGRESS, &look);
	return true;
}

static void close_sender(struct sender *s)
{
	vt_script_stop(s->tc);
	vt_xsk_close(s->xs);
}

static void sending(void)
{
	static const struct row flag = { "a flag", B(FLAG) }, wide = { "16 bytes", B(WIDE) };
	const struct row *row;
	struct sender s;

	if (!open_sender(&s, TRAITS_XSK_TX_LEN(192))) {
		vt_ok(errno == EINVAL, "sending # SKIP this kernel has no tx_metadata_len");
		return;
	}
	sends(&s, &rows[0], VT_XSK_METADATA, 0, true, "no headroom");
	vt_run("ip netns exec a traitctl dev set right headroom 160");
	for (row = rows; row < rows + ROWS; row++)
		sends(&s, row, VT_XSK_METADATA, row->ret > 0 ? row->keys : 0, row->lost, "sent");
	sends(&s, &rows[0], 0, 0, false, "a descriptor that does not say so");
	if (setegid(GROUP))
		vt_die("setegid: %s", strerror(errno));
	sends(&s, &rows[ROWS - 1], VT_XSK_METADATA, B(GROUPED), false, "by its group");
	if (setegid(0))
		vt_die("setegid: %s", strerror(errno));
	close_sender(&s);

	if (!open_sender(&s, TRAITS_XSK_TX_LEN(0)))
		vt_die("AF_XDP: %s", strerror(errno));
	sends(&s, &flag, VT_XSK_METADATA, B(FLAG), false, "just enough metadata");
	/* It would begin where the kernel has its own. */
	sends(&s, &wide, VT_XSK_METADATA, 0, true, "not enough metadata");
	close_sender(&s);
}

int main(void)
{
	vt_path(2);
	so_keys(ids);
	ids[CLOSED] = so_key("closed", 4, TRAITS_USER_NONE, -1);
	ids[READ] = so_key("read", 4, TRAITS_USER_READ, -1);
	ids[GROUPED] = so_key("grouped", 4, TRAITS_USER_WRITE, GROUP);
	imports();
	sending();
	vt_path_del(2);
	vt_keys_del();
	return vt_done();
}
