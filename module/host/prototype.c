// SPDX-License-Identifier: GPL-2.0
#include <bpf/btf.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "prototype.h"
#include "sentence.h"

/* Text that grows to the right; what does not fit cannot equal any expected prototype */
struct text {
	char s[512];
	size_t len;
};

__attribute__((format(printf, 2, 3)))
static void add(struct text *t, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(t->s + t->len, sizeof(t->s) - t->len, fmt, args);
	va_end(args);
	t->len += n;
	if (t->len >= sizeof(t->s))
		t->len = sizeof(t->s) - 1;
}

static void add_type(struct text *t, const struct btf *btf, __u32 id);

static void add_params(struct text *t, const struct btf *btf, const struct btf_type *proto)
{
	const struct btf_param *p = btf_params(proto);
	int n = btf_vlen(proto);

	add(t, "(");
	for (int i = 0; i < n; i++) {
		if (i)
			add(t, ", ");
		if (p[i].type)
			add_type(t, btf, p[i].type);
		else
			add(t, "...");
	}
	add(t, n ? ")" : "void)");
}

static void add_pointer(struct text *t, const struct btf *btf, __u32 to)
{
	const struct btf_type *type = btf__type_by_id(btf, to);

	if (to && btf_is_func_proto(type)) {
		add_type(t, btf, type->type);
		add(t, " (*)");
		add_params(t, btf, type);
		return;
	}
	add_type(t, btf, to);
	add(t, t->len && t->s[t->len - 1] == '*' ? "*" : " *");
}

static void add_qualified(struct text *t, const struct btf *btf, __u32 to, const char *qualifier)
{
	/* "T *const", but "const T" */
	if (to && btf_is_ptr(btf__type_by_id(btf, to))) {
		add_type(t, btf, to);
		add(t, "%s", qualifier);
	} else {
		add(t, "%s ", qualifier);
		add_type(t, btf, to);
	}
}

static void add_type(struct text *t, const struct btf *btf, __u32 id)
{
	const struct btf_type *type = btf__type_by_id(btf, id);
	const char *name;

	if (!id) {
		add(t, "void");
		return;
	}
	if (!type) {
		add(t, "?");
		return;
	}

	name = btf__name_by_offset(btf, type->name_off);
	switch (btf_kind(type)) {
	case BTF_KIND_PTR:
		add_pointer(t, btf, type->type);
		break;
	case BTF_KIND_CONST:
		add_qualified(t, btf, type->type, "const");
		break;
	case BTF_KIND_VOLATILE:
		add_qualified(t, btf, type->type, "volatile");
		break;
	case BTF_KIND_RESTRICT:
	case BTF_KIND_TYPE_TAG:
		add_type(t, btf, type->type);
		break;
	case BTF_KIND_STRUCT:
		add(t, "struct %s", name);
		break;
	case BTF_KIND_UNION:
		add(t, "union %s", name);
		break;
	case BTF_KIND_FWD:
		add(t, "%s %s", btf_kflag(type) ? "union" : "struct", name);
		break;
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		add(t, "enum %s", name);
		break;
	case BTF_KIND_FUNC_PROTO:
		add_type(t, btf, type->type);
		add(t, " ");
		add_params(t, btf, type);
		break;
	default:
		add(t, "%s", name);
	}
}

static __u32 find(const struct btf *btf, const char *name, __u32 kind, int *count)
{
	__u32 n = btf__type_cnt(btf);
	__u32 found = 0;

	*count = 0;
	for (__u32 id = 1; id < n; id++) {
		const struct btf_type *t = btf__type_by_id(btf, id);

		if (btf_kind(t) != kind || strcmp(btf__name_by_offset(btf, t->name_off), name))
			continue;
		found = id;
		(*count)++;
	}
	return found;
}

/* @expected may name several, with a | between them */
static bool is_one_of(const char *have, const char *expected)
{
	size_t len = strlen(have);

	for (const char *next; expected; expected = next) {
		const char *end = strchrnul(expected, '|');

		if ((size_t)(end - expected) == len && !memcmp(have, expected, len))
			return true;
		next = *end ? end + 1 : NULL;
	}
	return false;
}

static void compare(const struct btf *btf, const char *release, const char *what, const char *name,
		    __u32 proto, const char *expected)
{
	struct text have = {};

	add_type(&have, btf, proto);
	if (!is_one_of(have.s, expected))
		fail("%s %s of kernel %s is \"%s\", and traits is written for \"%s\"", what, name,
		     release, have.s, expected);
}

