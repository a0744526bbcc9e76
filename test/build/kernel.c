// SPDX-License-Identifier: GPL-2.0
/*
 * As much of a kernel as module/host/kernel-layout looks at. Compiled to BTF; each macro
 * makes it a kernel that differs in one thing. In struct sk_buff, byte 17 and the pair
 * at 22 are unused, and so are 12 to 15, which are outside of the group.
 */
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef unsigned int gfp_t;
typedef unsigned long size_t;
typedef long ssize_t;

/* For functions that fixture.sh adds */
typedef u64 netdev_features_t;
typedef _Bool bool;

#define struct_group(NAME, MEMBERS...) union { struct { MEMBERS }; struct { MEMBERS } NAME; }

#ifdef NO_BYTE
#define BYTE_17 u8 used;
#elif defined(ONE_BIT)
#define BYTE_17 u8 :5; u8 one_bit:1;	/* the bits before it belong to byte 16 */
#elif defined(INNER_PADDING)
/* Unused are then the pair at 22, and one byte inside of inner, at 19 */
#define BYTE_17 u8 used; struct { u8 a; u16 b; } inner; u32 used2;
#else
#define BYTE_17
#endif

#if defined(NO_PAIR)
#define PAIR_22 u16 alloc_cpu; u16 used2;
#elif defined(ODD_PAIR)
#define PAIR_22 u8 alloc_cpu; u8 :8; u8 :8; u8 used2;
#elif defined(UNION_PAIR)
#define PAIR_22 union { u16 alloc_cpu; u32 wide; };
#elif defined(BIT_PAIR)
#define PAIR_22 u16 alloc_cpu; u16 :9; u16 one_bit_of_23:1;
#elif defined(WIDE_PAIR)
#define PAIR_22 union { u16 alloc_cpu; struct { u8 x, y; } named; };
#else
#define PAIR_22 u16 alloc_cpu;
#endif

#ifdef NO_SKB
struct sk_buff;
#else
struct sk_buff {
	void *next;
	u32 len;
#ifdef TAIL_FIRST
	u32 tail;
#endif
#ifdef NO_GROUP
	u64 unrelated;
	u8 cloned:1, nohdr:2;
#else
	struct_group(headers,
		u8 cloned:1, nohdr:2;
		BYTE_17
		u16 tc_index;
		PAIR_22
		u32 csum;
		u32 hash;
		void *extensions;
		union {
			u16 protocol;
			u8 bytes[8];
		};
	);
#endif
#ifndef TAIL_FIRST
	u32 tail;
#endif
	u32 end;
};
#endif

#ifdef XDP_FRAME_GREW
#define MORE u64 more;
#else
#define MORE
#endif
#ifndef NO_XDP_FRAME
struct xdp_frame {
	void *data;
	u64 rest[4];
	MORE
} a_frame;
#endif

struct xsk_buff_pool {
	void *addrs;
#ifndef XSK_NO_METADATA
	u8 tx_metadata_len;
#endif
} a_pool;

struct xdp_umem {
	void *addrs;
	u64 size;
} an_umem;

struct xsk_queue {
	u32 ring_mask;
	u32 nentries;
	u32 cached_prod;
#ifdef XSK_WIDE_CONS
	u64 cached_cons;
#else
	u32 cached_cons;
#endif
	void *ring;
} a_queue;

struct xdp_rxtx_ring {
	u64 ptrs[8];
	u64 desc[];
} *a_ring;

enum btf_kfunc_hook {
#ifdef HOOK_COMMON
	BTF_KFUNC_HOOK_COMMON,
#endif
	BTF_KFUNC_HOOK_XDP,
} a_hook;

#ifdef TRACE_CHANGED
typedef void (*btf_trace_netif_receive_skb)(void *, struct sk_buff **);
#elif defined(TRACE_NO_POINTER)
typedef struct sk_buff *btf_trace_netif_receive_skb[2];
#else
typedef void (*btf_trace_netif_receive_skb)(void *, struct sk_buff *);
#endif
btf_trace_netif_receive_skb a_trace;

typedef void (*btf_trace_napi_gro_receive_entry)(void *, const struct sk_buff *);
typedef void (*btf_trace_napi_gro_frags_entry)(void *, const struct sk_buff *);
typedef void (*btf_trace_netif_receive_skb_entry)(void *, const struct sk_buff *);
struct napi_struct;
typedef void (*btf_trace_napi_poll)(void *, struct napi_struct *, int, int);
btf_trace_napi_gro_receive_entry a_gro_trace;
btf_trace_napi_gro_frags_entry a_frags_trace;
btf_trace_netif_receive_skb_entry an_entry_trace;
btf_trace_napi_poll a_poll_trace;

#ifdef COPY_MORE
void skb_copy_header(struct sk_buff *new, const struct sk_buff *old, int more) {}
#elif defined(COPY_CONST)
void skb_copy_header(struct sk_buff *new, struct sk_buff *old) {}
#elif defined(COPY_SWAPPED)
void skb_copy_header(const struct sk_buff *old, struct sk_buff *new) {}
#else
void skb_copy_header(struct sk_buff *new, const struct sk_buff *old) {}
#endif

#ifdef EXPAND_LONG
int pskb_expand_head(struct sk_buff *skb, long nhead, int ntail, gfp_t gfp_mask)
#elif defined(EXPAND_VOID)
void pskb_expand_head(struct sk_buff *skb, int nhead, int ntail, gfp_t gfp_mask)
#else
int pskb_expand_head(struct sk_buff *skb, int nhead, int ntail, gfp_t gfp_mask)
#endif
{
#ifndef EXPAND_VOID
	return 0;
#endif
}

#ifdef META_CHANGED
u64 bpf_xdp_adjust_meta(void *xdp, int offset) { return 0; }
#else
u64 bpf_xdp_adjust_meta(u64 xdp, u64 offset, u64 ur1, u64 ur2, u64 ur3) { return 0; }
#endif
