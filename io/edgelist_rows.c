/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "graph/memory.h"
#include "io/edgelist.h"
#include "io/edgelist_rows.h"

/* ---- what can't be written ---- */

/* Any byte below a blank? Eight at once: of each, the high bit after taking a blank away tells. */
static bool has_control(const char *text, size_t length)
{
    uint64_t eight, found = 0;
    size_t at = 0;
    for (; at + sizeof eight <= length; at += sizeof eight) {
        memcpy(&eight, text + at, sizeof eight);
        found |= (eight - 0x2020202020202020u) & ~eight;
    }
    for (; at < length; at++) found |= (unsigned char) text[at] < ' ' ? 0x80 : 0;
    return found & 0x8080808080808080u;
}

static void refuse(fn_pen *pen, const fn_row_plan *plan, const fn_tie *tie, const char *words,
                   const char *text, size_t text_length)
{
    char quoted[FN_QUOTE_TEXT], from[FN_QUOTE_TEXT], to[FN_QUOTE_TEXT];
    size_t length;
    const char *key = fn_names_text(fn_net_keys(plan->net), tie->from, &length);
    fn_quote(key, length, from);
    key = fn_names_text(fn_net_keys(plan->net), tie->to, &length);
    fn_quote(key, length, to);
    pen->status = fn_fail(pen->run, FN_EPARSE, "the tie from %s to %s can't be written as a row: %s (%s)", from, to,
                            words, fn_quote(text, text_length, quoted));
    fn_hint(pen->run, "the network file holds it as it is: -o NAME.fnet");
}

static void put_text(fn_pen *pen, const fn_row_plan *plan, const fn_tie *tie, const char *what, const char *text,
                     size_t length)
{
    char words[160];
    for (size_t i = 0; i < length && has_control(text, length); i++) {
        const char *mark = text[i] == '\t' ? "a tab" : text[i] == '\n' ? "a line feed"
                         : text[i] == '\r' ? "a carriage return" : text[i] ? NULL : "a NUL byte";
        if (!mark || pen->status) continue;
        snprintf(words, sizeof words, "%.80s holds %s", what, mark);
        refuse(pen, plan, tie, words, text, length);
    }
    fn_pen_bytes(pen, text, length);
}

static void put_firm(fn_pen *pen, const fn_row_plan *plan, const fn_tie *tie, uint32_t firm, bool starts)
{
    size_t length;
    const char *key = fn_names_text(fn_net_keys(plan->net), firm, &length);
    if (pen->status) return;
    if (!length)
        refuse(pen, plan, tie, "the id of a firm is empty", key, length);
    else if (starts && key[0] == '#')
        refuse(pen, plan, tie, "a line that starts with # is a comment", key, length);
    put_text(pen, plan, tie, "the id of a firm", key, length);
}

static void put_amount(fn_pen *pen, const fn_row_plan *plan, const fn_tie *tie, double amount)
{
    char text[FN_REAL_TEXT];
    if (isnan(amount) || pen->status) return;
    if (amount < 0 || isinf(amount))
        refuse(pen, plan, tie, "an amount is negative or infinite", text, fn_real_format(amount, text));
    fn_pen_real(pen, amount + 0.0); /* no negative zero */
}

static void put_count(fn_pen *pen, const fn_row_plan *plan, const fn_tie *tie)
{
    char text[FN_INT_TEXT];
    int64_t read;
    size_t length = fn_int_format(tie->count, text);
    if (pen->status) return;
    if (fn_edge_count(text, length, &read).reason)
        refuse(pen, plan, tie, "the count is not between 1 and 1000000000000", text, length);
    fn_pen_bytes(pen, text, length);
}

static void put_layer(fn_pen *pen, const fn_row_plan *plan, const fn_tie *tie)
{
    size_t length;
    const char *name = fn_names_text(fn_net_layers(plan->net), tie->layer, &length);
    if (!length && !pen->status) refuse(pen, plan, tie, "the name of a layer is empty", name, length);
    put_text(pen, plan, tie, "the name of a layer", name, length);
}

/* Free text loses nothing that counts when it stays on its line. */
static void put_attribute(fn_pen *pen, const char *text, size_t length)
{
    size_t done = 0;
    for (size_t i = 0; i < length && has_control(text, length); i++) {
        if (text[i] != '\t' && text[i] != '\n' && text[i] != '\r' && text[i] != '\0') continue;
        fn_pen_bytes(pen, text + done, i - done);
        fn_pen_text(pen, " ");
        pen->replaced++;
        done = i + 1;
    }
    fn_pen_bytes(pen, text + done, length - done);
}

/* ---- rows ---- */

