// SPDX-License-Identifier: GPL-2.0
/*
 * timeout: 300
 * The cable is pulled and plugged in, the device is taken down and up, it gets
 * other rings and queues, is reset, and its driver is taken away, while frames
 * with traits arrive. Frames are lost then, as ever; those that arrive have the
 * right traits, and afterwards all do.
 */
#include <linux/bpf.h>
#include <linux/traits.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "flow.h"
#include "nic.h"
#include "path.h"
#include "script.h"
#include "vt.h"

#define PORT	7000		/* of the frames of which some are lost */
#define EXACT	7001		/* and of those that have to arrive all */
#define FRAMES	512

static void send_frames(struct vt_wire *wire, unsigned int port, unsigned int n)
{
	struct vt_flow flow = vt_flow(AF_INET, IPPROTO_UDP, 0, port);
	uint8_t frame[VT_FRAME_MAX], payload[200] = {};
	struct script_seq what = {};
	unsigned int i;

	for (i = 0; i < n; i++) {
		what = (struct script_seq){ .seq = i, .bare = i % 2 };
		memcpy(payload, &what, sizeof(what));
		vt_wire_put(wire, frame, vt_flow_frame(&flow, frame, 0, payload, sizeof(payload)));
	}
	vt_wire_flush(wire);
}

/* Sends until it is killed. */
static pid_t send_for_ever(void)
{
	struct vt_wire *wire;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child)
		return child;
	wire = vt_wire("a", "right");
	for (;;)
		send_frames(wire, PORT, 64);
}

