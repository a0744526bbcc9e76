// SPDX-License-Identifier: LGPL-2.1 OR BSD-2-Clause
#include <errno.h>
#include <string.h>
#include <traits/traits.h>

#include "genl.h"

/* Longer names do not fit into a request. */
#define NAME_SENT_MAX	4096

static int take_dev(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[TRAITS_A_DEV_MAX + 1];
	struct traits_dev *dev = data;

	traits_attrs(nlh, tb, TRAITS_A_DEV_MAX);
	memset(dev, 0, sizeof(*dev));
	dev->ifindex = traits_u32(tb[TRAITS_A_DEV_IFINDEX], 0);
	dev->headroom = traits_u32(tb[TRAITS_A_DEV_HEADROOM], 0);
	dev->needed = traits_u32(tb[TRAITS_A_DEV_NEEDED], 0);
	traits_str(tb[TRAITS_A_DEV_IFNAME], dev->name, sizeof(dev->name));
	return dev->ifindex && dev->name[0] ? 0 : -EBADMSG;
}

static int begin_named(struct traits *t, uint8_t cmd, const char *name)
{
	size_t len = strlen(name);

	if (len > NAME_SENT_MAX)
		return traits_fail(t, -EINVAL,
				   "the device's name has %zu characters, more than %zu", len,
				   sizeof(((struct traits_dev *)0)->name) - 1);
	mnl_attr_put_strz(traits_begin(t, t->family, cmd, NLM_F_ACK), TRAITS_A_DEV_IFNAME, name);
	return 0;
}

int traits_dev_set(struct traits *t, const char *name, uint32_t headroom, struct traits_dev *dev)
{
	struct traits_dev ignored;
	int err = begin_named(t, TRAITS_CMD_DEV_SET, name);

	if (err)
		return err;
	mnl_attr_put_u32((void *)t->buf, TRAITS_A_DEV_HEADROOM, headroom);
	return traits_request(t, take_dev, dev ? dev : &ignored);
}

int traits_dev_get(struct traits *t, const char *name, struct traits_dev *dev)
{
	int err = begin_named(t, TRAITS_CMD_DEV_GET, name);

	return err ? err : traits_request(t, take_dev, dev);
}

struct dump {
	struct traits_dev *devs;
	int max;
	int n;
};

static void restart(void *data)
{
	struct dump *dump = data;

	dump->n = 0;
}

static int take_one_of(const struct nlmsghdr *nlh, void *data)
{
	struct traits_dev beyond;
	struct dump *dump = data;
	int at = dump->n++;

	return take_dev(nlh, at < dump->max ? &dump->devs[at] : &beyond);
}

int traits_dev_dump(struct traits *t, struct traits_dev *devs, int max)
{
	struct dump dump = { .devs = devs, .max = max };
	int err = traits_dump(t, TRAITS_CMD_DEV_GET, restart, take_one_of, &dump);

	return err ? err : dump.n;
}
