/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "graph/memory.h"
#include "io/column_types.h"
#include "io/edgelist.h"
#include "io/edgelist_rows.h"

static const char *const fixed[FN_ROW_FIXED] = {
    "layer", "value", "currency", "count", "first", "last", "newman_weight", "product"
};

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
static fn_status number_firms(fn_run *run, fn_row_plan *plan)
{
    uint32_t firms = fn_net_firms(plan->net), next = 1;
    plan->number = fn_alloc(run, firms, sizeof *plan->number);
    if (!plan->number) return FN_ENOMEM;
    for (size_t i = 0; i < plan->ties; i++) {
        fn_tie tie = fn_net_tie_at(plan->net, fn_row_tie(plan, i));
        plan->number[tie.from] = plan->number[tie.to] = 1;
    }
    for (uint32_t f = 0; f < firms; f++)
        if (plan->number[f]) plan->number[f] = ++plan->firms;
    for (size_t i = 0; i < plan->ties && !plan->numbered; i++) {
        fn_tie tie = fn_net_tie_at(plan->net, fn_row_tie(plan, i));
        next += plan->number[tie.from] == next;
        next += plan->number[tie.to] == next;
        plan->numbered = plan->number[tie.from] >= next || plan->number[tie.to] >= next;
    }
    return FN_OK;
}

/* ---- columns ---- */

static void find_fixed(fn_row_plan *plan)
{
    size_t length;
    plan->has[FN_ROW_LAYER] = plan->has[FN_ROW_COUNT] = plan->ties > 0;
    for (size_t i = 0; i < plan->ties; i++) {
        const fn_tie tie = fn_net_tie_at(plan->net, fn_row_tie(plan, i)), *t = &tie;
        plan->has[FN_ROW_VALUE] |= !isnan(t->value);
        plan->has[FN_ROW_NEWMAN] |= !isnan(t->weight);
        plan->has[FN_ROW_CURRENCY] |= t->currency != 0;
        plan->has[FN_ROW_FIRST] |= t->first != FN_DAY_NONE || t->last != FN_DAY_NONE;
        if (t->product != FN_NONE && !plan->has[FN_ROW_PRODUCT]) {
            fn_names_text(fn_net_products(plan->net), t->product, &length);
            plan->has[FN_ROW_PRODUCT] = length > 0;
        }
    }
    plan->has[FN_ROW_LAST] = plan->has[FN_ROW_FIRST];
}

static bool is_fixed(const char *name)
{
    for (int i = 0; i < FN_ROW_FIXED; i++)
        if (strcmp(name, fixed[i]) == 0) return true;
    return strcmp(name, "from") == 0 || strcmp(name, "to") == 0;
}

static bool name_taken(const fn_row_plan *plan, const char *name)
{
    for (size_t c = 0; c < plan->columns; c++)
        if (strcmp(plan->column[c].name, name) == 0) return true;
    return false;
}

/* A name that reads back as that of an attribute, once only. */
static char *attribute_name(fn_run *run, const fn_row_plan *plan, const char *text)
{
    int rank;
    char *base = fn_header_name(run, text, strlen(text), plan->columns + 1);
    size_t room = base ? strlen(base) + 40 : 0;
    char *name = base ? fn_alloc(run, room, 1) : NULL;
    if (name) {
        const char *before = fn_edge_meaning(base, strlen(base), &rank) >= 0 ? "tie_" : "";
        snprintf(name, room, "%s%s", before, base);
        for (size_t n = 2; name_taken(plan, name); n++) snprintf(name, room, "%s%s_%zu", before, base, n);
    }
    fn_free(base);
    return name;
}

static bool has_values(const fn_row_plan *plan, const fn_column *column, bool by_tie)
{
    char buffer[FN_REAL_TEXT];
    for (size_t i = 0; i < plan->ties; i++) {
        size_t length, row = by_tie ? fn_row_tie(plan, i) : i;
        if (row >= column->rows || fn_column_missing(column, row)) continue;
        fn_column_cell(column, row, buffer, &length);
        if (length) return true;
    }
    return false;
}

