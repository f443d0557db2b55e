/*
 * Calls to a server of our own, which a child process is: it does what the
 * path says, well or badly.  Names lead where `names` says.
 */
#include "base/base.h"

#include "net/fetch.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/text.h"
#include "base/when.h"

#include "tap.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define REQUEST_MOST 65536
#define BIG (FETCH_MOST * 4)
#define LOOPBACK "127.0.0.0/8, ::1"
#define THREADS 8
#define CALLS 50
#define PATIENCE 30 /* seconds for one connection of the server */
#define SOON (PATIENCE * WHEN_SECOND / 2) /* what is not waited for */

typedef int resolver(const char *node, const char *service,
    const struct addrinfo *hints, struct addrinfo **result);

struct world {
	struct arena *arena;
	struct config config;
	int port;   /* of the server */
	int silent; /* a socket that listens, and nobody accepts */
	int silent_port;
};

/* --- Names. */

static const struct {
	const char *name, *address;
} names[] = {
	{ "here.example", "127.0.0.1" },
	{ "private.example", "10.1.2.3" },
	{ "metadata.example", "169.254.169.254" },
	{ "unique.example", "fd00:ec2::254" },
	{ "six.example", "::1" },
};

static sem_t slow_may_go;
static atomic_int turns;

/* In the place of libc's, for libcurl too. */
int
getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
    struct addrinfo **result)
{
	resolver *real = (resolver *)dlsym(RTLD_NEXT, "getaddrinfo");
	struct addrinfo any = { .ai_socktype = SOCK_STREAM };
	size_t i;

	any.ai_flags = AI_NUMERICHOST;
	for (i = 0; i < COUNT(names); i++)
		if (text_equal(node, names[i].name))
			return real(names[i].address, service, &any, result);
	if (text_equal(node, "turning.example"))
		return real(atomic_fetch_add(&turns, 1) % 2 == 0 ? "127.0.0.1"
								 : "127.0.0.2",
		    service, &any, result);
	if (text_equal(node, "slow.example")) {
		while (sem_wait(&slow_may_go) != 0)
			;
		return EAI_AGAIN;
	}
	if (text_ends(node, ".example"))
		return EAI_NONAME;
	return real(node, service, hints, result);
}

/* --- The server. */

static void
put(int fd, const void *bytes, size_t length)
{
	const char *next = bytes;
	ssize_t sent;

	while (length > 0) {
		sent = send(fd, next, length, MSG_NOSIGNAL);
		if (sent <= 0)
			_exit(0);
		next += sent;
		length -= (size_t)sent;
	}
}

static void
put_text(int fd, const char *text)
{
	put(fd, text, strlen(text));
}

static void
put_answer(int fd, const char *status, const char *header, const void *body,
    size_t length)
{
	char head[512];
	int size = snprintf(head, sizeof(head),
	    "HTTP/1.1 %s\r\n%sContent-Length: %zu\r\n"
	    "Connection: close\r\n\r\n",
	    status, header, length);

	assert(size > 0 && (size_t)size < sizeof(head));
	put(fd, head, (size_t)size);
	put(fd, body, length);
}

/* The head of the request, and as much of a body as its length says. */
static size_t
take_request(int fd, char request[REQUEST_MOST])
{
	size_t length = 0, wanted = REQUEST_MOST - 1;
	ssize_t got;
	char *end, *said;

	while (length < wanted) {
		got = recv(fd, request + length, wanted - length, 0);
		if (got <= 0)
			_exit(0);
		length += (size_t)got;
		request[length] = '\0';
		end = strstr(request, "\r\n\r\n");
		if (end == NULL)
			continue;
		said = strcasestr(request, "\r\nContent-Length: ");
		wanted = (size_t)(end + 4 - request);
		if (said != NULL && said < end)
			wanted += strtoul(said + 18, NULL, 10);
	}
	return length;
}

static void
reset(int fd)
{
	struct linger now = { .l_onoff = 1, .l_linger = 0 };

	assert(setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now)) == 0);
	_exit(0);
}

