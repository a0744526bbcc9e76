// SPDX-License-Identifier: GPL-2.0
/*
 * Traits that native XDP sets on a tap reach TC, though up to 6.12 tun has no
 * metadata, runs XDP in the context of the writing process, and puts the packet
 * after a dropped one into the same memory. The packets are alike in each byte.
 * What IFF_NAPI hands to another context can be lost, and is counted then.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <linux/traits.h>
#include <net/if.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "frame.h"
#include "plan.h"
#include "script.h"
#include "vt.h"

#define PACKETS 960

static unsigned int ids[4];

struct tun {
	const char *name;
	int fd;
	struct vt_plan *vp;
	unsigned int packets;
	unsigned char frame[256];
	unsigned int len;
};

static void tun_open(struct tun *t, const char *name, short flags)
{
	struct ifreq ifr = { .ifr_flags = flags | IFF_NO_PI };

	t->name = name;
	t->packets = PACKETS;
	strcpy(ifr.ifr_name, name);
	/* Only what is written without waiting goes into native XDP. */
	t->fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (t->fd < 0 || ioctl(t->fd, TUNSETIFF, &ifr))
		vt_die("%s: %s", name, strerror(errno));
	vt_run("ip link set %s up", name);
	t->len = vt_frame(t->frame, 7000, 1, 100);
}

static void tun_close(struct tun *t)
{
	vt_plan_stop(t->vp);
	close(t->fd);
}

static struct plan plan_of(const __u32 *steps, unsigned int n)
{
	struct plan plan = { .n = n, .keys = 15 };

	memcpy(plan.step, steps, n * sizeof(*steps));
	memcpy(plan.ids, ids, sizeof(ids));
	return plan;
}

static struct plan mixed(void)
{
	static const __u32 steps[] = {
		STEP_SET, 0, STEP_SET | STEP_DROP, 0, STEP_SET | STEP_WRITE, STEP_SET | STEP_DROP,
		STEP_SET | STEP_DROP, 0, 0, STEP_SET | STEP_PUSH, STEP_DROP, STEP_SET,
	};

	return plan_of(steps, 12);
}

static void *write_all(void *arg)
{
	struct tun *t = arg;
	unsigned int i;

	for (i = 0; i < t->packets; i++) {
		while (write(t->fd, t->frame, t->len) != (ssize_t)t->len) {
			if (errno != EAGAIN && errno != EBUSY)
				vt_die("%s: write: %s", t->name, strerror(errno));
		}
		if (i % 240 == 239)
			vt_plan_wait(t->vp, i + 1);
	}
	vt_plan_wait(t->vp, t->packets);
	return NULL;
}

static void run(short flags, const char *what)
{
	struct plan plan = mixed();
	struct tun t;
	unsigned long long bound = vt_stat(TRAITS_STAT_BIND), lost;

	tun_open(&t, "tap0", flags);
	t.vp = vt_plan("tap0", NULL);
	vt_plan_set(t.vp, &plan);
	lost = vt_stat(TRAITS_STAT_LOST_PENDING);
	write_all(&t);
	/* One more, without traits: the write before it is certainly over. */
	if (write(t.fd, t.frame, 20) != 20)
		vt_die("write: %s", strerror(errno));
	lost = vt_stat(TRAITS_STAT_LOST_PENDING) - lost;
	if (!(flags & IFF_NAPI))
		vt_eq(lost, 0, "%s: nothing is lost", what);
	vt_plan_right(t.vp, PACKETS, lost, what);
	vt_eq(vt_stat(TRAITS_STAT_BIND) - bound, PACKETS / 12 * 4 - lost, "%s: bound", what);
	tun_close(&t);
}

