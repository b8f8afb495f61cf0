/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "algorithms/tie_inside.h"
#include "tests/algorithms/rows.h"
#include "tests/algorithms/slow_paths.h"
#include "tests/algorithms/slow_tails.h"
#include "tests/algorithms/small_nets.h"
#include "tests/suite.h"

Suite *suite_tie_oracle(void);

/* Measures of ties against their definitions, on small networks; relation: test_relation.c */

enum { TESTS = 4, NETS = SMALL_NETS / TESTS };

static double ratio(double a, double b)
{
    return b > 0 ? a / b : NAN;
}

/* ---- partners in common ---- */

static void check_undirected(const small_matrix *m, uint32_t i, uint32_t j, const fn_table *t, size_t row)
{
    double n = 0, all = 0, a = 0, b = 0, shared = 0, others = 0;
    for (uint32_t k = 0; k < m->n; k++) {
        bool both = m->pair[i][k] && m->pair[j][k];
        n += both;
        a += m->pair[i][k];
        b += m->pair[j][k];
        all += m->pair[i][k] || m->pair[j][k];
        if (k == i || k == j) continue;
        shared += both ? m->both[i][k] + m->both[j][k] : 0;
        others += m->both[i][k] + m->both[j][k];
    }
    row_assert(t, "common", row, n, 0);
    row_assert(t, "overlap", row, ratio(n, all - 2), 1e-15);
    row_assert(t, "jaccard", row, n / all, 1e-15);
    row_assert(t, "dice", row, 2 * n / (a + b), 1e-15);
    row_assert(t, "cosine", row, n / (sqrt(a) * sqrt(b)), 1e-15);
    row_assert(t, "weighted_overlap", row, ratio(shared, others), 1e-14);
}

static void check_directed(const small_matrix *m, uint32_t i, uint32_t j, const fn_table *t, size_t row)
{
    static const char *const names[] = { "shared_suppliers", "shared_customers", "transitive", "cyclic" };
    double both[4] = { 0 }, any[4] = { 0 };
    for (uint32_t k = 0; k < m->n; k++) {
        if (k == i || k == j) continue;
        bool ki = m->tied[k][i], kj = m->tied[k][j], ik = m->tied[i][k], jk = m->tied[j][k];
        bool first[] = { ki, ik, ik, jk }, second[] = { kj, jk, kj, ki };
        for (int kind = 0; kind < 4; kind++) {
            both[kind] += first[kind] && second[kind];
            any[kind] += first[kind] || second[kind];
        }
    }
    for (int kind = 0; kind < 4; kind++)
        row_assert(t, names[kind], row, m->directed ? ratio(both[kind], any[kind]) : NAN, 1e-15);
}

static double slow_squares(const small_matrix *m, uint32_t i, uint32_t j)
{
    double closed = 0, pairs = 0;
    for (uint32_t supplier = 0; supplier < m->n; supplier++)
        for (uint32_t customer = 0; customer < m->n; customer++) {
            if (supplier == i || customer == j || !m->tied[i][customer] || !m->tied[supplier][j]) continue;
            pairs++;
            closed += m->tied[supplier][customer];
        }
    return ratio(closed, pairs);
}

/* Squares are counted in another way where firms are large: firm by firm. */
static void check_squares_by_firm(fn_run *run, const small_net *s, uint16_t layer, const small_matrix *m, int *closed)
{
    const fn_square_limits limits = { .steps = -1, .row_steps = UINT32_MAX, .samples = 1 };
    double share[2 * SMALL_RECORDS];
    size_t sampled;
    fn_csr *out;
    ck_assert_int_eq(fn_view_csr(run, s->view, layer, FN_CSR_OUT, true, &out), FN_OK);
    ck_assert_int_eq(fn_square_share(run, out, &limits, share, NULL, &sampled), FN_OK);
    ck_assert_uint_eq(sampled, 0);
    for (uint32_t u = 0; u < m->n; u++)
        for (size_t i = out->offset[u]; i < out->offset[u + 1]; i++) {
            double wanted = slow_squares(m, u, out->target[i]);
            ck_assert_int_eq(isnan(share[i]), isnan(wanted));
            if (!isnan(wanted)) support_near(share[i], wanted, 1e-15, "squares firm by firm");
            *closed += wanted > 0;
        }
    fn_csr_free(out);
}

/* ---- Simmelian ties, truss ---- */