/* Until the client hangs up. */
static void
hang(int fd)
{
	char byte;

	while (recv(fd, &byte, 1, 0) > 0)
		;
	_exit(0);
}

static const char *
date_text(char text[64], int64_t seconds)
{
	time_t when = time(NULL) + (time_t)seconds;
	struct tm parts;

	assert(gmtime_r(&when, &parts) != NULL);
	assert(strftime(text, 64, "Retry-After: %a, %d %b %Y %T GMT\r\n",
		   &parts) > 0);
	return text;
}

static void
serve_retry(int fd, const char *what)
{
	char line[128];

	if (text_starts(what, "date")) {
		(void)date_text(line, strtol(what + 4, NULL, 10));
	} else {
		(void)snprintf(line, sizeof(line), "Retry-After: %.*s\r\n",
		    (int)strcspn(what, " "), what);
	}
	put_answer(fd, "429 Too Many Requests", line, "slow", 4);
}

static void
serve_bad(int fd, const char *path)
{
	static const char part[8192];

	if (text_starts(path, "/reset"))
		reset(fd);
	if (text_starts(path, "/close"))
		_exit(0);
	if (text_starts(path, "/garbage"))
		put_text(fd, "I am no server\r\n\r\n\xff\xfe");
	if (text_starts(path, "/cut"))
		put_text(fd, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n1");
	if (text_starts(path, "/half")) {
		put_text(fd, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n1");
		hang(fd);
	}
	if (text_starts(path, "/endless")) {
		put_text(fd, "HTTP/1.0 200 OK\r\n\r\n");
		for (;;)
			put(fd, part, sizeof(part));
	}
	if (text_starts(path, "/hang"))
		hang(fd);
}

static void
serve(int fd)
{
	static char request[REQUEST_MOST], big[BIG];
	size_t length = take_request(fd, request);
	const char *path = strchr(request, ' ') + 1;

	(void)memset(big, 'x', sizeof(big));
	if (text_starts(path, "/ok "))
		put_answer(fd, "200 OK", "", "hello", 5);
	else if (text_starts(path, "/echo"))
		put_answer(fd, "200 OK", "", request, length);
	else if (text_starts(path, "/empty"))
		put_text(fd, "HTTP/1.1 204 No Content\r\n\r\n");
	else if (text_starts(path, "/zero"))
		put_answer(fd, "200 OK", "", "a\0b", 3);
	else if (text_starts(path, "/error"))
		put_answer(fd, "500 Broken", "", "sorry", 5);
	else if (text_starts(path, "/head"))
		put_text(fd, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
	else if (text_starts(path, "/redirect"))
		put_answer(fd, "302 Found",
		    "Location: /ok\r\nSet-Cookie: a=b\r\n", "there", 5);
	else if (text_starts(path, "/retry/"))
		serve_retry(fd, path + strlen("/retry/"));
	else if (text_starts(path, "/full"))
		put_answer(fd, "200 OK", "", big, FETCH_MOST);
	else if (text_starts(path, "/big"))
		put_answer(fd, "201 Created", "", big, BIG);
	else
		serve_bad(fd, path);
}

static int
listen_at(const char *address, int *port)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	socklen_t size = sizeof(in);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert(fd >= 0);
	assert(inet_pton(AF_INET, address, &in.sin_addr) == 1);
	assert(bind(fd, (const struct sockaddr *)&in, sizeof(in)) == 0);
	assert(listen(fd, 64) == 0);
	assert(getsockname(fd, (struct sockaddr *)&in, &size) == 0);
	*port = ntohs(in.sin_port);
	return fd;
}

/* A process for each connection; none outlives us by much. */
static pid_t
server_start(int *port)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	int fd = listen_at("0.0.0.0", port), connection;
	pid_t child = fork();

	assert(child >= 0);
	if (child > 0) {
		(void)close(fd);
		return child;
	}
	assert(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0);
	assert(sigaction(SIGCHLD, &ignore, NULL) == 0);
	for (;;) {
		connection = accept(fd, NULL, NULL);
		if (connection >= 0 && fork() == 0) {
			(void)close(fd);
			(void)alarm(PATIENCE);
			serve(connection);
			_exit(0);
		}
		(void)close(connection);
	}
}

static void
server_stop(pid_t server)
{
	int status;

	(void)kill(server, SIGKILL);
	assert(waitpid(server, &status, 0) == server);
}

/* --- Calling. */

static const char *
url_of(struct world *world, const char *host, const char *path)
{
	return arena_format(
	    world->arena, "http://%s:%d%s", host, world->port, path);
}

static enum outcome
call_with(struct world *world, struct fetch_request request,
    struct fetch_answer *answer)
{
	if (request.method == NULL)
		request.method = request.body != NULL ? "POST" : "GET";
	if (request.timeout == 0)
		request.timeout = PATIENCE;
	return fetch_run(world->arena, &world->config, &request, answer);
}

/* As the operator would have it called. */
static enum outcome
call(struct world *world, const char *path, struct fetch_answer *answer)
{
	struct fetch_request request = { .trusted = true,
		.url = url_of(world, "127.0.0.1", path) };

	return call_with(world, request, answer);
}

/* As a client would have it called, who may say http. */
static enum outcome
call_guarded(struct world *world, const char *url, const char *allow,
    struct fetch_answer *answer)
{
	struct fetch_request request = { .plain = true, .url = url };

	world->config.net_allow = allow;
	return call_with(world, request, answer);
}

/* Did anybody connect to the socket that nobody accepts from? */
static bool
is_left_alone(const struct world *world)
{
	struct pollfd poll_of = { .fd = world->silent, .events = POLLIN };

	return poll(&poll_of, 1, 100) == 0;
}

/* --- Answers. */

static void
test_answers(struct world *world)
{
	struct fetch_answer answer;

	is_int(call(world, "/ok", &answer), OK, "a call is answered");
	is_int(answer.status, 200, "the status of an answer is given");
	is_text(answer.body, "hello", "the body of an answer is given");
	is_int(answer.length, 5, "so is its length");
	is_text(answer.trouble, NULL, "an answer is no trouble");
	ok(answer.arrived, "what was answered has arrived");
	is_int(answer.retry_after, 0, "nobody asked to wait");
	ok(answer.elapsed > 0 && answer.elapsed < 20 * WHEN_SECOND,
	    "the time that it took is given");
	is_int(call(world, "/error", &answer), OK, "an error is an answer");
	is_int(answer.status, 500, "with its status");
	is_text(answer.body, "sorry", "and its body");
	is_int(call(world, "/empty", &answer), OK, "no body is an answer too");
	is_int(answer.status, 204, "with a status");
	is_text(answer.body, "", "and an empty body");
	is_int(call(world, "/zero", &answer), OK, "a body may hold a NUL");
	ok(answer.length == 3 && memcmp(answer.body, "a\0b", 4) == 0,
	    "and is given whole");
	is_int(
	    call(world, "/redirect", &answer), OK, "a redirect is an answer");
	is_int(answer.status, 302, "that is not followed");
	is_text(answer.body, "there", "and has a body as any other");
}

static void
test_sizes(struct world *world)
{
	struct fetch_request more = { .trusted = true, .most = BIG };
	struct fetch_answer answer;

	is_int(call(world, "/full", &answer), OK, "64 KiB are taken");
	is_int(answer.length, FETCH_MOST, "to the last byte");
	ok(!answer.cut, "of a body that is whole");
	is_int(call(world, "/big", &answer), OK, "a larger body is an answer");
	is_int(answer.status, 201, "with its status");
	is_int(answer.length, FETCH_MOST, "and the first 64 KiB");
	ok(answer.cut, "of a body that was cut");
	ok(answer.body[0] == 'x' && answer.body[FETCH_MOST - 1] == 'x' &&
		answer.body[FETCH_MOST] == '\0',
	    "a body that was cut ends with a NUL");
	is_int(call(world, "/endless", &answer), OK,
	    "a body without end is an answer");
	is_int(answer.length, FETCH_MOST, "of 64 KiB");
	ok(answer.elapsed < SOON, "that is not waited for");
	more.url = url_of(world, "127.0.0.1", "/big");
	is_int(call_with(world, more, &answer), OK,
	    "a call may take more than others");
	is_int(answer.length, BIG, "and has all of it");
	ok(!answer.cut, "which is whole");
	more.url = url_of(world, "127.0.0.1", "/endless");
	is_int(call_with(world, more, &answer), OK,
	    "that has an end all the same");
	is_int(answer.length, BIG, "where it says");
}

static void
test_retry_after(struct world *world)
{
	static const struct {
		const char *path;
		int64_t least, most;
		const char *about;
	} rows[] = {
		{ "/retry/7", 7, 7, "seconds are given as they are" },
		{ "/retry/120", 120, 120, "so are minutes" },
		{ "/retry/0", 0, 0, "no time is no time" },
		{ "/retry/-5", 0, 0, "a time that was is no time" },
		{ "/retry/soon", 0, 0, "a word is no time" },
		{ "/retry/86400", 86400, 86400, "a day is waited" },
		{ "/retry/86401", 86400, 86400, "more is a day" },
		{ "/retry/99999999999999999999999", 0, 0,
		    "what is no number is no time" },
		{ "/retry/date600", 590, 601, "a date is in ten minutes" },
		{ "/retry/date-600", 0, 0, "a date that was is no time" },
		{ "/retry/date999999", 86400, 86400, "a far date is a day" },
	};
	struct fetch_answer answer;
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		is_int(call(world, rows[i].path, &answer), OK, "%s is answered",
		    rows[i].path);
		if (!ok(answer.retry_after >= rows[i].least &&
			    answer.retry_after <= rows[i].most,
			"Retry-After: %s", rows[i].about))
			printf("# got %lld\n", (long long)answer.retry_after);
	}
}

