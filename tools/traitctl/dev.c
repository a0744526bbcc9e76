// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "print.h"
#include "traitctl.h"

static const char help_set[] =
	"Usage: traitctl dev set DEV headroom N\n"
	"\n"
	"Has the stack leave N bytes for traits in front of each packet that it makes or forwards\n"
	"for the device, and prints the device. Packets that came from no XDP program can have\n"
	"traits only where there is such room; UDP leaves none by itself.\n"
	"  DEV    device that routes name, in the network namespace of this command\n"
	"  N      0 to 512 bytes, on top of what the device itself needs; 0 takes it back.\n"
	"         Traits take 108, and as many as their values have.\n"
	"\n"
	"It lasts until the module is unloaded, the device goes away, or it moves to another\n"
	"network namespace.\n";
static const char help_show[] =
	"Usage: traitctl dev [ show [ DEV ] ]\n"
	"\n"
	"Shows one device, or all that have been given headroom. NEEDED is what the stack leaves\n"
	"now: HEADROOM and what the device itself needs, made odd to tell it from what a driver\n"
	"writes there.\n";
static const char help_dev[] =
	"Usage: traitctl dev set DEV headroom N\n"
	"       traitctl dev [ show [ DEV ] ]\n"
	"       traitctl dev { set | show } help\n";

static void header(void)
{
	printf("%7s  %8s  %6s  %s\n", "IFINDEX", "HEADROOM", "NEEDED", "IFNAME");
}

static void row(const void *thing)
{
	const struct traits_dev *dev = thing;

	printf("%7u  %8u  %6u  %s\n", dev->ifindex, dev->headroom, dev->needed, dev->name);
}

static struct json_object *json(const void *thing)
{
	const struct traits_dev *dev = thing;
	struct json_object *json = json_object_new_object();

	json_object_object_add(json, "ifindex", json_object_new_int64(dev->ifindex));
	json_object_object_add(json, "ifname", json_object_new_string(dev->name));
	json_object_object_add(json, "headroom", json_object_new_int64(dev->headroom));
	json_object_object_add(json, "needed", json_object_new_int64(dev->needed));
	return json;
}

static const struct kind dev_kind = {
	.size = sizeof(struct traits_dev),
	.header = header,
	.row = row,
	.json = json,
};

static int dev_set(int argc, char **argv)
{
	struct traits_dev dev;
	uint32_t headroom;
	struct traits *t;
	int code;

	if (wants_help(argc, argv))
		return show_help(help_set);
	if (!argc)
		return bad_usage("a device is missing, try \"traitctl dev set help\"");
	if (argc == 1)
		return bad_usage("a headroom is missing, try \"traitctl dev set help\"");
	if (strcmp(argv[1], "headroom"))
		return bad_usage("unknown argument \"%s\", expected headroom", argv[1]);
	if (argc == 2)
		return bad_usage("a number is missing behind \"headroom\"");
	if (argc > 3)
		return bad_usage("unknown argument \"%s\" behind the headroom", argv[3]);
	if (!parse_u32(argv[2], &headroom))
		return bad_usage("headroom \"%s\" is not a number", argv[2]);

	t = connect_or_complain();
	if (!t)
		return EXIT_REFUSED;
	if (traits_dev_set(t, argv[0], headroom, &dev) < 0)
		code = refused("%s", traits_error(t));
	else
		code = print_thing(&dev_kind, &dev);
	traits_close(t);
	return code;
}

static int show_all(struct traits *t)
{
	struct traits_dev *devs = NULL, *more;
	int n = 0, max = 0, code;

	/* There may be more with each time. */
	do {
		max = n + 16;
		more = realloc(devs, max * sizeof(*devs));
		if (!more) {
			free(devs);
			return refused("%s", strerror(ENOMEM));
		}
		devs = more;
		n = traits_dev_dump(t, devs, max);
	} while (n > max);
	code = n < 0 ? refused("%s", traits_error(t)) : print_things(&dev_kind, devs, n);
	free(devs);
	return code;
}

static int show_one(struct traits *t, const char *name)
{
	struct traits_dev dev;

	if (traits_dev_get(t, name, &dev) < 0)
		return refused("%s", traits_error(t));
	return print_things(&dev_kind, &dev, 1);
}

static int dev_show(int argc, char **argv)
{
	struct traits *t;
	int code;

	if (wants_help(argc, argv))
		return show_help(help_show);
	if (argc > 1)
		return bad_usage("unknown argument \"%s\" behind the device", argv[1]);

	t = connect_or_complain();
	if (!t)
		return EXIT_REFUSED;
	code = argc ? show_one(t, argv[0]) : show_all(t);
	traits_close(t);
	return code;
}

static const struct command commands[] = {
	{ "set", dev_set },
	{ "show", dev_show },
	{}
};

int cmd_dev(int argc, char **argv)
{
	if (wants_help(argc, argv))
		return show_help(help_dev);
	if (!argc)
		return dev_show(0, NULL);
	return run_command(commands, "dev command", argc, argv);
}
