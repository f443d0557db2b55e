/*
 * What a configuration may be, where it comes from, and what is said about
 * each mistake.
 */
#include "base/base.h"

#include "base/config.h"

#include "base/arena.h"
#include "base/buf.h"

#include "tap.h"

#include <stdlib.h>
#include <unistd.h>

#define CEILING 65536

static void
file_write(const char *path, const char *text, size_t length)
{
	FILE *file = fopen(path, "w");

	if (file == NULL || fwrite(text, 1, length, file) != length ||
	    fclose(file) != 0)
		abort();
}

/* The mistakes in a file of this text, "" when there are none. */
static const char *
load(struct arena *arena, const char *path, const char *text,
    struct config *config)
{
	struct buf why;
	enum outcome rc;

	buf_init(&why, arena, CEILING);
	file_write(path, text, strlen(text));
	rc = config_load(arena, path, config, &why);
	if ((rc == OK) != (why.length == 0))
		return "the outcome and the mistakes disagree";
	return buf_text(&why);
}

static void
test_defaults(struct arena *arena, const char *path)
{
	struct config config;

	is_text(load(arena, path, "", &config), "", "an empty file is right");
	is_text(config.database_name, "parley", "the database is parley");
	is_text(config.database_user, "parley", "the user is parley");
	is_text(config.database_host, "127.0.0.1", "the host is this one");
	is_int(config.database_port, 3306, "the port is MySQL's");
	is_int(config.database_timeout, 10, "the database has ten seconds");
	is_int(config.api_children, 8, "there are eight children");
	is_int(config.api_requests, 10000, "a child serves 10000 requests");
	is_int(config.api_backlog, 4096, "4096 connections may wait");
	is_text(config.api_socket_mode, "0660", "the group may connect");
	is_int(config.api_rate, 1000, "an account may ask 1000 times a second");
	is_int(config.api_burst, 2000, "an account may ask 2000 times at once");
	is_int(config.llm_timeout, 60, "a model has a minute");
	is_int(config.llm_most_tokens, 1024, "and so many tokens");
	is_int(config.livekit_lifetime, 600, "a room has ten minutes");
	ok(config.database_socket == NULL && config.database_hosts == NULL &&
		config.database_password == NULL &&
		config.http_public_url == NULL && config.api_user == NULL &&
		config.net_allow == NULL && config.secret_key_file == NULL &&
		config.llm_url == NULL && config.llm_key == NULL &&
		config.llm_model == NULL,
	    "the rest is unset");
}

static void
test_file(struct arena *arena, const char *path)
{
	struct config config;

	is_text(load(arena, path,
		    "\xEF\xBB\xBF; by hand\n"
		    "[database]\r\n"
		    "  socket = /run/my sql.sock\t# a comment\r\n"
		    "port: 3307 ; another\n"
		    "password = a#b;c=[d]\n"
		    "name=\xC3\xBC\n"
		    "hosts =\n"
		    "\n   \n"
		    "[api] # the third\n"
		    "rate = 0\n"
		    "burst = 0\n"
		    "[net]\n"
		    "allow = 10.1.2.0/24 ,::1,fd00::/8, 192.0.2.7\n"
		    "[http]\n"
		    "public_url = https://[2001:db8::1]:8443/a",
		    &config),
	    "", "comments, white space and line ends are taken as usual");
	is_text(config.database_socket, "/run/my sql.sock",
	    "a comment behind a value is cut");
	is_int(config.database_port, 3307, "a colon is as good as =");
	is_text(config.database_password, "a#b;c=[d]",
	    "a comment needs a space before it");
	is_text(config.database_name, "\xC3\xBC", "a value may be UTF-8");
	ok(config.database_hosts == NULL, "an empty value is no value");
	is_text(config.net_allow, "10.1.2.0/24 ,::1,fd00::/8, 192.0.2.7",
	    "networks are kept as they were written");
	is_text(config.http_public_url, "https://[2001:db8::1]:8443/a",
	    "the last line needs no line feed");
}

