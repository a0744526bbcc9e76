/* SPDX-License-Identifier: GPL-2.0 */
/* A device as the server sees it: what lies behind the functions of device.h. */
#ifndef TEST_NIC_NIC_H
#define TEST_NIC_NIC_H

#include "config.h"
#include "device.h"
#include "dma.h"
#include "vfu.h"
#include "wire.h"

/**
 * struct nic - one modelled PCI function
 * @ops: its model
 * @priv: the model's state
 * @verbose: nic_log() writes
 * @link_up: the cable is plugged in
 * @faults: calls of nic_fault()
 * @next_tick: when the model's tick is due, nic_now()
 */
struct nic {
	const struct nic_ops *ops;
	void *priv;
	bool verbose;
	bool link_up;
	unsigned long faults;
	uint64_t next_tick;
	struct config config;
	struct dma dma;
	struct vfu vfu;
	struct wire wire;
};

/* Every model that was built in; ends with NULL. */
const struct nic_ops *nic_model(const char *name);
void nic_model_names(char *buf, size_t size);

/* nic_init - a device without client and cable; nic_exit() gives all back */
void nic_init(struct nic *nic, const struct nic_ops *ops);
void nic_exit(struct nic *nic);

/*
 * nic_serve - plays the device until its client leaves
 *
 * Return: whether the client left in order, and nothing was wrong in between.
 */
bool nic_serve(struct nic *nic);

/* nic_reset - power-on state, but for the cable and what the client set up */
void nic_reset(struct nic *nic);

/* nic_set_link - pulls the cable or plugs it in */
void nic_set_link(struct nic *nic, bool up);

#endif
