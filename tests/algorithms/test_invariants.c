/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "tests/algorithms/rows.h"
#include "tests/algorithms/small_nets.h"
#include "tests/suite.h"

Suite *suite_invariants(void);

/* What must not change a measure of firms or of ties, or must change it in a known way; all rows of the table. */

/* What a further firm without ties does to a column, n the firms before. */
typedef enum with_lone_firm {
    LONE_SAME,
    LONE_SHARE,   /* all by one factor: a share of everybody's */
    LONE_FIRMS,   /* by n / (n + 1): a mean over all firms */
    LONE_OTHERS   /* by (n - 1) / n: a mean over all others */
} with_lone_firm;

/* What a factor on all money and weights does. */
typedef enum with_scale {
    SCALE_SAME,
    SCALE_TIMES,   /* it is money */
    SCALE_UNITS,   /* it adds up weights of all layers, those that are counts among them */
    SCALE_LAYER    /* it has the unit of the weights where there is one layer, and none where there are several */
} with_scale;

typedef struct invariant {
    const char *column;
    const char *turned;        /* the column that it is where ties run the other way; NULL: none */
    with_lone_firm lone;
    with_scale scale;
} invariant;

static const invariant of_firms[] = {
    { "ties_in", "ties_out", LONE_SAME, SCALE_SAME },
    { "ties_out", "ties_in", LONE_SAME, SCALE_SAME },
    { "partners", "partners", LONE_SAME, SCALE_SAME },
    { "strength_in", "strength_out", LONE_SAME, SCALE_UNITS },
    { "strength_out", "strength_in", LONE_SAME, SCALE_UNITS },
    { "value_in", "value_out", LONE_SAME, SCALE_TIMES },
    { "value_out", "value_in", LONE_SAME, SCALE_TIMES },
    { "supplier_hhi", "customer_hhi", LONE_SAME, SCALE_SAME },
    { "customer_hhi", "supplier_hhi", LONE_SAME, SCALE_SAME },
    { "top_supplier_share", "top_customer_share", LONE_SAME, SCALE_SAME },
    { "top_customer_share", "top_supplier_share", LONE_SAME, SCALE_SAME },
    { "pagerank", "reverse_pagerank", LONE_SHARE, SCALE_SAME },
    { "reverse_pagerank", "pagerank", LONE_SHARE, SCALE_SAME },
    { "betweenness", "betweenness", LONE_SAME, SCALE_SAME },
    { "closeness_in", "closeness_out", LONE_OTHERS, SCALE_SAME },
    { "closeness_out", "closeness_in", LONE_OTHERS, SCALE_SAME },
    { "harmonic_in", "harmonic_out", LONE_SAME, SCALE_SAME },
    { "harmonic_out", "harmonic_in", LONE_SAME, SCALE_SAME },
    { "coreness", "coreness", LONE_SAME, SCALE_SAME },
    { "hub", "authority", LONE_SAME, SCALE_SAME },
    { "authority", "hub", LONE_SAME, SCALE_SAME },
    { "eigenvector", "eigenvector", LONE_SAME, SCALE_SAME },
    { "katz", NULL, LONE_SAME, SCALE_SAME },
    { "influence", NULL, LONE_FIRMS, SCALE_SAME },
    { "upstreamness", "downstreamness", LONE_SAME, SCALE_SAME },
    { "downstreamness", "upstreamness", LONE_SAME, SCALE_SAME },
    { "trophic_level", NULL, LONE_SAME, SCALE_SAME },
    { "weighted_core", "weighted_core", LONE_SAME, SCALE_LAYER },
    { "constraint", "constraint", LONE_SAME, SCALE_SAME },
    { NULL, NULL, LONE_SAME, SCALE_SAME }
};

