// SPDX-License-Identifier: GPL-2.0
/*
 * Known operations on a known number of packets: every counter is exactly what
 * these make, and those that none of them is about have not moved.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <linux/traits.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <traits/traits.h>

#include "frame.h"
#include "path.h"
#include "plan.h"
#include "script.h"
#include "vt.h"

#define PACKETS 50
#define XDP_PASS 2

static uint64_t before[__TRAITS_STAT_MAX], want[__TRAITS_STAT_MAX];

static void begin(void)
{
	memset(want, 0, sizeof(want));
	vt_stats(before);
}

static void check(const char *what)
{
	uint64_t after[__TRAITS_STAT_MAX];
	unsigned int i;

	vt_stats(after);
	for (i = 0; i < __TRAITS_STAT_MAX; i++)
		vt_eq(after[i] - before[i], want[i], "%s: %s", what, traits_stat_name(i));
}

#define OP(...) ((struct op){ __VA_ARGS__ })

static void xdp_and_tc(const unsigned int ids[4])
{
	struct script in_xdp = { .protocol = 17, .port = 7000, .action = XDP_PASS, .op = {
		OP(OP_SET, .key = ids[2], .size = 8),
		OP(OP_SET, .key = ids[2], .size = 8),
		OP(OP_SET, .key = ids[1], .size = 4),
		OP(OP_DEL, .key = ids[2]),
		OP(OP_DEL, .key = ids[2]),
		OP(OP_SET, .key = ids[2], .size = 8, .arg = 4),
		OP(OP_SET, .key = 63, .size = 8),
		OP(OP_SET, .key = ids[1], .size = 4, .arg = TRAIT_NOEXIST),
		OP(OP_SET, .key = ids[3], .size = 16, .arg = TRAIT_EXIST),
		OP(OP_SETS, .key = ids[2], .key_to = ids[3], .size = 24),
		OP(OP_GET, .key = ids[0]),
		OP(OP_GET, .key = 63),
	} };
	struct script in_tc = { .protocol = 17, .port = 7000, .op = {
		OP(OP_SET, .key = ids[2], .size = 8),
		OP(OP_DEL, .key = ids[2]),
		OP(OP_PULL),
		OP(OP_SET, .key = ids[0]),
		OP(OP_DEL, .key = ids[2]),
		OP(OP_IS_SET, .key = ids[3]),
		OP(OP_CHANGE_HEAD, .arg = 257),
		OP(OP_IS_SET, .key = ids[3]),
		OP(OP_IS_SET, .key = ids[3]),
		OP(OP_SET, .key = ids[3], .size = 16),
	} };
	static const long long tc_ret[] = { -EBUSY, -EBUSY, 0, 0, 0, 1, 0, 0, 0, -ENOSPC };
	struct script_answer answer;
	struct vt_script *xdp, *tc;
	unsigned int i;
	int tap;

	tap = vt_tap("c", "left");
	xdp = vt_script("c", "left", VT_XDP, &in_xdp);
	tc = vt_script("c", "left", VT_TC_INGRESS, &in_tc);
	begin();
	vt_send_seq(tc, "a", vt_path_end(3), 7000, 1, PACKETS, 0);
	answer = vt_script_answer(tc, PACKETS - 1);
	for (i = 0; i < sizeof(tc_ret) / sizeof(tc_ret[0]); i++)
		vt_eq(answer.ret[i], tc_ret[i], "TC, op %u", i);

	/* XDP; the batch counts once. */
	want[TRAITS_STAT_SET] = 4 * PACKETS;
	want[TRAITS_STAT_DEL] = PACKETS;
	want[TRAITS_STAT_ENOENT] = 2 * PACKETS;
	want[TRAITS_STAT_EINVAL] = PACKETS;
	want[TRAITS_STAT_ENOKEY] = PACKETS;
	want[TRAITS_STAT_EEXIST] = PACKETS;
	want[TRAITS_STAT_BIND] = PACKETS;
	/* TC: the tap has a clone; then 257 bytes do not fit into a headroom of 256. */
	want[TRAITS_STAT_EBUSY] = 2 * PACKETS;
	want[TRAITS_STAT_SET] += PACKETS;
	want[TRAITS_STAT_DEL] += PACKETS;
	want[TRAITS_STAT_EXPAND] = PACKETS;
	want[TRAITS_STAT_LOST_DAMAGED] = PACKETS;
	want[TRAITS_STAT_ENOSPC] = PACKETS;
	check("XDP and TC");
	vt_script_stop(xdp);
	vt_script_stop(tc);
	vt_untap(tap);
}

