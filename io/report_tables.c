/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "graph/palette.h"
#include "io/report_inside.h"

enum { CLUSTERS_SHOWN = 30, NAME_MOST = 60 };

/* Clusters -------------------------------------------------------------------------------------------------------- */

typedef struct evidence { const char *column, *head, *meaning; bool share; } evidence;

static const evidence evidences[] = {
    { "in_share", "in-share", "share of the cluster's supply that this firm receives", true },
    { "competitive", "by tender", "share of its tenders in which somebody bid and lost", true },
    { "complementarity", "compl.", "how evenly its purchases spread over kinds of products (0 one kind, 1 all in equal parts)",
      true },
    { "exclusivity", "excl.", "share of its suppliers' sales that go to it, in the mean", true },
    { "suppliers", "suppliers", "firms of the cluster that deliver to it", false },
    { "tenders", "tenders", "tenders it called", false },
};
enum { EVIDENCES = sizeof evidences / sizeof *evidences };

typedef struct cluster_columns {
    const fn_column *number, *firms, *ties, *value, *currency, *head, *name, *index, *gap, *reason, *authority;
    const fn_column *evidence[EVIDENCES];
} cluster_columns;

static const fn_column *any_column(const fn_table *table, const char *name)
{
    const fn_column *column = table ? fn_table_find(table, name) : NULL;
    for (size_t row = 0; column && row < column->rows; row++)
        if (!fn_column_missing(column, row)) return column;
    return NULL;
}

static cluster_columns find_columns(const fn_table *table)
{
    cluster_columns c = {
        .number = fn_report_column(table, "cluster", FN_COLUMN_INT),
        .firms = fn_report_column(table, "firms", FN_COLUMN_INT), .ties = any_column(table, "ties"),
        .value = fn_report_column(table, "internal_value", FN_COLUMN_REAL),
        .currency = fn_report_column(table, "currency", FN_COLUMN_TEXT),
        .head = fn_report_column(table, "central_company", FN_COLUMN_TEXT),
        .name = fn_report_column(table, "central_name", FN_COLUMN_TEXT),
        .index = fn_report_column(table, "central_index", FN_COLUMN_REAL),
        .gap = fn_report_column(table, "gap", FN_COLUMN_REAL),
        .reason = fn_report_column(table, "reason", FN_COLUMN_TEXT),
        .authority = fn_report_column(table, "authority", FN_COLUMN_TEXT)
    };
    if (!c.index) c.index = fn_report_column(table, "index", FN_COLUMN_REAL);
    for (int e = 0; e < EVIDENCES; e++) c.evidence[e] = any_column(table, evidences[e].column);
    return c;
}

/* Shares with two decimals, so that they line up. */
static void put_share(fn_pen *pen, double share)
{
    int64_t hundredths = llround(fabs(share) * 100);
    if (share < 0 && hundredths > 0) fn_pen_text(pen, "\xe2\x88\x92");
    fn_pen_format(pen, "%d.%02d", (int) (hundredths / 100), (int) (hundredths % 100));
}

static void put_number_cell(fn_pen *pen, const char *class, const fn_column *column, size_t row, bool share)
{
    fn_pen_format(pen, "<td class=\"%s\">", class);
    if (column && !fn_column_missing(column, row)) {
        if (column->type == FN_COLUMN_INT) fn_words_count(pen, column->integer[row]);
        else if (column->type == FN_COLUMN_REAL && share) put_share(pen, column->real[row]);
        else if (column->type == FN_COLUMN_REAL) fn_words_short(pen, column->real[row]);
    }
    fn_pen_text(pen, "</td>");
}

static void put_key(fn_pen *pen, const char *key, size_t length)
{
    fn_pen_text(pen, "<br><code>");
    fn_words_name(pen, key, length, NAME_MOST);
    fn_pen_text(pen, "</code>");
}

