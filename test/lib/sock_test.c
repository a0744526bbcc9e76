// SPDX-License-Identifier: GPL-2.0
/*
 * What libtraits' functions for sockets make of the answers of a kernel, which is played here: a
 * socket is a number, and has what was set last. sock_test NAME: exit code 0 if all was right.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <netinet/in.h>
#include <traits/socket.h>

#define FROM	10
#define TO	11

/* Keys that this process may write, and those that it may once it has been told so. */
static unsigned long long writable = ~0ULL, closing;
static struct pkt_trait set[2][TRAITS_KEYS_MAX];
static size_t n_set[2];
static int sets, fail, fail_check;

static bool takes(const struct pkt_trait *t)
{
	return !t->len || writable >> t->key & 1;
}

static bool check(struct pkt_trait *array, size_t n, bool tell)
{
	bool good = true;
	size_t i;

	for (i = 0; i < n; i++) {
		if (tell)
			array[i].io_err = takes(&array[i]) ? 0 : EACCES;
		good = good && takes(&array[i]);
	}
	return good;
}

static int error(int err)
{
	errno = err;
	return -1;
}

int getsockopt(int fd, int level, int option, void *val, socklen_t *len)
{
	bool good;

	if (level == SOL_SOCKET) {
		*(int *)val = option == SO_TYPE ? SOCK_DGRAM : AF_INET;
		return 0;
	}
	if (fail)
		return error(fail);
	if (option == TRAITS_SO_CHECK && fail_check)
		return error(fail_check);
	if (option == TRAITS_SO_CHECK) {
		good = check(val, *len / sizeof(struct pkt_trait), true);
		/* From now on the key is closed. */
		writable &= ~closing;
		return good ? 0 : error(EIO);
	}
	*len = n_set[fd - FROM] * sizeof(struct pkt_trait);
	memcpy(val, set[fd - FROM], *len);
	return 0;
}

int setsockopt(int fd, int level, int option, const void *val, socklen_t len)
{
	size_t n = len / sizeof(struct pkt_trait), i;
	struct pkt_trait array[TRAITS_KEYS_MAX];

	(void)level;
	(void)option;
	sets++;
	if (!n)
		return error(EINVAL);
	memcpy(array, val, len);
	if (!check(array, n, false))
		return error(EIO);
	n_set[fd - FROM] = 0;
	for (i = 0; i < n; i++)
		if (array[i].len)
			set[fd - FROM][n_set[fd - FROM]++] = array[i];
	return 0;
}

/* Keys 0 to @n - 1 */
static void fill(struct pkt_trait *array, int n)
{
	int i;

	memset(array, 0, TRAITS_KEYS_MAX * sizeof(*array));
	for (i = 0; i < n; i++)
		array[i] = (struct pkt_trait){ .key = i, .len = 8, .val = { 100 + i } };
}

/* Keys in the order of the array, 'x' before those that have a reason */
static bool is(const struct pkt_trait *array, size_t n, const char *want)
{
	char text[256] = "";
	size_t i, len = 0;

	for (i = 0; i < n; i++) {
		if (array[i].val[0] != 100u + array[i].key || (array[i].io_err | EACCES) != EACCES)
			return false;
		len += sprintf(text + len, "%s%u ", array[i].io_err ? "x" : "", array[i].key);
	}
	if (strcmp(text, want))
		fprintf(stderr, "\"%s\" instead of \"%s\"\n", text, want);
	return !strcmp(text, want);
}

static bool writable_come_first(void)
{
	struct pkt_trait array[TRAITS_KEYS_MAX];

	writable = 0x35;
	fill(array, 6);
	return traits_sock_writable(TO, array, 6) == 4 && is(array, 6, "0 2 4 5 x1 x3 ") && !sets;
}

static bool all_are_writable(void)
{
	struct pkt_trait array[TRAITS_KEYS_MAX];

	fill(array, 3);
	return traits_sock_writable(TO, array, 3) == 3 && is(array, 3, "0 1 2 ") &&
	       traits_sock_writable(TO, array, 0) == 0;
}

