/*
 * The addresses that may be called, and those that may not.
 */
#include "base/base.h"

#include "net/guard.h"

#include "tap.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

/* The first and the last address of each network, as far as that goes. */
static const char *const refused[] = {
	"0.0.0.0",
	"0.0.0.1",
	"0.255.255.255",
	"10.0.0.0",
	"10.255.255.255",
	"100.64.0.0",
	"100.127.255.255",
	"127.0.0.1",
	"127.255.255.255",
	"169.254.0.0",
	"169.254.169.254",
	"169.254.255.255",
	"172.16.0.0",
	"172.31.255.255",
	"192.0.0.0",
	"192.0.0.255",
	"192.0.2.0",
	"192.0.2.255",
	"192.88.99.1",
	"192.168.0.0",
	"192.168.255.255",
	"198.18.0.0",
	"198.19.255.255",
	"198.51.100.0",
	"198.51.100.255",
	"203.0.113.0",
	"203.0.113.255",
	"224.0.0.0",
	"239.255.255.255",
	"240.0.0.0",
	"255.255.255.255",
	"::",
	"::1",
	"::127.0.0.1",
	"::8.8.8.8",
	"::ffff:0.0.0.0",
	"::ffff:127.0.0.1",
	"::ffff:7f00:1",
	"::ffff:10.0.0.1",
	"::ffff:169.254.169.254",
	"::ffff:192.168.1.1",
	"::ffff:255.255.255.255",
	"::ffff:0:127.0.0.1",
	"64:ff9b::7f00:1",
	"64:ff9b::10.0.0.1",
	"64:ff9b:1::1",
	"100::1",
	"1fff:ffff::",
	"2001::1",
	"2001:2::1",
	"2001:10::1",
	"2001:1ff:ffff::",
	"2001:db8::",
	"2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
	"2002::",
	"2002:7f00:1::",
	"2002:a00:1::1",
	"2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
	"3fff::1",
	"3fff:fff:ffff::1",
	"4000::",
	"5f00::1",
	"8000::1",
	"fc00::1",
	"fd00:ec2::254",
	"fdff:ffff::1",
	"fe80::1",
	"febf::1",
	"fec0::1",
	"feff::1",
	"ff02::1",
	"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
};

/* The neighbours of those. */
static const char *const public[] = {
	"1.0.0.0",
	"8.8.8.8",
	"9.255.255.255",
	"11.0.0.0",
	"100.63.255.255",
	"100.128.0.0",
	"126.255.255.255",
	"128.0.0.0",
	"169.253.255.255",
	"169.255.0.0",
	"172.15.255.255",
	"172.32.0.0",
	"191.255.255.255",
	"192.0.1.0",
	"192.0.3.0",
	"192.88.98.255",
	"192.88.100.0",
	"192.167.255.255",
	"192.169.0.0",
	"198.17.255.255",
	"198.20.0.0",
	"198.51.99.255",
	"198.51.101.0",
	"203.0.112.255",
	"203.0.114.0",
	"223.255.255.255",
	"::ffff:8.8.8.8",
	"2000::",
	"2001:200::1",
	"2001:4860:4860::8888",
	"2001:db7::1",
	"2001:db9::1",
	"2003::1",
	"2606:4700:4700::1111",
	"3ffe::1",
	"3fff:1000::1",
};

struct allowance {
	const char *allow;
	const char *address;
	bool allowed;
};

