// SPDX-License-Identifier: GPL-2.0
/*
 * Traits reach TC also by drivers that carry no XDP metadata from the buffer to
 * the skb: those that build the skb around the buffer, copy the packet, or make
 * the buffer a fragment; before GRO and without it. All packets are alike in each
 * byte, every second one is bare, and packets with traits are dropped right
 * before bare ones come in the same memory: none shows what is not its own.
 */
#include <errno.h>
#include <linux/traits.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "frame.h"
#include "kmod.h"
#include "plan.h"
#include "script.h"
#include "vt.h"

#define PACKETS	240	/* a multiple of the steps of all plans, and of what a poll takes */
#define MANY	4800	/* the buffers come 50 times */

static unsigned char frame[256];
static unsigned int frame_len, ids[4];
static int fd;

static void nic(const char *name, const char *value)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/module/vt_nic/parameters/%s", name);
	vt_write_file(path, value);
}

static void send_frames(struct vt_plan *vp, unsigned int n)
{
	unsigned long long before = vt_plan_sum(vp).seen;
	unsigned int i;

	for (i = 0; i < n; i++) {
		while (send(fd, frame, frame_len, 0) < 0) {
			if (errno != ENOBUFS)
				vt_die("send: %s", strerror(errno));
		}
		if (i % 240 == 239 || i == n - 1)
			vt_plan_wait(vp, before + i + 1);
	}
}

static struct plan plan_of(const __u32 *steps, unsigned int n, __u32 keys)
{
	struct plan plan = { .n = n, .keys = keys };

	memcpy(plan.step, steps, n * sizeof(*steps));
	memcpy(plan.ids, ids, sizeof(ids));
	return plan;
}

/* All packets with traits that pass arrive, and are counted. */
static void run(struct vt_plan *vp, __u32 keys, unsigned int packets, const char *what)
{
	static const __u32 steps[] = {
		STEP_SET, 0, STEP_SET | STEP_DROP, 0, STEP_SET | STEP_WRITE, STEP_SET | STEP_DROP,
		STEP_SET | STEP_DROP, 0, 0, STEP_SET | STEP_PUSH, STEP_DROP, STEP_SET,
	};
	struct plan plan = plan_of(steps, 12, keys);
	unsigned long long bound = vt_stat(TRAITS_STAT_BIND), pending = vt_stat(TRAITS_STAT_PENDING);

	vt_plan_set(vp, &plan);
	send_frames(vp, packets);
	vt_plan_right(vp, packets, 0, what);
	vt_eq(vt_stat(TRAITS_STAT_PENDING) - pending, packets / 12 * 4, "%s: pending", what);
	vt_eq(vt_stat(TRAITS_STAT_BIND) - bound, packets / 12 * 4, "%s: bound", what);
}

static void all_deliveries(struct vt_plan *vp, const char *mode, __u32 keys)
{
	static const char *const deliver[] = { "gro", "receive" }, *const hold[] = { "1", "16" },
			  *const again[] = { "0", "1" };
	unsigned int i, j, k;
	char what[96];

	nic("mode", mode);
	for (i = 0; i < 2; i++) {
		/* That is what napi_gro_frags() is. */
		if (i && !strcmp(mode, "frags"))
			continue;
		for (j = 0; j < 2; j++) {
			for (k = 0; k < 2; k++) {
				nic("deliver", deliver[i]);
				nic("hold", hold[j]);
				nic("at_once", again[k]);
				snprintf(what, sizeof(what),
					 "mode=%s deliver=%s hold=%s at_once=%s keys=%#x",
					 mode, deliver[i], hold[j], again[k], keys);
				run(vp, keys, PACKETS, what);
			}
		}
	}
}

/* 64 bytes of headroom hold 24 bytes of values: all four keys are too much. */
static void too_little_headroom(struct vt_plan *vp, const char *mode)
{
	static const __u32 steps[] = { STEP_SET, 0, STEP_SET | STEP_DROP, 0 };
	struct plan plan = plan_of(steps, 4, 15);
	unsigned long long lost = vt_stat(TRAITS_STAT_LOST_PENDING);

	nic("mode", mode);
	nic("hold", "16");
	nic("deliver", "gro");
	vt_plan_set(vp, &plan);
	send_frames(vp, PACKETS);
	vt_plan_right(vp, PACKETS, PACKETS / 4, mode);
	vt_eq(vt_stat(TRAITS_STAT_LOST_PENDING) - lost, PACKETS / 4, "%s: no room, counted", mode);
}

