// SPDX-License-Identifier: GPL-2.0
#include "ktap-run.h"

static const struct ktap_test *const tables[] = {
	value_tests, error_tests, room_tests, canary_tests, range_tests, hostile_tests,
	block_tests,
};

int main(void)
{
	return ktap_run(tables, sizeof(tables) / sizeof(tables[0]));
}
