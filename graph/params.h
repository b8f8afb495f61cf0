/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_GRAPH_PARAMS_H
#define FN_GRAPH_PARAMS_H

#include <stddef.h>
#include "graph/run.h"

/* One table row describes a parameter once: the option parser, the checks, help, the manual and the run record are
 * made from it. */
typedef enum fn_param_type {
    FN_PARAM_FLAG,   /* present or not */
    FN_PARAM_INT,    /* low … high */
    FN_PARAM_REAL,   /* low … high */
    FN_PARAM_CHOICE, /* one of choices, separated by | */
    FN_PARAM_TEXT,   /* anything */
    FN_PARAM_DATE    /* YYYY[-MM[-DD]] */
} fn_param_type;

typedef struct fn_param {
    const char *name;     /* long option without the dashes; NULL ends a table */
    char letter;          /* short option, 0: none */
    fn_param_type type;
    const char *argument; /* word for the value in help, NULL for a flag */
    const char *fallback; /* default as text, NULL: none */
    double low, high;
    const char *choices;
    const char *text;     /* one sentence, in the user's words */
} fn_param;

/* Values of a set of parameter tables. */
typedef struct fn_values fn_values;

/* tables: NULL-ended array of parameter tables, which must outlive the values. All start at their fallback. */
fn_status fn_values_new(fn_run *run, const fn_param *const *tables, fn_values **values);
void fn_values_free(fn_values *values);
const fn_param *fn_values_param(const fn_values *values, const char *name);
const fn_param *fn_values_param_letter(const fn_values *values, char letter);
/* Parse and check text for the parameter; FN_EINVAL with a sentence that names the option and the value. */
fn_status fn_values_set(fn_run *run, fn_values *values, const char *name, const char *text);

/* Asking for a name that no table has is a programming mistake (assert). */
bool fn_values_given(const fn_values *values, const char *name);  /* set by the user, not the fallback */
bool fn_values_flag(const fn_values *values, const char *name);
int64_t fn_values_int(const fn_values *values, const char *name);
double fn_values_real(const fn_values *values, const char *name);
int32_t fn_values_date(const fn_values *values, const char *name);
const char *fn_values_text(const fn_values *values, const char *name); /* as given or fallback; NULL: none */

/* Walk all parameters in table order; NULL after the last. */
const fn_param *fn_values_at(const fn_values *values, size_t index);

#endif
