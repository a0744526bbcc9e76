// SPDX-License-Identifier: GPL-2.0
/*
 * A switch in user space: what comes in by one AF_XDP socket it sends by another one, and each
 * packet still has its traits at the far end, or none if it had none. The application can read
 * them on the way. In native and generic XDP, with and without metadata of the program's own; it
 * sends them in front of the packet (6.8 and later), or in the packet, for XDP to take them out.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/traits.h>
#include <traits/xsk.h>

#include "object.h"
#include "path.h"
#include "script.h"
#include "so.h"
#include "vt.h"
#include "xsk.h"
#include "xsk_traits.h"

#define PORT	7000
#define PACKETS	256
#define BARE	4		/* each fourth has no traits */
#define VALUES	(4 + 8 + 16)	/* bytes of all values of a packet */
#define HEADERS	(14 + 20 + 8)

static unsigned int ids[4];

struct hop {
	struct vt_xsk *in, *out;
	unsigned int metadata;	/* bytes of the program's own */
	bool shim;
	bool stop;
	unsigned int got, right;
};

/* What a packet with this sequence number has */
static struct traits_block block_of(const struct script_seq *seq)
{
	struct traits_block b = {};
	uint32_t val[4];
	unsigned int i, word;

	for (i = 0; !seq->bare && i < 4; i++) {
		for (word = 0; word < 4; word++)
			val[word] = script_word(seq->seq, ids[i], word);
		traits_block_set(&b, ids[i], val, vt_sizes[i]);
	}
	return b;
}

static bool read_right(const struct hop *h, const uint8_t *packet, struct traits_block *b)
{
	const uint8_t *end = packet - h->metadata;
	struct script_seq seq;
	struct traits_block want;
	uint64_t own = XSK_OWN;

	memcpy(&seq, packet + HEADERS, sizeof(seq));
	want = block_of(&seq);
	return traits_block_get_end(b, end, (uintptr_t)end % 4096) == (seq.bare ? 0 : 4) &&
	       !memcmp(b, &want, sizeof(want)) &&
	       (!h->metadata || !memcmp(end, &own, sizeof(own)));
}

static void send_on(const struct hop *h, const uint8_t *packet, unsigned int len,
		    const struct traits_block *b)
{
	uint8_t *to = vt_xsk_place(h->out, h->got);
	const uint16_t type = htons(XSK_SHIM_TYPE);

	memcpy(to, packet, len);
	memset(to - XSK_SHIM, 0, XSK_SHIM);
	traits_block_put_end(b, to, XSK_SHIM_BLOCK);
	if (h->shim) {
		memcpy(to - XSK_SHIM, packet, 12);
		memcpy(to - XSK_SHIM + 12, &type, sizeof(type));
		to -= XSK_SHIM;
		len += XSK_SHIM;
	}
	if (!vt_xsk_send(h->out, to, len, h->shim ? 0 : VT_XSK_METADATA))
		vt_die("sending: %s", strerror(errno));
}

static void *forward(void *arg)
{
	struct hop *h = arg;
	struct traits_block b;
	const uint8_t *packet;
	unsigned int len;

	while (!__atomic_load_n(&h->stop, __ATOMIC_RELAXED)) {
		packet = vt_xsk_next(h->in, &len);
		if (!packet) {
			/* The sender may have to share a CPU with this thread. */
			usleep(200);
			continue;
		}
		h->right += read_right(h, packet, &b);
		send_on(h, packet, len, &b);
		h->got++;
	}
	return NULL;
}

static struct bpf_object *load(const struct xsk_how *how)
{
	struct bpf_object *obj = vt_object("xsk_traits");

	vt_object_put(vt_object_map(obj, "how"), how);
	return obj;
}

static void told(struct bpf_object *obj, unsigned long long bytes, const char *what)
{
	struct xsk_told t;

	vt_object_get(vt_object_map(obj, "told"), &t);
	vt_eq(t.packets, PACKETS, "%s: packets", what);
	vt_eq(t.refused + t.set, 0, "%s: errors, the last %lld", what, t.last);
	vt_eq(t.bytes, bytes, "%s: all in all", what);
}

static void run(struct hop *h, bool generic, const char *what)
{
	const struct xsk_how how = {
		.keys = ~0ULL, .ids = { ids[0], ids[1], ids[2], ids[3] }, .metadata = h->metadata,
	};
	struct bpf_object *out = load(&how), *in = load(&how);
	struct script check = vt_check_seq(ids, PORT);
	const unsigned int full = PACKETS - PACKETS / BARE;
	int fd = vt_xsk_fd(h->in), zero = 0, err;
	uint64_t before[__TRAITS_STAT_MAX];
	struct vt_script *tc;
	pthread_t thread;

	bpf_map_update_elem(vt_object_map(out, "sockets"), &zero, &fd, BPF_ANY);
	err = (generic ? vt_object_xdp_generic : vt_object_xdp)("b", "left",
								vt_object_prog(out, "xsk_out"));
	err = err ?: vt_object_xdp("c", "left", vt_object_prog(in, "xsk_in"));
	if (err)
		vt_die("XDP: %s", strerror(-err));
	tc = vt_script("c", "left", VT_TC_INGRESS, &check);
	vt_stats(before);
	h->got = h->right = h->stop = 0;
	if (pthread_create(&thread, NULL, forward, h))
		vt_die("no thread");
	vt_send_seq(tc, "a", vt_path_end(3), PORT, 0, PACKETS, BARE);
	__atomic_store_n(&h->stop, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);

	told(out, PACKETS * sizeof(struct traits_xsk) + full * VALUES, what);
	if (h->shim)
		told(in, full * 4, what);
	vt_eq(h->got, PACKETS, "%s: packets in the application", what);
	vt_eq(h->right, PACKETS, "%s: with their own traits, or none", what);
	vt_all_right(tc, PACKETS, what);
	vt_lost_only(before, -1, 0, what);
	vt_script_stop(tc);
	vt_object_detach("b", "left");
	vt_object_detach("c", "left");
	bpf_object__close(out);
	bpf_object__close(in);
}

static void all_ways(struct hop *h, const char *way)
{
	char what[64];
	int generic;

	for (generic = 0; generic < 2; generic++) {
		for (h->metadata = 0; h->metadata <= 8; h->metadata += 8) {
			snprintf(what, sizeof(what), "%s, %s XDP, %u bytes of its own", way,
				 generic ? "generic" : "native", h->metadata);
			run(h, generic, what);
		}
	}
}

int main(void)
{
	struct hop h = {};

	so_keys(ids);
	vt_path(3);
	h.in = vt_xsk("b", "left", 0, false);
	h.out = vt_xsk("b", "right", 0, false);
	if (!h.in || !h.out)
		vt_die("AF_XDP on veth: %s", strerror(errno));
	h.shim = true;
	all_ways(&h, "in the packet");
	vt_xsk_close(h.out);

	vt_run("ip netns exec b traitctl dev set right headroom 160");
	h.out = vt_xsk_sender("b", "right", 0, false, TRAITS_XSK_TX_LEN(VALUES));
	h.shim = false;
	if (h.out) {
		all_ways(&h, "in front");
		vt_xsk_close(h.out);
	} else {
		vt_ok(errno == EINVAL, "in front # SKIP this kernel has no tx_metadata_len");
	}
	vt_xsk_close(h.in);
	vt_path_del(3);
	vt_keys_del();
	return vt_done();
}
