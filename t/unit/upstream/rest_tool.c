/*
 * Tools that call a server of our own, which a child process is: it answers
 * by the path, and what it was sent.
 */
#include "base/base.h"

#include "upstream/rest_tool.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/fault.h"
#include "base/json.h"
#include "base/text.h"
#include "base/when.h"
#include "model/tool.h"
#include "net/fetch.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

#define LOOPBACK "127.0.0.0/8"
#define REQUEST_MOST 65536

struct world {
	struct arena *arena;
	struct config config;
	int port;
	int *count; /* of requests, shared with the server */
};

static const char secrets[] = "{\"KEY\":\"hush\"}";

/* --- The server. */

static void
answer(int fd, const char *status, const char *body)
{
	char text[REQUEST_MOST + 256];
	int size = snprintf(text, sizeof(text),
	    "HTTP/1.1 %s\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s",
	    status, strlen(body), body);

	assert(size > 0 && (size_t)size < sizeof(text));
	assert(send(fd, text, (size_t)size, MSG_NOSIGNAL) == size);
}

static void
take_request(int fd, char request[REQUEST_MOST])
{
	size_t length = 0, wanted = REQUEST_MOST - 1;
	const char *end, *said;
	ssize_t got;

	while (length < wanted) {
		got = recv(fd, request + length, wanted - length, 0);
		if (got <= 0)
			return;
		length += (size_t)got;
		request[length] = '\0';
		end = strstr(request, "\r\n\r\n");
		if (end == NULL)
			continue;
		said = strstr(request, "Content-Length: ");
		wanted = (size_t)(end + 4 - request);
		if (said != NULL && said < end)
			wanted += strtoul(said + 16, NULL, 10);
	}
}

static void
serve(int fd, int count)
{
	static char request[REQUEST_MOST];
	const char *path;
	char byte;

	take_request(fd, request);
	path = strchr(request, ' ');
	if (path == NULL)
		return;
	path++;
	if (text_starts(path, "/echo"))
		answer(fd, "200 OK", request);
	else if (text_starts(path, "/order"))
		answer(fd, "200 OK", "{\"order\":{\"state\":\"sent\"}}");
	else if (text_starts(path, "/second"))
		answer(fd, count % 2 == 1 ? "503 Busy" : "200 OK", "{}");
	else if (text_starts(path, "/limit"))
		answer(fd, count % 2 == 1 ? "429 Slow" : "200 OK", "{}");
	else if (text_starts(path, "/broken"))
		answer(fd, "500 Broken", "oops");
	else if (text_starts(path, "/none"))
		answer(fd, "404 Not Found", "no");
	else if (text_starts(path, "/hang"))
		while (recv(fd, &byte, 1, 0) > 0)
			;
}

static pid_t
server_start(struct world *world)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	socklen_t size = sizeof(in);
	int connection, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	pid_t child;

	assert(fd >= 0);
	assert(inet_pton(AF_INET, "127.0.0.1", &in.sin_addr) == 1);
	assert(bind(fd, (const struct sockaddr *)&in, sizeof(in)) == 0);
	assert(listen(fd, 16) == 0);
	assert(getsockname(fd, (struct sockaddr *)&in, &size) == 0);
	world->port = ntohs(in.sin_port);
	world->count = mmap(NULL, sizeof(*world->count), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert(world->count != MAP_FAILED);
	child = fork();
	assert(child >= 0);
	if (child > 0) {
		(void)close(fd);
		return child;
	}
	assert(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0);
	for (;;) {
		connection = accept(fd, NULL, NULL);
		if (connection < 0)
			continue;
		serve(connection, ++*world->count);
		(void)close(connection);
	}
}

/* --- Calls. */

static struct json_object *
parse(struct world *world, const char *json)
{
	struct json_object *tree = NULL;
	struct json_fault fault;

	if (json_parse(world->arena, json, strlen(json), &tree, &fault) != OK)
		printf("# no JSON: %s\n", json);
	return tree;
}

/* Of a tool with this path and these other members. */
static enum outcome
call(struct world *world, const char *path, const char *more,
    struct rest_tool_answer *answer)
{
	struct faults *faults = arena_alloc(world->arena, sizeof(*faults));
	struct reader reader = {
		.arena = world->arena, .faults = faults, .net_allow = LOOPBACK
	};
	struct tool tool = { .id = NULL };
	const char *document = arena_format(world->arena,
	    "{\"name\":\"n\",\"description\":\"d\",\"url\":"
	    "\"http://127.0.0.1:%d%s\"%s}",
	    world->port, path, more);

	faults_init(faults, world->arena);
	*world->count = 0;
	if (tool_read(&reader, parse(world, document), "", &tool) != OK) {
		printf("# %s\n", faults->list[0].message);
		return FAULT;
	}
	return rest_tool_call(world->arena, &world->config, &tool,
	    parse(world, "{\"id\":\"a b\"}"), parse(world, "{\"v\":1}"),
	    parse(world, secrets), answer);
}

static bool
holds(const char *text, const char *part)
{
	return text != NULL && strstr(text, part) != NULL;
}

