/*
 * A zone is a file in TZif (RFC 8536, section 3) whose path is its name.
 */
#include "base/base.h"

#include "model/zone.h"

#include "base/text.h"
#include "model/field.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define ZONES "/usr/share/zoneinfo"
#define NAME_MOST 64 /* bytes; the longest name has 32 */
#define MAGIC "TZif"
#define FILE_MOST 16384 /* bytes; the longest has 4 KiB */

static bool is_name(const char *name);
static bool is_zone(int zones, const char *name);
static size_t read_all(int file, char *bytes, size_t most);

/* Files of the same form that are not zones by IANA's names: settings of
 * this host, and the zones once more, with leap seconds and without. */
static const char *const others[] = {
	"localtime",
	"posix/",
	"posixrules",
	"right/",
};

bool
zone_exists(const char *name)
{
	int zones;
	bool exists;

	if (!is_name(name))
		return false;
	zones = open(ZONES, O_PATH | O_DIRECTORY | O_CLOEXEC);
	/* A host without the data still knows what UTC is. */
	if (zones == -1)
		return errno == ENOENT && text_equal(name, "UTC");
	exists = is_zone(zones, name);
	(void)close(zones); /* nothing was written */
	return exists;
}

int64_t
zone_offset(const char *name, int64_t when)
{
	char bytes[FILE_MOST + 1];
	int zones, file;
	size_t length;

	if (!is_name(name))
		return 0;
	zones = open(ZONES, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (zones == -1)
		return 0;
	file = openat(zones, name, O_RDONLY | O_NOCTTY | O_CLOEXEC);
	(void)close(zones); /* nothing was written */
	if (file == -1)
		return 0;
	length = read_all(file, bytes, FILE_MOST);
	(void)close(file); /* nothing was written */
	bytes[length] = '\0';
	return zone_offset_in(bytes, length, when);
}

/* No point is allowed, so neither "." nor ".." can be a part. */
static bool
is_name(const char *name)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz"
				      "0123456789_+-/";
	size_t length = strnlen(name, NAME_MOST + 1), i;

	if (length == 0 || length > NAME_MOST ||
	    strspn(name, allowed) != length)
		return false;
	if (name[0] == '/' || name[length - 1] == '/' ||
	    strstr(name, "//") != NULL)
		return false;
	for (i = 0; i < COUNT(others); i++)
		if (text_starts(name, others[i]))
			return false;
	return true;
}

static bool
is_zone(int zones, const char *name)
{
	char start[sizeof(MAGIC) - 1];
	int file = openat(zones, name, O_RDONLY | O_NOCTTY | O_CLOEXEC);
	bool right;

	if (file == -1)
		return false;
	right = read(file, start, sizeof(start)) == (ssize_t)sizeof(start) &&
		memcmp(start, MAGIC, sizeof(start)) == 0;
	(void)close(file); /* nothing was written */
	return right;
}

/* How much was read. */
static size_t
read_all(int file, char *bytes, size_t most)
{
	size_t length = 0;
	ssize_t some;

	do {
		some = read(file, bytes + length, most - length);
		length += some > 0 ? (size_t)some : 0;
	} while (some > 0 && length < most);
	return length;
}

const struct text_rule zone_rule = { zone_exists,
	"the name of an IANA time zone, such as Europe/Berlin" };