/* Triangles over a pair, or four-cycles through it. */
static double slow_worth(const small_matrix *m, uint32_t i, uint32_t j, bool four)
{
    double count = 0;
    for (uint32_t k = 0; k < m->n; k++) {
        if (k == i || k == j || !m->pair[j][k]) continue;
        if (!four) count += m->pair[i][k];
        for (uint32_t l = 0; four && l < m->n; l++)
            count += l != i && l != j && l != k && m->pair[k][l] && m->pair[l][i];
    }
    return count;
}

/* How dear each partner is to each firm; four-cycles by their share of both firms' own, whose square orders alike. */
static void slow_dearness(const small_matrix *m, bool four, double dear[DENSE_MOST][DENSE_MOST])
{
    double side[DENSE_MOST] = { 0 };
    for (uint32_t u = 0; u < m->n; u++)
        for (uint32_t v = 0; v < m->n; v++) {
            dear[u][v] = m->pair[u][v] ? slow_worth(m, u, v, four) : 0;
            side[u] += dear[u][v];
        }
    for (uint32_t u = 0; four && u < m->n; u++)
        for (uint32_t v = 0; v < m->n; v++)
            if (dear[u][v] > 0 && u < v)
                dear[u][v] = dear[v][u] = dear[u][v] / sqrt(side[u] * side[v]);
}

/* 1 + how many partners of u are dearer to it than v. */
static void slow_places(const small_matrix *m, double dear[DENSE_MOST][DENSE_MOST], int place[DENSE_MOST][DENSE_MOST])
{
    for (uint32_t u = 0; u < m->n; u++)
        for (uint32_t v = 0; v < m->n; v++) {
            place[u][v] = 1;
            for (uint32_t x = 0; x < m->n; x++)
                place[u][v] += m->pair[u][x] && dear[u][x] > dear[u][v] * (1 + 1e-12);
        }
}

static double slow_simmelian(const small_matrix *m, int place[DENSE_MOST][DENSE_MOST], uint32_t i, uint32_t j)
{
    double best = NAN;
    for (int k = 1; k < DENSE_MOST; k++) {
        double both = 0, any = 0;
        for (uint32_t x = 0; x < m->n; x++) {
            if (x == i || x == j) continue;
            bool of_i = m->pair[i][x] && place[i][x] <= k, of_j = m->pair[j][x] && place[j][x] <= k;
            both += of_i && of_j;
            any += of_i || of_j;
        }
        if (any > 0 && !(both / any <= best)) best = both / any;
    }
    return best;
}

/* Take pairs with fewer than k - 2 triangles out, for every k, until none is left. */
static void slow_truss(small_matrix m, int truss[DENSE_MOST][DENSE_MOST])
{
    for (int k = 2; k <= DENSE_MOST + 1; k++)
        for (bool changed = true; changed;) {
            changed = false;
            for (uint32_t u = 0; u < m.n; u++)
                for (uint32_t v = 0; v < m.n; v++) {
                    if (!m.pair[u][v] || slow_worth(&m, u, v, false) >= k - 2) continue;
                    m.pair[u][v] = m.pair[v][u] = false;
                    truss[u][v] = truss[v][u] = k - 1;
                    changed = true;
                }
        }
}

static void check_layer(fn_run *run, const small_net *s, uint16_t layer, const fn_table *t, int *closed)
{
    small_matrix m = small_matrix_of(s, layer);
    double dear[DENSE_MOST][DENSE_MOST];
    int truss[DENSE_MOST][DENSE_MOST] = { { 0 } }, threes[DENSE_MOST][DENSE_MOST], fours[DENSE_MOST][DENSE_MOST];
    slow_dearness(&m, false, dear);
    slow_places(&m, dear, threes);
    slow_dearness(&m, true, dear);
    slow_places(&m, dear, fours);
    slow_truss(m, truss);
    check_squares_by_firm(run, s, layer, &m, closed);
    for (size_t row = 0; row < s->ties; row++) {
        uint32_t from = s->tie[row].from, to = s->tie[row].to;
        if (s->tie[row].layer != layer) continue;
        if (from == to) {
            for (size_t c = 0; c < t->columns; c++) ck_assert(fn_column_missing(t->column[c], row));
            continue;
        }
        double squares = slow_squares(&m, from, to);
        check_undirected(&m, from, to, t, row);
        check_directed(&m, from, to, t, row);
        row_assert(t, "squares", row, squares, 1e-15);
        row_assert(t, "squares_error", row, isnan(squares) ? NAN : 0, 0);
        row_assert(t, "simmelian", row, slow_simmelian(&m, threes, from, to), 1e-15);
        row_assert(t, "quadrilateral", row, slow_simmelian(&m, fours, from, to), 1e-15);
        row_assert(t, "truss", row, truss[from][to], 0);
    }
}

