// SPDX-License-Identifier: GPL-2.0
/* The same on a card, where there is also AF_XDP without copies. */
#include "../../vm/cases/xsk_memory_is_used_again.c"
