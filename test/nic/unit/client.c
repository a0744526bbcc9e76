// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nic.h"
#include "test.h"

/* Longer than any test takes, also with sanitizers on a busy machine. */
#define SERVER_SECONDS 60

/* A socket that listens at an address without a file, which the kernel chooses. */
static int listener(struct sockaddr_un *address, socklen_t *len)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	*len = sizeof(*address);
	if (fd < 0 || bind(fd, (void *)address, sizeof(sa_family_t)) || listen(fd, 1) ||
	    getsockname(fd, (void *)address, len))
		abort();
	return fd;
}

static int connect_to(const struct sockaddr_un *address, socklen_t len)
{
	struct timeval patience = { .tv_sec = SERVER_SECONDS };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, (void *)address, len))
		abort();
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	return fd;
}

struct client client_start(void)
{
	struct sockaddr_un device, wire;
	socklen_t device_len, wire_len;
	int device_fd = listener(&device, &device_len), wire_fd = listener(&wire, &wire_len);
	struct client c = { .pid = fork() };
	static struct nic nic;
	bool ok;

	if (!c.pid) {
		alarm(SERVER_SECONDS);
		signal(SIGPIPE, SIG_DFL);
		/* What it has to say about nonsense is not for the tests' output. */
		if (!getenv("NIC_VERBOSE") && !freopen("/dev/null", "w", stderr))
			abort();
		nic_init(&nic, &toy_ops);
		nic.verbose = true;
		nic.vfu.listen_fd = device_fd;
		nic.wire.listen_fd = wire_fd;
		ok = nic_serve(&nic);
		nic_exit(&nic);
		exit(!ok);
	}
	close(device_fd);
	close(wire_fd);
	c.wire = connect_to(&wire, wire_len);
	c.fd = connect_to(&device, device_len);
	return c;
}

struct client client_ready(void)
{
	struct vfu_version v = { 0, 1 };
	struct client c = client_start();
	char answer[256];

	CHECK(client_ask(&c, VFU_VERSION, &v, sizeof(v), NULL, 0, answer, sizeof(answer)) > 0,
	      "version");
	return c;
}

int client_end(struct client *c)
{
	int status;

	close(c->fd);
	if (waitpid(c->pid, &status, 0) != c->pid)
		abort();
	close(c->wire);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void client_send(struct client *c, const struct vfu_header *head, const void *body, size_t len,
		 const int *fds, unsigned int n_fds)
{
	union {
		struct cmsghdr align;
		char buf[CMSG_SPACE(64 * sizeof(int))];
	} control;
	struct iovec iov[2] = { { (void *)head, sizeof(*head) }, { (void *)body, len } };
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = 2 };
	struct cmsghdr *cmsg;

	if (n_fds) {
		msg.msg_control = &control;
		msg.msg_controllen = CMSG_SPACE(n_fds * sizeof(int));
		cmsg = CMSG_FIRSTHDR(&msg);
		cmsg->cmsg_level = SOL_SOCKET;
		cmsg->cmsg_type = SCM_RIGHTS;
		cmsg->cmsg_len = CMSG_LEN(n_fds * sizeof(int));
		memcpy(CMSG_DATA(cmsg), fds, n_fds * sizeof(int));
	}
	CHECK(sendmsg(c->fd, &msg, MSG_NOSIGNAL) == (ssize_t)(sizeof(*head) + len), "send: %m");
}

int client_reply(struct client *c, uint16_t command, void *body, size_t size)
{
	struct vfu_header head;
	size_t len;

	CHECK(recv(c->fd, &head, sizeof(head), MSG_WAITALL) == sizeof(head), "no reply: %m");
	CHECK(head.id == c->id && head.command == command, "reply %u to %u, command %u to %u", head.id,
	      c->id, head.command, command);
	CHECK((head.flags & VFU_TYPE) == VFU_REPLY, "flags %#x", head.flags);
	CHECK(!(head.flags & VFU_ERROR) == !head.error, "flags %#x, error %u", head.flags, head.error);
	CHECK(head.size >= sizeof(head), "%u bytes", head.size);
	len = head.size - sizeof(head);
	CHECK(len <= size, "%zu of %zu bytes", len, size);
	CHECK(!head.error || !len, "error %u with %zu bytes", head.error, len);
	CHECK(!len || recv(c->fd, body, len, MSG_WAITALL) == (ssize_t)len, "short reply: %m");
	return head.error ? -(int)head.error : (int)len;
}

int client_ask(struct client *c, uint16_t command, const void *body, size_t len, const int *fds,
	       unsigned int n_fds, void *answer, size_t size)
{
	struct vfu_header head = {
		.id = ++c->id, .command = command, .size = sizeof(head) + len
	};

	client_send(c, &head, body, len, fds, n_fds);
	return client_reply(c, command, answer, size);
}

