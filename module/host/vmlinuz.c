// SPDX-License-Identifier: GPL-2.0
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sentence.h"
#include "vmlinuz.h"

/* The setup header, see Documentation/arch/x86/boot.rst; offsets from the image's start */
#define SETUP_SECTS	0x1f1
#define BOOT_FLAG	0x1fe
#define HEADER_MAGIC	0x202
#define BOOT_VERSION	0x206
#define KERNEL_VERSION	0x20e
#define PAYLOAD_OFFSET	0x248
#define PAYLOAD_LENGTH	0x24c
#define HEADER_END	0x250

#define BOOT_VERSION_PAYLOAD 0x0208	/* the first with the payload fields */

static const struct packer {
	const char *magic;
	size_t magic_len;
	const char *tool;
	const char *package;
} packers[] = {
	{ "\x1f\x8b", 2, "gzip", "gzip" },
	{ "\xfd" "7zXZ", 5, "xz", "xz-utils" },
	{ "\x28\xb5\x2f\xfd", 4, "zstd", "zstd" },
	{ "\x02\x21\x4c\x18", 4, "lz4", "lz4" },
};

static uint32_t le(const unsigned char *p, int bytes)
{
	uint32_t v = 0;

	while (bytes--)
		v = v << 8 | p[bytes];
	return v;
}

static unsigned char *read_file(const char *path, size_t *len)
{
	unsigned char *data;
	struct stat st;
	FILE *f;

	f = fopen(path, "r");
	if (!f || fstat(fileno(f), &st))
		fail("%s cannot be read: %s", path, strerror(errno));
	*len = st.st_size;
	data = malloc(*len + 1);
	if (!data)
		fail("%s does not fit into memory", path);
	if (fread(data, 1, *len, f) != *len)
		fail("%s cannot be read whole", path);
	fclose(f);
	return data;
}

static const struct packer *packer_of(const unsigned char *data, size_t len)
{
	for (size_t i = 0; i < sizeof(packers) / sizeof(packers[0]); i++)
		if (len > packers[i].magic_len &&
		    !memcmp(data, packers[i].magic, packers[i].magic_len))
			return &packers[i];
	return NULL;
}

static void run(const struct packer *p, FILE *in, const char *path, const char *out)
{
	int fd, status;
	pid_t pid;

	fd = open(out, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (fd < 0)
		fail("%s cannot be written: %s", out, strerror(errno));

	pid = fork();
	if (!pid) {
		int null = open("/dev/null", O_WRONLY);

		dup2(fileno(in), STDIN_FILENO);
		dup2(fd, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
		execlp(p->tool, p->tool, "-dc", NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		fail("%s cannot be run: %s", p->tool, strerror(errno));
	close(fd);
	/*
	 * Another failure is not one yet: the payload ends in four bytes that tell its
	 * unpacked size, which most of the tools complain about after they did their job.
	 */
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		fail("%s is needed to unpack %s (package %s)", p->tool, path, p->package);
}

static void check_elf(const char *path, const char *out, const char *tool)
{
	Elf64_Ehdr eh = {};
	struct stat st;
	int fd = open(out, O_RDONLY);
	uint64_t end;

	if (fd < 0 || fstat(fd, &st) || read(fd, &eh, sizeof(eh)) != sizeof(eh) ||
	    memcmp(eh.e_ident, ELFMAG, SELFMAG))
		fail("%s does not unpack to a kernel (with %s)", path, tool);
	close(fd);
	/* The section headers come last: if they are there, so is all the rest */
	end = eh.e_shoff + (uint64_t)eh.e_shnum * eh.e_shentsize;
	if (!eh.e_shoff || end > (uint64_t)st.st_size)
		fail("%s is damaged: it unpacks (with %s) to %lld bytes of %llu", path, tool,
		     (long long)st.st_size, (unsigned long long)end);
}

static void copy_version(const unsigned char *data, size_t len, char *version, size_t size)
{
	size_t at = le(data + KERNEL_VERSION, 2) + 0x200;
	size_t n = 0;

	while (at < len && data[at] > ' ' && n + 1 < size)
		version[n++] = data[at++];
	version[n] = '\0';
}

void vmlinuz_unpack(const char *path, const char *out, char *version, size_t size)
{
	const struct packer *packer;
	unsigned char *data;
	size_t len, start, payload;
	FILE *in;

	data = read_file(path, &len);
	if (len < HEADER_END || le(data + BOOT_FLAG, 2) != 0xaa55 ||
	    memcmp(data + HEADER_MAGIC, "HdrS", 4) ||
	    le(data + BOOT_VERSION, 2) < BOOT_VERSION_PAYLOAD)
		fail("%s is neither BTF nor an ELF file nor an x86 kernel image", path);
	copy_version(data, len, version, size);

	start = ((data[SETUP_SECTS] ? data[SETUP_SECTS] : 4) + 1) * 512 +
		(size_t)le(data + PAYLOAD_OFFSET, 4);
	payload = le(data + PAYLOAD_LENGTH, 4);
	if (start > len || payload > len - start)
		fail("%s is damaged: its kernel reaches past its end", path);

	packer = packer_of(data + start, payload);
	if (!packer)
		fail("%s is packed in a way that is not known here (known: gzip, xz, zstd, lz4)",
		     path);

	in = tmpfile();
	if (!in || fwrite(data + start, 1, payload, in) != payload || fflush(in))
		fail("a temporary copy of %s cannot be written: %s", path, strerror(errno));
	rewind(in);
	free(data);
	run(packer, in, path, out);
	fclose(in);
	check_elf(path, out, packer->tool);
}
