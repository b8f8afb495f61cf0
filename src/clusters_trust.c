/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "algorithms/map_equation.h"
#include "src/clusters_trust.h"

/* --- Significance --- */

/* What joining and consensus cost the partition is not taken off the null networks' qualities: z is rather too low. */
fn_status fn_clusters_null(fn_call *call, const fn_analysis *a, fn_null *null)
{
    fn_run *run = &call->run;
    int samples = (int) fn_values_int(call->values, "null");
    fn_leiden_options options = a->leiden;
    options.start = NULL;
    fn_status status = fn_null_find(run, a->view, &options, a->search, a->partition->quality, samples, null);
    if (status) return status;
    fn_note(run, "%d rewired networks of the same degrees have a quality of %.6g in the mean, sd %.3g: z is %.4g, and "
            "%d of them reach that of the clusters", samples, null->mean, null->sd, null->z, null->at_least);
    if (null->swaps < 1)
        fn_warn(run, "hardly any tie can be rewired (%.2g swaps a tied pair): z says little here", null->swaps);
    return FN_OK;
}

/* --- Scan --- */

static fn_status scan_options(fn_call *call, fn_scan_options *scan)
{
    const char *text = fn_values_text(call->values, "scan"), *colon = strchr(text, ':');
    char quoted[FN_QUOTE_TEXT];
    scan->searches = (int) fn_values_int(call->values, "searches");
    if (colon && fn_real_parse(text, (size_t) (colon - text), &scan->low) &&
        fn_real_parse(colon + 1, strlen(colon + 1), &scan->high) && scan->low > 0 && scan->high > scan->low &&
        scan->high <= 1e6)
        return FN_OK;
    fn_fail(&call->run, FN_EINVAL, "--scan wants LOW:HIGH, two resolutions above 0 and up to 1e6, not %s",
            fn_quote(text, strlen(text), quoted));
    fn_hint(&call->run, "--scan 0.1:10");
    return FN_EINVAL;
}

static fn_status add_null(fn_call *call, const fn_analysis *a, fn_table *table)
{
    fn_column *mean, *sd, *z, *p;
    const fn_column_wanted wanted[] = {
        { "null_mean", FN_COLUMN_REAL, &mean, NULL }, { "null_sd", FN_COLUMN_REAL, &sd, NULL },
        { "null_z", FN_COLUMN_REAL, &z, NULL }, { "null_p", FN_COLUMN_REAL, &p, NULL }
    };
    const fn_column *resolution = fn_table_find(table, "resolution"), *quality = fn_table_find(table, "quality");
    int samples = (int) fn_values_int(call->values, "null");
    fn_status status = fn_table_add_all(&call->run, table, wanted, sizeof wanted / sizeof *wanted);
    for (size_t row = 0; row < table->rows && !status; row++) {
        fn_leiden_options options = a->leiden;
        fn_null null;
        options.resolution = resolution->real[row];
        status = fn_null_find(&call->run, a->view, &options, a->search, quality->real[row], samples, &null);
        if (status) break;
        mean->real[row] = null.mean;
        sd->real[row] = null.sd;
        z->real[row] = null.z;
        p->real[row] = null.p;
    }
    return status;
}

static void note_longest(fn_run *run, const fn_table *table)
{
    const fn_column *plateau = fn_table_find(table, "plateau"), *clusters = fn_table_find(table, "clusters");
    const fn_column *from = fn_table_find(table, "resolution_from"), *to = fn_table_find(table, "resolution_to");
    size_t longest = 0;
    char low[FN_REAL_TEXT], high[FN_REAL_TEXT];
    for (size_t row = 1; row < table->rows; row++)
        if (plateau->real[row] > plateau->real[longest]) longest = row;
    fn_real_format(from->real[longest], low);
    fn_real_format(to->real[longest], high);
    fn_note(run, "%zu plateaus; the longest is %lld clusters, at resolutions %s to %s", table->rows,
            (long long) clusters->integer[longest], low, high);
}

fn_status fn_clusters_scan(fn_call *call, fn_analysis *a, fn_table **table)
{
    static const char *const others[] = { "resolution", "consensus", "min-size", "summary", "start" };
    fn_run *run = &call->run;
    fn_scan_options scan;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (fn_values_given(call->values, others[i]))
            return fn_fail(run, FN_EINVAL, "--scan and --%s exclude each other", others[i]);
    fn_status status = scan_options(call, &scan);
    if (!status) status = fn_analysis_method(call, a);
    if (!status) status = fn_scan(run, a->view, &a->leiden, a->search, &scan, table, NULL);
    if (!status) note_longest(run, *table);
    if (!status && fn_values_given(call->values, "null")) status = add_null(call, a, *table);
    return status;
}

