/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "io/edgelist.h"

/* Tables of ties that firmnet wrote (ties.tsv) are inputs like others, and give the ties they came from: what was
 * computed is no attribute. */

static const char *const own[] = { "from",  "to",    "layer", "value", "currency",
                                   "count", "first", "last",  "class", "reason" };
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
        if (field_named(text, own[i]) < 0) return;
    columns->own = true;
    for (size_t i = 0; i < sizeof computed / sizeof *computed; i++) {
        ptrdiff_t f = field_named(text, computed[i]);
        if (f >= 0) taken[f] = true;
    }
}
