/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "algorithms/backbone_inside.h"
#include "graph/memory.h"
#include "graph/random.h"
#include "tests/algorithms/worked.h"

Suite *suite_backbone(void);

/* A method's own parameters, and those of every backbone. */
static fn_values *values_of(fn_run *run, const char *name, const char *option, const char *text)
{
    const fn_param *tables[] = { fn_backbone_params, fn_algorithm_find(FN_GROUP_BACKBONE, name)->params, NULL };
    fn_values *values;
    ck_assert_int_eq(fn_values_new(run, tables, &values), FN_OK);
    if (option) ck_assert_int_eq(fn_values_set(run, values, option, text), FN_OK);
    return values;
}

static fn_table *judge(fn_run *run, const fn_view *view, const char *name, const char *option, const char *text)
{
    fn_values *values = values_of(run, name, option, text);
    fn_table *table;
    ck_assert_int_eq(fn_table_new(run, view->ties, &table), FN_OK);
    fn_status status = fn_algorithm_find(FN_GROUP_BACKBONE, name)->run(run, view, values, table);
    ck_assert_msg(status == FN_OK, "%s", run->error.message);
    fn_values_free(values);
    return table;
}

static double real(const fn_table *table, const char *column, size_t row)
{
    return fn_table_find(table, column)->real[row];
}

static size_t row_of(const fn_net *net, const char *from, const char *to)
{
    const fn_ties *ties = fn_net_tie_rows(net);
    uint32_t a = support_firm(net, from), b = support_firm(net, to);
    for (size_t row = 0; row < fn_net_ties(net); row++)
        if (ties->from[row] == a && ties->to[row] == b) return row;
    ck_abort_msg("no tie %s -> %s", from, to);
}

/* ---- worked numbers ---- */

static fn_net *four_records(fn_run *run)
{
    static const struct { const char *from, *to; int64_t count; } ties[] = {
        { "a", "b", 8 }, { "a", "c", 2 }, { "b", "c", 5 }, { "c", "a", 5 }
    };
    fn_net *net;
    ck_assert_int_eq(fn_net_new(run, &net), FN_OK);
    for (int i = 0; i < 4; i++) {
        fn_tie tie = { .from = worked_firm(run, net, ties[i].from), .to = worked_firm(run, net, ties[i].to), .product = FN_NONE,
                       .value = (double) ties[i].count, .weight = NAN, .count = ties[i].count, .first = FN_DAY_NONE,
                       .last = FN_DAY_NONE };
        ck_assert_int_eq(fn_net_add(run, net, &tie, NULL), FN_OK);
    }
    ck_assert_int_eq(fn_net_freeze(run, net), FN_OK);
    return net;
}