/* --- What is sent. */

static const char *
echo_of(struct world *world, struct fetch_request request)
{
	struct fetch_answer answer;

	request.trusted = true;
	request.url = url_of(world, "127.0.0.1", "/echo?a=b%20c");
	if (call_with(world, request, &answer) != OK)
		return answer.trouble;
	return answer.body;
}

static void
test_request(struct world *world)
{
	static const char *const headers[] = { "Content-Type: application/json",
		"X-One: 1", "X-Empty:", "X-Blank: ", "X-Wide: \xc3\xa9\t!",
		NULL };
	struct fetch_request request = { .body = "{\"a\":1}",
		.length = 7,
		.headers = headers,
		.user = "AC1",
		.password = "s:e" };
	const char *echo;

	is_text(echo_of(world, (struct fetch_request){ .method = "GET" }),
	    arena_format(world->arena,
		"GET /echo?a=b%%20c HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
		"User-Agent: Parley/" PACKAGE_VERSION "\r\n"
		"Accept: */*\r\n\r\n",
		world->port),
	    "a request says no more than it must");
	is_text(echo_of(world, request),
	    arena_format(world->arena,
		"POST /echo?a=b%%20c HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
		"Authorization: Basic QUMxOnM6ZQ==\r\n"
		"User-Agent: Parley/" PACKAGE_VERSION "\r\n"
		"Accept: */*\r\nContent-Type: application/json\r\n"
		"X-One: 1\r\nX-Empty:\r\nX-Blank:\r\n"
		"X-Wide: \xc3\xa9\t!\r\nContent-Length: 7\r\n\r\n{\"a\":1}",
		world->port),
	    "headers, user and body are sent as they were given");
	echo = echo_of(world, (struct fetch_request){ .method = "PUT" });
	ok(text_starts(echo, "PUT ") &&
		strstr(echo, "Content-Length: 0\r\n") != NULL,
	    "a method that wants a body has an empty one");
	ok(strstr(echo, "Content-Type") == NULL, "which is of no type");
	ok(text_starts(
	       echo_of(world, (struct fetch_request){ .method = "DELETE" }),
	       "DELETE "),
	    "any method can be sent");
}

