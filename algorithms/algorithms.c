/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/algorithm.h"

extern const fn_algorithm fn_algorithm_leiden;
extern const fn_algorithm fn_algorithm_label_propagation;
extern const fn_algorithm fn_algorithm_infomap;
extern const fn_algorithm fn_algorithm_strength;
extern const fn_algorithm fn_algorithm_pagerank;
extern const fn_algorithm fn_algorithm_betweenness;
extern const fn_algorithm fn_algorithm_closeness;
extern const fn_algorithm fn_algorithm_coreness;
extern const fn_algorithm fn_algorithm_hits;
extern const fn_algorithm fn_algorithm_eigenvector;
extern const fn_algorithm fn_algorithm_katz;
extern const fn_algorithm fn_algorithm_influence;
extern const fn_algorithm fn_algorithm_streamness;
extern const fn_algorithm fn_algorithm_trophic;
extern const fn_algorithm fn_algorithm_weighted_core;
extern const fn_algorithm fn_algorithm_constraint;
extern const fn_algorithm fn_algorithm_tie_strength;
extern const fn_algorithm fn_algorithm_overlap;
extern const fn_algorithm fn_algorithm_directed_overlap;
extern const fn_algorithm fn_algorithm_weighted_overlap;
extern const fn_algorithm fn_algorithm_squares;
extern const fn_algorithm fn_algorithm_simmelian;
extern const fn_algorithm fn_algorithm_quadrilateral;
extern const fn_algorithm fn_algorithm_truss;
extern const fn_algorithm fn_algorithm_edge_betweenness;
extern const fn_algorithm fn_algorithm_relation;
extern const fn_algorithm fn_algorithm_disparity;
extern const fn_algorithm fn_algorithm_noise_corrected;
extern const fn_algorithm fn_algorithm_marginal_likelihood;
extern const fn_algorithm fn_algorithm_hypergeometric;
extern const fn_algorithm fn_algorithm_salience;
extern const fn_algorithm fn_algorithm_weight;

const fn_algorithm *const fn_algorithms[] = {
    &fn_algorithm_leiden,
    &fn_algorithm_infomap,
    &fn_algorithm_label_propagation,
    &fn_algorithm_strength,
    &fn_algorithm_pagerank,
    &fn_algorithm_betweenness,
    &fn_algorithm_closeness,
    &fn_algorithm_coreness,
    &fn_algorithm_hits,
    &fn_algorithm_eigenvector,
    &fn_algorithm_katz,
    &fn_algorithm_influence,
    &fn_algorithm_streamness,
    &fn_algorithm_trophic,
    &fn_algorithm_weighted_core,
    &fn_algorithm_constraint,
    &fn_algorithm_tie_strength,
    &fn_algorithm_overlap,
    &fn_algorithm_directed_overlap,
    &fn_algorithm_weighted_overlap,
    &fn_algorithm_squares,
    &fn_algorithm_simmelian,
    &fn_algorithm_quadrilateral,
    &fn_algorithm_truss,
    &fn_algorithm_edge_betweenness,
    &fn_algorithm_relation,
    &fn_algorithm_disparity,
    &fn_algorithm_noise_corrected,
    &fn_algorithm_marginal_likelihood,
    &fn_algorithm_hypergeometric,
    &fn_algorithm_salience,
    &fn_algorithm_weight,
    NULL
};

const fn_algorithm *fn_algorithm_find(fn_group group, const char *name)
{
    for (const fn_algorithm *const *a = fn_algorithms; *a; a++)
        if ((*a)->group == group && strcmp((*a)->name, name) == 0) return *a;
    return NULL;
}
