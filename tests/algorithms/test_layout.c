/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "algorithms/layout.h"
#include "graph/memory.h"
#include "graph/palette.h"
#include "graph/random.h"
#include "tests/suite.h"

Suite *suite_layout(void);

typedef struct picture {
    fn_run run;
    fn_net *net;
    fn_view *view;
    uint32_t firms, clusters;
    uint32_t *cluster;
    bool *central;
    double *importance, *x, *y, *size;
} picture;

static void picture_alloc(picture *p)
{
    p->firms = fn_net_firms(p->net);
    p->view = support_view(&p->run, p->net);
    p->cluster = calloc(p->firms + 1, sizeof *p->cluster);
    p->central = calloc(p->firms + 1, sizeof *p->central);
    p->importance = calloc(p->firms + 1, sizeof *p->importance);
    p->x = calloc(p->firms + 1, sizeof *p->x);
    p->y = calloc(p->firms + 1, sizeof *p->y);
    p->size = calloc(p->firms + 1, sizeof *p->size);
}

/* Clusters of unequal sizes by firm number; heavy-tailed importance; the middle firm of a cluster is its head. */
static picture picture_new(uint64_t seed, uint32_t firms, size_t ties, uint32_t clusters)
{
    picture p = { .run = support_run(), .clusters = clusters };
    p.net = support_random_net(&p.run, seed, firms, ties, true);
    picture_alloc(&p);
    for (uint32_t u = 0; u < firms; u++) {
        double share = (double) u / firms;
        p.cluster[u] = (uint32_t) (clusters * share * share);
        p.importance[u] = pow(fn_random_unit(seed, 7, u), 8);
        p.central[u] = u % (firms / clusters + 1) == 5;
    }
    return p;
}

static void picture_free(picture *p)
{
    free(p->cluster);
    free(p->central);
    free(p->importance);
    free(p->x);
    free(p->y);
    free(p->size);
    fn_view_free(p->view);
    fn_net_free(p->net);
}

static void picture_draw(picture *p)
{
    fn_status status = fn_layout(&p->run, p->view, p->cluster, p->clusters, p->central, p->importance, p->x, p->y,
                                 p->size);
    ck_assert_msg(status == FN_OK, "%s", p->run.error.message);
}

/* What makes Gephi's automatic scaling change nothing. */
static void check_frame(const picture *p)
{
    double east = 0, north = 0, least = INFINITY, most = 0;
    for (uint32_t u = 0; u < p->firms; u++) {
        ck_assert(isfinite(p->x[u]) && isfinite(p->y[u]));
        ck_assert(fabs(p->x[u]) <= 4900 && fabs(p->y[u]) <= 4900);
        ck_assert_double_eq_tol(p->x[u] * 100, round(p->x[u] * 100), 1e-6);
        east += p->x[u] / p->firms;
        north += p->y[u] / p->firms;
        least = fmin(least, p->size[u]);
        most = fmax(most, p->size[u]);
    }
    ck_assert(fabs(east) < 0.01 && fabs(north) < 0.01);
    ck_assert_double_eq(least, 4);
    ck_assert(p->firms < 2 || most == 100 || most == 4);
}

static void check_no_overlap(const picture *p)
{
    for (uint32_t u = 0; u < p->firms; u++)
        for (uint32_t v = u + 1; v < p->firms; v++)
            ck_assert_msg(hypot(p->x[u] - p->x[v], p->y[u] - p->y[v]) >= p->size[u] + p->size[v],
                          "firms %u and %u overlap", u, v);
}

static bool tied(const picture *p, uint32_t u)
{
    for (size_t t = 0; t < fn_net_ties(p->net); t++) {
        const fn_tie tie = fn_net_tie_at(p->net, t);
        if (tie.from != tie.to && (tie.from == u || tie.to == u)) return true;
    }
    return false;
}

