#include "base/base.h"

#include "net/smtp.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/text.h"
#include "net/guard.h"

#include <curl/curl.h>
#include <string.h>
#include <sys/socket.h>

#define MILLISECONDS 1000
#define WORDS_MOST 200 /* bytes of what a server says */

/* What the callbacks are told, and tell. */
struct call {
	const char *allow;
	bool denied;
	const char *bytes;
	size_t length, sent;
	bool ended;                 /* the end of the data was asked for */
	char words[WORDS_MOST + 1]; /* the server's last line */
	char error[CURL_ERROR_SIZE];
};

static bool is_sound(const struct smtp_request *request);
static void options_set(CURL *curl, const struct config *config,
    const struct smtp_request *request, struct call *call);
static struct curl_slist *recipients_of(const struct smtp_request *request);
static enum outcome conclude(struct arena *arena, CURL *curl, CURLcode code,
    const struct call *call, struct smtp_answer *answer);

enum outcome
smtp_send(struct arena *arena, const struct config *config,
    const struct smtp_request *request, struct smtp_answer *answer)
{
	struct call call = {
		.allow = config->net_allow,
		.bytes = request->bytes,
		.length = request->length,
	};
	struct curl_slist *recipients;
	CURL *curl;
	CURLcode code;
	enum outcome rc;

	*answer = (struct smtp_answer){
		.words = "",
		.trouble = "an address, the size or the server's URL cannot be"
			   " used",
	};
	if (!is_sound(request))
		return INVALID;
	curl = curl_easy_init();
	assert(curl != NULL);
	recipients = recipients_of(request);
	options_set(curl, config, request, &call);
	code = curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients);
	if (code == CURLE_OK)
		code = curl_easy_perform(curl);
	rc = conclude(arena, curl, code, &call, answer);
	curl_slist_free_all(recipients);
	curl_easy_cleanup(curl);
	return rc;
}

/* A line feed in an address would be another command. */
static bool
is_line(const char *text)
{
	size_t i;

	for (i = 0; text[i] != '\0'; i++)
		if (text[i] <= ' ' || text[i] > '~' || text[i] == '<' ||
		    text[i] == '>')
			return false;
	return i > 0;
}

static bool
is_sound(const struct smtp_request *request)
{
	const char *const *recipient = request->recipients;

	if ((!text_starts(request->url, "smtp://") &&
		!text_starts(request->url, "smtps://")) ||
	    strchr(request->url, '@') != NULL || request->length > SMTP_MOST ||
	    !is_line(request->sender) || *recipient == NULL)
		return false;
	for (; *recipient != NULL; recipient++)
		if (!is_line(*recipient))
			return false;
	return true;
}

static struct curl_slist *
recipients_of(const struct smtp_request *request)
{
	const char *const *recipient = request->recipients;
	struct curl_slist *list = NULL, *longer;

	for (; *recipient != NULL; recipient++) {
		longer = curl_slist_append(list, *recipient);
		assert(longer != NULL);
		list = longer;
	}
	return list;
}

static void
must(CURLcode code)
{
	assert(code == CURLE_OK);
}

/* --- What libcurl asks us meanwhile. */

static curl_socket_t
open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct call *call = context;

	(void)purpose; /* there is but one */
	if (!guard_allows(&address->addr, call->allow)) {
		call->denied = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC,
	    address->protocol);
}

/* When it is told that there is no more, libcurl sends the end of the
 * data. */
static size_t
give_bytes(char *room, size_t size, size_t count, void *context)
{
	struct call *call = context;
	size_t length = call->length - call->sent;

	if (length > size * count)
		length = size * count;
	(void)memcpy(room, call->bytes + call->sent, length);
	call->sent += length;
	call->ended = call->sent == call->length;
	return length;
}

/* What the server says; the last line of it that refuses is why. */
static int
hear(CURL *curl, curl_infotype type, char *bytes, size_t size, void *context)
{
	struct call *call = context;
	size_t length = 0;

	(void)curl;
	if (type != CURLINFO_HEADER_IN || size == 0 ||
	    (bytes[0] != '4' && bytes[0] != '5'))
		return 0;
	while (length < size && length < WORDS_MOST && bytes[length] != '\r' &&
	       bytes[length] != '\n')
		length++;
	(void)memcpy(call->words, bytes, length);
	call->words[length] = '\0';
	return 0;
}

