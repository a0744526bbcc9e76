/* SPDX-License-Identifier: GPL-2.0 */
/* Why a request was refused: one sentence, on its way from whoever refuses to the netlink reply. */
#ifndef TRAITS_REFUSAL_H
#define TRAITS_REFUSAL_H

#include <linux/kernel.h>
#include <linux/stdarg.h>

/**
 * struct traits_refusal - why a request was refused
 * @text: one sentence for the user, without a full stop; it names the offending
 * thing
 *
 * Filled in, by functions that take one, whenever they return an error.
 */
struct traits_refusal {
	char text[160];
};

/**
 * traits_refuse() - fill in a refusal
 * @why:	to be filled in
 * @err:	what to return
 * @fmt:	the sentence
 *
 * Return: @err.
 */
static inline __printf(3, 4) int traits_refuse(struct traits_refusal *why, int err,
					       const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vscnprintf(why->text, sizeof(why->text), fmt, args);
	va_end(args);
	return err;
}

#endif
