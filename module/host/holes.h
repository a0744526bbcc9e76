/* SPDX-License-Identifier: GPL-2.0 */
/* Padding of struct sk_buff that the kernel zeroes and copies, and nobody else uses. */
#ifndef TRAITS_HOST_HOLES_H
#define TRAITS_HOST_HOLES_H

struct btf;

/**
 * struct holes - where the skb tag goes
 * @size:	bytes of struct sk_buff
 * @start:	first byte of its group "headers"
 * @end:	first byte behind that group
 * @byte:	offset of one unused byte
 * @pair:	even offset of two unused bytes, neither of them @byte
 */
struct holes {
	unsigned int size;
	unsigned int start;
	unsigned int end;
	unsigned int byte;
	unsigned int pair;
};

/**
 * holes_find() - find and prove the skb tag's place
 * @btf:	types of the kernel
 * @release:	its release, for the sentence
 * @holes:	filled in
 *
 * A byte counts as unused if no member of struct sk_buff covers any bit of it,
 * bitfields, nested and alternative (union) members included. The kernel clears
 * everything before the member "tail" when it allocates an skb, and copies the
 * group "headers" as a whole when it clones or copies one: so the bytes are taken
 * inside that group only, and only if it ends before "tail".
 *
 * Ends the program when there is no such place.
 */
void holes_find(const struct btf *btf, const char *release, struct holes *holes);

#endif
