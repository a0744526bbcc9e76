// SPDX-License-Identifier: GPL-2.0
/*
 * timeout: 400
 * With zero copy, an application has the headroom of packets in its memory, and writes to it: while
 * XDP programs do with traits all that they can; and before, what could be taken for a store later.
 * The kernel lives, no answer is one that should not be, packets that pass have no traits that the
 * application made, and those of others have their own.
 */
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/traits.h>
#include <traits/xsk.h>

#include "flow.h"
#include "nic.h"
#include "object.h"
#include "path.h"
#include "script.h"
#include "so.h"
#include "vt.h"
#include "xsk_hostile.h"
#include "xsks.h"

#define PORT	7000
#define HONEST	7001
#define FRAMES	4096
#define MOST	(16 * FRAMES)	/* until what the writer did was seen so often: */
#define MEETINGS 10
#define BURST	128
#define BESIDE	16		/* honest packets for each burst */
#define STORE	40		/* where it is in a chunk */
#define PAYLOAD	80		/* sequence number, and a block at the end */
#define BLOCK	(PAYLOAD - (unsigned int)sizeof(struct script_seq))

static unsigned int ids[4];

#define CPUS	2		/* one of which the card does not use, and so writes meanwhile */

/* The application that writes to the memory while the kernel reads it, on each CPU */
struct writer {
	uint8_t *memory;	/* of the queue that frames come by */
	uint64_t base;		/* what the kernel has it at */
	const struct hostile_told *told;
	uint32_t store[(32 + 16 + 4) / 4];	/* with a value of 16 bytes */
	bool stop;
	unsigned long writes;
	pthread_t threads[CPUS];
};

struct test {
	struct bpf_object *obj;
	struct vt_xsks sockets;
	unsigned int got, whole, want;
	const uint8_t *last;		/* frame */
	unsigned int queue;		/* that it came by */
	struct writer writer;
};