static void
test_large_request(struct world *world)
{
	char *body = arena_alloc(world->arena, REQUEST_MOST);
	struct fetch_request request = { .body = body, .length = 50000 };
	const char *echo;

	(void)memset(body, 'y', 50000);
	echo = echo_of(world, request);
	ok(text_starts(echo, "POST ") && text_ends(echo, "yyyy"),
	    "a large body is sent whole");
	ok(strcasestr(echo, "\r\nExpect:") == NULL,
	    "and nobody is asked whether it may be");
}

static void
test_head(struct world *world)
{
	struct fetch_request request = { .method = "HEAD",
		.trusted = true,
		.url = url_of(world, "127.0.0.1", "/head") };
	struct fetch_answer answer;

	is_int(
	    call_with(world, request, &answer), OK, "HEAD waits for no body");
	is_int(answer.length, 0, "and has none");
}

/* What the environment and the disk of the host say is not looked at. */
static void
test_surroundings(struct world *world)
{
	char home[] = "/tmp/fetch.XXXXXX";
	static const char password[] = "machine 127.0.0.1 login a password b\n";
	const char *path;
	int fd;

	assert(mkdtemp(home) != NULL);
	path = arena_format(world->arena, "%s/.netrc", home);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert(fd >= 0);
	assert(write(fd, password, strlen(password)) > 0);
	assert(close(fd) == 0);
	assert(setenv("HOME", home, 1) == 0);
	assert(setenv("http_proxy", "http://127.0.0.1:1", 1) == 0);
	assert(setenv("all_proxy", "socks5h://127.0.0.1:1", 1) == 0);
	ok(strstr(echo_of(world, (struct fetch_request){ .method = "GET" }),
	       "Accept: */*\r\n\r\n") != NULL,
	    "no proxy of the environment is used");
	ok(strstr(echo_of(world, (struct fetch_request){ .method = "GET" }),
	       "Authorization") == NULL,
	    "no password on disk is used");
	assert(unsetenv("http_proxy") == 0 && unsetenv("all_proxy") == 0);
	assert(unlink(path) == 0 && rmdir(home) == 0);
}

