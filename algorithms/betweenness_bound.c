/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include "algorithms/betweenness_bound.h"
#include "graph/memory.h"

/* This part of delta is dealt evenly, in case the pilot was quite wrong of a firm. */
#define EVEN_PART .05

/* Chains between two checks grow so. */
#define CHECK_GROWTH 1.25

static double divergence(double q, double p)
{
    double below = q > 0 ? q * log(q / p) : 0;
    return q < 1 ? below + (1 - q) * log((1 - q) / (1 - p)) : below;
}

/* The nearer of the two ends at which a share is off by the error; an end outside 0 … 1 cannot be. */
static double evidence(double share, double error)
{
    double least = INFINITY;
    if (share + error < 1) least = divergence(share, share + error);
    if (share - error > 0) least = fmin(least, divergence(share, share - error));
    return least;
}

/* Chance that a firm is off after so many chains, if its share is what the pilot says, or rather more. Firms that the
 * pilot never met count as half a chain. */
static double chance(double count, double error, double chains)
{
    double share = (count > 0 ? count + .5 * sqrt(count) : .5) / FN_BOUND_PILOT;
    return exp(-chains * evidence(fmin(share, 1), error));
}

/* firms[c]: how many the pilot met c times. */
static double chance_of_any(const double *firms, double error, double chains)
{
    double sum = 0;
    for (int c = 0; c <= FN_BOUND_PILOT; c++)
        if (firms[c] > 0) sum += firms[c] * chance(c, error, chains);
    return sum;
}

/* As few chains as the pilot promises to be enough. */
static double least_chains(const double *firms, double error, double wanted)
{
    double low = 1, high = 2;
    while (high < 1e15 && chance_of_any(firms, error, high) > wanted) low = high, high *= 2;
    for (int step = 0; step < 40; step++) {
        double middle = (low + high) / 2;
        if (chance_of_any(firms, error, middle) > wanted) low = middle;
        else high = middle;
    }
    return high;
}

fn_status fn_bound_plan(fn_run *run, const uint32_t *count, uint32_t places, double error, double delta,
                        fn_bound *bound)
{
    double firms[FN_BOUND_PILOT + 1] = { 0 }, part = delta / (2 * FN_BOUND_CHECKS), most = 0;
    *bound = (fn_bound) { .error = error, .places = places, .need = fn_alloc(run, places, sizeof *bound->need) };
    if (!bound->need) return FN_ENOMEM;
    for (uint32_t p = 0; p < places; p++) firms[count[p]]++;
    double chains = least_chains(firms, error, part * (1 - EVEN_PART));
    double scale = part * (1 - EVEN_PART) / fmax(chance_of_any(firms, error, chains), 1e-300);
    for (uint32_t p = 0; p < places; p++) {
        bound->need[p] = -log(fmin(part, scale * chance(count[p], error, chains) + part * EVEN_PART / places));
        if (bound->need[p] > most) most = bound->need[p];
    }
    bound->last = (uint64_t) ceil(most / (2 * error * error));
    bound->first = chains < (double) bound->last ? (uint64_t) ceil(chains) : bound->last;
    return FN_OK;
}

void fn_bound_free(fn_bound *bound)
{
    fn_free(bound->need);
}

uint64_t fn_bound_chains(const fn_bound *bound, int check)
{
    double chains = ceil((double) bound->first * pow(CHECK_GROWTH, check));
    return check == FN_BOUND_CHECKS - 1 || chains > (double) bound->last ? bound->last : (uint64_t) chains;
}

bool fn_bound_kept(const fn_bound *bound, const uint32_t *count, uint64_t chains)
{
    double all = (double) chains;
    for (uint32_t p = 0; p < bound->places; p++)
        if (all * evidence(count[p] / all, bound->error) < bound->need[p]) return false;
    return true;
}
