// SPDX-License-Identifier: GPL-2.0
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "key.h"
#include "key-file.h"
#include "key-words.h"

static const char help_apply[] =
	"Usage: traitctl key apply FILE [ --dry-run ] [ --force ]\n"
	"\n"
	"Makes the registry equal to FILE (\"-\" is standard input): registers what it lacks,\n"
	"changes what differs, and unregisters what FILE does not have. Prints what it did, as\n"
	"commands: nothing if they were equal.\n"
	"  --dry-run  do nothing, only print\n"
	"  --force    unregister also keys that loaded BPF programs declare\n"
	"\n"
	"FILE has one \"key add ...\" on each line, see traits-keys(5). All of it is checked before\n"
	"anything is changed. If the kernel then refuses a change, those before it are undone.\n";
static const char help_flush[] =
	"Usage: traitctl key flush [ --dry-run ] [ --force ]\n"
	"\n"
	"Unregisters all keys, as if an empty file were applied.\n";

struct flags {
	bool dry_run;
	bool force;
};

static struct flags take_flags(int *argc, char **argv)
{
	struct flags flags;

	flags.dry_run = take_flag(argc, argv, "--dry-run");
	flags.force = take_flag(argc, argv, "--force");
	return flags;
}

static const char *const actions[] = {
	[KEY_DEL] = "del", [KEY_SET] = "set", [KEY_ADD] = "add",
};

static const struct traits_key *key_of(const struct key_step *step)
{
	return step->action == KEY_DEL ? &step->before : &step->after;
}

static int print_steps_json(const struct key_step *step, int n)
{
	struct json_object *json = json_object_new_array(), *one;

	for (; n; n--, step++) {
		one = json_object_new_object();
		json_object_object_add(one, "action",
				       json_object_new_string(actions[step->action]));
		json_object_object_add(one, "key", key_kind.json(key_of(step)));
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
			key_write_add(stdout, &step->after);
		else if (step->action == KEY_SET)
			key_write_set(stdout, &step->after, step->fields);
		else
			printf("key del %s", step->before.name);
		putchar('\n');
	}
	return EXIT_OK;
}

static int do_step(struct traits *t, struct key_step *step, bool force)
{
	switch (step->action) {
	case KEY_DEL:
		return force ? traits_key_del_force(t, step->before.name) :
			       traits_key_del(t, step->before.name);
	case KEY_SET:
		return traits_key_set(t, step->after.name, &step->after, step->fields, NULL);
	default:
		return traits_key_register(t, &step->after);
	}
}

/* By force: what a program that was loaded meanwhile declares goes, too. */
static int undo_step(struct traits *t, const struct key_step *step)
{
	struct traits_key before = step->before;

	switch (step->action) {
	case KEY_DEL:
		return traits_key_register(t, &before);
	case KEY_SET:
		return traits_key_set(t, before.name, &before, step->fields, NULL);
	default:
		return traits_key_del_force(t, step->after.name);
	}
}

/* Returns how many steps could not be undone; each is told in @left. */
static int undo(struct traits *t, const struct key_step *step, int n, char *left, size_t size)
{
	int failed = 0;

	while (n--) {
		if (!undo_step(t, &step[n]))
			continue;
		snprintf(left + strlen(left), size - strlen(left), "%s\"%s\" (%s)",
			 failed++ ? ", " : "", key_of(&step[n])->name, traits_error(t));
	}
	return failed;
}

static int do_steps(struct traits *t, struct key_step *step, int n, bool force)
{
	char why[512], left[256] = "";
	int i;

	for (i = 0; i < n; i++)
		if (do_step(t, &step[i], force) < 0)
			break;
	if (i == n)
		return print_steps(step, n);
	snprintf(why, sizeof(why), "key %s %s: %s", actions[step[i].action],
		 key_of(&step[i])->name, traits_error(t));
	if (!i)
		return refused("%s; nothing was changed", why);
	if (!undo(t, step, i, left, sizeof(left)))
		return refused("%s; what was changed before was undone", why);
	return refused("%s; not all that was changed before could be undone: %s", why, left);
}

static int change(struct traits *t, struct key_step *step, int n, bool force)
{
	sigset_t all, before;
	int code;

	/* Control-C is not to leave the registry half changed; nothing here waits for anybody. */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	code = do_steps(t, step, n, force);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return code;
}

static int make_equal(const struct key_list *want, const struct flags *flags)
{
	struct traits_key have[TRAITS_KEYS_MAX];
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
		code = flags->dry_run ? print_steps(step, n) : change(t, step, n, flags->force);
	}
	traits_close(t);
	return code;
}

int key_apply(int argc, char **argv)
{
	struct text_error error;
	struct key_list want;
	struct flags flags;
	int err;

	if (wants_help(argc, argv))
		return show_help(help_apply);
	flags = take_flags(&argc, argv);
	if (!argc)
		return bad_usage("a file is missing, try \"traitctl key apply help\"");
	if (argc > 1)
		return bad_usage("unknown argument \"%s\" behind the file", argv[1]);

	err = key_file_read(argv[0], &want, &error);
	if (err)
		return bad_text(argv[0], err, &error);
	return make_equal(&want, &flags);
}

int key_flush(int argc, char **argv)
{
	static const struct key_list none;
	struct flags flags;

	if (wants_help(argc, argv))
		return show_help(help_flush);
	flags = take_flags(&argc, argv);
	if (argc)
		return bad_usage("flush takes no argument, but got \"%s\"", argv[0]);
	return make_equal(&none, &flags);
}
