/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include "algorithms/dominant_inside.h"
#include "algorithms/spectral.h"
#include "algorithms/vector.h"
#include "graph/memory.h"
#include "graph/random.h"

/* The plane of a step: where it stands, what is left to be explained, where the last step led. */
enum { HERE, REST, LAST, PLANE };
static const double NOTHING = 1e-10, ROUGH = 1e-4;
enum { ROUGH_ROUNDS = 60, THREADS_FROM = 32768 };

typedef struct climb {
    fn_run *run;
    const fn_dominant *how;
    double *v[PLANE], *image[PLANE]; /* orthonormal, and A times each */
    double *barred;                  /* all stays orthogonal to this, NULL: nothing */
    bool used[PLANE];
    double value;
} climb;

static double length_of(const climb *c, const double *a)
{
    return sqrt(fn_vector_dot(c->run, a, a, c->how->n));
}

static void scale(const climb *c, double *a, double factor)
{
    int threads = fn_run_threads(c->run);
    (void) threads;
#pragma omp parallel for schedule(static) num_threads(threads) if (c->how->n > THREADS_FROM)
    for (size_t i = 0; i < c->how->n; i++) a[i] *= factor;
}

/* Orthogonal to those before it, and of length 1; false where nothing is left. Twice where the first time has left
 * little, which rounding has spoilt then (Kahan). */
static bool straighten(climb *c, int k, bool with_image)
{
    size_t n = c->how->n;
    double first = length_of(c, c->v[k]), before = first, length = 0;
    for (int turn = 0; turn < 2; turn++) {
        if (c->barred) fn_vector_add(c->run, c->v[k], -fn_vector_dot(c->run, c->v[k], c->barred, n), c->barred, n);
        for (int j = 0; j < k; j++) {
            if (!c->used[j]) continue;
            double share = fn_vector_dot(c->run, c->v[k], c->v[j], n);
            fn_vector_add(c->run, c->v[k], -share, c->v[j], n);
            if (with_image) fn_vector_add(c->run, c->image[k], -share, c->image[j], n);
        }
        length = length_of(c, c->v[k]);
        if (length > before / 2) break;
        before = length;
    }
    c->used[k] = length > 1e-8 * first && length > 0;
    if (c->used[k]) scale(c, c->v[k], 1 / length);
    if (c->used[k] && with_image) scale(c, c->image[k], 1 / length);
    return c->used[k];
}

/* The best place in the plane becomes where it stands; what led there is the last step. */
static void step(climb *c)
{
    size_t n = c->how->n;
    double a[PLANE][PLANE] = { { 0 } }, to[PLANE];
    for (int j = 0; j < PLANE; j++)
        for (int k = j; k < PLANE; k++)
            if (c->used[j] && c->used[k]) a[j][k] = a[k][j] = fn_vector_dot(c->run, c->v[j], c->image[k], n);
    for (int j = 0; j < PLANE; j++)
        if (!c->used[j]) a[j][j] = -fabs(a[HERE][HERE]) - 1;
    fn_small_largest(PLANE, &a[0][0], to);
    int threads = fn_run_threads(c->run);
    double rest = c->used[REST] ? to[REST] : 0, last = c->used[LAST] ? to[LAST] : 0;
    (void) threads;
#pragma omp parallel for schedule(static) num_threads(threads) if (n > THREADS_FROM)
    for (size_t i = 0; i < n; i++) {
        double move = rest * c->v[REST][i] + (last ? last * c->v[LAST][i] : 0);
        double image = rest * c->image[REST][i] + (last ? last * c->image[LAST][i] : 0);
        c->v[HERE][i] = to[HERE] * c->v[HERE][i] + move;
        c->image[HERE][i] = to[HERE] * c->image[HERE][i] + image;
        c->v[LAST][i] = move;
        c->image[LAST][i] = image;
    }
    c->used[LAST] = true;
}

/* What A makes of where it stands beside what an eigenvector would give. */
static void find_rest(climb *c)
{
    int threads = fn_run_threads(c->run);
    (void) threads;
#pragma omp parallel for schedule(static) num_threads(threads) if (c->how->n > THREADS_FROM)
    for (size_t i = 0; i < c->how->n; i++) c->v[REST][i] = c->image[HERE][i] - c->value * c->v[HERE][i];
}

