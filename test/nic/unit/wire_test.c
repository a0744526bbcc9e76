// SPDX-License-Identifier: GPL-2.0
/* The cable: nothing is lost on it, and it obeys commands. */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "test.h"

#define FRAME 200

struct numbered {
	uint32_t size;
	uint8_t dst[6], src[6];
	uint16_t type;
	uint32_t number;
	uint8_t rest[FRAME - 18];
} __attribute__((packed));

static struct numbered make(uint32_t number)
{
	return (struct numbered){
		.size = htonl(FRAME), .dst = { 2 }, .src = { 2, 0, 0, 0, 1, 0 },
		.type = htons(0x88b6), .number = htonl(number)
	};
}

static void put(struct client *c, const void *data, size_t len)
{
	CHECK(send(c->wire, data, len, MSG_NOSIGNAL) == (ssize_t)len, "send: %m");
}

static void tells(struct client *c, const char *text, const char *want)
{
	const char *answer = client_tell(c, text);

	CHECK(!strcmp(answer, want), "\"%s\" instead of \"%s\"", answer, want);
}

/*
 * The device has no buffer: the server stops to read, and who sends notices. Then buffers come seven at a
 * time, and each frame is there once, in order.
 */
static void no_frame_is_lost_without_buffers(void)
{
	struct client c = client_ready();
	unsigned int sent = 0, given = 0, stuck = 0;
	struct numbered f = make(0);
	uint64_t bytes = FRAME + 4;
	size_t done = 0;

	for (; stuck < 20; stuck++, usleep(10000)) {
		ssize_t n;

		while ((n = send(c.wire, (uint8_t *)&f + done, sizeof(f) - done, MSG_DONTWAIT)) > 0) {
			done += n;
			stuck = 0;
			if (done < sizeof(f))
				continue;
			f = make(++sent);
			done = 0;
			CHECK(sent * bytes < 16 << 20, "the wire takes all that is sent");
		}
		CHECK(errno == EAGAIN, "send: %m");
	}
	CHECK(sent > 100, "%u frames", sent);
	CHECK(!toy_get(&c, TOY_GOT), "received without a buffer");
	for (; given < sent; given += 7)
		toy_set(&c, TOY_BUFFERS, 7);
	while (toy_get(&c, TOY_GOT) < sent)
		usleep(1000);
	put(&c, (uint8_t *)&f + done, sizeof(f) - done);
	toy_set(&c, TOY_BUFFERS, 1);
	while (toy_get(&c, TOY_GOT) < sent + 1)
		usleep(1000);
	CHECK(toy_get(&c, TOY_GOT_ORDER) == sent + 1, "%lu of %u in order",
	      (unsigned long)toy_get(&c, TOY_GOT_ORDER), sent + 1);
	CHECK(!client_end(&c), "left in order");
}

/* The same in the other direction: the model never waits, and who reads late gets all. */
static void no_frame_is_lost_on_a_slow_reader(void)
{
	struct client c = client_ready();
	uint8_t frame[2000];
	uint32_t number;

	toy_set(&c, TOY_SEND_MANY, 20000);
	CHECK(toy_get(&c, TOY_ID) == TOY_IS, "the device still answers");
	for (unsigned int i = 0; i < 20000; i++) {
		CHECK(client_frame(&c, frame, sizeof(frame)) == 1000, "length of %u", i);
		memcpy(&number, frame + TOY_NUMBER, sizeof(number));
		CHECK(ntohl(number) == i, "%u instead of %u", ntohl(number), i);
	}
	tells(&c, "stats", "ok received 0 transmitted 20000 dropped 0 faults 0");
	CHECK(!client_end(&c), "left in order");
}

static void frames_have_their_length(void)
{
	struct client c = client_ready();
	uint8_t *mem, frame[NIC_FRAME_MAX];
	int fd = memory(65536, &mem);
	static const unsigned int lengths[] = { 14, 59, 60, 61, 1514, 9014, NIC_FRAME_MAX };

	for (unsigned int i = 0; i < 65536; i++)
		mem[i] = i * 7;
	CHECK(client_map(&c, 0x10000, 65536, 0, 3, fd) > 0, "map");
	toy_set(&c, TOY_ADDR, 0x10000);
	toy_set(&c, TOY_BUFFERS, 100);
	for (unsigned int i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		unsigned int len = lengths[i], padded = len < 60 ? 60 : len;
		uint32_t size = htonl(len);

		toy_set(&c, TOY_SEND, len);
		CHECK(client_frame(&c, frame, sizeof(frame)) == padded, "sent %u", len);
		CHECK(!memcmp(frame, mem, len), "bytes of %u", len);
		for (unsigned int j = len; j < padded; j++)
			CHECK(!frame[j], "padding of %u", len);
		put(&c, &size, sizeof(size));
		put(&c, frame, len);
		while (toy_get(&c, TOY_GOT) < i + 1)
			;
		CHECK(toy_get(&c, TOY_GOT_LEN) == padded, "received %u", len);
	}
	CHECK(!client_end(&c), "left in order");
	munmap(mem, 65536);
	close(fd);
}