/* Authorities are no companies: the one that buys most here stands apart. */
static void put_authority(fn_pen *pen, const fn_report_facts *facts, const cluster_columns *c, size_t row)
{
    if (!c->authority || fn_column_missing(c->authority, row)) return;
    size_t length;
    const char *key = fn_column_text(c->authority, row, &length);
    uint32_t firm = fn_names_find(fn_net_keys(facts->net), key, length);
    const char *name = firm == FN_NONE ? key : fn_net_firm_name(facts->net, firm, &length);
    fn_pen_text(pen, "<br><span class=\"none\">authority: ");
    fn_words_name(pen, name, length, NAME_MOST);
    fn_pen_text(pen, "</span>");
}

/* The central company, or why there is none; the leading authority beside it. span: cells that it fills. */
static void put_head_cell(fn_pen *pen, const fn_report_facts *facts, const cluster_columns *c, size_t row, int span)
{
    size_t length, named = 0;
    fn_pen_text(pen, "<td class=\"who\"");
    if (span > 1) fn_pen_format(pen, " colspan=\"%d\"", span);
    fn_pen_text(pen, ">");
    if (c->head && !fn_column_missing(c->head, row)) {
        const char *name = c->name && !fn_column_missing(c->name, row) ? fn_column_text(c->name, row, &named) : "";
        const char *key = fn_column_text(c->head, row, &length);
        bool same = named == 0 || (named == length && memcmp(name, key, length) == 0);
        fn_words_name(pen, named ? name : key, named ? named : length, NAME_MOST);
        if (!same) put_key(pen, key, length);
    } else {
        fn_pen_text(pen, "<span class=\"none\">no single head");
        if (c->reason && !fn_column_missing(c->reason, row)) {
            const char *reason = fn_column_text(c->reason, row, &length);
            fn_pen_text(pen, ": ");
            fn_pen_xml(pen, reason, length);
        }
        fn_pen_text(pen, "</span>");
    }
    put_authority(pen, facts, c, row);
    fn_pen_text(pen, "</td>");
}

/* Columns to the right of the central company that say something of any cluster. */
static int evidence_shown(const cluster_columns *c)
{
    int shown = 2;
    for (int e = 0; e < EVIDENCES; e++) shown += c->evidence[e] != NULL;
    return shown;
}

/* Nobody to weigh: no head, and nothing known of a first candidate. */
static bool is_without_candidate(const cluster_columns *c, size_t row)
{
    if (c->head && !fn_column_missing(c->head, row)) return false;
    if (c->gap && !fn_column_missing(c->gap, row)) return false;
    for (int e = 0; e < EVIDENCES; e++)
        if (c->evidence[e] && !fn_column_missing(c->evidence[e], row)) return false;
    return true;
}

static void put_value_cell(fn_pen *pen, const cluster_columns *c, size_t row)
{
    size_t length;
    fn_pen_text(pen, "<td class=\"n less\">");
    if (c->value && !fn_column_missing(c->value, row)) {
        fn_words_short(pen, c->value->real[row]);
        if (c->currency && !fn_column_missing(c->currency, row)) {
            const char *currency = fn_column_text(c->currency, row, &length);
            fn_pen_text(pen, " ");
            fn_pen_xml(pen, currency, length);
        }
    }
    fn_pen_text(pen, "</td>");
}

static void put_cluster_row(fn_pen *pen, const fn_report_facts *facts, const cluster_columns *c, size_t row)
{
    int64_t number = c->number ? c->number->integer[row] : (int64_t) row + 1;
    fn_pen_format(pen, "<tr><th scope=\"row\"><i class=\"dot\" style=\"background:%s\"></i>",
                  fn_cluster_color(number > 0 ? (uint32_t) (number - 1) : 0));
    fn_pen_int(pen, number);
    fn_pen_text(pen, "</th>");
    put_number_cell(pen, "n", c->firms, row, false);
    put_number_cell(pen, "n less", c->ties, row, false);
    put_value_cell(pen, c, row);
    bool nobody = is_without_candidate(c, row);
    put_head_cell(pen, facts, c, row, nobody ? 1 + evidence_shown(c) : 1);
    if (!nobody) {
        put_number_cell(pen, "n", c->index, row, true);
        put_number_cell(pen, "n", c->gap, row, true);
        for (int e = 0; e < EVIDENCES; e++)
            if (c->evidence[e]) put_number_cell(pen, "n", c->evidence[e], row, evidences[e].share);
    }
    fn_pen_text(pen, "</tr>\n");
}

