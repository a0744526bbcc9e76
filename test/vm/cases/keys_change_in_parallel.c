// SPDX-License-Identifier: GPL-2.0
/*
 * Eight processes add and delete keys at once, while one reads. No
 * id and no name is given out twice, nobody is refused who has the right to a
 * key, and in the end no key is left.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nl.h"
#include "vt.h"

#define PROCESSES	8
#define ROUNDS		8

/* Exit codes of a writer; 1 is that of vt_die(). */
enum { GOOD, ADD_FAILED = 10, ID_TAKEN, GET_WRONG, DEL_FAILED, CONTEST_FAILED, CONTEST_SHARED };

static struct {
	int owner[TRAITS_KEYS_MAX];	/* of an id: number of the writer, from 1 */
	int winner;			/* of the contested name */
	int wins;
	int losses;
} *shared;

static int contest(struct nl *nl, int me)
{
	int err = nl_key_add(nl, "contested", 8, -1, NULL);

	if (err == -EEXIST) {
		__atomic_add_fetch(&shared->losses, 1, __ATOMIC_SEQ_CST);
		return GOOD;
	}
	if (err)
		return CONTEST_FAILED;
	if (__atomic_exchange_n(&shared->winner, me, __ATOMIC_SEQ_CST))
		return CONTEST_SHARED;
	__atomic_add_fetch(&shared->wins, 1, __ATOMIC_SEQ_CST);
	/* Gives the name back before the kernel does: between the two nobody can have it. */
	__atomic_store_n(&shared->winner, 0, __ATOMIC_SEQ_CST);
	return nl_key_del(nl, "contested") ? DEL_FAILED : GOOD;
}

static int own_key(struct nl *nl, int me, int round)
{
	struct nl_answer got;
	struct nl_key key;
	char name[32];

	snprintf(name, sizeof(name), "writer.%d/%d", me, round);
	if (nl_key_add(nl, name, 4, -1, &key))
		return ADD_FAILED;
	if (__atomic_exchange_n(&shared->owner[key.id], me, __ATOMIC_SEQ_CST))
		return ID_TAKEN;

	nl_begin(nl, TRAITS_CMD_KEY_GET, NLM_F_ACK);
	nl_put_u32(nl, TRAITS_A_KEY_ID, key.id);
	nl_ask(nl, &got);
	if (got.err || got.n != 1 || strcmp(got.keys[0].name, name) || got.keys[0].size != 4)
		return GET_WRONG;

	__atomic_store_n(&shared->owner[key.id], 0, __ATOMIC_SEQ_CST);
	return nl_key_del(nl, name) ? DEL_FAILED : GOOD;
}

static int write_keys(int me)
{
	struct nl nl;
	int round, code;

	nl_open(&nl);
	for (round = 0; round < ROUNDS; round++) {
		code = own_key(&nl, me, round);
		if (!code)
			code = contest(&nl, me);
		if (code)
			return code;
	}
	return GOOD;
}

/* Ids rise, so they are unique; names have to be looked at. */
static bool plausible(const struct nl_answer *dump)
{
	int i, j;

	for (i = 1; i < dump->n; i++)
		for (j = 0; j < i; j++)
			if (dump->keys[i].id <= dump->keys[j].id ||
			    !strcmp(dump->keys[i].name, dump->keys[j].name))
				return false;
	return dump->n <= PROCESSES + 1;
}

int main(void)
{
	int i, status, running = PROCESSES, wrong = 0, bad = 0;
	unsigned int dumps = 0, quiet = 0;
	struct nl_answer dump;
	struct nl reader;

	nl_open(&reader);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		      -1, 0);
	if (shared == MAP_FAILED)
		vt_die("mmap: %s", strerror(errno));
	for (i = 0; i < PROCESSES; i++)
		if (!fork())
			_exit(write_keys(i + 1));

	while (running) {
		while (waitpid(-1, &status, WNOHANG) > 0) {
			running--;
			if (status) {
				bad++;
				vt_note("a writer ended with status 0x%x", status);
			}
		}
		nl_key_dump(&reader, &dump);
		dumps++;
		if (dump.interrupted)
			continue;
		quiet++;
		wrong += !plausible(&dump);
	}

	vt_ok(!bad, "%d processes did %d rounds each", PROCESSES, ROUNDS);
	vt_ok(shared->wins > 0 && shared->wins + shared->losses == PROCESSES * ROUNDS,
	      "one name, wanted by all: %d had it, %d did not", shared->wins, shared->losses);
	vt_ok(quiet && !wrong, "%u dumps, %u of one state, all plausible", dumps, quiet);
	nl_key_dump(&reader, &dump);
	vt_ok(!dump.n && !dump.interrupted, "no key is left");
	return vt_done();
}
