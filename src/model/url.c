/*
 * A strict reading of RFC 3986, section 3.  Whatever two readers could take
 * for two hosts is refused, because one of them makes the call.
 */
#include "base/base.h"

#include "model/url.h"

#include "base/arena.h"
#include "base/text.h"

#include <arpa/inet.h>
#include <string.h>

#define HOST_MOST 253 /* RFC 1035, section 2.3.4, without the root */
#define LABEL_MOST 63 /* the same */
#define PORT_MOST 65535
#define NETWORK_MOST 64 /* more than any address with its prefix length */

#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

/* What stands for what (RFC 6455, section 3). */
static const char *const to_http[][2] = { { "wss:", "https:" },
	{ "ws:", "http:" } };
static const char *const to_socket[][2] = { { "https:", "wss:" },
	{ "http:", "ws:" } };

/* An address of either family. */
struct address {
	size_t size; /* bytes */
	unsigned char bytes[sizeof(struct in6_addr)];
};

static const char *exchange(
    struct arena *arena, const char *url, const char *const (*from)[2]);
static bool is_clean(const char *url);
static bool take_scheme(const char **url, bool *secure);
static bool take_host(const char **url, char host[HOST_MOST + 1]);
static bool take_port(const char **url);
static bool is_name(const char *host);
static bool is_allowed(const char *host, const char *allow);
static bool is_covered(const char *host, const char *allow);
static bool is_within(const struct address *address, char *network);
static bool address_parse(const char *text, struct address *address);

bool
url_is_callable(const char *url, const char *allow)
{
	char host[HOST_MOST + 1];
	bool secure;

	if (!is_clean(url) || !take_scheme(&url, &secure) ||
	    !take_host(&url, host) || !take_port(&url))
		return false;
	/* An "@" here would make a user and a password of what was read. */
	if (*url != '\0' && strchr("/?#", *url) == NULL)
		return false;
	return secure || is_allowed(host, allow);
}

bool
url_is_socket(const char *url)
{
	return text_starts_nocase(url, to_http[0][0]) ||
	       text_starts_nocase(url, to_http[1][0]);
}

const char *
url_of_http(struct arena *arena, const char *url)
{
	return exchange(arena, url, to_http);
}

const char *
url_of_socket(struct arena *arena, const char *url)
{
	return exchange(arena, url, to_socket);
}

/* The URL under the scheme of the other column, if it has one of these. */
static const char *
exchange(struct arena *arena, const char *url, const char *const (*from)[2])
{
	size_t i;

	for (i = 0; i < 2; i++)
		if (text_starts_nocase(url, from[i][0]))
			return arena_format(arena, "%s%s", from[i][1],
			    url + strlen(from[i][0]));
	return url;
}

bool
url_is_mail_server(const char *url)
{
	char host[HOST_MOST + 1];

	if (!is_clean(url))
		return false;
	if (text_starts_nocase(url, "smtp://"))
		url += strlen("smtp://");
	else if (text_starts_nocase(url, "smtps://"))
		url += strlen("smtps://");
	else
		return false;
	return take_host(&url, host) && take_port(&url) &&
	       (url[0] == '\0' || text_equal(url, "/"));
}

static bool
is_clean(const char *url)
{
	size_t i;

	for (i = 0; url[i] != '\0'; i++)
		if (i == URL_MOST || url[i] <= ' ' || url[i] > '~' ||
		    strchr("\\\"'<>", url[i]) != NULL)
			return false;
	return true;
}

static bool
take_scheme(const char **url, bool *secure)
{
	char scheme[sizeof("https")] = "";
	size_t length = strspn(*url, LETTERS);

	if (length >= sizeof(scheme) || !text_starts(*url + length, "://"))
		return false;
	(void)memcpy(scheme, *url, length);
	*secure = text_equal_nocase(scheme, "https");
	*url += length + strlen("://");
	return *secure || text_equal_nocase(scheme, "http");
}

/* Up to where the host ends, into `host` without the brackets. */
static bool
take_host(const char **url, char host[HOST_MOST + 1])
{
	bool bracket = **url == '[';
	const char *start = *url + bracket;
	size_t length =
	    bracket ? strcspn(start, "]") : strspn(start, DIGITS LETTERS "-._");
	struct in6_addr address;

	if (length > HOST_MOST || (bracket && start[length] != ']'))
		return false;
	(void)memcpy(host, start, length);
	host[length] = '\0';
	*url = start + length + bracket;
	return bracket ? inet_pton(AF_INET6, host, &address) == 1
		       : is_name(host);
}

/* None, or from 1 without zeros before it. */
static bool
take_port(const char **url)
{
	int port = 0;

	if (**url != ':')
		return true;
	if (*++*url == '0')
		return false;
	for (; **url >= '0' && **url <= '9' && port <= PORT_MOST; ++*url)
		port = port * 10 + (**url - '0');
	return port >= 1 && port <= PORT_MOST;
}

/* Labels with points between, and one behind for the root.  No name ends in
 * a label of digits (RFC 3696, section 2), so that is an address, and one
 * that is not written in full ("127.1") differs from reader to reader. */
static bool
is_name(const char *host)
{
	const char *label, *next;
	struct in_addr address;
	size_t length;

	for (label = host; *label != '\0'; label = next) {
		length = strcspn(label, ".");
		next = label + length + (label[length] == '.');
		if (length == 0 || length > LABEL_MOST)
			return false;
		if (*next == '\0' && strspn(label, DIGITS) == length)
			return inet_pton(AF_INET, host, &address) == 1;
	}
	return *host != '\0';
}

static bool
is_allowed(const char *host, const char *allow)
{
	if (allow == NULL)
		return false;
	if (text_equal_nocase(host, "localhost"))
		return is_covered("127.0.0.1", allow) ||
		       is_covered("::1", allow);
	return is_covered(host, allow);
}

/* Is the host an address in one of these networks? */
static bool
is_covered(const char *host, const char *allow)
{
	char network[NETWORK_MOST + 1];
	struct address address;
	size_t length;

	if (!address_parse(host, &address))
		return false;
	for (; *allow != '\0'; allow += length) {
		allow += strspn(allow, ", \t");
		length = strcspn(allow, ", \t");
		if (length > NETWORK_MOST)
			continue;
		(void)memcpy(network, allow, length);
		network[length] = '\0';
		if (is_within(&address, network))
			return true;
	}
	return false;
}

/* What is no network has no address within; `network` is cut in two. */
static bool
is_within(const struct address *address, char *network)
{
	char *slash = strchr(network, '/');
	struct address base;
	int64_t bits;
	size_t whole, rest;

	if (slash != NULL)
		*slash = '\0';
	if (!address_parse(network, &base) || base.size != address->size)
		return false;
	bits = (int64_t)base.size * 8;
	if (slash != NULL && (text_to_integer(slash + 1, &bits) || bits < 0 ||
				 bits > (int64_t)base.size * 8))
		return false;
	whole = (size_t)bits / 8;
	rest = (size_t)bits % 8;
	if (memcmp(base.bytes, address->bytes, whole) != 0)
		return false;
	return rest == 0 ||
	       (base.bytes[whole] ^ address->bytes[whole]) >> (8 - rest) == 0;
}

static bool
address_parse(const char *text, struct address *address)
{
	address->size = sizeof(struct in_addr);
	if (inet_pton(AF_INET, text, address->bytes) == 1)
		return true;
	address->size = sizeof(struct in6_addr);
	return inet_pton(AF_INET6, text, address->bytes) == 1;
}
