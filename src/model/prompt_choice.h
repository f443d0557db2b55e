/*
 * What the model is asked beside a reply: which way a conversation goes on,
 * and what variables the user's words hold.  What authors wrote is
 * instruction; what was said is data, in one message of its own.
 */
#ifndef PARLEY_MODEL_PROMPT_CHOICE_H
#define PARLEY_MODEL_PROMPT_CHOICE_H

#include "model/prompt.h"

#define PROMPT_STAY "stay"

struct node;

/* The messages, as a JSON array; `choices` has struct turn_choice.  With a
 * `fault` the answer before was wrong, and why; NULL: there was none. */
const char *prompt_choose(struct arena *arena, const struct prompt *prompt,
    const struct list *choices, bool answering, const char *fault);
const char *prompt_extract(
    struct arena *arena, const struct prompt *prompt, const char *fault);

/* JSON Schemas of the answers: {"reason": ..., "choice": ...}, and a member
 * for each variable of the node, null where it was not said. */
const char *prompt_choose_schema(
    struct arena *arena, const struct list *choices);
const char *prompt_extract_schema(struct arena *arena, const struct node *node);

/* What the names of the choices stand for, as a JSON array of objects with
 * label and node_id. */
const char *prompt_choices(struct arena *arena, const struct list *choices);

/* "choice_1" for 0. */
const char *prompt_choice_name(struct arena *arena, size_t i);

/* The variables that an answer (NULL: none) has, as what they are declared
 * to be, without those that are null.  What is wrong is left out, and said
 * in `fault`. */
struct json_object *prompt_extract_read(struct arena *arena,
    const struct node *node, struct json_object *answer, const char **fault);

#endif
