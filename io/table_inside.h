/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_TABLE_INSIDE_H
#define FN_IO_TABLE_INSIDE_H

#include "graph/columns.h"
#include "io/pen.h"
#include "io/table.h"

/* What table.c and table_tsv.c share. */

/* Eight bytes of ASCII without control characters and quotes? Now and then it says no for others, too. */
static inline bool fn_table_is_plain(const char *text)
{
    const uint64_t ones = 0x0101010101010101, high = 0x80 * ones;
    uint64_t word;
    memcpy(&word, text, sizeof word);
    uint64_t quotes = word ^ '"' * ones;
    return !((word | (word - ' ' * ones) | (quotes - ones)) & high);
}

/* Text with bytes that are not UTF-8 as U+FFFD and, where lines must stay whole, control characters that would break
 * them as blanks; both are counted. quote: double the quotes. */
void fn_table_put_clean(fn_pen *pen, const char *text, size_t length, bool one_line, bool quote);

/* Rows as TSV, most of all that is written: what all of them share is put into words once. The table outlives it. */
typedef struct fn_tsv fn_tsv;
fn_status fn_tsv_new(fn_run *run, const fn_table *table, fn_tsv **tsv);
void fn_tsv_free(fn_tsv *tsv);
void fn_tsv_put(fn_pen *pen, const fn_tsv *tsv, size_t row);

#endif
