// SPDX-License-Identifier: GPL-2.0
/*
 * While an AF_XDP socket sends, another thread of the application writes to the blocks in front of
 * its packets. Each packet is sent, with all of its keys or without any; never with one that is
 * not open to the application. Whoever sends meanwhile is not concerned.
 */
#include <errno.h>
#include <pthread.h>
#include <string.h>

#include <linux/traits.h>
#include <traits/xsk.h>

#include "frame.h"
#include "path.h"
#include "script.h"
#include "so.h"
#include "vt.h"
#include "xsk.h"

#define PORT	7000
#define PACKETS	1500
#define VALUES	(4 + 8 + 16 + 4)	/* the last ones are the closed key's */
#define LEN	TRAITS_XSK_TX_LEN(VALUES)
#define BLOCK	(sizeof(struct traits_xsk) + VALUES)

enum { FLAG, WORD, LONG, WIDE, CLOSED, KEYS };

static unsigned int ids[KEYS];

/* xorshift32, the same in each run; when it is read the scheduler decides */
static uint32_t random_u32(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

struct writer {
	uint8_t *packet;
	bool stop;
	unsigned long writes;
};

static void write_byte(const struct writer *w, unsigned int at, uint8_t byte)
{
	*(volatile uint8_t *)(w->packet - BLOCK + at) = byte;
}

/* Bytes that end at the packet; with the closed key it is one that only lacks the right to it. */
static void make_block(uint8_t block[BLOCK], bool closed)
{
	struct traits_block b = {};
	uint32_t val[4] = {};
	unsigned int i;

	for (i = 0; i < 4; i++)
		traits_block_set(&b, ids[i], val, vt_sizes[i]);
	if (closed)
		traits_block_set(&b, ids[CLOSED], val, 4);
	memset(block, 0, BLOCK);
	traits_block_put_end(&b, block + BLOCK, BLOCK);
}

/* Most of the time it breaks what it has put right before. */
static void *scribble(void *arg)
{
	uint32_t state = 2463534242, at, bits;
	uint8_t blocks[2][BLOCK], *block;
	struct writer *w = arg;
	unsigned int i;

	make_block(blocks[0], false);
	make_block(blocks[1], true);
	while (!__atomic_load_n(&w->stop, __ATOMIC_RELAXED)) {
		block = blocks[random_u32(&state) % 4 == 0];
		for (i = 0; i < BLOCK; i++)
			write_byte(w, i, block[i]);
		for (i = random_u32(&state) % 4; i; i--) {
			at = random_u32(&state) % BLOCK;
			bits = random_u32(&state);
			write_byte(w, at, block[at] ^ (bits & bits >> 8));
		}
		w->writes++;
	}
	return NULL;
}

static void send_one(struct vt_xsk *xs, struct vt_script *tc, uint8_t *packet, unsigned int n)
{
	if (!vt_xsk_send(xs, packet, vt_frame(packet, PORT, n, 64), VT_XSK_METADATA))
		vt_die("sending: %s", strerror(errno));
	vt_script_wait(tc, n + 1);
}

static void put_right(uint8_t *packet, unsigned int seq)
{
	struct traits_block b = {};
	uint32_t val[4];
	unsigned int i, word;

	for (i = 0; i < 4; i++) {
		for (word = 0; word < 4; word++)
			val[word] = script_word(seq, ids[i], word);
		traits_block_set(&b, ids[i], val, vt_sizes[i]);
	}
	traits_block_put_end(&b, packet, BLOCK);
}

static void check(struct vt_script *hostile, struct vt_script *honest, unsigned long long lost,
		  const struct writer *w)
{
	struct script_sum sum = vt_script_sum(hostile);

	vt_note("%lu writes, %llu packets with traits, %llu refused", w->writes, sum.op[WORD].ok,
		lost);
	vt_eq(sum.packets, PACKETS, "packets arrive");
	vt_eq(sum.op[CLOSED].ok, 0, "with the closed key");
	vt_ok(sum.op[WORD].ok > PACKETS / 100 && lost > PACKETS / 100,
	      "some have traits, some blocks are refused");
	vt_ok(sum.op[WORD].ok + lost <= PACKETS, "none of both");
	vt_all_right(honest, PACKETS, "of another socket");
}

int main(void)
{
	struct script look = { .protocol = IPPROTO_UDP, .port = PORT, .action = 0 }, right;
	struct vt_script *hostile, *honest;
	struct vt_xsk *bad, *good;
	uint64_t before[__TRAITS_STAT_MAX];
	struct writer w = {};
	pthread_t thread;
	unsigned int i;

	vt_path(3);
	so_keys(ids);
	ids[CLOSED] = so_key("closed", 4, TRAITS_USER_READ, -1);
	for (i = 0; i < KEYS; i++)
		look.op[i] = (struct op){ .kind = OP_GET, .key = ids[i], .size = 16 };
	right = vt_check_seq(ids, PORT);
	bad = vt_xsk_sender("b", "right", 0, false, LEN);
	if (!bad && errno == EINVAL) {
		vt_path_del(3);
		vt_keys_del();
		vt_skip("this kernel has no tx_metadata_len");
	}
	good = vt_xsk_sender("b", "left", 0, false, LEN);
	if (!bad || !good)
		vt_die("AF_XDP: %s", strerror(errno));
	vt_run("ip netns exec b traitctl dev set right headroom 160");
	vt_run("ip netns exec b traitctl dev set left headroom 160");
	hostile = vt_script("c", "left", VT_TC_INGRESS, &look);
	honest = vt_script("a", "right", VT_TC_INGRESS, &right);
	vt_stats(before);

	w.packet = vt_xsk_place(bad, 0);
	memset(w.packet - LEN, 0, LEN);
	memset((uint8_t *)vt_xsk_place(good, 0) - LEN, 0, LEN);
	if (pthread_create(&thread, NULL, scribble, &w))
		vt_die("no thread");
	for (i = 0; i < PACKETS; i++) {
		send_one(bad, hostile, w.packet, i);
		put_right(vt_xsk_place(good, 0), i);
		send_one(good, honest, vt_xsk_place(good, 0), i);
	}
	__atomic_store_n(&w.stop, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);

	check(hostile, honest,
	      vt_stat(TRAITS_STAT_LOST_SOCKET) - before[TRAITS_STAT_LOST_SOCKET], &w);
	vt_script_stop(hostile);
	vt_script_stop(honest);
	vt_xsk_close(bad);
	vt_xsk_close(good);
	vt_path_del(3);
	vt_keys_del();
	return vt_done();
}
