/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Unit tests of BPF programs that use traits, by BPF_PROG_TEST_RUN: give a packet traits, run the
 * program on it, see which traits it has then. Nothing is attached, and no other packet is touched.
 *
 *	struct traits_test *t = traits_test_open(driver, "follow.bpf.o", "follow");
 *
 *	traits_test_give(t, "service_id", &id);
 *	if (traits_test_run(t, frame, len) == TC_ACT_OK &&
 *	    traits_test_found(t, "hops", &hops) == sizeof(hops) && hops == 1)
 *		...
 *	traits_test_close(t);
 *
 * The program is loaded as an extension (freplace) of a driver, so its object is used as it is. It
 * may use maps, but not tail calls. The module has to be loaded.
 *
 * What cannot go on prints a sentence and ends the process with status 2.
 */
#ifndef TRAITS_TEST_H
#define TRAITS_TEST_H

struct bpf_object;
struct traits_test;

/*
 * Loads program @prog, of type XDP or TC, of the object @file. @driver is where driver.bpf.o is.
 * Keys that the object declares are registered if they are new.
 */
struct traits_test *traits_test_open(const char *driver, const char *file, const char *prog);
void traits_test_close(struct traits_test *t);

/* The program's object, with its maps. */
struct bpf_object *traits_test_object(struct traits_test *t);

/*
 * From now on packets have this trait when the program gets them, with a value of the key's size;
 * traits_test_bare() takes all traits away again.
 */
void traits_test_give(struct traits_test *t, const char *key, const void *val);
void traits_test_bare(struct traits_test *t);

/*
 * Runs the program on a packet: an Ethernet frame, for TC with IPv4 or IPv6. Returns the program's
 * verdict; -ENOSPC if the packet had no room for the traits that it was to be given.
 */
int traits_test_run(struct traits_test *t, const void *frame, unsigned int len);

/*
 * After a run: a trait that the packet has. @val takes 16 bytes. Returns the length of the value,
 * or -ENOENT.
 */
int traits_test_found(struct traits_test *t, const char *key, void *val);

/* After a run: the packet as the program left it. */
const void *traits_test_frame(struct traits_test *t, unsigned int *len);

/*
 * For XDP: sends @n frames through the program and, if it says XDP_PASS, into the stack of this
 * network namespace, as if device @dev had received them. Returns how many of them had the trait
 * @key in TC; traits_test_found() tells of the last one.
 */
unsigned int traits_test_live(struct traits_test *t, const char *dev, const void *frame,
			      unsigned int len, unsigned int n, const char *key);

#endif
