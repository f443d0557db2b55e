/*
 * The doctor's checks of this host and of the configuration.
 */
#ifndef PARLEY_COMMAND_CHECKS_HOST_H
#define PARLEY_COMMAND_CHECKS_HOST_H

#include "command/checks.h"

enum verdict checks_configuration(struct exam *exam);
enum verdict checks_secret_key(struct exam *exam);
enum verdict checks_public_url(struct exam *exam);
enum verdict checks_model(struct exam *exam);
enum verdict checks_zones(struct exam *exam);
enum verdict checks_files(struct exam *exam);
enum verdict checks_backlog(struct exam *exam);
enum verdict checks_user(struct exam *exam);
enum verdict checks_socket(struct exam *exam);
enum verdict checks_spool(struct exam *exam);

#endif
