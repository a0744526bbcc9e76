# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2086
# libtraits as others see it: installed into a directory of its own, found by pkg-config, and
# used by programs that are built with no knowledge of this repository. $TOP, $HERE

. "$TOP/test/build/ktap.sh"

dest=$PWD/root
prefix=/opt/traits
libdir=$prefix/lib/here
pc=$dest$libdir/pkgconfig
bpf_includes="-I$dest$prefix/include -I/usr/include/$(cc -print-multiarch)"

# Paths in .pc files are those of the machine that the files are meant for.
export PKG_CONFIG_PATH=$pc PKG_CONFIG_SYSROOT_DIR=$dest

make -s -C "$TOP/tools" BUILD="$PWD/build" DESTDIR="$dest" PREFIX=$prefix LIBDIR=$libdir \
	install >install.log 2>&1 || broken "make install: $(tail -n 3 install.log | tr '\n' '|')"
cflags=$(PKG_CONFIG_SYSROOT_DIR='' pkg-config --define-variable=prefix="$dest$prefix" \
	--define-variable=includedir="$dest$prefix/include" --cflags libtraits)
libs="-L$dest$libdir -ltraits"

# --- What is installed

same everything_is_installed "$(cd "$TOP/include/uapi" && for f in linux/*.h; do echo "include/$f"; done)
$(cd "$TOP/include/traits" && for f in *.h; do echo "include/traits/$f"; done)
lib/here/libtraits.a
lib/here/libtraits.so
lib/here/libtraits.so.0
lib/here/libtraits.so.$(cat "$TOP/VERSION")
lib/here/pkgconfig/libtraits.pc
sbin/traitctl
sbin/traits-attach" "$(cd "$dest$prefix" && find include lib sbin ! -type d | LC_ALL=C sort)"
same pkgconfig_has_the_version "$(cat "$TOP/VERSION")" "$(pkg-config --modversion libtraits)"
same soname_is_0 "libtraits.so.0" \
	"$(readelf -dW "$dest$libdir/libtraits.so" | sed -n 's/.*SONAME.*\[\(.*\)\]/\1/p')"

# Every function of the headers has a version, and nothing else is visible.
declared=$(gcc $cflags -E -P -include traits/traits.h -include traits/socket.h \
	-include traits/xsk.h -x c /dev/null |
	grep -oE '\btraits_[a-z_]+\(' | tr -d '(' | LC_ALL=C sort -u)
exported=$(nm -D --defined-only "$dest$libdir/libtraits.so" |
	sed -n 's/.* T \(.*\)@@LIBTRAITS_[0-9.]*$/\1/p' | LC_ALL=C sort)
same all_of_the_header_is_exported "$declared" "$exported"
same nothing_else_is_exported "$(echo "$exported" | wc -l)" \
	"$(nm -D --defined-only "$dest$libdir/libtraits.so" | grep -c ' [TDBRW] ')"

# --- Programs

cat >version.c <<'END'
#include <stdio.h>
#include <traits/socket.h>
#include <traits/traits.h>
int main(void)
{
	struct traits *t = traits_open();
	struct msghdr msg = {};
	size_t n = 1;

	if (traits_msg_find(&msg, &n) || n)
		return 1;
	printf("%s %s\n", traits_gro_name(TRAITS_GRO_SUM), t ? "connected" : "alone");
	traits_close(t);
	return 0;
}
END
printed() { "$@" 2>&1 | cut -d ' ' -f 1; }
accepted a_program_links_with_the_shared_library gcc -Wall -Wextra -Werror $cflags -o shared \
	version.c $libs
same and_runs_with_it sum "$(LD_LIBRARY_PATH=$dest$libdir printed ./shared)"
same and_not_without "" "$(./shared 2>/dev/null)"
accepted a_program_links_with_the_static_library gcc -Wall -Wextra -Werror $cflags -o static \
	version.c "$dest$libdir/libtraits.a" -lmnl -lbpf
same and_runs_alone sum "$(printed ./static)"
sed 's/<stdio.h>/<cstdio>/' version.c >version.cc
if command -v g++ >/dev/null; then
	accepted a_cxx_program_links g++ -Wall -Wextra -Werror $cflags -o cxx version.cc $libs
else
	skip a_cxx_program_links "no g++"
fi
accepted the_tools_link_with_the_shared_library make -s -C "$TOP/tools" BUILD="$PWD/build2" SHARED=yes
same and_need_it 2 "$(readelf -dW build2/tools/traitctl build2/tools/traits-attach |
	grep -c 'NEEDED.*libtraits\.so\.0')"

# The examples, as a user builds them
accepted the_examples_build make -s -C "$TOP/tools/examples" OUT="$PWD"

# --- Sockets and names, with a kernel that the programs play themselves

sanitize='-g -fsanitize=address,undefined -fno-sanitize-recover=all'
accepted tests_of_sockets_build gcc -Wall -Wextra -Werror $sanitize $cflags -o sock_test \
	"$HERE/sock_test.c" "$TOP/tools/lib/sock.c" "$dest$libdir/libtraits.a" -lmnl -lbpf
for test in $(./sock_test); do
	accepted "socket_$test" ./sock_test "$test"
done
accepted tests_of_names_build gcc -Wall -Wextra -Werror $sanitize $cflags -o names_test \
	"$HERE/names_test.c" "$TOP/tools/lib/keynames.c"
