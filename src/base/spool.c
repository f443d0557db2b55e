#include "base/base.h"

#include "base/spool.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/log.h"
#include "base/text.h"
#include "base/when.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define NAME (ID_TEXT - 1)
#define NEW ".new"
#define FAILED ".failed"
#define LOCK ".lock"

/* --- The directory. */

enum outcome
spool_open(const char *directory, struct buf *why)
{
	if (mkdir(directory, 0700) != 0 && errno != EEXIST)
		buf_add_format(why,
		    "[api] spool: %s cannot be made: %s; make it, for the user"
		    " of parley-api alone",
		    directory, strerror(errno));
	else if (access(directory, R_OK | W_OK | X_OK) != 0)
		buf_add_format(why,
		    "[api] spool: %s: %s; it has to be a directory of the user"
		    " of parley-api",
		    directory, strerror(errno));
	else
		return OK;
	return INVALID;
}

static bool
is_waiting(const char *name)
{
	return name[0] != '.' && strlen(name) == NAME;
}

bool
spool_is_empty(const char *directory)
{
	DIR *stream = opendir(directory);
	const struct dirent *entry;

	if (stream == NULL)
		return true;
	do
		entry = readdir(stream);
	while (entry != NULL && !is_waiting(entry->d_name));
	(void)closedir(stream); /* nothing was written */
	return entry == NULL;
}

enum outcome
spool_count(const char *directory, struct spool_count *count, struct buf *why)
{
	DIR *stream = opendir(directory);
	const struct dirent *entry;

	*count = (struct spool_count){ 0 };
	if (stream == NULL) {
		buf_add_format(why, "%s: %s", directory, strerror(errno));
		return INVALID;
	}
	while ((entry = readdir(stream)) != NULL) {
		count->waiting += is_waiting(entry->d_name);
		count->failed += text_ends(entry->d_name, FAILED);
	}
	(void)closedir(stream); /* nothing was written */
	return OK;
}

/* --- In. */

/* Writes and closes it. */
static bool
fill(int file, const struct buf *head, const void *body, size_t length)
{
	FILE *stream = fdopen(file, "w");
	bool worked;

	if (stream == NULL) {
		(void)close(file); /* it failed already */
		return false;
	}
	worked =
	    fwrite(buf_text(head), 1, head->length, stream) == head->length &&
	    fwrite(body, 1, length, stream) == length && fflush(stream) == 0 &&
	    fsync(file) == 0;
	return fclose(stream) == 0 && worked;
}

