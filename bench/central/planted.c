/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "algorithms/algorithm.h"
#include "algorithms/central_company.h"
#include "bench/measure.h"
#include "io/format.h"
#include "io/table.h"

/* planted DUMP TRUTH [DUMP TRUTH ...]: are planted heads found? Of each dump of tenders clusters and central companies
 * are found as `firmnet central` does by default; the truth is a table with the columns firm, cluster, role (`firmnet
 * generate --truth`; role "central": the only head of its cluster). Told are
 *   index              heads that were named as a central company
 *   index_pure_hub, index_hub_that_bids, index_beside_authority
 *                      the same by kind: heads that bid against nobody at authorities and universities, heads that do,
 *                      and heads of clusters with an authority of their own (role "local_authority"), which buys more
 *   index_first        heads that come first among the companies of some cluster, named or not
 *   every measure of firmnet alone: heads that come first in the cluster found for them, among all its members (rate)
 *                      and among its companies (rate_of_companies); members that have as much share the hit; a measure
 *                      that does not settle finds none
 *   no_head, two_heads clusters planted without a head, or with two (role "co_head"), for which no single head was
 *                      named;
 *                      the cluster found is the one that most of their members are in */

enum { MEASURES_MOST = 256 };

typedef struct tally {
    char name[64];
    double heads, hits, hits_of_companies;
} tally;

static tally all[MEASURES_MOST];
static size_t measures;

static tally *tally_of(const char *name)
{
    for (size_t m = 0; m < measures; m++)
        if (strcmp(all[m].name, name) == 0) return &all[m];
    if (measures == MEASURES_MOST) bench_stop("more than %d measures", MEASURES_MOST);
    snprintf(all[measures].name, sizeof all[measures].name, "%s", name);
    return &all[measures++];
}

static void must(const fn_run *run, fn_status status)
{
    if (status) bench_stop("%s%s%s", run->error.file, *run->error.file ? ": " : "", run->error.message);
}

/* One dump with all that was found in it. */
typedef struct found {
    fn_run run;
    fn_net *net;
    fn_view *view;
    fn_partition *partition;
    fn_table *heads, *members, *measures;
    bool *is_central, *is_company, *is_head;
    fn_table *truth;
    uint32_t *planted;       /* cluster of the truth, by firm; FN_NONE none */
    const char **role;       /* by firm; "" none */
    fn_names *clusters;      /* of the truth */
} found;

/* ---- the truth ---- */

static void read_truth(found *f, const char *path)
{
    fn_source *source;
    must(&f->run, fn_source_open(&f->run, path, &source));
    must(&f->run, fn_table_read(&f->run, source, &f->truth));
    fn_source_close(source);
    const fn_column *firm = fn_table_find(f->truth, "firm"), *cluster = fn_table_find(f->truth, "cluster");
    const fn_column *role = fn_table_find(f->truth, "role");
    if (!firm || !cluster || !role) bench_stop("%s: a truth table has the columns firm, cluster, role", path);
    must(&f->run, fn_names_new(&f->run, &f->clusters));
    for (uint32_t k = 0; k < f->view->firms; k++) f->planted[k] = FN_NONE, f->role[k] = "";
    for (size_t row = 0; row < f->truth->rows; row++) {
        size_t length, cluster_length;
        const char *key = fn_column_text(firm, row, &length), *name = fn_column_text(cluster, row, &cluster_length);
        uint32_t k = fn_names_find(fn_net_keys(f->net), key, length);
        if (k == FN_NONE) continue; /* has no tie in the dump */
        f->role[k] = fn_column_text(role, row, NULL);
        f->is_head[k] = strcmp(f->role[k], "central") == 0;
        if (cluster_length)
            must(&f->run, fn_names_add(&f->run, f->clusters, name, cluster_length, &f->planted[k], NULL));
    }
}

/* ---- what firmnet finds ---- */

