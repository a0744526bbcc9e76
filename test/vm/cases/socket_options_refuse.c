// SPDX-License-Identifier: GPL-2.0
/*
 * What the options refuse, as <linux/traits_socket.h> says: a whole call by its errno, elements
 * by theirs. A refused call has changed nothing. Keys are open to whom they say.
 */
#include <errno.h>
#include <grp.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/traits.h>

#include "script.h"
#include "so.h"
#include "vt.h"

#define PORT 7000

static unsigned int ids[4];
static const int flags[] = { TRAITS_SO_SAVE_SYN, TRAITS_SO_SAVE_DATA };
static const int arrays[] = { TRAITS_SO_SYN, TRAITS_SO_SEND };

static void tcp_flags(enum so_way way)
{
	int fd = so_socket(way, SOCK_STREAM, 0);
	unsigned int i;
	char byte = 1;

	for (i = 0; i < 2; i++) {
		vt_eq(so_get_int(fd, flags[i]), 0, "%s: flag %u is off", so_way_name[way], i);
		vt_eq(so_set_int(fd, flags[i], 1), 0, "it can be set");
		vt_eq(so_get_int(fd, flags[i]), 1, "it is set");
		vt_eq(so_set_int(fd, flags[i], 2), EINVAL, "2 is not a flag");
		vt_eq(so_set_int(fd, flags[i], -1), EINVAL, "-1 is not a flag");
		vt_eq(so_set(fd, flags[i], &byte, 1), EINVAL, "a byte is not an int");
		vt_eq(so_get_int(fd, flags[i]), 1, "it is still set");
		vt_eq(so_set_int(fd, flags[i], 0), 0, "it can be cleared");
		vt_eq(so_get_int(fd, flags[i]), 0, "it is cleared");
		vt_eq(so_set_int(fd, flags[i], 0), 0, "and cleared once more");
	}
	vt_eq(so_set_int(fd, TRAITS_SO_CMSG, 1), EOPNOTSUPP, "TCP has no datagrams");
	vt_eq(so_set_int(fd, TRAITS_SO_CHECK, 1), EOPNOTSUPP, "a check cannot be set");
	vt_eq(so_set_int(fd, TRAITS_SO_DATA, 1), EOPNOTSUPP, "nor what data had");
	vt_eq(so_set_int(fd, TRAITS_SO_CHECK + 1, 1), EOPNOTSUPP, "an option that is not there");
	close(fd);
}

static void array_sizes(int option, enum so_way way)
{
	int fd = so_socket(way, SOCK_STREAM, 0);
	struct pkt_trait t[66] = {}, want[1] = {};
	socklen_t len;
	int i;

	for (i = 0; i < 65; i++)
		t[i].key = ids[1];
	want[0] = so_trait(ids[1], 4, 1);
	so_set_traits(fd, option, want, 1);
	vt_eq(so_set_traits(fd, option, t, 0), EINVAL, "option %#x: set: empty", option);
	vt_eq(so_set(fd, option, t, 1), EINVAL, "set: one byte");
	vt_eq(so_set(fd, option, t, sizeof(t[0]) - 1), EINVAL, "set: a byte too short");
	vt_eq(so_set(fd, option, t, sizeof(t[0]) + 1), EINVAL, "set: a byte too long");
	vt_eq(so_set_traits(fd, option, t, 65), EINVAL, "set: 65 elements");
	vt_eq(so_set(fd, option, NULL, sizeof(t[0])), EFAULT, "set: no memory there");
	so_has(fd, option, want, 1, "nothing has changed");
	len = 0;
	vt_eq(so_get(fd, option, t, &len), EINVAL, "get: empty");
	len = sizeof(t[0]) - 1;
	vt_eq(so_get(fd, option, t, &len), EINVAL, "get: a byte too short");
	len = sizeof(t[0]) + 1;
	vt_eq(so_get(fd, option, t, &len), EINVAL, "get: a byte too long");
	len = 65 * sizeof(t[0]);
	vt_eq(so_get(fd, option, t, &len), EINVAL, "get: 65 elements");
	len = sizeof(t[0]);
	vt_eq(so_get(fd, option, NULL, &len), EFAULT, "get: no memory there");
	len = 64 * sizeof(t[0]);
	vt_eq(so_get(fd, option, t, &len), 0, "get: 64 elements, all the same");
	vt_ok(len == 64 * sizeof(t[0]) && !memcmp(t + 63, want, sizeof(t[0])), "each is filled in");
	close(fd);
}

