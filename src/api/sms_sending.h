/*
 * What every route has in common that lets something leave for a user at
 * the wish of a client: what must hold before, and how it is said.
 */
#ifndef PARLEY_API_SMS_SENDING_H
#define PARLEY_API_SMS_SENDING_H

#include "model/message.h"
#include "model/number.h"
#include "store/thread.h"

struct call;

struct sending {
	struct thread thread;
	struct number_config config; /* of its number on its channel */
};

/* The conversation in the path, locked, with its number's config.  INVALID:
 * there is none, or it has ended. */
enum outcome sending_find(struct call *call, struct sending *sending) MUSTCHECK;

/* May the pair's user be sent this now?  Not who opted out, nor more in a
 * day or in a text than the number allows.  `text` is NULL where the agent
 * finds the words; the fields name them and the user in the request, NULL
 * where it names no user.  The conversation is locked, so that two requests
 * are counted one after the other.  INVALID. */
enum outcome sending_check(struct call *call, const struct sending *sending,
    const char *text, const char *text_field, const char *user_field) MUSTCHECK;

/* May the agent speak of itself?  Not while people answer.  INVALID. */
enum outcome sending_check_agent(
    struct call *call, const struct sending *sending) MUSTCHECK;

/* Says the text, which starts the clock where it is the agent's and no
 * person has taken over. */
enum outcome sending_say(struct call *call, struct sending *sending,
    enum sender sender, const char *text, struct message *message) MUSTCHECK;

/* The agent says it, and a template that the carrier has is sent for it. */
enum outcome sending_say_template(struct call *call, struct sending *sending,
    const char *text, const struct send_template *template,
    struct message *message) MUSTCHECK;

/* Lets the agent take its turn now, and writes the conversation; gives out
 * the work that does it. */
enum outcome sending_ask(struct call *call, struct sending *sending,
    const char *event, struct id *work) MUSTCHECK;

#endif
