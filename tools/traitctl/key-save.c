// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "key.h"
#include "key-words.h"

static const char help[] =
	"Usage: traitctl key save [ FILE ]\n"
	"\n"
	"Writes all keys to FILE, or to standard output, for \"traitctl key apply\"; see\n"
	"traits-keys(5). A file that is there is replaced as a whole, or stays as it is.\n";

static int write_keys(FILE *to, const struct traits_key *key, int n)
{
	errno = 0;
	fputs("# Keys of traits, as \"traitctl key save\" wrote them; see traits-keys(5).\n", to);
	for (; n; n--, key++) {
		key_write_add(to, key);
		putc('\n', to);
	}
	if (fflush(to) || ferror(to))
		return errno ? -errno : -EIO;
	return 0;
}

/* Where there is a file it keeps its mode; its owner is who saves. */
static mode_t mode_of(const char *path)
{
	struct stat st;
	mode_t mask;

	if (!stat(path, &st))
		return st.st_mode & 0777;
	mask = umask(0);
	umask(mask);
	return 0666 & ~mask;
}

static int write_file(int fd, const char *path, const struct traits_key *key, int n)
{
	FILE *to = fdopen(fd, "w");
	int err;

	if (!to) {
		err = -errno;
		close(fd);
		return err;
	}
	err = write_keys(to, key, n);
	if (!err && (fchmod(fd, mode_of(path)) || fsync(fd)))
		err = -errno;
	/* A file system may tell only now that it is full. */
	if (fclose(to) && !err)
		err = -errno;
	return err;
}

/* Without it the rename may be forgotten when power fails. */
static int sync_directory(const char *path)
{
	char copy[PATH_MAX];
	int fd, err = 0;

	strcpy(copy, path);
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	/* Some file systems cannot, and need not. */
	if (fsync(fd) && errno != EINVAL)
		err = -errno;
	close(fd);
	return err;
}

static int replace(const char *path, const struct traits_key *key, int n)
{
	char temporary[PATH_MAX];
	int fd, err;

	if (snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path) >= PATH_MAX)
		return -ENAMETOOLONG;
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return -errno;
	err = write_file(fd, path, key, n);
	if (!err && rename(temporary, path))
		err = -errno;
	if (err) {
		unlink(temporary);
		return err;
	}
	return sync_directory(path);
}

static int save(const char *path, const struct traits_key *key, int n)
{
	char real[PATH_MAX];
	struct stat st;
	int err;

	/* A link stays one, and what it leads to is replaced. */
	if (!realpath(path, real)) {
		if (errno != ENOENT || strlen(path) >= PATH_MAX)
			return refused("%s: %s", path, strerror(errno));
		strcpy(real, path);
	} else if (!stat(real, &st) && !S_ISREG(st.st_mode)) {
		return refused("%s: not a regular file", path);
	}
	err = replace(real, key, n);
	return err ? refused("%s: %s", path, strerror(-err)) : EXIT_OK;
}

int key_save(int argc, char **argv)
{
	struct traits_key keys[TRAITS_KEYS_MAX];
	struct traits *t;
	int n, code = EXIT_OK;

	if (wants_help(argc, argv))
		return show_help(help);
	if (argc > 1)
		return bad_usage("unknown argument \"%s\" behind the file", argv[1]);

	t = connect_or_complain();
	if (!t)
		return EXIT_REFUSED;
	n = traits_key_dump(t, keys);
	if (n < 0)
		code = refused("%s", traits_error(t));
	else if (argc)
		code = save(argv[0], keys, n);
	else
		write_keys(stdout, keys, n);
	traits_close(t);
	return code;
}
