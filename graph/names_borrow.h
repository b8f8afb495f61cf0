/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_GRAPH_NAMES_BORROW_H
#define FN_GRAPH_NAMES_BORROW_H

#include "graph/names.h"

/* The inside of names that lie in memory of somebody else, a file that is mapped above all: number -> text straight
 * from there. Only graph/names.c needs this; the way in is fn_names_borrow (graph/names.h). */
typedef struct fn_names_borrowed {
    const uint64_t *offset;  /* count + 1 */
    const char *bytes;       /* each name with a NUL behind */
    uint32_t count;
    fn_names *index;         /* the same as own names: text -> number; made when first asked for */
} fn_names_borrowed;

/* NULL: out of memory. */
fn_names_borrowed *fn_names_borrowed_new(fn_run *run, const uint64_t *offsets, const char *bytes, uint32_t count);
void fn_names_borrowed_free(fn_names_borrowed *borrowed);
const char *fn_names_borrowed_text(const fn_names_borrowed *borrowed, uint32_t number, size_t *length);
/* Make the index. FN_EPARSE: a name stands twice. */
fn_status fn_names_borrowed_index(fn_run *run, fn_names_borrowed *borrowed);
/* By the index, made on the first call; name by name where it can't be made. */
uint32_t fn_names_borrowed_find(fn_names_borrowed *borrowed, const char *text, size_t length);

#endif
