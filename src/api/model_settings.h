/*
 * The language model that answers for the account: its own choice, and
 * without one the deployment's.
 */
#ifndef PARLEY_API_MODEL_SETTINGS_H
#define PARLEY_API_MODEL_SETTINGS_H

#include "api/routes.h"

handler model_setting_show, model_setting_replace, model_setting_forget;

#endif
