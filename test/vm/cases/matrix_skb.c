// SPDX-License-Identifier: GPL-2.0
/*
 * timeout: 480
 * The matrix: the kernel's functions that copy an skb, replace its head, or
 * join two. vt_copy.ko calls them on packets from XDP.
 */
#include "matrix.h"
#include "path.h"
#include "vt.h"

#define ROW(function)									\
	.name = function,								\
	.set_up = choose,								\
	.from = "a", .to = "10.1.0.2",							\
	.set = { "b", "left", MX_XDP },							\
	.read = { { "b", "vtc0", MX_TC_INGRESS } }

#define KEPT		{ MX_KEPT }
#define LOST(counter)	{ MX_LOST, TRAITS_STAT_LOST_##counter }

/* with: what vt_copy.ko calls it */
static void choose(const struct mx_event *event)
{
	vt_write_file("/sys/module/vt_copy/parameters/mode", event->with[0]);
}

static const struct mx_event events[] = {
	{ ROW("skb_clone"), .with = { "skb_clone" }, .want = KEPT },
	{ ROW("skb_morph"), .with = { "skb_morph" }, .want = KEPT },
	{ ROW("skb_copy"), .with = { "skb_copy" }, .want = KEPT },
	{ ROW("pskb_copy"), .with = { "pskb_copy" }, .want = KEPT },
	{ ROW("skb_copy_expand"), .with = { "skb_copy_expand" }, .want = KEPT },
	{ ROW("skb_copy_expand, 48 bytes of headroom"), .with = { "skb_copy_shrink" },
	  .want = LOST(COPY) },
	{ ROW("skb_realloc_headroom"), .with = { "skb_realloc_headroom" }, .want = KEPT },
	{ ROW("pskb_expand_head by 0"), .with = { "expand_0" }, .want = KEPT },
	{ ROW("pskb_expand_head by 64"), .with = { "expand_64" }, .want = KEPT },
	{ ROW("pskb_expand_head by 6"), .with = { "expand_6" }, .want = LOST(EXPAND) },
	{ ROW("pskb_expand_head by 2048"), .with = { "expand_2048" }, .want = LOST(EXPAND) },
	{ ROW("pskb_extract (carve)"), .with = { "pskb_extract" }, .want = LOST(DAMAGED) },
	{
		/* The joined packet has the traits of the first one. */
		.name = "skb_try_coalesce",
		.set_up = choose, .with = { "skb_try_coalesce" },
		.from = "a", .to = "10.1.0.2", .run = 2,
		.set = { "b", "left", MX_XDP },
		.read = { { "b", "vtc0", MX_TC_INGRESS, .mark = 42, .one_of = 2 } },
		.want = KEPT,
	},
};

int main(void)
{
	vt_path(2);
	mx_ip("b", "link add vtc0 type dummy\nlink set vtc0 up");
	vt_insmod("vt_copy");
	mx_run(events, sizeof(events) / sizeof(events[0]));
	vt_run("rmmod vt_copy");
	return vt_done();
}
