/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include <strings.h>
#include "io/export_plan.h"

const char *fn_plan_id(const fn_export_plan *plan, uint32_t firm, size_t *length)
{
    if (!plan->odd_id || !plan->odd_id[firm]) return fn_names_text(fn_net_keys(plan->what->net), firm, length);
    *length = strlen(plan->odd_id[firm]);
    return plan->odd_id[firm];
}

const char *fn_plan_label(const fn_export_plan *plan, uint32_t firm, size_t *length)
{
    const char *label = "";
    *length = 0;
    for (int i = 0; i < 2 && *length == 0; i++) {
        const fn_column *names = plan->name[i];
        if (names && firm < names->rows && !fn_column_missing(names, firm)) label = fn_column_text(names, firm, length);
    }
    if (*length == 0) label = fn_names_text(fn_net_keys(plan->what->net), firm, length);
    return *length > 0 ? label : fn_plan_id(plan, firm, length);
}

uint32_t fn_plan_number(const fn_export_plan *plan, size_t row)
{
    return plan->what->tie ? plan->what->tie[row] : (uint32_t) row;
}

static bool same_pair_and_layer(const fn_export_plan *plan, size_t row, const fn_tie *tie)
{
    fn_tie other = fn_net_tie_at(plan->what->net, fn_plan_number(plan, row));
    return other.from == tie->from && other.to == tie->to && other.layer == tie->layer;
}

fn_plan_row fn_plan_look(const fn_export_plan *plan, size_t row)
{
    fn_plan_row found = { .row = row, .number = fn_plan_number(plan, row) };
    found.tie = fn_net_tie_at(plan->what->net, found.number);
    found.weight = fn_plan_weight(plan, row, &found.tie);
    /* ties of one pair and layer differ in their currency */
    bool several = !plan->one_currency && ((row > 0 && same_pair_and_layer(plan, row - 1, &found.tie)) ||
                   (row + 1 < plan->ties && same_pair_and_layer(plan, row + 1, &found.tie)));
    found.layer = plan->layer[found.tie.layer];
    found.currency = several ? plan->currency[found.tie.currency] : "";
    return found;
}

bool fn_plan_symmetric(const fn_tie *tie)
{
    return !fn_net_layer_directed(tie->layer);
}

size_t fn_plan_tie_row(const fn_export_column *column, const fn_plan_row *tie)
{
    return column->by_tie ? tie->number : tie->row;
}

static bool holds_inf(const char *text, size_t length)
{
    for (size_t i = 0; i + 3 <= length; i++)
        if (text[i] == 'I' && text[i + 1] == 'N' && text[i + 2] == 'F') return true;
    return false;
}

void fn_plan_harm(fn_pen *pen, const char *column, const char *text, size_t length)
{
    bool null_text = length == 4 && strncasecmp(text, "null", 4) == 0;
    if (!null_text && !holds_inf(text, length)) return;
    if (pen->harmed++ == 0) pen->harmed_column = column;
}

void fn_plan_warn(fn_run *run, const fn_export_plan *plan, const fn_pen *pen)
{
    if (pen->harmed > 0)
        fn_warn(run, "Gephi will change %lld texts in attributes: it reads the letters INF as Infinity and a text "
                "\"null\" as missing (first in column %s); labels are not touched", (long long) pen->harmed,
                pen->harmed_column);
    if (plan->what->replaced > 0)
        fn_warn(run, "%lld characters that the format forbids or that are not UTF-8 were replaced by U+FFFD",
                (long long) plan->what->replaced);
}
