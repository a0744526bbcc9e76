// SPDX-License-Identifier: GPL-2.0
#include "test.h"
#include "../../unit/ktap-run.h"

static const struct ktap_test *const tables[] = { rx_tests, tx_tests, key_tests, nonsense_tests };

int main(void)
{
	return ktap_run(tables, sizeof(tables) / sizeof(tables[0]));
}
