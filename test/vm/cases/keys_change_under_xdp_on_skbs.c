// SPDX-License-Identifier: GPL-2.0
/*
 * timeout: 480
 * While packets run through generic XDP, and through native XDP on the skbs of
 * a veth, the first key is added and the last one deleted, again and again: a
 * program can be running when the hooks come or go. No packet ever shows
 * a wrong value, and when the keys stay, all is as it should be.
 */
#include <linux/bpf.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "path.h"
#include "script.h"
#include "vt.h"

#define CYCLES	3
#define PACKETS	300

static pid_t start_traffic(void)
{
	unsigned int first = 0;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		vt_die("fork");
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* It is there whenever the case waits, and does not make it wait. */
	if (nice(10) < 0 || !freopen("/dev/null", "w", stdout))
		_exit(1);
	for (;; first += 30) {
		vt_send_seq(NULL, "a", vt_path_end(3), 7000, first, 30, 3);
		usleep(10000);
	}
}

/* b sets traits; c's XDP in @place, and TC, look at them. */
static void run(enum vt_place place, const char *what)
{
	struct script set, check;
	struct vt_script *b, *c, *tc;
	struct script_sum in_xdp, in_tc;
	unsigned int ids[4], i;
	char text[64];
	pid_t pid;

	vt_keys_add(ids);
	set = vt_set_seq(ids, 7000);
	check = vt_check_seq(ids, 7000);
	b = vt_script("b", "left", place, &set);
	tc = vt_script("c", "left", VT_TC_INGRESS, &check);
	check.action = check.action_bare = XDP_PASS;
	c = vt_script("c", "left", place, &check);
	pid = start_traffic();
	for (i = 0; i < CYCLES; i++) {
		vt_script_wait(tc, vt_script_sum(tc).packets + 20);
		vt_keys_del();
		vt_script_wait(tc, vt_script_sum(tc).packets + 20);
		vt_keys_add(ids);
	}
	vt_eq(waitpid(pid, NULL, WNOHANG), 0, "%s: packets kept coming", what);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	in_xdp = vt_script_sum(c);
	in_tc = vt_script_sum(tc);
	vt_ok(in_xdp.op[3].ok && in_xdp.op[3].absent, "%s: XDP saw packets with and without traits",
	      what);
	for (i = 0; i < 4; i++) {
		vt_eq(in_xdp.op[i].wrong, 0, "%s: nothing is wrong in XDP, size %u", what,
		      vt_sizes[i]);
		vt_eq(in_tc.op[i].wrong, 0, "%s: nothing is wrong in TC, size %u", what,
		      vt_sizes[i]);
	}

	/* By another port, for packets may still be on their way. */
	set.port = check.port = 7001;
	vt_script_set(b, &set);
	vt_script_set(c, &check);
	check.action = check.action_bare = 0;
	vt_script_set(tc, &check);
	vt_send_seq(tc, "a", vt_path_end(3), 7001, 1, PACKETS, 3);
	snprintf(text, sizeof(text), "%s: keys stay, XDP", what);
	vt_all_right(c, PACKETS, text);
	snprintf(text, sizeof(text), "%s: keys stay, TC", what);
	vt_all_right(tc, PACKETS, text);
	vt_script_stop(b);
	vt_script_stop(c);
	vt_script_stop(tc);
	vt_keys_del();
}

int main(void)
{
	vt_one_cpu_if_emulated();
	vt_path(3);
	run(VT_XDP_GENERIC, "generic");
	run(VT_XDP, "veth");
	return vt_done();
}
