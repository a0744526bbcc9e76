// SPDX-License-Identifier: GPL-2.0

#include "nic.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "vt.h"

#define TAKEN	4
#define CONTROL	0x88b5		/* IEEE 802, local experiments */

/* What vt_nic_release() gives back. */
static struct taken {
	enum vt_nic_end end;
	unsigned int n;
	char ns[16], dev[IFNAMSIZ];
	char was[IFNAMSIZ];	/* called before, by another case that was killed maybe */
	bool from_init;		/* of the first network namespace, not of the case's */
} taken[TAKEN];
static unsigned int takes;

const char *vt_nic(void)
{
	const char *fixture = getenv("VT_NIC");

	if (!fixture || !*fixture)
		vt_skip("no network card to test: test/vm/run --nic FIXTURE");
	return fixture;
}

bool vt_nic_is(const char *name)
{
	size_t len = strlen(name);
	const char *p = vt_nic();

	for (; (p = strstr(p, name)); p += len) {
		if ((p == vt_nic() || p[-1] == '+') && (!p[len] || strchr("+-", p[len])))
			return true;
	}
	return false;
}

unsigned int vt_nic_count(void)
{
	unsigned int n = 1;
	const char *p;

	for (p = vt_nic(); *p; p++)
		n += *p == '+';
	return n;
}

bool vt_nic_short(void)
{
	const char *value = getenv("VT_NIC_SHORT");

	return value && *value && strcmp(value, "0");
}

/* A request about a device of the current namespace. */
static int request(const char *dev, unsigned long what, struct ifreq *ifr)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), ret;

	snprintf(ifr->ifr_name, sizeof(ifr->ifr_name), "%s", dev);
	ret = ioctl(fd, what, ifr);
	close(fd);
	return ret;
}

/* The device with this address in the current namespace. */
static bool find(const unsigned char mac[6], char dev[IFNAMSIZ])
{
	struct if_nameindex *all = if_nameindex(), *i;
	struct ifreq ifr = {};
	bool found = false;

	for (i = all; i && i->if_index && !found; i++) {
		if (request(i->if_name, SIOCGIFHWADDR, &ifr) ||
		    ifr.ifr_hwaddr.sa_family != ARPHRD_ETHER ||
		    memcmp(ifr.ifr_hwaddr.sa_data, mac, ETH_ALEN))
			continue;
		snprintf(dev, IFNAMSIZ, "%s", i->if_name);
		found = true;
	}
	if_freenameindex(all);
	return found;
}

static int enter_init(void)
{
	int here = vt_ns_enter(NULL), init = open("/proc/1/ns/net", O_RDONLY | O_CLOEXEC);

	if (init < 0 || setns(init, CLONE_NEWNET))
		vt_die("the first network namespace: %s", strerror(errno));
	close(init);
	return here;
}

/* The driver comes up in its own time; so does its device. */
struct search {
	const unsigned char *mac;
	struct taken *t;
};

static bool search(void *arg)
{
	struct search *s = arg;
	int here;

	s->t->from_init = false;
	if (find(s->mac, s->t->was))
		return true;
	s->t->from_init = true;
	here = enter_init();
	if (!find(s->mac, s->t->was))
		s->t->was[0] = 0;
	vt_ns_leave(here);
	return s->t->was[0];
}

void vt_nic_take(enum vt_nic_end end, unsigned int n, const char *ns, const char *dev,
		 unsigned char mac[6])
{
	const unsigned char address[6] = { 2, 0, 0, 0, end, n };
	struct taken *t = &taken[takes];
	struct search s = { address, t };
	int here;

	if (takes == TAKEN)
		vt_die("more than %u devices", TAKEN);
	if (!takes)
		atexit(vt_nic_release);
	memcpy(mac, address, sizeof(address));
	if (!vt_wait_until(search, &s, 20000))
		vt_die("no device with address 02:00:00:00:%02x:%02x", end, n);
	t->end = end;
	t->n = n;
	snprintf(t->ns, sizeof(t->ns), "%s", ns);
	snprintf(t->dev, sizeof(t->dev), "%s", dev);
	here = t->from_init ? enter_init() : vt_ns_enter(NULL);
	vt_run("ip link set %s down && ip link set %s netns %s name %s", t->was, t->was, ns, dev);
	vt_ns_leave(here);
	/*
	 * QEMU keeps a frame back while no queue of igb has a buffer, and drops it if
	 * only its own has none: with one queue none is lost.
	 */
	if (end == VT_NIC_CARD && vt_nic_is("igb"))
		vt_run("ip netns exec %s ethtool -L %s combined 1", ns, dev);
	/* XDP sends frames back that are for the card: QEMU would keep them from others. */
	if (end == VT_NIC_WIRE)
		vt_run("ip -n %s link set %s promisc on", ns, dev);
	takes++;
}