/* An element that cannot be set: errno of it, as TRAITS_SO_CHECK tells, and nothing is set. */
static void bad_element(int fd, int option, struct pkt_trait bad, int want, const char *what)
{
	struct pkt_trait t[3] = { so_trait(ids[1], 4, 5), bad, so_trait(ids[2], 8, 5) };

	vt_eq(so_set_traits(fd, option, t, 3), EIO, "%s", what);
	vt_eq(so_get_traits(fd, TRAITS_SO_CHECK, t, 3), EIO, "%s: checked", what);
	vt_eq(t[1].io_err, want, "%s: its errno", what);
	vt_ok(!t[0].io_err && !t[2].io_err, "%s: the others are right", what);
}

static void elements(int option, enum so_way way)
{
	int fd = so_socket(way, SOCK_STREAM, 0);
	struct pkt_trait t[64], good = so_trait(ids[1], 4, 9), bad;
	unsigned int big[16], i;
	char name[8];

	so_set_traits(fd, option, &good, 1);
	bad = good;
	bad.key = 64;
	bad_element(fd, option, bad, EINVAL, "key 64");
	bad.key = TRAITS_KEY_WILDCARD;
	bad_element(fd, option, bad, EINVAL, "wildcard");
	bad.key = ids[3] + 1;
	bad_element(fd, option, bad, ENOKEY, "key that is not registered");
	for (i = 1; i < 255; i++) {
		bad = good;
		bad.len = i;
		if (i == 4)
			continue;
		memset(bad.val, 0, sizeof(bad.val));
		if (so_set_traits(fd, option, &bad, 1) != EIO)
			break;
	}
	vt_eq(i, 255, "all other lengths are refused");
	bad = so_trait(ids[0], 4, 1);
	bad_element(fd, option, bad, EINVAL, "a flag of 4 bytes");
	bad = so_trait(ids[1], 0, 1);
	bad_element(fd, option, bad, EINVAL, "4 bytes as a flag");
	bad = good;
	bad.pad = 1;
	bad_element(fd, option, bad, EINVAL, "padding");
	bad = good;
	bad.pad2 = 1;
	bad_element(fd, option, bad, EINVAL, "more padding");
	bad = good;
	bad.io_err = 5;
	bad_element(fd, option, bad, EINVAL, "an error that was read");
	bad = good;
	bad.val[1] = 1;
	bad_element(fd, option, bad, EINVAL, "bytes behind the value");
	bad = good;
	bad.len = 0;
	bad_element(fd, option, bad, EINVAL, "a value without length");
	so_has(fd, option, &good, 1, "nothing has changed");

	/* 15 values of 16 bytes, and 8 and 4 more, is all that there is room for. */
	for (i = 0; i < 16; i++) {
		snprintf(name, sizeof(name), "big%u", i);
		big[i] = so_key(name, 16, TRAITS_USER_WRITE, -1);
		t[i] = so_trait(big[i], 16, i);
	}
	t[15] = so_trait(ids[2], 8, 1);
	t[16] = so_trait(ids[1], 4, 1);
	vt_eq(so_set_traits(fd, option, t, 17), 0, "252 bytes of values");
	t[17] = so_trait(big[15], 16, 1);
	vt_eq(so_set_traits(fd, option, t, 18), EIO, "more is refused");
	vt_eq(so_get_traits(fd, TRAITS_SO_CHECK, t, 18), EIO, "checked");
	vt_eq(t[17].io_err, ENOSPC, "ENOSPC");
	t[17] = so_trait(ids[0], 0, 1);
	vt_eq(so_set_traits(fd, option, t, 18), 0, "a flag needs no room");
	for (i = 0; i < 16; i++) {
		snprintf(name, sizeof(name), "big%u", i);
		vt_key_del(name);
	}
	so_set_traits(fd, option, &good, 1);
	memset(t, 0, sizeof(t));
	t[0].key = 64;
	t[1].key = ids[3] + 1;
	t[2].key = ids[1];
	t[3].key = ids[2];
	t[4].key = ids[1];
	t[4].pad = 1;
	vt_eq(so_get_traits(fd, option, t, 5), EIO, "reading: some cannot be read");
	vt_ok(t[0].io_err == EINVAL && t[1].io_err == ENOKEY && t[4].io_err == EINVAL &&
	      !t[3].io_err && !t[3].len, "each for its own reason");
	vt_ok(!memcmp(t + 2, &good, sizeof(good)), "the others are read");
	vt_eq(so_set_traits(fd, option, t + 2, 2), 0, "what was read can be set");
	so_has(fd, option, &good, 1, "and is the same");
	close(fd);
}

