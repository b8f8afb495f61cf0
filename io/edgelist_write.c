/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "graph/memory.h"
#include "io/column_types.h"
#include "io/edgelist.h"
#include "io/pen.h"

/* Columns after from and to that every net has, in this order. */
enum { LAYER, VALUE, CURRENCY, COUNT, FIRST, LAST, NEWMAN, PRODUCT, FIXED };
static const char *const fixed[FIXED] = { "layer", "value", "currency", "count", "first", "last", "newman_weight", "product" };

typedef struct further {
    const fn_column *column;
    char *name;
    bool by_tie; /* its row is the tie of the net, else the place in the export */
} further;

/* A tie to be written, and where it stands among the ties of its pair. */
typedef struct member {
    size_t place;
    uint32_t layer, currency;
} member;

typedef struct writer {
    fn_pen pen;
    const fn_export *what;
    const fn_net *net;
    size_t ties;
    bool has[FIXED];
    further *column;
    size_t columns;
    uint32_t *layer_rank, *currency_rank; /* place of a name among the sorted names */
    uint32_t *number;                     /* of a firm among those written, from 1; 0: not written */
    uint32_t firms;
    bool numbered;                        /* the rows don't show these numbers, so columns must */
    member *pair;
    size_t pair_capacity;
} writer;

static size_t tie_at(const writer *w, size_t place)
{
    return w->what->tie ? w->what->tie[place] : place;
}

/* ---- order ---- */

typedef struct ranked {
    const char *text;
    size_t length;
    uint32_t number;
} ranked;

static int by_text(const void *left, const void *right)
{
    const ranked *a = left, *b = right;
    int order = memcmp(a->text, b->text, a->length < b->length ? a->length : b->length);
    return order ? order : a->length < b->length ? -1 : a->length > b->length;
}

/* rank[number] of the names from `start` on, in byte order; the names before stand as they are. */
static fn_status rank_names(fn_run *run, const fn_names *names, uint32_t start, uint32_t **rank)
{
    uint32_t count = fn_names_count(names);
    ranked *all = fn_alloc(run, count, sizeof *all);
    *rank = fn_alloc(run, count, sizeof **rank);
    fn_status status = all && *rank ? FN_OK : FN_ENOMEM;
    for (uint32_t n = 0; !status && n < count; n++) {
        all[n].text = fn_names_text(names, n, &all[n].length);
        all[n].number = n;
    }
    if (!status && count > start) qsort(all + start, count - start, sizeof *all, by_text);
    for (uint32_t n = 0; !status && n < count; n++) (*rank)[all[n].number] = n;
    fn_free(all);
    return status;
}

/* Firms of the written ties in their order, and whether the rows name them first in this order. */
static fn_status number_firms(writer *w)
{
    uint32_t firms = fn_net_firms(w->net), next = 1;
    w->number = fn_alloc(w->pen.run, firms, sizeof *w->number);
    if (!w->number) return FN_ENOMEM;
    for (size_t i = 0; i < w->ties; i++) w->number[fn_net_tie_at(w->net, tie_at(w, i)).from] = w->number[fn_net_tie_at(w->net, tie_at(w, i)).to] = 1;
    for (uint32_t f = 0; f < firms; f++)
        if (w->number[f]) w->number[f] = ++w->firms;
    for (size_t i = 0; i < w->ties && !w->numbered; i++) {
        const fn_tie *t = FN_TIE(w->net, tie_at(w, i));
        next += w->number[t->from] == next;
        next += w->number[t->to] == next;
        w->numbered = w->number[t->from] >= next || w->number[t->to] >= next;
    }
    return FN_OK;
}

static int within_pair(const void *left, const void *right)
{
    const member *a = left, *b = right;
    if (a->layer != b->layer) return a->layer < b->layer ? -1 : 1;
    if (a->currency != b->currency) return a->currency < b->currency ? -1 : 1;
    return a->place < b->place ? -1 : a->place > b->place;
}

/* ---- columns ---- */

