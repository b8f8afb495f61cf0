/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/layout.h"
#include "algorithms/node_weights.h"
#include "algorithms/ownership.h"
#include "algorithms/tie_rules.h"
#include "graph/memory.h"
#include "graph/palette.h"
#include "io/pen.h"
#include "src/analysis.h"
#include "src/partition_file.h"

fn_status fn_analysis_read(fn_call *call, fn_analysis *a)
{
    fn_status status = fn_call_read(call, &a->net);
    return status ? status : fn_call_view(call, a->net, &a->view);
}

fn_status fn_analysis_collapse(fn_call *call, fn_analysis *a)
{
    fn_run *run = &call->run;
    fn_ownership ownership;
    fn_net *collapsed = NULL;
    fn_status status = fn_ownership_groups(run, a->net, 0.5, &ownership);
    if (!status) status = fn_ownership_collapse(run, a->net, ownership.head, &collapsed);
    fn_free(ownership.head);
    if (status) return status;
    fn_note(run, "ownership groups: %u; firms that count as the one that stands for their group: %u", ownership.groups,
            ownership.joined);
    fn_view_free(a->view);
    fn_net_free(a->net);
    a->view = NULL;
    a->net = collapsed;
    return fn_call_view(call, a->net, &a->view);
}

/* --node-weight */
static fn_status weigh_firms(fn_call *call, fn_analysis *a)
{
    fn_run *run = &call->run;
    fn_sizes_known known;
    if (strcmp(fn_values_text(call->values, "node-weight"), "size") != 0) return FN_OK;
    if (a->leiden.quality != FN_QUALITY_CPM) {
        fn_fail(run, FN_EINVAL, "--node-weight size: modularity knows no weights of firms");
        fn_hint(run, "--quality cpm --node-weight size");
        return FN_EINVAL;
    }
    fn_status status = fn_node_weights(run, a->view, &a->leiden, &a->node_weight, &known);
    if (status) return status;
    a->leiden.node_weight = a->node_weight;
    if (!known.known && known.missing) {
        fn_fail(run, FN_EINVAL, "--node-weight size: no firm with ties has a size above 0");
        fn_hint(run, "--firms FILE with the columns firm and size");
        return FN_EINVAL;
    }
    if (known.missing)
        fn_warn(run, "%u of %u firms with ties have no size above 0: they count as one of the mean size, %.6g",
                known.missing, known.missing + known.known, known.mean);
    return FN_OK;
}

/* --start */
static fn_status read_start(fn_call *call, fn_analysis *a)
{
    fn_run *run = &call->run;
    const char *path = fn_values_param(call->values, "start") ? fn_values_text(call->values, "start") : NULL;
    if (!path) return FN_OK;
    if (a->search != fn_leiden) {
        fn_fail(run, FN_EINVAL, "--start: the method %s does not begin with a partition", a->method->name);
        fn_hint(run, "--method leiden --start FILE");
        return FN_EINVAL;
    }
    fn_status status = fn_labels_start(call, path, a->net, &a->start);
    a->leiden.start = a->start;
    return status;
}

fn_status fn_analysis_method(fn_call *call, fn_analysis *a)
{
    fn_run *run = &call->run;
    const char *name = fn_values_text(call->values, "method"), *names[64];
    size_t count = 0;
    if (!(a->method = fn_algorithm_find(FN_GROUP_CLUSTERS, name))) {
        char quoted[FN_QUOTE_TEXT];
        for (const fn_algorithm *const *m = fn_algorithms; *m && count < 64; m++)
            if ((*m)->group == FN_GROUP_CLUSTERS) names[count++] = (*m)->name;
        const char *near = fn_nearest(name, names, count);
        fn_fail(run, FN_EINVAL, "there is no method %s", fn_quote(name, strlen(name), quoted));
        fn_hint(run, "--method %s", near ? near : "leiden");
        return FN_EINVAL;
    }
    a->search = a->method->search ? a->method->search : fn_leiden;
    fn_status status = fn_leiden_options_from(run, a->net, call->values, &a->leiden);
    if (!status) status = weigh_firms(call, a);
    return status ? status : read_start(call, a);
}

