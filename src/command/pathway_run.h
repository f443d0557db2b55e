/*
 * A chat with a pathway in the terminal.
 */
#ifndef PARLEY_COMMAND_PATHWAY_RUN_H
#define PARLEY_COMMAND_PATHWAY_RUN_H

#include "base/base.h"

struct pathway;
struct run;

/* Lets the agent speak first, then answers each line of standard input, until
 * there is none or the pathway ends.  The configuration was read; the model
 * of [llm] is asked.  There are no tools but the addresses of its nodes. */
enum outcome pathway_talk(
    struct run *run, const struct pathway *pathway) MUSTCHECK;

#endif
