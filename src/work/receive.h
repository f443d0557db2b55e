/*
 * A mail that came in is read: its MIME here, where nothing listens to the
 * internet, and then it joins its conversation (store/mail_arrival.h).
 */
#ifndef PARLEY_WORK_RECEIVE_H
#define PARLEY_WORK_RECEIVE_H

#include "base/base.h"

struct job;

enum outcome receive_perform(struct job *job) MUSTCHECK;

#endif
