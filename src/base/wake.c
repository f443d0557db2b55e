#include "base/base.h"

#include "base/wake.h"

#include "base/buf.h"
#include "base/id.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* Whoever may connect to parley-api may as well say that there is work. */
#define MODE 0666

static bool
address_of(const char *path, struct sockaddr_un *address)
{
	size_t length = strlen(path);

	(void)memset(address, 0, sizeof(*address));
	address->sun_family = AF_UNIX;
	if (length >= sizeof(address->sun_path))
		return false;
	(void)memcpy(address->sun_path, path, length);
	return true;
}

static int
open_socket(void)
{
	return socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

/* Does nobody listen there any more? */
static bool
is_stale(const struct sockaddr_un *address)
{
	int probe = open_socket();
	bool stale;

	if (probe < 0)
		return false;
	stale = connect(probe, (const struct sockaddr *)address,
		    sizeof(*address)) != 0 &&
		errno == ECONNREFUSED;
	(void)close(probe);
	return stale;
}

enum outcome
wake_listen(const char *path, int *descriptor, struct buf *why)
{
	struct sockaddr_un address;
	int made;

	if (!address_of(path, &address)) {
		buf_add_format(why, "%s is too long for a socket's path", path);
		return INVALID;
	}
	if (is_stale(&address))
		(void)unlink(path);
	made = open_socket();
	if (made < 0 ||
	    bind(made, (struct sockaddr *)&address, sizeof(address)) != 0 ||
	    chmod(path, MODE) != 0) {
		buf_add_format(why,
		    "cannot listen at %s: %s (another worker, or a directory"
		    " that is missing or closed to this user?)",
		    path, strerror(errno));
		if (made >= 0)
			(void)close(made);
		return INVALID;
	}
	*descriptor = made;
	return OK;
}

void
wake_wait(int first, int second, int64_t patience)
{
	struct pollfd waiting[] = {
		{ .fd = first, .events = POLLIN },
		{ .fd = second, .events = POLLIN },
	};
	char ignored[16];
	size_t i;

	if (poll(waiting, COUNT(waiting), (int)(patience / 1000)) <= 0)
		return;
	for (i = 0; i < COUNT(waiting); i++)
		while (waiting[i].revents != 0 &&
		       read(waiting[i].fd, ignored, sizeof(ignored)) >= 0)
			continue;
}

void
wake_send(const char *path)
{
	struct sockaddr_un address;
	int sender;

	if (path == NULL || !address_of(path, &address))
		return;
	sender = open_socket();
	if (sender < 0)
		return;
	/* A full queue is nudge enough. */
	(void)sendto(sender, "", 0, MSG_NOSIGNAL,
	    (const struct sockaddr *)&address, sizeof(address));
	(void)close(sender);
}

/* A NUL, and the id behind our name. */
static socklen_t
abstract_address(const struct id *id, struct sockaddr_un *address)
{
	static const char name[] = "\0parley-work-";

	(void)memset(address, 0, sizeof(*address));
	address->sun_family = AF_UNIX;
	(void)memcpy(address->sun_path, name, sizeof(name) - 1);
	(void)memcpy(
	    address->sun_path + sizeof(name) - 1, id->bytes, sizeof(id->bytes));
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
			   sizeof(name) - 1 + sizeof(id->bytes));
}

int
wake_await(const struct id *id)
{
	struct sockaddr_un address;
	socklen_t length = abstract_address(id, &address);
	int made = open_socket();

	if (made >= 0 &&
	    bind(made, (const struct sockaddr *)&address, length) != 0) {
		(void)close(made);
		made = -1;
	}
	return made;
}

void
wake_tell(const struct id *id)
{
	struct sockaddr_un address;
	socklen_t length = abstract_address(id, &address);
	int sender = open_socket();

	if (sender < 0)
		return;
	(void)sendto(sender, "", 0, MSG_NOSIGNAL,
	    (const struct sockaddr *)&address, length);
	(void)close(sender);
}