/* ---- chains ---- */

static void check_edges(const small_net *s, const fn_table *t)
{
    small_matrix all = small_matrix_of(s, -1);
    slow_paths paths = { .firms = all.n };
    double firm[PATHS_MOST], arc[PATHS_MOST][PATHS_MOST];
    for (uint32_t u = 0; u < all.n; u++)
        for (uint32_t v = 0; v < all.n; v++) paths.length[u][v] = all.tied[u][v];
    slow_distances(&paths);
    slow_betweenness(&paths, firm, arc);
    for (size_t row = 0; row < s->ties; row++) {
        const fn_tie *tie = &s->tie[row];
        if (tie->from == tie->to) continue;
        double back = fn_net_layer_directed(tie->layer) ? 0 : arc[tie->to][tie->from];
        row_assert(t, "edge_betweenness", row, arc[tie->from][tie->to] + back, 1e-12);
        row_assert(t, "edge_betweenness_error", row, 0, 0);
    }
}

START_TEST(measures_of_ties_are_what_their_definitions_say)
{
    int closed = 0;
    for (uint64_t seed = NETS * (uint64_t) _i; seed < NETS * (uint64_t) (_i + 1); seed++) {
        fn_run run = support_run();
        small_net *s = small_net_new(&run, seed, NULL);
        fn_table *t = row_find_ties(&run, s->view);
        for (uint16_t layer = 0; layer < FN_LAYERS_STANDARD; layer++)
            if (s->view->layers >> layer & 1) check_layer(&run, s, layer, t, &closed);
        check_edges(s, t);
        fn_table_free(t);
        small_net_free(s);
    }
    ck_assert_msg(closed > 4 * NETS, "only %d ties with a closed square", closed);
}
END_TEST

/* ---- the row `strength`, and classes ---- */

static double slow_p(const small_matrix *m, uint32_t i, uint32_t j, bool from, double w)
{
    double sum = 0, p = 1;
    int k = 0;
    for (uint32_t other = 0; other < m->n; other++) {
        double also = from ? m->w[i][other] : m->w[other][j];
        sum += also;
        k += also > 0;
    }
    for (int n = 1; n < k; n++) p *= 1 - w / sum;
    return w > 0 ? p : NAN;
}

/* Chance of as many records between the two, NaN: not judged. Records are dealt out by strengths (Dianati 2016). */
static double slow_repeats(const small_net *s, size_t row)
{
    const fn_tie *tie = &s->tie[row];
    double all = 0, from = 0, to = 0;
    small_matrix m = small_matrix_of(s, tie->layer);
    if (tie->from == tie->to || tie->count < 2) return NAN;
    for (uint32_t u = 0; u < m.n; u++) {
        from += m.records[tie->from][u], to += m.records[u][tie->to];
        for (uint32_t v = 0; v < m.n; v++) all += m.records[u][v];
    }
    if (!m.directed) all /= 2;
    return exp(slow_binomial((int) all, from * to / (all * all * (m.directed ? 1 : 2)), (int) tie->count));
}

typedef struct facts {
    double overlap, squares, p_from, p_to, q;
    int partners, customers, suppliers;   /* partners: of the end that has fewer */
    int32_t first, last;                  /* of all ties */
} facts;

static const char *slow_class(const fn_tie *tie, const facts *f)
{
    bool dated = tie->last != FN_DAY_NONE;
    if (dated && f->last - tie->last > 730) return "latent";
    if (dated && f->last - tie->first <= 365 && f->last - f->first > 365) return "new";
    if (!(f->overlap > 0) && !(f->squares > 0) && f->partners >= 2) return "bridge";
    if (f->p_from < .05 || f->p_to < .05) return "strong";
    if ((f->customers == 1 || f->suppliers == 1) && tie->count >= 3) return "strong";
    if (f->q < .05 && tie->count >= 3) return "strong";
    return "weak";
}

