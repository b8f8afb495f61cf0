/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/slices.h"
#include "graph/memory.h"
#include "src/clusters_slices.h"

fn_status fn_clusters_slices_check(fn_call *call)
{
    if (!fn_values_given(call->values, "by") && fn_values_given(call->values, "coupling")) {
        fn_fail(&call->run, FN_EINVAL, "--coupling is between periods: --by says which");
        fn_hint(&call->run, "--by year --coupling %s", fn_values_text(call->values, "coupling"));
        return FN_EINVAL;
    }
    /* Options that tell of one network, not of many periods. */
    static const char *const others[] = { "scan", "consensus", "min-size", "null", "levels", "start" };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (fn_values_given(call->values, "by") && fn_values_given(call->values, others[i]))
            return fn_fail(&call->run, FN_EINVAL, "--by and --%s exclude each other", others[i]);
    return FN_OK;
}

static fn_status check_method(fn_call *call, const fn_analysis *a)
{
    if (a->search == fn_leiden) return FN_OK;
    fn_fail(&call->run, FN_EINVAL, "--by: the method %s knows no periods", a->method->name);
    fn_hint(&call->run, "--method leiden --by %s", fn_values_text(call->values, "by"));
    return FN_EINVAL;
}

/* What the days of ties leave open. */
static void warn_of_dates(fn_call *call, const fn_slices *slices)
{
    fn_run *run = &call->run;
    const char *unit = fn_values_text(call->values, "by");
    if (slices->undated)
        fn_warn(run, "%zu ties have no date: they are in no %s and left out", slices->undated, unit);
    if (slices->spanning)
        fn_warn(run, "%zu ties reach over more than one %s: each of these has an equal part of the weight (a network "
                "file has the records of a tie added up; the raw data tells them apart)", slices->spanning, unit);
}

static void note_clusters(fn_call *call, const fn_slices *slices, const fn_slices_partition *found, double coupling)
{
    fn_run *run = &call->run;
    char quality[FN_REAL_TEXT], ties[FN_REAL_TEXT], weight[FN_REAL_TEXT], first[FN_PERIOD_TEXT], last[FN_PERIOD_TEXT];
    fn_real_format(found->worth.quality, quality);
    fn_real_format(found->worth.ties, ties);
    fn_real_format(coupling, weight);
    fn_period_format(slices->period[0], slices->unit, first);
    fn_period_format(slices->period[slices->periods - 1], slices->unit, last);
    fn_note(run, "%u clusters of %u firms-and-periods in %u periods, %s to %s: quality %s with coupling %s, %s in the "
            "periods by themselves; 1 couples as the mean tied pair of a period does", found->clusters, found->nodes,
            slices->periods, first, last, quality, weight, ties);
    const size_t there = slices->nodes - slices->couplings;
    if (there < slices->firms)
        fn_note(run, "%zu of %u firms have no ties in any period: they have no row", slices->firms - there,
                slices->firms);
    fn_note(run, "of %zu steps of firms from a period to their next, %zu stay in the cluster", slices->couplings,
            found->worth.stayed);
}

/* Nodes by firm, then period. */
static fn_status sort_nodes(fn_run *run, const fn_slices *slices, uint32_t **order)
{
    uint32_t *next = fn_alloc(run, (size_t) slices->firms + 1, sizeof *next);
    uint32_t *made = fn_alloc_bare(run, slices->nodes, sizeof *made);
    if (next && made) {
        for (uint32_t node = 0; node < slices->nodes; node++) next[slices->firm[node] + 1]++;
        for (uint32_t firm = 0; firm < slices->firms; firm++) next[firm + 1] += next[firm];
        for (uint32_t node = 0; node < slices->nodes; node++) made[next[slices->firm[node]]++] = node;
        *order = made;
    } else {
        fn_free(made);
    }
    fn_free(next);
    return *order ? FN_OK : FN_ENOMEM;
}

static fn_status set_period(fn_run *run, const fn_slices *slices, uint32_t node, fn_column *column, size_t row)
{
    char text[FN_PERIOD_TEXT];
    uint32_t low = 0, high = slices->periods;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (slices->begin[middle] <= node) low = middle;
        else high = middle;
    }
    size_t length = fn_period_format(slices->period[low], slices->unit, text);
    return fn_column_set_text(run, column, row, text, length);
}