static const struct allowance allowances[] = {
	{ "", "127.0.0.1", false },
	{ ",", "127.0.0.1", false },
	{ " , ", "127.0.0.1", false },
	{ "127.0.0.0/8, ::1, 10.0.0.0/8", "127.0.0.1", true },
	{ "127.0.0.0/8, ::1, 10.0.0.0/8", "127.255.255.255", true },
	{ "127.0.0.0/8, ::1, 10.0.0.0/8", "::1", true },
	{ "127.0.0.0/8, ::1, 10.0.0.0/8", "10.9.8.7", true },
	{ "127.0.0.0/8, ::1, 10.0.0.0/8", "11.0.0.1", true },
	{ "127.0.0.0/8, ::1, 10.0.0.0/8", "::2", false },
	{ "127.0.0.0/8, ::1, 10.0.0.0/8", "192.168.0.1", false },
	{ "127.0.0.0/8,::1\t10.0.0.0/8", "10.0.0.1", true },
	{ "127.0.0.1", "127.0.0.1", true },
	{ "127.0.0.1", "127.0.0.2", false },
	{ "127.0.0.1/32", "127.0.0.2", false },
	{ "192.168.4.0/22", "192.168.7.255", true },
	{ "192.168.4.0/22", "192.168.8.0", false },
	{ "192.168.4.0/22", "192.168.3.255", false },
	{ "192.168.7.9/22", "192.168.4.1", true },
	{ "0.0.0.0/0", "10.0.0.1", true },
	{ "0.0.0.0/0", "::1", false },
	{ "::/0", "fd00::1", true },
	{ "::/0", "127.0.0.1", false },
	{ "::/0", "::ffff:127.0.0.1", false },
	{ "fd00:1::/33", "fd00:1:7fff::1", true },
	{ "fd00:1::/33", "fd00:1:8000::1", false },
	{ "127.0.0.0/8", "::ffff:127.0.0.1", true },
	{ "::ffff:127.0.0.1", "127.0.0.1", true },
	{ "::ffff:127.0.0.0/104", "127.1.1.1", true },
	{ "::ffff:127.0.0.0/104", "10.0.0.1", false },
	{ "127.0.0.0/8", "::127.0.0.1", false },
	{ "127.0.0.0/8", "64:ff9b::127.0.0.1", false },
	{ "127.0.0.0/8", "2002:7f00:1::", false },
	{ "127.0.0.0/33", "127.0.0.1", false },
	{ "127.0.0.0/-1", "127.0.0.1", false },
	{ "127.0.0.0/", "127.0.0.1", false },
	{ "127.0.0.0/8x", "127.0.0.1", false },
	{ "127.0.0.0/8/8", "127.0.0.1", false },
	{ "127", "127.0.0.1", false },
	{ "localhost", "127.0.0.1", false },
	{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	  "aaaaaaa,::1",
	    "::1", true },
};

static bool
is_allowed(const char *text, const char *allow)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };

	if (inet_pton(AF_INET, text, &in.sin_addr) == 1)
		return guard_allows((const struct sockaddr *)&in, allow);
	assert(inet_pton(AF_INET6, text, &in6.sin6_addr) == 1);
	return guard_allows((const struct sockaddr *)&in6, allow);
}

static void
test_blocked(void)
{
	size_t i;

	for (i = 0; i < COUNT(refused); i++)
		ok(!is_allowed(refused[i], NULL) &&
			!guard_allows_text(refused[i], NULL),
		    "%s may not be called", refused[i]);
	for (i = 0; i < COUNT(public); i++)
		ok(is_allowed(public[i], NULL) &&
			guard_allows_text(public[i], NULL),
		    "%s may be called", public[i]);
}

static void
test_allowed(void)
{
	const struct allowance *row;

	for (row = allowances; row < allowances + COUNT(allowances); row++)
		ok(is_allowed(row->address, row->allow) == row->allowed &&
			guard_allows_text(row->address, row->allow) ==
			    row->allowed,
		    "with \"%s\" listed, %s %s be called", row->allow,
		    row->address, row->allowed ? "may" : "may not");
}

/* What a name for an address could be in other mouths. */
static void
test_texts(void)
{
	static const char *const texts[] = { "", "localhost", "2130706433",
		"0x7f000001", "0177.0.0.1", "8.8.8", "8.8.8.8 ", "8.8.8.8/32",
		"[::1]", "fe80::1%lo", "example.com" };
	size_t i;

	for (i = 0; i < COUNT(texts); i++)
		ok(!guard_allows_text(texts[i], "0.0.0.0/0, ::/0"),
		    "\"%s\" is no address, so it may not be called", texts[i]);
}

static void
test_families(void)
{
	struct sockaddr_un local = { .sun_family = AF_UNIX,
		.sun_path = "/run/mysqld/mysqld.sock" };
	struct sockaddr none = { .sa_family = AF_UNSPEC };

	ok(!guard_allows((const struct sockaddr *)&local, "0.0.0.0/0, ::/0"),
	    "a socket in the file system may not be called");
	ok(!guard_allows(&none, "0.0.0.0/0, ::/0"),
	    "an address of no family may not be called");
}

int
main(void)
{
	test_blocked();
	test_allowed();
	test_texts();
	test_families();
	return done();
}
