/*
 * The doctor's checks of the database.
 */
#ifndef PARLEY_COMMAND_CHECKS_DATABASE_H
#define PARLEY_COMMAND_CHECKS_DATABASE_H

#include "command/checks.h"

enum verdict checks_connection(struct exam *exam);
enum verdict checks_version(struct exam *exam);
enum verdict checks_migrations(struct exam *exam);
enum verdict checks_rights(struct exam *exam);
enum verdict checks_key_rights(struct exam *exam);
enum verdict checks_engine(struct exam *exam);
enum verdict checks_clock(struct exam *exam);
enum verdict checks_durability(struct exam *exam);
enum verdict checks_connections(struct exam *exam);

#endif
