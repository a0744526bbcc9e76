#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 400
# make demo CASE=customer: a drop monitor knows whose packets a proxy lost.
exec bash /src/test/vm/demo/customer
