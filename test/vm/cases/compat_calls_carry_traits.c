// SPDX-License-Identifier: GPL-2.0
/*
 * A 32-bit application on this 64-bit kernel: options and control messages have the same
 * contents, but its control messages have another header. The calls are made by int 0x80.
 */
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/traits.h>

#include "script.h"
#include "so.h"
#include "vt.h"

#ifndef __x86_64__
int main(void)
{
	vt_skip("only x86-64 has these calls");
}
#else

#define PORT 7000

/* Numbers of i386 */
enum { GETPID32 = 20, SETSOCKOPT32 = 366, GETSOCKOPT32 = 365, SENDMSG32 = 370, RECVMSG32 = 372 };

struct iovec32 {
	uint32_t base, len;
};

struct msghdr32 {
	uint32_t name, namelen, iov, iovlen, control, controllen, flags;
};

struct cmsghdr32 {
	uint32_t len, level, type;
};

/* What the calls point at, below 4 GB */
static struct low {
	uint32_t len;
	struct pkt_trait t[64];
	struct msghdr32 msg;
	struct iovec32 iov;
	char data[8];
	struct {
		struct cmsghdr32 header;
		char traits[4 * sizeof(struct pkt_trait)];
	} control;
} *low;

static uint32_t at(const void *p)
{
	return (uintptr_t)p;
}

static long call32(long nr, long a, long b, long c, long d, long e)
{
	long ret;

	__asm__ volatile("int $0x80" : "=a"(ret)
			 : "a"(nr), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e)
			 : "memory", "r8", "r9", "r10", "r11");
	return (int)ret;
}

static void message(unsigned int traits)
{
	low->iov = (struct iovec32){ at(low->data), sizeof(low->data) };
	low->msg = (struct msghdr32){
		.iov = at(&low->iov), .iovlen = 1, .control = at(&low->control),
		.controllen = sizeof(low->control.header) + traits * sizeof(low->t[0]),
	};
}

static void options(const unsigned int ids[4])
{
	int fd = so_socket(SO_IPV4, SOCK_STREAM, 0);
	struct pkt_trait t[4];

	so_traits(t, ids, 1);
	memcpy(low->t, t, sizeof(t));
	vt_eq(call32(SETSOCKOPT32, fd, SOL_IP, TRAITS_SO_SYN, at(low->t), sizeof(t)), 0,
	      "traits are set");
	so_has(fd, TRAITS_SO_SYN, t, 4, "and are the same for a 64-bit call");
	memset(low->t, 0, sizeof(low->t));
	low->t[0].key = TRAITS_KEY_WILDCARD;
	low->len = sizeof(low->t);
	vt_eq(call32(GETSOCKOPT32, fd, SOL_IP, TRAITS_SO_SYN, at(low->t), at(&low->len)), 0,
	      "and read");
	so_same(low->t, low->len / sizeof(low->t[0]), t, 4, "the same");
	close(fd);
}

static void messages(const unsigned int ids[4])
{
	int from = so_socket(SO_IPV6, SOCK_DGRAM, 0), to = so_socket(SO_IPV6, SOCK_DGRAM, 0);
	struct cmsghdr32 *header = &low->control.header;
	struct so_datagram got;
	struct pkt_trait t[4];

	so_bind(to, SO_IPV6, PORT);
	so_connect(from, SO_IPV6, PORT);
	so_set_int(from, TRAITS_SO_CMSG, TRAITS_CMSG_SEND);
	so_set_int(to, TRAITS_SO_CMSG, TRAITS_CMSG_RECV);
	so_traits(t, ids, 2);

	message(4);
	*header = (struct cmsghdr32){ sizeof(low->control), SOL_TRAITS, TRAITS_CM };
	memcpy(low->control.traits, t, sizeof(t));
	vt_eq(call32(SENDMSG32, from, at(&low->msg), 0, 0, 0), 8, "sendmsg() with traits");
	so_recv(to, &got, 0);
	so_same(got.t, got.n, t, 4, "received by a 64-bit call");

	so_send(from, NULL, 0, "datagram", 8, t, 4, 0);
	memset(&low->control, 0, sizeof(low->control));
	message(4);
	vt_eq(call32(RECVMSG32, to, at(&low->msg), 0, 0, 0), 8, "recvmsg()");
	vt_eq(low->msg.flags, 0, "nothing is cut");
	vt_ok(header->len == sizeof(low->control) && header->level == SOL_TRAITS &&
	      header->type == TRAITS_CM, "one control message");
	vt_ok(!memcmp(low->control.traits, t, sizeof(t)), "with all traits");

	so_send(from, NULL, 0, "datagram", 8, t, 4, 0);
	message(2);
	vt_eq(call32(RECVMSG32, to, at(&low->msg), 0, 0, 0), 8, "recvmsg() with little room");
	vt_eq(low->msg.flags, MSG_CTRUNC, "MSG_CTRUNC");
	vt_eq(header->len, sizeof(*header) + 2 * sizeof(t[0]), "two traits are there");
	close(from);
	close(to);
}

int main(void)
{
	unsigned int ids[4];

	low = mmap(NULL, sizeof(*low), PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	if (low == MAP_FAILED)
		vt_die("memory below 4 GB: %s", strerror(errno));
	if (call32(GETPID32, 0, 0, 0, 0, 0) != getpid())
		vt_skip("this kernel runs no 32-bit programs");
	so_netns();
	so_keys(ids);
	options(ids);
	messages(ids);
	vt_keys_del();
	return vt_done();
}
#endif
