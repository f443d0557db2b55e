#include "base/base.h"

#include "command/token.h"

#include "base/arena.h"
#include "base/secret.h"
#include "base/text.h"
#include "command/run.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define LINE_MOST 1024 /* bytes; a token has 255 characters at most */

static enum outcome read_line(
    struct run *run, FILE *file, const char *name, const char **token);
static enum outcome ask(struct run *run, const char **token);

enum outcome
token_read(struct run *run, const char *path, const char **token)
{
	FILE *file;
	enum outcome rc;

	if (path == NULL && isatty(STDIN_FILENO))
		return ask(run, token);
	if (path == NULL)
		return read_line(run, stdin, "standard input", token);
	file = fopen(path, "re");
	if (file == NULL)
		return run_tell("%s: %s; --auth-token-file must be a file that"
				" you can read",
		    path, strerror(errno));
	rc = read_line(run, file, path, token);
	(void)fclose(file); /* nothing was written */
	return rc;
}

static enum outcome
read_line(struct run *run, FILE *file, const char *name, const char **token)
{
	char line[LINE_MOST];
	const char *trimmed;
	enum outcome rc = OK;

	/* Else stdio would keep a copy of it. */
	(void)setvbuf(file, NULL, _IONBF, 0);
	if (fgets(line, sizeof(line), file) == NULL)
		line[0] = '\0';
	if (ferror(file) != 0)
		rc = run_tell(
		    "%s: %s; the token cannot be read", name, strerror(errno));
	else if (!text_is_clean(line, strlen(line)) || text_is_blank(line))
		rc = run_tell("%s has no token in its first line; write the"
			      " provider's auth token there",
		    name);
	else if (strlen(line) == sizeof(line) - 1)
		rc = run_tell(
		    "%s: the first line is too long for a token", name);
	if (rc == OK) {
		trimmed = text_trim(run->arena, line);
		*token = trimmed;
	}
	secret_wipe(line, sizeof(line));
	return rc;
}

static enum outcome
ask(struct run *run, const char **token)
{
	struct termios shown, hidden;
	enum outcome rc;

	if (tcgetattr(STDIN_FILENO, &shown) == -1)
		return run_tell("the terminal cannot be set: %s; give the"
				" token by --auth-token-file",
		    strerror(errno));
	hidden = shown;
	hidden.c_lflag &= ~(tcflag_t)ECHO;
	(void)fputs("auth token (not shown): ", stderr);
	if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) == -1)
		return run_tell("the terminal cannot be set: %s; give the"
				" token by --auth-token-file",
		    strerror(errno));
	rc = read_line(run, stdin, "standard input", token);
	(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
	(void)fputs("\n", stderr);
	return rc;
}
