#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 1000
sleep 1000
