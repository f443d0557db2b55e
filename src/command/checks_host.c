#include "base/base.h"

#include "command/checks_host.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/secret.h"
#include "base/spool.h"
#include "base/text.h"
#include "command/run.h"
#include "model/zone.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define WHY_MOST 8192
#define FILES_LEAST 1024
#define SOMAXCONN_FILE "/proc/sys/net/core/somaxconn"

enum verdict
checks_configuration(struct exam *exam)
{
	struct run *run = exam->run;
	struct buf why;

	buf_init(&why, run->arena, WHY_MOST);
	if (config_load(run->arena, run->config_path, &run->config, &why))
		return checks_fail(exam,
		    "correct it; `parley config --example` shows every key",
		    "%s", buf_text(&why));
	exam->configured = true;
	return VERDICT_OK;
}

/* parley-api reads the key after it became [api] user. */
static enum verdict
check_owner(struct exam *exam, const char *path)
{
	const char *user = exam->run->config.api_user;
	struct passwd *entry;
	struct stat status;

	if (user == NULL || geteuid() != 0)
		return VERDICT_OK;
	entry = getpwnam(user);
	if (entry == NULL || entry->pw_uid == 0 || stat(path, &status) == -1 ||
	    status.st_uid == entry->pw_uid)
		return VERDICT_OK;
	return checks_fail(exam,
	    arena_format(exam->run->arena, "chown %s %s", user, path),
	    "%s cannot be read by %s, whom [api] user names", path, user);
}

enum verdict
checks_secret_key(struct exam *exam)
{
	const char *path = exam->run->config.secret_key_file;
	unsigned char key[SECRET_KEY];
	struct buf why;

	if (path == NULL)
		return checks_warn(exam,
		    "run `parley secret create PATH` and set [secret] key_file"
		    " to PATH",
		    "there is none, so carriers with a token cannot be added");
	buf_init(&why, exam->run->arena, WHY_MOST);
	if (secret_load(path, key, &why) == OK) {
		secret_wipe(key, sizeof(key));
		return check_owner(exam, path);
	}
	return checks_fail(exam,
	    "bring back the file, its owner and its mode 0600; only where"
	    " nothing is sealed yet, make one by `parley secret create`",
	    "%s", buf_text(&why));
}

enum verdict
checks_public_url(struct exam *exam)
{
	const char *url = exam->run->config.http_public_url;

	if (url == NULL)
		return checks_warn(exam,
		    "set [http] public_url to https://HOST as providers"
		    " reach it",
		    "there is none, so providers cannot call this server");
	if (!text_starts(url, "https://"))
		return checks_fail(exam,
		    "let nginx serve TLS, and set [http] public_url to"
		    " https://HOST",
		    "%s is not https: texts and signatures could be read on"
		    " their way",
		    url);
	return checks_ok(exam, "%s", url);
}

/* It is not asked: that could cost money. */
enum verdict
checks_model(struct exam *exam)
{
	const struct config *config = &exam->run->config;

	if (config->llm_url == NULL || config->llm_model == NULL)
		return checks_warn(exam,
		    "set [llm] url and model, and key if it wants one",
		    "%s, so agents answer only for accounts that chose one",
		    config->llm_url != NULL ? "it has no name"
					    : "there is none");
	if (config->llm_timeout >= config->worker_lease)
		return checks_warn(exam,
		    "set [worker] lease to more than [llm] timeout",
		    "an answer may take %lld s, and a worker has %lld s",
		    (long long)config->llm_timeout,
		    (long long)config->worker_lease);
	return checks_ok(exam, "%s at %s", config->llm_model, config->llm_url);
}

enum verdict
checks_zones(struct exam *exam)
{
	if (zone_exists("Europe/Berlin"))
		return VERDICT_OK;
	return checks_fail(exam, "install the package tzdata",
	    "/usr/share/zoneinfo has no Europe/Berlin");
}

