#include "base/base.h"

#include "model/channel.h"

#include "model/message.h"

static const char *const words[] = {
	[CHANNEL_SMS] = "sms",
	[CHANNEL_WHATSAPP] = "whatsapp",
	[CHANNEL_IMESSAGE] = "imessage",
	[CHANNEL_TEXT] = "text",
	[CHANNEL_EMAIL] = "email",
	[CHANNEL_TELEPHONE] = "telephone",
	[CHANNEL_WEBRTC] = "webrtc",
};
static_assert(COUNT(words) == CHANNEL_N, "a word for every channel");

static const char *const titles[] = {
	[CHANNEL_SMS] = "SMS",
	[CHANNEL_WHATSAPP] = "WhatsApp",
	[CHANNEL_IMESSAGE] = "iMessage",
	[CHANNEL_TEXT] = "web chat",
	[CHANNEL_EMAIL] = "email",
	[CHANNEL_TELEPHONE] = "telephone",
	[CHANNEL_WEBRTC] = "a call in the browser",
};
static_assert(COUNT(titles) == CHANNEL_N, "a title for every channel");

static const enum channel_way ways[] = {
	[CHANNEL_SMS] = WAY_CARRIER,
	[CHANNEL_WHATSAPP] = WAY_CARRIER,
	[CHANNEL_IMESSAGE] = WAY_CARRIER,
	[CHANNEL_TEXT] = WAY_FETCHED,
	[CHANNEL_EMAIL] = WAY_MAIL,
	[CHANNEL_TELEPHONE] = WAY_FETCHED,
	[CHANNEL_WEBRTC] = WAY_FETCHED,
};
static_assert(COUNT(ways) == CHANNEL_N, "a way for every channel");

#define PLAIN "plain text without markup, short"
static const char *const manners[] = {
	[CHANNEL_SMS] = PLAIN,
	[CHANNEL_WHATSAPP] = PLAIN,
	[CHANNEL_IMESSAGE] = PLAIN,
	[CHANNEL_TEXT] = PLAIN,
	[CHANNEL_EMAIL] = "the body of the email alone, plain text without"
			  " markup, an empty line between paragraphs; no"
			  " subject and no signature, which are added",
	[CHANNEL_TELEPHONE] = "it is spoken aloud, so one to three short"
			      " sentences as they are said: no markup, no"
			      " lists, no links",
	[CHANNEL_WEBRTC] = "it is spoken aloud, so one to three short"
			   " sentences as they are said: no markup, no"
			   " lists, no links",
};
static_assert(COUNT(manners) == CHANNEL_N, "manners for every channel");

static const size_t most[] = {
	[CHANNEL_SMS] = MESSAGE_MOST,
	[CHANNEL_WHATSAPP] = MESSAGE_MOST,
	[CHANNEL_IMESSAGE] = MESSAGE_MOST,
	[CHANNEL_TEXT] = MESSAGE_LONG_MOST,
	[CHANNEL_EMAIL] = MESSAGE_LONG_MOST,
	[CHANNEL_TELEPHONE] = MESSAGE_MOST,
	[CHANNEL_WEBRTC] = MESSAGE_LONG_MOST,
};
static_assert(COUNT(most) == CHANNEL_N, "a limit for every channel");

const struct names channel_names = NAMES(words);
const struct names messaging_channel_names = { words, CHANNEL_MESSAGING_N };

const char *
channel_title(enum channel channel)
{
	return titles[channel];
}

enum channel_way
channel_way(enum channel channel)
{
	return ways[channel];
}

bool
channel_has_pairs(enum channel channel)
{
	return channel < CHANNEL_MESSAGING_N;
}

const char *
channel_manners(enum channel channel)
{
	return manners[channel];
}

size_t
channel_message_most(enum channel channel)
{
	return most[channel];
}