static void wildcard(int option, enum so_way way)
{
	struct pkt_trait t[4], got[64] = { { .key = TRAITS_KEY_WILDCARD } };
	int fd = so_socket(way, SOCK_STREAM, 0);
	socklen_t len = sizeof(got[0]);

	vt_eq(so_get(fd, option, got, &len), 0, "nothing to dump");
	vt_eq(len, 0, "no element");
	so_traits(t, ids, 3);
	so_set_traits(fd, option, t, 4);
	memset(got, 0xee, sizeof(got));
	got[0].key = TRAITS_KEY_WILDCARD;
	len = 3 * sizeof(got[0]);
	vt_eq(so_get(fd, option, got, &len), ENOSPC, "three elements are too few for four");
	len = 4 * sizeof(got[0]);
	vt_eq(so_get(fd, option, got, &len), 0, "four are enough");
	so_same(got, len / sizeof(got[0]), t, 4, "all are there");
	vt_eq(so_set(fd, option, got, len), 0, "what was dumped can be set");
	so_has(fd, option, t, 4, "and is the same");
	close(fd);
}

static void other_sockets(void)
{
	int on = 1, fd, i;
	struct pkt_trait t = so_trait(ids[1], 4, 1);

	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	vt_eq(so_set_traits(fd, TRAITS_SO_SEND, &t, 1), EOPNOTSUPP, "AF_UNIX");
	close(fd);
	fd = socket(AF_PACKET, SOCK_RAW, 0);
	vt_eq(so_set_traits(fd, TRAITS_SO_SEND, &t, 1), ENOPROTOOPT, "AF_PACKET");
	close(fd);
	fd = socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP);
	if (fd < 0) {
		vt_note("no SCTP here: %s", strerror(errno));
	} else {
		vt_eq(so_set_traits(fd, TRAITS_SO_SEND, &t, 1), EOPNOTSUPP, "SCTP");
		vt_eq(so_set_int(fd, TRAITS_SO_SAVE_SYN, 1), EOPNOTSUPP, "SCTP has no SYN");
		close(fd);
	}
	fd = socket(AF_INET, SOCK_STREAM, 262 /* IPPROTO_MPTCP */);
	if (fd >= 0) {
		i = so_set_int(fd, TRAITS_SO_SAVE_SYN, 1);
		vt_ok(i == EOPNOTSUPP || i == ENOPROTOOPT, "MPTCP: %s", strerror(i));
		close(fd);
	}
	for (i = 0; i < 2; i++) {
		fd = so_socket(i ? SO_IPV6 : SO_IPV4, SOCK_DGRAM, 0);
		vt_eq(so_set_int(fd, TRAITS_SO_SAVE_SYN, 1), EOPNOTSUPP, "UDP has no SYN");
		vt_eq(so_set_traits(fd, TRAITS_SO_SYN, &t, 1), EOPNOTSUPP, "nor its traits");
		vt_eq(so_set_int(fd, TRAITS_SO_CMSG, 4), EINVAL, "4 is no flag of TRAITS_SO_CMSG");
		vt_eq(so_set_traits(fd, TRAITS_SO_SEND, &t, 1), 0, "its own traits it has");
		vt_eq(setsockopt(fd, i ? SOL_IPV6 : SOL_IP, TRAITS_SO_CMSG, &on, sizeof(on)), 0,
		      "by the level of its family");
		close(fd);
	}
}

/* A socket with two traits, one of which is closed */
static void closed_key(int fd, const struct pkt_trait t[2])
{
	struct pkt_trait got[2] = { { .key = t[0].key }, { .key = t[1].key } };

	vt_eq(so_get_traits(fd, TRAITS_SO_SEND, got, 2), EIO, "closed: an element is not read");
	vt_eq(got[1].io_err, EACCES, "EACCES");
	vt_ok(!got[1].len && !got[1].val[0], "and nothing of it is told");
	vt_ok(!memcmp(got, t, sizeof(got[0])), "the open one is read");
	so_has(fd, TRAITS_SO_SEND, t, 1, "a dump has only the open one");
	vt_eq(so_set_traits(fd, TRAITS_SO_SEND, t, 2), EIO, "nor can it be set");
}