/* From what stands in v[HERE] to the top. */
static fn_status ascend(climb *c, double tolerance, long most)
{
    const fn_dominant *how = c->how;
    size_t n = how->n;
    c->used[REST] = c->used[LAST] = false;
    c->value = 0;
    if (!straighten(c, HERE, false)) return FN_OK;
    how->multiply(c->run, how->user, c->v[HERE], c->image[HERE]);
    for (long round = 0; round < most; round++) {
        fn_status status = fn_progress(c->run, how->what, (double) round / (double) most);
        if (status) return status;
        c->value = fn_vector_dot(c->run, c->v[HERE], c->image[HERE], n);
        find_rest(c);
        if (c->barred)
            fn_vector_add(c->run, c->v[REST], -fn_vector_dot(c->run, c->v[REST], c->barred, n), c->barred, n);
        double off = length_of(c, c->v[REST]);
        if (off <= tolerance * c->value || off == 0) return FN_OK;
        if (!straighten(c, REST, false)) return FN_OK;
        how->multiply(c->run, how->user, c->v[REST], c->image[REST]);
        if (c->used[LAST]) straighten(c, LAST, true);
        step(c);
        /* Anew now and then: what was added up has drifted. */
        if (round % 16 == 15) {
            c->used[REST] = false;
            straighten(c, HERE, false);
            how->multiply(c->run, how->user, c->v[HERE], c->image[HERE]);
        }
    }
    return fn_fail(c->run, FN_ENOCONV, "%s: the largest eigenvector did not settle within %g in %ld rounds", how->what,
                   tolerance, most);
}

/* About the largest eigenvalue of what is orthogonal to x. */
static fn_status find_second(climb *c, const double *x, double *second)
{
    size_t n = c->how->n;
    double length = sqrt(fn_vector_dot(c->run, x, x, n));
    for (size_t i = 0; i < n; i++) {
        c->barred[i] = x[i] / length;
        c->v[HERE][i] = 0.5 + fn_random_unit(1, 0, i);
    }
    fn_run quiet = *c->run; /* that it is rough is no error */
    fn_run *run = c->run;
    c->run = &quiet;
    fn_status status = ascend(c, ROUGH, ROUGH_ROUNDS);
    c->run = run;
    *second = c->value;
    if (status == FN_ENOCONV) return FN_OK;
    if (status) run->error = quiet.error;
    return status;
}

static void finish(double *x, size_t n)
{
    double most = fn_vector_largest(x, n);
    for (size_t i = 0; i < n; i++) x[i] = most > 0 && fabs(x[i]) > NOTHING * most ? fabs(x[i]) / most : 0;
}

/* What is not there yet: the start needs the room before. */
static fn_status alloc_plane(fn_run *run, climb *c)
{
    for (int k = 0; k < PLANE; k++) {
        if (k != HERE) c->v[k] = fn_alloc(run, c->how->n, sizeof *c->v[k]);
        c->image[k] = fn_alloc(run, c->how->n, sizeof *c->image[k]);
        if (!c->v[k] || !c->image[k]) return FN_ENOMEM;
    }
    return FN_OK;
}

fn_status fn_dominant_vector(fn_run *run, const fn_dominant *how, double *x, double *value, double *second)
{
    climb c = { .run = run, .how = how };
    double *barred = NULL;
    if (!(c.v[HERE] = fn_alloc(run, how->n, sizeof *c.v[HERE]))) return FN_ENOMEM;
    fn_status status = fn_lanczos(run, how, c.v[HERE]);
    if (!status) status = alloc_plane(run, &c);
    if (!status && second && !(barred = fn_alloc(run, how->n, sizeof *barred))) status = FN_ENOMEM;
    if (!status) status = ascend(&c, how->tolerance, how->most);
    if (!status) {
        *value = c.value;
        for (size_t i = 0; i < how->n; i++) x[i] = c.value > 0 ? c.v[HERE][i] : 0;
        if (second) *second = 0;
        c.barred = barred;
        if (second && c.value > 0) status = find_second(&c, x, second);
        finish(x, how->n);
    }
    for (int k = 0; k < PLANE; k++) {
        fn_free(c.v[k]);
        fn_free(c.image[k]);
    }
    fn_free(barred);
    return status;
}
