// SPDX-License-Identifier: GPL-2.0
/*
 * Keys that a loaded BPF object declares are not deleted by mistake: neither while its loader
 * runs, nor when only a pin in bpffs is left of it; until its last program is gone. Force deletes
 * them nevertheless. A program whose keys have changed meanwhile is told so.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bpf/libbpf.h>
#include <traits/traits.h>

#include "nl.h"
#include "vt.h"

#define PIN	"/sys/fs/bpf/held"

static struct traits *t;
static struct nl nl;

/* resolve.bpf.o, whose keys are registered if need be; loaded if @load */
static struct bpf_object *object(bool load)
{
	char file[256];
	struct bpf_object *obj;

	snprintf(file, sizeof(file), "%s/resolve.bpf.o", vt_progs());
	obj = bpf_object__open_file(file, NULL);
	if (!obj || traits_resolve(t, obj, TRAITS_RESOLVE_ADD) < 1)
		vt_die("%s: %s", file, obj ? traits_error(t) : strerror(errno));
	if (load && bpf_object__load(obj))
		vt_die("%s does not load", file);
	return obj;
}

static struct bpf_program *program(struct bpf_object *obj)
{
	return bpf_object__next_program(obj, NULL);
}

static int ask_del(const char *name, bool force, struct nl_answer *got)
{
	nl_begin(&nl, TRAITS_CMD_KEY_DEL, NLM_F_ACK);
	nl_put_str(&nl, TRAITS_A_KEY_NAME, name);
	if (force)
		nl_put_flag(&nl, TRAITS_A_KEY_FORCE);
	nl_ask(&nl, got);
	return got->err;
}

/* A deletion at once is refused, for the reason that it should be. */
static void busy(const char *name, const char *prog, const char *what)
{
	struct nl_answer got;
	char text[160], *id;

	snprintf(text, sizeof(text), "key \"%s\" is declared by the BPF object of program \"%s\", id ",
		 name, prog);
	ask_del(name, false, &got);
	id = got.text + strlen(text);
	if (!vt_ok(got.err == -EBUSY && got.attr == TRAITS_A_KEY_NAME &&
		   !strncmp(got.text, text, strlen(text)) &&
		   !strcmp(id + strspn(id, "0123456789"), ", which is loaded"), "%s", what))
		vt_note("error %d, \"%s\"", got.err, got.text);
}

static unsigned int holds(const char *name)
{
	struct traits_key key;

	if (traits_key_get(t, name, &key))
		vt_die("%s: %s", name, traits_error(t));
	return key.holds;
}

static int hold(struct bpf_object *obj, uint32_t fd, uint32_t type, struct nl_answer *got)
{
	nl_begin(&nl, TRAITS_CMD_KEY_HOLD, NLM_F_ACK);
	nl_put_u32(&nl, TRAITS_A_KEY_PROG_FD, fd);
	nl_put_u32(&nl, TRAITS_A_KEY_PROG_TYPE, type);
	nl_ask(&nl, got);
	return got->err;
}

static void refused(struct bpf_object *obj, uint32_t fd, uint32_t type, int err, const char *text,
		    const char *what)
{
	struct nl_answer got;

	hold(obj, fd, type, &got);
	if (!vt_ok(got.err == err && got.attr == TRAITS_A_KEY_PROG_FD && !strcmp(got.text, text),
		   "%s", what))
		vt_note("error %d, attribute %d, \"%s\", wanted \"%s\"", got.err, got.attr, got.text,
			text);
}