static void put_cluster_head(fn_pen *pen, const cluster_columns *c)
{
    fn_pen_text(pen, "<div class=\"wide\"><table>\n<thead><tr><th scope=\"col\">cluster</th><th scope=\"col\" class=\"n\">firms"
                "</th><th scope=\"col\" class=\"n less\">ties</th><th scope=\"col\" class=\"n less\">value inside</th>"
                "<th scope=\"col\">central company</th><th scope=\"col\" class=\"n\">index</th>"
                "<th scope=\"col\" class=\"n\">gap</th>");
    for (int e = 0; e < EVIDENCES; e++)
        if (c->evidence[e]) fn_pen_format(pen, "<th scope=\"col\" class=\"n\">%s</th>", evidences[e].head);
    fn_pen_text(pen, "</tr></thead>\n<tbody>\n");
}

void fn_report_clusters(fn_pen *pen, const fn_report_facts *facts)
{
    const fn_table *table = facts->report->clusters;
    cluster_columns c = find_columns(table);
    if (!table || !c.firms) {
        fn_pen_text(pen, "<p class=\"none\">Clusters were not computed.</p>\n");
        return;
    }
    if (facts->clusters == 0) {
        fn_pen_text(pen, "<p>No two firms are bound together: there is no cluster of two firms or more.</p>\n");
        return;
    }
    put_cluster_head(pen, &c);
    size_t shown = 0;
    for (size_t row = 0; row < table->rows && shown < CLUSTERS_SHOWN; row++) {
        if (c.firms->integer[row] < 2) continue;
        put_cluster_row(pen, facts, &c, row);
        shown++;
    }
    fn_pen_text(pen, "</tbody></table></div>\n<p class=\"note\">");
    if (facts->clusters > shown) {
        fn_pen_text(pen, "The ");
        fn_words_of(pen, (int64_t) shown, "largest cluster is", "largest clusters are");
        fn_pen_text(pen, " shown of ");
        fn_words_count(pen, facts->clusters);
        fn_pen_text(pen, "; all of them stand in clusters.tsv. ");
    }
    fn_pen_text(pen, "An empty cell means that the data does not tell. <b>index</b>: how much the firm heads its cluster, "
                "0 to 1. <b>gap</b>: its lead over the runner-up, as a share of its own index.");
    for (int e = 0; e < EVIDENCES; e++)
        if (c.evidence[e]) fn_pen_format(pen, " <b>%s</b>: %s.", evidences[e].head, evidences[e].meaning);
    fn_pen_text(pen, "</p>\n");
}

/* Layers ---------------------------------------------------------------------------------------------------------- */

typedef struct layer_facts { size_t ties; int64_t count; fn_sum value; size_t valued, other_currency; } layer_facts;

static layer_facts count_layer(const fn_report_facts *facts, uint16_t layer)
{
    const fn_ties *ties = fn_net_tie_rows(facts->net);
    layer_facts l = { 0 };
    for (size_t k = 0; k < facts->ties; k++) {
        const fn_tie own = fn_ties_at(ties, fn_view_tie(facts->view, k));
        if (own.layer != layer) continue;
        l.ties++;
        l.count += own.count;
        if (isnan(own.value)) continue;
        l.valued++;
        if (own.currency == facts->currency) fn_sum_add(&l.value, own.value);
        else l.other_currency++;
    }
    return l;
}

static const char *weighed_by(const fn_report_facts *facts, uint16_t layer)
{
    const fn_ties *ties = fn_net_tie_rows(facts->net);
    for (size_t k = 0; k < facts->ties; k++) {
        const fn_tie own = fn_ties_at(ties, fn_view_tie(facts->view, k));
        if (own.layer == layer && !isnan(own.weight)) return "its own weights";
    }
    switch (facts->view->used[layer]) {
    case FN_WEIGHT_VALUE: return "value";
    case FN_WEIGHT_BOTH: return "value and count";
    default: return "count";
    }
}

