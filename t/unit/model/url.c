/*
 * The addresses that may be called.
 */
#include "base/base.h"

#include "base/arena.h"
#include "model/url.h"

#include "tap.h"

#define LABEL_63                                                               \
	"a23456789012345678901234567890123456789012345678901234567890123"
#define NAME_253                                                               \
	LABEL_63                                                               \
	"." LABEL_63 "." LABEL_63                                              \
	".a23456789012345678901234567890123456789012345678901234567890"        \
	"1"

static_assert(sizeof(LABEL_63) == 63 + 1, "the longest label");
static_assert(sizeof(NAME_253) == 253 + 1, "the longest name");

/* URLs that may be called, and that may not, whatever is allowed. */
static const char *const fine[] = {
	"https://example.com",
	"https://example.com/",
	"https://example.com/a/b?c=d&e=%20#f",
	"https://example.com?c",
	"https://example.com#f",
	"https://example.com/@user:80",
	"https://example.com/?to=http://127.0.0.1/",
	"https://example.com/{{id}}",
	"HTTPS://EXAMPLE.COM/",
	"hTTpS://example.com",
	"https://example.com.",
	"https://example",
	"https://my_service.example",
	"https://xn--bcher-kva.example",
	"https://1password.example",
	"https://3com",
	"https://example.com:1",
	"https://example.com:443/",
	"https://example.com:65535?",
	"https://192.0.2.7",
	"https://192.0.2.7:8443/hook",
	"https://127.0.0.1/",
	"https://localhost/",
	"https://[2001:db8::1]",
	"https://[2001:db8::1]:8443/",
	"https://[::ffff:192.0.2.7]/",
	"https://" LABEL_63 ".example",
	"https://" NAME_253,
};

static const char *const never[] = {
	"",
	"https",
	"https:",
	"https:/",
	"https://",
	"https:///",
	"https:///path",
	"https://?a",
	"https://#a",
	"https://:443",
	"https://:443/",
	"https:example.com",
	"https:/example.com",
	"https//example.com",
	"//example.com/",
	"/path",
	"example.com",
	"example.com:443/",
	"ftp://example.com/",
	"file:///etc/passwd",
	"gopher://example.com/",
	"javascript://example.com/",
	"ws://example.com/",
	"httpss://example.com/",
	"http+unix://example.com/",
	"http://",
	" https://example.com/",
	"https://example.com/ ",
	"https://example.com/a b",
	"https://exa mple.com/",
	"https://example.com/\t",
	"https://example.com/\n",
	"https://example.com/\r\nHost: x",
	"https://example.com/\x01",
	"https://example.com/\x7f",
	"https://example.com/\xc3\xa9",
	"https://b\xc3\xbc"
	"cher.example/",
	"https://example.com\\",
	"https://example.com/\\a",
	"https:\\\\example.com/",
	"https://example.com/\"",
	"https://example.com/'",
	"https://example.com/<a>",
	"https://example.com/>",
	"https://user@example.com/",
	"https://user:password@example.com/",
	"https://:password@example.com/",
	"https://@example.com/",
	"https://user:80@example.com/",
	"https://example.com:80@127.0.0.1/",
	"https://example.com@127.0.0.1/",
	"https://[::1]@example.com/",
	"https://[::1]:80@example.com/",
	"https://example.com:",
	"https://example.com:/",
	"https://example.com:0",
	"https://example.com:080",
	"https://example.com:65536",
	"https://example.com:100000",
	"https://example.com:4294967739",
	"https://example.com:18446744073709552059",
	"https://example.com:-1",
	"https://example.com:+1",
	"https://example.com:8o",
	"https://example.com:80:80",
	"https://example.com::80",
	"https://.",
	"https://.example.com",
	"https://example..com",
	"https://example.com..",
	"https://exam%70le.com/",
	"https://example.com%2f/",
	"https://example,com/",
	"https://example.com;a/",
	"https://*.example.com/",
	"https://{{host}}/",
	"https://a" LABEL_63 ".example",
	"https://" NAME_253 "1",
	"https://127.1/",
	"https://2130706433/",
	"https://256.0.0.1/",
	"https://192.0.2.7.8/",
	"https://192.0.2.07/",
	"https://192.0.2.7./",
	"https://[]",
	"https://[]/",
	"https://[",
	"https://[::1",
	"https://[::1/",
	"https://::1/",
	"https://[192.0.2.7]/",
	"https://[example.com]/",
	"https://[::g]/",
	"https://[1:2:3:4:5:6:7:8:9]/",
	"https://[fe80::1%25eth0]/",
	"https://[fe80::1%eth0]/",
	"https://[[::1]]/",
	"https://[::1]a/",
	"https://[::1]]/",
	"https://a[::1]/",
};

