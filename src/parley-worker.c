/*
 * parley-worker: performs the work that must happen later.
 *
 * A daemon, or, where no daemon may run, started by cron every minute:
 * parley-worker --for 55.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/text.h"
#include "work/crew.h"

#include <getopt.h>
#include <stdio.h>

#define WHY_MOST 8192

static const char usage[] =
    "usage: parley-worker [--config FILE] [--for SECONDS]\n"
    "\n"
    "  --config FILE  the configuration; else $PARLEY_CONFIG, else\n"
    "                 /etc/parley/parley.ini where there is one\n"
    "  --for SECONDS  work for so long, and then end; for cron\n"
    "  --help         this text\n"
    "  --version      the version\n";

static const struct option options[] = {
	{ "config", required_argument, NULL, 'c' },
	{ "for", required_argument, NULL, 'f' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'v' },
	{ NULL, 0, NULL, 0 },
};

int
main(int argc, char **argv)
{
	const char *config = NULL;
	int64_t seconds = 0;
	struct arena *arena;
	struct buf why;
	bool wrong = false;
	int option, status;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'c')
			config = optarg;
		else if (option == 'f')
			wrong |= text_to_integer(optarg, &seconds) != OK ||
				 seconds < 1;
		else if (option == 'v')
			return printf("parley-worker %s\n", PACKAGE_VERSION) <
			       0;
		else if (option == 'h')
			return fputs(usage, stdout) < 0;
		else
			wrong = true;
	}
	if (wrong || optind < argc)
		return fputs(usage, stderr) < 0 ? 1 : 2;
	log_open("parley-worker");
	arena = arena_new();
	buf_init(&why, arena, WHY_MOST);
	status = crew_run(config, seconds, &why);
	if (why.length > 0)
		(void)fprintf(stderr, "parley-worker: %s\n", buf_text(&why));
	arena_free(arena);
	return status;
}