static void find_all(found *f, const char *dump)
{
    const fn_view_options every = FN_VIEW_ALL;
    fn_leiden_options leiden;
    fn_central_options central;
    must(&f->run, fn_read(&f->run, &dump, 1, NULL, &f->net, NULL, NULL));
    must(&f->run, fn_view_new(&f->run, f->net, &every, &f->view));
    uint32_t firms = f->view->firms;
    f->is_central = bench_alloc(firms, sizeof *f->is_central);
    f->is_company = bench_alloc(firms, sizeof *f->is_company);
    f->is_head = bench_alloc(firms, sizeof *f->is_head);
    f->planted = bench_alloc(firms, sizeof *f->planted);
    f->role = bench_alloc(firms, sizeof *f->role);
    memset(f->is_head, 0, firms * sizeof *f->is_head);
    fn_leiden_defaults(&leiden);
    must(&f->run, fn_leiden(&f->run, f->view, &leiden, &f->partition));
    fn_central_defaults(&central);
    must(&f->run, fn_central_company(&f->run, f->view, f->partition->cluster, f->partition->clusters, &central,
                                     &f->heads, &f->members, f->is_central, NULL));
    must(&f->run, fn_table_new(&f->run, firms, &f->measures));
    for (const fn_algorithm *const *a = fn_algorithms; *a; a++) {
        if ((*a)->group != FN_GROUP_CENTRALITY) continue;
        const fn_param *const params[] = { (*a)->params, NULL };
        fn_values *values;
        must(&f->run, fn_values_new(&f->run, params, &values));
        fn_status status = (*a)->run(&f->run, f->view, values, f->measures);
        if (status == FN_ENOCONV) { /* its column is left without values: it finds no head here */
            fprintf(stderr, "bench: %s: %s: %s\n", dump, (*a)->name, f->run.error.message);
            f->run.error = (fn_error) { .offset = -1 };
        } else must(&f->run, status);
        fn_values_free(values);
    }
}

static void free_all(found *f)
{
    fn_table_free(f->heads);
    fn_table_free(f->members);
    fn_table_free(f->measures);
    fn_table_free(f->truth);
    fn_names_free(f->clusters);
    fn_partition_free(f->partition);
    fn_view_free(f->view);
    fn_net_free(f->net);
    free(f->is_central);
    free(f->is_company);
    free(f->is_head);
    free(f->planted);
    free(f->role);
}

/* ---- single measures ---- */

/* A column of numbers as reals by firm: of measures the rows are firms, of members the column `firm` says which. */
static bool numbers_of(const found *f, const fn_column *column, const fn_column *firm, double *value)
{
    if (column->type != FN_COLUMN_REAL && column->type != FN_COLUMN_INT) return false;
    for (size_t row = 0; row < column->rows; row++) {
        uint32_t k = firm ? firm->text[row] : (uint32_t) row;
        bool missing = fn_column_missing(column, row);
        double number = column->type == FN_COLUMN_REAL ? column->real[row] : (double) column->integer[row];
        value[k] = missing ? -INFINITY : number;
    }
    return f->view->firms == column->rows;
}

/* Is head h first of its cluster? 1, 1/k of k alike, or 0. */
static double hit(const found *f, uint32_t h, const double *value, bool companies)
{
    double alike = 0;
    for (uint32_t k = 0; k < f->view->firms; k++) {
        if (f->partition->cluster[k] != f->partition->cluster[h] || (companies && !f->is_company[k])) continue;
        if (value[k] > value[h]) return 0;
        alike += !(value[k] < value[h]);
    }
    return value[h] > -INFINITY && alike > 0 ? 1 / alike : 0;
}

static void judge_column(const found *f, const char *name, const double *value)
{
    tally *t = tally_of(name);
    for (uint32_t h = 0; h < f->view->firms; h++) {
        if (!f->is_head[h]) continue;
        t->heads++;
        t->hits += hit(f, h, value, false);
        t->hits_of_companies += hit(f, h, value, true);
    }
}

static void judge_measures(const found *f)
{
    static const char *const evidence[] = { "in_share", "competitive", "complementarity", "variety", "focus", "tenders",
                                            "products", "effective_products", "breadth", "suppliers", "exclusivity",
                                            "in_strength" };
    double *value = bench_alloc(f->view->firms, sizeof *value);
    const fn_column *firm = fn_table_find(f->members, "firm");
    for (size_t e = 0; e < sizeof evidence / sizeof *evidence; e++)
        if (numbers_of(f, fn_table_find(f->members, evidence[e]), firm, value)) judge_column(f, evidence[e], value);
    for (size_t c = 0; c < f->measures->columns; c++)
        if (numbers_of(f, f->measures->column[c], NULL, value)) judge_column(f, f->measures->column[c]->name, value);
    free(value);
}

