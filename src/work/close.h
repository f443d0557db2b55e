/*
 * Work of kind `close`: what follows a conversation's end.
 *
 * A model is asked for the summary, the citations and the outcomes that the
 * conversation or its number wants.  Then all of it is recorded at once:
 * what was found, and the one status webhook that tells the client, which
 * goes out whatever became of the questions.
 */
#ifndef PARLEY_WORK_CLOSE_H
#define PARLEY_WORK_CLOSE_H

#include "work/kinds.h"

performer close_perform;

#endif
