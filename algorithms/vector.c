/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include "algorithms/vector.h"

enum { BLOCKS_MOST = 256, BLOCK_LEAST = 4096, LANES = 4 };

/* b NULL: the plain sum. */
static double block_dot(const double *a, const double *b, size_t first, size_t end)
{
    double lane[LANES] = { 0 };
    size_t i = first;
    for (; i + LANES <= end; i += LANES)
        for (int k = 0; k < LANES; k++) lane[k] += b ? a[i + (size_t) k] * b[i + (size_t) k] : a[i + (size_t) k];
    for (; i < end; i++) lane[0] += b ? a[i] * b[i] : a[i];
    return (lane[0] + lane[1]) + (lane[2] + lane[3]);
}

double fn_vector_dot(const fn_run *run, const double *a, const double *b, size_t n)
{
    size_t size = n / BLOCKS_MOST + 1;
    if (size < BLOCK_LEAST) size = BLOCK_LEAST;
    size_t blocks = (n + size - 1) / size;
    double part[BLOCKS_MOST], sum = 0;
    int threads = fn_run_threads(run);
    (void) threads;
#pragma omp parallel for schedule(static) num_threads(threads) if (blocks > 8)
    for (size_t k = 0; k < blocks; k++) part[k] = block_dot(a, b, k * size, n - k * size > size ? (k + 1) * size : n);
    for (size_t k = 0; k < blocks; k++) sum += part[k];
    return sum;
}

double fn_vector_sum(const fn_run *run, const double *a, size_t n)
{
    return fn_vector_dot(run, a, NULL, n);
}

double fn_vector_largest(const double *a, size_t n)
{
    double most = 0;
    for (size_t i = 0; i < n; i++)
        if (fabs(a[i]) > most) most = fabs(a[i]);
    return most;
}

void fn_vector_add(const fn_run *run, double *a, double factor, const double *b, size_t n)
{
    int threads = fn_run_threads(run);
    (void) threads;
#pragma omp parallel for schedule(static) num_threads(threads) if (n > 8 * BLOCK_LEAST)
    for (size_t i = 0; i < n; i++) a[i] += factor * b[i];
}
