/*
 * A reading of the registries of addresses with a special purpose (RFC
 * 6890).  IPv4 addresses have one form here, that of four bytes, whichever
 * way they were written.
 */
#include "base/base.h"

#include "net/guard.h"

#include "base/text.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#define SEPARATORS ", \t"
#define NETWORK_MOST 64 /* more than any address with its prefix length */
#define MAPPED_SIZE 12  /* what stands before the four bytes */

/* The addresses whose first `bits` are these; all bits: one address. */
struct network {
	size_t size; /* bytes: 4 or 16 */
	unsigned char bytes[sizeof(struct in6_addr)];
	int64_t bits;
};

/* What is not the public internet.  Of IPv6 nothing but 2000::/3 is (RFC
 * 4291, section 2.4), and not all of that.  To add a network, add a row. */
/* clang-format off */
static const char *const blocked[] = {
	"0.0.0.0/8",       /* this network, RFC 791 */
	"10.0.0.0/8",      /* private, RFC 1918 */
	"100.64.0.0/10",   /* behind a carrier's NAT, RFC 6598 */
	"127.0.0.0/8",     /* loopback, RFC 1122 */
	"169.254.0.0/16",  /* link-local, RFC 3927; the metadata of clouds */
	"172.16.0.0/12",   /* private, RFC 1918 */
	"192.0.0.0/24",    /* protocol assignments, RFC 6890 */
	"192.0.2.0/24",    /* documentation, RFC 5737 */
	"192.88.99.0/24",  /* relays of 6to4, RFC 7526 */
	"192.168.0.0/16",  /* private, RFC 1918 */
	"198.18.0.0/15",   /* benchmarks, RFC 2544 */
	"198.51.100.0/24", /* documentation, RFC 5737 */
	"203.0.113.0/24",  /* documentation, RFC 5737 */
	"224.0.0.0/4",     /* multicast, RFC 5771 */
	"240.0.0.0/4",     /* reserved, RFC 1112; broadcast */
	"::/3",            /* unspecified, loopback, IPv4-compatible and
	                      -translated, NAT64 (RFC 6052, 8215), discard */
	"2001::/23",       /* Teredo, benchmarks, ORCHID, RFC 2928 */
	"2001:db8::/32",   /* documentation, RFC 3849 */
	"2002::/16",       /* 6to4, RFC 3056 */
	"3fff::/20",       /* documentation, RFC 9637 */
	"4000::/2",        /* not assigned, or within (RFC 9602) */
	"8000::/1",        /* not assigned; unique local (RFC 4193), link-local,
	                      site-local (RFC 3879), multicast */
};
/* clang-format on */

static bool is_allowed(const struct network *address, const char *allow);
static bool is_blocked(const struct network *address);
static bool is_within(
    const struct network *address, const struct network *network);
static bool network_parse(
    const char *text, size_t length, struct network *network);
static bool address_parse(const char *text, struct network *address);
static void address_set(
    struct network *address, const void *bytes, size_t size);
static void unmap(struct network *network);

bool
guard_allows(const struct sockaddr *address, const char *allow)
{
	struct network judged;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;

	if (address->sa_family == AF_INET) {
		(void)memcpy(&in, address, sizeof(in));
		address_set(&judged, &in.sin_addr, sizeof(in.sin_addr));
	} else if (address->sa_family == AF_INET6) {
		(void)memcpy(&in6, address, sizeof(in6));
		address_set(&judged, &in6.sin6_addr, sizeof(in6.sin6_addr));
	} else {
		return false;
	}
	unmap(&judged);
	return is_allowed(&judged, allow) || !is_blocked(&judged);
}

bool
guard_allows_text(const char *address, const char *allow)
{
	struct network judged;

	if (!address_parse(address, &judged))
		return false;
	unmap(&judged);
	return is_allowed(&judged, allow) || !is_blocked(&judged);
}

static bool
is_allowed(const struct network *address, const char *allow)
{
	struct network network;
	size_t length;

	if (allow == NULL)
		return false;
	for (; *allow != '\0'; allow += length) {
		allow += strspn(allow, SEPARATORS);
		length = strcspn(allow, SEPARATORS);
		if (network_parse(allow, length, &network) &&
		    is_within(address, &network))
			return true;
	}
	return false;
}

static bool
is_blocked(const struct network *address)
{
	struct network network;
	bool parsed;
	size_t i;

	for (i = 0; i < COUNT(blocked); i++) {
		parsed =
		    network_parse(blocked[i], strlen(blocked[i]), &network);
		assert(parsed);
		if (is_within(address, &network))
			return true;
	}
	return false;
}

static bool
is_within(const struct network *address, const struct network *network)
{
	size_t whole = (size_t)network->bits / 8;
	size_t rest = (size_t)network->bits % 8;

	if (address->size != network->size ||
	    memcmp(address->bytes, network->bytes, whole) != 0)
		return false;
	return rest == 0 ||
	       (address->bytes[whole] ^ network->bytes[whole]) >> (8 - rest) ==
		   0;
}

/* "10.0.0.0/8", or an address alone. */
static bool
network_parse(const char *text, size_t length, struct network *network)
{
	char copy[NETWORK_MOST + 1];
	char *slash;
	int64_t bits;

	if (length > NETWORK_MOST)
		return false;
	(void)memcpy(copy, text, length);
	copy[length] = '\0';
	slash = strchr(copy, '/');
	if (slash != NULL)
		*slash = '\0';
	if (!address_parse(copy, network))
		return false;
	if (slash != NULL) {
		if (text_to_integer(slash + 1, &bits) || bits < 0 ||
		    bits > network->bits)
			return false;
		network->bits = bits;
	}
	unmap(network);
	return true;
}

static bool
address_parse(const char *text, struct network *address)
{
	struct in_addr in;
	struct in6_addr in6;

	if (inet_pton(AF_INET, text, &in) == 1)
		address_set(address, &in, sizeof(in));
	else if (inet_pton(AF_INET6, text, &in6) == 1)
		address_set(address, &in6, sizeof(in6));
	else
		return false;
	return true;
}

static void
address_set(struct network *address, const void *bytes, size_t size)
{
	address->size = size;
	address->bits = (int64_t)size * 8;
	(void)memcpy(address->bytes, bytes, size);
}

/* RFC 4291, section 2.5.5.2: the kernel connects to these by IPv4. */
static void
unmap(struct network *network)
{
	static const unsigned char mapped[MAPPED_SIZE] = {
		[10] = 0xff, [11] = 0xff
	};

	if (network->size != sizeof(struct in6_addr) ||
	    network->bits < MAPPED_SIZE * 8 ||
	    memcmp(network->bytes, mapped, MAPPED_SIZE) != 0)
		return;
	network->size = sizeof(struct in_addr);
	network->bits -= MAPPED_SIZE * 8;
	(void)memmove(network->bytes, network->bytes + MAPPED_SIZE,
	    sizeof(struct in_addr));
}