void fn_note_agreement(fn_run *run, int runs, const fn_runs_agreement *agreement)
{
    if (agreement->pairs)
        fn_note(run, "%d runs: two of them agree by nmi %.4g, ari %.4g, ami %.4g in the mean over %d pairs, the two "
                "that agree least by nmi %.4g", runs, agreement->nmi, agreement->ari, agreement->ami, agreement->pairs,
                agreement->nmi_least);
}

static fn_status find_consensus(fn_call *call, fn_analysis *a)
{
    fn_run *run = &call->run;
    double threshold = fn_values_real(call->values, "agreement");
    if (a->leiden.runs < 2) {
        fn_fail(run, FN_EINVAL, "--consensus wants several runs");
        fn_hint(run, "--consensus --runs 10");
        return FN_EINVAL;
    }
    fn_status status = fn_consensus_find(run, a->view, &a->leiden, a->search, threshold, &a->partition, &a->consensus);
    if (status) return status;
    fn_note(run, "%d runs: quality %.6g in the mean, %.6g at best; two runs agree by nmi %.4g, ami %.4g in the mean",
            a->leiden.runs, a->consensus.mean_quality, a->consensus.best_quality, a->consensus.agreement.nmi,
            a->consensus.agreement.ami);
    if (a->consensus.agreed)
        fn_note(run, "the runs agree after %d rounds of consensus", a->consensus.rounds);
    else
        fn_warn(run, "the runs do not agree after %d rounds of consensus: taken is the best of the last round",
                a->consensus.rounds);
    return FN_OK;
}

static fn_status join_small(fn_call *call, fn_analysis *a, uint32_t least)
{
    fn_run *run = &call->run;
    fn_status status = fn_partition_join_small(run, a->view, &a->leiden, least, a->partition, &a->joined);
    if (status) return status;
    fn_note(run, "%u clusters of fewer than %u firms joined to neighbours: quality %.6g, before %.6g; %u stay that "
            "small, as no tie leads out of them", a->joined.joined, least, a->partition->quality, a->joined.before,
            a->joined.left);
    return FN_OK;
}

fn_status fn_analysis_clusters(fn_call *call, fn_analysis *a)
{
    fn_run *run = &call->run;
    uint32_t least = (uint32_t) fn_values_int(call->values, "min-size");
    fn_status status = fn_analysis_method(call, a);
    if (status) return status;
    a->leiden.levels = fn_values_param(call->values, "levels") && fn_values_flag(call->values, "levels");
    if (a->leiden.levels && fn_values_flag(call->values, "consensus"))
        return fn_fail(run, FN_EINVAL, "--levels tells of one search, --consensus of many: one of them");
    if (!(a->is_isolated = fn_alloc(run, a->view->firms, sizeof *a->is_isolated))) return FN_ENOMEM;
    a->isolated = fn_view_isolated(a->view, &a->leiden, a->is_isolated);
    if (fn_values_flag(call->values, "consensus")) status = find_consensus(call, a);
    else status = a->search(run, a->view, &a->leiden, &a->partition);
    if (!status) fn_note_agreement(run, a->leiden.runs, &a->partition->agreement);
    if (!status && least > 1) status = join_small(call, a, least);
    return status;
}

