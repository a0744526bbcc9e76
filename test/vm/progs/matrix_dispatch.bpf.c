// SPDX-License-Identifier: GPL-2.0
/*
 * Runs two XDP programs, one after the other, in the way of libxdp's dispatcher: programs of type
 * BPF_PROG_TYPE_EXT replace its functions. Attach to a device.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

/* Where these are not replaced yet; volatile, so that the compiler does not know the answer. */
__noinline int first(struct xdp_md *ctx)
{
	volatile int verdict = XDP_PASS;

	return ctx ? verdict : XDP_ABORTED;
}

__noinline int second(struct xdp_md *ctx)
{
	volatile int verdict = XDP_PASS;

	return ctx ? verdict : XDP_ABORTED;
}

SEC("xdp")
int dispatch(struct xdp_md *ctx)
{
	int verdict = first(ctx);

	return verdict == XDP_PASS ? second(ctx) : verdict;
}

char _license[] SEC("license") = "GPL";