/* clang-format off */
static const struct {
	const char *file, *why; /* without the path before it */
	const char *name;
} mistakes[] = {
	{ "[databse]\nport = 1\nname = x\n",
	  "1: there is no section [databse]; did you mean database?",
	  "an unknown section is one mistake" },
	{ "[zzzzzzzzzzz]\n",
	  "1: there is no section [zzzzzzzzzzz]",
	  "a section that is like no other has no suggestion" },
	{ "[database\nport = 1\n",
	  "1: is not \"[section]\"",
	  "a section's bracket must be closed" },
	{ "port = 1\n",
	  "1: \"port\" stands before any [section]",
	  "a key needs a section" },
	{ "[database]\n\nports = 1\n",
	  "3: there is no key \"ports\" in [database]; did you mean port?",
	  "an unknown key is told the nearest" },
	{ "[api]\nport = 1\n",
	  "2: there is no key \"port\" in [api]",
	  "a key of another section is unknown" },
	{ "[database]\nport\n",
	  "2: is not \"key = value\"",
	  "a line must be a pair" },
	{ "[database]\nport = 1\n\nport = 1\n",
	  "4: [database] port is repeated; it stands in line 2 already",
	  "a key must not be repeated" },
	{ "[database]\nport = 0\n",
	  "2: [database] port must be an integer from 1 to 65535, not \"0\"",
	  "an integer has a least" },
	{ "[database]\nport = 65536\n",
	  "2: [database] port must be an integer from 1 to 65535, "
	  "not \"65536\"",
	  "an integer has a most" },
	{ "[api]\nrequests = 10k\n",
	  "2: [api] requests must be an integer of at least 1, not \"10k\"",
	  "an integer is nothing but digits" },
	{ "[api]\nchildren =\n",
	  "2: [api] children must be an integer from 0 to 1000, not \"\"",
	  "an empty value is not silently the default" },
	{ "[database]\nname =\n",
	  "2: [database] name must be a text that is not empty, not \"\"",
	  "a text with a default must not be empty" },
	{ "[secret]\nkey_file = key\n",
	  "2: [secret] key_file must be an absolute path, not \"key\"",
	  "a path must be absolute" },
	{ "[api]\nsocket_mode = 0688\n",
	  "2: [api] socket_mode must be octal permissions such as 0660, "
	  "not \"0688\"",
	  "a mode is octal" },
	{ "[api]\nsocket_mode = 4660\n",
	  "2: [api] socket_mode must be octal permissions such as 0660, "
	  "not \"4660\"",
	  "a mode has no special bits" },
	{ "[http]\npublic_url = example.org\n",
	  "2: [http] public_url must be an http:// or https:// address "
	  "without ? and #, not \"example.org\"",
	  "an address needs its scheme" },
	{ "[http]\npublic_url = https:///a\n",
	  "2: [http] public_url must be an http:// or https:// address "
	  "without ? and #, not \"https:///a\"",
	  "an address needs its host" },
	{ "[net]\nallow = 10.0.0.0/33\n",
	  "2: [net] allow must be IPv4 and IPv6 addresses or networks such as "
	  "10.1.2.0/24, with commas between, not \"10.0.0.0/33\"",
	  "an IPv4 network has at most 32 bits" },
	{ "[net]\nallow = ::1, localhost\n",
	  "2: [net] allow must be IPv4 and IPv6 addresses or networks such as "
	  "10.1.2.0/24, with commas between, not \"::1, localhost\"",
	  "a network is not a name" },
	{ "[net]\nallow = ::1 ::2\n",
	  "2: [net] allow must be IPv4 and IPv6 addresses or networks such as "
	  "10.1.2.0/24, with commas between, not \"::1 ::2\"",
	  "networks have commas between them" },
	{ "[net]\nallow = ::1,\n",
	  "2: [net] allow must be IPv4 and IPv6 addresses or networks such as "
	  "10.1.2.0/24, with commas between, not \"::1,\"",
	  "a comma has a network on either side" },
	{ "[database]\npassword = abc #def\n",
	  "2: [database] password must have no comment behind it; one with "
	  "\" #\" or \" ;\" inside can only be given in "
	  "PARLEY_DATABASE_PASSWORD",
	  "a password is not cut in silence, and not shown" },
	{ "[database]\nname = \xFF\n",
	  "2: is not UTF-8 text",
	  "the file must be UTF-8" },
};
/* clang-format on */

static void
test_mistakes(struct arena *arena, const char *path)
{
	struct config config;
	size_t i;

	for (i = 0; i < COUNT(mistakes); i++)
		is_text(load(arena, path, mistakes[i].file, &config),
		    arena_format(arena, "%s:%s", path, mistakes[i].why), "%s",
		    mistakes[i].name);
	is_text(load(arena, path, "[api]\nburst = 0\n", &config),
	    arena_format(arena,
		"[api] burst: must be at least 1 when rate is not 0 "
		"(from %s:2)",
		path),
	    "a rate needs a burst");
}

static void
test_many(struct arena *arena, const char *path)
{
	struct config config = { .api_rate = 77 };

	(void)setenv("PARLEY_DATABASE_PORT", "x", 1);
	(void)setenv("PARLEY_DATABASE_NAM", "x", 1);
	is_text(
	    load(arena, path, "[api]\nx = 1\nno\nrate = -1\n[z]\n", &config),
	    arena_format(arena,
		"%s:2: there is no key \"x\" in [api]\n"
		"%s:3: is not \"key = value\"\n"
		"%s:4: [api] rate must be an integer of at least 0, not "
		"\"-1\"\n"
		"%s:5: there is no section [z]\n"
		"PARLEY_DATABASE_PORT: [database] port must be an integer "
		"from 1 to 65535, not \"x\"\n"
		"PARLEY_DATABASE_NAM: there is no such key; did you mean "
		"PARLEY_DATABASE_NAME?",
		path, path, path, path),
	    "every mistake has its line");
	is_int(config.api_rate, 77, "a failure leaves the configuration alone");
	(void)clearenv();
}