static void
test_request(struct world *world)
{
	struct rest_tool_answer answer;
	const char *text;

	is_int(
	    call(world, "/echo/{{input.id}}",
		",\"method\":\"POST\",\"headers\":{\"X-Ours\":\"v{{v}}\"},"
		"\"body\":{\"id\":\"{{input.id}}\",\"k\":\"{{SECRET.KEY}}\"},"
		"\"auth\":{\"type\":\"basic\",\"username\":\"u\","
		"\"password\":\"{{SECRET.KEY}}\"}",
		&answer),
	    OK, "a tool is called");
	text = answer.result.text;
	ok(answer.result.ok && answer.result.status == 200, "and answers");
	ok(holds(text, "POST /echo/a%20b HTTP/1.1\r\n"), "its path is filled");
	ok(holds(text, "X-Ours: v1\r\n"), "so are headers");
	ok(holds(text, "Authorization: Basic dTpodXNo\r\n"),
	    "who asks is said");
	ok(holds(text, "{\"id\":\"a b\",\"k\":\"hush\"}"), "and the body");
	is_int(answer.tries, 1, "at the first try");
	ok(answer.elapsed > 0, "in some time");
	ok(!holds(answer.request, "hush"), "what is shown has no secret");
	ok(holds(answer.request, "{{SECRET.KEY}}"), "but its place");
}

static void
test_outputs(struct world *world)
{
	struct rest_tool_answer answer;

	is_int(call(world, "/order",
		   ",\"response\":{\"state\":"
		   "\"$.order.state\"}",
		   &answer),
	    OK, "a tool that asks for a variable");
	is_text(answer.result.text, "state: \"sent\"", "is told it");
	ok(holds(json_text(world->arena, answer.result.variables),
	       "\"state\":\"sent\""),
	    "and it is set");
	is_int(call(world, "/none", "", &answer), OK, "an error is an answer");
	ok(!answer.result.ok && answer.tries == 1, "that is not asked again");
}

/* clang-format off */
static const struct {
	const char *path, *more;
	int tries;
	int64_t status;
	const char *name;
} retries[] = {
	{ "/second", "", 2, 200, "GET is tried again after 503" },
	{ "/limit", "", 2, 200, "and after 429" },
	{ "/second", ",\"method\":\"POST\"", 1, 503, "POST is not" },
	{ "/second", ",\"method\":\"POST\",\"max_retries\":1", 2, 200,
	    "but where the tool says so" },
	{ "/broken", ",\"max_retries\":0", 1, 500, "none is none" },
	{ "/broken", ",\"max_retries\":2", 3, 500, "as often as it says" },
	{ "/broken", ",\"max_retries\":1,\"cooldown\":1", 2, 500,
	    "with its pause" },
};
/* clang-format on */

static void
test_retries(struct world *world)
{
	struct rest_tool_answer answer;
	size_t i;

	for (i = 0; i < COUNT(retries); i++) {
		is_int(call(world, retries[i].path, retries[i].more, &answer),
		    OK, "it answers");
		is_int(answer.tries, retries[i].tries, "%s", retries[i].name);
		is_int(*world->count, retries[i].tries, "as the peer says");
		is_int(answer.result.status, retries[i].status, "at last");
		ok(answer.elapsed >= (retries[i].tries - 1) * WHEN_SECOND,
		    "with pauses between");
	}
}

static void
test_trouble(struct world *world)
{
	struct rest_tool_answer answer;

	is_int(call(world, "/hang", ",\"timeout\":1000,\"max_retries\":0",
		   &answer),
	    AGAIN, "one that does not answer is left");
	ok(answer.elapsed < 10 * WHEN_SECOND, "after its timeout");
	ok(answer.trouble != NULL &&
		text_starts(answer.result.text, "The tool failed: "),
	    "and the model is told");
	is_int(answer.result.status, 0, "without a status");
	is_int(call(world, "/{{input.none}}", "", &answer), INVALID,
	    "what cannot be made is not asked");
	is_int(*world->count, 0, "of anybody");
	ok(answer.request == NULL, "there is no request to show");
	is_int(call(world, "/echo", ",\"headers\":{\"A\":\"{{SECRET.B}}\"}",
		   &answer),
	    INVALID, "nor what needs a secret that there is not");
	world->config.net_allow = NULL;
	is_int(call(world, "/echo", "", &answer), DENIED,
	    "an address of ours is not called where the operator does not"
	    " allow it");
	is_int(*world->count, 0, "not even asked");
	is_text(answer.result.text,
	    "The tool failed: the URL leads to an address that may not be"
	    " called",
	    "and it is not said where it leads");
	is_int(answer.tries, 1, "nor tried again");
	world->config.net_allow = LOOPBACK;
}

int
main(void)
{
	struct world world = { .arena = arena_new() };
	pid_t server = server_start(&world);
	int status;

	world.config.net_allow = LOOPBACK;
	assert(fetch_open() == OK);
	test_request(&world);
	test_outputs(&world);
	test_retries(&world);
	test_trouble(&world);
	fetch_close();
	(void)kill(server, SIGKILL);
	assert(waitpid(server, &status, 0) == server);
	arena_free(world.arena);
	return done();
}