same names_are_those_of_the_registry "" "$(./names_test 2>&1)"

# --- Layouts

# layout MEMBERS KEYS: a file that declares struct flow so
layout() {
	{
		echo '#ifdef __bpf__'
		echo '#include <linux/bpf.h>'
		echo '#include <bpf/bpf_helpers.h>'
		echo '#include <traits/bpf_traits.h>'
		echo '#else'
		echo '#include <traits/traits.h>'
		echo '#endif'
		echo '#include <traits/layout.h>'
		echo "struct flow { $1 };"
		echo "#define FLOW_KEYS(KEY) $2"
		echo 'TRAIT_LAYOUT(flow, FLOW_KEYS);'
	} >layout.c
}

for_application() { gcc -Wall -Wextra -Werror $cflags -c -o layout.o layout.c; }
for_bpf() { clang -O2 -Wall -Wextra -Werror -target bpf $bpf_includes -c -o layout.bpf.o layout.c; }

# taken NAME MEMBERS KEYS
taken() {
	layout "$2" "$3"
	accepted "$1" for_application
	accepted "$1_in_bpf" for_bpf
}

# rejected NAME WORDS MEMBERS KEYS: both compilers refuse it with these words
rejected() {
	layout "$3" "$4"
	for compiler in for_application for_bpf; do
		reason=
		if $compiler >/dev/null 2>stderr; then
			reason="$compiler takes it"
		elif ! grep -qF "$2" stderr; then
			reason="$compiler says: $(grep -m 1 error stderr)"
		fi
		[ -z "$reason" ] || break
	done
	verdict "$1" "$reason"
}

taken one_member '__u32 a;' 'KEY(flow, a)'
taken all_sizes '__u32 a[2]; __u8 b[16]; __u32 c; __u32 d;' \
	'KEY(flow, a) KEY(flow, b) KEY(flow, c, .gro = TRAITS_GRO_SUM, .clone = 1) KEY(flow, d)'
taken sixty_three_members "$(seq -f '__u32 m%g;' 63 | tr '\n' ' ')" \
	"$(seq -f 'KEY(flow, m%g)' 63 | tr '\n' ' ')"
taken structs_as_members 'struct { __u32 x, y; } a; struct { __u16 p, q; } b, c;' \
	'KEY(flow, a) KEY(flow, b) KEY(flow, c)'

rejected padding_between_members 'b is not right behind the key before it' \
	'__u32 a; __u64 b;' 'KEY(flow, a) KEY(flow, b)'
rejected padding_at_the_end 'or padding at its end' \
	'__u64 a; __u32 b;' 'KEY(flow, a) KEY(flow, b)'
rejected another_order 'is not right behind' \
	'__u32 a; __u32 b;' 'KEY(flow, b) KEY(flow, a)'
rejected a_member_without_key 'has a member that is no key' \
	'__u32 a; __u32 b;' 'KEY(flow, a)'
rejected a_member_left_out 'c is not right behind' \
	'__u32 a; __u32 b; __u32 c;' 'KEY(flow, a) KEY(flow, c)'
rejected a_key_without_member 'b' '__u32 a;' 'KEY(flow, a) KEY(flow, b)'
rejected two_bytes 'a has not 4, 8 or 16 bytes' \
	'__u16 a; __u16 b;' 'KEY(flow, a) KEY(flow, b)'
rejected twelve_bytes 'a has not 4, 8 or 16 bytes' '__u32 a[3];' 'KEY(flow, a)'
rejected a_long_name 'is too long for a key' \
	'__u32 abcdefghijklmnopqrstuvwxyz_; ' 'KEY(flow, abcdefghijklmnopqrstuvwxyz_)'
taken the_longest_name '__u32 abcdefghijklmnopqrstuvwxyz; ' 'KEY(flow, abcdefghijklmnopqrstuvwxyz)'
rejected more_than_a_packet_holds 'has more bytes than a packet can have' \
	"$(seq -f '__u32 m%g;' 64 | tr '\n' ' ')" "$(seq -f 'KEY(flow, m%g)' 64 | tr '\n' ' ')"
rejected more_than_there_are_keys 'has more members than there are keys' \
	"$(seq -f '__u32 m%g;' 65 | tr '\n' ' ')" "$(seq -f 'KEY(flow, m%g)' 65 | tr '\n' ' ')"

# The array that loaders find in an object
layout '__u64 a; __u32 b; __u32 c;' \
	'KEY(flow, a) KEY(flow, b, .gro = TRAITS_GRO_MAX) KEY(flow, c, .netns = TRAITS_NETNS_DROP)'
for_bpf
llvm-objcopy -O binary -j .rodata.traits layout.bpf.o keys
hex() { od -An -v -tx1 | tr -d ' \n'; }
same keys_are_an_array 144 "$(stat -c %s keys)"
same ids_follow_each_other "ffffffffffffffff feffffffffffffff feffffffffffffff" \
	"$(for i in 0 48 96; do tail -c +$((i + 1)) keys | head -c 8 | hex; echo; done | xargs)"
same sizes_are_those_of_the_members "08000000 04000000 04000000" \
	"$(for i in 8 56 104; do tail -c +$((i + 1)) keys | head -c 4 | hex; echo; done | xargs)"
same policies_are_declared "00000000 06000000 00000100" \
	"$(for i in 44 92 140; do tail -c +$((i + 1)) keys | head -c 4 | hex; echo; done | xargs)"

ktap_end
