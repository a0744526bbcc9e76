# SPDX-License-Identifier: GPL-2.0
# The table of test/bench/carry, from its JSON: rows of cells with tabs between.
# A path: least instructions per packet (quartiles), then how much more each way of
# carrying costs; a call: its instructions.

def path_row($path; $mod; $carries):
	[.[] | [.paths[] | select(.path == $path and .module == $mod
		and .carries == $carries)][0] // null];

def more($base): if . == null or $base == null then "-"
	else (.instructions.least - $base.instructions.least) as $more
	| ($more / $base.instructions.least * 10000 | round / 100) as $percent
	| "+\($more | round) (\($percent)%)" end;

def round1: . * 10 | round / 10;

. as $all
| (["", (.[] | .kernel | sub("[+-].*"; ""))]),
(("receive", "forward") as $path
	| ($all | path_row($path; "not loaded"; "nothing")) as $base
	| (["\($path): not loaded", ($base[] | "\(.instructions.median | round) " +
		"[\(.instructions.quartiles | map(round) | map(tostring) | join(".."))]")]),
	([$all[0].paths[] | select(.path == $path) | [.module, .carries]]
		+ [$all[-1].paths[] | select(.path == $path) | [.module, .carries]]
		| reduce .[] as $x ([]; if index([$x]) then . else . + [$x] end)
		| .[] | select(. != ["not loaded", "nothing"])
		| . as [$mod, $carries]
		| ($all | path_row($path; $mod; $carries)) as $row
		| ["  \($mod), \($carries)",
			(range($row | length) as $i | $row[$i] | more($base[$i]))])),
(("xdp", "tc") as $where
	| ($all[0].calls[$where] | keys_unsorted[]) as $op
	| ["\($where): \($op)", ($all[] | .calls[$where][$op] | round1)])
| @tsv
