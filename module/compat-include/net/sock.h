/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TRAITS_COMPAT_NET_SOCK_H
#define TRAITS_COMPAT_NET_SOCK_H

#include_next <net/sock.h>

/* 7.x: struct proto's recvmsg() has lost its last parameter; see Kbuild */
#ifdef TRAITS_RECVMSG_ADDR_LEN
#define TRAITS_RECVMSG_MORE(addr_len) , addr_len
#else
#define TRAITS_RECVMSG_MORE(addr_len)
#endif

#endif
