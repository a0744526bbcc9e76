// SPDX-License-Identifier: GPL-2.0

#include "so.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/udp.h>
#include <sched.h>
#include <stdarg.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include <linux/traits.h>
#include <traits/traits.h>

#include "script.h"
#include "vt.h"

const char *const so_way_name[SO_WAYS] = { "IPv4", "IPv6", "v4-mapped" };

unsigned int so_key(const char *name, unsigned int size, unsigned int user, long gid)
{
	struct traits_key key = {
		.id = TRAITS_ID_ANY, .size = size, .user = user,
		.limited = gid >= 0, .gid = gid < 0 ? 0 : gid,
	};
	struct traits *t = traits_open();

	snprintf(key.name, sizeof(key.name), "%s", name);
	if (!t || traits_key_register(t, &key))
		vt_die("registry: adding %s: %s", name, t ? traits_error(t) : strerror(errno));
	traits_close(t);
	return key.id;
}

void so_keys(unsigned int ids[4])
{
	char name[16];
	int i;

	for (i = 0; i < 4; i++) {
		snprintf(name, sizeof(name), "size%u", vt_sizes[i]);
		ids[i] = so_key(name, vt_sizes[i], TRAITS_USER_WRITE, -1);
	}
}

void so_key_user(const char *name, unsigned int user)
{
	struct traits_key key = { .user = user };
	struct traits *t = traits_open();

	if (!t || traits_key_set(t, name, &key, TRAITS_KEY_USER, NULL))
		vt_die("registry: changing %s: %s", name, t ? traits_error(t) : strerror(errno));
	traits_close(t);
}

void so_netns(void)
{
	if (unshare(CLONE_NEWNET))
		vt_die("new network namespace: %s", strerror(errno));
	vt_run("ip link set lo up");
}

int so_socket(enum so_way way, int type, int protocol)
{
	int fd = socket(way == SO_IPV4 ? AF_INET : AF_INET6, type | SOCK_CLOEXEC, protocol);
	struct timeval minute = { .tv_sec = 60 };
	int one = 1;

	if (fd < 0)
		vt_die("socket of type %d, protocol %d: %s", type, protocol, strerror(errno));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &minute, sizeof(minute));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &minute, sizeof(minute));
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	return fd;
}

void so_address(enum so_way way, unsigned int port, struct sockaddr_storage *address,
		socklen_t *len)
{
	struct sockaddr_in *v4 = (void *)address;
	struct sockaddr_in6 *v6 = (void *)address;

	memset(address, 0, sizeof(*address));
	if (way == SO_IPV4) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons(port);
		v4->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		*len = sizeof(*v4);
		return;
	}
	v6->sin6_family = AF_INET6;
	v6->sin6_port = htons(port);
	inet_pton(AF_INET6, way == SO_IPV6 ? "::1" : "::ffff:127.0.0.1", &v6->sin6_addr);
	*len = sizeof(*v6);
}

void so_bind(int fd, enum so_way way, unsigned int port)
{
	struct sockaddr_storage address;
	socklen_t len;

	so_address(way, port, &address, &len);
	if (bind(fd, (void *)&address, len))
		vt_die("bind to port %u: %s", port, strerror(errno));
}

void so_connect(int fd, enum so_way way, unsigned int port)
{
	struct sockaddr_storage address;
	socklen_t len;

	so_address(way, port, &address, &len);
	if (connect(fd, (void *)&address, len))
		vt_die("connect to port %u: %s", port, strerror(errno));
}

int so_listener(enum so_way way, unsigned int port)
{
	int fd = so_socket(way, SOCK_STREAM, 0);

	so_bind(fd, way, port);
	if (listen(fd, 128))
		vt_die("listen: %s", strerror(errno));
	return fd;
}

int so_accept(int listener)
{
	int fd = accept(listener, NULL, NULL);

	if (fd < 0)
		vt_die("accept: %s", strerror(errno));
	return fd;
}

int so_set(int fd, int option, const void *val, socklen_t len)
{
	return setsockopt(fd, SOL_IP, option, val, len) ? errno : 0;
}

int so_get(int fd, int option, void *val, socklen_t *len)
{
	return getsockopt(fd, SOL_IP, option, val, len) ? errno : 0;
}

int so_set_int(int fd, int option, int val)
{
	return so_set(fd, option, &val, sizeof(val));
}

int so_get_int(int fd, int option)
{
	socklen_t len = sizeof(int);
	int val;

	return getsockopt(fd, SOL_IP, option, &val, &len) ? -1 : val;
}

int so_set_traits(int fd, int option, const struct pkt_trait *t, unsigned int n)
{
	return so_set(fd, option, t, n * sizeof(*t));
}

