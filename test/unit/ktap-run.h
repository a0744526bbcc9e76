/* SPDX-License-Identifier: GPL-2.0 */
/* The runner of ktap.h's tests, for the one file of a program that has main(). */
#ifndef TEST_KTAP_RUN_H
#define TEST_KTAP_RUN_H

#include "ktap.h"

jmp_buf ktap_out;

/* Runs all tests of @count tables, each ended by one without function; returns the exit code. */
static int ktap_run(const struct ktap_test *const tables[], unsigned int count)
{
	static unsigned int i, n, failed;	/* static: they outlive longjmp() */
	static const struct ktap_test *t;

	/* Without a buffer: what was reported before a sanitizer aborts must be seen. */
	setvbuf(stdout, NULL, _IONBF, 0);
	for (i = 0; i < count; i++)
		for (t = tables[i]; t->run; t++)
			n++;
	printf("KTAP version 1\n1..%u\n", n);

	n = 0;
	for (i = 0; i < count; i++) {
		for (t = tables[i]; t->run; t++) {
			n++;
			if (setjmp(ktap_out)) {
				failed++;
				printf("not ok %u %s\n", n, t->name);
				continue;
			}
			t->run();
			printf("ok %u %s\n", n, t->name);
		}
	}
	return failed ? 1 : 0;
}

#endif