/* Credentials are sent only where nobody else reads them.  Without any, and
 * without smtps, a mail goes as safely as the server lets it, as between
 * servers: whose certificates nobody checks. */
static void
secure(
    CURL *curl, const struct config *config, const struct smtp_request *request)
{
	bool trusting =
	    request->user == NULL && text_starts(request->url, "smtp://");
	bool plain = request->user == NULL || config->mail_require_tls == 0;

	must(curl_easy_setopt(curl, CURLOPT_USE_SSL,
	    (long)(plain ? CURLUSESSL_TRY : CURLUSESSL_ALL)));
	must(curl_easy_setopt(
	    curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2));
	must(
	    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, trusting ? 0L : 2L));
	must(
	    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, trusting ? 0L : 1L));
	if (config->mail_ca_file != NULL)
		must(curl_easy_setopt(
		    curl, CURLOPT_CAINFO, config->mail_ca_file));
	if (request->user == NULL)
		return;
	must(curl_easy_setopt(curl, CURLOPT_USERNAME, request->user));
	must(curl_easy_setopt(curl, CURLOPT_PASSWORD,
	    request->password != NULL ? request->password : ""));
}

static void
options_set(CURL *curl, const struct config *config,
    const struct smtp_request *request, struct call *call)
{
	must(curl_easy_setopt(curl, CURLOPT_URL, request->url));
	must(curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps"));
	must(curl_easy_setopt(curl, CURLOPT_MAIL_FROM, request->sender));
	must(curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L));
	must(curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_bytes));
	must(curl_easy_setopt(curl, CURLOPT_READDATA, call));
	must(curl_easy_setopt(
	    curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)request->length));
	must(curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, hear));
	must(curl_easy_setopt(curl, CURLOPT_DEBUGDATA, call));
	must(curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L));
	must(curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, call->error));
	must(curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket));
	must(curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, call));
	must(curl_easy_setopt(curl, CURLOPT_PROXY, ""));
	must(curl_easy_setopt(curl, CURLOPT_NOPROXY, "*"));
	must(curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L));
	must(curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L));
	must(curl_easy_setopt(
	    curl, CURLOPT_TIMEOUT_MS, (long)(SMTP_TIMEOUT * MILLISECONDS)));
	must(curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
	    (long)(SMTP_CONNECT_MOST * MILLISECONDS)));
	secure(curl, config, request);
}

/* --- What came of it. */

static const char *
trouble_text(
    struct arena *arena, CURLcode code, const struct call *call, int64_t status)
{
	const char *error = call->error;

	if (call->denied)
		return "the server's name leads to an address that may not be"
		       " called";
	if (status >= 400 && call->words[0] != '\0' &&
	    text_is_clean(call->words, strlen(call->words)))
		return arena_format(
		    arena, "the mail server says: %s", call->words);
	if (error[0] == '\0' || !text_is_clean(error, strlen(error)))
		error = curl_easy_strerror(code);
	return arena_text(arena, error);
}

/* It said so for good, or there is no such scheme. */
static bool
is_final(CURLcode code, int64_t status)
{
	if (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL)
		return true;
	/* A password may be put right, and a mail waits for that. */
	if (code == CURLE_LOGIN_DENIED)
		return false;
	return status >= 500;
}

static enum outcome
conclude(struct arena *arena, CURL *curl, CURLcode code,
    const struct call *call, struct smtp_answer *answer)
{
	long status = 0;

	must(curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status));
	answer->status = status;
	if (text_is_clean(call->words, strlen(call->words)))
		answer->words = arena_text(arena, call->words);
	answer->trouble = NULL;
	if (code == CURLE_OK)
		return OK;
	answer->trouble = trouble_text(arena, code, call, status);
	answer->unknown = call->ended && status < 400;
	if (call->denied && status == 0)
		return DENIED;
	return is_final(code, status) ? INVALID : AGAIN;
}