static const struct {
	const char *url, *allow;
	bool callable;
} plain[] = {
	/* clang-format off */
	{ "http://127.0.0.1/",       NULL,                  false },
	{ "http://127.0.0.1/",       "",                    false },
	{ "http://127.0.0.1/",       "127.0.0.1",           true  },
	{ "HTTP://127.0.0.1:8080/a", "127.0.0.1",           true  },
	{ "http://127.0.0.2/",       "127.0.0.1",           false },
	{ "http://127.0.0.2/",       "127.0.0.0/8",         true  },
	{ "http://127.255.255.255/", "127.0.0.1/8",         true  },
	{ "http://128.0.0.0/",       "127.0.0.0/8",         false },
	{ "http://10.1.2.3",         "127.0.0.0/8, 10.0.0.0/8", true },
	{ "http://10.1.2.3",         "127.0.0.0/8,10.0.0.0/8",  true },
	{ "http://10.1.2.3",         " ,, 10.1.2.3 ,",      true  },
	{ "http://10.1.2.3",         "\t10.1.2.3\t",        true  },
	{ "http://10.1.3.255",       "10.1.2.0/23",         true  },
	{ "http://10.1.4.0",         "10.1.2.0/23",         false },
	{ "http://10.1.1.255",       "10.1.2.0/23",         false },
	{ "http://10.1.2.2",         "10.1.2.3/31",         true  },
	{ "http://10.1.2.4",         "10.1.2.3/31",         false },
	{ "http://10.1.2.3",         "10.1.2.3/32",         true  },
	{ "http://10.1.2.2",         "10.1.2.3/32",         false },
	{ "http://128.0.0.1",        "128.0.0.0/1",         true  },
	{ "http://127.0.0.1",        "128.0.0.0/1",         false },
	{ "http://203.0.113.9",      "0.0.0.0/0",           true  },
	{ "http://[::1]/",           "::1",                 true  },
	{ "http://[::1]:8080/",      "127.0.0.0/8, ::1",    true  },
	{ "http://[0:0:0:0:0:0:0:1]", "::1",                true  },
	{ "http://[::2]/",           "::1",                 false },
	{ "http://[::1]/",           "127.0.0.0/8",         false },
	{ "http://[::1]/",           "0.0.0.0/0",           false },
	{ "http://127.0.0.1/",       "::/0",                false },
	{ "http://[::ffff:127.0.0.1]/", "127.0.0.0/8",      false },
	{ "http://[fd00:1234::1]/",  "fc00::/7",            true  },
	{ "http://[FD00:1234::1]/",  "fc00::/7",            true  },
	{ "http://[fe00::1]/",       "fc00::/7",            false },
	{ "http://[2001:db8::1]/",   "2001:db8::/127",      true  },
	{ "http://[2001:db8::2]/",   "2001:db8::/127",      false },
	{ "http://[2001:db8::2]/",   "2001:db8::2/128",     true  },
	{ "http://[2001:db8::2]/",   "::/0",                true  },

	{ "http://localhost/",       NULL,                  false },
	{ "http://localhost/",       "10.0.0.0/8",          false },
	{ "http://localhost/",       "127.0.0.2",           false },
	{ "http://localhost/",       "127.0.0.1",           true  },
	{ "http://LocalHost:8080",   "127.0.0.0/8",         true  },
	{ "http://localhost/",       "::1",                 true  },
	{ "http://localhost./",      "127.0.0.1",           false },
	{ "http://localhost.example/", "127.0.0.1",         false },
	{ "http://localhos/",        "127.0.0.1",           false },

	{ "http://example.com/",     "0.0.0.0/0, ::/0",     false },
	{ "http://127.1/",           "0.0.0.0/0",           false },
	{ "http://0x7f000001/",      "0.0.0.0/0",           false },
	{ "http://127.0.0.1@example.com/", "0.0.0.0/0",     false },
	{ "http://127.0.0.1.example.com/", "127.0.0.1",     false },
	{ "http://127.0.0.1:0/",     "127.0.0.1",           false },

	{ "http://10.1.2.3",         "10.1.2.3/33",         false },
	{ "http://10.1.2.3",         "10.1.2.3/-1",         false },
	{ "http://10.1.2.3",         "10.1.2.3/",           false },
	{ "http://10.1.2.3",         "10.1.2.3/x",          false },
	{ "http://10.1.2.3",         "10.1.2.3/8/8",        false },
	{ "http://10.1.2.3",         "10.1.2.3/4294967296", false },
	{ "http://10.1.2.3",         "/0",                  false },
	{ "http://10.1.2.3",         "10/8",                false },
	{ "http://10.1.2.3",         "10.1.2.3;10.1.2.4",   false },
	{ "http://10.1.2.3",         "nonsense, 10.1.2.3",  true  },
	{ "http://10.1.2.3",         LABEL_63 "aa, 10.1.2.3", true  },
	{ "http://[::1]",            "::1/129",             false },
	{ "http://[::1]",            "[::1]",               false },
	/* clang-format on */
};

