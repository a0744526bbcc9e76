// SPDX-License-Identifier: GPL-2.0
#include <signal.h>

#include "test.h"
#include "../../unit/ktap-run.h"

static const struct ktap_test *const tables[] = {
	frame_tests, dma_tests, server_tests, hostile_tests_vfu, wire_tests, fuzz_tests,
	ice_tests, ice_tx_tests,
};

int main(void)
{
	signal(SIGPIPE, SIG_IGN);
	return ktap_run(tables, sizeof(tables) / sizeof(tables[0]));
}
