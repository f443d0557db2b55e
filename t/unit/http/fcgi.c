/*
 * The FastCGI side, against a web server that is played here: the records
 * of the FastCGI 1.0 specification on a unix socket.
 */
#include "base/base.h"

#include "http/fcgi.h"

#include "base/arena.h"

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
#define BODY "the body"
#define ANSWER "Status: 200 OK\r\n\r\nthe answer"

static void
put_record(int peer, int type, const void *content, size_t length)
{
	unsigned char head[8] = { 1, (unsigned char)type, 0, 1,
		(unsigned char)(length >> 8), (unsigned char)length, 0, 0 };

	if (write(peer, head, sizeof(head)) != sizeof(head) ||
	    write(peer, content, length) != (ssize_t)length)
		_exit(1);
}

/* What the web server does: a request with one parameter and a body, then
 * it reads all that comes. */
static void
ask(const struct sockaddr_un *address, char *answer, size_t size)
{
	static const unsigned char begin[8] = { 0, 1 };
	static const char pair[] = "\x06\x05METHODPATCH";
	int peer = socket(AF_UNIX, SOCK_STREAM, 0);
	ssize_t got;
	size_t length = 0;

	if (connect(peer, (const struct sockaddr *)address, sizeof(*address)))
		_exit(1);
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
serve(struct arena *arena)
{
	struct fcgi *fcgi = fcgi_open(arena);
	char body[100] = "";

	ok(fcgi_accept(fcgi) == OK, "a request is taken");
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
	char directory[] = "/tmp/parley-fcgi-XXXXXX", answer[1000] = "";
	pid_t child;
	int listener = socket(AF_UNIX, SOCK_STREAM, 0), status;

	if (mkdtemp(directory) == NULL)
		return 1;
	(void)snprintf(
	    address.sun_path, sizeof(address.sun_path), "%s/socket", directory);
	if (bind(listener, (struct sockaddr *)&address, sizeof(address)) ||
	    listen(listener, 5) || dup2(listener, 0) != 0)
		return 1;
	child = fork();
	if (child == 0) {
		ask(&address, answer, sizeof(answer) - 1);
		_exit(answer[1] == STDOUT &&
			      memcmp(answer + 8, ANSWER, strlen(ANSWER)) == 0
			  ? 0
			  : 2);
	}
	serve(arena);
	ok(waitpid(child, &status, 0) == child && WIFEXITED(status) &&
		WEXITSTATUS(status) == 0,
	    "the web server gets the answer");
	(void)unlink(address.sun_path);
	(void)rmdir(directory);
	arena_free(arena);
	return done();
}