static void stop(pid_t child)
{
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

struct programs {
	struct vt_script *xdp, *tc, *top;
	struct script exact;	/* of @top */
};

static struct programs attach(const unsigned int ids[4])
{
	struct script set = vt_set_seq(ids, 0), check = vt_check_seq(ids, PORT);
	struct programs p = { .exact = vt_check_seq(ids, EXACT) };

	check.action = check.action_bare = 2;	/* TC_ACT_SHOT */
	p.xdp = vt_script("b", "left", VT_XDP, &set);
	p.tc = vt_script("b", "left", VT_TC_INGRESS, &check);
	p.top = vt_script("b", "left", VT_RECEIVE, &p.exact);
	return p;
}

static void detach(struct programs *p)
{
	vt_script_stop(p->xdp);
	vt_script_stop(p->tc);
	vt_script_stop(p->top);
}

struct progress {
	struct vt_script *tc;
	unsigned long long want;
};

static bool has_come_far(void *arg)
{
	struct progress *p = arg;

	return vt_script_sum(p->tc).packets >= p->want;
}

/* Frames arrive, whatever happened. */
static void flows(struct programs *p, const char *what)
{
	struct progress progress = { p->tc, vt_script_sum(p->tc).packets + 64 };

	if (!vt_wait_until(has_come_far, &progress, 30000))
		vt_die("%s: no frame arrives any more", what);
}

/* What was sent before may be on its way still, by another queue. */
static bool is_quiet(void *arg)
{
	struct progress *p = arg;
	struct script_sum sum = vt_script_sum(p->tc);
	bool quiet = sum.packets == p->want && sum.begun == sum.packets;

	p->want = sum.packets;
	usleep(50000);
	return quiet;
}

static void check(struct programs *p, const char *what)
{
	struct progress progress = { p->tc };
	struct vt_wire *wire = vt_wire("a", "right");
	struct script_sum sum;
	unsigned int i;

	vt_script_set(p->top, &p->exact);
	send_frames(wire, EXACT, FRAMES);
	vt_script_wait(p->top, FRAMES);
	vt_wire_close(wire);
	vt_all_right(p->top, FRAMES, what);
	vt_ok(vt_wait_until(is_quiet, &progress, 20000), "%s: it is quiet then", what);
	sum = vt_script_sum(p->tc);
	for (i = 0; i < 4; i++)
		vt_eq(sum.op[i].ok, sum.packets, "%s: size %u right on all that arrived", what,
		      vt_sizes[i]);
}

/* How often each of them happens */
static unsigned int times;

static void link_flaps(struct programs *p)
{
	pid_t sender = send_for_ever();
	unsigned int i;

	for (i = 0; i < times; i++) {
		flows(p, "link");
		if (!vt_nic_control("a", "right", "link down", NULL, 0)) {
			vt_ok(true, "cable # SKIP there is no way to pull this one");
			break;
		}
		vt_nic_control("a", "right", "link up", NULL, 0);
		vt_nic_wait_carrier("b", "left");
	}
	flows(p, "link");
	stop(sender);
	check(p, "cable");
}

static void device_flaps(struct programs *p)
{
	pid_t sender = send_for_ever();
	unsigned int i;

	for (i = 0; i < times; i++) {
		flows(p, "device");
		vt_run("ip -n b link set left down && ip -n b link set left up");
		vt_nic_wait_carrier("b", "left");
	}
	flows(p, "device");
	stop(sender);
	check(p, "device");
}

/* The device's memory is made anew, and its programs stay. */
static void changes(struct programs *p, const char *what, const char *command)
{
	pid_t sender = send_for_ever();
	int err;

	flows(p, what);
	err = vt_try("ip netns exec b %s 2> /dev/null", command);
	if (!err)
		vt_nic_wait_carrier("b", "left");
	flows(p, what);
	stop(sender);
	if (err)
		vt_ok(true, "%s # SKIP %s cannot", what, vt_nic_driver("b", "left"));
	else
		check(p, what);
}

static void queues_change(struct programs *p)
{
	/* "Failed to remove RDMA scheduler config": then it can have no program again. */
	if (vt_nic_is("ice") && vt_try("grep -qw ice_vsi_decfg /proc/kallsyms")) {
		vt_ok(true, "queues # SKIP this ice needs to be reloaded after that");
		return;
	}
	changes(p, "one queue", "ethtool -L left combined 1");
	if (vt_nic_is("igb"))
		vt_ok(true, "two queues # SKIP QEMU's igb loses frames with them");
	else
		changes(p, "two queues", "ethtool -L left combined 2");
}

/* The programs are still attached when the device goes, and comes back elsewhere. */
static bool device_goes(const unsigned int ids[4], const char *how)
{
	struct programs p = attach(ids);
	pid_t sender = send_for_ever();
	bool gone;

	flows(&p, how);
	gone = !vt_try("device=$(ip netns exec b realpath /sys/class/net/left/device) &&"
		       " address=${device##*/} && %s", how);
	stop(sender);
	detach(&p);
	vt_path_del(2);
	vt_path_of(">");
	return gone;
}

#define REBIND	"driver=$(realpath $device/driver) &&"			\
		" echo $address > $driver/unbind && echo $address > $driver/bind"
#define RELOAD	"nsenter --net=/proc/1/ns/net devlink dev reload pci/$address 2> /dev/null"

int main(void)
{
	uint64_t before[__TRAITS_STAT_MAX];
	struct programs p;
	unsigned int ids[4], i;

	vt_nic();
	times = vt_nic_short() ? 1 : 3;
	vt_path_of(">");
	vt_keys_add(ids);
	vt_stats(before);
	p = attach(ids);
	link_flaps(&p);
	device_flaps(&p);
	changes(&p, "rings of 128", "ethtool -G left rx 128");
	queues_change(&p);
	detach(&p);
	if (!device_goes(ids, RELOAD))
		vt_ok(true, "reset # SKIP %s cannot", vt_nic_driver("b", "left"));
	for (i = 0; i < times; i++) {
		if (!device_goes(ids, REBIND))
			vt_die("the driver did not come back");
	}
	p = attach(ids);
	check(&p, "driver");
	detach(&p);
	vt_lost_only(before, -1, 0, "all of it");
	vt_keys_del();
	return vt_done();
}
