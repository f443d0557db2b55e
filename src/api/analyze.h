/*
 * POST /v1/sms/analyze and POST /v1/citation_schemas/backfill: conversations
 * are asked at once.  Both write a piece of work for each conversation (kind
 * `analyse`) and wait for it.
 */
#ifndef PARLEY_API_ANALYZE_H
#define PARLEY_API_ANALYZE_H

#include "api/routes.h"

extern const struct schema analyze_request_schema, analyze_answer_schema,
    backfill_request_schema, backfill_answer_schema;

handler sms_analyze, citations_backfill;

#endif
