// SPDX-License-Identifier: GPL-2.0
/* Random messages, always the same ones: $NIC_FUZZ_SEED is another start, $NIC_FUZZ_RUNS more of them. */
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "test.h"
#include "vfu.h"

#define ROUNDS		20
#define MESSAGES	1000

static uint64_t state;

/* splitmix64 */
static uint64_t any(void)
{
	uint64_t z = state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static uint64_t below(uint64_t n)
{
	return any() % n;
}

static unsigned long from_env(const char *name, unsigned long otherwise)
{
	const char *text = getenv(name);

	return text ? strtoul(text, NULL, 0) : otherwise;
}

/* A number that is often at an edge of something. */
static uint64_t edge(void)
{
	static const uint64_t edges[] = {
		0, 1, 2, 3, 4, 7, 8, 9, 16, 32, 0x1000, 0x2000, TOY_BAR, VFU_DATA, 0x7fffffff,
		0x80000000, 0xffffffff, 1ull << 63, ~0ull,
	};

	switch (below(4)) {
	case 0:
		return any();
	case 1:
		return below(64) * 4096;
	default:
		return edges[below(sizeof(edges) / sizeof(edges[0]))] + below(3) - 1;
	}
}

/* The body of a message: fields of 4 and 8 bytes at their places, or not. */
static size_t fill(uint8_t *body, uint16_t command)
{
	static const size_t fixed[16] = { 0, 4, 32, 24, 16, 32, 0, 16, 20, 16, 24, 16, 16, 0, 0, 24 };
	size_t len = below(8) ? fixed[command % 16] : below(200);

	for (size_t i = 0; i + 4 <= len; i += 4) {
		uint32_t v = below(3) ? below(16) : edge();

		memcpy(body + i, &v, 4);
	}
	if (command == VFU_DMA_MAP || command == VFU_DMA_UNMAP) {
		for (size_t i = 8; i + 8 <= len; i += 8) {
			uint64_t v = edge();

			memcpy(body + i, &v, 8);
		}
	}
	if (command == VFU_REGION_WRITE && len == 24 && below(4)) {
		struct vfu_region_access a = { below(TOY_REGISTERS / 8) * 8, 0, 8 };
		uint64_t v = edge();

		memcpy(body, &a, sizeof(a));
		memcpy(body + 16, &v, 8);
	}
	if (command == VFU_REGION_READ && len == 16 && below(4))
		memcpy(body, &(struct vfu_region_access){ below(4096), 7 * below(2), 1 << below(4) }, 16);
	return len;
}

static void send_one(struct client *c, const int *files)
{
	struct vfu_header head = { .id = any(), .command = below(20) ? below(16) : any() };
	static uint8_t body[256], answer[VFU_MESSAGE];
	int fds[4];
	unsigned int n = below(3) ? 0 : below(4);
	size_t len = fill(body, head.command);

	for (unsigned int i = 0; i < n; i++)
		fds[i] = files[below(4)];
	head.size = sizeof(head) + len;
	head.flags = below(10) ? 0 : below(64);
	head.error = below(10) ? 0 : any();
	client_send(c, &head, body, len, fds, n);
	c->id = head.id;
	if (!(head.flags & (VFU_TYPE | VFU_NO_REPLY)))
		client_reply(c, head.command, answer, sizeof(answer));
}

/* What it sends out of the other end has to go somewhere. */
static void drain(struct client *c)
{
	static uint8_t sink[1 << 20];

	while (recv(c->wire, sink, sizeof(sink), MSG_DONTWAIT) > 0)
		;
}

static void random_messages_are_survived(void)
{
	unsigned long runs = from_env("NIC_FUZZ_RUNS", ROUNDS), code;
	int pipes[2], files[4];

	state = from_env("NIC_FUZZ_SEED", 1);
	files[0] = memory(4096, NULL);
	files[1] = memory(1 << 20, NULL);
	files[2] = eventfd(0, EFD_NONBLOCK);
	CHECK(!pipe(pipes), "pipe");
	files[3] = pipes[1];
	for (unsigned long round = 0; round < runs; round++) {
		uint64_t seed = state;
		struct client c = client_ready();

		for (unsigned int i = 0; i < MESSAGES; i++) {
			send_one(&c, files);
			drain(&c);
		}
		CHECK(toy_get(&c, TOY_ID) <= ~0ull, "no answer, seed %#llx", (unsigned long long)seed);
		code = client_end(&c);
		CHECK(code <= 1, "exit code %lu, seed %#llx", code, (unsigned long long)seed);
	}
	for (unsigned int i = 0; i < 4; i++)
		close(files[i]);
	close(pipes[0]);
}

/* Not even messages: the server may hang up at any time. */
static void random_bytes_are_survived(void)
{
	unsigned long runs = from_env("NIC_FUZZ_RUNS", ROUNDS), code;

	state = from_env("NIC_FUZZ_SEED", 1);
	for (unsigned long round = 0; round < 5 * runs; round++) {
		uint64_t seed = state;
		struct client c = below(2) ? client_ready() : client_start();
		size_t len = 1 + below(300);
		uint8_t bytes[300];

		for (size_t i = 0; i < len; i++)
			bytes[i] = below(4) ? below(32) : any();
		if (below(2))
			memset(bytes + 5, 0, 3);	/* a size that may be sensible */
		send(c.fd, bytes, len, MSG_NOSIGNAL);
		send(c.wire, bytes, len, MSG_NOSIGNAL);
		drain(&c);
		code = client_end(&c);
		CHECK(code <= 1, "exit code %lu, seed %#llx", code, (unsigned long long)seed);
	}
}

const struct ktap_test fuzz_tests[] = {
	{ "random_messages_are_survived", random_messages_are_survived },
	{ "random_bytes_are_survived", random_bytes_are_survived },
	{}
};