static void reading(const unsigned int ids[4])
{
	struct script set = vt_set_seq(ids, 7000), look = vt_check_seq(ids, 7000);
	struct vt_script *xdp, *tc, *top, *end;

	look.op[4] = OP(OP_GETS, .key = ids[1], .key_to = ids[3], .size = 28);
	look.op[5] = OP(OP_GET, .key = 63);
	look.op[6] = OP(OP_GET, .key = 64);
	look.op[7] = OP(OP_GET, .key = ids[3], .size = 8);
	xdp = vt_script("c", "left", VT_XDP, &set);
	tc = vt_script("c", "left", VT_TC_INGRESS, &look);
	top = vt_script("c", "left", VT_RECEIVE, &look);
	end = vt_script("c", "left", VT_FREE, &look);
	begin();
	vt_send_seq(end, "a", vt_path_end(3), 7000, 1, PACKETS, 2);
	want[TRAITS_STAT_SET] = 4 * PACKETS / 2;
	want[TRAITS_STAT_BIND] = PACKETS / 2;
	check("reading counts nothing");
	vt_script_stop(xdp);
	vt_script_stop(tc);
	vt_script_stop(top);
	vt_script_stop(end);
}

struct tap {
	int fd;
	const void *frame;
	unsigned int len;
};

/* XDP is run by write(). */
static void send_to_tap(void *arg)
{
	const struct tap *t = arg;

	if (write(t->fd, t->frame, t->len) != (ssize_t)t->len)
		vt_die("write: %s", strerror(errno));
}

/*
 * tun's buffers have no metadata up to 6.12. Only what is written without
 * waiting goes into its native XDP.
 */
static void no_metadata(const unsigned int ids[4])
{
	struct script s = { .protocol = 17, .port = 7000, .action = XDP_PASS, .op = {
		OP(OP_ADJUST_META, .arg = 0),
		OP(OP_SET, .key = ids[2], .size = 8),
		OP(OP_SETS, .key = ids[2], .key_to = ids[3], .size = 24),
		OP(OP_DEL, .key = ids[2]),
		OP(OP_IS_SET, .key = ids[2]),
	} };
	struct ifreq ifr = { .ifr_name = "tap0", .ifr_flags = IFF_TAP | IFF_NO_PI };
	unsigned char frame[256];
	struct script_answer answer;
	struct vt_script *xdp;
	unsigned int i, len;
	int fd;

	vt_run("modprobe tun");
	vt_run("test -e /dev/net/tun || { mkdir -p /dev/net && mknod /dev/net/tun c 10 200; }");
	fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &ifr))
		vt_die("tap0: %s", strerror(errno));
	vt_run("ip link set tap0 up");
	xdp = vt_script(NULL, "tap0", VT_XDP, &s);
	len = vt_frame(frame, 7000, 1, 100);
	/* The first packets of drivers without metadata are refused. */
	vt_plan_meet(send_to_tap, &(struct tap){ fd, frame, len });
	vt_script_set(xdp, &s);
	begin();
	vt_eq(write(fd, frame, len), len, "tun: written");
	vt_script_wait(xdp, 1);
	answer = vt_script_answer(xdp, 0);
	for (i = 0; i < 4; i++)
		vt_eq(answer.ret[i + 1], 0, "tun: op %u", i + 1);
	want[TRAITS_STAT_SET] = 2;
	want[TRAITS_STAT_DEL] = 1;
	want[TRAITS_STAT_BIND] = 1;
	want[TRAITS_STAT_PENDING] = answer.ret[0] ? 1 : 0;
	check("tun");
	vt_script_stop(xdp);
	close(fd);
}

int main(void)
{
	struct vt_script *redirect;
	unsigned int ids[4];

	vt_path(3);
	vt_keys_add(ids);
	redirect = vt_redirect("b", "left", "right", 7000);
	xdp_and_tc(ids);
	reading(ids);
	vt_script_stop(redirect);
	no_metadata(ids);
	vt_keys_del();
	return vt_done();
}
