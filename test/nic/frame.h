/* SPDX-License-Identifier: GPL-2.0 */
/* What hardware would find out about a frame. */
#ifndef TEST_NIC_FRAME_H
#define TEST_NIC_FRAME_H

#include "device.h"

/* frame_parse - fills all but the timestamp; @len is at least that of an Ethernet header */
void frame_parse(struct nic_frame *f, const uint8_t *data, size_t len);

/*
 * frame_sum - adds bytes to a ones' complement sum, as big-endian 16-bit numbers; what follows an odd
 * number of bytes must not be added to it. frame_fold() makes 16 bits of it, not inverted.
 */
uint32_t frame_sum(const uint8_t *data, size_t len, uint32_t sum);
uint16_t frame_fold(uint32_t sum);

/* frame_toeplitz - receive side scaling's hash with the key of its published verification suite */
uint32_t frame_toeplitz(const uint8_t *data, size_t len);

#endif