/* Returns false if there is no such function */
static bool check_function(const struct btf *btf, const char *release, const char *name,
			   const char *expected)
{
	int count;
	__u32 id = find(btf, name, BTF_KIND_FUNC, &count);

	if (!count)
		return false;
	if (count > 1)
		fail("function %s exists %d times in kernel %s, and a hook goes by the name alone",
		     name, count, release);
	compare(btf, release, "function", name, btf__type_by_id(btf, id)->type, expected);
	return true;
}

static void need_function(const struct btf *btf, const char *release, const char *name,
			  const char *expected)
{
	if (!check_function(btf, release, name, expected))
		fail("function %s is missing in kernel %s (removed, renamed or always inlined)",
		     name, release);
}

static void check_tracepoint(const struct btf *btf, const char *release, const char *name,
			     const char *expected)
{
	const struct btf_type *t;
	char typedef_name[128];
	int count;
	__u32 id;

	snprintf(typedef_name, sizeof(typedef_name), "btf_trace_%s", name);
	id = find(btf, typedef_name, BTF_KIND_TYPEDEF, &count);
	if (!count)
		fail("tracepoint %s is missing in kernel %s", name, release);
	if (count > 1)
		fail("tracepoint %s exists %d times in kernel %s", name, count, release);
	t = btf__type_by_id(btf, btf__type_by_id(btf, id)->type);
	if (!t || !btf_is_ptr(t))
		fail("tracepoint %s of kernel %s is not described as a function pointer", name,
		     release);
	compare(btf, release, "tracepoint", name, t->type, expected);
}

static void write_proof(FILE *header, const struct btf *base, const struct module_file *modules,
			const char *release, const char *module, const char *name,
			const char *expected)
{
	const struct module_file *m = modules;
	struct btf *btf = NULL;
	bool proven;

	/* Of a kernel that has it built in */
	proven = check_function(base, release, name, expected);
	while (m && strcmp(m->name, module))
		m = m->next;
	if (!proven && m) {
		btf = btf__parse_split(m->path, (struct btf *)base);
		if (!btf)
			fail("%s has no BTF that can be read: %s", m->path, strerror(errno));
		need_function(btf, release, name, expected);
		proven = true;
		btf__free(btf);
	}
	if (!proven)
		fprintf(stderr, "traits: note: module %s of kernel %s is not here to be looked at, so its %s will not be hooked\n",
			module, release, name);
	fprintf(header, "#define TRAITS_PROVEN_%s %d\n", name, proven);
}

/* Where a veth's XDP buffer says which skb it is of; 0 if it does not */
static __u32 veth_skb_offset(const struct btf *btf)
{
	int id = btf__find_by_name_kind(btf, "veth_xdp_buff", BTF_KIND_STRUCT);
	const struct btf_type *t = id < 0 ? NULL : btf__type_by_id(btf, id);
	struct text type = {};

	for (int i = 0; t && i < btf_vlen(t); i++) {
		const struct btf_member *m = btf_members(t) + i;

		if (strcmp(btf__name_by_offset(btf, m->name_off), "skb"))
			continue;
		add_type(&type, btf, m->type);
		return strcmp(type.s, "struct sk_buff *") ? 0 : btf_member_bit_offset(t, i) / 8;
	}
	return 0;
}

static void write_veth(FILE *header, const struct btf *base, const struct module_file *m)
{
	__u32 offset = veth_skb_offset(base);
	struct btf *btf;

	while (m && strcmp(m->name, "veth"))
		m = m->next;
	btf = offset || !m ? NULL : btf__parse_split(m->path, (struct btf *)base);
	if (btf)
		offset = veth_skb_offset(btf);
	btf__free(btf);
	fprintf(header, "\n/* Member skb of struct veth_xdp_buff; 0: there is none */\n"
		"#define TRAITS_VETH_SKB_OFFSET %u\n", offset);
}

void prototypes_check(const struct btf *btf, const char *release)
{
#define TRAITS_TRACEPOINT(need, tracepoint, prototype) \
	check_tracepoint(btf, release, #tracepoint, prototype);
#define TRAITS_FTRACE(need, function, prototype) \
	need_function(btf, release, #function, prototype);
#define TRAITS_FTRACE_NEW(need, function, prototype) \
	check_function(btf, release, #function, prototype);
#define TRAITS_KRETPROBE(need, function, prototype) \
	need_function(btf, release, #function, prototype);
#include "../hook-points.h"
}

void prototypes_prove(FILE *header, const struct btf *btf, const struct module_file *modules,
		      const char *release)
{
#define TRAITS_FTRACE_IN(need, module, function, prototype) \
	write_proof(header, btf, modules, release, #module, #function, prototype);
#include "../hook-points.h"
	write_veth(header, btf, modules);
}