static void
test_long_lines(struct arena *arena, const char *path)
{
	struct config config;
	char *line = arena_alloc(arena, 1000);
	size_t length;

	memcpy(line, "[database]\nhosts = ", 19);
	for (length = 19; length < 190; length++)
		line[length] = 'h';
	is_text(load(arena, path, line, &config), "",
	    "a line of 180 bytes is short enough");
	is_int((int64_t)strlen(config.database_hosts), 190 - 19,
	    "a line is taken whole");
	for (; length < 990; length++)
		line[length] = 'h';
	ok(strstr(load(arena, path, line, &config), ":2: is longer than "),
	    "a line that would be cut is a mistake");
	(void)setenv("PARLEY_DATABASE_HOSTS", line + 19, 1);
	is_text(load(arena, path, "", &config), "",
	    "a variable may be as long as it likes");
	is_text(config.database_hosts, line + 19, "a variable is taken whole");
	(void)clearenv();
}

static void
test_nul(struct arena *arena, const char *path)
{
	static const char text[] = "[database]\nport = 1\0002\n";
	struct config config;
	struct buf why;

	buf_init(&why, arena, CEILING);
	file_write(path, text, sizeof(text) - 1);
	is_int(config_load(arena, path, &config, &why), INVALID,
	    "a NUL in the file is no text");
	is_text(buf_text(&why),
	    arena_format(arena, "%s:2: is not UTF-8 text", path),
	    "a NUL is told");
}

static void
test_environment(struct arena *arena, const char *path)
{
	static const char file[] = "[database]\nport = 1\nname = f\n";
	struct config config;

	(void)setenv("PARLEY_DATABASE_PORT", "2", 1);
	(void)setenv("PARLEY_DATABASE_NAME", "", 1);
	(void)setenv("PARLEY_DATABASE_PASSWORD", "a #b ", 1);
	(void)setenv("PARLEY_SECRET_KEY_FILE", "/k", 1);
	is_text(load(arena, path, file, &config), "", "both are read");
	is_int(config.database_port, 2, "the environment wins");
	is_text(config.database_name, "f", "an empty variable is unset");
	is_text(
	    config.database_password, "a #b ", "a variable is taken as it is");
	is_text(config.secret_key_file, "/k",
	    "a key's name may have an underscore");
	(void)setenv("PARLEY_URL", "x", 1);
	(void)setenv("PARLEY_API_KEY", "x", 1);
	(void)setenv("PARLEY_NUMBER", "x", 1);
	(void)setenv("PARLEY_CA", "x", 1);
	(void)setenv("PARLEY_OTHER", "x", 1);
	(void)setenv("PARLEYDATABASE_X", "x", 1);
	(void)setenv("PARLEY_DATABASES_X", "x", 1);
	is_text(load(arena, path, "", &config), "", "clients' are left alone");
	(void)setenv("PARLEY_DATABASE_PASSWORD", "a\nb", 1);
	is_text(load(arena, path, "", &config),
	    "PARLEY_DATABASE_PASSWORD: [database] password must be one line "
	    "of UTF-8 text",
	    "a value is one line, and a secret is not shown");
	(void)clearenv();
}

static void
test_paths(struct arena *arena, const char *path)
{
	struct config config;
	struct buf why;

	buf_init(&why, arena, CEILING);
	is_int(config_load(arena, "/nowhere/x.ini", &config, &why), INVALID,
	    "a file that is named must be there");
	is_text(buf_text(&why), "/nowhere/x.ini: No such file or directory",
	    "its path and the reason are told");
	buf_init(&why, arena, CEILING);
	is_int(config_load(arena, "/", &config, &why), INVALID,
	    "a directory is no file");
	is_text(buf_text(&why), "/: Is a directory", "that is told too");
	buf_init(&why, arena, CEILING);
	file_write(path, "[database]\nname = v\n", 20);
	(void)setenv("PARLEY_CONFIG", path, 1);
	is_int(config_load(arena, NULL, &config, &why), OK,
	    "PARLEY_CONFIG is read");
	is_text(config.database_name, "v", "its file is the one it names");
	(void)setenv("PARLEY_CONFIG", "/nowhere/y.ini", 1);
	is_int(config_load(arena, NULL, &config, &why), INVALID,
	    "the file that PARLEY_CONFIG names must be there");
	(void)clearenv();
}

