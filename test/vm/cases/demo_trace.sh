#!/bin/bash
# series: 6.12
# SPDX-License-Identifier: GPL-2.0
# timeout: 400
# make demo CASE=trace: one trace id through a tunnel and a relay to a server.
exec bash /src/test/vm/demo/trace
