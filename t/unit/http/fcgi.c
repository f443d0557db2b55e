/*
 * The FastCGI side, against a web server that is played here: the records
 * of the FastCGI 1.0 specification on a unix socket.
 */
#include "base/base.h"

#include "http/fcgi.h"

#include "base/arena.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

#define BEGIN_REQUEST 1
#define PARAMS 4
#define STDIN 5
#define STDOUT 6
#define PATIENCE 30000 /* milliseconds */
#define BODY "the body"
#define ANSWER "Status: 200 OK\r\n\r\nthe answer"

static void
put_record(int peer, int type, const void *content, size_t length)
{
	unsigned char head[8] = { 1, (unsigned char)type, 0, 1,
		(unsigned char)(length >> 8), (unsigned char)length, 0, 0 };
	char record[100];
	size_t size = sizeof(head) + length;

	/* One write: behind an empty record the peer may have gone. */
	memcpy(record, head, sizeof(head));
	memcpy(record + sizeof(head), content, length);
	if (write(peer, record, size) != (ssize_t)size)
		_exit(1);
}

/* What the web server does: a request with one parameter and a body, then
 * it reads all that comes. */
static void
talk(int peer, char *answer, size_t size)
{
	static const unsigned char begin[8] = { 0, 1 };
	static const char pair[] = "\x06\x05METHODPATCH";
	ssize_t got;
	size_t length = 0;

	put_record(peer, BEGIN_REQUEST, begin, sizeof(begin));
	put_record(peer, PARAMS, pair, sizeof(pair) - 1);
	put_record(peer, PARAMS, "", 0);
	put_record(peer, STDIN, BODY, strlen(BODY));
	put_record(peer, STDIN, "", 0);
	while ((got = read(peer, answer + length, size - length)) > 0)
		length += (size_t)got;
	(void)close(peer);
}

static void
ask(const struct sockaddr_un *address, char *answer, size_t size)
{
	int peer = socket(AF_UNIX, SOCK_STREAM, 0);

	if (connect(peer, (const struct sockaddr *)address, sizeof(*address)))
		_exit(1);
	talk(peer, answer, size);
}

/* A web server in a process of its own; 0 when it had the answer. */
static pid_t
begin(const struct sockaddr_un *address,
    void (*how)(const struct sockaddr_un *address, char *answer, size_t size))
{
	char answer[1000] = "";
	pid_t child = fork();

	if (child != 0)
		return child;
	(void)alarm(30);
	how(address, answer, sizeof(answer) - 1);
	_exit(answer[1] == STDOUT &&
		      memcmp(answer + 8, ANSWER, strlen(ANSWER)) == 0
		  ? 0
		  : 2);
}

static bool
had_answer(pid_t child)
{
	int status;

	return waitpid(child, &status, 0) == child && WIFEXITED(status) &&
	       WEXITSTATUS(status) == 0;
}

static void
nothing(int signal_number)
{
	(void)signal_number;
}

/* A web server that is slow: before it asks, the program is told to end
 * again and again. */
static void
ask_late(const struct sockaddr_un *address, char *answer, size_t size)
{
	int peer = socket(AF_UNIX, SOCK_STREAM, 0), i;

	if (connect(peer, (const struct sockaddr *)address, sizeof(*address)))
		_exit(1);
	for (i = 0; i < 20; i++) {
		(void)kill(getppid(), SIGTERM);
		(void)usleep(10000);
	}
	talk(peer, answer, size);
}

/* Not a request is lost of a connection that was taken. */
static void
serve_late(struct fcgi *fcgi)
{
	while (fcgi_accept(fcgi, 1000) != OK)
		continue;
	is_text(fcgi_param(fcgi, "METHOD"), "PATCH",
	    "a request is taken although signals came before it");
	fcgi_write(fcgi, ANSWER, strlen(ANSWER));
	fcgi_finish(fcgi);
}

static void
serve(struct fcgi *fcgi)
{
	char body[100] = "";

	ok(fcgi_accept(fcgi, PATIENCE) == OK, "a request is taken");
	is_text(fcgi_param(fcgi, "METHOD"), "PATCH", "it has its parameters");
	is_text(fcgi_param(fcgi, "OTHER"), NULL, "and no others");
	is_int((int64_t)fcgi_read(fcgi, body, sizeof(body)),
	    (int64_t)strlen(BODY), "its body is read to its end");
	is_text(body, BODY, "as it was sent");
	fcgi_write(fcgi, ANSWER, strlen(ANSWER));
	fcgi_finish(fcgi);
}

int
main(void)
{
	struct arena *arena = arena_new();
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct sigaction action = { .sa_handler = nothing };
	char directory[] = "/tmp/parley-fcgi-XXXXXX";
	struct fcgi *fcgi;
	pid_t child;
	int listener = socket(AF_UNIX, SOCK_STREAM, 0);

	if (mkdtemp(directory) == NULL)
		return 1;
	(void)snprintf(
	    address.sun_path, sizeof(address.sun_path), "%s/socket", directory);
	if (bind(listener, (struct sockaddr *)&address, sizeof(address)) ||
	    listen(listener, 5) || dup2(listener, 0) != 0)
		return 1;
	fcgi = fcgi_open(arena);
	child = begin(&address, ask);
	serve(fcgi);
	ok(had_answer(child), "the web server gets the answer");
	(void)alarm(30);
	/* Before there is somebody who could send it. */
	(void)sigaction(SIGTERM, &action, NULL);
	child = begin(&address, ask_late);
	serve_late(fcgi);
	ok(had_answer(child), "and the web server its answer");
	(void)unlink(address.sun_path);
	(void)rmdir(directory);
	arena_free(arena);
	return done();
}
