// SPDX-License-Identifier: GPL-2.0
/*
 * kernel.c with functions to hook, for hooks.sh; or with MODULE, a module that has one of
 * them. Each other macro changes one of them.
 */
#ifdef MODULE
typedef unsigned short u16;
typedef unsigned int u32;
struct sk_buff;
#else
#include "kernel.c"

#ifdef EITHER_CONST
int test_either(const struct sk_buff *skb, u16 x) { return 0; }
#elif defined(EITHER_NONE)
int test_either(void *skb, u16 x) { return 0; }
#else
int test_either(struct sk_buff *skb, u16 x) { return 0; }
#endif

#ifdef NEW_CHANGED
int test_new(struct sk_buff *skb, int more) { return 0; }
#elif !defined(NO_NEW)
int test_new(struct sk_buff *skb) { return 0; }
#endif

#ifdef RETURN_CHANGED
void test_return(struct sk_buff *skb, gfp_t gfp) {}
#elif !defined(NO_RETURN)
struct sk_buff *test_return(struct sk_buff *skb, gfp_t gfp) { return skb; }
#endif
#endif

#if defined(MODULE) || defined(BUILT_IN)
#ifdef IN_CHANGED
u16 test_in_module(struct sk_buff *skb, u32 x, u32 more) { return x; }
#elif defined(NO_IN)
u16 test_other_in_module(struct sk_buff *skb, u32 x) { return x; }
#else
u16 test_in_module(struct sk_buff *skb, u32 x) { return x; }
#endif
#endif
