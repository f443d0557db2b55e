/*
 * The only file that knows libcurl.  A handle per call: a handle that is
 * used again would bring its connections and its table of names along, and
 * what was judged for one call would be used for another.
 */
#include "base/base.h"

#include "net/fetch.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/config.h"
#include "base/log.h"
#include "base/text.h"
#include "base/when.h"
#include "net/guard.h"

#include <curl/curl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#define CANNOT_BE_SENT "the method, the user or a header cannot be sent"
#define CANNOT_BE_CALLED "the URL cannot be called"
#define MILLISECONDS 1000
#define TYPE "Content-Type:"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define LOWER "abcdefghijklmnopqrstuvwxyz"
/* RFC 9110, section 5.6.2. */
#define TOKEN "!#$%&'*+-.^_`|~0123456789" UPPER LOWER

/* What the callbacks are told, and tell. */
struct call {
	const char *allow;
	bool trusted;
	bool denied; /* the guard refused an address */
	bool sent;   /* the request was about to be sent, or more */
	bool full;   /* there was more than we take */
	size_t most; /* that we take */
	struct buf body;
	char error[CURL_ERROR_SIZE];
};

/* What is the same in every call.  Signals and threads do not agree, hence
 * NOSIGNAL; QUICK_EXIT makes the timeout hold while a name is resolved, in
 * a thread that then ends by itself. */
/* clang-format off */
static const struct {
	CURLoption option;
	long value;
} fixed[] = {
	{ CURLOPT_FOLLOWLOCATION, 0 },
	{ CURLOPT_HTTPAUTH,       (long)CURLAUTH_BASIC },
	{ CURLOPT_HTTP_VERSION,   (long)CURL_HTTP_VERSION_1_1 },
	{ CURLOPT_NETRC,          (long)CURL_NETRC_IGNORED },
	{ CURLOPT_NOSIGNAL,       1 },
	{ CURLOPT_QUICK_EXIT,     1 },
	{ CURLOPT_SSLVERSION,     (long)CURL_SSLVERSION_TLSv1_2 },
	{ CURLOPT_SSL_VERIFYHOST, 2 },
	{ CURLOPT_SSL_VERIFYPEER, 1 },
};
/* clang-format on */

/* What we say ourselves: said otherwise, where a request ends would be read
 * in two ways, or it would be for somebody else. */
static const char *const ours[] = { "Connection", "Content-Length", "Expect",
	"Host", "Keep-Alive", "Proxy-Connection", "TE", "Trailer",
	"Transfer-Encoding", "Upgrade" };

/* Each thread's handle.  It is kept for what libcurl keeps with it, the
 * authorities' certificates, which take a tenth of a second to read; the
 * connections are not. */
static pthread_key_t handle_key;

static CURL *own_handle(void);
static bool is_sound(struct arena *arena, const struct fetch_request *request);
static bool header_is_sound(struct arena *arena, const char *header);
static CURLU *url_parse(struct arena *arena, const char *text);
static void url_free(void *url);
static void options_set(
    CURL *curl, const struct fetch_request *request, struct call *call);
static void limits_set(CURL *curl, const struct fetch_request *request);
static void body_set(CURL *curl, const struct fetch_request *request);
static void headers_set(
    struct arena *arena, CURL *curl, const struct fetch_request *request);
static const char *header_text(struct arena *arena, const char *header);
static struct curl_slist *header_add(
    struct curl_slist *list, const char *header);
static void headers_free(void *list);
static curl_socket_t open_socket(
    void *context, curlsocktype purpose, struct curl_sockaddr *address);
static int before_sending(
    void *context, char *peer, char *local, int peer_port, int local_port);
static size_t take_body(char *bytes, size_t size, size_t count, void *context);
static enum outcome conclude(struct arena *arena, CURL *curl, CURLcode code,
    const struct call *call, struct fetch_answer *answer);
static void answer_read(struct arena *arena, CURL *curl,
    const struct call *call, struct fetch_answer *answer);