static void cable_can_be_pulled(void)
{
	struct client c = client_ready();
	struct numbered f = make(0);

	toy_set(&c, TOY_BUFFERS, 100);
	put(&c, &f, sizeof(f));
	tells(&c, "link down", "ok");
	tells(&c, "link down", "ok");
	CHECK(toy_get(&c, TOY_LINK) == 1, "told once");
	put(&c, &f, sizeof(f));
	put(&c, &f, sizeof(f));
	toy_set(&c, TOY_SEND_MANY, 3);
	tells(&c, "stats", "ok received 1 transmitted 0 dropped 5 faults 0");
	tells(&c, "link up", "ok");
	CHECK(toy_get(&c, TOY_LINK) == 2, "told again");
	f = make(1);
	put(&c, &f, sizeof(f));
	tells(&c, "stats", "ok received 2 transmitted 0 dropped 5 faults 0");
	CHECK(toy_get(&c, TOY_GOT_ORDER) == 2, "what came without link is gone");
	tells(&c, "link sideways", "error unknown command");
	tells(&c, "", "error unknown command");
	tells(&c, "stats stats stats stats stats stats stats st", "error unknown command");
	toy_set(&c, TOY_IRQ, 99);
	tells(&c, "stats", "ok received 2 transmitted 0 dropped 5 faults 1");
	CHECK(client_end(&c) == 1, "the fault");
}

static void frames_come_in_pieces(void)
{
	struct client c = client_ready();
	struct numbered f;

	toy_set(&c, TOY_BUFFERS, 100);
	for (uint32_t i = 0; i < 3; i++) {
		f = make(i);
		for (size_t at = 0; at < sizeof(f); at++) {
			put(&c, (uint8_t *)&f + at, 1);
			/* The server has seen each byte on its own. */
			toy_get(&c, TOY_ID);
		}
	}
	tells(&c, "stats", "ok received 3 transmitted 0 dropped 0 faults 0");
	CHECK(toy_get(&c, TOY_GOT_ORDER) == 3, "order");
	CHECK(!client_end(&c), "left in order");
}

static void wrong_lengths_are_faults(void)
{
	static const uint32_t lengths[] = { 0, 13, NIC_FRAME_MAX + 1, 0x7fffffff, 0xffffffff };
	static uint8_t data[NIC_FRAME_MAX + 1];

	for (unsigned int i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		struct client c = client_ready();
		uint32_t size = htonl(lengths[i]);

		put(&c, &size, sizeof(size));
		if (lengths[i] <= sizeof(data)) {
			put(&c, data, lengths[i]);
			tells(&c, "stats", "ok received 0 transmitted 0 dropped 0 faults 1");
		} else {
			/* Nobody knows where the next frame begins. */
			CHECK(!recv(c.wire, data, 1, 0), "%u: still connected", lengths[i]);
		}
		CHECK(toy_get(&c, TOY_ID) == TOY_IS, "the device is still there");
		CHECK(client_end(&c) == 1, "%u: no fault", lengths[i]);
	}
}

static void device_outlives_its_cable(void)
{
	struct client c = client_ready();

	toy_set(&c, TOY_SEND_MANY, 10000);
	shutdown(c.wire, SHUT_RDWR);
	toy_set(&c, TOY_SEND_MANY, 10000);
	CHECK(toy_get(&c, TOY_ID) == TOY_IS, "still there");
	CHECK(!client_end(&c), "left in order");
}

const struct ktap_test wire_tests[] = {
	{ "no_frame_is_lost_without_buffers", no_frame_is_lost_without_buffers },
	{ "no_frame_is_lost_on_a_slow_reader", no_frame_is_lost_on_a_slow_reader },
	{ "frames_have_their_length", frames_have_their_length },
	{ "cable_can_be_pulled", cable_can_be_pulled },
	{ "frames_come_in_pieces", frames_come_in_pieces },
	{ "wrong_lengths_are_faults", wrong_lengths_are_faults },
	{ "device_outlives_its_cable", device_outlives_its_cable },
	{}
};
