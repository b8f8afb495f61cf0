/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include "tests/algorithms/slow_tails.h"

static long double choose[TRIALS_MOST + 1][TRIALS_MOST + 1];

static void fill_choose(void)
{
    if (choose[0][0] > 0) return;
    for (int n = 0; n <= TRIALS_MOST; n++)
        for (int k = 0; k <= n; k++) choose[n][k] = k == 0 || k == n ? 1 : choose[n - 1][k - 1] + choose[n - 1][k];
}

double slow_binomial(int n, double p, int x)
{
    long double sum = 0, hit = 1, miss[TRIALS_MOST + 1] = { 1 };
    fill_choose();
    for (int k = 1; k <= n; k++) miss[k] = miss[k - 1] * (1 - (long double) p);
    for (int k = 0; k <= n; k++, hit *= p)
        if (k >= x) sum += choose[n][k] * hit * miss[n - k];
    return (double) logl(sum);
}

double slow_hypergeometric(int all, int marked, int drawn, int x)
{
    long double sum = 0;
    fill_choose();
    for (int k = x; k <= marked && k <= drawn; k++)
        if (drawn - k <= all - marked) sum += choose[marked][k] * choose[all - marked][drawn - k];
    return (double) logl(sum / choose[all][drawn]);
}

double slow_false_share(const double *p, size_t count, double tests, size_t row)
{
    double q = 1;
    for (size_t i = 0; i < count; i++) {
        double rank = 0;
        if (!(p[i] >= p[row])) continue;
        for (size_t k = 0; k < count; k++) rank += p[k] <= p[i];
        q = fmin(q, p[i] * tests / rank);
    }
    return isnan(p[row]) ? (double) NAN : q;
}
