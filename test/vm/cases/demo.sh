#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# module: own
# What make demo shows, with less TCP. It loads and unloads the module itself.
exec bash /src/test/vm/demo/demo 4