/* --- No answer. */

static void
test_troubles(struct world *world)
{
	static const struct {
		const char *path, *about;
	} rows[] = {
		{ "/reset", "a peer that resets the connection" },
		{ "/close", "a peer that hangs up" },
		{ "/garbage", "a peer that speaks no HTTP" },
		{ "/cut", "a body that is too short" },
	};
	struct fetch_answer answer;
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		is_int(call(world, rows[i].path, &answer), AGAIN,
		    "%s gives no answer", rows[i].about);
		ok(answer.arrived, "%s may have the request", rows[i].about);
		ok(!answer.late, "%s did not take too long", rows[i].about);
		ok(answer.status == 0 && answer.body == NULL &&
			answer.length == 0,
		    "%s leaves no half of an answer", rows[i].about);
		ok(answer.trouble != NULL && answer.trouble[0] != '\0' &&
			text_is_clean(answer.trouble, strlen(answer.trouble)),
		    "%s is a trouble in words", rows[i].about);
	}
}

static void
test_timeouts(struct world *world)
{
	static const char *const paths[] = { "/hang", "/half" };
	struct fetch_request request = { .timeout = 1, .trusted = true };
	struct fetch_answer answer;
	size_t i;

	for (i = 0; i < COUNT(paths); i++) {
		request.url = url_of(world, "127.0.0.1", paths[i]);
		is_int(call_with(world, request, &answer), AGAIN,
		    "%s gives no answer in time", paths[i]);
		ok(answer.arrived, "%s may have the request", paths[i]);
		ok(answer.late, "%s took too long", paths[i]);
		ok(answer.elapsed > 9 * WHEN_SECOND / 10 &&
			answer.elapsed < SOON,
		    "%s is given up when it is time", paths[i]);
	}
}