static void put_fixed(fn_pen *pen, const fn_row_plan *plan, const fn_tie *tie, int column)
{
    size_t length;
    const char *text;
    switch (column) {
    case FN_ROW_LAYER: put_layer(pen, plan, tie); break;
    case FN_ROW_VALUE: put_amount(pen, plan, tie, tie->value); break;
    case FN_ROW_COUNT: put_count(pen, plan, tie); break;
    case FN_ROW_FIRST: fn_pen_date(pen, tie->first); break;
    case FN_ROW_LAST: fn_pen_date(pen, tie->last); break;
    case FN_ROW_NEWMAN: put_amount(pen, plan, tie, tie->weight); break;
    case FN_ROW_CURRENCY:
        text = fn_names_text(fn_net_currencies(plan->net), tie->currency, &length);
        put_text(pen, plan, tie, "the name of a currency", text, length);
        break;
    case FN_ROW_PRODUCT:
        text = fn_names_text(fn_net_products(plan->net), tie->product, &length);
        if (tie->product != FN_NONE) put_text(pen, plan, tie, "the code of a product", text, length);
        break;
    }
}

static void put_row(fn_pen *pen, const fn_row_plan *plan, size_t place)
{
    size_t number = fn_row_tie(plan, place), length;
    const fn_tie found = fn_net_tie_at(plan->net, number), *tie = &found;
    char buffer[FN_REAL_TEXT];
    put_firm(pen, plan, tie, tie->from, true);
    fn_pen_text(pen, "\t");
    put_firm(pen, plan, tie, tie->to, false);
    for (int c = 0; c < FN_ROW_FIXED; c++) {
        if (!plan->has[c]) continue;
        fn_pen_text(pen, "\t");
        put_fixed(pen, plan, tie, c);
    }
    for (size_t c = 0; c < plan->columns; c++) {
        const fn_row_further *f = &plan->column[c];
        size_t row = f->by_tie ? number : place;
        fn_pen_text(pen, "\t");
        if (row >= f->column->rows || fn_column_missing(f->column, row)) continue;
        const char *text = fn_column_cell(f->column, row, buffer, &length);
        put_attribute(pen, text, length);
    }
    if (plan->numbered) {
        fn_pen_text(pen, "\t");
        fn_pen_int(pen, plan->number[tie->from]);
        fn_pen_text(pen, "\t");
        fn_pen_int(pen, plan->number[tie->to]);
    }
    fn_pen_text(pen, "\n");
}

/* ---- ties of one pair ---- */

enum { ROWS_AHEAD = 8 };

/* A tie to be written, and where it stands among the ties of its pair. */
typedef struct member {
    size_t place;
    uint32_t layer, currency;
} member;

static int within_pair(const void *left, const void *right)
{
    const member *a = left, *b = right;
    if (a->layer != b->layer) return a->layer < b->layer ? -1 : 1;
    if (a->currency != b->currency) return a->currency < b->currency ? -1 : 1;
    return a->place < b->place ? -1 : a->place > b->place;
}

static bool same_pair(const fn_row_plan *plan, size_t place, size_t other)
{
    fn_tie a = fn_net_tie_at(plan->net, fn_row_tie(plan, place)), b = fn_net_tie_at(plan->net, fn_row_tie(plan, other));
    return a.from == b.from && a.to == b.to;
}

/* Names order the ties of a pair, because numbers of layers and currencies change when read. */
static void put_pair(fn_pen *pen, const fn_row_plan *plan, size_t first, size_t end)
{
    member *pair = fn_alloc(pen->run, end - first, sizeof *pair);
    if (!pair) {
        pen->status = FN_ENOMEM;
        return;
    }
    for (size_t i = first; i < end; i++) {
        fn_tie tie = fn_net_tie_at(plan->net, fn_row_tie(plan, i));
        pair[i - first] = (member){ i, plan->layer_rank[tie.layer], plan->currency_rank[tie.currency] };
    }
    qsort(pair, end - first, sizeof *pair, within_pair);
    for (size_t i = 0; i < end - first && !pen->status; i++) put_row(pen, plan, pair[i].place);
    fn_free(pair);
}

/* Ties are sorted by the firm that delivers, so only the other firm's id is far away. */
static uint32_t receiver(const fn_row_plan *plan, size_t place)
{
    return place < plan->ties ? fn_net_tie_at(plan->net, fn_row_tie(plan, place)).to : FN_NONE;
}

void fn_row_put(fn_pen *pen, const void *user, size_t first, size_t end)
{
    const fn_row_plan *plan = user;
    size_t at = first;
    while (at > 0 && at < end && same_pair(plan, at - 1, at)) at++; /* came with the rows before */
    while (at < end && !pen->status) {
        fn_names_prefetch(fn_net_keys(plan->net), receiver(plan, at + 2 * ROWS_AHEAD), receiver(plan, at + ROWS_AHEAD));
        size_t next = at + 1;
        while (next < plan->ties && same_pair(plan, at, next)) next++;
        if (next - at == 1) put_row(pen, plan, at);
        else put_pair(pen, plan, at, next);
        at = next;
    }
}
