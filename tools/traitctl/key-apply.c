// SPDX-License-Identifier: GPL-2.0
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "key.h"
#include "key-file.h"
#include "key-words.h"

static const char help_apply[] =
	"Usage: traitctl key apply FILE [ --dry-run ]\n"
	"\n"
	"Makes the registry equal to FILE (\"-\" is standard input): registers what it lacks and\n"
	"unregisters what FILE does not have. Keys that are as FILE wants them are not touched.\n"
	"Prints what it did, as commands; with --dry-run, what it would do.\n"
	"\n"
	"FILE has one \"key add ...\" on each line, see traits-keys(5). All of it is checked before\n"
	"anything is changed. If the kernel then refuses a change, those before it are undone.\n";
static const char help_flush[] =
	"Usage: traitctl key flush [ --dry-run ]\n"
	"\n"
	"Unregisters all keys, as if an empty file were applied.\n";

static int print_steps_json(const struct key_step *step, int n)
{
	struct json_object *json = json_object_new_array(), *one;

	for (; n; n--, step++) {
		one = json_object_new_object();
		json_object_object_add(one, "action", json_object_new_string(
				       step->action == KEY_ADD ? "add" : "del"));
		json_object_object_add(one, "key", key_kind.json(&step->key));
		json_object_array_add(json, one);
	}
	return print_json(json);
}

static int print_steps(const struct key_step *step, int n)
{
	if (opt_json)
		return print_steps_json(step, n);
	for (; n; n--, step++) {
		if (step->action == KEY_ADD)
			key_write(stdout, &step->key);
		else
			printf("key del %s", step->key.name);
		putchar('\n');
	}
	return EXIT_OK;
}

static int do_step(struct traits *t, struct key_step *step)
{
	if (step->action == KEY_DEL)
		return traits_key_del(t, step->key.name);
	return traits_key_register(t, &step->key);
}

/* Returns how many steps could not be undone; each is told in @left. */
static int undo(struct traits *t, struct key_step *step, int n, char *left, size_t size)
{
	int failed = 0;

	while (n--) {
		struct key_step back = step[n];

		back.action = step[n].action == KEY_ADD ? KEY_DEL : KEY_ADD;
		if (!do_step(t, &back))
			continue;
		snprintf(left + strlen(left), size - strlen(left), "%s\"%s\" (%s)",
			 failed++ ? ", " : "", back.key.name, traits_error(t));
	}
	return failed;
}

static int do_steps(struct traits *t, struct key_step *step, int n)
{
	char why[256], left[160] = "";
	int i;

	for (i = 0; i < n; i++)
		if (do_step(t, &step[i]) < 0)
			break;
	if (i == n)
		return print_steps(step, n);
	snprintf(why, sizeof(why), "key %s %s: %s", step[i].action == KEY_ADD ? "add" : "del",
		 step[i].key.name, traits_error(t));
	if (!i)
		return refused("%s; nothing was changed", why);
	if (!undo(t, step, i, left, sizeof(left)))
		return refused("%s; what was changed before was undone", why);
	return refused("%s; not all that was changed before could be undone: %s", why, left);
}

static int change(struct traits *t, struct key_step *step, int n)
{
	sigset_t all, before;
	int code;

	/* Control-C is not to leave the registry half changed; nothing here waits for anybody. */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	code = do_steps(t, step, n);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return code;
}

static int make_equal(const struct key_list *want, bool dry_run)
{
	struct trait_key have[TRAITS_KEYS_MAX];
	struct key_step step[KEY_STEPS_MAX];
	struct traits *t;
	int n, code;

	t = connect_or_complain();
	if (!t)
		return EXIT_REFUSED;
	n = traits_key_dump(t, have);
	if (n < 0) {
		code = refused("%s", traits_error(t));
	} else {
		n = key_diff(have, n, want, step);
		code = dry_run ? print_steps(step, n) : change(t, step, n);
	}
	traits_close(t);
	return code;
}

/* Takes --dry-run out of the arguments. */
static bool take_dry_run(int *argc, char **argv)
{
	int i, n = 0, found = 0;

	for (i = 0; i < *argc; i++) {
		if (!strcmp(argv[i], "--dry-run"))
			found++;
		else
			argv[n++] = argv[i];
	}
	*argc = n;
	return found;
}

int key_apply(int argc, char **argv)
{
	struct text_error error;
	struct key_list want;
	bool dry_run;
	int err;

	if (wants_help(argc, argv))
		return show_help(help_apply);
	dry_run = take_dry_run(&argc, argv);
	if (!argc)
		return bad_usage("a file is missing, try \"traitctl key apply help\"");
	if (argc > 1)
		return bad_usage("unknown argument \"%s\" behind the file", argv[1]);

	err = key_file_read(argv[0], &want, &error);
	if (err)
		return bad_text(argv[0], err, &error);
	return make_equal(&want, dry_run);
}

int key_flush(int argc, char **argv)
{
	static const struct key_list none;
	bool dry_run;

	if (wants_help(argc, argv))
		return show_help(help_flush);
	dry_run = take_dry_run(&argc, argv);
	if (argc)
		return bad_usage("flush takes no argument but --dry-run, and got \"%s\"", argv[0]);
	return make_equal(&none, dry_run);
}