static void find_fixed(writer *w)
{
    size_t length;
    w->has[LAYER] = w->has[COUNT] = w->ties > 0;
    for (size_t i = 0; i < w->ties; i++) {
        const fn_tie *t = FN_TIE(w->net, tie_at(w, i));
        w->has[VALUE] |= !isnan(t->value);
        w->has[NEWMAN] |= !isnan(t->weight);
        w->has[CURRENCY] |= t->currency != 0;
        w->has[FIRST] |= t->first != FN_DAY_NONE || t->last != FN_DAY_NONE;
        if (t->product != FN_NONE && !w->has[PRODUCT]) {
            fn_names_text(fn_net_products(w->net), t->product, &length);
            w->has[PRODUCT] = length > 0;
        }
    }
    w->has[LAST] = w->has[FIRST];
}

static bool is_fixed(const char *name)
{
    for (int i = 0; i < FIXED; i++)
        if (strcmp(name, fixed[i]) == 0) return true;
    return strcmp(name, "from") == 0 || strcmp(name, "to") == 0;
}

static bool name_taken(const writer *w, const char *name)
{
    for (size_t c = 0; c < w->columns; c++)
        if (strcmp(w->column[c].name, name) == 0) return true;
    return false;
}

/* A name that reads back as that of an attribute, once only. */
static char *attribute_name(const writer *w, const char *text)
{
    int rank;
    char *base = fn_header_name(w->pen.run, text, strlen(text), w->columns + 1);
    size_t room = base ? strlen(base) + 40 : 0;
    char *name = base ? fn_alloc(w->pen.run, room, 1) : NULL;
    if (name) {
        const char *before = fn_edge_meaning(base, strlen(base), &rank) >= 0 ? "tie_" : "";
        snprintf(name, room, "%s%s", before, base);
        for (size_t n = 2; name_taken(w, name); n++) snprintf(name, room, "%s%s_%zu", before, base, n);
    }
    fn_free(base);
    return name;
}

static bool has_values(const writer *w, const fn_column *column, bool by_tie)
{
    char buffer[FN_REAL_TEXT];
    for (size_t i = 0; i < w->ties; i++) {
        size_t length, row = by_tie ? tie_at(w, i) : i;
        if (row >= column->rows || fn_column_missing(column, row)) continue;
        fn_column_cell(column, row, buffer, &length);
        if (length) return true;
    }
    return false;
}

static fn_status add_columns(writer *w, const fn_table *table, bool by_tie)
{
    const fn_table *computed = by_tie ? w->what->ties : NULL;
    for (size_t c = 0; table && c < table->columns; c++) {
        const fn_column *column = table->column[c];
        if (!by_tie && is_fixed(column->name)) continue;
        if (computed && !is_fixed(column->name) && fn_table_find(computed, column->name)) continue;
        if (!has_values(w, column, by_tie)) continue;
        char *name = attribute_name(w, column->name);
        if (!name) return FN_ENOMEM;
        w->column[w->columns++] = (further){ column, name, by_tie };
    }
    return FN_OK;
}

static fn_status find_columns(writer *w)
{
    const fn_table *own = fn_net_tie_columns(w->net), *given = w->what->ties;
    find_fixed(w);
    w->column = fn_alloc(w->pen.run, own->columns + (given ? given->columns : 0), sizeof *w->column);
    if (!w->column) return FN_ENOMEM;
    fn_status status = add_columns(w, own, true);
    return status ? status : add_columns(w, given, false);
}

/* ---- what can't be written ---- */

static void refuse(writer *w, const fn_tie *tie, const char *words, const char *text, size_t text_length)
{
    char quoted[FN_QUOTE_TEXT], from[FN_QUOTE_TEXT], to[FN_QUOTE_TEXT];
    size_t length;
    const char *key = fn_names_text(fn_net_keys(w->net), tie->from, &length);
    fn_quote(key, length, from);
    key = fn_names_text(fn_net_keys(w->net), tie->to, &length);
    fn_quote(key, length, to);
    w->pen.status = fn_fail(w->pen.run, FN_EPARSE, "the tie from %s to %s can't be written as a row: %s (%s)", from, to,
                            words, fn_quote(text, text_length, quoted));
    fn_hint(w->pen.run, "the network file holds it as it is: -o NAME.fnet");
}

