/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "tests/algorithms/judged.h"
#include "tests/suite.h"

void judged_of(judged *j, const uint32_t *cluster, uint32_t clusters, const fn_central_options *options)
{
    fn_central_options defaults;
    fn_central_defaults(&defaults);
    j->view = support_view(&j->run, j->net);
    ck_assert_uint_le(j->view->firms, 64);
    ck_assert_int_eq(fn_central_company(&j->run, j->view, cluster, clusters, options ? options : &defaults, &j->heads,
                                        &j->members, j->is_central, j->index), FN_OK);
}

judged judged_toy(toy_tenders tenders, const fn_central_options *options)
{
    judged j = { .run = support_run() };
    uint32_t cluster[TOY_FIRMS];
    j.net = toy_net(&j.run, tenders);
    toy_clusters(j.net, cluster);
    judged_of(&j, cluster, TOY_CLUSTERS, options);
    return j;
}

void judged_free(judged *j)
{
    fn_table_free(j->heads);
    fn_table_free(j->members);
    fn_view_free(j->view);
    fn_net_free(j->net);
}

double judged_real(const fn_table *table, const char *column, size_t row)
{
    fn_column *c = fn_table_find(table, column);
    ck_assert_ptr_nonnull(c);
    ck_assert_int_eq(c->type, FN_COLUMN_REAL);
    return c->real[row];
}

int64_t judged_whole(const fn_table *table, const char *column, size_t row)
{
    fn_column *c = fn_table_find(table, column);
    ck_assert_ptr_nonnull(c);
    ck_assert_int_eq(c->type, FN_COLUMN_INT);
    return c->integer[row];
}

const char *judged_text(const fn_table *table, const char *column, size_t row)
{
    fn_column *c = fn_table_find(table, column);
    ck_assert_ptr_nonnull(c);
    return fn_column_text(c, row, NULL);
}

size_t judged_row(const judged *j, const char *firm)
{
    for (size_t row = 0; row < j->members->rows; row++)
        if (strcmp(judged_text(j->members, "firm", row), firm) == 0) return row;
    ck_abort_msg("no member %s", firm);
}