/* The smallest circle around the head of a cluster that holds its tied members must hold no firm of another one. */
static void check_discs_apart(const picture *p)
{
    for (uint32_t c = 0; c < p->clusters; c++) {
        double east = 0, north = 0, radius = 0;
        uint32_t members = 0, head = UINT32_MAX;
        for (uint32_t u = 0; u < p->firms; u++) {
            if (p->cluster[u] != c || !tied(p, u)) continue;
            members++;
            bool better = head == UINT32_MAX || p->central[u] > p->central[head] ||
                          (p->central[u] == p->central[head] && p->size[u] > p->size[head]);
            if (better) head = u;
        }
        if (members < 2) continue;
        east = p->x[head];
        north = p->y[head];
        for (uint32_t u = 0; u < p->firms; u++)
            if (p->cluster[u] == c && tied(p, u))
                radius = fmax(radius, hypot(p->x[u] - east, p->y[u] - north) + p->size[u]);
        for (uint32_t u = 0; u < p->firms; u++)
            if (p->cluster[u] != c || !tied(p, u))
                ck_assert_msg(hypot(p->x[u] - east, p->y[u] - north) >= radius,
                              "firm %u lies in the disc of cluster %u", u, c);
    }
}

START_TEST(gephi_would_not_rescale_the_drawing)
{
    picture p = picture_new((uint64_t) _i + 1, 40 + 150 * (uint32_t) _i, 60 + 300 * (size_t) _i, 3 + (uint32_t) _i);
    picture_draw(&p);
    check_frame(&p);
    double most = 0;
    for (uint32_t u = 0; u < p.firms; u++) most = fmax(most, p.size[u]);
    ck_assert_double_eq(most, 100);
    picture_free(&p);
}
END_TEST

START_TEST(no_firm_covers_another)
{
    picture p = picture_new((uint64_t) _i + 1, 30 + 200 * (uint32_t) _i, 50 + 400 * (size_t) _i, 2 + 4 * (uint32_t) _i);
    picture_draw(&p);
    check_no_overlap(&p);
    picture_free(&p);
}
END_TEST

START_TEST(discs_of_clusters_lie_apart_with_the_central_company_in_the_middle)
{
    picture p = picture_new((uint64_t) _i + 1, 30 + 200 * (uint32_t) _i, 50 + 400 * (size_t) _i, 2 + 4 * (uint32_t) _i);
    picture_draw(&p);
    check_discs_apart(&p);
    picture_free(&p);
}
END_TEST

START_TEST(area_grows_with_importance)
{
    picture p = picture_new(3, 50, 80, 4);
    for (uint32_t u = 0; u < p.firms; u++) p.importance[u] = u;
    picture_draw(&p);
    ck_assert_double_eq(p.size[0], 4);
    ck_assert_double_eq(p.size[49], 100);
    ck_assert_double_eq_tol(p.size[10], 4 + 96 * sqrt(10 / 49.0), 1e-12);
    picture_free(&p);
}
END_TEST

START_TEST(equal_importance_gives_the_size_gephi_leaves_alone)
{
    picture p = picture_new(3, 50, 80, 4);
    for (uint32_t u = 0; u < p.firms; u++) p.importance[u] = 0.25;
    picture_draw(&p);
    for (uint32_t u = 0; u < p.firms; u++) ck_assert_double_eq(p.size[u], 4);
    check_frame(&p);
    check_no_overlap(&p);
    picture_free(&p);
}
END_TEST

START_TEST(the_same_drawing_comes_twice)
{
    picture p = picture_new(11, 300, 900, 7), q = picture_new(11, 300, 900, 7);
    q.run.threads = 2;
    picture_draw(&p);
    picture_draw(&q);
    ck_assert_mem_eq(p.x, q.x, p.firms * sizeof *p.x);
    ck_assert_mem_eq(p.y, q.y, p.firms * sizeof *p.y);
    ck_assert_mem_eq(p.size, q.size, p.firms * sizeof *p.size);
    picture_free(&p);
    picture_free(&q);
}
END_TEST

START_TEST(isolated_firms_stay_out_of_the_way)
{
    static const uint32_t pair[][2] = { { 0, 1 }, { 1, 2 }, { 2, 0 }, { 3, 3 } };
    picture p = { .run = support_run(), .clusters = 12 };
    p.net = support_net(&p.run, 14, 4, pair, NULL);
    picture_alloc(&p);
    for (uint32_t u = 0; u < 14; u++) p.cluster[u] = u < 3 ? 0 : u - 2;
    p.importance[0] = 5;
    p.importance[13] = 9; /* important, yet without ties */
    picture_draw(&p);
    check_frame(&p);
    check_no_overlap(&p);
    double inside = 0, outside = INFINITY;
    for (uint32_t u = 0; u < 14; u++) {
        double out = hypot(p.x[u] - p.x[0], p.y[u] - p.y[0]);
        if (u < 3) inside = fmax(inside, out);
        else outside = fmin(outside, out);
    }
    ck_assert(outside > inside);
    picture_free(&p);
}
END_TEST

