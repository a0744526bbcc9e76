// SPDX-License-Identifier: LGPL-2.1 OR BSD-2-Clause
#include <string.h>
#include <linux/genetlink.h>
#include <traits/traits.h>

#include "genl.h"

#define HOOKS_MAX (sizeof(((struct traits_info *)0)->hooks) / sizeof(struct traits_hook))

static void take_hook(const struct nlattr *nest, struct traits_info *info)
{
	const struct nlattr *tb[TRAITS_A_HOOK_MAX + 1];
	struct traits_hook *hook;

	if (info->n_hooks == HOOKS_MAX)
		return;
	hook = &info->hooks[info->n_hooks++];
	traits_nested(nest, tb, TRAITS_A_HOOK_MAX);
	traits_str(tb[TRAITS_A_HOOK_NAME], hook->name, sizeof(hook->name));
	traits_str(tb[TRAITS_A_HOOK_TYPE], hook->type, sizeof(hook->type));
	hook->attached = traits_u32(tb[TRAITS_A_HOOK_ATTACHED], 0);
	hook->needed = traits_u32(tb[TRAITS_A_HOOK_NEEDED], 0);
	hook->found = traits_u32(tb[TRAITS_A_HOOK_FOUND], 0);
	if (tb[TRAITS_A_HOOK_MISSED] &&
	    !mnl_attr_validate(tb[TRAITS_A_HOOK_MISSED], MNL_TYPE_U64))
		hook->missed = mnl_attr_get_u64(tb[TRAITS_A_HOOK_MISSED]);
}

static int take_info(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[TRAITS_A_INFO_MAX + 1];
	struct traits_info *info = data;
	const struct nlattr *attr;

	traits_attrs(nlh, tb, TRAITS_A_INFO_MAX);
	traits_str(tb[TRAITS_A_INFO_VERSION], info->version, sizeof(info->version));
	traits_str(tb[TRAITS_A_INFO_RELEASE], info->release, sizeof(info->release));
	info->max_keys = traits_u32(tb[TRAITS_A_INFO_MAX_KEYS], 0);
	info->keys = traits_u32(tb[TRAITS_A_INFO_KEYS], 0);
	info->max_name = traits_u32(tb[TRAITS_A_INFO_MAX_NAME], 0);
	info->max_description = traits_u32(tb[TRAITS_A_INFO_MAX_DESCRIPTION], 0);
	info->max_headroom = traits_u32(tb[TRAITS_A_INFO_MAX_HEADROOM], 0);
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(attr) == TRAITS_A_INFO_HOOK)
			take_hook(attr, info);
	return 0;
}

int traits_info_get(struct traits *t, struct traits_info *info)
{
	memset(info, 0, sizeof(*info));
	traits_begin(t, t->family, TRAITS_CMD_INFO_GET, NLM_F_ACK);
	return traits_request(t, take_info, info);
}
