/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "graph/memory.h"
#include "io/report_inside.h"

const char *const fn_tie_classes[5] = { "strong", "weak", "bridge", "new", "latent" };

const fn_column *fn_report_column(const fn_table *table, const char *name, fn_column_type type)
{
    const fn_column *column = table ? fn_table_find(table, name) : NULL;
    return column && column->type == type ? column : NULL;
}

static fn_status count_clusters(fn_run *run, fn_report_facts *facts)
{
    const fn_table *table = facts->report->clusters;
    const fn_column *own = fn_report_column(facts->report->firms, "cluster", FN_COLUMN_INT);
    const fn_column *members = fn_report_column(table, "firms", FN_COLUMN_INT);
    const fn_column *head = fn_report_column(table, "central_company", FN_COLUMN_TEXT);
    for (size_t row = 0; members && row < table->rows; row++) {
        if (members->integer[row] < 2) continue;
        facts->clusters++;
        facts->clustered += (uint32_t) members->integer[row];
        facts->headed += head && !fn_column_missing(head, row);
    }
    if (!own) return FN_OK;
    if (!(facts->cluster = fn_alloc(run, facts->firms, sizeof *facts->cluster))) return FN_ENOMEM;
    for (uint32_t u = 0; u < facts->firms; u++)
        if (!fn_column_missing(own, u) && own->integer[u] > 0 && own->integer[u] < UINT32_MAX)
            facts->cluster[u] = (uint32_t) own->integer[u];
    return FN_OK;
}

static void count_classes(fn_report_facts *facts)
{
    const fn_column *class = fn_report_column(facts->report->ties, "class", FN_COLUMN_TEXT);
    for (size_t row = 0; class && row < class->rows; row++) {
        size_t length;
        const char *text = fn_column_text(class, row, &length);
        for (int k = 0; k < 5; k++) {
            if (strcmp(text, fn_tie_classes[k]) != 0) continue;
            facts->tie_class[k]++;
            facts->classed++;
        }
    }
}

/* Money in the currency that most ties state; the others are never added to it. */
static fn_status count_money(fn_run *run, fn_report_facts *facts)
{
    const fn_ties *rows = fn_net_tie_rows(facts->net);
    uint32_t currencies = fn_names_count(fn_net_currencies(facts->net)), used = 0;
    size_t *ties = fn_alloc(run, (size_t) currencies + 1, sizeof *ties);
    if (!ties) return FN_ENOMEM;
    for (size_t k = 0; k < facts->ties; k++) {
        const fn_tie own = fn_ties_at(rows, fn_view_tie(facts->view, k));
        if (!isnan(own.value)) ties[own.currency]++;
    }
    for (uint32_t c = 0; c < currencies; c++) {
        used += ties[c] > 0;
        if (ties[c] > ties[facts->currency]) facts->currency = (uint16_t) c;
    }
    facts->valued = used > 0;
    facts->several_currencies = used > 1;
    for (size_t k = 0; k < facts->ties; k++) {
        const fn_tie own = fn_ties_at(rows, fn_view_tie(facts->view, k));
        if (!isnan(own.value) && own.currency == facts->currency) fn_sum_add(&facts->value, own.value);
    }
    fn_free(ties);
    return FN_OK;
}

static fn_status count_ties(fn_run *run, fn_report_facts *facts)
{
    const fn_ties *ties = fn_net_tie_rows(facts->net);
    bool *tied = fn_alloc(run, facts->firms, sizeof *tied);
    if (!tied) return FN_ENOMEM;
    facts->first = facts->last = FN_DAY_NONE;
    for (size_t k = 0; k < facts->ties; k++) {
        const fn_tie own = fn_ties_at(ties, fn_view_tie(facts->view, k));
        if (own.from != own.to) tied[own.from] = tied[own.to] = true;
        if (own.first != FN_DAY_NONE && (facts->first == FN_DAY_NONE || own.first < facts->first))
            facts->first = own.first;
        if (own.last != FN_DAY_NONE && own.last > facts->last) facts->last = own.last;
    }
    for (uint32_t u = 0; u < facts->firms; u++) facts->untied += !tied[u];
    fn_free(tied);
    return FN_OK;
}

fn_status fn_report_count(fn_run *run, const fn_report *report, fn_report_facts *facts)
{
    fn_status status;
    *facts = (fn_report_facts) { .report = report, .net = report->net, .view = report->view };
    facts->firms = fn_net_firms(report->net);
    facts->ties = report->view->ties;
    count_classes(facts);
    if ((status = count_clusters(run, facts))) return status;
    if ((status = count_ties(run, facts))) return status;
    return count_money(run, facts);
}

void fn_report_facts_free(fn_report_facts *facts)
{
    fn_free(facts->cluster);
}
