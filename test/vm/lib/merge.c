// SPDX-License-Identifier: GPL-2.0

#include "merge.h"

#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <traits/traits.h>

#include "burst.h"
#include "path.h"
#include "vt.h"

#define PORT 7000

static const char *const way_names[] = { "UDP", "UDP list", "TCP", "TCP list" };
static const char *const place_names[] = { "frames", "skbs", "forwarded" };

struct value {
	bool there;
	uint64_t word[2];
};

void vt_merge_keys(struct vt_merge_key *keys, unsigned int n)
{
	struct traits *t = traits_open();
	unsigned int i;

	for (i = 0; t && i < n; i++) {
		struct traits_key key = { .id = TRAITS_ID_ANY, .size = keys[i].size,
					 .gro = keys[i].gro };

		snprintf(key.name, sizeof(key.name), "%s-%u", traits_gro_name(key.gro), i);
		if (traits_key_register(t, &key))
			vt_die("registry: adding %s: %s", key.name, traits_error(t));
		keys[i].id = key.id;
	}
	if (!t)
		vt_die("registry");
	traits_close(t);
}

static bool is_list(enum vt_merge_way way)
{
	return way == VT_MERGE_UDP_LIST || way == VT_MERGE_TCP_LIST;
}

static int protocol(enum vt_merge_way way)
{
	return way >= VT_MERGE_TCP ? IPPROTO_TCP : IPPROTO_UDP;
}

/* Matches no packet of a burst */
static const struct script nothing = { .protocol = IPPROTO_ICMP, .action = XDP_PASS };

void vt_merge_start(struct vt_merge *m)
{
	vt_path(4);
	vt_burst_device("a", "right");
	vt_burst_device("b", "right");
	vt_burst_device("c", "right");
	/* A frame has nothing to say of its checksum: it has to be a real one. */
	vt_run("ip netns exec b ethtool -K right tx off");
	m->xdp_c = vt_script("c", "left", VT_XDP, &nothing);
	m->xdp_d = vt_script("d", "left", VT_XDP, &nothing);
	m->tc = vt_script("d", "left", VT_TC_INGRESS, &nothing);
}

void vt_merge_stop(struct vt_merge *m)
{
	vt_script_stop(m->xdp_c);
	vt_script_stop(m->xdp_d);
	vt_script_stop(m->tc);
}

void vt_merge_at(struct vt_merge *m, enum vt_merge_way way, enum vt_merge_place place)
{
	m->way = way;
	m->place = place;
	snprintf(m->what, sizeof(m->what), "%s, %s", way_names[way], place_names[place]);
	vt_run("ip netns exec d ethtool -K left gro on rx-gro-list %s rx-udp-gro-forwarding %s",
	       is_list(way) ? "on" : "off", way == VT_MERGE_UDP ? "on" : "off");
}

static struct value value_of(const struct vt_merge_key *key, unsigned int packet)
{
	struct value v = { .there = key->packets >> packet & 1 };

	if (!v.there || !key->size)
		return v;
	v.word[0] = key->val[key->size == 16 ? packet & 3 : packet];
	if (key->size == 4)
		v.word[0] = (uint32_t)v.word[0];
	if (key->size == 16)
		v.word[1] = v.word[0];
	return v;
}

/* For OP_SET_NTH */
static void table(const struct vt_merge_key *key, __u8 *val)
{
	unsigned int i;

	for (i = 0; key->size && i < SCRIPT_VAL / key->size; i++) {
		uint64_t v = key->val[i % VT_MERGE_PACKETS];

		memcpy(val + i * key->size, &v, key->size < 8 ? key->size : 8);
		if (key->size == 16)
			memcpy(val + i * key->size + 8, &v, 8);
	}
}

