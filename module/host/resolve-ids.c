// SPDX-License-Identifier: GPL-2.0
/*
 * Fills the section .BTF_ids of a kernel module, as tools/bpf/resolve_btfids of the
 * kernel does, for kernels whose headers package comes without that tool; or checks
 * what another tool filled in. The layout is that of include/linux/btf_ids.h:
 *
 *	__BTF_ID__KIND__NAME__N		one id of the KIND (func, struct, ...) NAME
 *	__BTF_ID__set__NAME		count, then ids
 *	__BTF_ID__set8__NAME		count, flags, then pairs of id and flags
 *
 * Sets are sorted by id: the kernel searches them by bisection, and 6.1 does not sort
 * the sets of modules itself.
 */
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sentence.h"

#define PREFIX "__BTF_ID__"

/* One symbol of .BTF_ids */
struct entry {
	__u32 word;		/* index into the section, in units of 4 bytes */
	__u32 words;		/* of a set, with its header */
	__u32 step;		/* words for each id of a set; 0: not a set */
	__u32 id;
	char *name;
};

struct module {
	const char *path;
	int fd;
	Elf *elf;
	struct btf *kernel;	/* all types of the kernel */
	struct btf *base;	/* those of them that btf builds upon */
	struct btf *btf;
	off_t ids_offset;	/* of .BTF_ids in the file */
	size_t ids_section;
	__u32 *ids;
	__u32 count;		/* of words in .BTF_ids */
	struct entry *entries;
	size_t entry_count;
};

static Elf_Scn *section_find(struct module *m, const char *wanted, GElf_Shdr *sh)
{
	Elf_Scn *scn = NULL;
	size_t names;

	if (elf_getshdrstrndx(m->elf, &names))
		return NULL;
	while ((scn = elf_nextscn(m->elf, scn))) {
		const char *name;

		if (!gelf_getshdr(scn, sh))
			continue;
		name = elf_strptr(m->elf, names, sh->sh_name);
		if (name && !strcmp(name, wanted))
			return scn;
	}
	return NULL;
}

/* Not btf__parse_elf_split(): what it makes of .BTF.base depends on libbpf's version */
static struct btf *section_btf(struct module *m, const char *name, struct btf *base)
{
	GElf_Shdr sh;
	Elf_Scn *scn = section_find(m, name, &sh);
	Elf_Data *d = scn ? elf_rawdata(scn, NULL) : NULL;
	char path[PATH_MAX];
	struct btf *btf;
	ssize_t written;
	int fd;

	if (!d || !d->d_size)
		return NULL;
	snprintf(path, sizeof(path), "%s.btf-XXXXXX", m->path);
	fd = mkstemp(path);
	if (fd < 0)
		fail("%s cannot be written: %s", path, strerror(errno));
	written = write(fd, d->d_buf, d->d_size);
	close(fd);
	btf = btf__parse_raw_split(path, base);
	unlink(path);
	if (written != (ssize_t)d->d_size)
		fail("%s cannot be written whole", path);
	if (!btf)
		fail("%s has a section %s that libbpf %s cannot read: %s", m->path, name,
		     libbpf_version_string(), strerror(errno));
	return btf;
}

static void module_open(struct module *m, const char *path, const char *base, bool writable)
{
	GElf_Ehdr eh;

	m->path = path;
	m->fd = open(path, writable ? O_RDWR : O_RDONLY);
	if (m->fd < 0)
		fail("%s cannot be opened: %s", path, strerror(errno));
	elf_version(EV_CURRENT);
	m->elf = elf_begin(m->fd, ELF_C_READ, NULL);
	if (!m->elf || elf_kind(m->elf) != ELF_K_ELF || !gelf_getehdr(m->elf, &eh) ||
	    eh.e_type != ET_REL)
		fail("%s is not a kernel module", path);
	if (eh.e_ident[EI_DATA] != (BYTE_ORDER == LITTLE_ENDIAN ? ELFDATA2LSB : ELFDATA2MSB))
		fail("%s is of the other byte order than this machine", path);

	/* A module with a base of its own is resolved against that, and relocated on load */
	m->kernel = btf__parse(base, NULL);
	if (!m->kernel)
		fail("%s is not readable as BTF: %s", base, strerror(errno));
	m->base = section_btf(m, ".BTF.base", NULL);
	if (!m->base)
		m->base = m->kernel;
	m->btf = section_btf(m, ".BTF", m->base);
	if (!m->btf)
		fail("%s has no section .BTF, and no BPF program could call its kfuncs", path);
}

