#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 400
# make demo CASE=classify: XDP classifies, all later stages look the service up.
exec bash /src/test/vm/demo/classify