static bool too_many(void)
{
	struct pkt_trait array[TRAITS_KEYS_MAX + 1] = {};

	return traits_sock_writable(TO, array, TRAITS_KEYS_MAX + 1) == -EINVAL &&
	       traits_sock_set_writable(TO, TRAITS_SO_SEND, array, TRAITS_KEYS_MAX + 1) == -EINVAL &&
	       !sets;
}

static bool sets_what_it_may(void)
{
	struct pkt_trait array[TRAITS_KEYS_MAX];

	writable = 0xa;
	fill(array, 5);
	return traits_sock_set_writable(TO, TRAITS_SO_SEND, array, 5) == 2 &&
	       is(array, 5, "1 3 x0 x2 x4 ") && is(set[1], n_set[1], "1 3 ");
}

static bool sets_nothing_in_place_of_what_was_there(void)
{
	struct pkt_trait array[TRAITS_KEYS_MAX];

	fill(array, 2);
	if (traits_sock_set_writable(TO, TRAITS_SO_SEND, array, 2) != 2 || n_set[1] != 2)
		return false;
	writable = 0;
	return traits_sock_set_writable(TO, TRAITS_SO_SEND, array, 2) == 0 && !n_set[1] &&
	       is(array, 2, "x0 x1 ");
}

/* Asked about it is open, and set it is not any more. */
static bool a_key_is_closed_meanwhile(void)
{
	struct pkt_trait array[TRAITS_KEYS_MAX];

	writable = 0x7;
	closing = 0x2;
	fill(array, 4);
	return traits_sock_set_writable(TO, TRAITS_SO_SEND, array, 4) == 2 && sets == 2 &&
	       is(array, 4, "0 2 x1 x3 ") && is(set[1], n_set[1], "0 2 ");
}

static bool copies(void)
{
	fill(set[0], 4);
	n_set[0] = 4;
	writable = 0xe;
	if (traits_sock_copy(FROM, TRAITS_SO_SYN, TO, TRAITS_SO_SEND) != 3 ||
	    !is(set[1], n_set[1], "1 2 3 "))
		return false;
	n_set[0] = 0;
	return traits_sock_copy(FROM, TRAITS_SO_SYN, TO, TRAITS_SO_SEND) == 0 && !n_set[1];
}

static bool errors_are_told(void)
{
	struct pkt_trait array[TRAITS_KEYS_MAX];

	fill(array, 2);
	fail = ENOPROTOOPT;
	return traits_sock_writable(TO, array, 2) == -ENOPROTOOPT &&
	       traits_sock_set_writable(TO, TRAITS_SO_SEND, array, 2) == -ENOPROTOOPT &&
	       traits_sock_copy(FROM, TRAITS_SO_SYN, TO, TRAITS_SO_SEND) == -ENOPROTOOPT &&
	       is(array, 2, "0 1 ") && !sets;
}

/* EIO, and no element says why */
static bool a_refusal_without_reason(void)
{
	struct pkt_trait array[TRAITS_KEYS_MAX];

	fill(array, 2);
	fail_check = EIO;
	return traits_sock_writable(TO, array, 2) == -EIO &&
	       traits_sock_set_writable(TO, TRAITS_SO_SEND, array, 2) == -EIO && !sets;
}

static const struct {
	const char *name;
	bool (*run)(void);
} tests[] = {
	{ "writable_come_first", writable_come_first },
	{ "all_are_writable", all_are_writable },
	{ "too_many", too_many },
	{ "sets_what_it_may", sets_what_it_may },
	{ "sets_nothing_in_place_of_what_was_there", sets_nothing_in_place_of_what_was_there },
	{ "a_key_is_closed_meanwhile", a_key_is_closed_meanwhile },
	{ "copies", copies },
	{ "errors_are_told", errors_are_told },
	{ "a_refusal_without_reason", a_refusal_without_reason },
};

/* Without an argument: the names of all tests */
int main(int argc, char *argv[])
{
	size_t i;

	for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
		if (argc < 2)
			puts(tests[i].name);
		else if (!strcmp(argv[1], tests[i].name))
			return !tests[i].run();
	}
	return argc < 2 ? 0 : 2;
}
