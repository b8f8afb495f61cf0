/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_TIE_RULES_INSIDE_H
#define FN_ALGORITHMS_TIE_RULES_INSIDE_H

#include <math.h>
#include "algorithms/tie_rules.h"

/* What tie_rules.c reads and tie_class.c follows. */

typedef enum fn_tie_operation {
    FN_TIE_IS, FN_TIE_BELOW, FN_TIE_AT_MOST, FN_TIE_ABOVE, FN_TIE_AT_LEAST, FN_TIE_EQUAL
} fn_tie_operation;

enum { FN_TIE_LIMIT_TEXT = 40 };
typedef struct fn_tie_condition {
    int fact;               /* row of fn_tie_fact_names */
    fn_tie_operation operation;
    int option;             /* -1: number is the limit */
    double number;          /* once settled, always the limit */
    bool or_missing;
    unsigned char told_length;
    char told[FN_TIE_LIMIT_TEXT]; /* once settled: the limit as reasons have it, " (<= 0.05)" */
} fn_tie_condition;

enum { FN_TIE_CONDITIONS = 8 };
typedef struct fn_tie_rule {
    const char *class;
    int conditions;
    fn_tie_condition condition[FN_TIE_CONDITIONS];
} fn_tie_rule;

struct fn_tie_rules {
    fn_tie_rule *rule;
    size_t count;
};

/* A sentence that grows in a fixed place; what does not fit is cut. */
typedef struct fn_tie_words {
    char *text;
    size_t length;
} fn_tie_words;

/* Facts that rules may ask for: the number (NaN: not known), and how a reason tells it (NULL: not at all); a fact whose
 * limit is told has it behind in brackets. */
typedef struct fn_tie_fact {
    const char *name;
    double (*number)(const fn_tie_facts *f, const fn_tie_period *period);
    void (*say)(fn_tie_words *w, const fn_tie_facts *f, const fn_tie_period *period, double limit);
    bool says_limit;
} fn_tie_fact;
enum { FN_TIE_FACTS = 19 };
extern const fn_tie_fact fn_tie_fact_names[FN_TIE_FACTS];

/* Of a settled condition. */
static inline bool fn_tie_holds(const fn_tie_condition *c, double value)
{
    if (isnan(value)) return c->or_missing;
    switch (c->operation) {
    case FN_TIE_BELOW: return value < c->number;
    case FN_TIE_AT_MOST: return value <= c->number;
    case FN_TIE_ABOVE: return value > c->number;
    case FN_TIE_AT_LEAST: return value >= c->number;
    case FN_TIE_EQUAL: return value == c->number;
    default: return value != 0;
    }
}

#endif
