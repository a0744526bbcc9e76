#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Ends with success, but short of its own plan.
echo "1..3"
echo "ok 1 first"
