// SPDX-License-Identifier: GPL-2.0
/*
 * As much of a module as module/host/resolve-ids looks at. The same three functions are
 * listed upwards and downwards, so that one of the two sets has to be sorted.
 */
#ifdef OWN_SKB
struct sk_buff { int unlike_the_kernels; };
#else
struct sk_buff;
#endif

#define ID(kind, name, n, flags...) \
	"__BTF_ID__" #kind "__" #name "__" #n ": .zero 4\n" flags

#define SET8(name, ids) \
	asm(".pushsection .BTF_ids,\"a\"\n" \
	    "__BTF_ID__set8__" #name ": .zero 4\n.long 0x77\n" \
	    ids \
	    ".size __BTF_ID__set8__" #name ", . - __BTF_ID__set8__" #name "\n" \
	    ".popsection\n")

#define SET(name, ids) \
	asm(".pushsection .BTF_ids,\"a\"\n" \
	    "__BTF_ID__set__" #name ": .zero 4\n" \
	    ids \
	    ".size __BTF_ID__set__" #name ", . - __BTF_ID__set__" #name "\n" \
	    ".popsection\n")

#define LIST(ids) asm(".pushsection .BTF_ids,\"a\"\n" ids ".popsection\n")

int traits_test_a(struct sk_buff *skb) { return 1; }
int traits_test_b(int x) { return x; }
int traits_test_c(long x, long y) { return x + y; }

#ifndef NO_IDS
SET8(upwards, ID(func, traits_test_a, 1, ".long 0xa\n") ID(func, traits_test_b, 2, ".long 0xb\n")
     ID(func, traits_test_c, 3, ".long 0xc\n"));
SET8(downwards, ID(func, traits_test_c, 4, ".long 0xc\n") ID(func, traits_test_b, 5, ".long 0xb\n")
     ID(func, traits_test_a, 6, ".long 0xa\n"));
SET(plain, ID(func, traits_test_c, 7) ID(func, traits_test_a, 81));
SET8(empty, );
LIST(ID(struct, sk_buff, 9) ID(func, traits_test_b, 102) ID(func, skb_copy_header, 11));
#endif
#ifdef UNKNOWN
LIST(ID(func, traits_test_unknown, 12));
#endif
#ifdef UNKNOWN_KIND
LIST(ID(variable, traits_test_a, 12));
#endif
#ifdef SHORT_SET
asm(".pushsection .BTF_ids,\"a\"\n"
    "__BTF_ID__set8__short: .zero 12\n"
    ".size __BTF_ID__set8__short, 12\n"
    ".popsection\n");
#endif
