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
	is_int(names_find(&channel_names, "email", &value), NOT_FOUND,
	    "email is not, here");
	is_text(names_text(&channel_names, CHANNEL_SMS), "sms",
	    "a row that is all zeros is on sms");
	is_text(channel_title(CHANNEL_WHATSAPP), "WhatsApp",
	    "a person reads it as it is usually written");
	is_text(channel_title(CHANNEL_SMS), "SMS", "and so with SMS");
	return done();
}
