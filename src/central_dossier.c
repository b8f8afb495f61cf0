/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "src/central_dossier.h"

void fn_dossier_say(fn_dossier *d, const char *format, ...)
{
    char line[2048];
    va_list list;
    if (d->status) return;
    va_start(list, format);
    vsnprintf(line, sizeof line, format, list);
    va_end(list);
    d->status = fn_output_text(&d->call->run, d->output, line);
}

double fn_dossier_real(const fn_table *table, const char *column, size_t row)
{
    const fn_column *found = fn_table_find(table, column);
    if (!found || fn_column_missing(found, row)) return NAN;
    return found->type == FN_COLUMN_INT ? (double) found->integer[row] : found->real[row];
}

double fn_dossier_mine(const fn_dossier *d, const char *column)
{
    return fn_dossier_real(d->a->members, column, d->row);
}

double fn_dossier_head(const fn_dossier *d, const char *column)
{
    return fn_dossier_real(d->a->heads, column, d->head);
}

const char *fn_dossier_words(const fn_table *table, const char *column, size_t row)
{
    const fn_column *found = fn_table_find(table, column);
    return found ? fn_column_text(found, row, NULL) : "";
}

const char *fn_dossier_kind(const fn_dossier *d)
{
    return fn_dossier_words(d->a->members, "ranked_as", d->row);
}

static bool is_named(const fn_dossier *d, const char *column)
{
    const fn_column *named = fn_table_find(d->a->heads, column);
    return !fn_column_missing(named, d->head) && named->text[d->head] == d->firm;
}

bool fn_dossier_is_first(const fn_dossier *d)
{
    return is_named(d, "first_candidate");
}

bool fn_dossier_is_head(const fn_dossier *d)
{
    return is_named(d, "central_company");
}

fn_figure fn_figure_percent(double share)
{
    fn_figure f;
    snprintf(f.text, sizeof f.text, "%.1f %%", 100 * share);
    return f;
}

fn_figure fn_figure_share(double share)
{
    fn_figure f;
    snprintf(f.text, sizeof f.text, "%.3f", share);
    return f;
}

fn_figure fn_figure_number(double value)
{
    fn_figure f;
    if (value >= 1e9 && value < 1e18) snprintf(f.text, sizeof f.text, "%.2f billion", value / 1e9);
    else if (value >= 1e6 && value < 1e9) snprintf(f.text, sizeof f.text, "%.1f million", value / 1e6);
    else if (value >= 1e3 && value < 1e6) snprintf(f.text, sizeof f.text, "%.0f", value);
    else snprintf(f.text, sizeof f.text, "%.4g", value);
    return f;
}

const char *fn_plural(double count)
{
    return count > 1 || count < 1 ? "s" : "";
}

fn_figure fn_dossier_amount(const fn_dossier *d, double value)
{
    fn_figure f = fn_figure_number(value), with_unit;
    bool awards = strcmp(d->unit, " award") == 0;
    snprintf(with_unit.text, sizeof with_unit.text, "%.20s%.8s%s", f.text, d->unit, awards ? fn_plural(value) : "");
    return with_unit;
}

void fn_dossier_find_unit(fn_dossier *d)
{
    const fn_ties *ties = fn_net_tie_rows(d->a->net);
    const fn_view *view = d->a->view;
    if (view->used[FN_LAYER_SUPPLY] == FN_WEIGHT_COUNT) strcpy(d->unit, " award");
    /* Money of one currency: that of any tie that weighs something. */
    for (size_t i = 0; i < view->ties && view->used[FN_LAYER_SUPPLY] == FN_WEIGHT_VALUE; i++) {
        const fn_tie tie = fn_ties_at(ties, fn_view_tie(view, i));
        if (tie.layer != FN_LAYER_SUPPLY || !(view->weight[i] > 0)) continue;
        const char *currency = fn_names_text(fn_net_currencies(d->a->net), tie.currency, NULL);
        if (currency[0]) snprintf(d->unit, sizeof d->unit, " %s", currency);
        break;
    }
}
