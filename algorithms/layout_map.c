/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include "algorithms/layout_inside.h"
#include "graph/memory.h"

#define GOLDEN_ANGLE 2.399963229728653

enum { FORCE_STEPS = 400, SHRINK_STEPS = 150, PUSH_STEPS = 6 };

/* A sunflower of discs, the largest in the middle. */
static void start(size_t count, fn_disc *disc)
{
    double area = 0;
    for (size_t i = 0; i < count; i++) {
        double own = disc[i].radius * disc[i].radius;
        double out = i == 0 ? 0 : sqrt((area + own / 2) / 0.55);
        disc[i].x = out * cos((double) i * GOLDEN_ANGLE);
        disc[i].y = out * sin((double) i * GOLDEN_ANGLE);
        area += own;
    }
}

/* Fruchterman and Reingold (1991), with the distance at which two discs touch as their natural distance. */
static void force_step(size_t count, fn_disc *disc, const double *link, double *dx, double *dy, double most)
{
    for (size_t i = 0; i < count; i++) dx[i] = dy[i] = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = i + 1; j < count; j++) {
            double east = disc[i].x - disc[j].x, north = disc[i].y - disc[j].y;
            double touch = disc[i].radius + disc[j].radius;
            double apart = fmax(sqrt(east * east + north * north), touch * 1e-3);
            double force = touch * touch / apart - 4 * link[i * count + j] * apart * apart / touch;
            dx[i] += force * east / apart;
            dy[i] += force * north / apart;
            dx[j] -= force * east / apart;
            dy[j] -= force * north / apart;
        }
    }
    for (size_t i = 0; i < count; i++) {
        dx[i] -= disc[i].x * 0.5;
        dy[i] -= disc[i].y * 0.5;
        double length = sqrt(dx[i] * dx[i] + dy[i] * dy[i]);
        double scale = length > most ? most / length : 1;
        disc[i].x += dx[i] * scale;
        disc[i].y += dy[i] * scale;
    }
}

/* Push overlapping discs apart, the smaller one further. Returns whether there were any. */
static bool push_apart(size_t count, fn_disc *disc)
{
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = i + 1; j < count; j++) {
            double east = disc[i].x - disc[j].x, north = disc[i].y - disc[j].y;
            double touch = disc[i].radius + disc[j].radius, square = east * east + north * north;
            if (square >= touch * touch) continue;
            any = true;
            double apart = sqrt(square);
            if (apart < touch * 1e-6) {
                east = cos((double) j * GOLDEN_ANGLE);
                north = sin((double) j * GOLDEN_ANGLE);
                apart = 1;
                square = 0;
            }
            double needed = touch - sqrt(square), share = disc[j].radius / touch;
            disc[i].x += east / apart * needed * share;
            disc[i].y += north / apart * needed * share;
            disc[j].x -= east / apart * needed * (1 - share);
            disc[j].y -= north / apart * needed * (1 - share);
        }
    }
    return any;
}

/* The middle of the box around all discs to 0. */
static void centre(size_t count, fn_disc *disc)
{
    double west = INFINITY, east = -INFINITY, south = INFINITY, north = -INFINITY;
    for (size_t i = 0; i < count; i++) {
        west = fmin(west, disc[i].x - disc[i].radius);
        east = fmax(east, disc[i].x + disc[i].radius);
        south = fmin(south, disc[i].y - disc[i].radius);
        north = fmax(north, disc[i].y + disc[i].radius);
    }
    for (size_t i = 0; i < count; i++) {
        disc[i].x -= (west + east) / 2;
        disc[i].y -= (south + north) / 2;
    }
}

/* Whatever is left of overlaps goes by spreading the whole. */
static void spread(size_t count, fn_disc *disc)
{
    double scale = 1;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = i + 1; j < count; j++) {
            double apart = hypot(disc[i].x - disc[j].x, disc[i].y - disc[j].y);
            double touch = disc[i].radius + disc[j].radius;
            if (apart * scale < touch) scale = touch / fmax(apart, touch * 1e-3);
        }
    }
    for (size_t i = 0; i < count; i++) {
        disc[i].x *= scale;
        disc[i].y *= scale;
    }
}

fn_status fn_map_place(fn_run *run, size_t count, fn_disc *disc, const double *link)
{
    fn_status status = FN_ENOMEM;
    double *dx = fn_alloc(run, count, sizeof *dx), *dy = fn_alloc(run, count, sizeof *dy), mean = 0;
    if (!dx || !dy) goto done;
    for (size_t i = 0; i < count; i++) mean += disc[i].radius / (double) count;
    start(count, disc);
    for (int step = 0; step < FORCE_STEPS; step++) {
        double warmth = 1 - (double) step / FORCE_STEPS;
        force_step(count, disc, link, dx, dy, mean * warmth * warmth);
        if ((status = fn_progress(run, "drawing", 0.5 * step / FORCE_STEPS))) goto done;
    }

    /* Pull together, as far as the discs let. */
    for (int step = 0; step < SHRINK_STEPS; step++) {
        centre(count, disc);
        for (size_t i = 0; i < count; i++) {
            disc[i].x *= 0.96;
            disc[i].y *= 0.96;
        }
        for (int push = 0; push < PUSH_STEPS; push++)
            if (!push_apart(count, disc)) break;
    }
    for (int push = 0; push < 50 * PUSH_STEPS; push++)
        if (!push_apart(count, disc)) break;
    spread(count, disc);
    centre(count, disc);
    status = FN_OK;
done:
    fn_free(dx);
    fn_free(dy);
    return status;
}
