// SPDX-License-Identifier: GPL-2.0
/*
 * Plays a network device for one QEMU:
 *
 *	nic-model MODEL [--option NAME=VALUE]... --device SOCKET --wire SOCKET [--verbose]
 *
 * Listens on both unix sockets: QEMU's vfio-user-pci connects to the first one, and -netdev stream, the
 * other end of the device's cable, to the second one. Ends when the device's client has left; exits with 0
 * if it left in order and the model understood all that the driver did.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "nic.h"

#define MAX_OPTIONS 16

static void die(const char *fmt, const char *arg)
{
	fprintf(stderr, "nic-model: ");
	fprintf(stderr, fmt, arg);
	fprintf(stderr, "\n");
	exit(2);
}

static void usage(void)
{
	char names[128];

	nic_model_names(names, sizeof(names));
	die("usage: nic-model MODEL [--option NAME=VALUE]... --device SOCKET --wire SOCKET"
	    " [--verbose]\nmodels:%s", names);
}

static int listen_at(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (strlen(path) >= sizeof(address.sun_path))
		die("%s is too long for a socket", path);
	strcpy(address.sun_path, path);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) || listen(fd, 1)) {
		fprintf(stderr, "nic-model: %s: %s\n", path, strerror(errno));
		exit(2);
	}
	return fd;
}

static void set_option(struct nic *nic, char *text)
{
	char *value = strchr(text, '=');

	if (!value)
		die("option %s has no value", text);
	*value = '\0';
	/* Each model has this one: whether a fault fails a run can be seen with it. */
	if (!strcmp(text, "fault"))
		nic_fault(nic, "%s", value + 1);
	else if (!nic->ops->option || nic->ops->option(nic, text, value + 1))
		die("the model has no such option or value: %s", text);
}

int main(int argc, char **argv)
{
	static const struct option known[] = {
		{ "option", required_argument, NULL, 'o' },
		{ "device", required_argument, NULL, 'd' },
		{ "wire", required_argument, NULL, 'w' },
		{ "verbose", no_argument, NULL, 'v' },
		{ }
	};
	const char *device = NULL, *wire = NULL;
	char *options[MAX_OPTIONS];
	unsigned int n_options = 0;
	static struct nic nic;
	bool verbose = false;
	int c;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (c == 'o' && n_options < MAX_OPTIONS)
			options[n_options++] = optarg;
		else if (c == 'd')
			device = optarg;
		else if (c == 'w')
			wire = optarg;
		else if (c == 'v')
			verbose = true;
		else
			usage();
	}
	if (optind + 1 != argc || !device || !wire)
		usage();
	if (!nic_model(argv[optind]))
		die("no model %s", argv[optind]);

	nic_init(&nic, nic_model(argv[optind]));
	nic.verbose = verbose;
	for (unsigned int i = 0; i < n_options; i++)
		set_option(&nic, options[i]);
	/* Who sees the device's socket may connect to both. */
	nic.wire.listen_fd = listen_at(wire);
	nic.vfu.listen_fd = listen_at(device);
	c = !nic_serve(&nic);
	fprintf(stderr, "%s: received %llu, transmitted %llu, dropped %llu, faults %lu%s\n",
		nic.ops->name, (unsigned long long)nic.wire.received,
		(unsigned long long)nic.wire.transmitted, (unsigned long long)nic.wire.dropped,
		nic.faults, nic.vfu.lost_order ? ", the client left in disorder" : "");
	nic_exit(&nic);
	return c;
}
