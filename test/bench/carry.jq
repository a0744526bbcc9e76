# SPDX-License-Identifier: GPL-2.0
# The table of test/bench/carry, from its JSON: rows of cells with tabs between.
# Of a path, the least instructions per packet (and quartiles), behind + where a
# forwarded packet is received and dropped next; then how much more each way of
# carrying costs. Of a call, its instructions. Of sockets, those without the module,
# and how many more in other ways.

def row($path; $mod; $carries):
	[.[] | [.paths[] | select(.path == $path and .module == $mod
		and .carries == $carries)][0]];

def ways($path):
	reduce (.[].paths[] | select(.path == $path) | [.module, .carries]) as $way
		([]; if index([$way]) then . else . + [$way] end) | .[1:][];

def whole: round | if . == 0 then 0 else . end;

def base: .instructions as $i | "\($i.least | whole) (\($i.quartiles | map(whole | tostring)
	| join(".."))\(if .drop then ") + \(.drop.least | whole)" else ")" end)";

def more($base):
	if . == null then "-" else
		(.instructions.least - $base.instructions.least) as $more
		| ($more / $base.instructions.least * 1000 | whole / 10) as $percent
		| "\($more | whole) (\($percent)%)" +
			if .drop then " + \(.drop.least - $base.drop.least | whole)" else "" end
	end;

. as $all
| ["", (.[].kernel | sub("[+-].*"; ""))],
(("receive", "forward") as $path
	| row($path; "not loaded"; "nothing") as $base
	| ["\($path): not loaded", ($base[] | base)],
	(ways($path) as [$mod, $carries]
		| ($all | row($path; $mod; $carries)) as $row
		| ["  \($mod), \($carries)",
			(range($row | length) as $i | $row[$i] | more($base[$i]))])),
(("xdp", "tc") as $where
	| ($all[0].calls[$where] | keys_unsorted[]) as $op
	| ["\($where): \($op)", $all[].calls[$where][$op]]),
(["send", "send a datagram"], ["receive", "receive a datagram"],
	["connection", "connect and accept"], ["read", "read a SYN\u0027s traits"]) as [$op, $name]
	| [$all[].sockets[0][$op]] as $base
	| ["socket: \($name)", ($base[] | if . == 0 then "-" else whole end)],
	(range(1; $all[0].sockets | length) as $way
		| select($all[0].sockets[$way][$op] != 0)
		| ["  \($all[0].sockets[$way].way)",
			(range($all | length) as $i
				| $all[$i].sockets[$way][$op] - $base[$i] | whole)])
| @tsv
