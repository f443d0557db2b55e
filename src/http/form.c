#include "base/base.h"

#include "http/form.h"

#include "base/arena.h"
#include "base/text.h"
#include "http/request.h"

#include <string.h>
#include <strings.h>

#define BOUNDARY_MOST 70 /* RFC 2046, section 5.1.1 */
#define URLENCODED "application/x-www-form-urlencoded"
#define MULTIPART "multipart/form-data"

struct reading {
	struct arena *arena;
	struct form_part *parts;
	size_t count;
};

static struct form_part *
add_part(struct reading *reading)
{
	if (reading->count == FORM_PARTS_MOST)
		return NULL;
	return &reading->parts[reading->count++];
}

/* Of `; name="value"` or `; name=value` in a header's value; NULL: it is not
 * there. */
static const char *
parameter(struct arena *arena, const char *value, const char *name)
{
	size_t length = strlen(name), size;

	while ((value = strchr(value, ';')) != NULL) {
		value += 1 + strspn(value + 1, " \t");
		if (strncasecmp(value, name, length) != 0 ||
		    value[length] != '=')
			continue;
		value += length + 1;
		if (*value == '"') {
			size = strcspn(++value, "\"");
			return value[size] == '"'
				   ? arena_copy(arena, value, size)
				   : NULL;
		}
		return arena_copy(arena, value, strcspn(value, "; \t"));
	}
	return NULL;
}

/* --- Percent-encoded. */

static enum outcome
read_pair(struct reading *reading, const char *at, const char *end)
{
	const char *equals = memchr(at, '=', (size_t)(end - at));
	struct form_part *part = add_part(reading);
	const char *value;

	if (part == NULL)
		return LIMITED;
	if (equals == NULL)
		equals = end;
	if (request_decode(reading->arena, at, (size_t)(equals - at), true,
		&part->name) != OK)
		return INVALID;
	value = equals < end ? equals + 1 : end;
	return request_decode_bytes(reading->arena, value,
	    (size_t)(end - value), true, &part->bytes, &part->length);
}

static enum outcome
read_pairs(struct reading *reading, const char *body, size_t length)
{
	const char *end = body + length, *at = body, *next;
	enum outcome rc = OK;

	for (; rc == OK && at < end; at = next + 1) {
		next = memchr(at, '&', (size_t)(end - at));
		if (next == NULL)
			next = end;
		if (next > at)
			rc = read_pair(reading, at, next);
	}
	return rc;
}

/* --- In parts. */

/* One header of a part, into it. */
static enum outcome
read_header(struct reading *reading, struct form_part *part, const char *at,
    size_t length)
{
	static const char disposition[] = "content-disposition:";
	static const char type[] = "content-type:";
	const char *line = arena_copy(reading->arena, at, length), *value;

	if (!text_is_clean(line, length) || strpbrk(line, "\r\n") != NULL)
		return INVALID;
	if (text_starts_nocase(line, type)) {
		part->type = text_trim(reading->arena, line + strlen(type));
		return OK;
	}
	if (!text_starts_nocase(line, disposition))
		return OK;
	value = text_trim(reading->arena, line + strlen(disposition));
	if (!request_value_is(value, "form-data"))
		return INVALID;
	part->name = parameter(reading->arena, value, "name");
	part->filename = parameter(reading->arena, value, "filename");
	return OK;
}

/* The headers up to the empty line; what follows it is *body. */
static enum outcome
read_head(struct reading *reading, struct form_part *part, const char *at,
    const char *end, const char **body)
{
	const char *stop =
	    end - at > FORM_HEAD_MOST ? at + FORM_HEAD_MOST : end;
	const char *next;
	enum outcome rc = OK;

	for (; rc == OK; at = next + 2) {
		next = memmem(at, (size_t)(stop - at), "\r\n", 2);
		if (next == NULL)
			return stop == end ? INVALID : LIMITED;
		if (next == at)
			break;
		rc = read_header(reading, part, at, (size_t)(next - at));
	}
	*body = at + 2;
	return rc == OK && part->name == NULL ? INVALID : rc;
}

/* Behind a delimiter: whether it was the last, or where the part begins. */
static enum outcome
pass_delimiter(const char **at, const char *end, bool *last)
{
	*last = end - *at >= 2 && memcmp(*at, "--", 2) == 0;
	if (*last)
		return OK;
	while (*at < end && (**at == ' ' || **at == '\t'))
		++*at;
	if (end - *at < 2 || memcmp(*at, "\r\n", 2) != 0)
		return INVALID;
	*at += 2;
	return OK;
}

static enum outcome
read_parts(struct reading *reading, const char *boundary, const char *body,
    size_t length)
{
	const char *mark = arena_format(reading->arena, "\r\n--%s", boundary);
	const char *end = body + length, *at = body, *next;
	size_t size = strlen(mark);
	struct form_part *part;
	bool last = false;
	enum outcome rc;

	/* The first delimiter may be the beginning of the body. */
	if (length >= size - 2 && memcmp(body, mark + 2, size - 2) == 0)
		at = body + size - 2;
	else if ((next = memmem(body, length, mark, size)) != NULL)
		at = next + size;
	else
		return INVALID;
	for (rc = pass_delimiter(&at, end, &last); rc == OK && !last;
	     rc = pass_delimiter(&at, end, &last)) {
		part = add_part(reading);
		if (part == NULL)
			return LIMITED;
		rc = read_head(reading, part, at, end, &part->bytes);
		if (rc != OK)
			return rc;
		/* The line end before a delimiter is its own; that of the
		 * head serves where the part is empty. */
		at = part->bytes - 2;
		next = memmem(at, (size_t)(end - at), mark, size);
		if (next == NULL)
			return INVALID;
		part->length =
		    next > part->bytes ? (size_t)(next - part->bytes) : 0;
		at = next + size;
	}
	return rc;
}

static bool
is_boundary(const char *text)
{
	size_t length = text != NULL ? strlen(text) : 0;

	return length > 0 && length <= BOUNDARY_MOST;
}

enum outcome
form_read(struct arena *arena, const char *content_type, const char *body,
    size_t length, struct form *form)
{
	struct reading reading = { .arena = arena };
	const char *boundary;
	enum outcome rc = INVALID;

	if (content_type == NULL)
		return INVALID;
	reading.parts =
	    arena_alloc(arena, FORM_PARTS_MOST * sizeof(*reading.parts));
	if (request_value_is(content_type, URLENCODED))
		rc = read_pairs(&reading, body, length);
	else if (request_value_is(content_type, MULTIPART)) {
		boundary = parameter(arena, content_type, "boundary");
		if (is_boundary(boundary))
			rc = read_parts(&reading, boundary, body, length);
	}
	if (rc == OK)
		*form = (struct form){ reading.parts, reading.count };
	return rc;
}

const struct form_part *
form_find(const struct form *form, const char *name)
{
	size_t i;

	for (i = 0; i < form->count; i++)
		if (text_equal(form->parts[i].name, name))
			return &form->parts[i];
	return NULL;
}

const char *
form_text(struct arena *arena, const struct form *form, const char *name)
{
	const struct form_part *part = form_find(form, name);

	if (part == NULL || !text_is_clean(part->bytes, part->length))
		return NULL;
	return arena_copy(arena, part->bytes, part->length);
}
