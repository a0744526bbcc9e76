// SPDX-License-Identifier: GPL-2.0
/*
 * Eight processes add, change and delete keys at once. Whoever listens, also as nobody in another
 * user and network namespace, ends up with the registry as it is: notifications come in the
 * order of the changes. One that does not read is told that it missed some.
 */
#include <errno.h>
#include <grp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nl.h"
#include "vt.h"

#define PROCESSES	8
#define ROUNDS		12
#define ROOM		(8 << 20)	/* of a listener's socket: more than all notifications */

/* What a listener makes of the notifications */
static struct {
	bool there[TRAITS_KEYS_MAX];
	struct nl_key key[TRAITS_KEYS_MAX];
	int adds, sets, dels, wrong;
} seen;

static void apply(const struct nl_answer *note)
{
	const struct nl_key *key = &note->keys[0];
	bool there;

	if (note->n != 1 || key->id >= TRAITS_KEYS_MAX) {
		seen.wrong++;
		return;
	}
	there = seen.there[key->id];
	switch (note->cmd) {
	case TRAITS_CMD_KEY_ADD_NTF:
		seen.adds++;
		seen.wrong += there;
		break;
	case TRAITS_CMD_KEY_SET_NTF:
		seen.sets++;
		seen.wrong += !there || strcmp(seen.key[key->id].name, key->name);
		break;
	case TRAITS_CMD_KEY_DEL_NTF:
		seen.dels++;
		seen.wrong += !there || memcmp(&seen.key[key->id], key, sizeof(*key));
		break;
	default:
		seen.wrong++;
	}
	seen.there[key->id] = note->cmd != TRAITS_CMD_KEY_DEL_NTF;
	seen.key[key->id] = *key;
}

static void read_all(struct nl *listener)
{
	struct nl_answer note;

	memset(&seen, 0, sizeof(seen));
	while (!nl_silent(listener)) {
		memset(&note, 0, sizeof(note));
		nl_receive(listener, &note);
		apply(&note);
	}
}

static void set(struct nl *nl, const char *name, uint32_t user)
{
	struct nl_answer got;

	nl_begin(nl, TRAITS_CMD_KEY_SET, NLM_F_ACK);
	nl_put_str(nl, TRAITS_A_KEY_NAME, name);
	nl_put_u32(nl, TRAITS_A_KEY_USER, user);
	nl_put_str(nl, TRAITS_A_KEY_DESCRIPTION, user == TRAITS_USER_READ ? "read" : "written");
	nl_ask(nl, &got);
	if (got.err)
		exit(2);
}

/* Leaves one key of its own behind. */
static void write_keys(int me)
{
	char name[32];
	struct nl nl;
	int round;

	nl_open(&nl);
	for (round = 0; round < ROUNDS; round++) {
		snprintf(name, sizeof(name), "writer.%d/%d", me, round);
		if (nl_key_add(&nl, name, 4, -1, NULL))
			exit(1);
		set(&nl, name, TRAITS_USER_READ);
		set(&nl, name, TRAITS_USER_WRITE);
		if (round < ROUNDS - 1 && nl_key_del(&nl, name))
			exit(3);
	}
	exit(0);
}

static void give_room(struct nl *nl, int room)
{
	if (setsockopt(mnl_socket_get_fd(nl->socket), SOL_SOCKET, SO_RCVBUFFORCE, &room,
		       sizeof(room)))
		vt_die("socket buffer: %s", strerror(errno));
}

static bool like_the_dump(const struct nl_answer *dump)
{
	struct nl_key key;
	int i, n = 0;

	for (i = 0; i < TRAITS_KEYS_MAX; i++)
		n += seen.there[i];
	for (i = 0; i < dump->n; i++) {
		key = dump->keys[i];
		key.holds = 0;
		if (!seen.there[key.id] || memcmp(&seen.key[key.id], &key, sizeof(key)))
			return false;
	}
	return n == dump->n;
}

/* A listener whom nothing is allowed, and who reads when it is told to */
static int start_nobody(int *done)
{
	struct nl listener;
	int go[2], ready[2];
	char byte = 0;
	pid_t pid;

	if (pipe(go) || pipe(ready))
		vt_die("pipe: %s", strerror(errno));
	fflush(stdout);
	pid = fork();
	if (!pid) {
		/* Room has to be taken before what allows it is given up. */
		if (unshare(CLONE_NEWNET))
			exit(1);
		nl_open(&listener);
		give_room(&listener, ROOM);
		if (setgroups(0, NULL) || setgid(65534) || setuid(65534) || unshare(CLONE_NEWUSER))
			exit(1);
		nl_watch(&listener);
		if (write(ready[1], &byte, 1) != 1 || read(go[0], &byte, 1) != 1)
			exit(2);
		read_all(&listener);
		exit(seen.wrong ? 3 : seen.adds == PROCESSES * ROUNDS ? 0 : 4);
	}
	if (read(ready[0], &byte, 1) != 1)
		vt_die("the listener in another namespace ended");
	*done = go[1];
	return pid;
}

int main(void)
{
	int i, status, bad = 0, go, nobody;
	struct nl listener, deaf, nl;
	struct nl_answer dump;
	char name[32], byte;

	nl_open(&nl);
	nl_open(&listener);
	nl_open(&deaf);
	give_room(&listener, ROOM);
	give_room(&deaf, 4096);
	nl_watch(&listener);
	nl_watch(&deaf);
	nobody = start_nobody(&go);

	for (i = 0; i < PROCESSES; i++)
		if (!fork())
			write_keys(i + 1);
	for (i = 0; i < PROCESSES; i++) {
		wait(&status);
		bad += status != 0;
	}
	vt_ok(!bad, "%d processes did %d rounds each", PROCESSES, ROUNDS);
	read_all(&listener);
	vt_eq(seen.adds, PROCESSES * ROUNDS, "additions told");
	vt_eq(seen.sets, PROCESSES * ROUNDS * 2, "changes told");
	vt_eq(seen.dels, PROCESSES * (ROUNDS - 1), "deletions told");
	vt_eq(seen.wrong, 0, "each fits what was told before");
	nl_key_dump(&nl, &dump);
	vt_ok(dump.n == PROCESSES && like_the_dump(&dump), "they lead to what is there");

	if (write(go, "", 1) != 1)
		vt_die("write: %s", strerror(errno));
	waitpid(nobody, &status, 0);
	if (!vt_ok(!status, "nobody, in other namespaces, is told the same"))
		vt_note("status 0x%x", status);
	while (recv(mnl_socket_get_fd(deaf.socket), &byte, 1, MSG_DONTWAIT) >= 0)
		;
	vt_eq(errno, ENOBUFS, "who does not read is told that it missed some");

	for (i = 1; i <= PROCESSES; i++) {
		snprintf(name, sizeof(name), "writer.%d/%d", i, ROUNDS - 1);
		if (nl_key_del(&nl, name))
			vt_die("key %s cannot be deleted", name);
	}
	return vt_done();
}
