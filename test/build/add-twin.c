// SPDX-License-Identifier: GPL-2.0
/* Adds a second function of the same name and another prototype to raw BTF. */
#include <bpf/btf.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	struct btf *btf = argc == 4 ? btf__parse_raw(argv[1]) : NULL;
	const void *data;
	__u32 size;
	FILE *f;
	int proto;

	if (!btf || btf__find_by_name_kind(btf, argv[2], BTF_KIND_FUNC) < 0)
		return 1;
	proto = btf__add_func_proto(btf, 0);
	if (proto < 0 || btf__add_func(btf, argv[2], BTF_FUNC_STATIC, proto) < 0)
		return 1;
	data = btf__raw_data(btf, &size);
	f = fopen(argv[3], "w");
	return !data || !f || fwrite(data, 1, size, f) != size || fclose(f);
}
