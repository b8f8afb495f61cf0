/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_TESTS_ALGORITHMS_JUDGED_H
#define FN_TESTS_ALGORITHMS_JUDGED_H

#include "algorithms/central_company.h"
#include "tests/algorithms/toy.h"

/* A network with its central companies. */
typedef struct judged {
    fn_run run;
    fn_net *net;
    fn_view *view;
    fn_table *heads, *members;
    bool is_central[64];
    double index[64];
} judged;

/* Of j->net, for these clusters; options NULL: the defaults. */
void judged_of(judged *j, const uint32_t *cluster, uint32_t clusters, const fn_central_options *options);
/* The worked network. */
judged judged_toy(toy_tenders tenders, const fn_central_options *options);
void judged_free(judged *j);

/* A cell, whose column has that type. */
double judged_real(const fn_table *table, const char *column, size_t row);
int64_t judged_whole(const fn_table *table, const char *column, size_t row);
const char *judged_text(const fn_table *table, const char *column, size_t row);
/* Row of a firm among the members. */
size_t judged_row(const judged *j, const char *firm);

#endif
