/*
 * What a model is asked about a conversation, and what comes of it.
 *
 * An analysis is a list of questions: a summary, citations, outcomes.  Each
 * is one request to a model and ends as one finding, on its own: what fails
 * is an error in its place.  Findings are written as JSON, so that a piece
 * of work that is interrupted goes on with those it has.
 *
 * What was said is data: one message of its own, a JSON document; the
 * instructions never hold a word of it.  An answer is held to the question's
 * schema, and asked for once more with the fault named.
 */
#ifndef PARLEY_MODEL_ANALYSIS_H
#define PARLEY_MODEL_ANALYSIS_H

#include "base/base.h"
#include "base/id.h"
#include "base/names.h"
#include "model/citation.h"
#include "model/disposition.h"
#include "model/field.h"

/* What is shown of a long conversation, the latest: bytes. */
#define ANALYSIS_TALK_MOST (256 << 10)

struct arena;
struct conversation;

enum question_kind {
	QUESTION_SUMMARY,
	QUESTION_CITATION,
	QUESTION_DISPOSITION,
	QUESTION_KIND_N
};

enum finding_status { FINDING_COMPLETE, FINDING_ERROR, FINDING_STATUS_N };

extern const struct names question_kind_names;
extern const struct names finding_status_names;

struct question {
	int kind;       /* enum question_kind */
	const char *id; /* of the definition; "" of a summary */
	int64_t version;
	const char *instructions;
	const char *schema; /* JSON Schema of the answer */
	const struct citation_schema *citation;
	const struct disposition *disposition;
};

struct finding {
	int kind;       /* enum question_kind */
	const char *id; /* of the definition */
	int64_t version;
	int status;         /* enum finding_status */
	const char *result; /* JSON object; NULL: an error */
	const char *tag;    /* of an outcome whose result meets it */
	const char *error;  /* "CODE: why" */
	int64_t exec_time;  /* milliseconds */
};

/* What is looked at. */
struct talk {
	const struct conversation *conversation;
	const struct list *messages; /* struct message */
	const char *citations;       /* JSON object, or NULL */
};

extern const struct schema finding_schema;

/* An outcome's finding, as clients are shown it. */
extern const struct schema disposition_log_schema;

/* The questions.  The definitions are borrowed. */
struct question question_of_summary(struct arena *arena, const char *prompt);
struct question question_of_citation(
    struct arena *arena, const struct citation_schema *schema);
struct question question_of_disposition(
    struct arena *arena, const struct disposition *disposition);

/* The messages to a model, a JSON array.  `answer` is the one that did not
 * fit, for the `fault`; NULL the first time. */
const char *question_messages(struct arena *arena,
    const struct question *question, const struct talk *talk,
    const char *answer, const char *fault);

/* Reads an answer into the finding: COMPLETE, with its result.  INVALID:
 * `fault` says what does not fit. */
enum outcome question_read(struct arena *arena, const struct question *question,
    const struct talk *talk, const char *answer, struct finding *finding,
    const char **fault) MUSTCHECK;

/* The finding of a question that has no answer. */
struct finding question_failed(struct arena *arena,
    const struct question *question, const char *code, const char *reason);

/* The texts of a JSON array, ended by NULL; what is no text is passed over. */
const char **analysis_references(struct arena *arena, const char *json);

/* The values over those that are there: a JSON object from two, of which
 * each may be NULL. */
const char *analysis_merge(
    struct arena *arena, const char *there, const char *values);

/* The variables of a citation's result. */
const char *analysis_variables(
    struct arena *arena, const struct finding *found);

/* Writes what was found (struct finding) into a conversation: its summary,
 * citation_variables, disposition_tag (of the first outcome that has one)
 * and disposition_logs.  What was not asked stays as it is. */
void analysis_conclude(struct arena *arena, const struct list *findings,
    struct conversation *conversation);

#endif
