#include "base/base.h"

#include "command/secrets.h"

#include "base/buf.h"
#include "base/secret.h"
#include "command/run.h"

#define WHY_MOST 1024

enum outcome
secrets_create(struct run *run)
{
	struct buf why;
	enum outcome rc;

	buf_init(&why, run->arena, WHY_MOST);
	rc = secret_create(run->operands[0], &why);
	if (rc == CONFLICT)
		return run_tell("%s; a key is never overwritten, since what it"
				" sealed would be lost: use that one, or"
				" another path",
		    buf_text(&why));
	if (rc != OK)
		return run_tell("%s; choose a path in a directory where you"
				" can write",
		    buf_text(&why));
	return OK;
}