static void put_text(writer *w, const fn_tie *tie, const char *what, const char *text, size_t length)
{
    char words[160];
    for (size_t i = 0; i < length; i++) {
        const char *mark = text[i] == '\t' ? "a tab" : text[i] == '\n' ? "a line feed"
                         : text[i] == '\r' ? "a carriage return" : text[i] ? NULL : "a NUL byte";
        if (!mark || w->pen.status) continue;
        snprintf(words, sizeof words, "%.80s holds %s", what, mark);
        refuse(w, tie, words, text, length);
    }
    fn_pen_bytes(&w->pen, text, length);
}

static void put_firm(writer *w, const fn_tie *tie, uint32_t firm, bool starts)
{
    size_t length;
    const char *key = fn_names_text(fn_net_keys(w->net), firm, &length);
    if (w->pen.status) return;
    if (!length)
        refuse(w, tie, "the id of a firm is empty", key, length);
    else if (starts && key[0] == '#')
        refuse(w, tie, "a line that starts with # is a comment", key, length);
    put_text(w, tie, "the id of a firm", key, length);
}

static void put_amount(writer *w, const fn_tie *tie, double amount)
{
    char text[FN_REAL_TEXT];
    if (isnan(amount) || w->pen.status) return;
    if (amount < 0 || isinf(amount)) refuse(w, tie, "an amount is negative or infinite", text, fn_real_format(amount, text));
    fn_pen_real(&w->pen, amount + 0.0); /* no negative zero */
}

static void put_count(writer *w, const fn_tie *tie)
{
    char text[32];
    int64_t read;
    int length = snprintf(text, sizeof text, "%lld", (long long) tie->count);
    if (w->pen.status) return;
    if (fn_edge_count(text, (size_t) length, &read).reason)
        refuse(w, tie, "the count is not between 1 and 1000000000000", text, (size_t) length);
    fn_pen_bytes(&w->pen, text, (size_t) length);
}

static void put_layer(writer *w, const fn_tie *tie)
{
    size_t length;
    const char *name = fn_names_text(fn_net_layers(w->net), tie->layer, &length);
    if (!length && !w->pen.status) refuse(w, tie, "the name of a layer is empty", name, length);
    put_text(w, tie, "the name of a layer", name, length);
}

/* Free text loses nothing that counts when it stays on its line. */
static void put_attribute(writer *w, const char *text, size_t length)
{
    size_t done = 0;
    for (size_t i = 0; i < length; i++) {
        if (text[i] != '\t' && text[i] != '\n' && text[i] != '\r' && text[i] != '\0') continue;
        fn_pen_bytes(&w->pen, text + done, i - done);
        fn_pen_text(&w->pen, " ");
        w->pen.replaced++;
        done = i + 1;
    }
    fn_pen_bytes(&w->pen, text + done, length - done);
}

/* ---- rows ---- */

static void put_header(writer *w)
{
    fn_pen_text(&w->pen, "from\tto");
    for (int c = 0; c < FIXED; c++)
        if (w->has[c]) fn_pen_text(&w->pen, "\t"), fn_pen_text(&w->pen, fixed[c]);
    for (size_t c = 0; c < w->columns; c++) fn_pen_text(&w->pen, "\t"), fn_pen_text(&w->pen, w->column[c].name);
    fn_pen_text(&w->pen, w->numbered ? "\tfrom_row\tto_row\n" : "\n");
}

static void put_fixed(writer *w, const fn_tie *tie, int column)
{
    size_t length;
    const char *text;
    switch (column) {
    case LAYER: put_layer(w, tie); break;
    case VALUE: put_amount(w, tie, tie->value); break;
    case COUNT: put_count(w, tie); break;
    case FIRST: fn_pen_date(&w->pen, tie->first); break;
    case LAST: fn_pen_date(&w->pen, tie->last); break;
    case NEWMAN: put_amount(w, tie, tie->weight); break;
    case CURRENCY:
        text = fn_names_text(fn_net_currencies(w->net), tie->currency, &length);
        put_text(w, tie, "the name of a currency", text, length);
        break;
    case PRODUCT:
        text = fn_names_text(fn_net_products(w->net), tie->product, &length);
        if (tie->product != FN_NONE) put_text(w, tie, "the code of a product", text, length);
        break;
    }
}

