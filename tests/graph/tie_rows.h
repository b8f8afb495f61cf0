/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_TESTS_GRAPH_TIE_ROWS_H
#define FN_TESTS_GRAPH_TIE_ROWS_H

#include "graph/ties.h"

/* Random rows of ties, what they are in columns, and in order. */

/* What random rows differ in, beside their ends. */
typedef struct shape {
    uint32_t firms;
    bool hubs;              /* most ties deliver from, and many to, firm 1 */
    bool money, layers, currencies, products, days, counts, weights;
} shape;

enum { SHAPES = 8 };
extern const shape shapes[SHAPES];

/* Row `row` of the rows that seed and shape make. Money is in whole cents, some of it missing. */
fn_tie random_tie(uint64_t seed, uint64_t row, const shape *s);
/* To be freed. */
fn_tie *random_rows(uint64_t seed, size_t rows, const shape *s);
fn_ties ties_of(fn_run *run, const fn_tie *row, size_t rows);
/* All bytes, so that a NaN is itself. */
void assert_rows(const fn_ties *ties, const fn_tie *row, size_t rows);
/* The rows in order (to be freed), and where each stood. */
fn_tie *sorted_slowly(const fn_tie *row, size_t rows, uint32_t *record);

#endif
