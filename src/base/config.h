/*
 * The configuration: one ini file, one table of keys.
 *
 * Every key has a section and a name; `[database] socket` is also the
 * environment variable PARLEY_DATABASE_SOCKET, which wins over the file.
 * A section, key or value that is not understood is an error that names
 * it, so that a slip of the pen never becomes a default.  To add a key, add
 * a row to the table in config.c and a member here.
 *
 * In the environment only names that begin with PARLEY_ and one of our
 * sections are looked at; PARLEY_URL, PARLEY_API_KEY, PARLEY_NUMBER and
 * PARLEY_CA are for clients and left alone.  An empty variable counts as
 * unset.  In the file, an empty value is right for a key without a default;
 * white space at the beginning of a line means nothing.
 */
#ifndef PARLEY_BASE_CONFIG_H
#define PARLEY_BASE_CONFIG_H

#include "base/base.h"

#define CONFIG_PATH "/etc/parley/parley.ini"

struct arena;
struct buf;

struct config {
	/* [database] */
	const char *database_socket; /* a path, or NULL for TCP */
	const char *database_host;
	int64_t database_port;
	const char *database_hosts; /* "host[:port], ...", tried in order */
	const char *database_name;
	const char *database_user;
	const char *database_password;
	int64_t database_timeout; /* seconds to connect, read or write */

	/* [http] */
	const char *http_public_url; /* what providers call and sign */

	/* [api] */
	int64_t api_children; /* processes; 0: this one serves, no parent */
	int64_t api_waiting;  /* requests that may wait for a worker at once;
			       * 0: half of the children */
	int64_t api_requests; /* a child ends after so many */
	const char *api_user; /* to become, when started as root */
	int64_t api_backlog;  /* connections that may wait on the socket */
	const char *api_socket_mode; /* octal, for --socket: "0660" */
	const char *api_spool;       /* a directory; NULL: none */
	int64_t api_rate;  /* requests a second for an account; 0: no limit */
	int64_t api_burst; /* requests at once for an account */

	/* [worker] */
	int64_t worker_processes;
	int64_t worker_threads;     /* of each process */
	int64_t worker_share;       /* percent of them, for one account */
	int64_t worker_connections; /* of each process, to the database */
	int64_t worker_lease;       /* seconds */
	const char *worker_wake;    /* a datagram socket's path, or NULL */
	const char *worker_user;    /* to become, when started as root */

	/* [telephone] */
	int64_t telephone_calls; /* of an account, at once */

	/* [net] */
	const char *net_allow; /* private networks that may be called */

	/* [mail] */
	int64_t mail_require_tls; /* 0: a password may go unencrypted */
	const char *mail_ca_file; /* whom mail servers are certified by */

	/* [llm] */
	const char *llm_url;     /* of chat completions, or NULL: none */
	const char *llm_key;     /* or NULL */
	const char *llm_model;   /* or NULL */
	int64_t llm_timeout;     /* seconds for one answer */
	int64_t llm_most_tokens; /* of one answer */

	/* [livekit] */
	int64_t livekit_lifetime; /* seconds to join a room with a token */

	/* [secret] */
	const char *secret_key_file;
};

/*
 * Reads `path`, or where it is NULL $PARLEY_CONFIG, or CONFIG_PATH if that
 * file is there; then the environment; and checks every value.  The texts
 * live in the arena.  INVALID: `why` holds a line for each mistake, with
 * the file and line, or the variable, and what would be right; the last of
 * them without a line feed.
 */
enum outcome config_load(struct arena *arena, const char *path,
    struct config *config, struct buf *why) MUSTCHECK;

/*
 * The effective values as an ini file, with "# from the environment",
 * "# from FILE:LINE" or "# default" behind each; secrets read "(hidden)".
 * Loads anew, so it takes the arguments of config_load.
 */
enum outcome config_print(struct arena *arena, const char *path,
    struct buf *out, struct buf *why) MUSTCHECK;

/* An ini file for an operator to begin with: every key, commented out, with
 * its meaning and its default. */
void config_describe(struct buf *out);

/* Where others reach `path` here: it stands behind [http] public_url.  NULL:
 * they cannot, since that is not set. */
const char *config_public_url(
    struct arena *arena, const struct config *config, const char *path);

#endif
