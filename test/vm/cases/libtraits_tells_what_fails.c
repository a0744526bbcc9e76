// SPDX-License-Identifier: GPL-2.0
/*
 * series: 6.12
 * When a system call on a socket fails, whatever the reason, libtraits' functions for sockets
 * return it, and have not changed what they were given. The calls are made to fail by seccomp,
 * as `strace -e inject` does.
 */
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <linux/traits.h>
#include <traits/socket.h>

#include "script.h"
#include "so.h"
#include "vt.h"

static unsigned int ids[4];

/* From now on this process' calls @nr with level SOL_IP end in @err. */
static bool inject(int nr, int err)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[1])),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SOL_IP, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | err),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = { .len = sizeof(code) / sizeof(code[0]), .filter = code };

	return !prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) &&
	       !prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog);
}

/* Which of the functions does not do right; 0: none */
static int child(int nr, int err)
{
	int from = so_socket(SO_IPV4, SOCK_DGRAM, 0), to = so_socket(SO_IPV4, SOCK_DGRAM, 0);
	bool get = nr == SYS_getsockopt;
	struct pkt_trait t[4], array[4];

	so_traits(t, ids, 1);
	memcpy(array, t, sizeof(t));
	if (traits_sock_set(from, TRAITS_SO_SEND, t, 4) || !inject(nr, err))
		return 100;
	if (traits_sock_set(to, TRAITS_SO_SEND, array, 4) != (get ? 0 : -err) ||
	    memcmp(array, t, sizeof(t)))
		return 1;
	if (traits_sock_get(from, TRAITS_SO_SEND, array, 4) != (get ? -err : 0) ||
	    memcmp(array, t, sizeof(t)))
		return 2;
	if (traits_sock_dump(from, TRAITS_SO_SEND, array, 4) != (get ? -err : 4))
		return 3;
	/* Of what can be read nothing can be set, and that is an error of the whole. */
	if (traits_sock_copy(from, TRAITS_SO_SEND, to, TRAITS_SO_SEND) != -err)
		return 4;
	if (traits_sock_set_writable(to, TRAITS_SO_SEND, t, 4) != -err ||
	    traits_sock_writable(to, t, 4) != (get ? -err : 4))
		return 5;
	return 0;
}

int main(void)
{
	static const int calls[] = { SYS_setsockopt, SYS_getsockopt };
	static const int errors[] = { ENOMEM, EFAULT, ENOPROTOOPT, EINTR, EIO };
	int i, k, pid, status;

	so_netns();
	so_keys(ids);
	for (i = 0; i < 2; i++) {
		for (k = 0; k < 5; k++) {
			pid = fork();
			if (!pid)
				_exit(child(calls[i], errors[k]));
			waitpid(pid, &status, 0);
			vt_eq(WIFEXITED(status) ? WEXITSTATUS(status) : -1, 0, "%s: %s",
			      i ? "getsockopt" : "setsockopt", strerror(errors[k]));
		}
	}
	vt_keys_del();
	return vt_done();
}