static void
test_length(void)
{
	char url[URL_MOST + 2] = "https://example.com/";

	memset(url + strlen(url), 'a', URL_MOST - strlen(url));
	ok(strlen(url) == URL_MOST && url_is_callable(url, NULL),
	    "a URL of the most bytes may be called");
	url[URL_MOST] = 'a';
	ok(!url_is_callable(url, NULL), "one of a byte more may not");
}

/* clang-format off */
static const struct {
	const char *url, *http, *socket;
	bool is_socket;
} schemes[] = {
	{ "wss://a.example/b?c", "https://a.example/b?c",
	    "wss://a.example/b?c", true },
	{ "WS://a.example", "http://a.example", "WS://a.example", true },
	{ "https://a.example:443", "https://a.example:443",
	    "wss://a.example:443", false },
	{ "http://127.0.0.1:7880", "http://127.0.0.1:7880",
	    "ws://127.0.0.1:7880", false },
	{ "wsss://a", "wsss://a", "wsss://a", false },
	{ "", "", "", false },
};
/* clang-format on */

static void
test_schemes(void)
{
	struct arena *arena = arena_new();
	size_t i;

	for (i = 0; i < COUNT(schemes); i++) {
		is_text(url_of_http(arena, schemes[i].url), schemes[i].http,
		    "%s over HTTP", schemes[i].url);
		is_text(url_of_socket(arena, schemes[i].url), schemes[i].socket,
		    "%s over a socket", schemes[i].url);
		is_int(url_is_socket(schemes[i].url), schemes[i].is_socket,
		    "%s is one or not", schemes[i].url);
	}
	arena_free(arena);
}

int
main(void)
{
	bool refused;
	size_t i;

	for (i = 0; i < COUNT(fine); i++)
		ok(url_is_callable(fine[i], NULL), "%.80s may be called",
		    fine[i]);
	for (i = 0; i < COUNT(never); i++) {
		refused = !url_is_callable(never[i], NULL) &&
			  !url_is_callable(never[i], "0.0.0.0/0, ::/0");
		if (!ok(refused, "bad URL %zu may not be called", i))
			printf("#   %s\n", never[i]);
	}
	for (i = 0; i < COUNT(plain); i++)
		is_int(url_is_callable(plain[i].url, plain[i].allow),
		    plain[i].callable, "%s %s be called where %s is allowed",
		    plain[i].url, plain[i].callable ? "may" : "may not",
		    plain[i].allow != NULL ? plain[i].allow : "nothing");
	test_length();
	test_schemes();
	return done();
}
