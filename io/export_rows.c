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
    if (plan->name && !fn_column_missing(plan->name, firm)) label = fn_column_text(plan->name, firm, length);
    if (*length == 0) label = fn_net_firm_text(plan->what->net, firm, "name", length);
    if (*length == 0) label = fn_names_text(fn_net_keys(plan->what->net), firm, length);
    return *length > 0 ? label : fn_plan_id(plan, firm, length);
}

fn_tie fn_plan_tie(const fn_export_plan *plan, size_t row, uint32_t *number)
{
    *number = plan->what->tie ? plan->what->tie[row] : (uint32_t) row;
    return fn_net_tie_at(plan->what->net, *number);
}

void fn_plan_kind(const fn_export_plan *plan, size_t row, const char **layer, const char **currency)
{
    uint32_t number;
    const fn_tie tie = fn_plan_tie(plan, row, &number);
    bool several = false;
    for (int side = -1; side <= 1; side += 2) {
        if ((side < 0 && row == 0) || (side > 0 && row + 1 >= plan->ties)) continue;
        const fn_tie next = fn_plan_tie(plan, side < 0 ? row - 1 : row + 1, &number);
        several |= next.from == tie.from && next.to == tie.to && next.layer == tie.layer;
    }
    *layer = plan->layer[tie.layer];
    *currency = several ? plan->currency[tie.currency] : "";
}

bool fn_plan_symmetric(const fn_tie *tie)
{
    return !fn_net_layer_directed(tie->layer);
}

size_t fn_plan_tie_row(const fn_export_plan *plan, const fn_export_column *column, size_t row)
{
    uint32_t number;
    fn_plan_tie(plan, row, &number);
    return column->by_tie ? number : row;
}

void fn_plan_harm(fn_export_plan *plan, const char *column, const char *text, size_t length)
{
    bool null_text = length == 4 && strncasecmp(text, "null", 4) == 0;
    if (!null_text && !memmem(text, length, "INF", 3)) return;
    if (plan->harmed++ == 0) plan->harmed_column = column;
}

void fn_plan_warn(fn_run *run, const fn_export_plan *plan)
{
    if (plan->harmed > 0)
        fn_warn(run, "Gephi will change %lld texts in attributes: it reads the letters INF as Infinity and a text "
                "\"null\" as missing (first in column %s); labels are not touched", (long long) plan->harmed,
                plan->harmed_column);
    if (plan->what->replaced > 0)
        fn_warn(run, "%lld characters that the format forbids or that are not UTF-8 were replaced by U+FFFD",
                (long long) plan->what->replaced);
}
