// SPDX-License-Identifier: GPL-2.0
/*
 * A kfunc believes that its context argument is what its type says. So the
 * verifier must not accept anything else there, of any program:
 * test/vm/progs/misuse.bpf.c has one program for each way to try.
 */
#include <bpf/btf.h>

#include "verifier.h"
#include "vt.h"

static void expect(const char *name, bool want)
{
	if (!vt_ok(vt_accepted("misuse", name, NULL) == want, "%s %s", name,
		   want ? "is accepted" : "is refused"))
		vt_note("%s", vt_verifier_said());
}

int main(void)
{
	static const char *const good[] = { "good_xdp", "good_tc", "good_tracing" };
	static const char *const bad[] = {
		"tc_xdp_memory", "tc_xdp_ctx", "xdp_xdp_memory", "xdp_skb_ctx",
		"tracing_xdp_memory", "tracing_skb", "sockopt_xdp_memory", "dissector_skb",
		"syscall_xdp_memory",
	};
	/* For kernels that let a program cast pointers. */
	static const char *const casts[] = {
		"xdp_skb_cast", "tc_skb_cast", "tracing_skb_cast", "sockopt_skb_cast",
	};
	struct btf *kernel = btf__load_vmlinux_btf();
	unsigned int i;

	if (!kernel)
		vt_die("the kernel's BTF cannot be read");
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		expect(good[i], true);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		expect(bad[i], false);
	if (btf__find_by_name_kind(kernel, "bpf_rdonly_cast", BTF_KIND_FUNC) > 0) {
		expect("good_cast", true);
		for (i = 0; i < sizeof(casts) / sizeof(casts[0]); i++)
			expect(casts[i], false);
	}
	btf__free(kernel);
	return vt_done();
}
