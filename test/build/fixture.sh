# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# To be sourced. Makes kernels to look at.

RELEASE=6.1.0-1-test

# hooked_functions: those that hook-points.h names, as C, and the structs that they know of
hooked_functions() {
	sed -n ':more
		/^TRAITS_.*[^)]$/ { N; s/\n[ \t]*/ /; b more }
		s/^TRAITS_\w*(\w*, *\(\w*, *\)\?\(\w*\), *"\([^"|(]*\) (\([^"|]*\)).*/\3 \2(\4) { }/p' \
		"$TOP/module/hook-points.h" | sort -u |
		# pahole leaves functions out whose parameters have no names.
		awk -F ', ' '{
			sub(/\) \{ \}$/, "")
			line = $1 " a1"
			for (i = 2; i <= NF; i++)
				line = line ", " $i " a" i
			print line ") { }"
		}' >functions
	# Those of which kernel.c has more than one kind are there; tracepoints are no functions.
	for name in $(sed -n 's/^[a-z].* \**\([a-z_]*\)(.*).*/\1/p' "$HERE/kernel.c" | sort -u) \
		$(sed -n 's/^TRAITS_TRACEPOINT(\w*, *\(\w*\),.*/\1/p' \
			"$TOP/module/hook-points.h"); do
		sed -i "/ $name(/d" functions
	done
	grep -o 'struct \w*' functions | sort -u | sed 's/$/;/'
	cat functions
}

# kernel.c, and all that the module hooks beside
kernel_source=kernel-hooked.c
{
	echo "#include \"$HERE/kernel.c\""
	hooked_functions
} >$kernel_source

# kernel FILE [MACRO...]: an ELF file with the BTF of $kernel_source, built with these macros
kernel() {
	kernel_file=$1
	shift
	cc -g -O0 -w $(printf -- '-D%s ' "$@") -c -o "$kernel_file" $kernel_source &&
		pahole -J "$kernel_file" || broken "no fixture: $kernel_file $*"
}
