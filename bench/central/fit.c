/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdlib.h>
#include "bench/central/fit.h"
#include "bench/measure.h"

enum { T = FN_LEAD_TERMS, STEPS = 50 };

double fit_hit(const double *score, size_t members, size_t head)
{
    size_t alike = 0;
    for (size_t i = 0; i < members; i++) {
        if (score[i] > score[head] + 1e-12) return 0;
        alike += score[i] >= score[head] - 1e-12;
    }
    return 1.0 / (double) alike;
}

static double index_of(const double *term, const double *weight)
{
    double sum = 0;
    for (int t = 0; t < T; t++) sum += weight[t] * term[t];
    return sum;
}

/* Gradient and curvature of one group's likelihood: the head's terms less their mean over the members, and their
 * spread around it, each member weighed by its likelihood of being the head. */
static void add_group(const fit_group *g, const double *term, const double *weight, double gradient[T],
                      double curve[T][T])
{
    const double *row = term + g->first * T;
    double most = -INFINITY, total = 0, mean[T] = { 0 }, square[T][T] = { { 0 } };
    for (size_t i = 0; i < g->members; i++) most = fmax(most, index_of(row + i * T, weight));
    for (size_t i = 0; i < g->members; i++) {
        double likely = exp(index_of(row + i * T, weight) - most);
        total += likely;
        for (int a = 0; a < T; a++) {
            mean[a] += likely * row[i * T + (size_t) a];
            for (int b = 0; b < T; b++) square[a][b] += likely * row[i * T + (size_t) a] * row[i * T + (size_t) b];
        }
    }
    for (int a = 0; a < T; a++) {
        gradient[a] += row[g->head * T + (size_t) a] - mean[a] / total;
        for (int b = 0; b < T; b++) curve[a][b] += square[a][b] / total - mean[a] / total * mean[b] / total;
    }
}

/* Gauss with pivots; the matrix is positive definite (ridge). */
static void solve(double matrix[T][T], double right[T])
{
    for (int k = 0; k < T; k++)
        for (int r = 0; r < T; r++) {
            if (r == k) continue;
            double share = matrix[r][k] / matrix[k][k];
            for (int c = 0; c < T; c++) matrix[r][c] -= share * matrix[k][c];
            right[r] -= share * right[k];
        }
    for (int k = 0; k < T; k++) right[k] /= matrix[k][k];
}

void fit_weights(const fit_group *group, size_t groups, const double *term, const bool *use, double ridge,
                 double weight[T])
{
    size_t used = 0;
    for (size_t g = 0; g < groups; g++) used += !use || use[g];
    for (int t = 0; t < T; t++) weight[t] = 0;
    for (int step = 0; step < STEPS && used; step++) {
        double gradient[T] = { 0 }, curve[T][T] = { { 0 } }, moved = 0;
        for (size_t g = 0; g < groups; g++)
            if (!use || use[g]) add_group(&group[g], term, weight, gradient, curve);
        for (int t = 0; t < T; t++) {
            gradient[t] -= ridge * (double) used * weight[t];
            curve[t][t] += ridge * (double) used;
        }
        solve(curve, gradient);
        for (int t = 0; t < T; t++) {
            weight[t] += gradient[t];
            moved = fmax(moved, fabs(gradient[t]));
        }
        if (moved < 1e-10) break;
    }
}

double fit_cross_validate(const fit_group *group, size_t groups, const double *term, uint32_t buyers, int folds,
                          uint64_t seed, double ridge)
{
    double hits = 0, weight[T];
    bool *use = bench_alloc(groups, sizeof *use);
    double *score = bench_alloc(groups ? group[groups - 1].first + group[groups - 1].members : 0, sizeof *score);
    uint32_t *order = bench_alloc(buyers, sizeof *order);
    for (uint32_t b = 0; b < buyers; b++) order[b] = b;
    for (uint32_t b = buyers; b > 1; b--) {
        uint32_t other = (uint32_t) fn_random_below(seed, 0, b, b), kept = order[b - 1];
        order[b - 1] = order[other];
        order[other] = kept;
    }
    for (int fold = 0; fold < folds; fold++) {
        for (size_t g = 0; g < groups; g++) use[g] = order[group[g].buyer] % (uint32_t) folds != (uint32_t) fold;
        fit_weights(group, groups, term, use, ridge, weight);
        for (size_t g = 0; g < groups; g++) {
            if (use[g]) continue;
            for (size_t i = 0; i < group[g].members; i++)
                score[i] = index_of(term + (group[g].first + i) * T, weight);
            hits += fit_hit(score, group[g].members, group[g].head);
        }
    }
    free(use);
    free(score);
    free(order);
    return hits;
}