static void ids_load(struct module *m)
{
	GElf_Shdr sh;
	Elf_Scn *scn = section_find(m, ".BTF_ids", &sh);
	Elf_Data *d = scn ? elf_rawdata(scn, NULL) : NULL;

	if (!d || !d->d_size || sh.sh_type == SHT_NOBITS)
		fail("%s has no section .BTF_ids: it names no kfunc", m->path);
	m->ids_section = elf_ndxscn(scn);
	m->ids_offset = sh.sh_offset;
	m->count = d->d_size / sizeof(__u32);
	m->ids = malloc(d->d_size);
	if (!m->ids)
		fail("out of memory");
	memcpy(m->ids, d->d_buf, d->d_size);
}

static int kind_by_name(const char *kind)
{
	static const struct {
		const char *name;
		int kind;
	} kinds[] = {
		{ "func", BTF_KIND_FUNC },
		{ "struct", BTF_KIND_STRUCT },
		{ "union", BTF_KIND_UNION },
		{ "typedef", BTF_KIND_TYPEDEF },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(kinds[i].name, kind))
			return kinds[i].kind;
	return -1;
}

static __u32 id_in_range(const struct btf *btf, const char *name, int kind, __u32 from, __u32 to,
			 int *count)
{
	__u32 found = 0;

	*count = 0;
	for (__u32 id = from; id < to; id++) {
		const struct btf_type *t = btf__type_by_id(btf, id);

		if (btf_kind(t) != kind || strcmp(btf__name_by_offset(btf, t->name_off), name))
			continue;
		found = id;
		(*count)++;
	}
	return found;
}

/* The module's own type of that name, else the kernel's */
static __u32 id_by_name(struct module *m, const char *name, int kind)
{
	__u32 own = btf__type_cnt(m->base);
	int count;
	__u32 id;

	id = id_in_range(m->btf, name, kind, own, btf__type_cnt(m->btf), &count);
	if (!count)
		id = id_in_range(m->btf, name, kind, 1, own, &count);
	if (!count)
		fail("%s names \"%s\" in .BTF_ids, and neither its BTF nor the kernel's knows it",
		     m->path, name);
	if (count > 1)
		fail("%s names \"%s\" in .BTF_ids, and BTF knows %d of that name", m->path, name,
		     count);
	return id;
}

/*
 * The verifier tells structs of the kernel and of a module apart by their identity, not by
 * their content: a kfunc that takes a module's own copy of struct sk_buff can never be
 * given a packet.
 */
static void check_arguments(struct module *m, const char *name, const struct btf_type *func)
{
	const struct btf_type *proto = btf__type_by_id(m->btf, func->type);

	for (int i = 0; i < btf_vlen(proto); i++) {
		__u32 id = btf_params(proto)[i].type;
		const struct btf_type *t = btf__type_by_id(m->btf, id);
		const char *type_name;

		while (btf_is_ptr(t) || btf_is_mod(t) || btf_is_typedef(t)) {
			id = t->type;
			t = btf__type_by_id(m->btf, id);
		}
		if (id < btf__type_cnt(m->base) || !(btf_is_composite(t) || btf_is_fwd(t)))
			continue;
		type_name = btf__name_by_offset(m->btf, t->name_off);
		if (btf__find_by_name_kind(m->kernel, type_name, BTF_KIND_STRUCT) > 0)
			fail("%s has a struct %s of its own in its BTF, so no BPF program could pass the kernel's to %s()",
			     m->path, type_name, name);
	}
}

static void set_parse(struct module *m, struct entry *e, const GElf_Sym *sym, __u32 step)
{
	e->step = step;
	e->words = sym->st_size / sizeof(__u32);
	if (e->words < step || e->words % step || e->words > m->count - e->word)
		fail("%s has a set \"%s\" of the impossible size %llu in .BTF_ids", m->path,
		     e->name, (unsigned long long)sym->st_size);
}

static void entry_parse(struct module *m, const char *symbol, const GElf_Sym *sym)
{
	char *kind = strdup(symbol + strlen(PREFIX));
	char *name = kind ? strstr(kind, "__") : NULL;
	struct entry *e = &m->entries[m->entry_count];
	char *end;

	if (!name)
		fail("%s has a symbol \"%s\" that is not understood", m->path, symbol);
	*name = '\0';
	name += 2;
	if (sym->st_value % sizeof(__u32) || sym->st_value / sizeof(__u32) >= m->count)
		fail("%s has a symbol \"%s\" outside of .BTF_ids", m->path, symbol);
	e->word = sym->st_value / sizeof(__u32);
	e->name = name;

	if (!strcmp(kind, "set")) {
		set_parse(m, e, sym, 1);
	} else if (!strcmp(kind, "set8")) {
		set_parse(m, e, sym, 2);
	} else {
		/* N, a counter and a line, makes the symbol unique and is not in the name */
		for (end = name + strlen(name); end > name && end[-1] >= '0' && end[-1] <= '9';)
			end--;
		if (kind_by_name(kind) < 0 || end - name < 3 || memcmp(end - 2, "__", 2))
			fail("%s has a symbol \"%s\" that is not understood", m->path, symbol);
		end[-2] = '\0';
		e->id = id_by_name(m, name, kind_by_name(kind));
		if (e->id >= btf__type_cnt(m->base) && kind_by_name(kind) == BTF_KIND_FUNC)
			check_arguments(m, name, btf__type_by_id(m->btf, e->id));
	}
	m->entry_count++;
}