static void
test_slow_name(struct world *world)
{
	struct fetch_request request = { .timeout = 1,
		.url = "https://slow.example/" };
	struct fetch_answer answer;

	is_int(call_with(world, request, &answer), AGAIN,
	    "a name that is long in coming gives no answer");
	ok(!answer.arrived, "and nothing arrived");
	ok(answer.elapsed < SOON, "and it is not waited for");
	assert(sem_post(&slow_may_go) == 0);
}

/* A port where nobody listens, surely: it is bound, and not listened on. */
static int
closed_port(int *fd)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	socklen_t size = sizeof(in);

	*fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert(*fd >= 0);
	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert(bind(*fd, (const struct sockaddr *)&in, sizeof(in)) == 0);
	assert(getsockname(*fd, (struct sockaddr *)&in, &size) == 0);
	return ntohs(in.sin_port);
}

static void
test_not_arrived(struct world *world)
{
	struct fetch_request request = { .trusted = true };
	struct fetch_answer answer;
	int fd;

	request.url = arena_format(
	    world->arena, "http://127.0.0.1:%d/", closed_port(&fd));
	is_int(call_with(world, request, &answer), AGAIN,
	    "where nobody listens there is no answer");
	ok(!answer.arrived, "where nobody listens nothing arrives");
	assert(close(fd) == 0);
	request.url = "http://none.example/";
	is_int(call_with(world, request, &answer), AGAIN,
	    "a name that is none gives no answer");
	ok(!answer.arrived, "a name that is none has nobody to arrive at");
	request.url = arena_format(
	    world->arena, "https://127.0.0.1:%d/hang", world->port);
	request.timeout = 2;
	is_int(call_with(world, request, &answer), AGAIN,
	    "a peer that does not encrypt gives no answer to https");
	ok(!answer.arrived, "a peer that does not encrypt has nothing");
	ok(answer.trouble != NULL, "and there are words for it");
}

/* --- What cannot be called. */

static void
test_invalid_urls(struct world *world)
{
	static const char *const urls[] = { "", "/ok", "ftp.example.com",
		"here.example/ok", "http://", "file:///etc/passwd",
		"ftp://127.0.0.1/", "gopher://127.0.0.1/", "dict://127.0.0.1/",
		"telnet://127.0.0.1/", "smtp://127.0.0.1/",
		"http://user@127.0.0.1/", "http://user:word@127.0.0.1/",
		"http://127.0.0.1 /", "http://127.0.0.1/a b",
		"http://127.0.0.1/\r\nX: y", "http://127.0.0.1:99999/",
		"http://127.0.0.1:x/", "http://[::1/", "http://[x]/" };
	struct fetch_request request = { .trusted = true };
	struct fetch_answer answer;
	size_t i;

	for (i = 0; i < COUNT(urls); i++) {
		request.url = urls[i];
		is_int(call_with(world, request, &answer), INVALID,
		    "URL %zu cannot be called", i);
		ok(!answer.arrived && answer.trouble != NULL, "URL %zu says so",
		    i);
	}
}

static void
test_schemes(struct world *world)
{
	struct fetch_request request = { .url = url_of(
					     world, "127.0.0.1", "/ok") };
	struct fetch_answer answer;

	world->config.net_allow = LOOPBACK;
	is_int(call_with(world, request, &answer), INVALID,
	    "http is for those alone who may say so");
	request.plain = true;
	is_int(call_with(world, request, &answer), OK,
	    "who may say http is answered");
	world->config.net_allow = NULL;
	is_int(call_with(world, request, &answer), DENIED,
	    "who may say http is guarded still");
	request.url = "https://127.0.0.1/";
	request.plain = false;
	is_int(call_with(world, request, &answer), DENIED,
	    "https is guarded as http is");
}

