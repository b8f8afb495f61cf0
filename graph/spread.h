/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_GRAPH_SPREAD_H
#define FN_GRAPH_SPREAD_H

#include <stddef.h>
#include "graph/run.h"

/* How numbers are spread, where there are too many to sort or to copy. */
typedef struct fn_spread {
    size_t count;
    double sum;
    double least, median, mean, greatest; /* NaN where there is no number; of an even count half of the middle two */
} fn_spread;

/* The number at a place from 0 on; NaN: none there. Asked several times, and must answer the same. */
typedef double fn_number_at(const void *user, size_t place);

/* O(places) time whatever the numbers are, half a megabyte of memory. Sums as graph/sum.h does. */
fn_status fn_spread_find(fn_run *run, size_t places, fn_number_at *at, const void *user, fn_spread *spread);

#endif
