/*
 * parley: the operator's command.
 */
#include "base/base.h"

#include "base/log.h"
#include "command/command.h"

#include <getopt.h>
#include <stdio.h>

static const struct option options[] = {
	{ "config", required_argument, NULL, 'c' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'v' },
	{ NULL, 0, NULL, 0 },
};

int
main(int argc, char **argv)
{
	const char *config = NULL;
	int option;

	log_open("parley");
	/* "+": what follows the command is the command's. */
	while ((option = getopt_long(argc, argv, "+", options, NULL)) != -1) {
		if (option == 'c')
			config = optarg;
		else if (option == 'h')
			return command_help();
		else if (option == 'v')
			return printf("parley %s\n", PACKAGE_VERSION) < 0;
		else
			return command_misused();
	}
	return command_main(config, argv + optind);
}