int so_get_traits(int fd, int option, struct pkt_trait *t, unsigned int n)
{
	socklen_t len = n * sizeof(*t);

	return so_get(fd, option, t, &len);
}

struct pkt_trait so_trait(unsigned int key, unsigned int size, unsigned int seed)
{
	struct pkt_trait t = { .key = key, .len = size ?: TRAITS_LEN_FLAG };
	unsigned int i;

	for (i = 0; i < size; i++)
		((unsigned char *)t.val)[i] = seed * 31 + key * 7 + i + 1;
	return t;
}

void so_traits(struct pkt_trait t[4], const unsigned int ids[4], unsigned int seed)
{
	int i;

	for (i = 0; i < 4; i++)
		t[i] = so_trait(ids[i], vt_sizes[i], seed);
}

static void show(const char *which, const struct pkt_trait *t, int n)
{
	int i;

	for (i = 0; i < n; i++)
		vt_note("%s: key %u, len %u, io_err %u, value %016llx %016llx", which, t[i].key,
			t[i].len, t[i].io_err, (unsigned long long)t[i].val[0],
			(unsigned long long)t[i].val[1]);
}

static void same(const struct pkt_trait *got, int n_got, const struct pkt_trait *want, int n,
		 const char *what, va_list args)
{
	bool ok = n_got == n && (n <= 0 || !memcmp(got, want, n * sizeof(*want)));
	char text[256];

	if (!ok) {
		show("got", got, n_got);
		show("want", want, n);
		vt_note("got %d traits, want %d", n_got, n);
	}
	vsnprintf(text, sizeof(text), what, args);
	vt_ok(ok, "%s", text);
}

void so_same(const struct pkt_trait *got, int n_got, const struct pkt_trait *want, int n,
	     const char *what, ...)
{
	va_list args;

	va_start(args, what);
	same(got, n_got, want, n, what, args);
	va_end(args);
}

void so_has(int fd, int option, const struct pkt_trait *want, unsigned int n, const char *what,
	    ...)
{
	struct pkt_trait got[64] = { { .key = TRAITS_KEY_WILDCARD } };
	socklen_t len = sizeof(got);
	int err = so_get(fd, option, got, &len);
	va_list args;

	if (err)
		vt_note("getsockopt: %s", strerror(err));
	va_start(args, what);
	same(got, err ? -err : (int)(len / sizeof(got[0])), want, n, what, args);
	va_end(args);
}

int so_send(int fd, const struct sockaddr_storage *to, socklen_t to_len, const void *data,
	    size_t len, const struct pkt_trait *t, unsigned int n, int flags)
{
	char control[CMSG_SPACE(80 * sizeof(*t))] = {};
	struct iovec iov = { (void *)data, len };
	struct msghdr msg = {
		.msg_name = (void *)to, .msg_namelen = to_len, .msg_iov = &iov, .msg_iovlen = 1,
	};
	struct cmsghdr *cmsg;
	int ret;

	if (n) {
		msg.msg_control = control;
		msg.msg_controllen = CMSG_SPACE(n * sizeof(*t));
		cmsg = CMSG_FIRSTHDR(&msg);
		cmsg->cmsg_level = SOL_TRAITS;
		cmsg->cmsg_type = TRAITS_CM;
		cmsg->cmsg_len = CMSG_LEN(n * sizeof(*t));
		memcpy(CMSG_DATA(cmsg), t, n * sizeof(*t));
	}
	ret = sendmsg(fd, &msg, flags);
	return ret < 0 ? -errno : ret;
}

void so_recv(int fd, struct so_datagram *got, int flags)
{
	char control[CMSG_SPACE(sizeof(got->t)) + 256];
	struct iovec iov = { got->data, sizeof(got->data) };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *cmsg;

	got->n = -1;
	got->gro = 0;
	got->ret = recvmsg(fd, &msg, flags);
	if (got->ret < 0) {
		got->ret = -errno;
		return;
	}
	got->flags = msg.msg_flags;
	for (cmsg = CMSG_FIRSTHDR(&msg); cmsg; cmsg = CMSG_NXTHDR(&msg, cmsg)) {
		if (cmsg->cmsg_level == IPPROTO_UDP && cmsg->cmsg_type == UDP_GRO)
			memcpy(&got->gro, CMSG_DATA(cmsg), sizeof(got->gro));
		if (cmsg->cmsg_level != SOL_TRAITS || cmsg->cmsg_type != TRAITS_CM)
			continue;
		if (got->n >= 0)
			vt_die("two control messages with traits");
		got->n = (cmsg->cmsg_len - CMSG_LEN(0)) / sizeof(got->t[0]);
		memcpy(got->t, CMSG_DATA(cmsg), got->n * sizeof(got->t[0]));
	}
}