static fn_status make_table(fn_run *run, const fn_analysis *a, const fn_slices *slices,
                            const fn_slices_partition *found, fn_table **table)
{
    fn_column *firm, *period, *cluster, *stability, *stayed;
    const fn_column_wanted wanted[] = {
        { "firm", FN_COLUMN_TEXT, &firm, fn_net_keys(a->net) }, { "period", FN_COLUMN_TEXT, &period, NULL },
        { "cluster", FN_COLUMN_INT, &cluster, NULL },           { "stability", FN_COLUMN_REAL, &stability, NULL },
        { "stayed", FN_COLUMN_BOOL, &stayed, NULL }
    };
    uint32_t *order = NULL;
    fn_status status = fn_table_new(run, slices->nodes, table);
    if (!status) status = fn_table_add_all(run, *table, wanted, sizeof wanted / sizeof *wanted);
    if (!status) status = sort_nodes(run, slices, &order);
    for (size_t row = 0; row < slices->nodes && !status; row++) {
        const uint32_t node = order[row], before = slices->before[node];
        firm->text[row] = slices->firm[node];
        cluster->integer[row] = (int64_t) found->cluster[node] + 1;
        if (found->stability) stability->real[row] = found->stability[node];
        if (before != FN_NONE) stayed->boolean[row] = found->cluster[before] == found->cluster[node];
        status = set_period(run, slices, node, period, row);
    }
    fn_free(order);
    return status;
}

/* --- Summary --- */

static fn_status make_summary(fn_call *call, const fn_analysis *a, const fn_slices *slices,
                              const fn_slices_partition *found, double coupling, fn_table **table)
{
    fn_run *run = &call->run;
    const fn_runs_agreement *runs = &found->agreement;
    const char *words[][2] = { { "objective", a->leiden.quality == FN_QUALITY_CPM ? "cpm" : "modularity" },
                               { "by", fn_values_text(call->values, "by") } };
    uint32_t largest = 0;
    for (uint32_t node = 0; node < slices->nodes; node++) largest += found->cluster[node] == 0;
    const struct { const char *name; double value; bool is_known; } reals[] = {
        { "resolution", a->leiden.resolution, true }, { "coupling", coupling, true },
        { "quality", found->worth.quality, true }, { "quality_of_periods", found->worth.ties, true },
        { "runs_nmi", runs->nmi, runs->pairs > 0 }, { "runs_ami", runs->ami, runs->pairs > 0 },
        { "runs_ari", runs->ari, runs->pairs > 0 }, { "runs_nmi_least", runs->nmi_least, runs->pairs > 0 }
    };
    const struct { const char *name; uint64_t value; } wholes[] = {
        { "runs", (uint64_t) a->leiden.runs }, { "periods", slices->periods }, { "rows", slices->nodes },
        { "clusters", found->clusters }, { "largest", largest }, { "steps", slices->couplings },
        { "steps_stayed", found->worth.stayed }, { "ties_undated", slices->undated },
        { "ties_spanning", slices->spanning }
    };
    fn_column *column;
    fn_status status = fn_table_new(run, 1, table);
    for (size_t i = 0; i < sizeof words / sizeof *words && !status; i++)
        if (!(status = fn_table_add(run, *table, words[i][0], FN_COLUMN_TEXT, &column)))
            status = fn_column_set_text(run, column, 0, words[i][1], strlen(words[i][1]));
    if (!status && !(status = fn_table_add(run, *table, "directed", FN_COLUMN_BOOL, &column)))
        column->boolean[0] = a->leiden.directed;
    for (size_t i = 0; i < sizeof reals / sizeof *reals && !status; i++)
        if (!(status = fn_table_add(run, *table, reals[i].name, FN_COLUMN_REAL, &column)) && reals[i].is_known)
            column->real[0] = reals[i].value;
    for (size_t i = 0; i < sizeof wholes / sizeof *wholes && !status; i++)
        if (!(status = fn_table_add(run, *table, wholes[i].name, FN_COLUMN_INT, &column)))
            column->integer[0] = (int64_t) wholes[i].value;
    return status;
}

fn_status fn_clusters_slices(fn_call *call, fn_analysis *a, fn_table **table, fn_table **summary)
{
    fn_run *run = &call->run;
    const double coupling = fn_values_real(call->values, "coupling");
    fn_slices *slices = NULL;
    fn_slices_partition *found = NULL;
    fn_status status = fn_analysis_method(call, a);
    if (!status) status = check_method(call, a);
    if (!status)
        status = fn_slices_new(run, a->view, a->leiden.layer_weight,
                               fn_period_unit_named(fn_values_text(call->values, "by")),
                               fn_values_date(call->values, "since"), fn_call_until(call), &slices);
    if (status) goto done;
    warn_of_dates(call, slices);
    if ((status = fn_slices_clusters(run, slices, &a->leiden, coupling, &found))) goto done;
    note_clusters(call, slices, found, coupling);
    fn_note_agreement(run, a->leiden.runs, &found->agreement);
    status = make_table(run, a, slices, found, table);
    if (!status && summary) status = make_summary(call, a, slices, found, coupling, summary);
done:
    fn_slices_partition_free(found);
    fn_slices_free(slices);
    return status;
}