START_TEST(noise_corrected_worked_numbers_with_the_right_prior_and_the_reference)
{
    static const char *const ends[][2] = { { "a", "b" }, { "a", "c" }, { "b", "c" }, { "c", "a" } };
    const double score[] = { 1.0 / 3, -3.0 / 11, 13.0 / 27, 3.0 / 5 };
    const double correct[] = { .043450, .228656, .056490, .073701 }, reference[] = { .039708, .208091, .053990, .071386 };
    const char *const unit = _i ? "count" : "value"; /* the same here */
    fn_run run = support_run();
    fn_net *net = four_records(&run);
    fn_view *view = support_view(&run, net);
    fn_table *right = judge(&run, view, "noise-corrected", "unit", unit);
    fn_table *theirs = judge(&run, view, "noise-corrected", "nc-reference", "");
    for (int i = 0; i < 4; i++) {
        size_t row = row_of(net, ends[i][0], ends[i][1]);
        support_near(real(right, "score", row), score[i], 1e-15, "score");
        support_near(real(theirs, "score", row), score[i], 1e-15, "score");
        support_near(real(right, "sd", row), correct[i], 5e-7, "sd");
        support_near(real(theirs, "sd", row), reference[i], 5e-7, "reference sd");
        double z = score[i] / real(right, "sd", row);
        support_near(real(right, "p", row), 0.5 * erfc(z / sqrt(2)), 1e-14, "p");
    }
    fn_table_free(right);
    fn_table_free(theirs);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(hypergeometric_worked_numbers)
{
    support_near(exp(fn_log_hypergeometric_tail(10, 4, 3, 3)), 1.0 / 30, 1e-15, "x = 3");
    support_near(exp(fn_log_hypergeometric_tail(10, 4, 3, 2)), 1.0 / 3, 1e-15, "x >= 2");
    support_near(fn_log_hypergeometric_tail(10, 4, 3, 0), 0, 0, "x >= 0");
    support_near(fn_log_hypergeometric_tail(10, 8, 7, 5), 0, 0, "x >= the least possible");
    ck_assert(isinf(fn_log_hypergeometric_tail(10, 4, 3, 4)));
}
END_TEST

START_TEST(disparity_worked_numbers_and_single_ties)
{
    static const double weight[] = { 75, 10, 10, 10, 10, 30 };
    static const uint32_t pair[][2] = { { 0, 1 }, { 0, 2 }, { 0, 3 }, { 0, 4 }, { 0, 5 }, { 6, 7 } };
    fn_run run = support_run();
    fn_net *net = support_net(&run, 8, 6, pair, weight);
    fn_view *view = support_view(&run, net);
    fn_table *t = judge(&run, view, "disparity", NULL, NULL);
    support_near(real(t, "p_from", 0), .01464, 5e-6, "p_from");
    support_near(real(t, "p_from", 1), .69497, 5e-6, "p_from");
    support_near(real(t, "log10_p_from", 0), log10(real(t, "p_from", 0)), 1e-14, "log10_p_from");
    support_near(real(t, "p_to", 0), 1, 0, "p_to");
    support_near(real(t, "log10_p_to", 0), 0, 0, "log10_p_to");
    ck_assert_str_eq(fn_column_text(fn_table_find(t, "single"), 0, NULL), "to");
    ck_assert_str_eq(fn_column_text(fn_table_find(t, "single"), 5, NULL), "both");
    fn_table_free(t);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

/* A path a - b - c - d and a long detour a - d: from every firm all shortest paths lead along the path. */
START_TEST(salience_of_a_path_and_of_a_detour)
{
    static const double weight[] = { 1, 1, 1, .1 };
    static const uint32_t pair[][2] = { { 0, 1 }, { 1, 2 }, { 2, 3 }, { 3, 0 } };
    fn_run run = support_run();
    fn_net *net = support_net(&run, 4, 4, pair, weight);
    fn_view *view = support_view(&run, net);
    fn_table *t = judge(&run, view, "salience", NULL, NULL);
    for (size_t row = 0; row < 4; row++) {
        const fn_tie *tie = FN_TIE(net, row);
        support_near(real(t, "score", row), tie->from == 3 ? 0 : 1, 0, "salience");
    }
    fn_table_free(t);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(corrections_of_worked_p)
{
    /* Benjamini and Hochberg of .01, .04, .03, .005 over four tests: .02, .04, .04, .02. */
    const double p[] = { log10(.01), log10(.04), NAN, log10(.03), log10(.005) };
    const double bh[] = { .02, .04, NAN, .04, .02 }, bonferroni[] = { .04, .16, NAN, .12, .02 };
    double q[5];
    fn_run run = support_run();
    ck_assert_int_eq(fn_correct(&run, FN_CORRECT_BH, 5, p, 4, q), FN_OK);
    for (int i = 0; i < 5; i++)
        if (i == 2) ck_assert(isnan(q[i]));
        else support_near(pow(10, q[i]), bh[i], 1e-15, "q");
    ck_assert_int_eq(fn_correct(&run, FN_CORRECT_BONFERRONI, 5, p, 4, q), FN_OK);
    for (int i = 0; i < 5; i++)
        if (i != 2) support_near(pow(10, q[i]), bonferroni[i], 1e-15, "q");
    ck_assert_int_eq(fn_correct(&run, FN_CORRECT_BH, 5, p, 400, q), FN_OK);
    support_near(q[4], 0, 0, "q of the smallest among 400");
    ck_assert_int_eq(fn_correct(&run, FN_CORRECT_NONE, 5, p, 4, q), FN_OK);
    support_near(q[1], p[1], 0, "no correction");
}
END_TEST

/* ---- oracles ---- */

/* Tails by adding up every term in long doubles; coefficients from Pascal's triangle. */
enum { TRIALS_MOST = 40 };
static long double choose[TRIALS_MOST + 1][TRIALS_MOST + 1];

static void fill_choose(void)
{
    for (int n = 0; n <= TRIALS_MOST; n++)
        for (int k = 0; k <= n; k++) choose[n][k] = k == 0 || k == n ? 1 : choose[n - 1][k - 1] + choose[n - 1][k];
}

static double slow_binomial(int n, double p, int x)
{
    long double sum = 0;
    for (int k = x; k <= n; k++) sum += choose[n][k] * powl(p, k) * powl(1 - (long double) p, n - k);
    return (double) logl(sum);
}

static double slow_hypergeometric(int all, int marked, int drawn, int x)
{
    long double sum = 0;
    for (int k = x; k <= marked && k <= drawn; k++)
        if (drawn - k <= all - marked) sum += choose[marked][k] * choose[all - marked][drawn - k];
    return (double) logl(sum / choose[all][drawn]);
}

START_TEST(tails_are_those_added_up_term_by_term)
{
    fill_choose();
    for (int n = 1; n <= TRIALS_MOST; n += 3)
        for (int x = 0; x <= n; x++)
            for (int k = 1; k < 40; k += 2) {
                double p = k / 40.0 * (k % 3 ? 1 : 1e-3), wanted = slow_binomial(n, p, x);
                support_near(fn_log_binomial_tail(n, p, x), wanted, 1e-13 * (1 + fabs(wanted)), "binomial");
            }
    for (int all = 1; all <= TRIALS_MOST; all += 3)
        for (int marked = 0; marked <= all; marked += 2)
            for (int drawn = 0; drawn <= all; drawn++)
                for (int x = 0; x <= marked && x <= drawn; x++) {
                    double wanted = slow_hypergeometric(all, marked, drawn, x);
                    support_near(fn_log_hypergeometric_tail(all, marked, drawn, x), wanted, 1e-13 * (1 + fabs(wanted)),
                                 "hypergeometric");
                }
}
END_TEST

START_TEST(tails_far_below_the_smallest_number_are_still_known)
{
    /* P(X >= n) = p^n; all of marked among drawn: product of (drawn - i) / (all - i). */
    support_near(fn_log_binomial_tail(1e6, 1e-5, 1e6), 1e6 * log(1e-5), 1e-6, "all trials");
    double wanted = 0;
    for (int i = 0; i < 1000; i++) wanted += log((1000.0 - i) / (1e6 - i));
    support_near(fn_log_hypergeometric_tail(1e6, 1000, 1000, 1000), wanted, 1e-9, "all marked");
    /* Between whole numbers the binomial tail falls steadily. */
    for (double x = 3; x < 6; x += .125)
        ck_assert(fn_log_binomial_tail(20, .1, x) > fn_log_binomial_tail(20, .1, x + .125));
    support_near(fn_log_normal_tail(2), log(0.5 * erfc(M_SQRT2)), 1e-15, "normal");
    support_near(fn_log_normal_tail(20), -203.91715537109727, 1e-10, "normal, 20");
    support_near(fn_log_normal_tail(19.999999), fn_log_normal_tail(20.000001), 5e-5, "where the formula changes");
    support_near(fn_log_normal_tail(-1), log(1 - 0.5 * erfc(M_SQRT1_2)), 1e-15, "normal, below 0");
}
END_TEST

enum { MOST = 12 };

typedef struct matrix {
    uint32_t firms;
    bool directed;
    double w[MOST][MOST], n[MOST][MOST];   /* weights and records */
} matrix;

/* A random net in supply and cobid; counts are 1 … 4. */
static fn_net *random_net(fn_run *run, uint64_t seed, double scale)
{
    fn_net *net;
    uint32_t firms = 2 + (uint32_t) fn_random_below(seed, 1, 0, MOST - 1);
    size_t ties = (size_t) fn_random_below(seed, 1, 1, 5 * firms);
    ck_assert_int_eq(fn_net_new(run, &net), FN_OK);
    for (uint32_t f = 0; f < firms; f++) worked_firm(run, net, (char[]) { (char) ('a' + f), '\0' });
    for (size_t i = 0; i < ties; i++) {
        fn_tie tie = {
            .from = (uint32_t) fn_random_below(seed, 2, i, firms), .to = (uint32_t) fn_random_below(seed, 3, i, firms),
            .product = FN_NONE, .layer = fn_random_below(seed, 4, i, 3) ? FN_LAYER_SUPPLY : FN_LAYER_COBID,
            .value = scale * (double) (1 + fn_random_below(seed, 6, i, 9)), .weight = NAN,
            .count = 1 + (int64_t) fn_random_below(seed, 7, i, 4), .first = FN_DAY_NONE, .last = FN_DAY_NONE
        };
        ck_assert_int_eq(fn_net_add(run, net, &tie, NULL), FN_OK);
    }
    ck_assert_int_eq(fn_net_freeze(run, net), FN_OK);
    return net;
}

static matrix matrix_of(const fn_view *view, uint16_t layer)
{
    matrix m = { .firms = view->firms, .directed = fn_net_layer_directed(layer) };
    for (size_t row = 0; row < view->ties; row++) {
        const fn_tie *t = FN_TIE(view->net, fn_view_tie(view, row));
        if (t->layer != layer || t->from == t->to) continue;
        m.w[t->from][t->to] += view->weight[row];
        m.n[t->from][t->to] += (double) t->count;
        if (m.directed) continue;
        m.w[t->to][t->from] += view->weight[row];
        m.n[t->to][t->from] += (double) t->count;
    }
    return m;
}

static double row_sum(const matrix *m, const double (*cell)[MOST], uint32_t u, bool out)
{
    double sum = 0;
    for (uint32_t v = 0; v < m->firms; v++) sum += out ? cell[u][v] : cell[v][u];
    return sum;
}

static double slow_share(const matrix *m, uint32_t i, uint32_t j, bool from)
{
    double sum = 0, p = 1;
    int k = 0;
    for (uint32_t other = 0; other < m->firms; other++) {
        double also = from ? m->w[i][other] : m->w[other][j];
        sum += also;
        k += also > 0;
    }
    for (int n = 1; n < k; n++) p *= 1 - m->w[i][j] / sum;
    return log10(p);
}

/* The paper's formulas on the full matrix, where an undirected tie stands twice. */
static void slow_noise(const matrix *m, uint32_t i, uint32_t j, double *score, double *sd)
{
    double n = 0, w = m->n[i][j], ni = row_sum(m, m->n, i, true), nj = row_sum(m, m->n, j, false);
    for (uint32_t u = 0; u < m->firms; u++) n += row_sum(m, m->n, u, true);
    double mean = ni * nj / (n * n), variance = ni * nj * (n - ni) * (n - nj) / (pow(n, 4) * (n - 1)), kappa = n / (ni * nj);
    double alpha = mean * mean / variance * (1 - mean) - mean;
    double beta = mean / variance * (1 - mean) * (1 - mean) - (1 - mean), p = variance > 0 ? (alpha + w) / (alpha + beta + n) : mean;
    double d = 1 / (ni * nj) - n * (ni + nj) / (ni * nj * ni * nj);
    *score = (kappa * w - 1) / (kappa * w + 1);
    *sd = sqrt(n * p * (1 - p)) * fabs(2 * (kappa + w * d) / ((kappa * w + 1) * (kappa * w + 1)));
}

static double slow_likelihood(const matrix *m, uint32_t i, uint32_t j)
{
    double t = 0;
    for (uint32_t u = 0; u < m->firms; u++) t += row_sum(m, m->n, u, true);
    if (!m->directed) t /= 2;
    double p = row_sum(m, m->n, i, true) * row_sum(m, m->n, j, false) / (t * t * (m->directed ? 1 : 2));
    long double below = 0, term = powl(1 - (long double) p, t);
    if (p >= 1) return 0;
    long double sum = 0;
    for (int k = 0; k <= (int) t; k++) {
        if (k < (int) m->n[i][j]) below += term;
        else sum += term;
        term *= (t - k) / (k + 1) * p / (1 - (long double) p);
    }
    (void) below;
    return (double) log10l(sum);
}

/* All pairs' shortest ways over 1 / weight, direction ignored; the share of a part's firms that use the tie. */
static double slow_salience(const matrix *m, uint32_t i, uint32_t j)
{
    double far[MOST][MOST];
    for (uint32_t u = 0; u < m->firms; u++)
        for (uint32_t v = 0; v < m->firms; v++) {
            double w = m->directed ? m->w[u][v] + m->w[v][u] : 2 * m->w[u][v];
            far[u][v] = u == v ? 0 : w > 0 ? 1 / w : INFINITY;
        }
    double length = far[i][j];
    for (uint32_t k = 0; k < m->firms; k++)
        for (uint32_t u = 0; u < m->firms; u++)
            for (uint32_t v = 0; v < m->firms; v++) far[u][v] = fmin(far[u][v], far[u][k] + far[k][v]);
    int used = 0, part = 0;
    for (uint32_t r = 0; r < m->firms; r++) {
        if (!isfinite(far[r][i])) continue;
        part++;
        used += fabs(far[r][i] + length - far[r][j]) < 1e-12 || fabs(far[r][j] + length - far[r][i]) < 1e-12;
    }
    return (double) used / part;
}

static void check_methods(uint64_t seed)
{
    fn_run run = support_run();
    fn_net *net = random_net(&run, seed, 1);
    fn_view *view = support_view(&run, net);
    fn_table *share = judge(&run, view, "disparity", NULL, NULL), *noise = judge(&run, view, "noise-corrected", "unit", "count");
    fn_table *likelihood = judge(&run, view, "marginal-likelihood", "unit", "count");
    fn_table *met = judge(&run, view, "hypergeometric", NULL, NULL), *salience = judge(&run, view, "salience", NULL, NULL);
    double repeated[5 * MOST], q[5 * MOST];
    ck_assert_int_eq(fn_repeats_judge(&run, view, repeated, q), FN_OK);
    for (size_t row = 0; row < view->ties; row++) {
        const fn_tie *t = FN_TIE(net, row);
        matrix m = matrix_of(view, t->layer);
        if (t->from == t->to || t->count < 2) ck_assert(isnan(repeated[row]) && isnan(q[row]));
        else support_near(repeated[row], real(likelihood, "log10_p", row), 0, "repeats"), ck_assert(q[row] >= repeated[row]);
        if (t->from == t->to) {
            ck_assert(isnan(real(share, "p_from", row)) && isnan(real(noise, "score", row)));
            ck_assert(isnan(real(likelihood, "log10_p", row)) && isnan(real(salience, "score", row)));
            continue;
        }
        support_near(real(share, "log10_p_from", row), slow_share(&m, t->from, t->to, true), 1e-12, "log10_p_from");
        support_near(real(share, "log10_p_to", row), slow_share(&m, t->from, t->to, false), 1e-12, "log10_p_to");
        support_near(log10(real(share, "p_from", row)), slow_share(&m, t->from, t->to, true), 1e-12, "p_from");
        double score, sd;
        slow_noise(&m, t->from, t->to, &score, &sd);
        support_near(real(noise, "score", row), score, 1e-13, "score");
        support_near(real(noise, "sd", row), sd, 1e-12, "sd");
        support_near(real(likelihood, "log10_p", row), slow_likelihood(&m, t->from, t->to), 1e-11, "marginal likelihood");
        support_near(real(salience, "score", row), slow_salience(&m, t->from, t->to), 1e-15, "salience");
        if (!m.directed) {
            ck_assert(isnan(real(met, "log10_p", row))); /* no tenders */
            continue;
        }
        double all = 0;
        for (uint32_t u = 0; u < m.firms; u++) all += row_sum(&m, m.n, u, true);
        double k = row_sum(&m, m.n, t->from, true), n = row_sum(&m, m.n, t->to, false);
        support_near(real(met, "log10_p", row), fn_log10_of(fn_log_hypergeometric_tail(all, k, n, (double) t->count)), 1e-12,
                     "hypergeometric");
    }
    fn_table_free(share);
    fn_table_free(noise);
    fn_table_free(likelihood);
    fn_table_free(met);
    fn_table_free(salience);
    fn_view_free(view);
    fn_net_free(net);
}

enum { NETS_AT_ONCE = 50 };

START_TEST(every_method_agrees_with_the_slow_way)
{
    for (int k = 0; k < NETS_AT_ONCE; k++) check_methods((uint64_t) (_i * NETS_AT_ONCE + k));
}
END_TEST

static void check_pairs(uint64_t seed)
{
    fn_run run = support_run();
    fn_net *net = random_net(&run, seed, 1);
    fn_view *view = support_view(&run, net);
    matrix m = matrix_of(view, FN_LAYER_SUPPLY);
    fn_backbone_options options;
    fn_table *table;
    bool by_supplier = seed % 2;
    fn_backbone_defaults(&options);
    options.alpha = 1;
    options.correction = FN_CORRECT_BONFERRONI;
    ck_assert_int_eq(fn_shared_pairs(&run, view, FN_LAYER_SUPPLY, by_supplier, 1000, &options, &table), FN_OK);
    size_t row = 0;
    uint32_t shared_firms = 0;
    for (uint32_t s = 0; s < m.firms; s++) shared_firms += row_sum(&m, m.n, s, !by_supplier) > 0;
    for (uint32_t u = 0; u < m.firms; u++)
        for (uint32_t v = u + 1; v < m.firms; v++) {
            int common = 0, of_u = 0, of_v = 0;
            for (uint32_t s = 0; s < m.firms; s++) {
                bool with_u = (by_supplier ? m.n[u][s] : m.n[s][u]) > 0, with_v = (by_supplier ? m.n[v][s] : m.n[s][v]) > 0;
                common += with_u && with_v;
                of_u += with_u;
                of_v += with_v;
            }
            if (!common) continue;
            ck_assert_uint_lt(row, table->rows);
            ck_assert_int_eq(fn_table_find(table, "from")->integer[row], u);
            ck_assert_int_eq(fn_table_find(table, "to")->integer[row], v);
            ck_assert_int_eq(fn_table_find(table, "common")->integer[row], common);
            double p = fn_log10_of(fn_log_hypergeometric_tail(shared_firms, of_u, of_v, common));
            support_near(real(table, "log10_p", row), p, 1e-12, "log10_p");
            support_near(real(table, "log10_q", row++), fmin(0, p + log10((double) table->rows)), 1e-12, "log10_q");
        }
    ck_assert_uint_eq(row, table->rows);
    fn_table_free(table);
    fn_view_free(view);
    fn_net_free(net);
}

START_TEST(pairs_that_share_agree_with_the_slow_way)
{
    for (int k = 0; k < NETS_AT_ONCE; k++) check_pairs((uint64_t) (5000 + _i * NETS_AT_ONCE + k));
}
END_TEST

/* ---- co-bidding ---- */

START_TEST(bidders_are_judged_by_their_tenders)
{
    /* Ten tenders of pairs; x bids in four of them, y in three, both meet in all three: p = 1/30. */
    static const char *const bidders[][2] = {
        { "x", "y" }, { "x", "y" }, { "x", "y" }, { "x", "a" }, { "a", "b" }, { "c", "b" }, { "c", "d" }, { "a", "d" },
        { "e", "d" }, { "e", "b" }
    };
    fn_run run = support_run();
    fn_net *net;
    ck_assert_int_eq(fn_net_new(&run, &net), FN_OK);
    for (int i = 0; i < 10; i++) {
        uint32_t a = worked_firm(&run, net, bidders[i][0]), b = worked_firm(&run, net, bidders[i][1]);
        uint32_t firm[] = { a < b ? a : b, a < b ? b : a };
        fn_tender tender = { .buyer = worked_firm(&run, net, "buyer"), .product = FN_NONE, .bids_known = true, .value = NAN,
                             .day = FN_DAY_NONE };
        fn_tie tie = { .from = firm[0], .to = firm[1], .product = FN_NONE, .layer = FN_LAYER_COBID, .value = NAN, .weight = 1,
                       .count = 1, .first = FN_DAY_NONE, .last = FN_DAY_NONE };
        ck_assert_int_eq(fn_net_add(&run, net, &tie, NULL), FN_OK);
        ck_assert_int_eq(fn_net_add_tender(&run, net, &tender, firm, 2, firm, 1), FN_OK);
    }
    ck_assert_int_eq(fn_net_freeze(&run, net), FN_OK);
    fn_view *view = support_view(&run, net);
    fn_table *t = judge(&run, view, "hypergeometric", NULL, NULL);
    size_t row = row_of(net, "x", "y");
    support_near(real(t, "p", row), 1.0 / 30, 1e-15, "p");
    support_near(real(t, "expected", row), 1.2, 1e-15, "expected");
    ck_assert_int_eq(fn_table_find(t, "all")->integer[row], 10);
    fn_table_free(t);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

/* ---- what is kept ---- */

static fn_backbone find(fn_run *run, const fn_view *view, const fn_backbone_options *options)
{
    fn_values *values = values_of(run, options->method->name, NULL, NULL);
    fn_backbone b;
    ck_assert_msg(fn_backbone_find(run, view, values, options, &b) == FN_OK, "%s", run->error.message);
    fn_values_free(values);
    return b;
}

START_TEST(sides_corrections_and_single_ties_decide_what_is_kept)
{
    /* A star: one large and four small customers of 0, who have no other supplier; 1 has a second one. */
    static const double weight[] = { 75, 10, 10, 10, 10, 1 };
    static const uint32_t pair[][2] = { { 0, 1 }, { 0, 2 }, { 0, 3 }, { 0, 4 }, { 0, 5 }, { 6, 1 } };
    fn_run run = support_run();
    fn_net *net = support_net(&run, 7, 6, pair, weight);
    fn_view *view = support_view(&run, net);
    fn_backbone_options options;
    fn_backbone_defaults(&options);
    options.correction = FN_CORRECT_NONE;
    fn_backbone b = find(&run, view, &options);
    ck_assert_uint_eq(b.judged_ties, 6);
    ck_assert_uint_eq(b.significant, 1);
    ck_assert_uint_eq(b.kept[0], FN_KEPT_SIGNIFICANT);
    ck_assert_uint_eq(b.kept[1], FN_KEPT_SINGLE);
    ck_assert_uint_eq(b.kept[5], FN_KEPT_SINGLE); /* the only customer of 6 */
    fn_backbone_free(&b);
    options.single = FN_SINGLE_SOURCE;
    b = find(&run, view, &options);
    ck_assert_uint_eq(b.kept[1], FN_KEPT_SINGLE);
    ck_assert_uint_eq(b.kept[5], FN_NOT_KEPT);
    fn_backbone_free(&b);
    options.single = FN_SINGLE_DROP;
    options.sides = FN_SIDES_MAX; /* p_to of 0 -> 1 is 1/76, p_from .0146: both are small */
    b = find(&run, view, &options);
    ck_assert_uint_eq(b.kept_ties, 1);
    support_near(pow(10, b.log10_p[0]), .01464, 5e-6, "p of both sides");
    fn_backbone_free(&b);
    options.correction = FN_CORRECT_BONFERRONI;
    options.sides = FN_SIDES_BOTH;
    b = find(&run, view, &options);
    support_near(b.tests, 12, 0, "tests");
    support_near(pow(10, b.log10_q[0]), 12.0 / 76, 1e-12, "q");
    fn_backbone_free(&b);
    options.all_pairs = true;
    options.sides = FN_SIDES_MIN;
    b = find(&run, view, &options);
    support_near(b.tests, 42, 0, "all pairs of seven firms");
    fn_backbone_free(&b);
    options.keep = .5;
    b = find(&run, view, &options);
    ck_assert_uint_eq(b.kept_ties, 3);
    ck_assert(b.kept[0] && b.kept[1] && b.kept[2] && !b.kept[3] && !b.kept[5]); /* equal ones: the first */
    fn_backbone_facts facts;
    ck_assert_int_eq(fn_backbone_describe(&run, view, b.kept, &facts), FN_OK);
    support_near(facts.ties, .5, 0, "ties");
    support_near(facts.firms, 4.0 / 7, 1e-15, "firms");
    support_near(facts.weight, 95.0 / 116, 1e-15, "weight");
    support_near(facts.largest, 4.0 / 7, 1e-15, "largest part");
    fn_backbone_free(&b);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(a_method_that_is_not_there_is_refused_with_the_nearest)
{
    fn_run run = support_run();
    fn_values *values = values_of(&run, "disparity", "method", "salient");
    fn_backbone_options options;
    ck_assert_int_eq(fn_backbone_options_from(&run, values, &options), FN_EINVAL);
    ck_assert_str_eq(run.error.hint, "--method salience");
    fn_values_free(values);
}
END_TEST

/* ---- what must not change ---- */

static void assert_same(const fn_table *a, const fn_table *b, const char *method, const char *how)
{
    ck_assert_uint_eq(a->columns, b->columns);
    for (size_t c = 0; c < a->columns; c++)
        for (size_t row = 0; row < a->rows; row++) {
            char one[FN_REAL_TEXT], two[FN_REAL_TEXT];
            size_t length, other;
            const char *x = fn_column_cell(a->column[c], row, one, &length), *y = fn_column_cell(b->column[c], row, two, &other);
            ck_assert_msg(length == other && memcmp(x, y, length) == 0, "%s, %s: %s of row %zu is %.*s, not %.*s", method, how,
                          a->column[c]->name, row, (int) other, y, (int) length, x);
        }
}

static const char *const methods[] = { "disparity", "noise-corrected", "marginal-likelihood", "hypergeometric", "salience",
                                       "weight" };
enum { METHODS = sizeof methods / sizeof *methods };

START_TEST(weights_times_a_power_of_two_and_threads_change_no_byte)
{
    fn_run run = support_run(), two = support_run(), three = support_run();
    two.threads = 2;
    three.threads = 3;
    fn_net *net = support_random_net(&run, 7, 2000, 40000, true), *small = random_net(&run, 77, 1), *large = random_net(&run, 77, 0x1p40);
    fn_view *view = support_view(&run, net), *one = support_view(&run, small), *scaled = support_view(&run, large);
    const char *option = strcmp(methods[_i], "salience") == 0 ? "salience-error" : NULL;
    fn_table *a = judge(&run, view, methods[_i], option, "0.3"), *b = judge(&two, view, methods[_i], option, "0.3");
    fn_table *c = judge(&three, view, methods[_i], option, "0.3");
    assert_same(a, b, methods[_i], "2 threads");
    assert_same(a, c, methods[_i], "3 threads");
    fn_values *own = values_of(&run, methods[_i], NULL, NULL);
    bool has_unit = fn_values_param(own, "unit") != NULL;
    fn_values_free(own);
    fn_table *d = judge(&run, one, methods[_i], has_unit ? "unit" : NULL, "mean");
    fn_table *e = judge(&run, scaled, methods[_i], has_unit ? "unit" : NULL, "mean");
    assert_same(d, e, methods[_i], "weights times 2^40");
    fn_table *all[] = { a, b, c, d, e };
    for (int k = 0; k < 5; k++) fn_table_free(all[k]);
    fn_view_free(view);
    fn_view_free(one);
    fn_view_free(scaled);
    fn_net_free(net);
    fn_net_free(small);
    fn_net_free(large);
}
END_TEST

START_TEST(every_machine_gives_the_same_bytes)
{
    fn_run run = support_run();
    fn_net *net = support_random_net(&run, 11, 300, 6000, true);
    fn_view *view = support_view(&run, net);
    fn_table *here = judge(&run, view, "disparity", NULL, NULL);
    ck_assert_int_eq(setenv("FN_ISA", "narrow", 1), 0);
    fn_table *anywhere = judge(&run, view, "disparity", NULL, NULL);
    unsetenv("FN_ISA");
    assert_same(here, anywhere, "disparity", "without AVX2");
    fn_table_free(here);
    fn_table_free(anywhere);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

enum { CROWD = 500, CROWD_RECORDS = 40000 };

/* Ties of three years apart, so that some are parallel; whole weights, self ties, ties without weight; firm 250 delivers
 * to everybody, and its ties stand on both sides of the middle. */
static fn_net *crowd_net(fn_run *run)
{
    fn_net *net;
    ck_assert_int_eq(fn_net_new(run, &net), FN_OK);
    fn_net_keep_apart(net, FN_PERIOD_YEAR);
    for (int f = 0; f < CROWD; f++) {
        char key[] = { (char) ('a' + f / 100), (char) ('a' + f / 10 % 10), (char) ('a' + f % 10), '\0' };
        worked_firm(run, net, key);
    }
    for (uint64_t i = 0; i < CROWD_RECORDS; i++) {
        fn_tie tie = {
            .from = fn_random_below(5, 1, i, 3) ? (uint32_t) fn_random_below(5, 2, i, CROWD - 3) : 250,
            .to = (uint32_t) fn_random_below(5, 3, i, CROWD), .product = FN_NONE, .layer = FN_LAYER_SUPPLY,
            .value = (double) fn_random_below(5, 4, i, 50), .weight = NAN, .count = 1,
            .first = (int32_t) fn_random_below(5, 5, i, 3) * 400
        };
        tie.last = tie.first;
        ck_assert_int_eq(fn_net_add(run, net, &tie, NULL), FN_OK);
    }
    ck_assert_int_eq(fn_net_freeze(run, net), FN_OK);
    return net;
}

/* All sums and powers in long doubles. */
static void check_crowd(const fn_view *view, const double *p_from, const double *p_to)
{
    static bool tied[CROWD][CROWD];
    static long double strength[2][CROWD];
    static int partners[2][CROWD];
    const fn_ties *ties = fn_net_tie_rows(view->net);
    for (size_t e = 0; e < view->ties; e++) {
        uint32_t from = ties->from[e], to = ties->to[e];
        if (from == to || !(view->weight[e] > 0)) continue;
        strength[0][from] += (long double) view->weight[e];
        strength[1][to] += (long double) view->weight[e];
        partners[0][from] += !tied[from][to];
        partners[1][to] += !tied[from][to];
        tied[from][to] = true;
    }
    for (size_t e = 0; e < view->ties; e++)
        for (int s = 0; s < 2; s++) {
            uint32_t firm = s ? ties->to[e] : ties->from[e];
            double found = s ? p_to[e] : p_from[e];
            if (ties->from[e] == ties->to[e] || !(view->weight[e] > 0)) {
                ck_assert(isnan(found));
                continue;
            }
            double p = (double) powl(1 - (long double) view->weight[e] / strength[s][firm], partners[s][firm] - 1);
            support_near(found, p, 4 * partners[s][firm] * 0x1p-53 * p, s ? "p_to" : "p_from");
        }
}

START_TEST(many_ties_are_judged_as_exactly_as_promised_by_any_threads_and_instructions)
{
    fn_run run = support_run();
    fn_net *net = crowd_net(&run);
    fn_view *view = support_view(&run, net);
    double *p[2][2];
    ck_assert_uint_gt(view->ties, 20000);
    for (int i = 0; i < 4; i++) p[i / 2][i % 2] = calloc(view->ties, sizeof(double));
    run.threads = 1;
    ck_assert_int_eq(fn_disparity(&run, view, p[0][0], p[0][1]), FN_OK);
    check_crowd(view, p[0][0], p[0][1]);
    setenv("FN_ISA", _i % 2 ? "narrow" : "avx2", 1);
    run.threads = 1 + _i;
    ck_assert_int_eq(fn_disparity(&run, view, p[1][0], p[1][1]), FN_OK);
    unsetenv("FN_ISA");
    for (int s = 0; s < 2; s++) ck_assert(memcmp(p[0][s], p[1][s], view->ties * sizeof(double)) == 0);
    for (int i = 0; i < 4; i++) free(p[i / 2][i % 2]);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(a_sample_of_roots_is_off_by_less_than_it_says)
{
    fn_run run = support_run();
    fn_net *net = support_random_net(&run, 3, 400, 1200, true);
    fn_view *view = support_view(&run, net);
    fn_table *exact = judge(&run, view, "salience", "salience-error", "0.01");
    fn_table *sample = judge(&run, view, "salience", "salience-error", "0.2");
    bool differs = false;
    for (size_t row = 0; row < view->ties; row++) {
        double a = real(exact, "score", row), b = real(sample, "score", row);
        if (!isnan(a)) ck_assert_msg(fabs(a - b) < .2, "%g is taken for %g", a, b);
        differs |= !isnan(a) && a != b;
    }
    ck_assert(differs);
    fn_table_free(exact);
    fn_table_free(sample);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

/* ---- comparing, failures ---- */

static fn_status compare(fn_run *run, const fn_view *view, fn_table **table)
{
    const fn_param *tables[16] = { fn_backbone_params };
    int n = 1;
    for (const fn_algorithm *const *m = fn_algorithms; *m; m++)
        if ((*m)->group == FN_GROUP_BACKBONE && (*m)->params) tables[n++] = (*m)->params;
    fn_values *values = NULL;
    fn_backbone_options options;
    fn_backbone_defaults(&options);
    options.keep = .2;
    *table = NULL;
    fn_status status = fn_values_new(run, tables, &values);
    if (!status) status = fn_backbone_compare(run, view, values, &options, 1, table);
    fn_values_free(values);
    return status;
}

START_TEST(methods_compared_keep_the_share_that_is_asked_for)
{
    fn_run run = support_run(), two = support_run();
    two.threads = 2;
    fn_net *net = support_random_net(&run, 5, 60, 400, true);
    fn_view *view = support_view(&run, net);
    fn_table *a, *b;
    ck_assert_int_eq(compare(&run, view, &a), FN_OK);
    ck_assert_int_eq(compare(&two, view, &b), FN_OK);
    assert_same(a, b, "all", "2 threads");
    ck_assert_uint_eq(a->rows, METHODS);
    for (size_t row = 0; row < a->rows; row++) {
        int64_t judged = fn_table_find(a, "judged")->integer[row];
        ck_assert_int_eq(fn_table_find(a, "kept")->integer[row], (judged + 4) / 5);
        ck_assert(real(a, "stability", row) > .2 && real(a, "stability", row) <= 1);
        ck_assert(real(a, "firms", row) > .2 && real(a, "largest", row) <= real(a, "firms", row));
    }
    fn_table_free(a);
    fn_table_free(b);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(any_failing_allocation_is_reported)
{
    fn_run run = support_run();
    fn_net *net = support_random_net(&run, 9, 12, 30, true);
    fn_view *view = support_view(&run, net);
    fn_backbone_options options;
    fn_backbone_defaults(&options);
    fn_status status = FN_ENOMEM;
    for (long call = 0; status; call++) {
        ck_assert_int_lt(call, 3000);
        fn_run tried = support_run();
        fn_table *table = NULL;
        fn_memory_fail_at(call, false);
        status = _i == 0 ? compare(&tried, view, &table)
                         : fn_shared_pairs(&tried, view, FN_LAYER_SUPPLY, false, 100, &options, &table);
        fn_memory_fail_at(-1, false);
        ck_assert(status == FN_OK || (status == FN_ENOMEM && tried.error.status == FN_ENOMEM && !table));
        fn_table_free(table);
    }
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

Suite *suite_backbone(void)
{
    Suite *suite = suite_create("backbone");
    TCase *worked = tcase_create("worked numbers");
    tcase_add_loop_test(worked, noise_corrected_worked_numbers_with_the_right_prior_and_the_reference, 0, 2);
    tcase_add_test(worked, hypergeometric_worked_numbers);
    tcase_add_test(worked, disparity_worked_numbers_and_single_ties);
    tcase_add_test(worked, salience_of_a_path_and_of_a_detour);
    tcase_add_test(worked, corrections_of_worked_p);
    tcase_add_test(worked, bidders_are_judged_by_their_tenders);
    suite_add_tcase(suite, worked);
    TCase *oracle = tcase_create("oracle");
    tcase_add_test(oracle, tails_are_those_added_up_term_by_term);
    tcase_add_test(oracle, tails_far_below_the_smallest_number_are_still_known);
    tcase_add_loop_test(oracle, every_method_agrees_with_the_slow_way, 0, 14);
    tcase_add_loop_test(oracle, pairs_that_share_agree_with_the_slow_way, 0, 6);
    tcase_set_timeout(oracle, 60);
    suite_add_tcase(suite, oracle);
    TCase *kept = tcase_create("kept");
    tcase_add_test(kept, sides_corrections_and_single_ties_decide_what_is_kept);
    tcase_add_test(kept, a_method_that_is_not_there_is_refused_with_the_nearest);
    tcase_add_test(kept, methods_compared_keep_the_share_that_is_asked_for);
    suite_add_tcase(suite, kept);
    TCase *invariants = tcase_create("invariants");
    tcase_add_loop_test(invariants, weights_times_a_power_of_two_and_threads_change_no_byte, 0, METHODS);
    tcase_add_test(invariants, every_machine_gives_the_same_bytes);
    tcase_add_loop_test(invariants, many_ties_are_judged_as_exactly_as_promised_by_any_threads_and_instructions, 0, 5);
    tcase_add_test(invariants, a_sample_of_roots_is_off_by_less_than_it_says);
    tcase_add_loop_test(invariants, any_failing_allocation_is_reported, 0, 2);
    tcase_set_timeout(invariants, 120);
    suite_add_tcase(suite, invariants);
    return suite;
}
