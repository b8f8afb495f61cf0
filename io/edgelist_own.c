/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include <strings.h>
#include "graph/text.h"
#include "io/edgelist.h"

/* Tables of ties that firmnet wrote (ties.tsv) are inputs like others, and give the ties they came from: a tie of a
 * layer without money has no value beside others that have one, a tie lasts from its first day to its last, and what
 * was computed is no attribute. */

static const struct {
    const char *name;
    int meaning;
} own[] = { { "from", FN_EDGE_FROM },         { "to", FN_EDGE_TO },       { "layer", FN_EDGE_LAYER },
            { "value", FN_EDGE_WEIGHT },      { "count", FN_EDGE_COUNT }, { "first", FN_EDGE_DATE },
            { "currency", FN_EDGE_CURRENCY }, { "last", -1 },             { "class", -1 },
            { "reason", -1 } };
static const char *const computed[] = { "overlap", "squares", "p_from", "p_to",   "reciprocity",
                                        "layers",  "class",   "reason", "recency" };

/* The field of the header that is called so, -1: none. */
static ptrdiff_t field_named(const fn_delimited *text, const char *name)
{
    for (size_t f = 0; f < text->fields; f++)
        if (text->field[f].length == strlen(name) && memcmp(text->field[f].text, name, strlen(name)) == 0)
            return (ptrdiff_t) f;
    return -1;
}

void fn_edge_columns_own(const fn_delimited *text, fn_edge_columns *columns, bool *taken)
{
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (field_named(text, own[i].name) < 0) return;
    columns->own = true;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        ptrdiff_t f = field_named(text, own[i].name);
        taken[f] = true;
        if (own[i].meaning >= 0) columns->at[own[i].meaning] = f;
    }
    columns->last = field_named(text, "last");
    columns->newman = field_named(text, "newman_weight");
    if (columns->newman >= 0) taken[columns->newman] = true;
    for (size_t i = 0; i < sizeof computed / sizeof *computed; i++) {
        ptrdiff_t f = field_named(text, computed[i]);
        if (f >= 0) taken[f] = true;
    }
}

fn_complaint fn_edge_own_cells(const fn_delimited *text, const fn_edge_columns *columns, fn_tie *tie)
{
    const fn_field *last = &text->field[columns->last];
    if (last->length && (!fn_date_parse(last->text, last->length, &tie->last, NULL) || tie->last < tie->first))
        return (fn_complaint){ "date_impossible", "the last date can't be read, or is before the first", NULL };
    if (columns->newman < 0) return (fn_complaint){ 0 };
    const fn_field *weight = &text->field[columns->newman];
    return weight->length ? fn_edge_weight(weight->text, weight->length, &tie->weight) : (fn_complaint){ 0 };
}
