/*
 * The order that a piece of work is: its payload, as the struct of its kind.
 */
#ifndef PARLEY_WORK_ORDER_H
#define PARLEY_WORK_ORDER_H

#include "base/base.h"

struct job;
struct schema;

/* Reads it into the struct of the schema.  INVALID, and the job's reason says
 * so: it is not one of this kind, and never will be. */
enum outcome order_read(
    struct job *job, const struct schema *schema, void *order) MUSTCHECK;

#endif
