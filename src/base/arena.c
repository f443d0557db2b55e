/*
 * Blocks in a list.  The head of the list is the one that small allocations
 * are cut from; a large allocation gets a block of its own, which is put
 * behind the head, so that the rest of the head stays in use.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/log.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#	define ARENA_SEPARATE true
#elif defined(__has_feature)
#	if __has_feature(address_sanitizer)
#		define ARENA_SEPARATE true
#	endif
#endif
#ifndef ARENA_SEPARATE
#	define ARENA_SEPARATE false
#endif

/* Thousands of turns may wait for a model, each with a block that is not
 * full. */
#define BLOCK_SIZE ((size_t)4 * 1024)
#define LARGE (BLOCK_SIZE / 4) /* so at most a quarter of a block is lost */

struct block {
	struct block *next;
	size_t used, room;
	alignas(max_align_t) unsigned char data[];
};

struct deferred {
	struct deferred *next;
	void (*release)(void *);
	void *thing;
};

struct arena {
	struct block *first; /* the one that arena_clear keeps */
	struct block *head;
	struct deferred *deferred;
};

static void *memory_new(size_t size);
static struct block *block_new(size_t room);
static void *block_take(struct block *block, size_t size);

struct arena *
arena_new(void)
{
	struct arena *arena = memory_new(sizeof(*arena));

	arena->first = block_new(BLOCK_SIZE);
	arena->head = arena->first;
	arena->deferred = NULL;
	return arena;
}

void
arena_clear(struct arena *arena)
{
	struct deferred *deferred;
	struct block *block, *next;

	/* All are run before anything is freed: they lie in the blocks, and
	 * what they release may point there too. */
	while (arena->deferred != NULL) {
		deferred = arena->deferred;
		arena->deferred = deferred->next;
		deferred->release(deferred->thing);
	}
	for (block = arena->head; block != NULL; block = next) {
		next = block->next;
		if (block != arena->first)
			free(block);
	}
	arena->first->used = 0;
	arena->first->next = NULL;
	arena->head = arena->first;
}

void
arena_free(struct arena *arena)
{
	if (arena == NULL)
		return;
	arena_clear(arena);
	free(arena->first);
	free(arena);
}

void *
arena_alloc(struct arena *arena, size_t size)
{
	struct block *block;

	if (ARENA_SEPARATE || size > LARGE) {
		block = block_new(size);
		block->next = arena->head->next;
		arena->head->next = block;
		return block_take(block, size);
	}
	if (size > arena->head->room - arena->head->used) {
		block = block_new(BLOCK_SIZE);
		block->next = arena->head;
		arena->head = block;
	}
	return block_take(arena->head, size);
}

char *
arena_copy(struct arena *arena, const void *bytes, size_t length)
{
	char *copy;

	assert(length < SIZE_MAX);
	copy = arena_alloc(arena, length + 1);
	if (length > 0)
		memcpy(copy, bytes, length);
	return copy;
}

char *
arena_text(struct arena *arena, const char *text)
{
	return text != NULL ? arena_copy(arena, text, strlen(text)) : NULL;
}

char *
arena_format(struct arena *arena, const char *format, ...)
{
	va_list values;
	char *text;

	va_start(values, format);
	text = arena_format_values(arena, format, values);
	va_end(values);
	return text;
}

char *
arena_format_values(struct arena *arena, const char *format, va_list values)
{
	va_list again;
	char *text;
	int length;

	va_copy(again, values);
	length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	assert(length >= 0);
	text = arena_alloc(arena, (size_t)length + 1);
	length = vsnprintf(text, (size_t)length + 1, format, values);
	assert(length >= 0);
	return text;
}

void
arena_defer(struct arena *arena, void (*release)(void *), void *thing)
{
	struct deferred *deferred = arena_alloc(arena, sizeof(*deferred));

	deferred->release = release;
	deferred->thing = thing;
	deferred->next = arena->deferred;
	arena->deferred = deferred;
}

static void *
memory_new(size_t size)
{
	void *memory = malloc(size);

	if (memory == NULL) {
		log_fault("out of memory: %zu bytes wanted", size);
		abort();
	}
	return memory;
}

static struct block *
block_new(size_t room)
{
	struct block *block;

	/* A size that would wrap cannot be had: let malloc say so. */
	if (room > SIZE_MAX - sizeof(*block))
		room = SIZE_MAX - sizeof(*block);
	block = memory_new(sizeof(*block) + room);
	block->next = NULL;
	block->used = 0;
	block->room = room;
	return block;
}

/* Zeros are written here and not for the block, most of which is seldom
 * used. */
static void *
block_take(struct block *block, size_t size)
{
	void *memory = block->data + block->used;
	size_t align = alignof(max_align_t);
	size_t rounded = (size + align - 1) / align * align;

	/* Rounded up for the next one, except where the block ends. */
	if (rounded > block->room - block->used)
		rounded = block->room - block->used;
	block->used += rounded;
	return memset(memory, 0, size);
}
