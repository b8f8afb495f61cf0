/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "algorithms/trust.h"
#include "graph/memory.h"

/* A value of the attribute within a cluster that has it. */
typedef struct overlap {
    uint32_t cluster, value;
    uint32_t in_cluster;
    double p, adjusted;
} overlap;

typedef struct profile {
    uint64_t *key;          /* (cluster, value) of each firm that counts */
    size_t firms;
    uint32_t *size;         /* firms that count, of each cluster */
    uint32_t *members;      /* of each value */
    double *log_factorial;  /* 0 … firms */
    overlap *overlap;
    size_t overlaps;
    double tests;
} profile;

static void profile_free(profile *p)
{
    fn_free(p->key);
    fn_free(p->size);
    fn_free(p->members);
    fn_free(p->log_factorial);
    fn_free(p->overlap);
}

static int by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *) a, y = *(const uint64_t *) b;
    return (x > y) - (x < y);
}

/* P(X >= k), X the firms with the value among `drawn` of `all` firms, `with` of which have it: the terms of the upper
 * tail, from log-gamma for the first, by their ratio for the others; 1 for k = 0. */
static double upper_tail(const double *f, uint64_t all, uint64_t with, uint64_t drawn, uint64_t k)
{
    uint64_t low = drawn + with > all ? drawn + with - all : 0, high = drawn < with ? drawn : with;
    if (k <= low) return 1;
    double term = exp(f[with] - f[k] - f[with - k] + f[all - with] - f[drawn - k] - f[all - with - (drawn - k)] -
                      (f[all] - f[drawn] - f[all - drawn]));
    double sum = term;
    for (uint64_t x = k; x < high && term > sum * 0x1p-60; x++) {
        double at = (double) x;
        term *= ((double) with - at) * ((double) drawn - at) /
                ((at + 1) * ((double) all - (double) with - (double) drawn + at + 1));
        sum += term;
    }
    return fmin(sum, 1);
}

static fn_status count_all(fn_run *run, const fn_column *attribute, const uint32_t *cluster, uint32_t clusters,
                           const bool *left_out, profile *p)
{
    size_t values = fn_names_count(attribute->pool), distinct = 0, tested = 0;
    double carry = 0;
    if (!(p->key = fn_alloc_bare(run, attribute->rows, sizeof *p->key)) ||
        !(p->size = fn_alloc(run, clusters, sizeof *p->size)) ||
        !(p->members = fn_alloc(run, values, sizeof *p->members)))
        return FN_ENOMEM;
    for (size_t firm = 0; firm < attribute->rows; firm++) {
        if (fn_column_missing(attribute, firm) || (left_out && left_out[firm])) continue;
        p->key[p->firms++] = (uint64_t) cluster[firm] << 32 | attribute->text[firm];
        p->size[cluster[firm]]++;
        p->members[attribute->text[firm]]++;
    }
    qsort(p->key, p->firms, sizeof *p->key, by_number);
    for (size_t v = 0; v < values; v++) distinct += p->members[v] > 0;
    for (uint32_t c = 0; c < clusters; c++) tested += p->size[c] > 1;
    p->tests = (double) distinct * (double) tested;
    if (!(p->overlap = fn_alloc_bare(run, p->firms, sizeof *p->overlap)) ||
        !(p->log_factorial = fn_alloc(run, p->firms + 1, sizeof *p->log_factorial)))
        return FN_ENOMEM;
    /* log-gamma of whole numbers, compensated: lgamma alone is off in the last digits, and its sign is not ours */
    for (size_t i = 1; i <= p->firms; i++) {
        double term = log((double) i) - carry, next = p->log_factorial[i - 1] + term;
        carry = (next - p->log_factorial[i - 1]) - term;
        p->log_factorial[i] = next;
    }
    return FN_OK;
}

static void test_all(profile *p)
{
    for (size_t i = 0; i < p->firms; i++) {
        uint32_t cluster = (uint32_t) (p->key[i] >> 32), value = (uint32_t) p->key[i];
        if (p->size[cluster] < 2) continue;
        if (i == 0 || p->key[i] != p->key[i - 1])
            p->overlap[p->overlaps++] = (overlap) { .cluster = cluster, .value = value };
        p->overlap[p->overlaps - 1].in_cluster++;
    }
    for (size_t i = 0; i < p->overlaps; i++) {
        overlap *o = &p->overlap[i];
        o->p = upper_tail(p->log_factorial, p->firms, p->members[o->value], p->size[o->cluster], o->in_cluster);
    }
}

static int by_p(const void *a, const void *b)
{
    const overlap *x = a, *y = b;
    if (x->p != y->p) return x->p < y->p ? -1 : 1;
    if (x->cluster != y->cluster) return x->cluster < y->cluster ? -1 : 1;
    return (x->value > y->value) - (x->value < y->value);
}