int client_map(struct client *c, uint64_t addr, uint64_t size, uint64_t offset, uint32_t flags, int fd)
{
	struct vfu_dma_map m = { sizeof(m), flags, offset, addr, size };

	return client_ask(c, VFU_DMA_MAP, &m, sizeof(m), &fd, fd >= 0, &m, sizeof(m));
}

int client_unmap(struct client *c, uint64_t addr, uint64_t size, uint32_t flags)
{
	struct vfu_dma_unmap u = { sizeof(u), flags, addr, size };

	return client_ask(c, VFU_DMA_UNMAP, &u, sizeof(u), NULL, 0, &u, sizeof(u));
}

int client_irqs(struct client *c, uint32_t flags, uint32_t index, uint32_t start, uint32_t count,
		const int *fds, unsigned int n_fds)
{
	struct vfu_irq_set s = { sizeof(s), flags, index, start, count };

	return client_ask(c, VFU_SET_IRQS, &s, sizeof(s), fds, n_fds, &s, sizeof(s));
}

int client_read(struct client *c, uint32_t region, uint64_t offset, void *data, uint32_t len)
{
	static struct {
		struct vfu_region_access a;
		uint8_t data[VFU_DATA];
	} m;
	int ret;

	m.a = (struct vfu_region_access){ offset, region, len };
	ret = client_ask(c, VFU_REGION_READ, &m.a, sizeof(m.a), NULL, 0, &m, sizeof(m));
	if (ret < 0)
		return ret;
	CHECK(ret == (int)(sizeof(m.a) + len), "%d bytes for %u", ret, len);
	CHECK(m.a.offset == offset && m.a.region == region && m.a.count == len, "another access");
	memcpy(data, m.data, len);
	return 0;
}

int client_write(struct client *c, uint32_t region, uint64_t offset, const void *data, uint32_t len)
{
	static struct {
		struct vfu_region_access a;
		uint8_t data[VFU_DATA];
	} m;
	int ret;

	m.a = (struct vfu_region_access){ offset, region, len };
	memcpy(m.data, data, len < VFU_DATA ? len : VFU_DATA);
	ret = client_ask(c, VFU_REGION_WRITE, &m, sizeof(m.a) + len, NULL, 0, &m, sizeof(m));
	if (ret < 0)
		return ret;
	CHECK(ret == sizeof(m.a), "%d bytes", ret);
	return 0;
}

uint64_t toy_get(struct client *c, enum toy_register r)
{
	uint64_t value;
	int err = client_read(c, 0, r, &value, sizeof(value));

	CHECK(!err, "register %#x: %s", r, strerror(-err));
	return value;
}

void toy_set(struct client *c, enum toy_register r, uint64_t value)
{
	int err = client_write(c, 0, r, &value, sizeof(value));

	CHECK(!err, "register %#x: %s", r, strerror(-err));
}

size_t client_frame(struct client *c, uint8_t *frame, size_t size)
{
	uint32_t len;

	CHECK(recv(c->wire, &len, sizeof(len), MSG_WAITALL) == sizeof(len), "no frame: %m");
	len = ntohl(len);
	CHECK(len <= size, "%u bytes", len);
	CHECK(recv(c->wire, frame, len, MSG_WAITALL) == (ssize_t)len, "half a frame: %m");
	return len;
}

const char *client_tell(struct client *c, const char *text)
{
	static uint8_t answer[256];
	struct {
		uint32_t size;
		uint8_t dst[6], src[6];
		uint16_t type;
		char text[46];
	} __attribute__((packed)) f = {
		htonl(60), { 2, 0, 0, 0, 0xff, 0xff }, { 2, 0, 0, 0, 1, 7 }, htons(0x88b5), ""
	};

	CHECK(strlen(text) <= sizeof(f.text), "%s", text);
	memcpy(f.text, text, strlen(text));
	CHECK(send(c->wire, &f, sizeof(f), MSG_NOSIGNAL) == sizeof(f), "send: %m");
	memset(answer, 0, sizeof(answer));
	CHECK(client_frame(c, answer, sizeof(answer) - 1) >= 60, "short answer");
	CHECK(!memcmp(answer, f.src, 6) && !memcmp(answer + 6, f.dst, 6) &&
	      !memcmp(answer + 12, &f.type, 2), "not an answer to who asked");
	return (const char *)answer + 14;
}

unsigned int client_fds(const struct client *c)
{
	unsigned int n = 0;
	char path[32];
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/fd", c->pid);
	dir = opendir(path);
	CHECK(dir, "%s", path);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

int memory(size_t size, void *mapped)
{
	int fd = memfd_create("memory", MFD_CLOEXEC);

	if (fd < 0 || ftruncate(fd, size))
		abort();
	if (mapped)
		*(void **)mapped = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	return fd;
}
