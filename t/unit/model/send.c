/*
 * The payload of a send.
 */
#include "base/base.h"

#include "base/arena.h"
#include "model/send.h"

#include "tap.h"

#define ID "01890a5d-ac96-774b-bcce-b302099a8057"
#define SID "HX0123456789abcdef0123456789abcdef"

/* clang-format off */
static const struct {
	const char *payload, *name;
} bad[] = {
	{ "", "nothing is no order" },
	{ "{}", "an empty object is no order" },
	{ "{\"message_id\":\"x\",\"seq\":1,\"starts_clock\":true}",
	    "an id is an id" },
	{ "{\"message_id\":\"" ID "\",\"starts_clock\":true}",
	    "seq is needed" },
	{ "[]", "an array is no order" },
};
/* clang-format on */

int
main(void)
{
	struct arena *arena = arena_new();
	struct send_order order = { .seq = 5 };
	size_t i;

	for (i = 0; i < COUNT(bad); i++) {
		is_int(send_order_read(arena, bad[i].payload, &order), INVALID,
		    "%s", bad[i].name);
		is_int(order.seq, 5, "and nothing was read");
	}
	is_int(send_order_read(arena,
		   "{\"message_id\":\"" ID "\",\"seq\":7,"
		   "\"starts_clock\":true}",
		   &order),
	    OK, "an order is read");
	is_text(id_text(arena, &order.message_id), ID, "with its message");
	is_int(order.seq, 7, "its place");
	ok(order.starts_clock, "and whether a clock starts");
	is_text(order.template.sid, NULL, "it need not be a template");
	is_int(send_order_read(arena,
		   "{\"message_id\":\"" ID "\",\"seq\":7,"
		   "\"starts_clock\":true,\"content_sid\":\"" SID "\","
		   "\"content_variables\":{\"1\":\"Ada\"}}",
		   &order),
	    OK, "an order of a template is read");
	is_text(order.template.sid, SID, "with its id");
	is_text(order.template.variables, "{\"1\":\"Ada\"}",
	    "and what is filled in");
	ok(send_template_is_sid(SID), "HX and 32 digits are an id");
	ok(!send_template_is_sid("HX"), "less is not");
	ok(!send_template_is_sid(SID "0"), "nor is more");
	ok(!send_template_is_sid("SM0123456789abcdef0123456789abcdef"),
	    "nor another kind");
	ok(!send_template_is_sid("HX0123456789abcdef0123456789abcdeg"),
	    "nor what is no digit");
	arena_free(arena);
	return done();
}
