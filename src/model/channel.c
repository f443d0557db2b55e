#include "base/base.h"

#include "model/channel.h"

static const char *const words[] = {
	[CHANNEL_SMS] = "sms",
	[CHANNEL_WHATSAPP] = "whatsapp",
	[CHANNEL_IMESSAGE] = "imessage",
};
static_assert(COUNT(words) == CHANNEL_N, "a word for every channel");

static const char *const titles[] = {
	[CHANNEL_SMS] = "SMS",
	[CHANNEL_WHATSAPP] = "WhatsApp",
	[CHANNEL_IMESSAGE] = "iMessage",
};
static_assert(COUNT(titles) == CHANNEL_N, "a title for every channel");

const struct names channel_names = NAMES(words);

const char *
channel_title(enum channel channel)
{
	return titles[channel];
}
