/* SPDX-License-Identifier: GPL-2.0 */
/* PCI configuration space: identity, BARs, and the MSI-X, PCI Express and power capabilities. */
#ifndef TEST_NIC_CONFIG_H
#define TEST_NIC_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "device.h"

enum { CONFIG_SIZE = 4096 };

/* @mask: the bits that a client can write */
struct config {
	uint8_t byte[CONFIG_SIZE];
	uint8_t mask[CONFIG_SIZE];
};

/* config_reset - power-on values of a device */
void config_reset(struct config *c, const struct nic_ops *ops);

/* config_read, config_write - @off + @len lie inside; a write returns whether it asks for a reset */
void config_read(const struct config *c, uint32_t off, void *buf, uint32_t len);
bool config_write(struct config *c, uint32_t off, const void *buf, uint32_t len);

#endif
