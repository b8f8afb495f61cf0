/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include "tests/algorithms/rows.h"
#include "tests/algorithms/small_nets.h"
#include "tests/suite.h"

Suite *suite_strength(void);

/* What is counted and added up of each firm's ties, and core numbers, by their definitions on small networks. */

static void check_degrees(const small_net *s, uint32_t f, bool any_direction, const fn_table *t)
{
    double in = 0, out = 0, partners = 0, strength_in = 0, strength_out = 0;
    bool supplier[DENSE_MOST] = { false }, customer[DENSE_MOST] = { false }, partner[DENSE_MOST] = { false };
    for (size_t i = 0; i < s->ties; i++) {
        const fn_tie *tie = &s->tie[i];
        bool delivers = fn_net_layer_directed(tie->layer), from = tie->from == f, to = tie->to == f;
        if (from == to) continue;
        partner[from ? tie->to : tie->from] = true;
        if (!delivers) continue;
        if (from) customer[tie->to] = true, strength_out += s->weight[i];
        else supplier[tie->from] = true, strength_in += s->weight[i];
    }
    for (uint32_t v = 0; v < s->firms; v++) in += supplier[v], out += customer[v], partners += partner[v];
    row_assert(t, "ties_in", f, any_direction ? in : NAN, 0);
    row_assert(t, "ties_out", f, any_direction ? out : NAN, 0);
    row_assert(t, "partners", f, partners, 0);
    row_assert(t, "strength_in", f, any_direction ? strength_in : NAN, 0);
    row_assert(t, "strength_out", f, any_direction ? strength_out : NAN, 0);
}

/* The currency of most ties that state money; -1: none does. */
static int main_currency(const small_net *s)
{
    int priced[2] = { 0, 0 };
    for (size_t i = 0; i < s->ties; i++) {
        const fn_tie *tie = &s->tie[i];
        if (tie->from != tie->to && fn_net_layer_directed(tie->layer)) priced[tie->currency] += !isnan(tie->value);
    }
    return priced[0] + priced[1] == 0 ? -1 : priced[1] > priced[0];
}

static void check_money(const small_net *s, uint32_t f, int currency, const fn_table *t)
{
    for (int in = 0; in < 2; in++) {
        double sum = 0, priced = 0, ties = 0;
        for (size_t i = 0; i < s->ties; i++) {
            const fn_tie *tie = &s->tie[i];
            if ((in ? tie->to : tie->from) != f || tie->from == tie->to || !fn_net_layer_directed(tie->layer)) continue;
            ties++;
            if (isnan(tie->value) || tie->currency != currency) continue;
            priced++;
            sum += tie->value;
        }
        bool known = currency >= 0 && (priced > 0 || ties == 0);
        row_assert(t, in ? "value_in" : "value_out", f, known ? sum : NAN, 0);
    }
}

static void check_concentration(const small_matrix *supply, uint32_t f, bool any_direction, const fn_table *t)
{
    for (int in = 0; in < 2; in++) {
        double all = 0, largest = 0, hhi = 0;
        for (uint32_t v = 0; v < supply->n; v++) {
            double w = in ? supply->w[v][f] : supply->w[f][v];
            all += w;
            largest = fmax(largest, w);
        }
        for (uint32_t v = 0; v < supply->n; v++) hhi += pow((in ? supply->w[v][f] : supply->w[f][v]) / all, 2);
        bool known = any_direction && all > 0;
        row_assert(t, in ? "supplier_hhi" : "customer_hhi", f, known ? hhi : NAN, 1e-14);
        row_assert(t, in ? "top_supplier_share" : "top_customer_share", f, known ? largest / all : NAN, 1e-15);
    }
}

