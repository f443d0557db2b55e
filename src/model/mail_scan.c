#include "base/base.h"

#include "model/mail_scan.h"

#include "base/arena.h"
#include "base/text.h"

#include <string.h>
#include <strings.h>

#define VALUE_MOST 4096

/* Behind the line that begins at `at`. */
static const char *
line_end(const char *at, const char *end)
{
	const char *feed = memchr(at, '\n', (size_t)(end - at));

	return feed != NULL ? feed + 1 : end;
}

static bool
is_folded(const char *at, const char *end)
{
	return at < end && (*at == ' ' || *at == '\t');
}

/* The value between these two, its line ends gone. */
static const char *
unfold(struct arena *arena, const char *at, const char *end)
{
	char *value = arena_alloc(arena, (size_t)(end - at) + 1);
	size_t length = 0;

	for (; at < end; at++)
		if (*at != '\r' && *at != '\n')
			value[length++] = *at;
	return text_is_clean(value, length) ? text_trim(arena, value) : NULL;
}

const char *
mail_scan_header(
    struct arena *arena, const char *bytes, size_t length, const char *name)
{
	const char *end = bytes + length, *at = bytes, *next;
	size_t size = strlen(name);

	if (length > MAIL_HEAD_MOST)
		end = bytes + MAIL_HEAD_MOST;
	for (; at < end && *at != '\n' && *at != '\r'; at = next) {
		next = line_end(at, end);
		while (is_folded(next, end))
			next = line_end(next, end);
		if ((size_t)(next - at) <= size || at[size] != ':' ||
		    strncasecmp(at, name, size) != 0)
			continue;
		if (next - at > VALUE_MOST)
			return NULL;
		return unfold(arena, at + size + 1, next);
	}
	return NULL;
}

/* A header that makes a part hold others. */
static bool
holds_others(const char *at, const char *end)
{
	static const char name[] = "content-type:";
	size_t length = strlen(name);

	if ((size_t)(end - at) <= length || strncasecmp(at, name, length) != 0)
		return false;
	for (at += length; at < end && strchr(" \t\r\n", *at) != NULL; at++)
		;
	return ((size_t)(end - at) > 10 &&
		   strncasecmp(at, "multipart/", 10) == 0) ||
	       ((size_t)(end - at) > 8 && strncasecmp(at, "message/", 8) == 0);
}

size_t
mail_scan_bound(const char *bytes, size_t length)
{
	const char *end = bytes + length, *at = bytes, *next;
	size_t parts = 0, levels = 0;
	bool in_head = true;

	for (; at < end; at = next) {
		next = line_end(at, end);
		if (*at == '\n' || *at == '\r')
			in_head = false;
		if (in_head && next - bytes > MAIL_HEAD_MOST)
			break;
		parts += end - at > 1 && at[0] == '-' && at[1] == '-';
		levels += holds_others(at, end);
		if (parts > MAIL_PARTS_MOST || levels > MAIL_LEVELS_MOST)
			break;
	}
	return (size_t)(at - bytes);
}

void
mail_scan_id_digest(const char *message_id, unsigned char digest[SECRET_DIGEST])
{
	secret_digest(message_id, strlen(message_id), digest);
}

const char *
mail_scan_local(struct arena *arena, const char *message_id)
{
	return arena_copy(arena, message_id, strcspn(message_id, "@"));
}

void
mail_scan_digest(struct arena *arena, const char *recipient,
    const char *message_id, const char *bytes, size_t length,
    unsigned char digest[SECRET_DIGEST])
{
	unsigned char of[SECRET_DIGEST];
	const char *both;

	if (message_id != NULL)
		secret_digest(message_id, strlen(message_id), of);
	else
		secret_digest(bytes, length, of);
	both = arena_format(arena, "%s %s", secret_hex(arena, of, sizeof(of)),
	    recipient != NULL ? recipient : "");
	secret_digest(both, strlen(both), digest);
}
