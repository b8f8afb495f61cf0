/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/backbone_inside.h"
#include "tests/algorithms/rows.h"
#include "tests/algorithms/slow_tails.h"
#include "tests/algorithms/small_nets.h"
#include "tests/suite.h"

Suite *suite_backbone_oracle(void);

/* Every method that tells which ties are more than chance against its definition, on small networks. */

/* ---- sides ---- */

static double row_sum(const small_matrix *m, const double (*cell)[DENSE_MOST], uint32_t u, bool out)
{
    double sum = 0;
    for (uint32_t v = 0; v < m->n; v++) sum += out ? cell[u][v] : cell[v][u];
    return sum;
}

static void check_disparity(const small_matrix *m, const fn_tie *tie, double w, const fn_table *t, size_t row)
{
    double sum[2] = { 0 }, p[2] = { 1, 1 }, log10_p[2] = { 0 };
    int k[2] = { 0 };
    for (uint32_t v = 0; v < m->n; v++) {
        sum[0] += m->w[tie->from][v], k[0] += m->w[tie->from][v] > 0;
        sum[1] += m->w[v][tie->to], k[1] += m->w[v][tie->to] > 0;
    }
    for (int side = 0; side < 2; side++)
        for (int n = 1; n < k[side]; n++) {
            p[side] *= 1 - w / sum[side];
            log10_p[side] += log10(1 - w / sum[side]);
        }
    row_assert(t, "p_from", row, w > 0 ? p[0] : NAN, 1e-13);
    row_assert(t, "p_to", row, w > 0 ? p[1] : NAN, 1e-13);
    row_assert(t, "log10_p_from", row, w > 0 ? log10_p[0] : NAN, 1e-12);
    row_assert(t, "log10_p_to", row, w > 0 ? log10_p[1] : NAN, 1e-12);
    const char *single = k[0] == 1 && k[1] == 1 ? "both" : k[0] == 1 ? "from" : k[1] == 1 ? "to" : NULL;
    const fn_column *column = fn_table_find(t, "single");
    ck_assert_int_eq(fn_column_missing(column, row), !single || !(w > 0));
    if (single && w > 0) ck_assert_str_eq(fn_column_text(column, row, NULL), single);
}

/* ---- tests on records ---- */

/* What a tie weighs in records: one number a tie, NAN: not judged. */
static void unit_weights(const small_net *s, const char *unit, double *weight)
{
    for (size_t i = 0; i < s->ties; i++) {
        double sum = 0, ties = 0;
        bool several = false;
        for (size_t k = 0; k < s->ties; k++) {
            const fn_tie *t = &s->tie[k];
            if (t->layer != s->tie[i].layer || t->from == t->to || !(s->weight[k] > 0)) continue;
            ties++;
            sum += s->weight[k];
            several |= t->count > 1;
        }
        bool by_count = strcmp(unit, "count") == 0 || (strcmp(unit, "auto") == 0 && several);
        double w = by_count ? (double) s->tie[i].count : strcmp(unit, "value") == 0 ? s->weight[i]
                 : s->weight[i] / (sum / ties);
        weight[i] = ties > 0 && w > 0 && s->tie[i].from != s->tie[i].to ? w : NAN;
    }
}

/* Sums of a layer by such weights: of all, of what leaves `from`, of what reaches `to`. */
typedef struct dealt {
    double w, all, from, to;
    bool directed;
} dealt;

static dealt dealt_of(const small_net *s, const double *weight, size_t row)
{
    const fn_tie *tie = &s->tie[row];
    dealt d = { .w = weight[row], .directed = fn_net_layer_directed(tie->layer) };
    for (size_t i = 0; i < s->ties; i++) {
        const fn_tie *t = &s->tie[i];
        if (t->layer != tie->layer || t->from == t->to || isnan(weight[i])) continue;
        d.all += weight[i];
        d.from += t->from == tie->from || (!d.directed && t->to == tie->from) ? weight[i] : 0;
        d.to += t->to == tie->to || (!d.directed && t->from == tie->to) ? weight[i] : 0;
    }
    return d;
}

/* The score if the tie had `more` records, and with it both ends and the layer. */
static dense_quad slow_score(const dealt *d, dense_quad more)
{
    dense_quad all = (d->directed ? d->all : 2 * d->all) + more, lift = all / (d->from + more) / (d->to + more);
    return (lift * (d->w + more) - 1) / (lift * (d->w + more) + 1);
}