fn_status fn_analysis_central(fn_call *call, fn_analysis *a)
{
    fn_central_options options;
    fn_central_defaults(&options);
    options.gap = fn_values_real(call->values, "min-gap");
    options.count_gap = fn_values_real(call->values, "min-count-gap");
    options.index = fn_values_real(call->values, "min-index");
    options.firms = (uint32_t) fn_values_int(call->values, "min-firms");
    options.competitive = fn_values_real(call->values, "min-competitive");
    options.support = fn_values_real(call->values, "min-support");
    options.resamples = (uint32_t) fn_values_int(call->values, "resamples");
    a->is_central = fn_alloc(&call->run, a->view->firms, sizeof *a->is_central);
    a->central_index = fn_alloc(&call->run, a->view->firms, sizeof *a->central_index);
    if (!a->is_central || !a->central_index) return FN_ENOMEM;
    return fn_central_company(&call->run, a->view, a->partition->cluster, a->partition->clusters, &options, &a->heads,
                              &a->members, a->is_central, a->central_index);
}

bool fn_analysis_is_listed(const char *list, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = list; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
        if (strncmp(at, name, length) == 0 && (at[length] == ',' || at[length] == '\0')) return true;
    return false;
}

fn_status fn_analysis_check_measures(fn_call *call, fn_group group, const char *list)
{
    fn_run *run = &call->run;
    const char *names[64];
    size_t count = 0;
    for (const fn_algorithm *const *m = fn_algorithms; *m && count < 64; m++)
        if ((*m)->group == group) names[count++] = (*m)->name;
    if (list && !*list) {
        fn_fail(run, FN_EINVAL, "--measure names none");
        fn_hint(run, "`firmnet list` names them");
        return FN_EINVAL;
    }
    for (const char *at = list; at && *at;) {
        char word[64];
        size_t length = strcspn(at, ",");
        if (length >= sizeof word) length = sizeof word - 1;
        memcpy(word, at, length);
        word[length] = '\0';
        if (!fn_algorithm_find(group, word)) {
            char quoted[FN_QUOTE_TEXT];
            fn_fail(run, FN_EINVAL, "there is no measure %s", fn_quote(word, length, quoted));
            const char *near = fn_nearest(word, names, count);
            fn_hint(run, "%s%s", near ? "--measure " : "firmnet list", near ? near : "");
            return FN_EINVAL;
        }
        at += strcspn(at, ",");
        if (*at) at++;
    }
    return FN_OK;
}

fn_status fn_analysis_measures(fn_call *call, fn_analysis *a, const char *list)
{
    fn_run *run = &call->run;
    fn_status status = fn_analysis_check_measures(call, FN_GROUP_CENTRALITY, list);
    if (!status) status = fn_table_new(run, a->view->firms, &a->measures);
    for (const fn_algorithm *const *m = fn_algorithms; !status && *m; m++)
        if ((*m)->group == FN_GROUP_CENTRALITY &&
            (list ? fn_analysis_is_listed(list, (*m)->name) : !(*m)->on_request))
            status = (*m)->run(run, a->view, call->values, a->measures);
    return status;
}

static fn_status read_lines(fn_run *run, const char *path, fn_pen *text)
{
    fn_source *source;
    char *line;
    size_t length;
    fn_status status = fn_source_open(run, path, &source);
    while (!status && !(status = fn_source_line(run, source, &line, &length)) && line) {
        fn_pen_bytes(text, line, length);
        fn_pen_text(text, "\n");
    }
    fn_source_close(source);
    return status ? status : text->status;
}

/* --rules; NULL: the built-in table. */
static fn_status read_rules(fn_call *call, fn_tie_rules **rules)
{
    const char *path = fn_values_text(call->values, "rules");
    fn_pen text = { .run = &call->run };
    if (!path) return FN_OK;
    fn_status status = read_lines(&call->run, path, &text);
    if (!status) status = fn_tie_rules_new(&call->run, path, text.text ? text.text : "", text.used, rules);
    fn_pen_free(&text);
    return status;
}

fn_status fn_analysis_ties(fn_call *call, fn_analysis *a)
{
    fn_tie_options options;
    fn_tie_rules *rules = NULL;
    fn_status status = fn_tie_options_from(&call->run, call->values, &options);
    if (!status) status = read_rules(call, &rules);
    options.rules = rules;
    if (!status) status = fn_table_new(&call->run, a->view->ties, &a->strength);
    if (!status)
        status = fn_tie_strength(&call->run, a->view, a->partition ? a->partition->cluster : NULL, &options,
                                 a->strength);
    fn_tie_rules_free(rules);
    return status;
}