static void put_currency(fn_pen *pen, const fn_report_facts *facts)
{
    size_t length;
    const char *currency = fn_names_text(fn_net_currencies(facts->net), facts->currency, &length);
    if (length == 0) return;
    fn_pen_text(pen, " ");
    fn_pen_xml(pen, currency, length);
}

void fn_report_layers(fn_pen *pen, const fn_report_facts *facts)
{
    const double *quality = facts->report->layer_quality;
    fn_pen_text(pen, "<div class=\"wide\"><table>\n<thead><tr><th scope=\"col\">layer</th><th scope=\"col\" class=\"n\">ties</th>"
                "<th scope=\"col\" class=\"n\">records</th><th scope=\"col\" class=\"n\">value");
    if (facts->valued) put_currency(pen, facts);
    fn_pen_text(pen, "</th><th scope=\"col\">direction</th><th scope=\"col\">weighed by</th>");
    if (quality) fn_pen_text(pen, "<th scope=\"col\" class=\"n\">quality of the clusters in it</th>");
    fn_pen_text(pen, "</tr></thead>\n<tbody>\n");
    for (uint16_t layer = 0; layer < fn_names_count(fn_net_layers(facts->net)) && layer < FN_LAYERS_MOST; layer++) {
        layer_facts own = count_layer(facts, layer);
        size_t length;
        if (own.ties == 0) continue;
        const char *name = fn_names_text(fn_net_layers(facts->net), layer, &length);
        fn_pen_text(pen, "<tr><th scope=\"row\">");
        fn_words_name(pen, name, length, NAME_MOST);
        fn_pen_text(pen, "</th><td class=\"n\">");
        fn_words_count(pen, (int64_t) own.ties);
        fn_pen_text(pen, "</td><td class=\"n\">");
        fn_words_count(pen, own.count);
        fn_pen_text(pen, "</td><td class=\"n\">");
        if (own.valued > own.other_currency) fn_words_sum(pen, &own.value);
        if (own.other_currency > 0) fn_pen_text(pen, "<br><span class=\"none\">and other currencies</span>");
        fn_pen_format(pen, "</td><td>%s</td><td>%s</td>", fn_net_layer_directed(layer) ? "supplier to customer" : "none",
                      weighed_by(facts, layer));
        if (quality) {
            fn_pen_text(pen, "<td class=\"n\">");
            if (!isnan(quality[layer])) fn_pen_rounded(pen, quality[layer], 3);
            fn_pen_text(pen, "</td>");
        }
        fn_pen_text(pen, "</tr>\n");
    }
    fn_pen_text(pen, "</tbody></table></div>\n");
}

/* What was read --------------------------------------------------------------------------------------------------- */

static void put_units(fn_pen *pen, const fn_account *account)
{
    static const fn_outcome outcomes[] = { FN_READ, FN_KEPT, FN_MERGED, FN_REJECTED };
    fn_pen_text(pen, "<div class=\"wide\"><table>\n<thead><tr><th scope=\"col\">what</th><th scope=\"col\" class=\"n\">read</th>"
                "<th scope=\"col\" class=\"n\">= kept</th><th scope=\"col\" class=\"n\">+ merged</th>"
                "<th scope=\"col\" class=\"n\">+ rejected</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < fn_account_lines(account); i++) {
        const char *unit = fn_account_line_at(account, i)->unit;
        if (i > 0 && strcmp(unit, fn_account_line_at(account, i - 1)->unit) == 0) continue;
        if (fn_account_total(account, unit, FN_READ, NULL) == 0) continue;
        fn_pen_text(pen, "<tr><th scope=\"row\">");
        fn_pen_xml(pen, unit, strlen(unit));
        fn_pen_text(pen, unit[strlen(unit) - 1] == 's' ? "es</th>" : "s</th>");
        for (int k = 0; k < 4; k++) {
            fn_pen_text(pen, "<td class=\"n\">");
            fn_words_count(pen, fn_account_total(account, unit, outcomes[k], NULL));
            fn_pen_text(pen, "</td>");
        }
        fn_pen_text(pen, "</tr>\n");
    }
    fn_pen_text(pen, "</tbody></table></div>\n");
}