static void
test_print(struct arena *arena, const char *path)
{
	struct buf out, why;
	const char *text;

	buf_init(&out, arena, CEILING);
	buf_init(&why, arena, CEILING);
	file_write(path, "[database]\nport = 1\npassword = geheim\n", 38);
	(void)setenv("PARLEY_DATABASE_NAME", "n", 1);
	is_int(config_print(arena, path, &out, &why), OK, "it is printed");
	(void)clearenv();
	text = buf_text(&out);
	ok(strncmp(text, "[database]\nsocket      =  ", 26) == 0,
	    "the table's order is kept");
	ok(strstr(text,
	       arena_format(arena,
		   "\nport        = 1                        # from %s:2\n",
		   path)),
	    "a value of the file says where it stands");
	ok(strstr(text, "\nname        = n                        # from the "
			"environment\n"),
	    "a value of the environment says so");
	ok(strstr(text, "\nhost        = 127.0.0.1                # default\n"),
	    "a default says so");
	ok(strstr(text, "\npassword    = (hidden) ") && !strstr(text, "geheim"),
	    "a secret is not shown");
	ok(strstr(text, "\n\n[net]\nallow       =  "),
	    "a section has a line before it");
	file_write(path, text, strlen(text));
	buf_init(&out, arena, CEILING);
	is_int(config_print(arena, path, &out, &why), INVALID,
	    "a hidden password with a comment is not taken for one");
	is_int((int64_t)out.length, 0, "a wrong configuration is not printed");
}

/* The line, counted from 1, that begins with `start`. */
static int
line_of(const char *text, const char *start)
{
	const char *at = strstr(text, start);
	int line = 2; /* `start` begins with the end of the line before */

	for (; text < at; text++)
		line += *text == '\n';
	return line;
}

static void
test_listing(struct arena *arena, const char *path)
{
	struct config config;
	struct buf out, why;
	char *text, *at;
	size_t count = 0;

	buf_init(&out, arena, CEILING);
	config_describe(&out);
	ok(buf_ok(&out), "the example is written");
	text = arena_text(arena, buf_text(&out));
	is_text(load(arena, path, text, &config), "", "the example is right");
	ok(strstr(text, "\n# The server's TCP port.\n#port = 3306\n"),
	    "a key has its meaning and its default");
	ok(strstr(text, "\n#socket =\n"), "a key without a default is empty");
	for (at = text; at != NULL && *at != '\0';) {
		if (at[0] == '#' && at[1] != ' ') {
			count++;
			at[0] = ' ';
		}
		at = strchr(at, '\n');
		at = at != NULL ? at + 1 : NULL;
	}
	is_int((int64_t)(count * sizeof(int64_t)), sizeof(struct config),
	    "every member has a key");
	is_text(load(arena, path, text, &config), "",
	    "the example is right without the comment signs");
	buf_init(&out, arena, CEILING);
	buf_init(&why, arena, CEILING);
	is_int(config_print(arena, path, &out, &why), OK, "it is printed");
	file_write(path, buf_text(&out), out.length);
	is_text(load(arena, path, buf_text(&out), &config),
	    arena_format(arena,
		"%s:%d: [database] password must have no comment behind it; "
		"one with \" #\" or \" ;\" inside can only be given in "
		"PARLEY_DATABASE_PASSWORD\n"
		"%s:%d: [llm] key must have no comment behind it; "
		"one with \" #\" or \" ;\" inside can only be given in "
		"PARLEY_LLM_KEY",
		path, line_of(buf_text(&out), "\npassword "), path,
		line_of(buf_text(&out), "\nkey ")),
	    "a listing can be read again but for the secrets");
}

static void
test_public_url(struct arena *arena)
{
	struct config config = { .http_public_url = "https://a.example/x//" };

	is_text(config_public_url(arena, &config, "/v1/y"),
	    "https://a.example/x/v1/y", "a path stands behind the public URL");
	config.http_public_url = NULL;
	ok(config_public_url(arena, &config, "/v1/y") == NULL,
	    "without one it cannot be reached");
	config.http_public_url = "";
	ok(config_public_url(arena, &config, "/v1/y") == NULL,
	    "nor with an empty one");
}

int
main(void)
{
	struct arena *arena = arena_new();
	char path[] = "/tmp/parley-config-XXXXXX";
	int fd = mkstemp(path);

	(void)clearenv();
	if (fd < 0)
		return 1;
	(void)close(fd);
	test_defaults(arena, path);
	test_file(arena, path);
	test_mistakes(arena, path);
	test_many(arena, path);
	test_long_lines(arena, path);
	test_nul(arena, path);
	test_environment(arena, path);
	test_paths(arena, path);
	test_print(arena, path);
	test_listing(arena, path);
	test_public_url(arena);
	(void)unlink(path);
	arena_free(arena);
	return done();
}