/* What the driver passes on only when the poll ends: the last packet of each poll arrives. */
static void lists(struct vt_plan *vp)
{
	static const __u32 steps[] = { STEP_SET, 0, STEP_SET | STEP_DROP, 0 };
	struct plan plan = plan_of(steps, 4, 15);

	nic("mode", "build");
	nic("deliver", "list");
	nic("hold", "16");
	vt_plan_set(vp, &plan);
	send_frames(vp, PACKETS);
	vt_plan_right(vp, PACKETS, PACKETS / 4, "list: traits are absent, and none is wrong");
	nic("deliver", "gro");
}

/* As a frame a packet has metadata, wherever it came from. */
static void redirected(void)
{
	static const __u32 steps[] = {
		STEP_SET | STEP_REDIRECT, STEP_REDIRECT, STEP_SET | STEP_DROP, STEP_REDIRECT,
	};
	struct plan plan = plan_of(steps, 4, 15);
	struct vt_plan *vp;

	vt_run("ip link add v0 type veth peer name v1");
	vt_run("ethtool -K v1 gro on");
	vt_run("ip link set v0 up; ip link set v1 up");
	plan.ifindex = if_nametoindex("v0");
	vp = vt_plan("vtn0", "v1");
	vt_plan_set(vp, &plan);
	send_frames(vp, PACKETS);
	vt_plan_right(vp, PACKETS, 0, "redirected to veth");
	vt_plan_stop(vp);
	vt_run("ip link del v0");
}

/* Headers pushed over the store and taken back. */
static void overrun(struct vt_plan *vp)
{
	static const __u32 steps[] = { STEP_SET | STEP_OVERRUN, 0 };
	struct plan plan = plan_of(steps, 2, 15);
	unsigned long long lost = vt_stat(TRAITS_STAT_LOST_DAMAGED);

	nic("mode", "build");
	nic("hold", "16");
	vt_plan_set(vp, &plan);
	send_frames(vp, PACKETS);
	vt_plan_right(vp, PACKETS, PACKETS / 2, "overrun");
	vt_eq(vt_stat(TRAITS_STAT_LOST_DAMAGED) - lost, PACKETS / 2, "overrun: counted");
}

static void send_frame(void *vp)
{
	send_frames(vp, 1);
}

static void meet(struct vt_plan *vp)
{
	static const __u32 step = STEP_SET;
	struct plan plan = plan_of(&step, 1, 1);
	bool followed = vt_plan_followed();
	unsigned int refused;

	vt_plan_set(vp, &plan);
	refused = vt_plan_meet(send_frame, vp);
	vt_ok(followed || refused, "until all hooks are attached packets are refused");
}

int main(void)
{
	static const char *const modes[] = { "copy", "frags" };
	struct vt_plan *vp;
	unsigned int i, key;

	vt_write_file("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
	vt_insmod("vt_nic");
	vt_run("ip link set vtn0 up");
	vt_keys_add(ids);
	frame_len = vt_frame(frame, 7000, 1, 100);
	fd = vt_plan_socket("vtn0");
	vp = vt_plan("vtn0", NULL);
	meet(vp);

	all_deliveries(vp, "build", 15);
	nic("at_once", "0");
	run(vp, 15, MANY, "mode=build, many times around");
	for (i = 0; i < 2; i++) {
		all_deliveries(vp, modes[i], 7);
		for (key = 0; key < 4; key++)
			run(vp, 1 << key, PACKETS, modes[i]);
		too_little_headroom(vp, modes[i]);
	}
	overrun(vp);
	lists(vp);

	vt_plan_stop(vp);
	redirected();
	close(fd);
	vt_keys_del();
	vt_run("rmmod vt_nic");
	return vt_done();
}
