// SPDX-License-Identifier: GPL-2.0
/*
 * Eight processes set and take back headroom of the same devices at once, while another makes
 * and removes one of them and a ninth reads. Each answer is of one state, and in the end each
 * device has what it needs itself.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <traits/traits.h>

#include "vt.h"

#define PROCESSES	8
#define ROUNDS		100
#define COMINGS		10

/* Exit codes of a writer; 1 is that of vt_die(). */
enum { GOOD, SET_FAILED = 10, TORN, GONE_FAILED };

/* A VLAN needs 4 bytes itself. */
static bool of_one_state(const struct traits_dev *dev)
{
	unsigned int own = !strncmp(dev->name, "vlan", 4) ? 4 : 0;

	return dev->needed == (dev->headroom ? (own + dev->headroom) | 1 : own);
}

static int change(int me)
{
	static const char *const names[] = { "shared", "vlan5", "comes" };
	struct traits *t = traits_open();
	struct traits_dev dev;
	unsigned int headroom;
	int i, err;

	srand(me);
	for (i = 0; t && i < ROUNDS; i++) {
		const char *name = names[rand() % 3];

		headroom = rand() % 3 ? rand() % (TRAITS_HEADROOM_MAX + 1) : 0;
		err = traits_dev_set(t, name, headroom, &dev);
		if (err == -ENODEV && !strcmp(name, "comes"))
			continue;
		if (err)
			return SET_FAILED;
		if (dev.headroom != headroom || strcmp(dev.name, name) || !of_one_state(&dev))
			return TORN;
	}
	traits_close(t);
	return t ? GOOD : SET_FAILED;
}

static int come_and_go(void)
{
	struct traits *t = traits_open();
	struct traits_dev dev;
	int i, err;

	for (i = 0; t && i < COMINGS; i++) {
		if (system("ip link add comes type dummy") || system("ip link set comes up"))
			return 1;
		err = traits_dev_set(t, "comes", 8, &dev);
		if (err || !of_one_state(&dev))
			return err ? SET_FAILED : TORN;
		if (system("ip link del comes"))
			return 1;
		if (traits_dev_get(t, "comes", &dev) != -ENODEV)
			return GONE_FAILED;
	}
	traits_close(t);
	return t ? GOOD : SET_FAILED;
}

static bool plausible(const struct traits_dev *devs, int n)
{
	int i;

	for (i = 0; i < n; i++)
		if (!of_one_state(&devs[i]) || !devs[i].headroom ||
		    (i && devs[i].ifindex <= devs[i - 1].ifindex))
			return false;
	return n <= 3;
}

static void at_last(struct traits *t, const char *name, unsigned int own)
{
	struct traits_dev dev = {};

	vt_eq(traits_dev_set(t, name, 0, NULL), 0, "%s: headroom can be taken back", name);
	traits_dev_get(t, name, &dev);
	vt_eq(dev.headroom, 0, "%s: nothing is asked for", name);
	vt_eq(dev.needed, own, "%s: it needs what it needed", name);
}

int main(void)
{
	int i, n, status, running = PROCESSES + 1, bad = 0, wrong = 0;
	unsigned int dumps = 0, quiet = 0;
	struct traits_dev devs[3];
	struct traits *t;

	vt_run("ip netns add parallel");
	close(vt_ns_enter("parallel"));
	vt_run("ip link add shared type dummy");
	vt_run("ip link add link shared name vlan5 type vlan id 5");
	t = traits_open();
	if (!t)
		vt_die("registry: %s", strerror(errno));

	fflush(stdout);
	for (i = 0; i <= PROCESSES; i++)
		if (!fork())
			_exit(i ? change(i) : come_and_go());
	while (running) {
		while (waitpid(-1, &status, WNOHANG) > 0) {
			running--;
			if (status) {
				bad++;
				vt_note("a process ended with status 0x%x", status);
			}
		}
		n = traits_dev_dump(t, devs, 3);
		dumps++;
		if (n < 0)
			continue;
		quiet++;
		wrong += !plausible(devs, n);
	}
	vt_ok(!bad, "%d processes did %d rounds each, a device came and went %d times", PROCESSES,
	      ROUNDS, COMINGS);
	vt_ok(quiet && !wrong, "%u dumps, %u of one state, all plausible", dumps, quiet);
	at_last(t, "shared", 0);
	at_last(t, "vlan5", 4);
	vt_eq(traits_dev_dump(t, devs, 3), 0, "no device is listed");
	traits_close(t);
	return vt_done();
}
