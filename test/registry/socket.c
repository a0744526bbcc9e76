// SPDX-License-Identifier: GPL-2.0
/* Sockets that use traits are opened and closed at random, and need hooks beside those of keys. */
#include <errno.h>

#include "model.h"

#define SOCKETS 8

/* What each open socket needs; 0: closed */
static u32 sockets[SOCKETS];

u32 sockets_need(void)
{
	u32 needs = 0;
	int i;

	for (i = 0; i < SOCKETS; i++)
		needs |= sockets[i];
	return needs;
}

static u32 random_needs(void)
{
	u32 needs = TRAITS_NEED_SOCKET;
	u32 bit;

	for (bit = TRAITS_NEED_SYN; bit <= TRAITS_NEED_SEND; bit <<= 1)
		if (!(rand() % 4))
			needs |= bit;
	return needs;
}

/*
 * The first hooks are those that tell of a socket's end, then come the others, if there is a key.
 * Either of these may fail.
 */
static int expected(int error, int good)
{
	u32 missing = sockets_need() & TRAITS_NEED_SOCKET & ~attached;

	if (!error)
		return 0;
	if (missing && !good--)
		return error;
	return model_needs() & ~attached & ~missing && !good ? error : 0;
}

bool random_sockets(void)
{
	u32 old[SOCKETS], hooks = attached;
	int i = rand() % SOCKETS, want, got;
	unsigned int before = seq();

	memcpy(old, sockets, sizeof(old));
	/* Sometimes all the others are closed. */
	if (!(rand() % 16))
		memset(sockets, 0, sizeof(sockets));
	sockets[i] = old[i] ? 0 : random_needs();
	attach_error = rand() % 4 ? 0 : -EBUSY;
	attach_good = rand() % 2;
	want = expected(attach_error, attach_good);
	got = traits_registry_sockets(sockets_need());
	attach_error = 0;
	attach_good = 0;
	if (got != want || seq() != before)
		return false;
	if (!want)
		return true;
	memcpy(sockets, old, sizeof(old));
	return attached == hooks;
}

bool sockets_close(void)
{
	memset(sockets, 0, sizeof(sockets));
	return !traits_registry_sockets(0);
}
