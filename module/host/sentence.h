/* SPDX-License-Identifier: GPL-2.0 */
/* How the host tools end when they cannot go on: with one sentence. */
#ifndef TRAITS_HOST_SENTENCE_H
#define TRAITS_HOST_SENTENCE_H

/**
 * fail() - say on stderr what is wrong, and exit with status 1
 * @fmt: the sentence, without a newline
 *
 * Files named to fail_removes() are removed first: a build must not go on
 * with what an earlier, successful run left there.
 */
__attribute__((noreturn, format(printf, 1, 2)))
void fail(const char *fmt, ...);

/**
 * fail_removes() - name a file that must not outlive a failure
 * @path: kept by reference; there is room for eight
 */
void fail_removes(const char *path);

#endif
