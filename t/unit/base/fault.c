/*
 * Collecting faults.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/fault.h"

#include "tap.h"

static const struct reason bad = { "BAD", 422 };
static const struct reason worse = { "WORSE", 400 };

int
main(void)
{
	struct arena *arena = arena_new();
	char field[] = "/time_out";
	struct faults faults;
	int i;

	faults_init(&faults, arena);
	is_int((int64_t)faults.count, 0, "there are no faults at first");
	is_int(fault_add(&faults, &bad, field, "must be %d or more", 3),
	    INVALID, "adding a fault is INVALID");
	field[1] = 'x';
	is_int((int64_t)faults.count, 1, "it is counted");
	ok(faults.list[0].reason == &bad, "it keeps its reason");
	is_text(faults.list[0].field, "/time_out", "its field is copied");
	is_text(faults.list[0].message, "must be 3 or more",
	    "its message is formatted");
	is_int(fault_add(&faults, &worse, NULL, "no JSON"), INVALID,
	    "a fault need not have a field");
	ok(faults.list[1].field == NULL, "and then has none");
	ok(faults.list[1].reason == &worse, "faults keep their order");
	for (i = 2; i < FAULTS_MAX; i++)
		(void)fault_add(&faults, &bad, "/n", "number %d", i);
	is_text(faults.list[FAULTS_MAX - 1].message, "number 49",
	    "as many are kept as there is room for");
	is_int(fault_add(&faults, &bad, "/n", "one more"), INVALID,
	    "one more is INVALID all the same");
	is_int((int64_t)faults.count, FAULTS_MAX, "but is not listed");
	is_text(faults.list[FAULTS_MAX - 1].message, "number 49",
	    "and replaces none");
	faults_init(&faults, arena);
	is_int((int64_t)faults.count, 0, "faults can be begun again");
	arena_free(arena);
	return done();
}
