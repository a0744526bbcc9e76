// SPDX-License-Identifier: GPL-2.0
/*
 * module: own
 * timeout: 480
 * While UDP and TCP packets keep coming: the module is loaded, keys are added, programs
 * attached that set traits and look at them; then all is taken down, in different orders, and
 * the module unloaded. No packet ever shows a wrong value, and nothing is left. VT_CYCLES= says
 * how often, in more than eight of them there is each order; make check-long has twenty and more.
 */
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kmod.h"
#include "path.h"
#include "script.h"
#include "vt.h"

#define PACKETS	40

static pid_t start(void (*traffic)(void))
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		vt_die("fork");
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* It is there whenever the case waits, and does not make it wait. */
	if (nice(10) < 0)
		_exit(1);
	/* What it would say is no line of this case. */
	if (!freopen("/dev/null", "w", stdout))
		_exit(1);
	for (;;)
		traffic();
}

static void udp(void)
{
	static unsigned int first;

	vt_send_seq(NULL, "a", vt_path_end(2), 7000, first, 30, 3);
	first += 30;
	usleep(10000);
}

static void tcp(void)
{
	vt_tcp_transfer("a", "b", vt_path_end(2), 7001, 64 << 10);
	usleep(20000);
}

static void cycle(unsigned int n)
{
	struct vt_script *xdp, *tc, *top = NULL;
	struct script set, check;
	struct script_sum sum;
	unsigned int ids[4], i;

	vt_load();
	vt_keys_add(ids);
	set = vt_set_seq(ids, n % 2 ? 7001 : 7000);
	check = vt_check_seq(ids, n % 2 ? 7001 : 7000);
	set.protocol = check.protocol = n % 2 ? IPPROTO_TCP : IPPROTO_UDP;

	/* Whoever looks comes first and last in every second cycle. */
	if (n & 2)
		tc = vt_script("b", "left", VT_TC_INGRESS, &check);
	xdp = vt_script("b", "left", VT_XDP, &set);
	if (!(n & 2))
		tc = vt_script("b", "left", VT_TC_INGRESS, &check);
	if (!(n % 2))
		top = vt_script("b", "left", VT_RECEIVE, &check);
	vt_script_wait(xdp, PACKETS);
	vt_script_wait(tc, PACKETS);

	/* In every second pair of cycles the keys go while all programs run. */
	if (n & 4) {
		vt_keys_del();
		sum = vt_script_sum(tc);
		vt_script_wait(tc, sum.packets + PACKETS);
	}
	if (n & 2)
		vt_script_stop(xdp);
	sum = vt_script_sum(tc);
	vt_script_stop(tc);
	if (!(n & 2))
		vt_script_stop(xdp);
	vt_ok(sum.op[0].ok && sum.op[3].ok, "cycle %u: %llu packets, right %llu, absent %llu", n,
	      sum.packets, sum.op[3].ok, sum.op[3].absent);
	for (i = 0; i < 4; i++)
		vt_eq(sum.op[i].wrong, 0, "cycle %u: nothing is wrong, size %u", n, vt_sizes[i]);
	if (top) {
		sum = vt_script_sum(top);
		vt_script_stop(top);
		vt_eq(sum.op[2].wrong, 0, "cycle %u: nor at the top of the stack", n);
	}
	/* In every second group of eight the module goes while it has keys. */
	if (!(n & 8))
		vt_keys_del();
	vt_unload();
	vt_ok(!*vt_traced(), "cycle %u: no function is traced", n);
	vt_ok(access("/sys/module/traits", F_OK), "cycle %u: the module is gone", n);
}

static void stop(pid_t pid, const char *what)
{
	int status = 0;

	vt_eq(waitpid(pid, &status, WNOHANG), 0, "%s kept coming", what);
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
}

int main(void)
{
	const char *cycles = getenv("VT_CYCLES");
	unsigned int n, end = cycles ? atoi(cycles) : 10;
	pid_t senders[2];

	vt_one_cpu_if_emulated();
	vt_path(2);
	vt_run("ip netns exec b ethtool -K left gro on");
	senders[0] = start(udp);
	senders[1] = start(tcp);
	for (n = 0; n < end; n++)
		cycle(n);
	stop(senders[0], "UDP");
	stop(senders[1], "TCP");
	return vt_done();
}
