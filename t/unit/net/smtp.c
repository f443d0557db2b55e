/*
 * What is never sent by SMTP, and where nothing goes.  That mail arrives is
 * tested with a real server, in t/work/mail.t.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/config.h"
#include "net/fetch.h"
#include "net/smtp.h"

#include "tap.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *const ada[] = { "ada@example.com", NULL };

static struct smtp_request
request_to(const char *url)
{
	return (struct smtp_request){
		.url = url,
		.sender = "help@example.org",
		.recipients = ada,
		.bytes = "Subject: Hi\r\n\r\nHello\r\n",
		.length = 23,
	};
}

static enum outcome
sent(struct arena *arena, const struct smtp_request *request,
    struct smtp_answer *answer)
{
	struct config config = { .net_allow = "127.0.0.2" };

	return smtp_send(arena, &config, request, answer);
}

static void
test_refused(struct arena *arena)
{
	static const char *const none[] = { NULL };
	static const char *const two[] = { "ada@example.com>\r\nRCPT TO:<eve",
		NULL };
	static const char *const urls[] = { "http://127.0.0.1/",
		"ftp://127.0.0.1/", "127.0.0.1", "smtp://u:p@127.0.0.1/" };
	struct smtp_request request;
	struct smtp_answer answer;
	size_t i;

	for (i = 0; i < COUNT(urls); i++) {
		request = request_to(urls[i]);
		is_int(sent(arena, &request, &answer), INVALID,
		    "%s is no mail server", urls[i]);
	}
	request = request_to("smtp://127.0.0.2");
	request.recipients = none;
	is_int(
	    sent(arena, &request, &answer), INVALID, "nobody is no recipient");
	request.recipients = two;
	is_int(sent(arena, &request, &answer), INVALID,
	    "nor is one with a command in it");
	request = request_to("smtp://127.0.0.2");
	request.sender = "help@example.org\r\nDATA";
	is_int(sent(arena, &request, &answer), INVALID, "and no sender is");
	request = request_to("smtp://127.0.0.2");
	request.length = SMTP_MOST + 1;
	is_int(sent(arena, &request, &answer), INVALID,
	    "what is too large is not sent");
	ok(answer.trouble != NULL && !answer.unknown,
	    "and it is said that it did not leave");
}

/* A port on which nobody listens, surely: it is bound, and not listened on. */
static int
closed_port(int *fd)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t size = sizeof(address);

	*fd = socket(AF_INET, SOCK_STREAM, 0);
	address.sin_addr.s_addr = inet_addr("127.0.0.2");
	assert(bind(*fd, (struct sockaddr *)&address, size) == 0);
	assert(getsockname(*fd, (struct sockaddr *)&address, &size) == 0);
	return ntohs(address.sin_port);
}

static void
test_guard(struct arena *arena)
{
	struct smtp_request request = request_to("smtp://127.0.0.1:25");
	struct smtp_answer answer;
	int fd;

	is_int(sent(arena, &request, &answer), DENIED,
	    "a server inside is not called unless the operator lists it");
	request = request_to("smtp://0x7f000001:25");
	ok(sent(arena, &request, &answer) != OK, "however it is written");
	request = request_to(
	    arena_format(arena, "smtp://127.0.0.2:%d", closed_port(&fd)));
	is_int(sent(arena, &request, &answer), AGAIN,
	    "one that does not answer is tried again");
	ok(answer.trouble != NULL && !answer.unknown && answer.status == 0,
	    "for it surely has nothing");
	(void)close(fd);
}

int
main(void)
{
	struct arena *arena = arena_new();

	assert(fetch_open() == OK);
	test_refused(arena);
	test_guard(arena);
	fetch_close();
	arena_free(arena);
	return done();
}