static void
test_invalid_headers(struct world *world)
{
	static const char *const headers[] = { "", ":", ": a", "X", "X a: b",
		"X : b", " X: b", "X\r\n: b", "X: a\r\nY: b", "X: a\nb",
		"X: a\rb", "X: a\x01", "X: a\x7f", "X;", "Host: other.example",
		"host:a", "Content-Length: 3",
		"Content-Length:", "TRANSFER-ENCODING: chunked",
		"Connection: keep-alive", "Expect: 100-continue" };
	const char *list[] = { "X-Fine: 1", NULL, NULL };
	struct fetch_request request = { .trusted = true,
		.headers = list,
		.url = url_of(world, "127.0.0.1", "/ok") };
	struct fetch_answer answer;
	size_t i;

	is_int(call_with(world, request, &answer), OK, "a header is sent");
	for (i = 0; i < COUNT(headers); i++) {
		list[1] = headers[i];
		is_int(call_with(world, request, &answer), INVALID,
		    "header %zu cannot be sent", i);
	}
}

static void
test_invalid_words(struct world *world)
{
	static const char *const methods[] = { "", "get", "GET ", "GET /",
		"GET\r\n" };
	struct fetch_request request = { .trusted = true,
		.url = url_of(world, "127.0.0.1", "/ok") };
	struct fetch_answer answer;
	size_t i;

	for (i = 0; i < COUNT(methods); i++) {
		request.method = methods[i];
		is_int(call_with(world, request, &answer), INVALID,
		    "method %zu is none", i);
	}
	request.method = "GET";
	request.user = "a:b";
	is_int(call_with(world, request, &answer), INVALID,
	    "a user's name has no colon");
}

/* --- The guard. */

static void
test_guard(struct world *world)
{
	static const char *const hosts[] = { "127.0.0.1", "127.0.0.2",
		"localhost", "LOCALHOST", "2130706433", "0x7f000001",
		"0x7f.0.0.1", "017700000001", "0177.0.0.1", "127.1", "127.0.1",
		"0.0.0.0", "0", "[::1]", "[::]", "[::ffff:127.0.0.1]",
		"[::ffff:7f00:1]", "[::127.0.0.1]", "169.254.169.254",
		"10.0.0.1", "172.16.0.1", "192.168.0.1", "100.64.0.1",
		"[fe80::1]", "[fd00::1]", "[64:ff9b::7f00:1]",
		"[2002:7f00:1::]", "here.example", "private.example",
		"metadata.example", "unique.example", "six.example",
		"%31%32%37.0.0.1" };
	struct fetch_answer answer;
	enum outcome rc;
	size_t i;

	for (i = 0; i < COUNT(hosts); i++) {
		rc = call_guarded(world,
		    arena_format(world->arena, "http://%s:%d/ok", hosts[i],
			world->silent_port),
		    NULL, &answer);
		is_int(rc, DENIED, "%s may not be called", hosts[i]);
		ok(!answer.arrived && answer.status == 0,
		    "nothing arrives at %s", hosts[i]);
		is_text(answer.trouble,
		    "the URL leads to an address that may not be called",
		    "and where %s leads is not told", hosts[i]);
	}
	ok(is_left_alone(world), "nobody connected in all this");
}

static void
test_allowed(struct world *world)
{
	static const char *const hosts[] = { "127.0.0.1", "localhost",
		"here.example", "[::ffff:127.0.0.1]", "127.1" };
	struct fetch_answer answer;
	size_t i;

	for (i = 0; i < COUNT(hosts); i++)
		is_int(call_guarded(world, url_of(world, hosts[i], "/ok"),
			   "10.0.0.0/8, 127.0.0.0/8", &answer),
		    OK, "%s may be called where 127.0.0.0/8 is listed",
		    hosts[i]);
	is_int(call_guarded(world, url_of(world, "127.0.0.1", "/ok"),
		   "10.0.0.0/8, ::1", &answer),
	    DENIED, "127.0.0.1 may not be called where others are listed");
	is_int(call_guarded(world, url_of(world, "127.0.0.1", "/redirect"),
		   LOOPBACK, &answer),
	    OK, "a guarded redirect is an answer");
	is_int(answer.status, 302, "and not followed");
}

/* A name that was fine a moment ago: each call looks, and judges, anew. */
static void
test_turning_name(struct world *world)
{
	struct fetch_answer answer;
	int i;

	for (i = 0; i < 4; i++)
		is_int(
		    call_guarded(world, url_of(world, "turning.example", "/ok"),
			"127.0.0.1", &answer),
		    i % 2 == 0 ? OK : DENIED,
		    "call %d of a name that turns goes where it leads now", i);
}

