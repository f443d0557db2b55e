/*
 * Agents' configs as they come in, with an agent's version or in place with
 * a conversation; and GET /v1/agent-config-schema, which says what may be in
 * one.
 */
#ifndef PARLEY_API_AGENT_CONFIG_H
#define PARLEY_API_AGENT_CONFIG_H

#include "base/base.h"

struct agent_config;
struct call;

extern const struct schema agent_config_document_schema;

/* Checks a config (JSON text of an object) that the request has at `path`,
 * with all that it refers to, and reads it.  Unknown fields are warned of.
 * INVALID, with every fault. */
enum outcome agent_config_accept(struct call *call, const char *path,
    const char *text, struct agent_config *config) MUSTCHECK;

enum outcome agent_config_describe(struct call *call);

#endif
