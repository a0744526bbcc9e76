/* SPDX-License-Identifier: GPL-2.0 */
/* Packets that are made on this machine get the traits that their socket gives them. */
#ifndef TRAITS_SOCK_SEND_H
#define TRAITS_SOCK_SEND_H

/* Both may be called twice; callers serialise them. May sleep. */
int traits_send_attach(void);

/* Returns when nobody is in the hook any more. */
void traits_send_detach(void);

#endif
