/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "tests/algorithms/dense.h"
#include "tests/suite.h"

static dense_quad magnitude(dense_quad x)
{
    return x < 0 ? -x : x;
}

void dense_solve(uint32_t n, dense_quad a[DENSE_MOST][DENSE_MOST], dense_quad b[DENSE_MOST])
{
    for (uint32_t k = 0; k < n; k++) {
        uint32_t pivot = k;
        for (uint32_t r = k + 1; r < n; r++)
            if (magnitude(a[r][k]) > magnitude(a[pivot][k])) pivot = r;
        ck_assert_msg(magnitude(a[pivot][k]) > 1e-25, "the oracle's matrix is singular");
        for (uint32_t c = 0; c < n; c++) {
            dense_quad swap = a[k][c];
            a[k][c] = a[pivot][c], a[pivot][c] = swap;
        }
        dense_quad swap = b[k];
        b[k] = b[pivot], b[pivot] = swap;
        for (uint32_t r = 0; r < n; r++) {
            if (r == k) continue;
            dense_quad factor = a[r][k] / a[k][k];
            for (uint32_t c = k; c < n; c++) a[r][c] -= factor * a[k][c];
            b[r] -= factor * b[k];
        }
    }
    for (uint32_t k = 0; k < n; k++) b[k] /= a[k][k];
}

/* Eigenvalues on the diagonal of a, vectors in the columns of axes: rotations until nothing is off the diagonal. */
static void diagonalise(uint32_t n, double a[DENSE_MOST][DENSE_MOST], double axes[DENSE_MOST][DENSE_MOST])
{
    for (uint32_t p = 0; p < n; p++)
        for (uint32_t q = 0; q < n; q++) axes[p][q] = p == q;
    for (int round = 0; round < 60; round++)
        for (uint32_t p = 0; p < n; p++)
            for (uint32_t q = p + 1; q < n; q++) {
                if (a[p][q] == 0) continue;
                double angle = 0.5 * atan2(2 * a[p][q], a[p][p] - a[q][q]), c = cos(angle), s = sin(angle);
                for (uint32_t k = 0; k < n; k++) {
                    double x = a[k][p], y = a[k][q];
                    a[k][p] = c * x + s * y, a[k][q] = c * y - s * x;
                    x = axes[k][p], y = axes[k][q];
                    axes[k][p] = c * x + s * y, axes[k][q] = c * y - s * x;
                }
                for (uint32_t k = 0; k < n; k++) {
                    double x = a[p][k], y = a[q][k];
                    a[p][k] = c * x + s * y, a[q][k] = c * y - s * x;
                }
                a[p][q] = a[q][p] = 0;
            }
}

void dense_dominant(uint32_t n, const double matrix[DENSE_MOST][DENSE_MOST], double *largest, double *next,
                    double x[DENSE_MOST])
{
    double a[DENSE_MOST][DENSE_MOST], axes[DENSE_MOST][DENSE_MOST], most = 0;
    memcpy(a, matrix, sizeof a);
    diagonalise(n, a, axes);
    *largest = *next = 0;
    for (uint32_t k = 0; k < n; k++) *largest = fmax(*largest, a[k][k]);
    for (uint32_t k = 0; k < n; k++)
        if (a[k][k] < *largest * (1 - 1e-9)) *next = fmax(*next, a[k][k]);
    for (uint32_t u = 0; u < n; u++) x[u] = 0;
    for (uint32_t k = 0; k < n && *largest > 0; k++) {
        if (a[k][k] < *largest * (1 - 1e-9)) continue;
        double share = 0;
        for (uint32_t u = 0; u < n; u++) share += axes[u][k];
        for (uint32_t u = 0; u < n; u++) x[u] += share * axes[u][k];
    }
    for (uint32_t u = 0; u < n; u++) most = fmax(most, fabs(x[u]));
    for (uint32_t u = 0; u < n && most > 0; u++) x[u] /= most;
}

double dense_radius(uint32_t n, const double matrix[DENSE_MOST][DENSE_MOST])
{
    long double a[DENSE_MOST][DENSE_MOST], b[DENSE_MOST][DENSE_MOST], log_size = 0, shift = 1;
    for (uint32_t u = 0; u < n; u++)
        for (uint32_t v = 0; v < n; v++) a[u][v] = matrix[u][v] + (u == v ? shift : 0);
    for (int k = 0; k < 50; k++) {
        long double most = 0;
        for (uint32_t u = 0; u < n; u++)
            for (uint32_t v = 0; v < n; v++) {
                b[u][v] = 0;
                for (uint32_t m = 0; m < n; m++) b[u][v] += a[u][m] * a[m][v];
                most = fmaxl(most, b[u][v]);
            }
        log_size = 2 * log_size + logl(most);
        for (uint32_t u = 0; u < n; u++)
            for (uint32_t v = 0; v < n; v++) a[u][v] = b[u][v] / most;
    }
    return (double) (expl(ldexpl(log_size, -50)) - shift);
}

void dense_reach(uint32_t n, const double w[DENSE_MOST][DENSE_MOST], bool reach[DENSE_MOST][DENSE_MOST])
{
    for (uint32_t u = 0; u < n; u++)
        for (uint32_t v = 0; v < n; v++) reach[u][v] = u == v || w[u][v] > 0;
    for (uint32_t m = 0; m < n; m++)
        for (uint32_t u = 0; u < n; u++)
            for (uint32_t v = 0; v < n; v++) reach[u][v] |= reach[u][m] && reach[m][v];
}
