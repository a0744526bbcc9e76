// SPDX-License-Identifier: GPL-2.0

#include "recipe.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "vt.h"

/* Not below /sys: iproute2 mounts another one there in other network namespaces. */
#define PINS "/tmp/bpf"

const char *vt_recipe_dir(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), PINS "/%s", name);
	return path;
}

int vt_recipe_try(const char *ns, const char *name, const char *what)
{
	if (access(PINS, F_OK))
		vt_run("mkdir " PINS " && mount -t bpf bpf " PINS);
	return vt_try("traits-attach %s %s load %s/bpf/%s.bpf.o pin %s %s", ns ? "-n" : "",
		      ns ?: "", vt_build(), name, vt_recipe_dir(name), what);
}

void vt_recipe(const char *ns, const char *name, const char *what)
{
	if (vt_recipe_try(ns, name, what))
		vt_die("%s cannot be attached", name);
}

void vt_recipe_end(const char *ns, const char *name)
{
	vt_run("traits-attach %s %s unload %s", ns ? "-n" : "", ns ?: "", vt_recipe_dir(name));
}

int vt_recipe_map(const char *name, const char *map)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", vt_recipe_dir(name), map);
	fd = bpf_obj_get(path);
	if (fd < 0)
		vt_die("%s: %s", path, strerror(errno));
	return fd;
}

void vt_classify(const char *ns, const char *dev, unsigned short port, unsigned int n)
{
	unsigned long long service;
	unsigned short key;
	char what[64];
	int map;

	snprintf(what, sizeof(what), "xdp %s classify", dev);
	vt_recipe(ns, "classify", what);
	map = vt_recipe_map("classify", "services");
	for (service = 1; service <= n; service++) {
		key = port + service - 1;
		if (bpf_map_update_elem(map, &key, &service, BPF_ANY))
			vt_die("services: %s", strerror(errno));
	}
	close(map);
}

unsigned long long vt_map_count(int map, const void *key)
{
	unsigned long long count;

	return bpf_map_lookup_elem(map, key, &count) ? 0 : count;
}

int vt_udp_socket(const char *ns, unsigned short port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port) };
	int here = vt_ns_enter(ns), fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (void *)&to, sizeof(to)))
		vt_die("UDP port %u: %s", port, strerror(errno));
	vt_ns_leave(here);
	return fd;
}

unsigned int vt_udp_count(int fd, unsigned int n)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	unsigned int got = 0;
	char buf[2048];

	/* Whatever else was on its way has come by when what was sent last has. */
	while (poll(&p, 1, got < n ? 20000 : 50) == 1 && recv(fd, buf, sizeof(buf), 0) >= 0)
		got++;
	return got;
}