START_TEST(odd_networks_are_drawn)
{
    static const uint32_t pair[][2] = { { 0, 0 }, { 0, 1 } };
    for (uint32_t firms = 0; firms <= 3; firms++) {
        for (size_t ties = 0; ties <= (firms < 2 ? firms : 2); ties++) {
            picture p = { .run = support_run(), .clusters = firms };
            p.net = support_net(&p.run, firms, ties, pair, NULL);
            picture_alloc(&p);
            for (uint32_t u = 0; u < firms; u++) {
                p.cluster[u] = u;
                p.importance[u] = u == 1 ? NAN : u;
            }
            picture_draw(&p);
            if (firms > 0) check_frame(&p);
            check_no_overlap(&p);
            picture_free(&p);
        }
    }
}
END_TEST

START_TEST(negative_importance_is_refused)
{
    picture p = picture_new(1, 30, 30, 2);
    p.importance[3] = -1;
    ck_assert_int_eq(fn_layout(&p.run, p.view, p.cluster, p.clusters, NULL, p.importance, p.x, p.y, p.size), FN_EINVAL);
    picture_free(&p);
}
END_TEST

START_TEST(many_firms_are_scaled_into_the_frame)
{
    picture p = picture_new(5, 60000, 90000, 3000);
    for (uint32_t u = 0; u < p.firms; u++) p.importance[u] = (double) (u % 5);
    picture_draw(&p);
    check_frame(&p);
    picture_free(&p);
}
END_TEST

START_TEST(every_failing_allocation_is_an_error)
{
    picture p = picture_new(2, 40, 60, 3);
    fn_status status = FN_ENOMEM;
    for (long k = 0; status; k++) {
        p.run = support_run();
        fn_memory_fail_at(k, false);
        status = fn_layout(&p.run, p.view, p.cluster, p.clusters, p.central, p.importance, p.x, p.y, p.size);
        fn_memory_fail_at(-1, false);
        ck_assert(status == FN_OK || status == FN_ENOMEM);
        ck_assert_int_lt(k, 500);
    }
    picture_free(&p);
}
END_TEST

START_TEST(the_seven_largest_clusters_have_their_own_colour)
{
    for (uint32_t a = 0; a < FN_CLUSTER_COLORS; a++) {
        ck_assert_uint_eq(strlen(fn_cluster_color(a)), 7);
        for (uint32_t b = a + 1; b <= FN_CLUSTER_COLORS; b++) ck_assert_str_ne(fn_cluster_color(a), fn_cluster_color(b));
    }
    ck_assert_str_eq(fn_cluster_color(7), "#999999");
    ck_assert_str_eq(fn_cluster_color(UINT32_MAX), "#999999");
}
END_TEST

Suite *suite_layout(void)
{
    Suite *suite = suite_create("layout");
    TCase *tests = tcase_create("layout");
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, gephi_would_not_rescale_the_drawing, 0, 4);
    tcase_add_loop_test(tests, no_firm_covers_another, 0, 4);
    tcase_add_loop_test(tests, discs_of_clusters_lie_apart_with_the_central_company_in_the_middle, 0, 4);
    tcase_add_test(tests, area_grows_with_importance);
    tcase_add_test(tests, equal_importance_gives_the_size_gephi_leaves_alone);
    tcase_add_test(tests, the_same_drawing_comes_twice);
    tcase_add_test(tests, isolated_firms_stay_out_of_the_way);
    tcase_add_test(tests, odd_networks_are_drawn);
    tcase_add_test(tests, negative_importance_is_refused);
    tcase_add_test(tests, many_firms_are_scaled_into_the_frame);
    tcase_add_test(tests, every_failing_allocation_is_an_error);
    tcase_add_test(tests, the_seven_largest_clusters_have_their_own_colour);
    suite_add_tcase(suite, tests);
    return suite;
}
