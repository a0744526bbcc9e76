#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The family that the kernel tells of, with the policies that it enforces, is the one of
# module/netlink/traits.yaml: commands, who may call them, attributes and their types, groups.
. /src/test/vm/guest/lib.sh

spec=/src/module/netlink/traits.yaml

# What the specification says, as the file is laid out, for which test/spec has a schema: lines
# "command NUMBER CAN...", "attribute COMMAND NUMBER TYPE" and "group NAME". Attributes and
# commands are numbered in their order; notifications are numbered, too, but cannot be called.
specified() {
	awk '
	/^[a-z]/ { section = $1 }
	section == "attribute-sets:" && /^    name:/ { set = $2; n = 0 }
	section == "attribute-sets:" && /^        name:/ { number[set, $2] = ++n; last = $2 }
	section == "attribute-sets:" && /^        type:/ { type[set, last] = $2 }
	section == "operations:" && /^      name:/ { end(); op = ++ops; can = call = way = "" }
	section == "operations:" && /^      attribute-set:/ { set = $2 }
	section == "operations:" && /^      flags:.*admin-perm/ { can = can " admin" }
	section == "operations:" && /^      (do|dump):/ {
		call = $1
		way = ""
		can = can " " substr(call, 1, length(call) - 1)
	}
	section == "operations:" && /^        (request|reply):/ { way = $1 }
	section == "operations:" && /^            - / && call way == "do:request:" {
		print "attribute", op, number[set, $2], type[set, $2]
	}
	section == "mcast-groups:" { end() }
	section == "mcast-groups:" && /^      name:/ { print "group", $2 }
	function end() {
		if (can)
			print "command", op can
		can = ""
	}' "$spec" | sort -V
}

# The same as the kernel tells it
enforced() {
	{
		genl ctrl get name traits
		genl ctrl policy name traits
	} | awk '
	function hex(text,   i, number) {
		for (i = 1; i <= length(text); i++)
			number = 16 * number + index("123456789abcdef", substr(text, i, 1))
		return number
	}
	match($0, /#[0-9]+: +ID-0x[0-9a-f]+/) {
		id = $2
		sub(/^ID-0x/, "", id)
		id = hex(id)
		if (!groups)
			command[id] = ""
	}
	/requires admin permission/ { command[id] = command[id] " admin" }
	/can doit/ { command[id] = command[id] " do" }
	/can dumpit/ { command[id] = command[id] " dump" }
	/multicast groups/ { groups = 1 }
	groups && / name: / { print "group", $NF }
	/ op [0-9]+ policies:/ {
		for (i = 1; i <= NF; i++)
			if ($i ~ /^do=/)
				policy[$4] = substr($i, 4)
	}
	match($0, /policy\[[0-9]+\]:attr\[[0-9]+\]/) {
		split(substr($0, RSTART, RLENGTH), part, /[][]/)
		match($0, /type=[A-Z0-9_]+/)
		type[part[2], part[4]] = tolower(substr($0, RSTART + 5, RLENGTH - 5))
	}
	END {
		for (op in command)
			print "command", op command[op]
		for (op in policy)
			for (i = 1; i < 64; i++)
				if ((policy[op], i) in type)
					print "attribute", op, i, type[policy[op], i]
	}' | sed 's/nul_string$/string/' | sort -V
}

specified=$(specified)
vt_eq "$(grep -c ^command <<< "$specified")" "$(grep -c '^      attribute-set:' $spec)" \
	"the specification is read"
# Older versions of genl tell this only of families whose own version is 2 or more.
if ! genl ctrl get name traits | grep -q Capabilities; then
	echo "genl does not tell what commands can"
	specified=$(sed '/^command/s/^\(command [0-9]*\).*/\1/' <<< "$specified")
fi
vt_eq "$(enforced)" "$specified" "the kernel enforces it"
vt_done