/* ---- the index ---- */

/* Does it bid against others at authorities or universities? */
static bool bids(const found *f, uint32_t head)
{
    const uint32_t *firms = fn_net_tender_firms(f->net);
    for (size_t k = 0; k < fn_net_tenders(f->net); k++) {
        const fn_tender *t = &fn_net_tender(f->net)[k];
        const char *role = f->role[t->buyer];
        if (t->bidders < 2 || !(strstr(role, "authority") || strcmp(role, "university") == 0)) continue;
        for (size_t b = 0; b < t->bidders; b++)
            if (firms[t->first_bidder + b] == head) return true;
    }
    return false;
}

static void judge_kind(const found *f, uint32_t head)
{
    bool authority = false;
    for (uint32_t k = 0; k < f->view->firms; k++)
        authority = authority || (f->planted[k] == f->planted[head] && strcmp(f->role[k], "local_authority") == 0);
    tally *t = tally_of(authority ? "index_beside_authority" : bids(f, head) ? "index_hub_that_bids"
                                                                             : "index_pure_hub");
    t->heads++;
    t->hits += f->is_central[head];
    t->hits_of_companies = t->hits;
}

static void judge_index(found *f)
{
    tally *named = tally_of("index"), *first = tally_of("index_first");
    const fn_column *firm = fn_table_find(f->members, "firm"), *as = fn_table_find(f->members, "ranked_as");
    const fn_column *rank = fn_table_find(f->members, "rank");
    for (size_t row = 0; row < f->members->rows; row++) {
        uint32_t k = firm->text[row];
        f->is_company[k] = strcmp(fn_column_text(as, row, NULL), "company") == 0;
        if (!f->is_head[k]) continue;
        named->heads++, first->heads++;
        named->hits += f->is_central[k];
        judge_kind(f, k);
        first->hits += f->is_company[k] && rank->integer[row] == 1;
    }
    named->hits_of_companies = named->hits;
    first->hits_of_companies = first->hits;
}

/* The cluster found for most members of a planted one. */
static uint32_t cluster_found(const found *f, uint32_t planted)
{
    uint32_t *count = bench_alloc(f->partition->clusters, sizeof *count), best = 0;
    memset(count, 0, f->partition->clusters * sizeof *count);
    for (uint32_t k = 0; k < f->view->firms; k++)
        if (f->planted[k] == planted) count[f->partition->cluster[k]]++;
    for (uint32_t c = 1; c < f->partition->clusters; c++)
        if (count[c] > count[best]) best = c;
    free(count);
    return best;
}

static void judge_headless(const found *f)
{
    const fn_column *named = fn_table_find(f->heads, "central_company");
    for (uint32_t p = 0; p < fn_names_count(f->clusters); p++) {
        int heads = 0, co_heads = 0;
        for (uint32_t k = 0; k < f->view->firms; k++) {
            if (f->planted[k] != p) continue;
            heads += f->is_head[k];
            co_heads += strcmp(f->role[k], "co_head") == 0;
        }
        if (heads) continue;
        tally *t = tally_of(co_heads ? "two_heads" : "no_head");
        t->heads++;
        t->hits += fn_column_missing(named, cluster_found(f, p));
        t->hits_of_companies = t->hits;
    }
}

int main(int argc, char **argv)
{
    if (argc < 3 || argc % 2 == 0) bench_stop("planted DUMP TRUTH [DUMP TRUTH ...]");
    static const char *const first[] = { "index", "index_first", "index_pure_hub", "index_hub_that_bids",
                                         "index_beside_authority" };
    for (size_t k = 0; k < sizeof first / sizeof *first; k++) tally_of(first[k]);
    for (int at = 1; at < argc; at += 2) {
        found f = { .run = FN_RUN_INIT };
        find_all(&f, argv[at]);
        read_truth(&f, argv[at + 1]);
        judge_index(&f);
        judge_measures(&f);
        judge_headless(&f);
        free_all(&f);
    }
    printf("measure\tplanted\thits\trate\trate_of_companies\n");
    for (size_t m = 0; m < measures; m++)
        if (all[m].heads > 0)
            printf("%s\t%.0f\t%.1f\t%.4f\t%.4f\n", all[m].name, all[m].heads, all[m].hits, all[m].hits / all[m].heads,
                   all[m].hits_of_companies / all[m].heads);
    return 0;
}
