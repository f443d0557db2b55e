/*
 * parley-api: the FastCGI responder.
 *
 * nginx's operator, systemd, spawn-fcgi and mod_fcgid hand it a listening
 * socket as file descriptor 0; with --socket it makes one itself.
 */
#include "base/base.h"

#include "api/pool.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"

#include <getopt.h>
#include <stdio.h>

#define WHY_MOST 8192

static const char usage[] =
    "usage: parley-api [--config FILE] [--socket PATH]\n"
    "\n"
    "  --config FILE  the configuration; else $PARLEY_CONFIG, else\n"
    "                 /etc/parley/parley.ini where there is one\n"
    "  --socket PATH  listen on a unix socket; else file descriptor 0\n"
    "                 is a listening socket\n"
    "  --help         this text\n"
    "  --version      the version\n";

static const struct option options[] = {
	{ "config", required_argument, NULL, 'c' },
	{ "socket", required_argument, NULL, 's' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'v' },
	{ NULL, 0, NULL, 0 },
};

int
main(int argc, char **argv)
{
	const char *config = NULL, *socket = NULL;
	struct arena *arena;
	struct buf why;
	int option, status;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'c')
			config = optarg;
		else if (option == 's')
			socket = optarg;
		else if (option == 'v')
			return printf("parley-api %s\n", PACKAGE_VERSION) < 0;
		else
			return fputs(usage, option == 'h' ? stdout : stderr) <
				   0 ||
			       option != 'h';
	}
	if (optind < argc) {
		(void)fputs(usage, stderr);
		return 2;
	}
	log_open("parley-api");
	arena = arena_new();
	buf_init(&why, arena, WHY_MOST);
	status = pool_run(config, socket, &why);
	if (why.length > 0)
		(void)fprintf(stderr, "parley-api: %s\n", buf_text(&why));
	arena_free(arena);
	return status;
}