/* Writers on both CPUs, which change places; each device keeps the order of its packets. */
static void *wander(void *arg)
{
	volatile bool *stop = arg;
	cpu_set_t cpu;
	unsigned int i;

	for (i = 0; !*stop; i++) {
		CPU_ZERO(&cpu);
		CPU_SET(i % 2, &cpu);
		sched_setaffinity(getpid(), sizeof(cpu), &cpu);
		usleep(200);
	}
	CPU_SET(0, &cpu);
	CPU_SET(1, &cpu);
	sched_setaffinity(getpid(), sizeof(cpu), &cpu);
	return NULL;
}

static void two_at_once(void)
{
	struct plan plan = mixed();
	unsigned long long lost = vt_stat(TRAITS_STAT_LOST_PENDING), absent = 0;
	struct tun t[2];
	pthread_t thread, wanderer;
	bool stop = false;
	unsigned int i;

	for (i = 0; i < 2; i++) {
		tun_open(&t[i], i ? "tap1" : "tap0", IFF_TAP);
		t[i].vp = vt_plan(t[i].name, NULL);
		vt_plan_set(t[i].vp, &plan);
	}
	if (pthread_create(&thread, NULL, write_all, &t[1]) ||
	    pthread_create(&wanderer, NULL, wander, &stop))
		vt_die("no thread");
	write_all(&t[0]);
	stop = true;
	pthread_join(thread, NULL);
	pthread_join(wanderer, NULL);
	for (i = 0; i < 2; i++) {
		struct plan_sum sum = vt_plan_sum(t[i].vp);

		/* Tasks that share a slot lose packets. */
		vt_plan_right(t[i].vp, PACKETS, sum.absent[0], "two at once");
		absent += sum.absent[0];
		tun_close(&t[i]);
	}
	vt_eq(vt_stat(TRAITS_STAT_LOST_PENDING) - lost, absent, "two at once: losses are counted");
}

/* As a frame a packet has metadata, wherever it came from. */
static void redirected(void)
{
	static const __u32 steps[] = {
		STEP_SET | STEP_REDIRECT, STEP_REDIRECT, STEP_SET | STEP_DROP, STEP_REDIRECT,
	};
	struct plan plan = plan_of(steps, 4);
	struct tun t;

	vt_run("ip link add v0 type veth peer name v1");
	vt_run("ethtool -K v1 gro on");
	vt_run("ip link set v0 up; ip link set v1 up");
	plan.ifindex = if_nametoindex("v0");
	tun_open(&t, "tap0", IFF_TAP);
	t.vp = vt_plan("tap0", "v1");
	vt_plan_set(t.vp, &plan);
	write_all(&t);
	vt_plan_right(t.vp, PACKETS, 0, "redirected to veth");
	tun_close(&t);
	vt_run("ip link del v0");
}

/* XDP is run by write(). */
static void send_frame(void *arg)
{
	const struct tun *t = arg;

	if (write(t->fd, t->frame, t->len) != (ssize_t)t->len)
		vt_die("write: %s", strerror(errno));
}

/* From 7.x on, tun has metadata: then no packet is refused. */
static void meet(void)
{
	static const __u32 step = STEP_SET;
	struct plan plan = plan_of(&step, 1);
	struct tun t;

	tun_open(&t, "tap0", IFF_TAP);
	t.vp = vt_plan("tap0", NULL);
	vt_plan_set(t.vp, &plan);
	vt_plan_meet(send_frame, &t);
	tun_close(&t);
}

int main(void)
{
	unsigned long long unbound;

	vt_write_file("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
	vt_run("modprobe tun");
	vt_run("test -e /dev/net/tun || { mkdir -p /dev/net && mknod /dev/net/tun c 10 200; }");
	vt_keys_add(ids);
	unbound = vt_stat(TRAITS_STAT_LOST_UNBOUND);

	meet();
	run(IFF_TAP, "tap");
	run(IFF_TAP | IFF_NAPI, "tap with NAPI");
	two_at_once();
	redirected();
	vt_eq(vt_stat(TRAITS_STAT_LOST_UNBOUND), unbound, "no anchor without a store");

	vt_keys_del();
	return vt_done();
}
