/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Network cards under test. nicN is one, wireN is a plain device at the other
 * end of its cable: what is sent there, the card receives.
 */
#ifndef VT_NIC_H
#define VT_NIC_H

#include <stdbool.h>
#include <stddef.h>

/* What the case runs on: $VT_NIC. Without it there is nothing to test, and the case is skipped. */
const char *vt_nic(void);

/* The fixture, or one card of it, has this name; "mlx5" is also "mlx5-legacy". */
bool vt_nic_is(const char *name);

/* Cards of the fixture. */
unsigned int vt_nic_count(void);

enum vt_nic_end { VT_NIC_CARD, VT_NIC_WIRE };

/*
 * Moves one end of cable @n to namespace @ns, calls it @dev, and tells its
 * address. When the case ends it goes back to where it was, as nicN or wireN.
 */
void vt_nic_take(enum vt_nic_end end, unsigned int n, const char *ns, const char *dev,
		 unsigned char mac[6]);

/* Gives back all that was taken. */
void vt_nic_release(void);

/* Waits until the device is up and has a carrier: drivers may need a while. */
void vt_nic_wait_carrier(const char *ns, const char *dev);

/* The same after XDP came or went, where drivers make their rings anew; only for what was taken. */
void vt_nic_settle(const char *ns, const char *dev);

/*
 * Tells the model of card @n, whose wire is @dev in @ns, a command; returns
 * whether there is a model. Other answers than "ok" end the case; what is behind it
 * goes to @answer.
 */
bool vt_nic_control(const char *ns, const char *dev, const char *command, char *answer,
		    size_t size);

const char *vt_nic_driver(const char *ns, const char *dev);

/* Has GRO wait for more packets before it hands up what it has: what is merged is certain then. */
void vt_nic_gro_waits(const char *ns, const char *dev, unsigned int ms);

/* The case is the short one of make check. */
bool vt_nic_short(void);

#endif
