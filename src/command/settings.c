#include "base/base.h"

#include "command/settings.h"

#include "base/buf.h"
#include "base/config.h"
#include "command/run.h"

#include <stdio.h>

#define OUT_MOST (1 << 20)
#define WHY_MOST 8192

enum outcome
settings_print(struct run *run)
{
	struct buf out, why;

	buf_init(&out, run->arena, OUT_MOST);
	buf_init(&why, run->arena, WHY_MOST);
	if (run_value(run, "example") != NULL)
		config_describe(&out);
	else if (config_print(run->arena, run->config_path, &out, &why) != OK)
		return run_tell("%s", buf_text(&why));
	(void)fputs(buf_text(&out), stdout);
	return OK;
}
