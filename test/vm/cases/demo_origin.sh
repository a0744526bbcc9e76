#!/bin/bash
# series: 6.12
# SPDX-License-Identifier: GPL-2.0
# timeout: 400
# make demo CASE=origin: the application knows through which data centre a request came.
exec bash /src/test/vm/demo/origin
