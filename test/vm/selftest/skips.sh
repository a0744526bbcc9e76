#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
echo "this kernel cannot do it"
exit 4
