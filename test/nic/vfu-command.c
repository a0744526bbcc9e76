// SPDX-License-Identifier: GPL-2.0
#include "vfu-command.h"

#include <errno.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "nic.h"
#include "vfu-proto.h"

/* A request starts with a fixed part, and often the answer is that part, filled in. */
#define FIXED(req, type)	({ type fixed; memcpy(&fixed, (req)->in, sizeof(fixed)); fixed; })

static void answer(struct vfu_request *req, const void *data, size_t len)
{
	memcpy(req->out + req->out_len, data, len);
	req->out_len += len;
}

static int version(struct nic *nic, struct vfu_request *req)
{
	static const char capabilities[] =
		"{\"capabilities\":{\"max_msg_fds\":16,\"max_data_xfer_size\":65536}}";
	struct vfu_version v = FIXED(req, struct vfu_version);

	(void)nic;
	if (v.major)
		return -EINVAL;
	/* QEMU takes no minor version above the one that it asks for, which is 0. */
	v.minor = 0;
	answer(req, &v, sizeof(v));
	answer(req, capabilities, sizeof(capabilities));
	return 0;
}

static int map(struct nic *nic, struct vfu_request *req)
{
	struct vfu_dma_map m = FIXED(req, struct vfu_dma_map);
	int err;

	if (req->n_fds > 1)
		return -EINVAL;
	err = dma_map(&nic->dma, m.addr, m.size, m.offset, m.flags, req->n_fds ? req->fds[0] : -1);
	nic_log(nic, "map %#llx+%#llx%s: %s", (unsigned long long)m.addr,
		(unsigned long long)m.size, req->n_fds ? "" : " without file", strerror(-err));
	answer(req, &m, sizeof(m));
	return err;
}

static int unmap(struct nic *nic, struct vfu_request *req)
{
	struct vfu_dma_unmap u = FIXED(req, struct vfu_dma_unmap);
	int err = 0;

	if (u.flags & ~VFU_UNMAP_ALL)
		return -EOPNOTSUPP;
	if (u.flags && (u.addr || u.size))
		return -EINVAL;
	if (u.flags)
		dma_unmap_all(&nic->dma);
	else
		err = dma_unmap(&nic->dma, u.addr, u.size);
	nic_log(nic, "unmap %#llx+%#llx: %s", (unsigned long long)u.addr,
		(unsigned long long)u.size, strerror(-err));
	answer(req, &u, sizeof(u));
	return err;
}

static int get_info(struct nic *nic, struct vfu_request *req)
{
	struct vfu_info info = {
		.argsz = sizeof(info), .flags = VFIO_DEVICE_FLAGS_RESET | VFIO_DEVICE_FLAGS_PCI,
		.regions = VFIO_PCI_NUM_REGIONS, .irqs = VFIO_PCI_NUM_IRQS,
	};

	(void)nic;
	answer(req, &info, sizeof(info));
	return 0;
}

/* Bytes of a region; 0 for those that the device does not have. */
static uint64_t region_size(const struct nic *nic, uint32_t region)
{
	if (region < NIC_BARS)
		return nic->ops->bar_size[region];
	return region == VFIO_PCI_CONFIG_REGION_INDEX ? CONFIG_SIZE : 0;
}

static int get_region_info(struct nic *nic, struct vfu_request *req)
{
	struct vfu_region_info r = FIXED(req, struct vfu_region_info);

	if (r.index >= VFIO_PCI_NUM_REGIONS)
		return -EINVAL;
	r.argsz = sizeof(r);
	r.size = region_size(nic, r.index);
	r.flags = r.size ? VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE : 0;
	r.cap_offset = 0;
	r.offset = 0;
	answer(req, &r, sizeof(r));
	return 0;
}

static int get_irq_info(struct nic *nic, struct vfu_request *req)
{
	struct vfu_irq_info i = FIXED(req, struct vfu_irq_info);

	/* Also for errors and requests to leave: the device has neither. */
	if (i.index > VFIO_PCI_MSIX_IRQ_INDEX)
		return -EINVAL;
	i.argsz = sizeof(i);
	i.flags = VFIO_IRQ_INFO_EVENTFD | VFIO_IRQ_INFO_NORESIZE;
	i.count = i.index == VFIO_PCI_MSIX_IRQ_INDEX ? nic->vfu.n_irqs : 0;
	answer(req, &i, sizeof(i));
	return 0;
}

/* A write to anything else could block or end the process. */
static bool is_eventfd(int fd)
{
	char path[32], name[32] = "";

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return readlink(path, name, sizeof(name) - 1) > 0 && !strcmp(name, "anon_inode:[eventfd]");
}