static const char *trouble_text(
    struct arena *arena, CURLcode code, const struct call *call);
static void must(CURLcode code);

enum outcome
fetch_open(void)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	CURLcode code = curl_global_init(CURL_GLOBAL_ALL);
	int rc;

	if (code != CURLE_OK) {
		log_fault(
		    "libcurl cannot be used: %s", curl_easy_strerror(code));
		return FAULT;
	}
	rc = sigaction(SIGPIPE, &ignore, NULL);
	assert(rc == 0);
	rc = pthread_key_create(&handle_key, curl_easy_cleanup);
	assert(rc == 0);
	return OK;
}

void
fetch_close(void)
{
	curl_easy_cleanup(pthread_getspecific(handle_key));
	(void)pthread_key_delete(handle_key);
	curl_global_cleanup();
}

static CURL *
own_handle(void)
{
	CURL *curl = pthread_getspecific(handle_key);
	int rc;

	if (curl != NULL)
		return curl;
	curl = curl_easy_init();
	assert(curl != NULL);
	rc = pthread_setspecific(handle_key, curl);
	assert(rc == 0);
	return curl;
}

/* What libcurl is given for a call lives in an arena of the call's own. */
enum outcome
fetch_run(struct arena *arena, const struct config *config,
    const struct fetch_request *request, struct fetch_answer *answer)
{
	struct call call = { .allow = config->net_allow,
		.trusted = request->trusted };
	struct arena *own = arena_new();
	int64_t start = when_elapsed();
	enum outcome rc = INVALID;
	CURLU *url;
	CURL *curl;

	assert(request->timeout >= 1);
	*answer = (struct fetch_answer){ .trouble = CANNOT_BE_SENT };
	if (!is_sound(own, request))
		goto out;
	answer->trouble = CANNOT_BE_CALLED;
	url = url_parse(own, request->url);
	if (url == NULL)
		goto out;
	curl = own_handle();
	arena_defer(own, curl_easy_reset, curl);
	must(curl_easy_setopt(curl, CURLOPT_CURLU, url));
	call.most = request->most > 0 ? request->most : FETCH_MOST;
	buf_init(&call.body, own, call.most);
	options_set(curl, request, &call);
	headers_set(own, curl, request);
	rc = conclude(arena, curl, curl_easy_perform(curl), &call, answer);
out:
	answer->elapsed = when_elapsed() - start;
	arena_free(own);
	return rc;
}

/* --- What is asked. */

static bool
is_sound(struct arena *arena, const struct fetch_request *request)
{
	const char *const *header = request->headers;
	const char *method = request->method;

	if (method[0] == '\0' || method[strspn(method, UPPER)] != '\0')
		return false;
	/* RFC 7617, section 2. */
	if (request->user != NULL && strchr(request->user, ':') != NULL)
		return false;
	for (; header != NULL && *header != NULL; header++)
		if (!header_is_sound(arena, *header))
			return false;
	return true;
}

/* A line feed in it would begin another header, or another request. */
static bool
header_is_sound(struct arena *arena, const char *header)
{
	size_t length = strspn(header, TOKEN), i;
	const char *name = arena_copy(arena, header, length);

	if (length == 0 || header[length] != ':')
		return false;
	for (i = length; header[i] != '\0'; i++)
		if (((unsigned char)header[i] < ' ' && header[i] != '\t') ||
		    header[i] == 0x7f)
			return false;
	for (i = 0; i < COUNT(ours); i++)
		if (text_equal_nocase(name, ours[i]))
			return false;
	return true;
}

/* Given to libcurl as text, "ftp.example.com" would be guessed at.  NULL: it
 * is no URL. */
static CURLU *
url_parse(struct arena *arena, const char *text)
{
	CURLU *url = curl_url();

	assert(url != NULL);
	arena_defer(arena, url_free, url);
	return curl_url_set(url, CURLUPART_URL, text, CURLU_DISALLOW_USER) == 0
		   ? url
		   : NULL;
}