/* A rename is on disk when the directory is. */
static bool
write_file(
    int directory, const struct buf *head, const void *body, size_t length)
{
	const struct id id = id_new();
	char name[ID_TEXT], new[ID_TEXT + sizeof(NEW)];
	int file;

	id_write(&id, name);
	(void)snprintf(new, sizeof(new), "%s" NEW, name);
	file = openat(
	    directory, new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (file < 0)
		return false;
	if (fill(file, head, body, length) &&
	    renameat(directory, new, directory, name) == 0)
		return fsync(directory) == 0;
	(void)unlinkat(directory, new, 0); /* it failed already */
	return false;
}

/* Root may write where nobody else may: f_bavail is what we have. */
static bool
has_room(int directory, size_t length)
{
	struct statvfs disk;
	double left;

	if (fstatvfs(directory, &disk) != 0)
		return true;
	left = (double)disk.f_bavail * (double)disk.f_frsize - (double)length;
	return left * 100 >=
	       SPOOL_FREE * (double)disk.f_blocks * (double)disk.f_frsize;
}

enum outcome
spool_put(const char *directory, const struct buf *head, const void *body,
    size_t length)
{
	int handle = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	enum outcome rc = FAULT;

	if (handle >= 0 && !has_room(handle, head->length + length)) {
		log_fault("the disk of the spool %s is as full as it may be:"
			  " %d percent stay free",
		    directory, SPOOL_FREE);
		rc = LIMITED;
	} else if (handle >= 0 && write_file(handle, head, body, length))
		rc = OK;
	else
		log_fault("the spool %s takes nothing: %s", directory,
		    strerror(errno));
	if (handle >= 0)
		(void)close(handle); /* it was synced */
	return rc;
}

/* --- Out. */

/* NULL: it cannot be read, which errno tells.  A NUL follows the end. */
static char *
read_file(int directory, const char *name, struct arena *arena, size_t *length)
{
	int file = openat(directory, name, O_RDONLY | O_CLOEXEC);
	FILE *stream = file >= 0 ? fdopen(file, "r") : NULL;
	struct stat status;
	char *bytes = NULL;

	if (stream == NULL)
		return NULL;
	errno = EFBIG;
	if (fstat(file, &status) == 0 && status.st_size <= (off_t)SPOOL_MOST) {
		bytes = arena_alloc(arena, (size_t)status.st_size + 1);
		*length = fread(bytes, 1, (size_t)status.st_size, stream);
		bytes[*length] = '\0';
	}
	(void)fclose(stream); /* nothing was written */
	return bytes;
}

static void
set_aside(int directory, struct arena *arena, const char *name)
{
	const char *aside = arena_format(arena, "%s" FAILED, name);

	log_fault("%s of the spool is set aside as %s", name, aside);
	if (renameat(directory, name, directory, aside) != 0)
		log_fault("%s cannot be renamed: %s", name, strerror(errno));
}

static enum outcome
take_one(int directory, const char *name, spool_taker *take, void *context)
{
	struct arena *arena = arena_new();
	size_t length;
	char *bytes = read_file(directory, name, arena, &length);
	enum outcome rc = FAULT;

	if (bytes == NULL)
		log_fault("%s of the spool: %s", name, strerror(errno));
	else
		rc = take(context, arena, bytes, length);
	if (rc != OK && rc != AGAIN)
		set_aside(directory, arena, name);
	if (rc == OK && unlinkat(directory, name, 0) != 0) {
		log_fault("%s of the spool cannot be removed: %s", name,
		    strerror(errno));
		rc = AGAIN;
	}
	arena_free(arena);
	return rc == AGAIN ? AGAIN : OK;
}

static int
compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names of those that wait, in order. */
static const char **
list(const char *directory, struct arena *arena, size_t *count)
{
	DIR *stream = opendir(directory);
	const struct dirent *entry;
	const char **names = NULL, **more;
	size_t room = 0;

	*count = 0;
	while (stream != NULL && (entry = readdir(stream)) != NULL) {
		if (!is_waiting(entry->d_name))
			continue;
		if (*count == room) {
			room = room > 0 ? 2 * room : 64;
			more = arena_alloc(arena, room * sizeof(*more));
			if (*count > 0)
				memcpy(more, names, *count * sizeof(*more));
			names = more;
		}
		names[(*count)++] = arena_text(arena, entry->d_name);
	}
	if (stream != NULL)
		(void)closedir(stream); /* nothing was written */
	if (*count > 0)
		qsort(names, *count, sizeof(*names), compare);
	return names;
}

/* Those that were there when it began. */
static enum outcome
take_these(const char *path, int directory, int64_t end, spool_taker *take,
    void *context, size_t *count)
{
	struct arena *arena = arena_new();
	const char **names = list(path, arena, count);
	enum outcome rc = OK;
	size_t i;

	for (i = 0; rc == OK && i < *count; i++)
		rc = when_elapsed() < end
			 ? take_one(directory, names[i], take, context)
			 : LIMITED;
	arena_free(arena);
	return rc;
}

enum outcome
spool_take(
    const char *directory, int64_t patience, spool_taker *take, void *context)
{
	int64_t end = when_elapsed() + patience;
	int handle = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int lock = handle < 0 ? -1
			      : openat(handle, LOCK,
				    O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	size_t count = 1;
	enum outcome rc = OK;

	if (lock < 0 || flock(lock, LOCK_EX | LOCK_NB) != 0)
		rc = AGAIN;
	while (rc == OK && count > 0)
		rc = take_these(directory, handle, end, take, context, &count);
	if (lock >= 0)
		(void)close(lock); /* nothing was written */
	if (handle >= 0)
		(void)close(handle); /* nothing was written */
	return rc;
}
