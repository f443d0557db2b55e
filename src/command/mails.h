/*
 * Mail from a mail server's pipe.
 */
#ifndef PARLEY_COMMAND_MAILS_H
#define PARLEY_COMMAND_MAILS_H

#include "base/base.h"

struct run;

/* Reads one mail from standard input and stores it; the worker reads it.
 * Ends with the statuses of sysexits.h, by which a mail server knows whether
 * to keep it, to bounce it or to forget it. */
enum outcome mails_receive(struct run *run);

#endif
