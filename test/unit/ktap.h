/* SPDX-License-Identifier: GPL-2.0 */
/* Runs test functions and reports in KTAP. */
#ifndef TEST_KTAP_H
#define TEST_KTAP_H

#include <setjmp.h>
#include <stdio.h>

struct ktap_test {
	const char *name;
	void (*run)(void);
};

extern jmp_buf ktap_out;

/* Ends the test that is running, as failed. The message says for which of its cases. */
#define CHECK(cond, ...)						\
	do {								\
		if (!(cond)) {						\
			printf("# %s:%d: %s\n", __FILE__, __LINE__, #cond);	\
			printf("# " __VA_ARGS__);			\
			printf("\n");					\
			longjmp(ktap_out, 1);				\
		}							\
	} while (0)

/* One table per file of tests. */
extern const struct ktap_test value_tests[], error_tests[], room_tests[], canary_tests[],
			      range_tests[], hostile_tests[], block_tests[];

#endif