/* Beta by its moments (mean, variance), the slope of the score by a small step: Coscia and Neffke's method in words. */
static void check_noise(const dealt *d, bool reference, const fn_table *t, size_t row)
{
    double n = d->directed ? d->all : 2 * d->all, mean = d->from * d->to / (n * n);
    double variance = d->from * d->to * (n - d->from) * (n - d->to) / (n * n * n * n * (n - 1));
    double alpha = mean * (mean * (1 - mean) / variance - 1), beta = (1 - mean) * (mean * (1 - mean) / variance - 1);
    if (reference) beta = mean / variance * (1 - mean * mean) - (1 - mean);
    double p = variance > 0 ? (alpha + d->w) / (alpha + beta + n) : mean;
    dense_quad step = 1e-9Q;
    double slope = (double) ((slow_score(d, step) - slow_score(d, -step)) / (2 * step));
    double score = (double) slow_score(d, 0), sd = sqrt(fmax(n * p * (1 - p), 0)) * fabs(slope);
    row_assert(t, "score", row, score, 1e-13);
    row_assert(t, "sd", row, sd, 1e-11);
    /* An sd of 0 tells nothing. */
    double z = row_cell(t, "score", row) / row_cell(t, "sd", row), chance = sd > 1e-12 ? 0.5 * erfc(z / M_SQRT2) : NAN;
    row_assert(t, "p", row, chance, 1e-13);
    if (!(chance < 1e-290)) row_assert(t, "log10_p", row, log10(chance), 1e-12 * (1 - log10(chance)));
}

static void check_likelihood(const dealt *d, const fn_table *t, size_t row)
{
    double chance = d->from * d->to / (d->all * d->all * (d->directed ? 1 : 2));
    double wanted = slow_binomial((int) d->all, fmin(chance, 1), (int) d->w) / M_LN10;
    row_assert(t, "log10_p", row, wanted, 1e-11);
    row_assert(t, "p", row, pow(10, wanted), 1e-11);
}

/* Tenders with two bidders or more, of all and of a firm. */
static int bids_of(const small_net *s, uint32_t firm)
{
    int bids = 0;
    for (size_t k = 0; k < s->tenders; k++) {
        bool bidder = firm == FN_NONE;
        for (uint32_t b = 0; b < s->tender[k].bidders; b++) bidder |= s->tender[k].bidder[b] == firm;
        bids += bidder && s->tender[k].bidders > 1;
    }
    return bids;
}

static void check_hypergeometric(const small_net *s, size_t row, const fn_table *t)
{
    const fn_tie *tie = &s->tie[row];
    small_matrix m = small_matrix_of(s, tie->layer);
    int all = 0, from, to, count = (int) tie->count;
    if (m.directed) {
        from = (int) row_sum(&m, m.records, tie->from, true);
        to = (int) row_sum(&m, m.records, tie->to, false);
        for (uint32_t u = 0; u < m.n; u++) all += (int) row_sum(&m, m.records, u, true);
    } else {
        from = bids_of(s, tie->from);
        to = bids_of(s, tie->to);
        all = bids_of(s, FN_NONE);
    }
    bool judged = count <= from && count <= to;
    double wanted = judged ? slow_hypergeometric(all, from, to, count) : NAN;
    row_assert(t, "all", row, judged ? all : NAN, 0);
    row_assert(t, "of_from", row, judged ? from : NAN, 0);
    row_assert(t, "of_to", row, judged ? to : NAN, 0);
    row_assert(t, "expected", row, judged ? (double) from * to / all : NAN, 1e-13);
    row_assert(t, "p", row, exp(wanted), 1e-12);
    row_assert(t, "log10_p", row, wanted / M_LN10, 1e-12);
}

/* ---- salience, weight ---- */

/* All pairs' shortest ways over 1 / weight, direction ignored; the share of a part's firms that use the tie. */
static double slow_salience(const small_matrix *m, uint32_t i, uint32_t j)
{
    double far[DENSE_MOST][DENSE_MOST];
    for (uint32_t u = 0; u < m->n; u++)
        for (uint32_t v = 0; v < m->n; v++) far[u][v] = u == v ? 0 : m->both[u][v] > 0 ? 1 / m->both[u][v] : INFINITY;
    double length = far[i][j];
    for (uint32_t k = 0; k < m->n; k++)
        for (uint32_t u = 0; u < m->n; u++)
            for (uint32_t v = 0; v < m->n; v++) far[u][v] = fmin(far[u][v], far[u][k] + far[k][v]);
    int used = 0, part = 0;
    for (uint32_t r = 0; r < m->n; r++) {
        if (!isfinite(far[r][i])) continue;
        part++;
        used += fabs(far[r][i] + length - far[r][j]) < 1e-12 || fabs(far[r][j] + length - far[r][i]) < 1e-12;
    }
    return (double) used / part;
}