/* --- Threads. */

struct caller {
	pthread_t thread;
	struct world *world;
	int number, wrong;
};

static bool
one_call(struct caller *caller, struct arena *arena, int turn)
{
	static const struct {
		const char *host, *path;
		enum outcome rc;
		int64_t status;
	} rows[] = {
		{ "127.0.0.1", "/ok", OK, 200 },
		{ "127.0.0.1", "/error", OK, 500 },
		{ "localhost", "/full", OK, 200 },
		{ "127.0.0.1", "/reset", AGAIN, 0 },
		{ "10.0.0.1", "/ok", DENIED, 0 },
		{ "private.example", "/ok", DENIED, 0 },
	};
	size_t i = (size_t)(caller->number + turn) % COUNT(rows);
	struct fetch_request request = {
		.method = "GET", .plain = true, .timeout = PATIENCE
	};
	struct fetch_answer answer;

	request.url = arena_format(arena, "http://%s:%d%s", rows[i].host,
	    caller->world->port, rows[i].path);
	return fetch_run(arena, &caller->world->config, &request, &answer) ==
		   rows[i].rc &&
	       answer.status == rows[i].status;
}

static void *
call_often(void *context)
{
	struct caller *caller = context;
	struct arena *arena = arena_new();
	int i;

	for (i = 0; i < CALLS; i++) {
		if (!one_call(caller, arena, i))
			caller->wrong++;
		arena_clear(arena);
	}
	arena_free(arena);
	return NULL;
}

static void
test_threads(struct world *world)
{
	struct caller callers[THREADS];
	int i, wrong = 0;

	world->config.net_allow = "127.0.0.0/8";
	for (i = 0; i < THREADS; i++) {
		callers[i] = (struct caller){ .world = world, .number = i };
		assert(pthread_create(&callers[i].thread, NULL, call_often,
			   &callers[i]) == 0);
	}
	for (i = 0; i < THREADS; i++) {
		assert(pthread_join(callers[i].thread, NULL) == 0);
		wrong += callers[i].wrong;
	}
	is_int(wrong, 0, "%d threads call %d times, and each has its answer",
	    THREADS, CALLS);
}

/* No call leaves anything open. */
static void
test_nothing_left(struct world *world)
{
	struct fetch_answer answer;
	int before = dup(0), after, i;

	assert(before >= 0 && close(before) == 0);
	for (i = 0; i < 20; i++)
		(void)call(world, i % 2 == 0 ? "/ok" : "/big", &answer);
	after = dup(0);
	assert(after >= 0 && close(after) == 0);
	is_int(after, before, "no call leaves a descriptor open");
}

static void
test_pipe(void)
{
	struct sigaction now;

	assert(sigaction(SIGPIPE, NULL, &now) == 0);
	ok(now.sa_handler == SIG_IGN,
	    "a peer that hangs up does not end the program");
}

int
main(void)
{
	struct world world = { .arena = arena_new() };
	pid_t server = server_start(&world.port);

	world.silent = listen_at("0.0.0.0", &world.silent_port);
	assert(sem_init(&slow_may_go, 0, 0) == 0);
	ok(fetch_open() == OK, "calls can be made");
	test_pipe();
	test_answers(&world);
	test_sizes(&world);
	test_retry_after(&world);
	test_request(&world);
	test_large_request(&world);
	test_head(&world);
	test_surroundings(&world);
	test_troubles(&world);
	test_timeouts(&world);
	test_slow_name(&world);
	test_not_arrived(&world);
	test_invalid_urls(&world);
	test_schemes(&world);
	test_invalid_headers(&world);
	test_invalid_words(&world);
	test_guard(&world);
	test_allowed(&world);
	test_turning_name(&world);
	test_threads(&world);
	test_nothing_left(&world);
	fetch_close();
	arena_free(world.arena);
	server_stop(server);
	return done();
}
