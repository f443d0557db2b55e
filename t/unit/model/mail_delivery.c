/*
 * The ladder of delivery: every report in every state.
 */
#include "base/base.h"

#include "model/mail_delivery.h"
#include "model/message.h"

#include "tap.h"

int
main(void)
{
	int from, to;
	bool ends, wanted;

	for (from = 0; from < DELIVERY_N; from++)
		for (to = 0; to < DELIVERY_N; to++) {
			ends = from >= DELIVERY_BOUNCED;
			wanted = !ends && to > from;
			ok(mail_delivery_rises(from, to) == wanted,
			    "'%s' %s '%s'",
			    names_text(&mail_delivery_names, from),
			    wanted ? "gives way to" : "stands against",
			    names_text(&mail_delivery_names, to));
		}
	is_int(mail_delivery_status(DELIVERY_OPENED), MESSAGE_READ,
	    "an opened mail is a message that was read");
	is_int(mail_delivery_status(DELIVERY_BOUNCED), MESSAGE_UNDELIVERED,
	    "one that bounced was not delivered");
	is_text(names_text(&suppression_reason_names, SUPPRESSION_BOUNCE),
	    "bounce", "reasons have their words");
	return done();
}
