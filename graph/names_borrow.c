/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "graph/memory.h"
#include "graph/names_borrow.h"
#include "graph/text.h"

fn_names_borrowed *fn_names_borrowed_new(fn_run *run, const uint64_t *offsets, const char *bytes, uint32_t count)
{
    fn_names_borrowed *made = fn_alloc(run, 1, sizeof *made);
    if (made) *made = (fn_names_borrowed) { .offset = offsets, .bytes = bytes, .count = count };
    return made;
}

void fn_names_borrowed_free(fn_names_borrowed *borrowed)
{
    if (!borrowed) return;
    fn_names_free(borrowed->index);
    fn_free(borrowed);
}

const char *fn_names_borrowed_text(const fn_names_borrowed *borrowed, uint32_t number, size_t *length)
{
    bool there = number < borrowed->count;
    if (length) *length = there ? (size_t) (borrowed->offset[number + 1] - borrowed->offset[number] - 1) : 0;
    return there ? borrowed->bytes + borrowed->offset[number] : "";
}

fn_status fn_names_borrowed_index(fn_run *run, fn_names_borrowed *borrowed)
{
    fn_names *index = NULL;
    if (borrowed->index) return FN_OK;
    fn_status status = fn_names_new(run, &index);
    for (uint32_t n = 0; !status && n < borrowed->count; n++) {
        size_t length;
        uint32_t number;
        bool is_new;
        const char *text = fn_names_borrowed_text(borrowed, n, &length);
        status = fn_names_add(run, index, text, length, &number, &is_new);
        if (!status && !is_new) {
            char quoted[FN_QUOTE_TEXT];
            status = fn_fail(run, FN_EPARSE, "the network file names %s twice", fn_quote(text, length, quoted));
        }
    }
    if (status) fn_names_free(index);
    else borrowed->index = index;
    return status;
}

uint32_t fn_names_borrowed_find(fn_names_borrowed *borrowed, const char *text, size_t length)
{
    fn_run quiet = FN_RUN_INIT; /* a search can't fail: without memory for the index it takes longer */
    if (!fn_names_borrowed_index(&quiet, borrowed)) return fn_names_find(borrowed->index, text, length);
    for (uint32_t n = 0; n < borrowed->count; n++) {
        size_t there;
        const char *other = fn_names_borrowed_text(borrowed, n, &there);
        if (there == length && memcmp(other, text, length) == 0) return n;
    }
    return FN_NONE;
}
