/*
 * The channels and their words.
 */
#include "base/base.h"

#include "model/channel.h"

#include "tap.h"

int
main(void)
{
	int value = -1;

	is_int(names_find(&channel_names, "whatsapp", &value), OK,
	    "whatsapp is a channel");
	is_int(value, CHANNEL_WHATSAPP, "and it is that one");
	is_int(names_find(&messaging_channel_names, "email", &value), NOT_FOUND,
	    "email is none of the messaging API's");
	is_int(names_find(&channel_names, "email", &value), OK,
	    "but it is a channel");
	ok(channel_has_pairs(CHANNEL_SMS) && !channel_has_pairs(CHANNEL_TEXT),
	    "a pair texts in one conversation, and chats in many");
	ok(channel_way(CHANNEL_SMS) == WAY_CARRIER &&
		channel_way(CHANNEL_EMAIL) == WAY_MAIL &&
		channel_way(CHANNEL_TELEPHONE) == WAY_FETCHED,
	    "each has its way out");
	is_text(names_text(&channel_names, CHANNEL_SMS), "sms",
	    "a row that is all zeros is on sms");
	is_text(channel_title(CHANNEL_WHATSAPP), "WhatsApp",
	    "a person reads it as it is usually written");
	is_text(channel_title(CHANNEL_SMS), "SMS", "and so with SMS");
	return done();
}