static double largest_of(const small_net *s, uint16_t layer)
{
    double largest = 0;
    for (size_t i = 0; i < s->ties; i++)
        if (s->tie[i].layer == layer && s->tie[i].from != s->tie[i].to) largest = fmax(largest, s->weight[i]);
    return largest;
}

START_TEST(judgements_without_records_are_what_their_definitions_say)
{
    int met = 0;
    for (uint64_t seed = 0; seed < SMALL_NETS; seed++) {
        fn_run run = support_run();
        small_net *s = small_net_new(&run, seed, NULL);
        static const char *const names[] = { "disparity", "hypergeometric", "salience", "weight" };
        fn_table *t[4];
        for (int k = 0; k < 4; k++) t[k] = row_find(&run, s->view, FN_GROUP_BACKBONE, names[k]);
        for (size_t row = 0; row < s->ties; row++) {
            const fn_tie *tie = &s->tie[row];
            double w = s->weight[row];
            small_matrix m = small_matrix_of(s, tie->layer);
            for (int k = 0; k < 4 && tie->from == tie->to; k++)
                for (size_t c = 0; c < t[k]->columns; c++) ck_assert(fn_column_missing(t[k]->column[c], row));
            if (tie->from == tie->to) continue;
            check_disparity(&m, tie, w, t[0], row);
            check_hypergeometric(s, row, t[1]);
            met += !m.directed && !isnan(row_cell(t[1], "p", row));
            row_assert(t[2], "score", row, w > 0 ? slow_salience(&m, tie->from, tie->to) : NAN, 1e-15);
            row_assert(t[3], "score", row, w > 0 ? w / largest_of(s, tie->layer) : NAN, 1e-15);
        }
        for (int k = 0; k < 4; k++) fn_table_free(t[k]);
        small_net_free(s);
    }
    ck_assert_int_gt(met, SMALL_NETS / 2); /* judged by tenders */
}
END_TEST

START_TEST(tests_on_records_are_what_their_definitions_say)
{
    static const char *const units[] = { "auto", "count", "mean", "value" };
    const char *unit = units[_i];
    for (uint64_t seed = 0; seed < SMALL_NETS; seed++) {
        fn_run run = support_run();
        small_net *s = small_net_new(&run, seed, NULL);
        double weight[SMALL_RECORDS];
        unit_weights(s, unit, weight);
        fn_table *noise = row_find_with(&run, s->view, FN_GROUP_BACKBONE, "noise-corrected", "unit", unit);
        fn_table *reference = row_find_with(&run, s->view, FN_GROUP_BACKBONE, "noise-corrected", "nc-reference", "");
        fn_table *likelihood = row_find_with(&run, s->view, FN_GROUP_BACKBONE, "marginal-likelihood", "unit", unit);
        for (size_t row = 0; row < s->ties; row++) {
            if (isnan(weight[row])) {
                ck_assert(isnan(row_cell(noise, "score", row)) && isnan(row_cell(noise, "sd", row)));
                ck_assert(isnan(row_cell(noise, "p", row)) && isnan(row_cell(likelihood, "p", row)));
                continue;
            }
            dealt d = dealt_of(s, weight, row);
            check_noise(&d, false, noise, row);
            if (strcmp(unit, "auto") == 0) check_noise(&d, true, reference, row); /* its unit, too */
            if (strcmp(unit, "count") == 0) check_likelihood(&d, likelihood, row);
        }
        fn_table_free(noise);
        fn_table_free(reference);
        fn_table_free(likelihood);
        small_net_free(s);
    }
}
END_TEST