static void
url_free(void *url)
{
	curl_url_cleanup(url);
}

static void
options_set(CURL *curl, const struct fetch_request *request, struct call *call)
{
	size_t i;

	for (i = 0; i < COUNT(fixed); i++)
		must(curl_easy_setopt(curl, fixed[i].option, fixed[i].value));
	/* Else the environment names one, and the guard judges that. */
	/* What the bundle of authorities says is kept only where there is no
	 * directory of them to be looked at as well. */
	must(curl_easy_setopt(curl, CURLOPT_CAPATH, NULL));
	must(curl_easy_setopt(curl, CURLOPT_DNS_CACHE_TIMEOUT, 0L));
	must(curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, 1L));
	must(curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L));
	must(curl_easy_setopt(curl, CURLOPT_PROXY, ""));
	must(curl_easy_setopt(curl, CURLOPT_NOPROXY, "*"));
	must(curl_easy_setopt(
	    curl, CURLOPT_USERAGENT, "Parley/" PACKAGE_VERSION));
	must(curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, call->error));
	must(curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket));
	must(curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, call));
	must(curl_easy_setopt(curl, CURLOPT_PREREQFUNCTION, before_sending));
	must(curl_easy_setopt(curl, CURLOPT_PREREQDATA, call));
	must(curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body));
	must(curl_easy_setopt(curl, CURLOPT_WRITEDATA, call));
	must(curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR,
	    request->trusted || request->plain ? "https,http" : "https"));
	limits_set(curl, request);
	body_set(curl, request);
	if (request->user != NULL)
		must(curl_easy_setopt(curl, CURLOPT_USERNAME, request->user));
	if (request->user != NULL && request->password != NULL)
		must(curl_easy_setopt(
		    curl, CURLOPT_PASSWORD, request->password));
}

static void
limits_set(CURL *curl, const struct fetch_request *request)
{
	int64_t connect = request->timeout < FETCH_CONNECT_MOST
			      ? request->timeout
			      : FETCH_CONNECT_MOST;

	must(curl_easy_setopt(
	    curl, CURLOPT_TIMEOUT_MS, (long)(request->timeout * MILLISECONDS)));
	must(curl_easy_setopt(
	    curl, CURLOPT_CONNECTTIMEOUT_MS, (long)(connect * MILLISECONDS)));
	/* A model may think for longer than this. */
	if (request->trusted || request->patient)
		return;
	must(curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L));
	must(curl_easy_setopt(
	    curl, CURLOPT_LOW_SPEED_TIME, (long)FETCH_SILENCE_MOST));
}

static void
body_set(CURL *curl, const struct fetch_request *request)
{
	bool head = text_equal(request->method, "HEAD");
	bool bare = head || text_equal(request->method, "GET");

	if (request->body != NULL || !bare) {
		must(curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
		    (curl_off_t)request->length));
		must(curl_easy_setopt(curl, CURLOPT_POSTFIELDS,
		    request->body != NULL ? request->body : ""));
	}
	if (head)
		must(curl_easy_setopt(curl, CURLOPT_NOBODY, 1L));
	else
		must(curl_easy_setopt(
		    curl, CURLOPT_CUSTOMREQUEST, request->method));
}

/* Without these two libcurl waits a second before it sends a large body,
 * and says that any body is a form. */
static void
headers_set(
    struct arena *arena, CURL *curl, const struct fetch_request *request)
{
	const char *const *header = request->headers;
	struct curl_slist *list = NULL;
	bool typed = false;

	list = header_add(list, "Expect:");
	for (; header != NULL && *header != NULL; header++) {
		if (strncasecmp(*header, TYPE, strlen(TYPE)) == 0)
			typed = true;
		list = header_add(list, header_text(arena, *header));
	}
	if (!typed)
		list = header_add(list, TYPE);
	arena_defer(arena, headers_free, list);
	must(curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list));
}

