#include "base/base.h"

#include "base/config_key.h"

#include "base/config.h"

#define KEY(section, name)                                                     \
#	section, #        name, offsetof(struct config, section##_##name)

/* To add a key, add a row beside its section's and a member in config.h. */
/* clang-format off */
const struct config_key config_keys[] = {
	{ KEY(database, socket),   PATH,     NULL,        0, 0,
	    "The server's unix socket; without one it is reached by TCP." },
	{ KEY(database, host),     TEXT,     "127.0.0.1", 0, 0,
	    "The server's name or address." },
	{ KEY(database, port),     INTEGER,  "3306",      1, 65535,
	    "The server's TCP port." },
	{ KEY(database, hosts),    TEXT,     NULL,        0, 0,
	    "The nodes of a cluster, tried in order: host[:port], ..." },
	{ KEY(database, name),     TEXT,     "parley",    0, 0,
	    "The name of the database." },
	{ KEY(database, user),     TEXT,     "parley",    0, 0,
	    "The user to log in as." },
	{ KEY(database, password), SECRET,   NULL,        0, 0,
	    "The user's password." },
	{ KEY(database, timeout),  INTEGER,  "10",        1, 3600,
	    "Seconds to wait for a connection, a read or a write." },
	{ KEY(http, public_url),   URL,      NULL,        0, 0,
	    "Where providers call this server; it is part of what they sign." },
	{ KEY(api, children),      INTEGER,  "8",         0, 1000,
	    "Processes that serve; 0: the one that is started, alone." },
	{ KEY(api, waiting),       INTEGER,  "0",         0, 1000,
	    "Requests that may wait for a worker at once; 0: half of the"
	    " children." },
	{ KEY(api, requests),      INTEGER,  "10000",     1, INT64_MAX,
	    "Requests after which a process makes way for a new one." },
	{ KEY(api, user),          TEXT,     NULL,        0, 0,
	    "The user to become, when started as root." },
	{ KEY(api, backlog),       INTEGER,  "4096",      1, 65535,
	    "Connections that may wait on the socket." },
	{ KEY(api, socket_mode),   MODE,     "0660",      0, 0,
	    "The permissions of the socket that --socket makes." },
	{ KEY(api, rate),          INTEGER,  "1000",      0, INT64_MAX,
	    "Requests a second for one account; 0: no limit." },
	{ KEY(api, burst),         INTEGER,  "2000",      0, INT64_MAX,
	    "Requests at once for one account; at least 1, if rate is not 0." },
	{ KEY(api, spool),         PATH,     NULL,        0, 0,
	    "Where providers' calls are kept while the database is down; none:"
	    " 503." },
	{ KEY(worker, processes),  INTEGER,  "1",         1, 100,
	    "Processes that perform work." },
	{ KEY(worker, threads),    INTEGER,  "32",        1, 10000,
	    "Threads of each; one performs one piece of work." },
	{ KEY(worker, share),      INTEGER,  "25",        1, 100,
	    "Percent of the threads that one account's work may hold." },
	{ KEY(worker, connections), INTEGER, "8",         2, 1000,
	    "Connections to the database that a process's threads share." },
	{ KEY(worker, lease),      INTEGER,  "120",       100, 3600,
	    "Seconds after which a worker that does not answer has lost it." },
	{ KEY(worker, wake),       PATH,     NULL,        0, 0,
	    "The socket on which parley-api tells the worker of work." },
	{ KEY(worker, user),       TEXT,     NULL,        0, 0,
	    "The user to become, when started as root." },
	{ KEY(telephone, calls),   INTEGER,  "10",        1, 10000,
	    "Calls of one account at once; what is more waits its turn." },
	{ KEY(net, allow),         NETWORKS, NULL,        0, 0,
	    "Private networks that may be called: 10.1.2.0/24, ::1, ..." },
	{ KEY(mail, require_tls),  INTEGER,  "1",         0, 1,
	    "1: mail servers get passwords only encrypted; 0: or plain." },
	{ KEY(mail, ca_file),      PATH,     NULL,        0, 0,
	    "A file of who certifies mail servers, if not the usual." },
	{ KEY(llm, url),           URL,      NULL,        0, 0,
	    "The language model's server, as of OpenAI: https://HOST/v1." },
	{ KEY(llm, key),           SECRET,   NULL,        0, 0,
	    "The key that it asks for." },
	{ KEY(llm, model),         TEXT,     NULL,        0, 0,
	    "The model's name there." },
	{ KEY(llm, timeout),       INTEGER,  "60",        1, 600,
	    "Seconds to wait for an answer; fewer than [worker] lease." },
	{ KEY(llm, most_tokens),   INTEGER,  "1024",      1, 1000000,
	    "Tokens that an answer may have, where nothing else is said." },
	{ KEY(livekit, lifetime),    INTEGER,  "600", 10, 86400,
	    "Seconds in which a room may be joined with its token." },
	{ KEY(secret, key_file),   PATH,     NULL,        0, 0,
	    "The file with the key that seals secrets in the database." },
};
/* clang-format on */

const size_t config_keys_count = COUNT(config_keys);
static_assert(COUNT(config_keys) <= CONFIG_KEYS_MOST, "room for every key");
