/*
 * What happens to a conversation within one transaction: it is opened, a
 * message joins it, it ends.  Everything that lets a message in or ends a
 * conversation comes through here, so the pair rule, the order of messages
 * and the clock of silence are kept in one place.
 *
 * The clock is one piece of work (kind `silence`) at a time; the
 * conversation knows its id, and its payload carries the seq of the message
 * that it waits on, so that one that strikes late finds the conversation
 * moved on and does nothing.
 */
#ifndef PARLEY_STORE_THREAD_H
#define PARLEY_STORE_THREAD_H

#include "model/conversation.h"
#include "model/message.h"
#include "model/send.h"
#include "model/work.h"

/* So long without a message is a pause in a conversation. */
#define THREAD_PAUSE INT64_C(60000000)

struct arena;
struct db;

struct thread {
	struct conversation conversation;
	bool is_new; /* not in the store yet: the first message writes it */
	const char *webhook; /* of the number: who is told of messages where
	                      * the conversation says nothing else; or NULL */
};

/* For who lets a message leave itself, as soon as it is committed: the work
 * that sends it is claimed from the beginning (see store/work_queue), and the
 * message is marked (see store/leaving). */
struct thread_claim {
	const char *worker;
	int64_t lease;
	struct work work; /* its id is chosen before; thread_say does the
	                   * rest */
};

/* What the agent, or a person in its place, is to say. */
struct saying {
	const char *text;
	enum sender sender;
	bool starts_clock;             /* of the user's silence */
	bool is_notice;                /* see struct send_order */
	struct send_template template; /* the same */
	struct thread_claim *claim;    /* NULL: the work waits for a worker */
};

/* A new conversation of the pair, which is not in the store yet. */
void thread_init(
    struct thread *thread, const struct id *account, const struct pair *pair);

/*
 * Locks the pair's open conversation, or where there is none prepares a new
 * one.  With `restart` an open one is archived (inactive) first.  One round
 * trip, or three more to archive.
 */
enum outcome thread_open(struct db *db, struct arena *arena,
    const struct id *account, const struct pair *pair, bool restart,
    struct thread *thread) MUSTCHECK;

/*
 * Lets a message join: gives it id, seq, segments and time, sets the clock
 * (an agent's message starts it by the silence of the conversation over
 * the number's, any other stops it), and writes conversation, work, message
 * and count.  message->work_id is the work that was written.  AGAIN: another
 * request opened the pair's conversation, or stored the carrier's id, in
 * the meantime; run the transaction again.  Three round trips, four for a
 * new conversation.
 */
enum outcome thread_append(struct db *db, struct arena *arena,
    struct thread *thread, const struct silence *number,
    struct message *message) MUSTCHECK;

/*
 * Lets the agent say something: appends its message, pending, with the work
 * that sends it (kind `send`, or `mail`), and the work that tells the client
 * of it as soon as the carrier knows what became of it.  The clock stands
 * until the carrier has accepted it and thread_start_clock is called, which
 * the work does when `starts_clock`; else the clock is left as it is.  Where
 * words are fetched (model/channel.h) there is no such work: the message is
 * only stored, and the caller starts the clock.  The conversation is locked
 * or new.
 */
enum outcome thread_say(struct db *db, struct arena *arena,
    struct thread *thread, const struct saying *saying,
    struct message *message) MUSTCHECK;

/*
 * Lets a text of the user join that came through a carrier: stops the clock,
 * and tells the client.  Whether the agent answers is for the caller.  The
 * conversation is locked or new, and may have ended.  AGAIN as above.
 */
enum outcome thread_hear(struct db *db, struct arena *arena,
    struct thread *thread, struct message *message) MUSTCHECK;

/*
 * Sees to it that the agent takes its turn at `due`: writes the work (kind
 * `turn`), or where it waits already moves it.  One that is under way finds
 * by itself that something was said.  The conversation is locked and not
 * written.
 */
enum outcome thread_ask_turn(struct db *db, struct arena *arena,
    struct conversation *conversation, const char *event,
    int64_t due) MUSTCHECK;

/*
 * Writes a conversation that no message writes; a new one is counted.  It is
 * locked or new.  AGAIN as above.
 */
enum outcome thread_write(struct db *db, struct thread *thread) MUSTCHECK;

/*
 * Starts the clock of silence for message `seq`, if nobody has spoken since
 * and no person has taken over, and writes that; the conversation is locked
 * and otherwise written.
 */
enum outcome thread_start_clock(struct db *db, struct arena *arena,
    struct conversation *conversation, const struct silence *number,
    int64_t seq) MUSTCHECK;

/*
 * Sets a clock that strikes at `due`, in place of the one that runs or has
 * struck; the conversation is locked and not written.
 */
enum outcome thread_set_clock(struct db *db, struct arena *arena,
    struct conversation *conversation, const struct silence_clock *clock,
    int64_t due) MUSTCHECK;

/* What the clock that runs strikes for; the conversation is locked.
 * NOT_FOUND: none does. */
enum outcome thread_find_clock(struct db *db, struct arena *arena,
    const struct conversation *conversation,
    struct silence_clock *clock) MUSTCHECK;

/* Stops the clock that runs, if one does, and says why; the conversation is
 * locked and not written. */
enum outcome thread_stop_clock(struct db *db, struct arena *arena,
    struct conversation *conversation, const char *why) MUSTCHECK;

/*
 * Ends an open conversation with `status`: stops the clock, and writes the
 * work that follows an end (kind `close`), whose id it gives out.  The
 * conversation is locked.  Three round trips.
 */
enum outcome thread_end(struct db *db, struct arena *arena,
    struct conversation *conversation, enum conversation_status status,
    const char *reason, struct id *work) MUSTCHECK;

#endif