static fn_status add_columns(fn_run *run, fn_row_plan *plan, const fn_table *table, bool by_tie)
{
    const fn_table *computed = by_tie ? plan->what->ties : NULL;
    for (size_t c = 0; table && c < table->columns; c++) {
        const fn_column *column = table->column[c];
        if (!by_tie && is_fixed(column->name)) continue;
        if (computed && !is_fixed(column->name) && fn_table_find(computed, column->name)) continue;
        if (!has_values(plan, column, by_tie)) continue;
        char *name = attribute_name(run, plan, column->name);
        if (!name) return FN_ENOMEM;
        plan->column[plan->columns++] = (fn_row_further){ column, name, by_tie };
    }
    return FN_OK;
}

static fn_status find_columns(fn_run *run, fn_row_plan *plan)
{
    const fn_table *own = fn_net_tie_columns(plan->net), *given = plan->what->ties;
    find_fixed(plan);
    plan->column = fn_alloc(run, own->columns + (given ? given->columns : 0), sizeof *plan->column);
    if (!plan->column) return FN_ENOMEM;
    fn_status status = add_columns(run, plan, own, true);
    return status ? status : add_columns(run, plan, given, false);
}

/* ---- together ---- */

static void put_header(fn_pen *pen, const fn_row_plan *plan)
{
    fn_pen_text(pen, "from\tto");
    for (int c = 0; c < FN_ROW_FIXED; c++)
        if (plan->has[c]) fn_pen_text(pen, "\t"), fn_pen_text(pen, fixed[c]);
    for (size_t c = 0; c < plan->columns; c++) fn_pen_text(pen, "\t"), fn_pen_text(pen, plan->column[c].name);
    fn_pen_text(pen, plan->numbered ? "\tfrom_row\tto_row\n" : "\n");
}

static void warn_of_loss(fn_run *run, const fn_row_plan *plan, int64_t replaced)
{
    uint32_t alone = fn_net_firms(plan->net) - plan->firms;
    if (alone)
        fn_warn(run, "%u firm%s without ties: an edge list has no place for them (-o NAME.fnet keeps them)", alone,
                alone == 1 ? "" : "s");
    if (replaced)
        fn_warn(run, "%lld tabs, line ends or NUL bytes in attributes of ties: replaced by blanks",
                (long long) replaced);
    if (fn_net_firm_columns(plan->net)->columns || fn_net_tenders(plan->net))
        fn_note(run, "names and other attributes of firms, and tenders, have no place in an edge list "
                     "(-o NAME.fnet keeps them)");
}

fn_status fn_edgelist_write(fn_run *run, fn_output *output, fn_export *export_)
{
    fn_row_plan plan = { .what = export_, .net = export_->net };
    fn_pen pen = { .run = run, .output = output };
    plan.ties = export_->tie ? export_->tie_count : fn_net_ties(export_->net);
    fn_status status = rank_names(run, fn_net_layers(plan.net), FN_LAYERS_STANDARD, &plan.layer_rank);
    if (!status) status = rank_names(run, fn_net_currencies(plan.net), 0, &plan.currency_rank);
    if (!status) status = number_firms(run, &plan);
    if (!status) status = find_columns(run, &plan);
    if (!status) {
        put_header(&pen, &plan);
        fn_pen_rows(&pen, &(fn_rows) { plan.ties, fn_row_put, &plan, "writing ties", 0, 1 });
        status = pen.status;
    }
    export_->replaced += pen.replaced;
    if (!status) warn_of_loss(run, &plan, pen.replaced);
    for (size_t c = 0; c < plan.columns; c++) fn_free(plan.column[c].name);
    fn_free(plan.column);
    fn_free(plan.layer_rank);
    fn_free(plan.currency_rank);
    fn_free(plan.number);
    return status;
}
