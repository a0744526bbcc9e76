// SPDX-License-Identifier: GPL-2.0
/*
 * How long do the codec's operations take, next to calls of an empty function in the same run?
 *
 * Everything is measured once per round, so that a noisy moment hits all alike, and the
 * median of the rounds is reported. Inserts and deletes go over many stores in turn: all get
 * the value, then all lose it, which tells the two apart.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "ops.h"

#define ROUNDS	1001
#define STORES	64
#define REPEAT	16		/* times all stores, per round */
#define ROOM	152		/* of 192 bytes of headroom, 40 are the driver's */
#define KEY	20		/* the key under test */
#define IN_FRONT 2		/* neighbours below it, of 8 bytes each */

enum kind { CALL, INDIRECT, GET, OVERWRITE, INSERT, DELETE };

static const char *const names[] = {
	"call", "indirect", "get", "overwrite", "insert", "delete",
};

struct bench {
	enum kind kind;
	unsigned int size;
	unsigned int behind;	/* values of 8 bytes */
	double ns;		/* median per operation */
	double rounds[ROUNDS];
};

static const struct traits_secret secret = { .magic = 0x5ec2e7, .key = 0x9e3779b97f4a7c15ULL };

/* Not a constant to the compiler. */
static int (*volatile indirect)(void) = op_empty;

struct slot {
	u8 pad[4];		/* stores in packets are rarely 8-byte aligned */
	u8 bytes[ROOM];
	u8 pad2[4];
};

static struct slot slots[STORES] __attribute__((aligned(64)));

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1e9 + ts.tv_nsec;
}

static void must(bool cond)
{
	if (!cond) {
		fprintf(stderr, "an operation failed\n");
		exit(1);
	}
}

static struct traits_store *store(unsigned int i)
{
	return (struct traits_store *)slots[i].bytes;
}

static void prepare(const struct bench *b)
{
	u8 value[16] = { 1, 2, 3, 4, 5, 6, 7, 8 };

	for (unsigned int i = 0; i < STORES; i++) {
		struct traits_store *s = store(i);

		must(!traits_store_init(s, ROOM, &secret, i + 1, 0, 0));
		for (unsigned int k = 0; k < IN_FRONT; k++)
			must(!op_set(s, ROOM, &secret, k, value, 8));
		for (unsigned int k = 0; k < b->behind; k++)
			must(!op_set(s, ROOM, &secret, KEY + 1 + k, value, 8));
		if (b->kind == GET || b->kind == OVERWRITE)
			must(!op_set(s, ROOM, &secret, KEY, value, b->size));
	}
}

/* Time of one pass of @expr over all stores; each must return @want. */
#define PASS(expr, want)						\
	({								\
		double start_ = now();					\
		int sum_ = 0;						\
									\
		for (unsigned int i = 0; i < STORES; i++)		\
			sum_ += (expr);					\
		start_ = now() - start_;				\
		must(sum_ == (want) * STORES);				\
		start_;							\
	})

#define PASSES(expr, want)						\
	({								\
		double start_ = now();					\
		int sum_ = 0;						\
									\
		for (unsigned int r = 0; r < REPEAT; r++)		\
			for (unsigned int i = 0; i < STORES; i++)	\
				sum_ += (expr);				\
		start_ = now() - start_;				\
		must(sum_ == (want) * STORES * REPEAT);			\
		start_ / REPEAT;					\
	})

static double clock_cost;

/* Nanoseconds of one operation, in one round. */
static double measure(const struct bench *b)
{
	u8 value[16] = { 8, 7, 6, 5, 4, 3, 2, 1 };
	double insert = 0, delete = 0, ns = 0;

	prepare(b);
	switch (b->kind) {
	case CALL:
		ns = PASSES(op_empty(), 0);
		break;
	case INDIRECT:
		ns = PASSES(indirect(), 0);
		break;
	case GET:
		ns = PASSES(op_get(store(i), ROOM, &secret, KEY, value, sizeof(value)),
			    (int)b->size);
		break;
	case OVERWRITE:
		ns = PASSES(op_set(store(i), ROOM, &secret, KEY, value, b->size), 0);
		break;
	case INSERT:
	case DELETE:
		for (unsigned int r = 0; r < REPEAT; r++) {
			insert += PASS(op_set(store(i), ROOM, &secret, KEY, value, b->size), 0);
			delete += PASS(op_del(store(i), ROOM, &secret, KEY), 0);
		}
		ns = (b->kind == INSERT ? insert : delete) / REPEAT - clock_cost;
		break;
	}
	return ns / STORES;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *values)
{
	qsort(values, ROUNDS, sizeof(*values), compare);
	return values[ROUNDS / 2];
}

static struct bench benches[2 + 4 * 3 * 2];
static unsigned int n_benches;

static void add(enum kind kind, unsigned int size, unsigned int behind)
{
	struct bench *b = &benches[n_benches++];

	b->kind = kind;
	b->size = size;
	b->behind = behind;
}

static void run(void)
{
	double costs[ROUNDS];

	for (unsigned int i = 0; i < ROUNDS; i++) {
		double start = now();

		costs[i] = now() - start;
	}
	clock_cost = median(costs);

	for (unsigned int r = 0; r < ROUNDS; r++)
		for (unsigned int i = 0; i < n_benches; i++)
			benches[i].rounds[r] = measure(&benches[i]);
	for (unsigned int i = 0; i < n_benches; i++)
		benches[i].ns = median(benches[i].rounds);
}

static void print_table(void)
{
	double call = benches[0].ns;

	printf("%-10s %5s %7s %8s %7s\n", "op", "size", "behind", "ns", "calls");
	for (unsigned int i = 0; i < n_benches; i++) {
		const struct bench *b = &benches[i];

		if (b->kind == CALL || b->kind == INDIRECT)
			printf("%-10s %5s %7s %8.2f %7.2f\n", names[b->kind], "-", "-", b->ns,
			       b->ns / call);
		else
			printf("%-10s %5u %7u %8.2f %7.2f\n", names[b->kind], b->size,
			       b->behind, b->ns, b->ns / call);
	}
}

static void print_json(void)
{
	double call = benches[0].ns;

	printf("{\"call_ns\":%.3f,\"indirect_ns\":%.3f,\"ops\":[", call, benches[1].ns);
	for (unsigned int i = 2; i < n_benches; i++) {
		const struct bench *b = &benches[i];

		printf("%s{\"op\":\"%s\",\"size\":%u,\"behind\":%u,\"ns\":%.3f,\"calls\":%.3f}",
		       i > 2 ? "," : "", names[b->kind], b->size, b->behind, b->ns,
		       b->ns / call);
	}
	printf("]}\n");
}

int main(int argc, char **argv)
{
	bool json = argc == 2 && !strcmp(argv[1], "-j");

	if (argc > 1 && !json) {
		fprintf(stderr, "usage: %s [-j]\n", argv[0]);
		return 1;
	}
	add(CALL, 0, 0);
	add(INDIRECT, 0, 0);
	for (enum kind kind = GET; kind <= DELETE; kind++)
		for (unsigned int size = 4; size <= 16; size *= 2)
			for (unsigned int behind = 0; behind <= 8; behind += 8)
				add(kind, size, behind);
	run();
	if (json)
		print_json();
	else
		print_table();
	return 0;
}
