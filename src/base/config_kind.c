/*
 * One predicate for each kind, and the words for what it wants.
 */
#include "base/base.h"

#include "base/config_kind.h"

#include "base/arena.h"
#include "base/text.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <string.h>

#define ADDRESS_MAX 64 /* more than any address with its prefix length */

static bool
is_filled(const char *value)
{
	return *value != '\0';
}

static bool
is_path(const char *value)
{
	return value[0] == '/';
}

static bool
is_mode(const char *value)
{
	size_t length = strlen(value);

	return strspn(value, "01234567") == length &&
	       (length == 3 || (length == 4 && value[0] == '0'));
}

static bool
is_url(const char *value)
{
	if (text_starts(value, "http://"))
		value += strlen("http://");
	else if (text_starts(value, "https://"))
		value += strlen("https://");
	else
		return false;
	if (strchr("/:", *value) != NULL) /* the host is missing */
		return false;
	for (; *value != '\0'; value++)
		if (*value <= ' ' || *value > '~' ||
		    strchr("?#\"<>\\", *value) != NULL)
			return false;
	return true;
}

/* An address, or a network as RFC 4632 and RFC 4291 write it. */
static bool
is_network(const char *text, size_t length)
{
	char address[ADDRESS_MAX];
	unsigned char bytes[sizeof(struct in6_addr)];
	int64_t bits = 0;
	char *slash;

	if (length >= sizeof(address))
		return false;
	memcpy(address, text, length);
	address[length] = '\0';
	slash = strchr(address, '/');
	if (slash != NULL) {
		*slash = '\0';
		if (text_to_integer(slash + 1, &bits) || bits < 0)
			return false;
	}
	if (inet_pton(AF_INET, address, bytes) == 1)
		return bits <= 32;
	return inet_pton(AF_INET6, address, bytes) == 1 && bits <= 128;
}

static bool
is_networks(const char *value)
{
	size_t length;
	const char *end;

	do {
		value += strspn(value, " \t");
		length = strcspn(value, ", \t");
		if (!is_network(value, length))
			return false;
		end = value + length + strspn(value + length, " \t");
		value = end + 1;
	} while (*end == ',');
	return *end == '\0';
}

/* clang-format off */
static const struct {
	bool (*fits)(const char *value);
	const char *right; /* must be ... */
} kinds[] = {
	[TEXT]     = { is_filled,   "a text that is not empty" },
	[SECRET]   = { is_filled,   "a text that is not empty" },
	[PATH]     = { is_path,     "an absolute path" },
	[INTEGER]  = { NULL,        NULL }, /* the key knows its limits */
	[MODE]     = { is_mode,     "octal permissions such as 0660" },
	[URL]      = { is_url,      "an http:// or https:// address without "
	                            "? and #" },
	[NETWORKS] = { is_networks, "IPv4 and IPv6 addresses or networks such "
	                            "as 10.1.2.0/24, with commas between" },
};
/* clang-format on */
static_assert(COUNT(kinds) == CONFIG_KIND_N, "every kind has a row");

bool
config_kind_fits(
    enum config_kind kind, int64_t least, int64_t most, const char *value)
{
	int64_t number;

	if (kind != INTEGER)
		return kinds[kind].fits(value);
	return text_to_integer(value, &number) == OK && number >= least &&
	       number <= most;
}

const char *
config_kind_right(
    struct arena *arena, enum config_kind kind, int64_t least, int64_t most)
{
	if (kind != INTEGER)
		return kinds[kind].right;
	if (most == INT64_MAX)
		return arena_format(
		    arena, "an integer of at least %" PRId64, least);
	return arena_format(
	    arena, "an integer from %" PRId64 " to %" PRId64, least, most);
}
