// SPDX-License-Identifier: LGPL-2.1 OR BSD-2-Clause
/* Tells the registry which loaded programs declare keys. */
#include <errno.h>
#include <string.h>
#include <bpf/libbpf.h>
#include <traits/traits.h>

#include "genl.h"

static bool declares_keys(struct bpf_object *obj)
{
	struct bpf_map *map;

	bpf_object__for_each_map(map, obj)
		if (traits_is_key_map(map))
			return true;
	return false;
}

/* libbpf ties the section of the keys to each program of the object, so any will do. */
int traits_hold(struct traits *t, struct bpf_object *obj)
{
	struct bpf_program *prog;
	struct nlmsghdr *nlh;

	if (!declares_keys(obj))
		return 0;
	bpf_object__for_each_program(prog, obj) {
		if (bpf_program__fd(prog) < 0)
			continue;
		nlh = traits_begin(t, t->family, TRAITS_CMD_KEY_HOLD, NLM_F_ACK);
		mnl_attr_put_u32(nlh, TRAITS_A_KEY_PROG_FD, bpf_program__fd(prog));
		mnl_attr_put_u32(nlh, TRAITS_A_KEY_PROG_TYPE, bpf_program__type(prog));
		return traits_request(t, NULL, NULL);
	}
	return traits_fail(t, -EINVAL, "no program of the object is loaded");
}
