/*
 * UUIDs of version 7, as RFC 9562 section 6.2 allows them to ascend: the 12
 * bits behind the milliseconds are the fraction of the millisecond (method
 * 3), and an id that would not be greater than the last one takes the next
 * value of those 60 bits.  The 62 bits of chance come from the kernel each
 * time, so that a forked child, which inherits the last value, makes others.
 */
#include "base/base.h"

#include "base/id.h"

#include "base/arena.h"
#include "base/log.h"
#include "base/when.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STAMP_BYTES 8

/* Milliseconds and fraction of the newest id.  It must be shared by the
 * threads of the process, or their ids would not ascend. */
static _Atomic uint64_t id_last;

static uint64_t stamp_next(void);
static int digit_value(char c);
static bool hyphen_before(size_t byte);

struct id
id_new(void)
{
	uint64_t stamp = stamp_next();
	struct id id;
	size_t i;

	/* RFC 9562, section 5.7: 48 bits, the version, 12 bits, the variant,
	 * and 62 bits of chance. */
	stamp = (stamp >> 12 << 16) | 0x7000 | (stamp & 0xfff);
	for (i = 0; i < STAMP_BYTES; i++)
		id.bytes[i] = (unsigned char)(stamp >> (56 - 8 * i) & 0xff);
	if (getentropy(id.bytes + STAMP_BYTES, ID_BYTES - STAMP_BYTES) != 0) {
		log_fault("no random bytes for an id: %m");
		abort();
	}
	id.bytes[STAMP_BYTES] = (id.bytes[STAMP_BYTES] & 0x3f) | 0x80;
	return id;
}

bool
id_is_none(const struct id *id)
{
	static const struct id none;

	return id_equal(id, &none);
}

bool
id_equal(const struct id *a, const struct id *b)
{
	return memcmp(a->bytes, b->bytes, ID_BYTES) == 0;
}

const char *
id_text(struct arena *arena, const struct id *id)
{
	char *text = arena_alloc(arena, ID_TEXT);

	id_write(id, text);
	return text;
}

void
id_write(const struct id *id, char text[ID_TEXT])
{
	static const char digits[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < ID_BYTES; i++) {
		if (hyphen_before(i))
			*text++ = '-';
		*text++ = digits[id->bytes[i] >> 4];
		*text++ = digits[id->bytes[i] & 0xf];
	}
	*text = '\0';
}

enum outcome
id_parse(const char *text, struct id *id)
{
	bool hyphens = strlen(text) == ID_TEXT - 1;
	struct id parsed;
	int high, low;
	size_t i;

	if (!hyphens && strlen(text) != 2 * ID_BYTES)
		return INVALID;
	for (i = 0; i < ID_BYTES; i++) {
		if (hyphens && hyphen_before(i) && *text++ != '-')
			return INVALID;
		high = digit_value(*text++);
		low = digit_value(*text++);
		if (high < 0 || low < 0)
			return INVALID;
		parsed.bytes[i] = (unsigned char)(high << 4 | low);
	}
	*id = parsed;
	return OK;
}

static uint64_t
stamp_next(void)
{
	uint64_t last = atomic_load(&id_last), now, stamp;

	now = (uint64_t)when_now();
	now = now / 1000 << 12 | now % 1000 * 4096 / 1000;
	do
		stamp = now > last ? now : last + 1;
	while (!atomic_compare_exchange_weak(&id_last, &last, stamp));
	return stamp;
}

static int
digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static bool
hyphen_before(size_t byte)
{
	return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}