fn_status fn_analysis_tie_measures(fn_call *call, fn_analysis *a, const char *list)
{
    fn_run *run = &call->run;
    fn_status status = a->strength ? FN_OK : fn_table_new(run, a->view->ties, &a->strength);
    for (const fn_algorithm *const *m = fn_algorithms; !status && *m; m++) {
        fn_table *table;
        if ((*m)->group != FN_GROUP_TIES || !fn_analysis_is_listed(list, (*m)->name)) continue;
        if (strcmp((*m)->name, "strength") == 0) continue;
        status = fn_table_new(run, a->view->ties, &table);
        if (!status) status = (*m)->run(run, a->view, call->values, table);
        /* Two measures may share a column, which then is the same. */
        if (!status) status = fn_table_join_new(run, a->strength, table);
        fn_table_free(table);
    }
    return status;
}

/* Importance: PageRank along the ties, so firms that much is delivered to are large. */
static void importance(const fn_analysis *a, double *score)
{
    const fn_column *column = a->measures ? fn_table_find(a->measures, "pagerank") : NULL;
    for (uint32_t f = 0; f < a->view->firms; f++)
        score[f] = column && !fn_column_missing(column, f) ? column->real[f] : 0;
}

fn_status fn_analysis_draw(fn_call *call, fn_analysis *a)
{
    fn_run *run = &call->run;
    fn_column *x, *y, *size, *color;
    fn_status status = fn_table_new(run, a->view->firms, &a->drawing);
    if (!status) status = fn_table_add(run, a->drawing, "x", FN_COLUMN_REAL, &x);
    if (!status) status = fn_table_add(run, a->drawing, "y", FN_COLUMN_REAL, &y);
    if (!status) status = fn_table_add(run, a->drawing, "size", FN_COLUMN_REAL, &size);
    if (!status) status = fn_table_add(run, a->drawing, "color", FN_COLUMN_TEXT, &color);
    if (status) return status;
    double *score = fn_alloc(run, a->view->firms, sizeof *score);
    if (!score) return FN_ENOMEM;
    importance(a, score);
    status = fn_layout(run, a->view, a->partition->cluster, a->partition->clusters, a->is_central, score, x->real,
                       y->real, size->real);
    for (uint32_t f = 0; !status && f < a->view->firms; f++) {
        const char *text = fn_cluster_color(a->partition->cluster[f]);
        status = fn_column_set_text(run, color, f, text, strlen(text));
    }
    fn_free(score);
    return status;
}

fn_status fn_analysis_all(fn_call *call, fn_analysis *a)
{
    fn_status status = fn_analysis_read(call, a);
    if (!status) status = fn_analysis_clusters(call, a);
    if (!status) status = fn_analysis_central(call, a);
    if (!status) status = fn_analysis_measures(call, a, NULL);
    if (!status) status = fn_analysis_ties(call, a);
    if (!status) status = fn_analysis_draw(call, a);
    if (!status) status = fn_firms_table(call, a);
    if (!status) status = fn_ties_table(call, a);
    if (!status) status = fn_clusters_table(call, a);
    return status;
}

void fn_analysis_free(fn_analysis *a)
{
    fn_table_free(a->heads);
    fn_table_free(a->members);
    fn_free(a->start);
    fn_free(a->node_weight);
    fn_free(a->is_isolated);
    fn_free(a->is_central);
    fn_free(a->central_index);
    fn_table_free(a->measures);
    fn_table_free(a->strength);
    fn_table_free(a->firms);
    fn_table_free(a->ties);
    fn_table_free(a->clusters);
    fn_table_free(a->drawing);
    fn_partition_free(a->partition);
    fn_view_free(a->view);
    fn_net_free(a->net);
}
