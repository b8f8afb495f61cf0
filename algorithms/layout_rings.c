/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdlib.h>
#include "algorithms/layout_inside.h"
#include "graph/memory.h"

#define FULL_TURN 6.283185307179586
#define GOLDEN_ANGLE 2.399963229728653

/* Half the angle a circle takes on its ring. Two neighbours apart by the sum of theirs don't overlap, because
 * sin a + sin b <= 2 sin((a + b) / 2). */
static double half_width(double radius, double middle)
{
    double share = radius / middle;
    return share >= 1 ? FULL_TURN / 4 : asin(share);
}

/* Rings with at most that share of their angle taken; returns how many. */
static size_t fill_rings(size_t count, const double *radius, double inner, double share, double *middle, double *outer)
{
    size_t rings = 0;
    *outer = inner;
    for (size_t first = 0; first < count; rings++) {
        double on = *outer + radius[first], taken = 0;
        size_t next = first;
        while (next < count) {
            double width = 2 * half_width(radius[next], on);
            if (next > first && taken + width > FULL_TURN * share) break;
            taken += width;
            middle[next++] = on;
        }
        *outer = on + radius[first];
        first = next;
    }
    return rings;
}

double fn_rings_plan(size_t count, const double *radius, double inner, double *middle)
{
    double outer, low = 0, high = 1;
    size_t rings = fill_rings(count, radius, inner, 1, middle, &outer);
    /* The least share that needs no more rings: none is then nearly empty. */
    for (int step = 0; rings > 1 && step < 8; step++) {
        double share = (low + high) / 2;
        if (fill_rings(count, radius, inner, share, middle, &outer) > rings) low = share;
        else high = share;
    }
    fill_rings(count, radius, inner, high, middle, &outer);
    return outer;
}

typedef struct wish_row { double wish; uint32_t item; } wish_row;

static int compare_wishes(const void *a, const void *b)
{
    const wish_row *one = a, *two = b;
    if (one->wish != two->wish) return one->wish < two->wish ? -1 : 1;
    return one->item < two->item ? -1 : one->item > two->item;
}

static double turn(double angle)
{
    angle = fmod(angle, FULL_TURN);
    return angle < 0 ? angle + FULL_TURN : angle;
}

/* One ring: in the order of the wishes, the free angle shared out evenly, then turned as a whole towards them. */
static void place_ring(wish_row *row, size_t count, const double *radius, double middle, double *angle)
{
    double taken = 0, at = 0, east = 0, north = 0;
    for (size_t k = 0; k < count; k++) taken += 2 * half_width(radius[row[k].item], middle);
    double spare = taken < FULL_TURN ? (FULL_TURN - taken) / (double) count : 0;
    for (size_t k = 0; k < count; k++) {
        double half = half_width(radius[row[k].item], middle) + spare / 2;
        angle[row[k].item] = at + half;
        at += 2 * half;
        east += cos(row[k].wish - angle[row[k].item]);
        north += sin(row[k].wish - angle[row[k].item]);
    }
    double shift = fabs(east) + fabs(north) > 1e-9 ? atan2(north, east) : 0;
    for (size_t k = 0; k < count; k++) angle[row[k].item] = turn(angle[row[k].item] + shift);
}

fn_status fn_rings_place(fn_run *run, size_t count, const double *radius, const double *middle, const double *wish,
                         double *angle)
{
    wish_row *row = fn_alloc(run, count, sizeof *row);
    if (!row) return FN_ENOMEM;
    for (size_t i = 0; i < count; i++) {
        bool wished = wish && !isnan(wish[i]);
        row[i] = (wish_row) { turn(wished ? wish[i] : (double) i * GOLDEN_ANGLE), (uint32_t) i };
    }
    for (size_t first = 0; first < count;) {
        size_t next = first;
        while (next < count && middle[next] == middle[first]) next++;
        qsort(row + first, next - first, sizeof *row, compare_wishes);
        place_ring(row + first, next - first, radius, middle[first], angle);
        first = next;
    }
    fn_free(row);
    return FN_OK;
}