START_TEST(repeats_and_corrections_are_what_their_definitions_say)
{
    for (uint64_t seed = 0; seed < SMALL_NETS; seed++) {
        fn_run run = support_run();
        small_net *s = small_net_new(&run, seed, NULL);
        double weight[SMALL_RECORDS], log10_p[SMALL_RECORDS], log10_q[SMALL_RECORDS], p[SMALL_RECORDS];
        for (size_t row = 0; row < s->ties; row++)
            weight[row] = s->tie[row].from == s->tie[row].to ? NAN : (double) s->tie[row].count;
        ck_assert_int_eq(fn_repeats_judge(&run, s->view, log10_p, log10_q), FN_OK);
        for (size_t row = 0; row < s->ties; row++) {
            p[row] = NAN;
            ck_assert_int_eq(isnan(log10_p[row]), !(weight[row] >= 2));
            if (isnan(log10_p[row])) continue;
            dealt d = dealt_of(s, weight, row);
            double chance = d.from * d.to / (d.all * d.all * (d.directed ? 1 : 2));
            p[row] = exp(slow_binomial((int) d.all, fmin(chance, 1), (int) d.w));
            support_near(log10_p[row], log10(p[row]), 1e-11, "log10 p of repeats");
        }
        for (size_t row = 0; row < s->ties; row++) {
            double q = slow_false_share(p, s->ties, (double) (s->ties - s->self_ties), row);
            ck_assert_int_eq(isnan(log10_q[row]), isnan(q));
            if (!isnan(q)) support_near(log10_q[row], log10(q), 1e-11, "log10 q of repeats");
        }
        small_net_free(s);
    }
}
END_TEST

/* ---- pairs that share ---- */

static void check_pairs(uint64_t seed)
{
    fn_run run = support_run();
    small_net *s = small_net_new(&run, seed, NULL);
    small_matrix m = small_matrix_of(s, FN_LAYER_SUPPLY);
    fn_backbone_options options;
    fn_table *table;
    bool by_supplier = seed % 2;
    fn_backbone_defaults(&options);
    options.alpha = 1;
    options.correction = FN_CORRECT_BONFERRONI;
    ck_assert_int_eq(fn_shared_pairs(&run, s->view, FN_LAYER_SUPPLY, by_supplier, 1000, &options, &table), FN_OK);
    size_t row = 0;
    int sharers = 0;
    for (uint32_t k = 0; k < m.n; k++) {
        bool any = false;
        for (uint32_t v = 0; v < m.n; v++) any |= by_supplier ? m.tied[v][k] : m.tied[k][v];
        sharers += any;
    }
    for (uint32_t u = 0; u < m.n; u++)
        for (uint32_t v = u + 1; v < m.n; v++) {
            int common = 0, of_u = 0, of_v = 0;
            for (uint32_t k = 0; k < m.n; k++) {
                bool with_u = by_supplier ? m.tied[u][k] : m.tied[k][u];
                bool with_v = by_supplier ? m.tied[v][k] : m.tied[k][v];
                common += with_u && with_v;
                of_u += with_u;
                of_v += with_v;
            }
            if (!common) continue;
            ck_assert_uint_lt(row, table->rows);
            ck_assert_int_eq(fn_table_find(table, "from")->integer[row], u);
            ck_assert_int_eq(fn_table_find(table, "to")->integer[row], v);
            ck_assert_int_eq(fn_table_find(table, "common")->integer[row], common);
            row_assert(table, "of_from", row, of_u, 0);
            row_assert(table, "of_to", row, of_v, 0);
            row_assert(table, "expected", row, (double) of_u * of_v / sharers, 1e-14);
            double p = slow_hypergeometric(sharers, of_u, of_v, common) / M_LN10;
            support_near(row_cell(table, "log10_p", row), p, 1e-12, "log10_p");
            support_near(row_cell(table, "log10_q", row++), fmin(0, p + log10((double) table->rows)), 1e-12, "log10_q");
        }
    ck_assert_uint_eq(row, table->rows);
    fn_table_free(table);
    small_net_free(s);
}

START_TEST(pairs_that_share_are_what_their_definition_says)
{
    for (uint64_t seed = 0; seed < SMALL_NETS; seed++) check_pairs(seed);
}
END_TEST

Suite *suite_backbone_oracle(void)
{
    Suite *suite = suite_create("backbone oracle");
    TCase *oracle = tcase_create("oracle");
    tcase_add_test(oracle, judgements_without_records_are_what_their_definitions_say);
    tcase_add_loop_test(oracle, tests_on_records_are_what_their_definitions_say, 0, 4);
    tcase_add_test(oracle, repeats_and_corrections_are_what_their_definitions_say);
    tcase_add_test(oracle, pairs_that_share_are_what_their_definition_says);
    tcase_set_timeout(oracle, 60);
    suite_add_tcase(suite, oracle);
    return suite;
}
