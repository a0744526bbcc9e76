// SPDX-License-Identifier: GPL-2.0

#include "kernel.h"

#include <stdio.h>
#include <string.h>

#include <bpf/btf.h>

#include "vt.h"

static const struct btf *kernel_btf(void)
{
	static struct btf *btf;

	if (!btf)
		btf = btf__load_vmlinux_btf();
	if (!btf)
		vt_die("the kernel's BTF cannot be read");
	return btf;
}

bool vt_kfunc_hook(const char *hook)
{
	const struct btf *btf = kernel_btf();
	const struct btf_enum *e;
	const struct btf_type *t;
	char name[64];
	int id, i;

	snprintf(name, sizeof(name), "BTF_KFUNC_HOOK_%s", hook);
	id = btf__find_by_name_kind(btf, "btf_kfunc_hook", BTF_KIND_ENUM);
	if (id < 0)
		vt_die("the kernel's BTF has no enum btf_kfunc_hook");
	t = btf__type_by_id(btf, id);
	e = btf_enum(t);
	for (i = 0; i < btf_vlen(t); i++)
		if (!strcmp(btf__name_by_offset(btf, e[i].name_off), name))
			return true;
	return false;
}

bool vt_kernel_function(const char *name)
{
	return btf__find_by_name_kind(kernel_btf(), name, BTF_KIND_FUNC) > 0;
}
