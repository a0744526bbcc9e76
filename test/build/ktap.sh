# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# To be sourced. KTAP output, and the checks that the tests of the build share.
#
# Lines of a verdict are collected and printed by ktap_end, behind the plan that KTAP
# wants first; "# " lines with the reason of a failure go with them.

ktap_count=0
ktap_failed=0
ktap_lines=

# verdict NAME REASON: failed if there is a reason
verdict() {
	ktap_count=$((ktap_count + 1))
	if [ -z "$2" ]; then
		ktap_lines="${ktap_lines}ok $ktap_count $1
"
	else
		ktap_failed=$((ktap_failed + 1))
		ktap_lines="${ktap_lines}not ok $ktap_count $1
# $2
"
	fi
}

# skip NAME REASON
skip() {
	ktap_count=$((ktap_count + 1))
	ktap_lines="${ktap_lines}ok $ktap_count $1 # SKIP $2
"
}

ktap_end() {
	echo "KTAP version 1"
	echo "1..$ktap_count"
	printf '%s' "$ktap_lines"
	[ $ktap_count -gt 0 ] && [ $ktap_failed -eq 0 ]
	exit
}

# refused NAME WORDS COMMAND...: it has to fail with status 1, in one sentence with these
# words, and to leave none of the files that $OUTPUTS names
refused() {
	name=$1
	words=$2
	shift 2
	for f in $OUTPUTS; do
		echo stale >"$f"
	done
	"$@" >stdout 2>stderr
	status=$?
	reason=
	if [ $status -ne 1 ]; then
		reason="exit status $status"
	elif [ "$(wc -l <stderr)" -ne 1 ]; then
		reason="not one line: $(tr '\n' '|' <stderr)"
	elif ! grep -qF -- "$words" stderr; then
		reason="says: $(cat stderr)"
	fi
	for f in $OUTPUTS; do
		[ ! -e "$f" ] || reason="${reason:+$reason, }left $f behind"
	done
	verdict "$name" "$reason"
}

# accepted NAME COMMAND...: it has to succeed and to print nothing on stderr
accepted() {
	name=$1
	shift
	"$@" >stdout 2>stderr
	status=$?
	reason=
	[ $status -eq 0 ] || reason="exit status $status: $(tr '\n' '|' <stderr)"
	[ ! -s stderr ] || reason="says: $(tr '\n' '|' <stderr)"
	verdict "$name" "$reason"
}

# same NAME EXPECTED ACTUAL
same() {
	if [ "$2" = "$3" ]; then
		verdict "$1" ""
	else
		verdict "$1" "expected \"$2\", is \"$3\""
	fi
}

# The test itself cannot go on
broken() {
	echo "Bail out! $*"
	exit 1
}
