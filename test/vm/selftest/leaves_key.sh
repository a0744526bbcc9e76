#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
traitctl key add left_behind size 8
