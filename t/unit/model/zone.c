/*
 * Time zones, from this system's zoneinfo and where there is none.
 */
#include "base/base.h"

#include "model/zone.h"

#include <sched.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

static const char *const zones[] = {
	"UTC",
	"Europe/Berlin",
	"America/New_York",
	"America/Argentina/Buenos_Aires",
	"America/Port-au-Prince",
	"Etc/GMT+5",
	"Etc/GMT-14",
	"Asia/Kolkata",
};

static const char *const others[] = {
	"",
	".",
	"..",
	"/",
	"Europe",
	"Europe/",
	"/Europe/Berlin",
	"Europe//Berlin",
	"Europe/Berlin/",
	"Europe/./Berlin",
	"Europe/../Europe/Berlin",
	"../zoneinfo/UTC",
	"../../../etc/passwd",
	"/usr/share/zoneinfo/UTC",
	"./UTC",
	"Europe/Nowhere",
	"Europe/Berlin/Mitte",
	"UTC ",
	" UTC",
	"UTC\n",
	"UTC+1",
	"Europe Berlin",
	"Europe\\Berlin",
	"Europe/B\xc3\xa9rlin",
	"Europe/8901234567890123456789012345678901234567890123456789012345",
	"zone.tab",
	"tzdata.zi",
	"leapseconds",
	"leap-seconds.list",
	"posixrules",
	"localtime",
	"posix",
	"posix/UTC",
	"posix/Europe/Berlin",
	"right",
	"right/UTC",
	"right/Europe/Berlin",
};

/* In a child whose root is an empty directory: 0 when only UTC is known,
 * 1 when not, 2 when we may not have such a root. */
static int
bare_life(const char *root)
{
	if (chroot(root) != 0 &&
	    (unshare(CLONE_NEWUSER) != 0 || chroot(root) != 0))
		return 2;
	if (chdir("/") != 0)
		return 2;
	return !zone_exists("UTC") || zone_exists("Europe/Berlin") ||
	       zone_exists("GMT") || zone_exists("");
}

static void
test_bare(void)
{
	char root[] = "/tmp/zone-XXXXXX";
	int status = -1;
	pid_t child;

	if (mkdtemp(root) == NULL)
		abort();
	child = fork();
	if (child == 0)
		_exit(bare_life(root));
	if (child == -1 || waitpid(child, &status, 0) != child)
		abort();
	(void)rmdir(root); /* an empty directory is all that could be left */
	if (WIFEXITED(status) && WEXITSTATUS(status) == 2)
		ok(true, "without zoneinfo there is only UTC # SKIP not"
			 " allowed to change the root");
	else
		ok(WIFEXITED(status) && WEXITSTATUS(status) == 0,
		    "without zoneinfo there is only UTC");
}

int
main(void)
{
	size_t i;

	for (i = 0; i < COUNT(zones); i++)
		ok(zone_exists(zones[i]), "%s is a zone", zones[i]);
	for (i = 0; i < COUNT(others); i++)
		if (!ok(!zone_exists(others[i]), "bad name %zu is no zone", i))
			printf("#   %s\n", others[i]);
	test_bare();
	return done();
}