static void bad_holds(struct bpf_object *obj)
{
	struct bpf_program *prog = program(obj);
	uint32_t fd = bpf_program__fd(prog), type = bpf_program__type(prog);
	uint32_t other_type = type == BPF_PROG_TYPE_XDP ? BPF_PROG_TYPE_SCHED_CLS :
							  BPF_PROG_TYPE_XDP;
	struct bpf_object *other;
	char text[160], file[256];

	snprintf(text, sizeof(text), "file descriptor 999 is not of a BPF program of type %u", type);
	refused(obj, 999, type, -EBADF, text, "no file descriptor");
	snprintf(text, sizeof(text), "file descriptor 0 is not of a BPF program of type %u", type);
	refused(obj, 0, type, -EBADF, text, "not a program");
	snprintf(text, sizeof(text), "file descriptor %u is not of a BPF program of type %u", fd,
		 other_type);
	refused(obj, fd, other_type, -EBADF, text, "another type of program");

	snprintf(file, sizeof(file), "%s/watch.bpf.o", vt_progs());
	other = bpf_object__open_file(file, NULL);
	bpf_object__for_each_program(prog, other)
		bpf_program__set_autoload(prog, !strcmp(bpf_program__name(prog), "watch_free"));
	if (!other || bpf_object__load(other))
		vt_die("%s does not load", file);
	prog = bpf_object__find_program_by_name(other, "watch_free");
	refused(obj, bpf_program__fd(prog), bpf_program__type(prog), -EINVAL,
		"BPF program \"watch_free\" declares no keys", "a program without keys");
	vt_eq(traits_hold(t, other), 0, "which is fine for libtraits");
	bpf_object__close(other);
}

static void held(const char *name)
{
	struct bpf_object *obj = object(true);
	struct bpf_program *prog = program(obj);
	char prog_name[64];

	snprintf(prog_name, sizeof(prog_name), "%s", bpf_program__name(prog));
	bad_holds(obj);
	vt_eq(holds(name), 0, "nothing is held unless it was told");
	vt_eq(traits_hold(t, obj), 0, "held");
	vt_eq(traits_hold(t, obj), 0, "and told again");
	vt_eq(holds(name), 1, "one object declares it");
	busy(name, prog_name, "busy while its loader has it");
	if (bpf_program__pin(prog, PIN))
		vt_die("pin: %s", strerror(errno));
	bpf_object__close(obj);
	busy(name, prog_name, "busy while it is pinned");
	vt_eq(holds(name), 1, "still declared");
	unlink(PIN);
	vt_eq(traits_key_del(t, name), 0, "it can go when the program has gone");
}

static void forced(const char *name)
{
	struct bpf_object *obj = object(true);
	struct nl_answer got;

	vt_eq(traits_hold(t, obj), 0, "held again");
	vt_eq(ask_del(name, true, &got), 0, "deleted by force");
	vt_eq(traits_key_add(t, name, 8, NULL, NULL), 0, "and registered again");
	vt_eq(holds(name), 0, "which the program has not declared");
	vt_eq(ask_del(name, false, &got), 0, "so it can go");
	bpf_object__close(obj);
}

static void stale(const char *name)
{
	struct bpf_object *obj = object(true);
	char text[160];

	traits_key_del(t, name);
	snprintf(text, sizeof(text), "key \"%s\", which the program declares, is gone", name);
	vt_eq(traits_hold(t, obj), -ESTALE, "a key has gone before it was held");
	vt_ok(!strcmp(traits_error(t), text), "and is named");
	bpf_object__close(obj);
}

static void del_all(void)
{
	struct traits_key keys[TRAITS_KEYS_MAX];
	int n = traits_key_dump(t, keys);

	while (n-- > 0)
		if (traits_key_del(t, keys[n].name))
			vt_die("%s", traits_error(t));
}

int main(void)
{
	struct traits_key keys[TRAITS_KEYS_MAX];
	struct bpf_object *obj;
	char name[32];

	t = traits_open();
	if (!t)
		vt_die("registry: %s", strerror(errno));
	nl_open(&nl);
	obj = object(false);
	if (traits_key_dump(t, keys) < 1)
		vt_die("the object declares no keys");
	strcpy(name, keys[0].name);
	vt_eq(traits_hold(t, obj), -EINVAL, "an object that is not loaded cannot hold");
	bpf_object__close(obj);
	held(name);
	forced(name);
	stale(name);
	del_all();
	/* A reference of the module's to a program would keep the module from going. */
	vt_run("rmmod traits && insmod %s/module-$(uname -r)/traits.ko", vt_build());
	return vt_done();
}