enum verdict
checks_files(struct exam *exam)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == -1)
		return checks_warn(
		    exam, NULL, "the limit is not known: %s", strerror(errno));
	if (limit.rlim_cur < FILES_LEAST)
		return checks_fail(exam,
		    "ulimit -n 1024, or LimitNOFILE=1024 in the unit",
		    "a process may open %llu files, and %d are needed",
		    (unsigned long long)limit.rlim_cur, FILES_LEAST);
	return checks_ok(exam, "%llu", (unsigned long long)limit.rlim_cur);
}

/* The kernel silently cuts the backlog of listen(2) to this. */
enum verdict
checks_backlog(struct exam *exam)
{
	int64_t wanted = exam->run->config.api_backlog, most;
	FILE *file = fopen(SOMAXCONN_FILE, "re");
	char line[32] = "";

	if (file != NULL) {
		if (fgets(line, sizeof(line), file) == NULL)
			line[0] = '\0';
		(void)fclose(file); /* nothing was written */
	}
	if (text_to_integer(text_trim(exam->run->arena, line), &most) != OK)
		return checks_ok(exam, "the kernel's limit is not known");
	if (most >= wanted)
		return checks_ok(exam, "%lld", (long long)wanted);
	return checks_warn(exam,
	    arena_format(exam->run->arena, "sysctl net.core.somaxconn=%lld",
		(long long)wanted),
	    "[api] backlog is %lld, the kernel's limit %lld: nginx answers"
	    " 502 when more connections wait",
	    (long long)wanted, (long long)most);
}

enum verdict
checks_user(struct exam *exam)
{
	const char *user = exam->run->config.api_user;

	if (user == NULL && geteuid() == 0)
		return checks_warn(exam,
		    "set [api] user, unless systemd or nginx's operator"
		    " starts parley-api as another user",
		    "none is set, and root would stay root");
	if (user != NULL && getpwnam(user) == NULL)
		return checks_fail(exam,
		    arena_format(exam->run->arena,
			"adduser --system --group %s, or set [api] user", user),
		    "there is no user %s", user);
	return VERDICT_OK;
}

/* The directory of a path. */
static const char *
parent(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return ".";
	if (slash == path)
		return "/";
	return arena_copy(arena, path, (size_t)(slash - path));
}

enum verdict
checks_socket(struct exam *exam)
{
	const char *path = run_value(exam->run, "socket"), *directory;
	struct sockaddr_un address;
	struct stat status;

	if (path == NULL) {
		exam->found = "say which by --socket PATH";
		return VERDICT_SKIP;
	}
	if (strlen(path) >= sizeof(address.sun_path))
		return checks_fail(exam, "choose a shorter path",
		    "%s is longer than the %zu bytes of a socket's address",
		    path, sizeof(address.sun_path) - 1);
	if (lstat(path, &status) == 0 && !S_ISSOCK(status.st_mode))
		return checks_fail(exam, "choose another path, or remove it",
		    "%s is there and is no socket", path);
	directory = parent(exam->run->arena, path);
	if (access(directory, W_OK | X_OK) == 0)
		return checks_ok(exam, "%s", path);
	return checks_fail(exam,
	    "make the directory, for the user who starts parley-api", "%s: %s",
	    directory, strerror(errno));
}

enum verdict
checks_spool(struct exam *exam)
{
	const char *path = exam->run->config.api_spool;
	struct spool_count count;
	struct buf why;

	if (path == NULL)
		return checks_warn(exam,
		    "set [api] spool to a directory of parley-api's user",
		    "there is none, so what providers bring while the database"
		    " is down is refused, and most do not bring it again");
	buf_init(&why, exam->run->arena, WHY_MOST);
	if (spool_count(path, &count, &why) != OK)
		return checks_fail(exam,
		    "make it for parley-api's user alone, or start parley-api,"
		    " which makes it",
		    "%s", buf_text(&why));
	if (count.failed > 0)
		return checks_warn(exam,
		    arena_format(exam->run->arena,
			"see why in parley-api's log, and give %s/NAME.failed"
			" its NAME again, or remove it",
			path),
		    "%zu could not be taken in, and %zu wait", count.failed,
		    count.waiting);
	return checks_ok(exam, "%zu wait", count.waiting);
}