/* None of these depends on firms without ties, or on a factor. Turned: with the ends the other way round. */
static const invariant of_ties[] = {
    { "overlap", "overlap", 0, 0 },
    { "common", "common", 0, 0 },
    { "jaccard", "jaccard", 0, 0 },
    { "dice", "dice", 0, 0 },
    { "cosine", "cosine", 0, 0 },
    { "weighted_overlap", "weighted_overlap", 0, 0 },
    { "shared_suppliers", "shared_customers", 0, 0 },
    { "shared_customers", "shared_suppliers", 0, 0 },
    { "transitive", "transitive", 0, 0 },
    { "cyclic", "cyclic", 0, 0 },
    { "squares", "squares", 0, 0 },
    { "squares_error", "squares_error", 0, 0 },
    { "simmelian", "simmelian", 0, 0 },
    { "quadrilateral", "quadrilateral", 0, 0 },
    { "truss", "truss", 0, 0 },
    { "edge_betweenness", "edge_betweenness", 0, 0 },
    { "edge_betweenness_error", "edge_betweenness_error", 0, 0 },
    { "p_from", "p_to", 0, 0 },
    { "p_to", "p_from", 0, 0 },
    { "log10_p_from", "log10_p_to", 0, 0 },
    { "log10_p_to", "log10_p_from", 0, 0 },
    { "reciprocity", "reciprocity", 0, 0 },
    { "layers", "layers", 0, 0 },
    { "recency", "recency", 0, 0 },
    { "class", "class", 0, 0 },
    { "reason", NULL, 0, 0 },
    { "single", NULL, 0, 0 },
    { "duration", "duration", 0, 0 },
    { "periods", "periods", 0, 0 },
    { "regularity", "regularity", 0, 0 },
    { "share_from", "share_to", 0, 0 },
    { "share_to", "share_from", 0, 0 },
    { "repeats", "repeats", 0, 0 },
    { "score", "score", 0, 0 },
    { "sd", "sd", 0, 0 },
    { "p", "p", 0, 0 },
    { "log10_p", "log10_p", 0, 0 },
    { "all", "all", 0, 0 },
    { "of_from", "of_to", 0, 0 },
    { "of_to", "of_from", 0, 0 },
    { "expected", "expected", 0, 0 },
    { NULL, NULL, 0, 0 }
};

static const invariant *find_invariant(bool ties, const char *column)
{
    const invariant *i = ties ? of_ties : of_firms;
    while (i->column && strcmp(i->column, column) != 0) i++;
    ck_assert_msg(i->column != NULL, "nobody says what must not change column %s", column);
    return i;
}

/* ---- comparing a network with a changed one ---- */

typedef struct twins {
    small_net *plain, *changed;
    const small_change *change;
    const fn_algorithm *row;
    fn_table *a, *b;
    bool all_scale;     /* every weight is multiplied, as no layer weighs by counts */
    bool several;       /* layers */
    bool degenerate;    /* which of several eigenvectors is found depends on where the search begins */
} twins;

/* What the number of row `at` has to be in the changed network. */
static double wanted_of(const twins *t, const invariant *i, double value)
{
    double n = t->plain->firms, scale = t->change->scale;
    if (t->change->lone_firms && i->lone == LONE_FIRMS) return value * n / (n + 1);
    if (t->change->lone_firms && i->lone == LONE_OTHERS) return value * (n - 1) / n;
    if (t->change->lone_firms && i->lone == LONE_SHARE)
        return value * row_cell(t->b, i->column, 0) / row_cell(t->a, i->column, 0);
    bool times = i->scale == SCALE_TIMES || i->scale == SCALE_UNITS || (i->scale == SCALE_LAYER && !t->several);
    if (scale > 0 && times && (i->scale == SCALE_TIMES || t->all_scale)) return value * scale;
    return value;
}