void vt_merge_send(struct vt_merge *m, const struct vt_merge_key *keys, unsigned int n)
{
	struct script set = { .port = PORT, .action = XDP_PASS };
	struct script get = { .port = PORT, .action = TC_ACT_SHOT };
	struct script send = { .port = PORT, .action = XDP_REDIRECT };
	unsigned int i;

	set.protocol = get.protocol = send.protocol = protocol(m->way);
	send.op[0] = (struct op){ OP_REDIRECT, .arg = vt_ifindex("c", "right") };
	for (i = 0; i < n; i++) {
		set.op[i] = (struct op){ OP_SET_NTH, .key = keys[i].id, .size = keys[i].size,
					 .arg = keys[i].packets };
		table(&keys[i], set.op[i].val);
		get.op[i] = (struct op){ OP_GET, .key = keys[i].id, .size = 16 };
	}
	vt_script_set(m->xdp_c, m->place == VT_MERGE_FORWARDED ? &set :
				m->place == VT_MERGE_FRAME ? &send : &nothing);
	vt_script_set(m->xdp_d, m->place == VT_MERGE_FORWARDED ? &nothing : &set);
	vt_script_set(m->tc, &get);
	if (set.protocol == IPPROTO_TCP)
		vt_burst_tcp(vt_path_end(4), PORT, VT_MERGE_PACKETS);
	else
		vt_burst_udp(vt_path_end(4), PORT, VT_MERGE_PACKETS);
	vt_script_wait_segments(m->tc, VT_MERGE_PACKETS);
}

/* What the policy makes of two values. A flag is a value of no bytes. */
static struct value merged(const struct vt_merge_key *key, struct value a, struct value b)
{
	uint64_t most = key->size == 4 ? UINT32_MAX : UINT64_MAX;

	switch (key->gro) {
	case TRAITS_GRO_LAST:
		return b;
	case TRAITS_GRO_DISCARD:
		return (struct value){};
	case TRAITS_GRO_FIRST:
	case TRAITS_GRO_BLOCK:
		return a;
	}
	if (!a.there || !b.there)
		return a.there ? a : b;
	switch (key->gro) {
	case TRAITS_GRO_SUM:
		a.word[0] = b.word[0] > most - a.word[0] ? most : a.word[0] + b.word[0];
		break;
	case TRAITS_GRO_MIN:
		a.word[0] = b.word[0] < a.word[0] ? b.word[0] : a.word[0];
		break;
	case TRAITS_GRO_MAX:
		a.word[0] = b.word[0] > a.word[0] ? b.word[0] : a.word[0];
		break;
	case TRAITS_GRO_OR:
		a.word[0] |= b.word[0];
		break;
	}
	return a;
}

static bool right(const struct vt_merge_key *key, unsigned int first, unsigned int end,
		  long long ret, const __u8 *val)
{
	struct value want = value_of(key, first);
	unsigned int i;

	for (i = first + 1; i < end; i++)
		want = merged(key, want, value_of(key, i));
	if (want.there ? ret == key->size && !memcmp(val, want.word, key->size) : ret == -2)
		return true;
	vt_note("packets %u to %u: expected %s %016llx, have %lld bytes %016llx", first, end - 1,
		want.there ? "value" : "nothing", (unsigned long long)want.word[0], ret,
		(unsigned long long)*(const uint64_t *)val);
	return false;
}

void vt_merge_check(struct vt_merge *m, const struct vt_merge_key *keys, unsigned int n,
		    unsigned int heads)
{
	unsigned int packets, key, i, first, end, seen = 0;
	struct script_answer answer[VT_MERGE_PACKETS];

	packets = vt_script_sum(m->tc).packets;
	for (i = 0; i < packets && i < VT_MERGE_PACKETS; i++) {
		answer[i] = vt_script_answer(m->tc, i);
		seen |= 1U << (answer[i].seq & 63);
	}
	vt_ok(seen == heads && packets == (unsigned int)__builtin_popcount(heads),
	      "%s: %u packets, which begin with %#x", m->what, packets, seen);
	if (packets > VT_MERGE_PACKETS)
		return;
	for (key = 0; key < n; key++) {
		bool ok = true;

		for (i = 0; i < packets; i++) {
			first = answer[i].seq & 63;
			for (end = first + 1; end < VT_MERGE_PACKETS && !(heads >> end & 1); end++)
				;
			ok &= right(&keys[key], first, end, answer[i].ret[key], answer[i].val[key]);
		}
		vt_ok(ok, "%s: %s of %u bytes", m->what, traits_gro_name(keys[key].gro),
		      keys[key].size);
	}
}
