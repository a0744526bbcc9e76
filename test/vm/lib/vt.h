/* SPDX-License-Identifier: GPL-2.0 */
/* What each test case in C needs: KTAP lines, commands, network namespaces, traffic. */
#ifndef VT_H
#define VT_H

#include <stdbool.h>
#include <stdio.h>

/* One KTAP line each; returns whether it was ok. The text is for printf(). */
bool vt_ok(bool ok, const char *text, ...) __attribute__((format(printf, 2, 3)));

/* The same for two numbers, which are shown when they differ. */
#define vt_eq(got, want, ...)	vt_eq_at(__FILE__, __LINE__, (long long)(got), (long long)(want), \
					 __VA_ARGS__)
bool vt_eq_at(const char *file, int line, long long got, long long want, const char *text, ...)
	__attribute__((format(printf, 5, 6)));

/* A remark, shown when the case fails. */
void vt_note(const char *text, ...) __attribute__((format(printf, 1, 2)));

/* Ends the case as failed: it cannot go on. */
void vt_die(const char *text, ...) __attribute__((format(printf, 1, 2), noreturn));

/* Ends the case as skipped, for this reason. */
void vt_skip(const char *reason, ...) __attribute__((format(printf, 1, 2), noreturn));

/* Ends the case; for "return" in main(). */
int vt_done(void);

/* Runs a shell command that has to succeed; vt_try() returns its exit code instead. */
void vt_run(const char *command, ...) __attribute__((format(printf, 1, 2)));
int vt_try(const char *command, ...) __attribute__((format(printf, 1, 2)));

/*
 * For cases that have the kernel change its code while packets run through it.
 * QEMU 7.2 without KVM sometimes runs the old code on another CPU after all
 * CPUs acknowledged the new one, and the kernel, stock and without the module,
 * ends in "Oops: int3": seen after 20 seconds of switching a tracepoint on and
 * off under ping -f. So there, and only there, the case and all that it starts
 * stay on one CPU.
 */
void vt_one_cpu_if_emulated(void);

/* Polls; returns whether @done was true within @ms milliseconds. */
bool vt_wait_until(bool (*done)(void *arg), void *arg, unsigned int ms);

/*
 * Enters a network namespace made by `ip netns add` (NULL: stay); vt_ns_leave()
 * takes what it returned. Also for threads: a namespace is entered by the
 * calling thread alone.
 */
int vt_ns_enter(const char *ns);
void vt_ns_leave(int here);

/* Writes a file as a whole, without adding a newline. */
void vt_write_file(const char *path, const char *text);

/* Where everything is that was built; and there, the test's BPF objects. */
const char *vt_build(void);
const char *vt_progs(void);

/* Loads a module of test/vm/kmod/. */
void vt_insmod(const char *name);

/* A tap: an AF_PACKET socket that takes all packets of the device. */
int vt_tap(const char *ns, const char *dev);
void vt_untap(int tap);

/*
 * Sends @bytes over TCP from @from to @address and @port in @to; the receiver
 * checks each byte. A failure, or no progress for a minute, ends the case.
 */
void vt_tcp_transfer(const char *from, const char *to, const char *address, unsigned int port,
		     unsigned long long bytes);

#endif