/* Row `from` of column c is row `to` of the changed network, with its ends the other way round where they are. */
static void compare_cell(const twins *t, const fn_column *c, size_t from, size_t to, bool turned)
{
    const invariant *i = find_invariant(t->row->group != FN_GROUP_CENTRALITY, c->name);
    const char *again = turned ? i->turned : c->name;
    if (t->degenerate && t->change->turned) return;
    if (!again || (t->change->scale > 0 && i->scale == SCALE_UNITS && !t->all_scale)) return;
    if (c->type == FN_COLUMN_TEXT) {
        char buffer[2][FN_REAL_TEXT];
        size_t length[2];
        const char *x = fn_column_cell(c, from, buffer[0], &length[0]);
        const char *y = fn_column_cell(fn_table_find(t->b, again), to, buffer[1], &length[1]);
        ck_assert_msg(length[0] == length[1] && memcmp(x, y, length[0]) == 0, "%s is %.*s, not %.*s", again,
                      (int) length[1], y, (int) length[0], x);
        return;
    }
    double wanted = wanted_of(t, i, row_cell(t->a, c->name, from));
    double unit = t->change->scale > 0 ? fmin(t->change->scale, 1) : 1;
    row_assert(t->b, again, to, wanted, 1e-8 * fabs(wanted) + 1e-9 * unit);
}

/* Where tie `row` stands in the changed network; *turned: with its ends the other way round. */
static size_t find_again(const twins *t, size_t row, bool *turned)
{
    fn_tie tie = t->plain->tie[row];
    const uint32_t *map = t->change->map;
    if (map) tie.from = map[tie.from], tie.to = map[tie.to];
    *turned = fn_net_layer_directed(tie.layer) ? t->change->turned : tie.from > tie.to;
    if (*turned) {
        uint32_t from = tie.from;
        tie.from = tie.to;
        tie.to = from;
    }
    for (size_t at = 0; at < t->changed->ties; at++) {
        const fn_tie *other = &t->changed->tie[at];
        if (other->from == tie.from && other->to == tie.to && other->layer == tie.layer &&
            other->currency == tie.currency)
            return at;
    }
    ck_abort_msg("tie %zu is lost", row);
}

static void compare_firms(const twins *t)
{
    for (size_t c = 0; c < t->a->columns; c++)
        for (uint32_t f = 0; f < t->plain->firms; f++)
            compare_cell(t, t->a->column[c], f, t->change->map ? t->change->map[f] : f, t->change->turned);
}

static void compare_ties(const twins *t)
{
    for (size_t row = 0; row < t->plain->ties; row++) {
        bool turned, self = t->plain->tie[row].from == t->plain->tie[row].to;
        size_t at = find_again(t, row, &turned);
        /* Of self ties only their records are told; those have become more. */
        for (size_t c = 0; c < t->a->columns && !(self && t->change->self_ties); c++)
            compare_cell(t, t->a->column[c], row, at, turned && !self);
    }
}

static void compare_all_rows(uint64_t seed, const small_change *change)
{
    fn_run run = support_run();
    twins t = { .plain = small_net_new(&run, seed, NULL), .changed = small_net_new(&run, seed, change),
                .change = change, .all_scale = true };
    t.several = (t.plain->view->layers & (t.plain->view->layers - 1)) != 0;
    for (size_t i = 0; i < t.plain->ties && change->scale > 0; i++)
        t.all_scale &= t.changed->weight[i] == change->scale * t.plain->weight[i];
    for (const fn_algorithm *const *row = fn_algorithms; *row; row++) {
        if ((*row)->group == FN_GROUP_CLUSTERS || (change->turned && t.plain->tenders)) continue;
        t.row = *row;
        run = support_run();
        ck_assert_int_eq(row_try(&run, t.plain->view, *row, NULL, NULL, &t.a), FN_OK);
        ck_assert_int_eq(row_try(&run, t.changed->view, *row, NULL, NULL, &t.b), FN_OK);
        t.degenerate = strstr(support_warning(), "degenerate") != NULL;
        if ((*row)->group == FN_GROUP_CENTRALITY) compare_firms(&t);
        else compare_ties(&t);
        fn_table_free(t.a);
        fn_table_free(t.b);
    }
    small_net_free(t.plain);
    small_net_free(t.changed);
}

enum { NETS = 100 };

