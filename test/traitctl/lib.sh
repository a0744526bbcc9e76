# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# To be sourced by the tests of traitctl that run it with kernel.c behind it.

# shellcheck source=../build/ktap.sh
. "$TOP/test/build/ktap.sh"

export FAKE_KEYS=$PWD/keys
unset FAKE_FAIL FAKE_HELD FAKE_NO_MODULE

# gives CODE OUTPUT NAME COMMAND...: stdout and stderr
gives() {
	local out code

	out=$("${@:4}" 2>&1 < /dev/null)
	code=$?
	same "$3" "$1 $2" "$code $out"
}

# holds NAME FILTER COMMAND...: the output, as JSON, makes FILTER true.
holds() {
	local out wrong=

	out=$("${@:3}" 2>&1 < /dev/null)
	jq -e "$2" <<< "$out" > /dev/null 2>&1 || wrong="is $out"
	verdict "$1" "$wrong"
}

# keys_are [LINE...]: only those that "key add LINE" registers
keys_are() {
	rm -f "$FAKE_KEYS"
	[[ $# -eq 0 ]] || printf 'key add %s\n' "$@" | traitctl -b - > /dev/null ||
		broken "keys cannot be registered"
}

# now: the keys, as a file of keys without its comment
now() { traitctl key save | tail -n +2; }