/* xorshift32, the same in each run; when it is read the scheduler decides */
static uint32_t random_u32(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

static void write_u32(uint8_t *at, uint32_t val)
{
	*(volatile uint32_t *)at = val;
}

/* Of the packet that a program is at, or was */
static uint8_t *packet_chunk(const struct writer *w)
{
	uint64_t at = __atomic_load_n(&w->told->at, __ATOMIC_RELAXED) - w->base;
	uint64_t chunk = at / VT_XSK_CHUNK;

	return w->memory + (chunk < VT_XSK_CHUNKS ? chunk : 0) * VT_XSK_CHUNK;
}

static uint8_t *some_chunk(const struct writer *w, uint32_t *state)
{
	return random_u32(state) % 8 ? packet_chunk(w) :
	       w->memory + random_u32(state) % VT_XSK_CHUNKS * VT_XSK_CHUNK;
}

static void start(struct writer *w, void *(*writes)(void *))
{
	pthread_attr_t attr;
	unsigned int i;
	cpu_set_t cpu;

	w->stop = false;
	w->writes = 0;
	for (i = 0; i < CPUS; i++) {
		CPU_ZERO(&cpu);
		CPU_SET(i % sysconf(_SC_NPROCESSORS_ONLN), &cpu);
		pthread_attr_init(&attr);
		pthread_attr_setaffinity_np(&attr, sizeof(cpu), &cpu);
		if (pthread_create(&w->threads[i], &attr, writes, w))
			vt_die("no thread");
		pthread_attr_destroy(&attr);
	}
}

static void stop(struct writer *w)
{
	unsigned int i;

	__atomic_store_n(&w->stop, true, __ATOMIC_RELAXED);
	for (i = 0; i < CPUS; i++)
		pthread_join(w->threads[i], NULL);
}

/* Lengths, masks and canaries are what a reader could trip over; else anything in front of it. */
static void *scribble(void *arg)
{
	uint32_t state = 2463534242 + sched_getcpu(), bits, at;
	struct writer *w = arg;
	uint8_t *chunk;

	while (!__atomic_load_n(&w->stop, __ATOMIC_RELAXED)) {
		chunk = some_chunk(w, &state);
		bits = random_u32(&state);
		switch (random_u32(&state) % 6) {
		case 0:
			*(volatile uint8_t *)(chunk + STORE) = bits & 0xfd;
			break;
		case 1:
			at = STORE + 8 + random_u32(&state) % 6 * 4;
			write_u32(chunk + at, bits & random_u32(&state));
			break;
		case 2:
			write_u32(chunk + STORE + 8, ~0U);
			write_u32(chunk + STORE + 16, bits % 2 ? ~0U : 0);
			write_u32(chunk + STORE + 24, bits % 3 ? ~0U : 0);
			break;
		case 3:
			at = STORE + random_u32(&state) % (VT_XSK_HEADROOM - STORE);
			*(volatile uint8_t *)(chunk + at) ^= bits;
			break;
		case 4:
			at = VT_XSK_HEADROOM - 64 + random_u32(&state) % 16 * 4;
			write_u32(chunk + at, bits);
			break;
		case 5:
			at = VT_XSK_HEADROOM + 42 + sizeof(struct script_seq);
			at += random_u32(&state) % BLOCK;
			*(volatile uint8_t *)(chunk + at) ^= bits & bits >> 8;
			break;
		}
		__atomic_fetch_add(&w->writes, 1, __ATOMIC_RELAXED);
	}
	return NULL;
}

static struct vt_flow flow_in(void)
{
	return vt_flow(AF_INET, IPPROTO_UDP, 0, PORT);
}

static unsigned int make(const struct vt_flow *flow, uint8_t *frame, unsigned int seq)
{
	struct script_seq what = { .seq = seq };
	uint8_t payload[PAYLOAD] = {};
	struct traits_block b = {};
	uint32_t val[4] = {};
	unsigned int i;

	for (i = 0; i < 4; i++)
		traits_block_set(&b, ids[i], val, vt_sizes[i]);
	memcpy(payload, &what, sizeof(what));
	traits_block_put_end(&b, payload + PAYLOAD, BLOCK);
	return vt_flow_frame(flow, frame, 0, payload, sizeof(payload));
}

static void send_frames(struct vt_wire *wire, unsigned int first, unsigned int n)
{
	struct vt_flow flow = flow_in();
	uint8_t frame[VT_FRAME_MAX];
	unsigned int i;

	for (i = first; i < first + n; i++)
		vt_wire_put(wire, frame, make(&flow, frame, i));
	vt_wire_flush(wire);
}

/* All but the payload, behind the sequence number, is the packet's. */
static bool is_whole(const uint8_t *got, unsigned int len)
{
	struct vt_flow flow = flow_in();
	unsigned int headers = vt_flow_headers(&flow);
	uint8_t frame[VT_FRAME_MAX];
	struct script_seq seq;

	memcpy(&seq, got + headers, sizeof(seq));
	return len == make(&flow, frame, seq.seq) && seq.seq % 4 < 2 &&
	       !memcmp(got, frame, headers) && !memcmp(got + headers, &seq, sizeof(seq));
}

static bool take(void *arg)
{
	struct test *t = arg;
	const uint8_t *frame;
	unsigned int len;

	while ((frame = vt_xsks_next(&t->sockets, &len))) {
		t->whole += is_whole(frame, len);
		t->got++;
		t->last = frame;
		t->queue = t->sockets.queue;
	}
	return t->got >= t->want;
}

static void attach(struct test *t, const char *prog)
{
	static const struct hostile_told none;

	vt_object_put(vt_object_map(t->obj, "told"), &none);
	if (vt_object_xdp("b", "left", vt_object_prog(t->obj, prog)))
		vt_die("no XDP on %s", vt_nic_driver("b", "left"));
	vt_nic_wait_carrier("b", "left");
}

static struct hostile_told told(const struct test *t)
{
	struct hostile_told told;

	vt_object_get(vt_object_map(t->obj, "told"), &told);
	return told;
}

/* What TC sees of packets that pass: it takes them out. */
static struct vt_script *look_at_passed(void)
{
	struct script look = { .protocol = IPPROTO_UDP, .port = PORT, .action = 2,
			       .action_bare = 2 };
	unsigned int i;

	for (i = 0; i < 4; i++)
		look.op[i] = (struct op){ .kind = OP_GET, .key = ids[i], .size = 16 };
	return vt_script("b", "left", VT_TC_INGRESS, &look);
}

static void passed_bare(struct vt_script *tc, unsigned long long packets, const char *what)
{
	struct script_sum sum;
	unsigned int i, traits = 0;

	vt_script_wait(tc, packets);
	sum = vt_script_sum(tc);
	for (i = 0; i < 4; i++)
		traits += sum.op[i].ok;
	vt_eq(sum.packets, packets, "%s: packets that passed", what);
	vt_eq(traits, 0, "%s: with traits", what);
}

/* One flow, so it is one queue: the first frame tells which, and where its memory is. */
static void find_memory(struct test *t, struct vt_wire *wire)
{
	struct writer *w = &t->writer;
	void *map;

	send_frames(wire, 0, 1);
	t->want = 1;
	if (!vt_wait_until(take, t, 20000))
		vt_die("no frame comes");
	map = mmap(NULL, sizeof(*w->told), PROT_READ, MAP_SHARED, vt_object_map(t->obj, "told"), 0);
	if (map == MAP_FAILED)
		vt_die("mmap: %s", strerror(errno));
	w->told = map;
	w->memory = vt_xsk_memory(t->sockets.xs[t->queue]);
	w->base = w->told->at - (t->last - w->memory);
	t->got = t->whole = 0;
}

static void writes_meanwhile(struct test *t, struct vt_wire *wire)
{
	struct script set = vt_set_seq(ids, HONEST), check = vt_check_seq(ids, HONEST);
	struct vt_script *setter, *honest, *tc = look_at_passed();
	struct hostile_told sum;
	unsigned int i;

	setter = vt_script("c", "left", VT_XDP, &set);
	honest = vt_script("c", "left", VT_TC_INGRESS, &check);
	attach(t, "xsk_every");
	find_memory(t, wire);
	attach(t, "xsk_every");
	start(&t->writer, scribble);
	/* How often they meet is up to the machine: more, where it lets one of them run at a time. */
	for (i = 0; i < FRAMES || (i < MOST && told(t).missing < MEETINGS); i += BURST) {
		send_frames(wire, i, BURST);
		vt_send_seq(honest, "b", vt_path_end(3), HONEST, i / BURST * BESIDE, BESIDE, 4);
		t->want = (i + BURST) / 2;
		if (!vt_wait_until(take, t, 20000))
			vt_die("%u of %u frames in the sockets", t->got, t->want);
	}
	passed_bare(tc, i / 4, "written to meanwhile");
	stop(&t->writer);

	sum = told(t);
	vt_note("%lu writes; %llu values read, %llu not; %llu exported, %llu imported",
		t->writer.writes, (unsigned long long)sum.values, (unsigned long long)sum.missing,
		(unsigned long long)sum.exported, (unsigned long long)sum.imported);
	vt_eq(sum.packets, i, "packets in XDP");
	vt_eq(t->got, i / 2, "in the sockets");
	vt_eq(t->whole, i / 2, "as they were sent");
	vt_eq(sum.wrong, 0, "answers that none may be");
	vt_eq(sum.smashed, 0, "bytes next to the programs' buffers that changed");
	vt_eq(sum.failed, 0, "headers and metadata that could not be moved");
	vt_ok(sum.values > FRAMES && sum.missing >= MEETINGS,
	      "values are read, and some are destroyed");
	vt_ok(sum.exported && sum.imported, "blocks are exported, and some are imported");
	vt_all_right(honest, i / BURST * BESIDE, "of others");
	vt_script_stop(honest);
	vt_script_stop(setter);
	vt_script_stop(tc);
}

/* The store of a packet that has the widest key alone, as xsk_wide sets it */
static bool is_store(const uint8_t *store)
{
	static const uint32_t val[4] = { 1, 2, 3, 4 };
	uint64_t present;

	memcpy(&present, store + 8, sizeof(present));
	return store[0] == sizeof(val) && present == 1ULL << ids[3] &&
	       !memcmp(store + 32, val, sizeof(val));
}

static const uint8_t *find_store(const struct test *t)
{
	const uint8_t *store;
	unsigned int i, q;

	for (q = 0; q < t->sockets.n; q++) {
		store = vt_xsk_memory(t->sockets.xs[q]) + STORE;
		for (i = 0; i < VT_XSK_CHUNKS; i++, store += VT_XSK_CHUNK)
			if (is_store(store))
				return store;
	}
	return NULL;
}

/*
 * Adjusting the metadata wipes an old store that is in its way; so it is written again and again,
 * to be there when the packet is copied.
 */
static void *leave(void *arg)
{
	struct writer *w = arg;
	unsigned int i;
	uint8_t *to;

	while (!__atomic_load_n(&w->stop, __ATOMIC_RELAXED)) {
		to = packet_chunk(w) + STORE;
		for (i = 0; i < sizeof(w->store) / 4; i++)
			write_u32(to + i * 4, w->store[i]);
		__atomic_fetch_add(&w->writes, 1, __ATOMIC_RELAXED);
	}
	return NULL;
}

/*
 * What the application wrote to its memory is metadata of one packet, and so in the memory that the
 * next one is copied to; which has an anchor, as it had a trait.
 */
static void leaves_stores(struct test *t, struct vt_wire *wire)
{
	struct vt_script *tc = look_at_passed();
	struct hostile_told sum;
	const uint8_t *store;
	unsigned int i;

	attach(t, "xsk_wide");
	/* One with a trait is the first. What it had is good for all. */
	send_frames(wire, 0, 1);
	vt_script_wait(tc, 1);
	store = find_store(t);
	if (!store)
		vt_die("no store is in the memory");
	memcpy(t->writer.store, store, sizeof(t->writer.store));
	start(&t->writer, leave);
	for (i = 1; i < FRAMES; i += BURST) {
		send_frames(wire, i, BURST);
		vt_script_wait(tc, i + BURST);
	}
	stop(&t->writer);
	sum = told(t);
	vt_note("%lu writes; %llu could not have so much metadata", t->writer.writes,
		(unsigned long long)sum.failed);
	passed_bare(tc, FRAMES + 1, "stores left behind");
	vt_script_stop(tc);
}

int main(void)
{
	struct hostile_how how = {};
	struct test t = {};
	struct vt_wire *wire;

	vt_nic();
	vt_path_of(">v");
	so_keys(ids);
	memcpy(how.ids, ids, sizeof(ids));
	t.obj = vt_object("xsk_hostile");
	vt_object_put(vt_object_map(t.obj, "how"), &how);
	attach(&t, "xsk_every");
	if (!vt_xsks_open(&t.sockets, "b", "left", vt_object_map(t.obj, "sockets"), true)) {
		vt_keys_del();
		vt_skip("%s has no AF_XDP without copies", vt_nic_driver("b", "left"));
	}
	wire = vt_wire("a", "right");
	writes_meanwhile(&t, wire);
	leaves_stores(&t, wire);
	vt_wire_close(wire);
	vt_xsks_close(&t.sockets);
	vt_object_detach("b", "left");
	bpf_object__close(t.obj);
	vt_keys_del();
	return vt_done();
}