/* --- Summary --- */

typedef struct summary {
    fn_run *run;
    fn_table *table;
    fn_status status;
} summary;

static void add_text(summary *s, const char *name, const char *text)
{
    fn_column *column;
    if (!s->status) s->status = fn_table_add(s->run, s->table, name, FN_COLUMN_TEXT, &column);
    if (!s->status) s->status = fn_column_set_text(s->run, column, 0, text, strlen(text));
}

static void add_real(summary *s, const char *name, bool is_known, double value)
{
    fn_column *column;
    if (!s->status) s->status = fn_table_add(s->run, s->table, name, FN_COLUMN_REAL, &column);
    if (!s->status && is_known) column->real[0] = value;
}

static void add_whole(summary *s, const char *name, bool is_known, int64_t value)
{
    fn_column *column;
    if (!s->status) s->status = fn_table_add(s->run, s->table, name, FN_COLUMN_INT, &column);
    if (!s->status && is_known) column->integer[0] = value;
}

static void add_flag(summary *s, const char *name, bool is_known, bool value)
{
    fn_column *column;
    if (!s->status) s->status = fn_table_add(s->run, s->table, name, FN_COLUMN_BOOL, &column);
    if (!s->status && is_known) column->boolean[0] = value;
}

static void add_runs(summary *s, const fn_call *call, const fn_analysis *a)
{
    bool agreed = fn_values_flag(call->values, "consensus"), joined = fn_values_int(call->values, "min-size") > 1;
    const fn_runs_agreement *runs = agreed ? &a->consensus.agreement : &a->partition->agreement;
    add_real(s, "runs_mean_quality", agreed, a->consensus.mean_quality);
    add_real(s, "runs_best_quality", agreed, a->consensus.best_quality);
    add_real(s, "runs_nmi", runs->pairs > 0, runs->nmi);
    add_real(s, "runs_ami", runs->pairs > 0, runs->ami);
    add_real(s, "runs_ari", runs->pairs > 0, runs->ari);
    add_real(s, "runs_nmi_least", runs->pairs > 0, runs->nmi_least);
    add_whole(s, "consensus_rounds", agreed, a->consensus.rounds);
    add_flag(s, "consensus_agreed", agreed, a->consensus.agreed);
    add_whole(s, "joined", joined, a->joined.joined);
    add_whole(s, "left_small", joined, a->joined.left);
    add_real(s, "quality_before_joining", joined, a->joined.before);
}

fn_status fn_clusters_summary(fn_call *call, const fn_analysis *a, const fn_null *null, fn_table **table)
{
    static const fn_null nothing = { 0 };
    summary s = { .run = &call->run };
    uint32_t largest = 0;
    double codelength;
    if ((s.status = fn_map_equation(s.run, a->view, &a->leiden, a->partition->cluster, &codelength))) return s.status;
    for (uint32_t firm = 0; firm < a->partition->firms; firm++) largest += a->partition->cluster[firm] == 0;
    if ((s.status = fn_table_new(s.run, 1, table))) return s.status;
    s.table = *table;
    add_text(&s, "method", a->method->name);
    add_text(&s, "objective", a->leiden.quality == FN_QUALITY_CPM ? "cpm" : "modularity");
    add_real(&s, "resolution", true, a->leiden.resolution);
    add_flag(&s, "directed", true, a->leiden.directed);
    add_whole(&s, "runs", true, a->leiden.runs);
    add_whole(&s, "firms", true, a->partition->firms);
    add_whole(&s, "isolated", true, a->isolated);
    add_whole(&s, "clusters", true, a->partition->clusters);
    add_whole(&s, "largest", true, largest);
    add_real(&s, "quality", true, a->partition->quality);
    add_real(&s, "codelength", true, codelength);
    const fn_null *n = null ? null : &nothing;
    add_whole(&s, "null_samples", null, n->samples);
    add_real(&s, "null_mean", null, n->mean);
    add_real(&s, "null_sd", null, n->sd);
    add_real(&s, "null_z", null, n->z);
    add_real(&s, "null_p", null, n->p);
    add_whole(&s, "null_at_least", null, n->at_least);
    add_real(&s, "null_swaps", null, n->swaps);
    add_runs(&s, call, a);
    return s.status;
}
