/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_TESTS_CLUSTER_NETS_H
#define FN_TESTS_CLUSTER_NETS_H

#include "algorithms/clusters.h"
#include "tests/suite.h"

/* Networks, slow oracles and checks that the tests of clusters share. */
enum { SMALL_FIRMS = 8 };

typedef struct test_tie {
    uint32_t from, to;
    uint16_t layer;
    double weight;
} test_tie;

/* Two directed cycles of three firms, joined by a tie. */
extern const uint32_t two_cycles[7][2];

fn_net *net_of(fn_run *run, uint32_t firms, size_t ties, const test_tie *tie);
/* Random ties in three layers, one of them undirected, with self and parallel ties. Returns ties. */
size_t random_ties(uint64_t seed, uint32_t firms, size_t ties, test_tie *tie);
/* One buyer, two groups of six suppliers that bid against each other within the group. */
fn_net *star_net(fn_run *run);

fn_leiden_options options_of(fn_quality quality, double resolution, bool directed);
/* Kinds 0 … 3: modularity and CPM undirected, modularity and CPM directed. */
fn_leiden_options options_kind(int kind, double cpm_resolution);
double quality_of(fn_run *run, const fn_view *view, const uint32_t *cluster, const fn_leiden_options *options);
fn_partition *leiden(fn_run *run, const fn_view *view, const fn_leiden_options *options);

/* The definition of the quality, over all pairs of firms, in double. */
double slow_quality(const fn_view *view, const uint32_t *cluster, const fn_leiden_options *options);
/* The highest quality of all partitions of at most SMALL_FIRMS firms. */
double best_quality(fn_run *run, const fn_view *view, const fn_leiden_options *options, uint32_t *best);
/* Every cluster in one piece when direction and layer are ignored; labels by size, then by lowest firm. */
void assert_proper(fn_run *run, const fn_view *view, const fn_partition *partition);

#endif
