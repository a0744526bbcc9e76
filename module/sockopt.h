/* SPDX-License-Identifier: GPL-2.0 */
/* The options of <linux/traits_socket.h>, at setsockopt() and getsockopt(). */
#ifndef TRAITS_SOCKOPT_H
#define TRAITS_SOCKOPT_H

int traits_sockopt_init(void);

/* No call is running, nor will one begin. */
void traits_sockopt_exit(void);

#endif