/* Who is left when all with fewer than k partners among those left have gone, again and again. */
static void check_cores(const small_matrix *all, const fn_table *t)
{
    for (int k = 0; k < DENSE_MOST; k++) {
        bool left[DENSE_MOST], any = true;
        for (uint32_t f = 0; f < all->n; f++) left[f] = true;
        while (any) {
            any = false;
            for (uint32_t f = 0; f < all->n; f++) {
                int partners = 0;
                for (uint32_t v = 0; v < all->n; v++) partners += left[v] && all->pair[f][v];
                if (!left[f] || partners >= k) continue;
                left[f] = false;
                any = true;
            }
        }
        for (uint32_t f = 0; f < all->n; f++) ck_assert_int_eq(left[f], row_cell(t, "coreness", f) >= k);
    }
}

START_TEST(strengths_and_cores_are_what_their_definitions_say)
{
    for (uint64_t seed = 0; seed < SMALL_NETS; seed++) {
        fn_run run = support_run();
        small_net *s = small_net_new(&run, seed, NULL);
        small_matrix supply = small_matrix_of(s, FN_LAYER_SUPPLY), all = small_matrix_of(s, -1);
        fn_table *t = row_find(&run, s->view, FN_GROUP_CENTRALITY, "strength");
        fn_table *cores = row_find(&run, s->view, FN_GROUP_CENTRALITY, "coreness");
        bool any_direction = s->ties == 0;
        for (size_t i = 0; i < s->ties; i++) any_direction |= fn_net_layer_directed(s->tie[i].layer);
        for (uint32_t f = 0; f < s->firms; f++) {
            check_degrees(s, f, any_direction, t);
            check_money(s, f, any_direction ? main_currency(s) : -1, t);
            check_concentration(&supply, f, any_direction, t);
        }
        check_cores(&all, cores);
        fn_table_free(t);
        fn_table_free(cores);
        small_net_free(s);
    }
}
END_TEST

/* The other tests rest on it that the networks are as odd as they are said to be. */
START_TEST(small_networks_have_all_that_is_odd)
{
    int loops = 0, parallel = 0, zeros = 0, unpriced = 0, lone = 0, empty = 0, layers = 0, tenders = 0, way = 0;
    int merged = 0;
    for (uint64_t seed = 0; seed < SMALL_NETS; seed++) {
        fn_run run = support_run();
        small_net *s = small_net_new(&run, seed, NULL);
        bool found[10] = { false };
        int partners[DENSE_MOST] = { 0 };
        for (size_t i = 0; i < s->ties; i++) {
            const fn_tie *t = &s->tie[i];
            found[0] |= t->from == t->to;
            found[1] |= i > 0 && t->from == t[-1].from && t->to == t[-1].to && t->layer == t[-1].layer;
            found[2] |= s->weight[i] == 0;
            found[3] |= isnan(t->value);
            found[4] |= i > 0 && t->layer != s->tie[0].layer;
            found[5] |= !fn_net_layer_directed(t->layer);
            if (t->from != t->to) partners[t->from]++, partners[t->to]++;
        }
        for (uint32_t f = 0; f < s->firms; f++) found[6] |= !partners[f];
        loops += found[0], parallel += found[1], zeros += found[2], unpriced += found[3], layers += found[4];
        way += found[5], lone += found[6], empty += !s->ties, tenders += s->tenders > 0, merged += s->records > s->ties;
        ck_assert(s->firms >= 2 && s->firms <= DENSE_MOST);
        small_net_free(s);
    }
    const int often[] = { loops, zeros, unpriced, lone, layers, tenders, way, merged };
    for (size_t k = 0; k < sizeof often / sizeof *often; k++)
        ck_assert_msg(often[k] > SMALL_NETS / 10, "only %d networks have oddity %zu", often[k], k);
    ck_assert_int_gt(parallel, SMALL_NETS / 40);
    ck_assert_int_gt(empty, SMALL_NETS / 100);
}
END_TEST

Suite *suite_strength(void)
{
    Suite *suite = suite_create("strength");
    TCase *oracle = tcase_create("oracle");
    tcase_add_test(oracle, strengths_and_cores_are_what_their_definitions_say);
    tcase_add_test(oracle, small_networks_have_all_that_is_odd);
    tcase_set_timeout(oracle, 60);
    suite_add_tcase(suite, oracle);
    return suite;
}