/* libcurl takes "Name:" for "without Name", and "Name;" for this. */
static const char *
header_text(struct arena *arena, const char *header)
{
	size_t length = strcspn(header, ":");

	if (header[length + 1 + strspn(header + length + 1, " \t")] != '\0')
		return header;
	return arena_format(arena, "%.*s;", (int)length, header);
}

static struct curl_slist *
header_add(struct curl_slist *list, const char *header)
{
	struct curl_slist *longer = curl_slist_append(list, header);

	assert(longer != NULL);
	return longer;
}

static void
headers_free(void *list)
{
	curl_slist_free_all(list);
}

/* --- What libcurl asks us meanwhile. */

/* Called for each address in turn, until one of them takes the connection;
 * names and odd forms of numbers (0x7f.1) were resolved by then. */
static curl_socket_t
open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct call *call = context;

	(void)purpose; /* there is but one */
	if (!call->trusted && !guard_allows(&address->addr, call->allow)) {
		call->denied = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC,
	    address->protocol);
}

/* Called when there is a connection, encrypted if it is to be, and nothing
 * of the request was written.  The peer is judged again: this is asked even
 * of a connection that open_socket did not make. */
static int
before_sending(
    void *context, char *peer, char *local, int peer_port, int local_port)
{
	struct call *call = context;

	(void)local; /* only where it goes to matters */
	(void)peer_port;
	(void)local_port;
	if (!call->trusted && !guard_allows_text(peer, call->allow)) {
		call->denied = true;
		return CURL_PREREQFUNC_ABORT;
	}
	call->sent = true;
	return CURL_PREREQFUNC_OK;
}

/* To take less than was offered ends the call: the rest may be without
 * end. */
static size_t
take_body(char *bytes, size_t size, size_t count, void *context)
{
	struct call *call = context;
	size_t length = size * count;
	size_t room = call->most - call->body.length;

	if (length > room) {
		call->full = true;
		length = room;
	}
	buf_add(&call->body, bytes, length);
	return length;
}

/* --- What came of it. */

static enum outcome
conclude(struct arena *arena, CURL *curl, CURLcode code,
    const struct call *call, struct fetch_answer *answer)
{
	answer->arrived = call->sent;
	if (code == CURLE_OK || call->full) {
		answer_read(arena, curl, call, answer);
		return OK;
	}
	/* Such a scheme, or such a name, that nobody was asked. */
	if (!call->sent &&
	    (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL))
		return INVALID;
	answer->late = code == CURLE_OPERATION_TIMEDOUT;
	answer->trouble = trouble_text(arena, code, call);
	return call->denied && !call->sent ? DENIED : AGAIN;
}

static void
answer_read(struct arena *arena, CURL *curl, const struct call *call,
    struct fetch_answer *answer)
{
	curl_off_t seconds = 0;
	bool fits = buf_ok(&call->body);
	long status = 0;

	assert(fits);
	must(curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status));
	must(curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &seconds));
	if (seconds < 0)
		seconds = 0;
	if (seconds > FETCH_RETRY_MOST)
		seconds = FETCH_RETRY_MOST;
	answer->status = status;
	answer->retry_after = seconds;
	answer->trouble = NULL;
	answer->length = call->body.length;
	answer->cut = call->full;
	answer->body =
	    arena_copy(arena, buf_text(&call->body), call->body.length);
}

/* Where the name leads is not said: it may be a name of our network. */
static const char *
trouble_text(struct arena *arena, CURLcode code, const struct call *call)
{
	const char *error = call->error;

	if (call->denied && !call->sent)
		return "the URL leads to an address that may not be called";
	/* The peer's own words may be in it. */
	if (error[0] == '\0' || !text_is_clean(error, strlen(error)))
		error = curl_easy_strerror(code);
	return arena_text(arena, error);
}

/* All that fails here is memory, or an option that is not of the libcurl
 * that we were built for. */
static void
must(CURLcode code)
{
	assert(code == CURLE_OK);
}