/* Vectors get the eventfds of the request, or lose theirs if it has none. */
static int connect_irqs(struct vfu *vfu, struct vfu_request *req, uint32_t start, uint32_t count)
{
	if (req->n_fds && req->n_fds != count)
		return -EINVAL;
	for (unsigned int i = 0; i < req->n_fds; i++) {
		if (!is_eventfd(req->fds[i]))
			return -EINVAL;
	}
	for (uint32_t i = 0; i < count; i++) {
		int *irq = &vfu->irq[start + i];

		if (*irq >= 0)
			close(*irq);
		*irq = -1;
		if (i < req->n_fds) {
			*irq = req->fds[i];
			req->fds[i] = -1;
		}
	}
	return 0;
}

static int set_irqs(struct nic *nic, struct vfu_request *req)
{
	const uint32_t none = VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_TRIGGER;
	const uint32_t eventfd = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER;
	struct vfu_irq_set s = FIXED(req, struct vfu_irq_set);

	nic_log(nic, "irqs %u: %u from %u, flags %#x, %u files", s.index, s.count, s.start, s.flags,
		req->n_fds);
	if (s.index != VFIO_PCI_MSIX_IRQ_INDEX || s.start > nic->vfu.n_irqs ||
	    s.count > nic->vfu.n_irqs - s.start)
		return -EINVAL;
	if (s.flags == none && !s.start && !s.count && !req->n_fds)
		return connect_irqs(&nic->vfu, req, 0, nic->vfu.n_irqs);
	if (s.flags == eventfd && s.count)
		return connect_irqs(&nic->vfu, req, s.start, s.count);
	return -EOPNOTSUPP;
}

/* Whether a device can be accessed like this: registers whole and naturally aligned. */
static bool access_ok(const struct nic *nic, const struct vfu_region_access *a)
{
	uint64_t size = a->region <= VFIO_PCI_CONFIG_REGION_INDEX ?
			region_size(nic, a->region) : 0;

	if (!a->count || a->count > size || a->offset > size - a->count)
		return false;
	if (a->region == VFIO_PCI_CONFIG_REGION_INDEX)
		return true;
	return a->count <= 8 && !(a->count & (a->count - 1)) && !(a->offset & (a->count - 1));
}

static int region_read(struct nic *nic, struct vfu_request *req)
{
	struct vfu_region_access a = FIXED(req, struct vfu_region_access);

	if (!access_ok(nic, &a) || req->len != sizeof(a))
		return -EINVAL;
	answer(req, &a, sizeof(a));
	if (a.region == VFIO_PCI_CONFIG_REGION_INDEX) {
		config_read(&nic->config, a.offset, req->out + req->out_len, a.count);
		req->out_len += a.count;
	} else {
		uint64_t value = nic->ops->read(nic, a.region, a.offset, a.count);

		answer(req, &value, a.count);
	}
	return 0;
}

static int region_write(struct nic *nic, struct vfu_request *req)
{
	struct vfu_region_access a = FIXED(req, struct vfu_region_access);
	const uint8_t *data = req->in + sizeof(a);

	if (!access_ok(nic, &a) || req->len != sizeof(a) + a.count)
		return -EINVAL;
	answer(req, &a, sizeof(a));
	if (a.region == VFIO_PCI_CONFIG_REGION_INDEX) {
		if (config_write(&nic->config, a.offset, data, a.count))
			nic_reset(nic);
	} else {
		uint64_t value = 0;

		memcpy(&value, data, a.count);
		nic->ops->write(nic, a.region, a.offset, a.count, value);
	}
	return 0;
}

static int reset(struct nic *nic, struct vfu_request *req)
{
	(void)req;
	nic_reset(nic);
	return 0;
}

static const struct {
	int (*run)(struct nic *nic, struct vfu_request *req);
	size_t fixed;
} commands[] = {
	[VFU_VERSION]		= { version, sizeof(struct vfu_version) },
	[VFU_DMA_MAP]		= { map, sizeof(struct vfu_dma_map) },
	[VFU_DMA_UNMAP]		= { unmap, sizeof(struct vfu_dma_unmap) },
	[VFU_GET_INFO]		= { get_info, sizeof(struct vfu_info) },
	[VFU_GET_REGION_INFO]	= { get_region_info, sizeof(struct vfu_region_info) },
	[VFU_GET_IRQ_INFO]	= { get_irq_info, sizeof(struct vfu_irq_info) },
	[VFU_SET_IRQS]		= { set_irqs, sizeof(struct vfu_irq_set) },
	[VFU_REGION_READ]	= { region_read, sizeof(struct vfu_region_access) },
	[VFU_REGION_WRITE]	= { region_write, sizeof(struct vfu_region_access) },
	[VFU_RESET]		= { reset, 0 },
};

int vfu_command(struct nic *nic, struct vfu_request *req)
{
	size_t n = sizeof(commands) / sizeof(commands[0]);

	if (req->command >= n || !commands[req->command].run)
		return -EOPNOTSUPP;
	if (req->len < commands[req->command].fixed)
		return -EINVAL;
	return commands[req->command].run(nic, req);
}
