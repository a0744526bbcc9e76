// SPDX-License-Identifier: GPL-2.0
#include "test.h"

jmp_buf ktap_out;

static const struct ktap_test *const tables[] = { rx_tests, tx_tests, key_tests, nonsense_tests };

#define TABLES (sizeof(tables) / sizeof(tables[0]))

int main(void)
{
	static unsigned int i, n, failed;	/* static: they outlive longjmp() */
	static const struct ktap_test *t;

	/* Without a buffer: what was reported before a sanitizer aborts must be seen. */
	setvbuf(stdout, NULL, _IONBF, 0);
	for (i = 0; i < TABLES; i++)
		for (t = tables[i]; t->run; t++)
			n++;
	printf("KTAP version 1\n1..%u\n", n);

	n = 0;
	for (i = 0; i < TABLES; i++) {
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
