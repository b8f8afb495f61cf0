/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "algorithms/tie_rules.h"
#include "graph/memory.h"

/* Why each tie is of its class. Nearly every reason is another, with the numbers that decided: kept as texts they would
 * take most of the memory, so they are told from the numbers whenever somebody asks. */

void fn_tie_judge_free(fn_tie_judge *j)
{
    if (!j) return;
    for (int layer = 0; layer < FN_LAYERS_MOST; layer++) fn_free(j->end[layer]);
    fn_tie_rules_free(j->rules);
    fn_free(j->log10_p);
    fn_free(j->log10_q);
    fn_free(j);
}

fn_status fn_tie_judge_new(fn_run *run, const fn_view *view, const fn_tie_options *options, fn_tie_judge **judge)
{
    fn_tie_judge *j = *judge = fn_alloc(run, 1, sizeof *j);
    if (!j) return FN_ENOMEM;
    j->view = view;
    j->period = (fn_tie_period) { FN_DAY_NONE, FN_DAY_NONE };
    fn_status status = options->rules ? fn_tie_rules_copy(run, options->rules, &j->rules)
                     : fn_tie_rules_new(run, "", fn_tie_rules_text, strlen(fn_tie_rules_text), &j->rules);
    if (!status) fn_tie_rules_settle(j->rules, options);
    if (!status) return FN_OK;
    fn_tie_judge_free(j);
    *judge = NULL;
    return status;
}

fn_tie_facts fn_tie_facts_at(const fn_tie_judge *j, size_t row, const fn_tie *t)
{
    const fn_tie_end *from = &j->end[t->layer][t->from], *to = &j->end[t->layer][t->to];
    return (fn_tie_facts) {
        .self = t->from == t->to, .undirected = !fn_net_layer_directed(t->layer),
        .overlap = j->overlap->real[row], .squares = j->squares->real[row], .p_from = j->p_from->real[row],
        .p_to = j->p_to->real[row], .reciprocity = j->reciprocity->real[row], .layers = (int) j->layers->integer[row],
        .partners_from = from->partners, .partners_to = to->partners, .customers = from->customers,
        .suppliers = to->suppliers, .cluster_from = from->cluster, .cluster_to = to->cluster,
        .count = t->count, .first = t->first, .last = t->last,
        .log10_p_records = j->log10_p ? j->log10_p[row] : NAN, .log10_q_records = j->log10_q ? j->log10_q[row] : NAN
    };
}

static size_t tell(const void *of, size_t row, char text[FN_TOLD_TEXT])
{
    const fn_tie_judge *j = of;
    const fn_tie t = fn_ties_at(fn_net_tie_rows(j->view->net), fn_view_tie(j->view, row));
    fn_tie_fetch_ahead(j, row, t.layer);
    const fn_tie_facts facts = fn_tie_facts_at(j, row, &t);
    return fn_tie_reason(j->rules, &facts, &j->period, text);
}

static void free_judge(void *of)
{
    fn_tie_judge_free(of);
}

fn_status fn_tie_reasons_take(fn_run *run, fn_table *table, fn_tie_judge *judge)
{
    fn_column *column;
    return fn_table_add_told_take(run, table, "reason", (fn_teller) { tell, free_judge, judge }, &column);
}
