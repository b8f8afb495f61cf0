/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_TIE_RULES_H
#define FN_ALGORITHMS_TIE_RULES_H

#include "algorithms/tie_inside.h"

/* What makes a tie strong, weak, a bridge, new or latent: a table in which the first line that holds decides.
 *   class   condition, condition, …
 * A line holds when all its conditions do, so one without conditions always does; several lines may name one class.
 * Condition: FACT OP LIMIT, with < <= > >= = for OP and a number or the name of an option for LIMIT; or FACT alone,
 * which holds where it is not 0. A fact that is not known makes a condition fail, unless `or missing` follows. # begins a
 * comment. The facts are listed in tie_rules.c; the reason of a tie is made of those its line asked for. */
typedef struct fn_tie_rules fn_tie_rules;

/* The built-in table, as text. */
#define FN_TIE_RULES \
    "# class  when (the first line that holds decides)\n" \
    "latent   days_since_last > latent-days\n" \
    "new      days_since_first <= new-days, data_days > new-days\n" \
    "bridge   joins_clusters, overlap <= bridge-overlap or missing, squares <= bridge-overlap or missing, " \
    "partners >= 2\n" \
    "bridge   clusters_unknown, overlap <= 0 or missing, squares <= 0 or missing, partners >= 2\n" \
    "strong   p < significance\n" \
    "strong   single, records >= exclusive-count\n" \
    "strong   q_records < significance, records >= exclusive-count\n" \
    "weak\n"
extern const char fn_tie_rules_text[];

/* FN_EINVAL with file and line: a class, fact or option that is not there, or what is no condition. */
fn_status fn_tie_rules_new(fn_run *run, const char *file, const char *text, size_t length, fn_tie_rules **rules);
fn_status fn_tie_rules_copy(fn_run *run, const fn_tie_rules *rules, fn_tie_rules **copy);
/* The limits by these options; before ties are judged, and again for other options. */
void fn_tie_rules_settle(fn_tie_rules *rules, const fn_tie_options *options);
void fn_tie_rules_free(fn_tie_rules *rules);
/* Does any condition ask for this fact? */
bool fn_tie_rules_ask(const fn_tie_rules *rules, const char *fact);

#endif