static void put_reason(fn_pen *pen, const fn_account_line *line)
{
    static const char *const names[] = { "read", "kept", "merged", "rejected", "noted" };
    const char *words = line->text && *line->text ? line->text : line->reason;
    fn_pen_text(pen, "<tr><td class=\"n\">");
    fn_words_count(pen, line->count);
    fn_pen_text(pen, "</td><td>");
    fn_pen_xml(pen, line->unit, strlen(line->unit));
    fn_pen_format(pen, "</td><td>%s</td><td>", names[line->outcome]);
    fn_pen_xml(pen, words, strlen(words));
    fn_pen_text(pen, "</td><td class=\"where\">");
    if (line->file && *line->file) fn_words_name(pen, line->file, strlen(line->file), NAME_MOST);
    if (line->line > 0) {
        fn_pen_text(pen, ":");
        fn_pen_int(pen, line->line);
    }
    if (line->example && *line->example) {
        fn_pen_text(pen, " ");
        fn_words_name(pen, line->example, strlen(line->example), NAME_MOST);
    }
    fn_pen_text(pen, "</td></tr>\n");
}

static void put_reasons(fn_pen *pen, const fn_account *account)
{
    bool any = false;
    for (size_t i = 0; i < fn_account_lines(account); i++) {
        const fn_account_line *line = fn_account_line_at(account, i);
        if (!*line->reason) continue;
        if (!any)
            fn_pen_text(pen, "<h3>Merged, rejected, and what was noted on the way</h3>\n<div class=\"wide\"><table>\n<thead><tr>"
                        "<th scope=\"col\" class=\"n\">count</th><th scope=\"col\">of</th><th scope=\"col\">outcome</th>"
                        "<th scope=\"col\">why</th><th scope=\"col\">first seen</th></tr></thead>\n<tbody>\n");
        any = true;
        put_reason(pen, line);
    }
    if (any) fn_pen_text(pen, "</tbody></table></div>\n");
}

static void put_sums(fn_pen *pen, const fn_account *account)
{
    if (fn_account_sums(account) == 0) return;
    fn_pen_text(pen, "<h3>Money, never added across currencies</h3>\n<div class=\"wide\"><table>\n<thead><tr>"
                "<th scope=\"col\">sum of</th><th scope=\"col\">currency</th><th scope=\"col\" class=\"n\">amounts</th>"
                "<th scope=\"col\" class=\"n\">total</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < fn_account_sums(account); i++) {
        const fn_account_sum *sum = fn_account_sum_at(account, i);
        fn_pen_text(pen, "<tr><th scope=\"row\">");
        for (const char *c = sum->label; *c; c++) fn_pen_xml(pen, *c == '_' ? " " : c, 1);
        fn_pen_text(pen, "</th><td>");
        if (*sum->currency) fn_pen_xml(pen, sum->currency, strlen(sum->currency));
        else fn_pen_text(pen, "<span class=\"none\">not stated</span>");
        fn_pen_text(pen, "</td><td class=\"n\">");
        fn_words_count(pen, sum->sum.terms);
        fn_pen_text(pen, "</td><td class=\"n\">");
        fn_words_sum(pen, &sum->sum);
        fn_pen_text(pen, "</td></tr>\n");
    }
    fn_pen_text(pen, "</tbody></table></div>\n");
}

void fn_report_account(fn_pen *pen, const fn_report_facts *facts)
{
    const fn_account *account = fn_net_account(facts->net);
    if (!account || fn_account_lines(account) == 0) {
        fn_pen_text(pen, "<p class=\"none\">The network brings no account of how it was read.</p>\n");
        return;
    }
    fn_pen_text(pen, "<p>Everything that was read is either kept, merged with something kept, or rejected.</p>\n");
    put_units(pen, account);
    put_reasons(pen, account);
    put_sums(pen, account);
}