void vt_nic_release(void)
{
	struct taken *t;

	while (takes) {
		t = &taken[--takes];
		/* A device that its driver took away is back already, with default settings. */
		vt_try("ip -n %s link show %s > /dev/null 2>&1 || exit 0;"
		       "ip -n %s link set %s down;"
		       "ip -n %s link set %s xdp off 2> /dev/null;"
		       "ip -n %s link set %s promisc off mtu 1500;"
		       "ip -n %s link set %s netns %s name %s%u",
		       t->ns, t->dev, t->ns, t->dev, t->ns, t->dev, t->ns, t->dev, t->ns, t->dev,
		       t->from_init ? "1" : "$PPID", t->end == VT_NIC_CARD ? "nic" : "wire", t->n);
	}
}

struct device {
	const char *ns, *dev;
};

/* IFF_*; 0 when there is no such device */
static int flags_of(const struct device *d)
{
	struct ifreq ifr = {};
	int here = vt_ns_enter(d->ns), ret = request(d->dev, SIOCGIFFLAGS, &ifr);

	vt_ns_leave(here);
	return ret ? 0 : ifr.ifr_flags;
}

static bool has_carrier(void *arg)
{
	int flags = flags_of(arg);

	return flags & IFF_UP && flags & IFF_RUNNING;
}

void vt_nic_wait_carrier(const char *ns, const char *dev)
{
	struct device d = { ns, dev };

	if (!vt_wait_until(has_carrier, &d, 30000))
		vt_die("%s has no carrier", dev);
}

void vt_nic_settle(const char *ns, const char *dev)
{
	struct device d = { ns, dev };
	unsigned int i;

	for (i = 0; ns && i < takes; i++) {
		if (!strcmp(taken[i].ns, ns) && !strcmp(taken[i].dev, dev) && flags_of(&d) & IFF_UP)
			vt_nic_wait_carrier(ns, dev);
	}
}

const char *vt_nic_driver(const char *ns, const char *dev)
{
	static struct ethtool_drvinfo drv;
	struct ifreq ifr = { .ifr_data = (void *)&drv };
	int here = vt_ns_enter(ns);

	drv = (struct ethtool_drvinfo){ .cmd = ETHTOOL_GDRVINFO };
	if (request(dev, SIOCETHTOOL, &ifr))
		vt_die("driver of %s: %s", dev, strerror(errno));
	vt_ns_leave(here);
	return drv.driver;
}

void vt_nic_gro_waits(const char *ns, const char *dev, unsigned int ms)
{
	vt_run("ip netns exec %s sh -c 'cd /sys/class/net/%s && echo %u > napi_defer_hard_irqs &&"
	       " echo %u > gro_flush_timeout'", ns, dev, ms ? 1 : 0, ms * 1000000);
}

struct control {
	struct ethhdr eth;
	char text[256];
} __attribute__((packed));

bool vt_nic_control(const char *ns, const char *dev, const char *command, char *answer,
		    size_t size)
{
	static const unsigned char model[] = { 2, 0, 0, 0, 0xff, 0xff };
	struct sockaddr_ll at = { .sll_family = AF_PACKET, .sll_protocol = htons(CONTROL) };
	struct control c = { .eth.h_proto = htons(CONTROL) };
	struct pollfd p = { .events = POLLIN };
	struct ifreq ifr = {};
	int here, len;

	/* QEMU's own cards are not told anything. */
	if (!vt_nic_is("ice") && !vt_nic_is("mlx5"))
		return false;
	here = vt_ns_enter(ns);
	p.fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	at.sll_ifindex = if_nametoindex(dev);
	if (p.fd < 0 || bind(p.fd, (void *)&at, sizeof(at)) || request(dev, SIOCGIFHWADDR, &ifr))
		vt_die("control socket on %s: %s", dev, strerror(errno));
	vt_ns_leave(here);
	memcpy(c.eth.h_dest, model, ETH_ALEN);
	memcpy(c.eth.h_source, ifr.ifr_hwaddr.sa_data, ETH_ALEN);
	snprintf(c.text, sizeof(c.text), "%s", command);
	if (send(p.fd, &c, 60, 0) != 60)
		vt_die("control: %s", strerror(errno));
	do {
		if (poll(&p, 1, 20000) != 1)
			vt_die("control: no answer to \"%s\"", command);
		len = recv(p.fd, &c, sizeof(c) - 1, 0);
	} while (len < (int)sizeof(c.eth) || !memcmp(c.eth.h_dest, model, ETH_ALEN));
	((char *)&c)[len] = 0;
	close(p.fd);
	if (strncmp(c.text, "ok", 2))
		vt_die("control: \"%s\": %s", command, c.text);
	if (answer)
		snprintf(answer, size, "%s", c.text + 2);
	return true;
}