static void entries_load(struct module *m)
{
	GElf_Shdr sh;
	Elf_Scn *scn = section_find(m, ".symtab", &sh);
	Elf_Data *d = scn ? elf_getdata(scn, NULL) : NULL;
	size_t n = d ? sh.sh_size / sh.sh_entsize : 0;

	m->entries = calloc(n + 1, sizeof(*m->entries));
	if (!m->entries)
		fail("out of memory");
	for (size_t i = 0; i < n; i++) {
		const char *name;
		GElf_Sym sym;

		if (!gelf_getsym(d, i, &sym) || sym.st_shndx != m->ids_section)
			continue;
		name = elf_strptr(m->elf, sh.sh_link, sym.st_name);
		if (name && !strncmp(name, PREFIX, strlen(PREFIX)))
			entry_parse(m, name, &sym);
	}
	if (!m->entry_count)
		fail("%s has no symbols of .BTF_ids (was it stripped?)", m->path);
}

static int compare_ids(const void *a, const void *b)
{
	__u32 x = *(const __u32 *)a, y = *(const __u32 *)b;

	return x < y ? -1 : x > y;
}

static void resolve(struct module *m, __u32 *ids)
{
	for (size_t i = 0; i < m->entry_count; i++)
		if (!m->entries[i].step)
			ids[m->entries[i].word] = m->entries[i].id;

	for (size_t i = 0; i < m->entry_count; i++) {
		const struct entry *e = &m->entries[i];

		if (!e->step)
			continue;
		ids[e->word] = e->words / e->step - 1;
		qsort(ids + e->word + e->step, ids[e->word], e->step * sizeof(*ids), compare_ids);
	}
}

static void check(struct module *m, const __u32 *want)
{
	for (size_t i = 0; i < m->entry_count; i++) {
		const struct entry *e = &m->entries[i];

		if (!e->step)
			continue;
		/* Only ids and count: the flags of a set8 are sorted along with the ids */
		for (__u32 w = e->word; w < e->word + e->words; w += e->step)
			if (m->ids[w] != want[w])
				fail("%s has %u at place %u of its set \"%s\" in .BTF_ids, which should be %u",
				     m->path, m->ids[w], (w - e->word) / e->step, e->name, want[w]);
	}
	for (size_t i = 0; i < m->entry_count; i++) {
		const struct entry *e = &m->entries[i];
		bool in_set = false;

		for (size_t k = 0; k < m->entry_count; k++)
			in_set |= m->entries[k].step && e->word >= m->entries[k].word &&
				  e->word - m->entries[k].word < m->entries[k].words;
		if (!in_set && m->ids[e->word] != want[e->word])
			fail("%s has %u for \"%s\" in .BTF_ids, which should be %u", m->path,
			     m->ids[e->word], e->name, want[e->word]);
	}
}

static void require_unresolved(struct module *m)
{
	/*
	 * Sorting moved the flags of set8 pairs away from their symbols; a second run
	 * would give them to other functions.
	 */
	for (size_t i = 0; i < m->entry_count; i++)
		if (m->ids[m->entries[i].word])
			fail("%s has ids in .BTF_ids already", m->path);
}

static void usage(FILE *f)
{
	fputs("Usage: resolve-ids [-c] -b BTF MODULE\n"
	      "\n"
	      "  -b BTF  base BTF of the kernel: raw, or an ELF file\n"
	      "  -c      only check that MODULE has BTF and all its ids are right\n", f);
}

int main(int argc, char **argv)
{
	const char *base = NULL;
	struct module m = {};
	bool only_check = false;
	size_t size;
	__u32 *want;
	int opt;

	while ((opt = getopt(argc, argv, "b:ch")) != -1) {
		switch (opt) {
		case 'b':
			base = optarg;
			break;
		case 'c':
			only_check = true;
			break;
		case 'h':
			usage(stdout);
			return 0;
		default:
			usage(stderr);
			return 2;
		}
	}
	if (!base || optind != argc - 1) {
		usage(stderr);
		return 2;
	}

	libbpf_set_print(NULL);
	module_open(&m, argv[optind], base, !only_check);
	ids_load(&m);
	entries_load(&m);

	size = m.count * sizeof(__u32);
	want = malloc(size);
	if (!want)
		fail("out of memory");
	memcpy(want, m.ids, size);
	if (!only_check)
		require_unresolved(&m);
	resolve(&m, want);
	if (only_check)
		check(&m, want);
	else if (pwrite(m.fd, want, size, m.ids_offset) != (ssize_t)size)
		fail("%s cannot be written: %s", m.path, strerror(errno));
	return 0;
}