static facts facts_of(const small_net *s, size_t row, const small_matrix *m)
{
    const fn_tie *tie = &s->tie[row];
    facts f = { .first = INT32_MAX, .last = INT32_MIN };
    double n = 0, all = 0, from = 0, to = 0;
    for (uint32_t k = 0; k < m->n; k++) {
        from += m->pair[tie->from][k], to += m->pair[tie->to][k];
        n += m->pair[tie->from][k] && m->pair[tie->to][k];
        all += m->pair[tie->from][k] || m->pair[tie->to][k];
        f.customers += m->tied[tie->from][k], f.suppliers += m->tied[k][tie->to];
    }
    f.partners = (int) fmin(from, to);
    f.overlap = ratio(n, all - 2);
    f.squares = slow_squares(m, tie->from, tie->to);
    f.p_from = slow_p(m, tie->from, tie->to, true, s->weight[row]);
    f.p_to = slow_p(m, tie->from, tie->to, false, s->weight[row]);
    for (size_t i = 0; i < s->ties; i++) {
        if (s->tie[i].first == FN_DAY_NONE) continue;
        if (s->tie[i].first < f.first) f.first = s->tie[i].first;
        if (s->tie[i].last > f.last) f.last = s->tie[i].last;
    }
    return f;
}

static void check_strength(const small_net *s, size_t row, const double *p, const fn_table *t)
{
    const fn_tie *tie = &s->tie[row];
    small_matrix m = small_matrix_of(s, tie->layer);
    facts f = facts_of(s, row, &m);
    bool self = tie->from == tie->to, dated = tie->last != FN_DAY_NONE;
    const fn_column *class = fn_table_find(t, "class");
    row_assert(t, "recency", row, dated ? f.last - tie->last : NAN, 0);
    double layers = 0, there = m.w[tie->from][tie->to], back = m.w[tie->to][tie->from];
    for (int l = 0; l < FN_LAYERS_STANDARD; l++) {
        bool any = false;
        for (size_t i = 0; i < s->ties; i++) {
            const fn_tie *other = &s->tie[i];
            bool same = other->from == tie->from && other->to == tie->to;
            any |= other->layer == l && (same || (other->from == tie->to && other->to == tie->from));
        }
        layers += any;
    }
    row_assert(t, "overlap", row, self ? NAN : f.overlap, 1e-15);
    row_assert(t, "squares", row, self ? NAN : f.squares, 1e-15);
    row_assert(t, "p_from", row, self ? NAN : f.p_from, 1e-13);
    row_assert(t, "p_to", row, self ? NAN : f.p_to, 1e-13);
    row_assert(t, "reciprocity", row, self || !m.directed ? NAN : ratio(fmin(there, back), fmax(there, back)), 1e-15);
    row_assert(t, "layers", row, self ? NAN : layers, 0);
    ck_assert_int_eq(fn_column_missing(class, row), self);
    ck_assert(!fn_column_missing(fn_table_find(t, "reason"), row));
    if (self) return;
    f.q = slow_false_share(p, s->ties, (double) (s->ties - s->self_ties), row);
    ck_assert_str_eq(fn_column_text(class, row, NULL), slow_class(tie, &f));
}

START_TEST(strengths_and_classes_are_what_their_definitions_say)
{
    int classes[128] = { 0 };
    for (uint64_t seed = 0; seed < SMALL_NETS; seed++) {
        fn_run run = support_run();
        small_net *s = small_net_new(&run, seed, NULL);
        fn_table *t = row_find(&run, s->view, FN_GROUP_TIES, "strength");
        double p[SMALL_RECORDS];
        for (size_t row = 0; row < s->ties; row++) p[row] = slow_repeats(s, row);
        for (size_t row = 0; row < s->ties; row++) {
            check_strength(s, row, p, t);
            const fn_column *class = fn_table_find(t, "class");
            if (!fn_column_missing(class, row)) classes[(int) fn_column_text(class, row, NULL)[0]]++;
        }
        fn_table_free(t);
        small_net_free(s);
    }
    for (const char *c = "lnbsw"; *c; c++)
        ck_assert_msg(classes[(int) *c] > 200, "only %d of class %c", classes[(int) *c], *c);
}
END_TEST

Suite *suite_tie_oracle(void)
{
    Suite *suite = suite_create("tie oracle");
    TCase *oracle = tcase_create("oracle");
    tcase_add_loop_test(oracle, measures_of_ties_are_what_their_definitions_say, 0, TESTS);
    tcase_add_test(oracle, strengths_and_classes_are_what_their_definitions_say);
    tcase_set_timeout(oracle, 60);
    suite_add_tcase(suite, oracle);
    return suite;
}
