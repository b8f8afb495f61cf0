/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_METIS_H
#define FN_IO_METIS_H

#include "io/numbered.h"

/* A graph in the format of METIS, row by row, before it becomes a network. Rows count from 0. */
typedef struct fn_metis {
    fn_numbered graph;
    int64_t header_line;
    int64_t firms, ties;    /* as the header declares */
    bool sizes, tie_weights;
    int64_t constraints;    /* weights of each firm */
    uint32_t rows;          /* read so far */
    size_t *row_end;        /* of each row: behind its last entry */
    int64_t *row_line;
    double *firm_weight;    /* of each row, where there is one constraint */
    size_t row_capacity, line_capacity, weight_capacity;
    uint32_t *to;           /* entries */
    double *weight;         /* parallel to them; NULL: none */
    size_t entries, to_capacity, tie_capacity;
} fn_metis;

/* Does every tie stand in both rows, with the same weight, and are there as many as the header declares? Else FN_EPARSE
 * at the line of the row that has it alone. Ties of one pair may repeat, as often in the one row as in the other.
 * O(entries log (entries of a row)) time, 16 bytes an entry. */
fn_status fn_metis_check(fn_run *run, const fn_metis *metis);

#endif