static void put_row(writer *w, size_t place)
{
    size_t number = tie_at(w, place), length;
    const fn_tie *tie = FN_TIE(w->net, number);
    char buffer[FN_REAL_TEXT];
    put_firm(w, tie, tie->from, true);
    fn_pen_text(&w->pen, "\t");
    put_firm(w, tie, tie->to, false);
    for (int c = 0; c < FIXED; c++) {
        if (!w->has[c]) continue;
        fn_pen_text(&w->pen, "\t");
        put_fixed(w, tie, c);
    }
    for (size_t c = 0; c < w->columns; c++) {
        const further *f = &w->column[c];
        size_t row = f->by_tie ? number : place;
        fn_pen_text(&w->pen, "\t");
        if (row >= f->column->rows || fn_column_missing(f->column, row)) continue;
        const char *text = fn_column_cell(f->column, row, buffer, &length);
        put_attribute(w, text, length);
    }
    if (w->numbered) {
        fn_pen_text(&w->pen, "\t");
        fn_pen_int(&w->pen, w->number[tie->from]);
        fn_pen_text(&w->pen, "\t");
        fn_pen_int(&w->pen, w->number[tie->to]);
    }
    fn_pen_text(&w->pen, "\n");
}

/* The ties of one pair stand together; names order them, because numbers of layers and currencies change when read. */
static size_t put_pair(writer *w, size_t start)
{
    const fn_tie *first = FN_TIE(w->net, tie_at(w, start));
    size_t end = start;
    while (end < w->ties && fn_net_tie_at(w->net, tie_at(w, end)).from == first->from && fn_net_tie_at(w->net, tie_at(w, end)).to == first->to) end++;
    member *pair = fn_grow(w->pen.run, w->pair, &w->pair_capacity, end - start, sizeof *pair);
    if (!pair) {
        w->pen.status = FN_ENOMEM;
        return end;
    }
    w->pair = pair;
    for (size_t i = start; i < end; i++) {
        const fn_tie *t = FN_TIE(w->net, tie_at(w, i));
        pair[i - start] = (member){ i, w->layer_rank[t->layer], w->currency_rank[t->currency] };
    }
    if (end - start > 1) qsort(pair, end - start, sizeof *pair, within_pair);
    for (size_t i = 0; i < end - start && !w->pen.status; i++) put_row(w, pair[i].place);
    return end;
}

/* ---- together ---- */

static void warn_of_loss(const writer *w)
{
    fn_run *run = w->pen.run;
    uint32_t alone = fn_net_firms(w->net) - w->firms;
    if (alone) fn_warn(run, "%u firm%s without ties: an edge list has no place for them (-o NAME.fnet keeps them)", alone,
                       alone == 1 ? "" : "s");
    if (w->pen.replaced)
        fn_warn(run, "%lld tabs, line ends or NUL bytes in attributes of ties: replaced by blanks", (long long) w->pen.replaced);
    if (fn_net_firm_columns(w->net)->columns || fn_net_tenders(w->net))
        fn_note(run, "names and other attributes of firms, and tenders, have no place in an edge list (-o NAME.fnet keeps "
                     "them)");
}

fn_status fn_edgelist_write(fn_run *run, fn_output *output, fn_export *export_)
{
    writer w = { .pen = { .run = run, .output = output }, .what = export_, .net = export_->net };
    w.ties = export_->tie ? export_->tie_count : fn_net_ties(export_->net);
    fn_status status = rank_names(run, fn_net_layers(w.net), FN_LAYERS_STANDARD, &w.layer_rank);
    if (!status) status = rank_names(run, fn_net_currencies(w.net), 0, &w.currency_rank);
    if (!status) status = number_firms(&w);
    if (!status) status = find_columns(&w);
    if (!status) put_header(&w);
    for (size_t at = 0, told = 0; !status && at < w.ties;) {
        at = put_pair(&w, at);
        if (!(status = w.pen.status) && at - told >= 65536) {
            told = at;
            status = fn_progress(run, "writing ties", (double) at / (double) w.ties);
        }
    }
    if (!status) status = w.pen.status;
    export_->replaced += w.pen.replaced;
    if (!status) warn_of_loss(&w);
    for (size_t c = 0; c < w.columns; c++) fn_free(w.column[c].name);
    fn_free(w.column);
    fn_free(w.layer_rank);
    fn_free(w.currency_rank);
    fn_free(w.number);
    fn_free(w.pair);
    return status;
}
