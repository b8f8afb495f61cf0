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
extern const fn_algorithm fn_algorithm_coreness;
extern const fn_algorithm fn_algorithm_tie_strength;
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
    &fn_algorithm_coreness,
    &fn_algorithm_tie_strength,
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
