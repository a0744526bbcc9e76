# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# Completion in bash, called as bash calls it, without a terminal.

. "$HERE/lib.sh" || exit
. "$TOP/completions/traitctl" || broken "no completion"

keys_are "one size 4" "two size 8"
same "no_module_is_loaded_by_it" "$([[ -e /sys/module/traits ]] && echo "one two ")" \
	"$(_traitctl_keys | tr '\n' ' ')"
_traitctl_has_module() { true; }
touch keys.conf keys.old

# completes NAME WANTED WORD...: the last of the words is the one to be completed.
completes() {
	local name=$1 wanted=$2

	shift 2
	COMP_WORDS=(traitctl "$@")
	COMP_CWORD=$#
	COMPREPLY=(stale)
	_traitctl
	# Files come in the order of the directory.
	[[ $wanted != *keys.conf* ]] || mapfile -t COMPREPLY < <(printf '%s\n' "${COMPREPLY[@]}" | sort)
	same "$name" "$wanted" "${COMPREPLY[*]}"
}

same "registered" "complete -F _traitctl traitctl" "$(complete -p traitctl)"
completes "commands" "key dev stat monitor trace info check version help -j --json -p --pretty \
-n --netns -b --batch -h --help -V --version" ""
completes "one_command" "monitor" m
completes "options" "--json" --js
completes "command_behind_options" "version" -j -p v
completes "command_behind_a_netns" "info" -n somewhere i
completes "batch_file" "keys.conf keys.old" -b keys.
completes "key_commands" "add set del show apply save flush help" key ""
completes "key_a" "add apply" key a
completes "no_name_for_a_new_key" "" key add ""
completes "words_of_a_new_key" \
	"size id gro clone netns user gid description --exist-ok" key add new ""
completes "sizes" "0 4 8 16" key add new size ""
completes "no_word_twice" "id gro clone netns user gid description --exist-ok" \
	key add new size 8 ""
completes "policies" "min max" key add new size 8 gro m
completes "clones" "share copy drop" key add new clone ""
completes "namespaces" "keep drop" key add new netns ""
completes "users" "none read write" key add new user ""
completes "groups" "any" key add new gid an
completes "no_text" "" key add new description ""
completes "a_key_called_size" "size id gro clone netns user gid description --exist-ok" \
	key add size ""
completes "keys_to_set" "one two" key set ""
completes "words_to_set" "gro clone netns user gid description" key set one ""
completes "keys_to_delete" "two" key del t
completes "delete_by_force" "--force" key del two ""
completes "keys_to_show" "one two" key show ""
completes "nothing_behind_it" "" key show one ""
completes "files_to_apply" "keys.conf keys.old" key apply keys.
completes "flags_of_apply" "--dry-run --force" key apply keys.conf ""
completes "flags_left_of_apply" "--force" key apply keys.conf --dry-run ""
completes "files_to_save" "keys.old" key save keys.o
completes "flags_of_flush" "--dry-run --force" key flush ""
completes "dev_commands" "set show help" dev ""
completes "devices" "lo" dev set l
completes "headroom" "headroom" dev set lo ""
completes "no_number" "" dev set lo headroom ""
completes "stat" "key cpu -w -c" stat ""
completes "stat_of_keys" "one two" stat key ""
completes "stat_of_a_key" "-w -c" stat key one ""
completes "trace" "one two by -c -t" trace ""
completes "trace_by" "one two" trace by ""
completes "trace_behind_by" "one two -c -t" trace by one ""
completes "monitor" "-c help" monitor ""
completes "info" "help" info ""
completes "unknown_command" "" nothing ""

# What it says has to be what traitctl knows.
for command in key dev stat monitor trace info check version; do
	gives 0 "Usage: traitctl $command" "traitctl_knows_$command" \
		sh -c "traitctl $command help | head -n 1 | cut -d' ' -f1-3"
done
for command in add set del show apply save flush; do
	gives 0 "Usage: traitctl key" "traitctl_knows_key_$command" \
		sh -c "traitctl key $command help | head -n 1 | cut -d' ' -f1-3"
done
for word in gro clone netns user; do
	gives 1 "traitctl: $word \"?\" is not one of $(_traitctl_value $word | sed 's/ /, /g')" \
		"traitctl_knows_each_$word" traitctl key add x size 4 $word "?"
done

gives 0 "" "a_refusal_is_not_shown" env FAKE_NO_MODULE=1 "$BASH" -c \
	'. "$1"; _traitctl_has_module() { true; }; args=(key del); _traitctl_candidates' - "$TOP/completions/traitctl"

ktap_end