static int by_cluster(const void *a, const void *b)
{
    const overlap *x = a, *y = b;
    if (x->cluster != y->cluster) return x->cluster < y->cluster ? -1 : 1;
    return by_p(a, b);
}

/* Tests that are not among the overlaps have p = 1, so they stand behind all that are. */
static void adjust_all(profile *p)
{
    double least = 1;
    qsort(p->overlap, p->overlaps, sizeof *p->overlap, by_p);
    for (size_t i = p->overlaps; i-- > 0;) {
        least = fmin(least, p->overlap[i].p * p->tests / (double) (i + 1));
        p->overlap[i].adjusted = least;
    }
    qsort(p->overlap, p->overlaps, sizeof *p->overlap, by_cluster);
}

/* Columns that several attributes share: found, or made. */
static fn_status find_column(fn_run *run, fn_table *table, const char *name, fn_column_type type, fn_column **column)
{
    *column = fn_table_find(table, name);
    return *column ? FN_OK : fn_table_add(run, table, name, type, column);
}

static fn_status add_rows(fn_run *run, const profile *p, const fn_column *attribute, double level, fn_table *table)
{
    fn_column *cluster, *name, *value, *members, *inside, *firms, *expected, *chance, *adjusted;
    size_t row = table->rows, rows = row;
    for (size_t i = 0; i < p->overlaps; i++) rows += p->overlap[i].adjusted <= level;
    fn_status status = find_column(run, table, "cluster", FN_COLUMN_INT, &cluster);
    if (!status) status = find_column(run, table, "attribute", FN_COLUMN_TEXT, &name);
    if (!status) status = find_column(run, table, "value", FN_COLUMN_TEXT, &value);
    if (!status) status = find_column(run, table, "firms", FN_COLUMN_INT, &firms);
    if (!status) status = find_column(run, table, "members", FN_COLUMN_INT, &members);
    if (!status) status = find_column(run, table, "in_cluster", FN_COLUMN_INT, &inside);
    if (!status) status = find_column(run, table, "expected", FN_COLUMN_REAL, &expected);
    if (!status) status = find_column(run, table, "p", FN_COLUMN_REAL, &chance);
    if (!status) status = find_column(run, table, "p_adjusted", FN_COLUMN_REAL, &adjusted);
    if (!status) status = fn_table_resize(run, table, rows);
    for (size_t i = 0; i < p->overlaps && !status; i++) {
        const overlap *o = &p->overlap[i];
        size_t length;
        if (!(o->adjusted <= level)) continue;
        const char *text = fn_names_text(attribute->pool, o->value, &length);
        status = fn_column_set_text(run, name, row, attribute->name, strlen(attribute->name));
        if (!status) status = fn_column_set_text(run, value, row, text, length);
        cluster->integer[row] = (int64_t) o->cluster + 1;
        firms->integer[row] = p->size[o->cluster];
        members->integer[row] = p->members[o->value];
        inside->integer[row] = o->in_cluster;
        expected->real[row] = (double) p->size[o->cluster] * p->members[o->value] / (double) p->firms;
        chance->real[row] = o->p;
        adjusted->real[row++] = o->adjusted;
    }
    return status;
}

/* Values of a text attribute (region, industry, …) that a cluster has more often than chance gives: of N firms that
 * state the attribute, K have the value and n are in the cluster; in_cluster = k of them are both, where n K / N are
 * expected, and p is the upper tail of the hypergeometric distribution, the chance of at least k when n of the N firms
 * are drawn blindly (Tumminello et al. 2011, PLoS ONE 6:e17994). p_adjusted is the p after Benjamini and Hochberg
 * (1995) over all tests of the attribute: every value with every cluster of at least 2 such firms, those pairs
 * included that no firm is in. Rows with p_adjusted <= level are added to the table, by cluster, then by p.
 * Columns: cluster (1 = largest), attribute, value, firms (n), members (K), in_cluster (k), expected, p, p_adjusted.
 * left_out (NULL: nobody): firms that do not count in N, such as isolated ones, which no cluster could have. Firms
 * without the attribute count nowhere. A p below 1e-308 is 0. O(firms log firms). */
fn_status fn_profile(fn_run *run, const fn_column *attribute, const uint32_t *cluster, uint32_t clusters,
                     const bool *left_out, double level, fn_table *table)
{
    profile p = { 0 };
    if (attribute->type != FN_COLUMN_TEXT)
        return fn_fail(run, FN_EINVAL, "%s is no text: only values that firms share can be counted", attribute->name);
    fn_status status = count_all(run, attribute, cluster, clusters, left_out, &p);
    if (!status) {
        test_all(&p);
        adjust_all(&p);
        status = add_rows(run, &p, attribute, level, table);
    }
    profile_free(&p);
    return status;
}
