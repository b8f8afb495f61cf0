/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_ALGORITHM_H
#define FN_ALGORITHMS_ALGORITHM_H

#include "algorithms/clusters.h"
#include "graph/params.h"
#include "graph/view.h"

/* A row of the table of algorithms: the command line, help, `firmnet list` and the "every algorithm on every odd
 * network" test are made from it. A new algorithm is one file that ends in such a constant, and one row. */
typedef enum fn_group {
    FN_GROUP_CLUSTERS,   /* gives `cluster`, one row a firm */
    FN_GROUP_CENTRALITY, /* gives its measures, one row a firm */
    FN_GROUP_TIES,       /* gives its columns, one row a selected tie of the view */
    FN_GROUP_BACKBONE    /* the same; judges which ties are more than chance (algorithms/backbone.h) */
} fn_group;

typedef struct fn_algorithm {
    const char *name;
    fn_group group;
    const char *text;        /* one line, in the user's words */
    const char *gives;       /* columns it adds, comma separated */
    const fn_param *params;  /* NULL: none */
    const char *source;      /* author, year */
    bool on_request;         /* a measure that is found only where it is named, not unasked with the others */
    fn_search *search;       /* of a method for clusters, so that it can be run on other networks; NULL: fn_leiden */
    fn_status (*run)(fn_run *run, const fn_view *view, const fn_values *values, fn_table *result);
} fn_algorithm;

/* NULL-ended. */
extern const fn_algorithm *const fn_algorithms[];
const fn_algorithm *fn_algorithm_find(fn_group group, const char *name);

#endif