/* In a child that is in no group but 1000: errors of reading and setting */
static void as_stranger(int fd, const struct pkt_trait *t, int want_get, int want_set,
			int want_dump, const char *what)
{
	int status, pid = fork();

	if (!pid) {
		struct pkt_trait got[4] = { { .key = t->key } };
		socklen_t len = sizeof(got);

		if (setgroups(0, NULL) || setresgid(1000, 1000, 1000) || setresuid(99, 99, 99))
			_exit(100);
		if (so_get_traits(fd, TRAITS_SO_SEND, got, 1) != want_get)
			_exit(1);
		if (so_set_traits(fd, TRAITS_SO_SEND, t, 1) != want_set)
			_exit(2);
		got[0].key = TRAITS_KEY_WILDCARD;
		if (so_get(fd, TRAITS_SO_SEND, got, &len) || (int)(len / sizeof(got[0])) != want_dump)
			_exit(3);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	vt_eq(WIFEXITED(status) ? WEXITSTATUS(status) : -1, 0, "%s", what);
}

/* As root of a user namespace of its own, which may call itself a member of any group there */
static void as_other_root(int fd, const struct pkt_trait *t, int want, const char *what)
{
	int status, pid = fork();

	if (!pid) {
		struct pkt_trait got = { .key = t->key };

		if (setgroups(0, NULL) || setresgid(1000, 1000, 1000) || setresuid(99, 99, 99) ||
		    unshare(CLONE_NEWUSER) || prctl(PR_SET_DUMPABLE, 1))
			_exit(100);
		vt_write_file("/proc/self/setgroups", "deny");
		vt_write_file("/proc/self/gid_map", "4242 1000 1");
		_exit(so_get_traits(fd, TRAITS_SO_SEND, &got, 1) != want ||
		      so_set_traits(fd, TRAITS_SO_SEND, t, 1) != want);
	}
	waitpid(pid, &status, 0);
	vt_eq(WIFEXITED(status) ? WEXITSTATUS(status) : -1, 0, "%s", what);
}

static void permissions(void)
{
	int fd = so_socket(SO_IPV4, SOCK_DGRAM, 0);
	struct pkt_trait t[2], group;

	t[0] = so_trait(ids[1], 4, 1);
	t[1] = so_trait(so_key("private", 8, TRAITS_USER_WRITE, -1), 8, 1);
	so_set_traits(fd, TRAITS_SO_SEND, t, 2);
	as_stranger(fd, t + 1, 0, 0, 1, "a key that is open to all");
	so_set_traits(fd, TRAITS_SO_SEND, t, 2);
	so_key_user("private", TRAITS_USER_READ);
	as_stranger(fd, t + 1, 0, EIO, 2, "a key that can only be read");
	so_key_user("private", TRAITS_USER_NONE);
	closed_key(fd, t);
	as_stranger(fd, t + 1, EIO, EIO, 1, "a key that is closed");
	vt_key_del("private");

	group = so_trait(so_key("group", 8, TRAITS_USER_WRITE, 4242), 8, 1);
	if (setgroups(1, &(gid_t){ 4242 }))
		vt_die("setgroups: %s", strerror(errno));
	vt_eq(so_set_traits(fd, TRAITS_SO_SEND, &group, 1), 0, "a member of the group may");
	as_stranger(fd, &group, EIO, EIO, 0, "others may not");
	as_other_root(fd, &group, EIO, "nor those who call their own group so");
	setgroups(0, NULL);
	vt_eq(so_set_traits(fd, TRAITS_SO_SEND, &group, 1), EIO, "nor root as such");
	vt_key_del("group");
	group = so_trait(so_key("mine", 8, TRAITS_USER_WRITE, 1000), 8, 1);
	as_other_root(fd, &group, 0, "a member in a user namespace may");
	close(fd);
}

static void without_keys(void)
{
	int fd = so_socket(SO_IPV4, SOCK_STREAM, 0);
	struct pkt_trait t = so_trait(0, 4, 1);

	vt_keys_del();
	vt_eq(so_set_int(fd, TRAITS_SO_SAVE_SYN, 1), 0, "without any key options can be set");
	vt_eq(so_set_traits(fd, TRAITS_SO_SYN, &t, 1), EIO, "and traits cannot");
	so_has(fd, TRAITS_SO_SYN, &t, 0, "there are none");
	close(fd);
}

int main(void)
{
	enum so_way way;
	unsigned int i;

	so_netns();
	so_keys(ids);
	tcp_flags(SO_IPV4);
	tcp_flags(SO_IPV6);
	for (i = 0; i < 2; i++) {
		for (way = 0; way < SO_MAPPED; way++) {
			array_sizes(arrays[i], way);
			elements(arrays[i], way);
			wildcard(arrays[i], way);
		}
	}
	other_sockets();
	permissions();
	without_keys();
	return vt_done();
}