START_TEST(firms_by_other_names_have_the_same_measures)
{
    for (uint64_t seed = 0; seed < NETS; seed++) {
        fn_run run = support_run();
        uint32_t map[DENSE_MOST];
        small_net *s = small_net_new(&run, seed, NULL);
        for (uint32_t f = 0; f < s->firms; f++) map[f] = f % 2 ? f / 2 : s->firms - 1 - f / 2;
        small_net_free(s);
        compare_all_rows(seed, &(small_change) { .map = map });
    }
}
END_TEST

START_TEST(a_firm_without_ties_changes_what_it_should)
{
    for (uint64_t seed = 0; seed < NETS; seed++) compare_all_rows(seed, &(small_change) { .lone_firms = 1 });
}
END_TEST

START_TEST(another_unit_of_money_changes_what_it_should)
{
    for (uint64_t seed = 0; seed < NETS; seed++) {
        compare_all_rows(seed, &(small_change) { .scale = 0x1p-30 });
        compare_all_rows(seed, &(small_change) { .scale = 1000 });
    }
}
END_TEST

START_TEST(self_ties_change_nothing)
{
    for (uint64_t seed = 0; seed < NETS; seed++) compare_all_rows(seed, &(small_change) { .self_ties = true });
}
END_TEST

START_TEST(ties_the_other_way_turn_measures_into_their_counterparts)
{
    for (uint64_t seed = 0; seed < NETS; seed++) compare_all_rows(seed, &(small_change) { .turned = true });
}
END_TEST

START_TEST(every_number_of_threads_gives_the_same_bytes)
{
    fn_run run = support_run();
    fn_net *net = support_random_net(&run, 5, 500, 3000, true);
    fn_view *view = support_view(&run, net);
    for (const fn_algorithm *const *row = fn_algorithms; *row; row++) {
        fn_table *t[3];
        if ((*row)->group == FN_GROUP_CLUSTERS) continue;
        const char *rough = strcmp((*row)->name, "salience") == 0 ? "salience-error" : NULL;
        for (run.threads = 1; run.threads <= 3; run.threads++)
            ck_assert_int_eq(row_try(&run, view, *row, rough, "0.5", &t[run.threads - 1]), FN_OK);
        row_assert_same(t[0], t[1], "two threads");
        row_assert_same(t[0], t[2], "three threads");
        for (int k = 0; k < 3; k++) fn_table_free(t[k]);
    }
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

typedef struct attempt {
    const fn_view *view;
    const fn_algorithm *row;
} attempt;

static fn_status try_row(fn_run *run, void *user)
{
    const attempt *a = user;
    fn_table *table;
    fn_status status = row_try(run, a->view, a->row, NULL, NULL, &table);
    fn_table_free(table);
    return status;
}

START_TEST(every_failing_allocation_is_told)
{
    fn_run run = support_run();
    small_net *s = small_net_new(&run, 13, NULL);
    ck_assert(s->tenders && (s->view->layers & (s->view->layers - 1)));
    for (const fn_algorithm *const *row = fn_algorithms; *row; row++) {
        attempt a = { s->view, *row };
        if ((*row)->group != FN_GROUP_CLUSTERS) ck_assert_int_ge(support_fail_each(try_row, &a), 3);
    }
    small_net_free(s);
}
END_TEST

Suite *suite_invariants(void)
{
    Suite *suite = suite_create("invariants");
    TCase *changes = tcase_create("changes"), *run = tcase_create("run");
    tcase_add_test(changes, firms_by_other_names_have_the_same_measures);
    tcase_add_test(changes, a_firm_without_ties_changes_what_it_should);
    tcase_add_test(changes, another_unit_of_money_changes_what_it_should);
    tcase_add_test(changes, self_ties_change_nothing);
    tcase_add_test(changes, ties_the_other_way_turn_measures_into_their_counterparts);
    tcase_add_test(run, every_number_of_threads_gives_the_same_bytes);
    tcase_add_test(run, every_failing_allocation_is_told);
    tcase_set_timeout(changes, 60);
    tcase_set_timeout(run, 60);
    suite_add_tcase(suite, changes);
    suite_add_tcase(suite, run);
    return suite;
}
