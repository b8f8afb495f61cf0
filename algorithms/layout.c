/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdlib.h>
#include "algorithms/layout.h"
#include "algorithms/layout_inside.h"
#include "graph/memory.h"

#define FARTHEST 4900.0

enum { MAP_DISCS = 256, MAP_DISCS_UNLINKED = 24, TURN_PASSES = 8, TURN_PASSES_LARGE = 2, LARGE = 50000,
       DISCS_A_STEP = 16 };

/* A firm's place in the order of drawing. */
typedef struct seat {
    double size;
    uint32_t disc, firm;
    bool central;
} seat;

/* Everything about one drawing. Arrays over seats run parallel to seat[]; disc `discs` holds the firms without ties. */
typedef struct drawing {
    uint32_t firms, discs;
    const fn_csr *partners;
    seat *seat;
    size_t *first;            /* discs + 2: where the seats of a disc begin */
    double *radius;           /* with free margin, a seat */
    double *middle, *wish, *angle;
    fn_disc *disc;
    uint32_t *disc_of;        /* a firm */
    uint32_t *order;          /* discs by falling radius */
    double *reach;            /* radius, ring, wish and angle of discs outside the map: 4 * discs */
    double *link;
    double *x, *y;
} drawing;

static void drawing_free(drawing *d)
{
    fn_free(d->seat);
    fn_free(d->first);
    fn_free(d->radius);
    fn_free(d->disc);
    fn_free(d->disc_of);
    fn_free(d->order);
    fn_free(d->reach);
    fn_free(d->link);
}

static int compare_seats(const void *a, const void *b)
{
    const seat *one = a, *two = b;
    if (one->disc != two->disc) return one->disc < two->disc ? -1 : 1;
    if (one->central != two->central) return one->central ? -1 : 1;
    if (one->size != two->size) return one->size > two->size ? -1 : 1;
    return one->firm < two->firm ? -1 : one->firm > two->firm;
}

/* One middle a disc: of several central companies the largest. */
static fn_status keep_one_central(fn_run *run, drawing *d)
{
    uint32_t *head = fn_alloc(run, (size_t) d->discs + 1, sizeof *head);
    if (!head) return FN_ENOMEM;
    for (uint32_t c = 0; c <= d->discs; c++) head[c] = FN_NONE;
    for (uint32_t u = 0; u < d->firms; u++) {
        uint32_t *best = &head[d->disc_of[u]];
        if (d->seat[u].central && (*best == FN_NONE || d->seat[u].size > d->seat[*best].size)) *best = u;
    }
    for (uint32_t u = 0; u < d->firms; u++)
        d->seat[u].central = d->disc_of[u] < d->discs && head[d->disc_of[u]] == u;
    fn_free(head);
    return FN_OK;
}

/* Seats by disc, the central company first, then by falling size. */
static fn_status seat_firms(fn_run *run, drawing *d, const uint32_t *cluster, const bool *is_central,
                            const double *size)
{
    d->seat = fn_alloc(run, d->firms, sizeof *d->seat);
    d->first = fn_alloc(run, (size_t) d->discs + 2, sizeof *d->first);
    d->radius = fn_alloc(run, (size_t) d->firms * 4, sizeof *d->radius);
    d->disc = fn_alloc(run, d->discs, sizeof *d->disc);
    d->disc_of = fn_alloc(run, d->firms, sizeof *d->disc_of);
    d->order = fn_alloc(run, d->discs, sizeof *d->order);
    d->reach = fn_alloc(run, (size_t) d->discs * 4, sizeof *d->reach);
    if (!d->seat || !d->first || !d->radius || !d->disc || !d->disc_of || !d->order || !d->reach) return FN_ENOMEM;
    d->middle = d->radius + d->firms;
    d->wish = d->middle + d->firms;
    d->angle = d->wish + d->firms;
    for (uint32_t u = 0; u < d->firms; u++) {
        bool tied = d->partners->offset[u + 1] > d->partners->offset[u];
        d->disc_of[u] = tied && cluster[u] < d->discs ? cluster[u] : d->discs;
        d->seat[u] = (seat) { size[u], d->disc_of[u], u, is_central && is_central[u] };
        d->first[d->disc_of[u] + 1]++;
    }
    for (uint32_t c = 0; c <= d->discs; c++) d->first[c + 1] += d->first[c];
    if (keep_one_central(run, d)) return FN_ENOMEM;
    qsort(d->seat, d->firms, sizeof *d->seat, compare_seats);
    return FN_OK;
}

/* Rings of members around the central company; air (0 … 1) says how much room is left between firms. */
static void plan_discs(drawing *d, double air)
{
    for (size_t k = 0; k < d->firms; k++) d->radius[k] = d->seat[k].size * (1 + 0.35 * air) + 0.5 + 5 * air;
    for (uint32_t c = 0; c < d->discs; c++) {
        size_t from = d->first[c], to = d->first[c + 1];
        if (from == to) {
            d->disc[c].radius = 0;
            continue;
        }
        /* The central company may be smaller than others, which then need the room: rings go by falling radius. */
        double inner = d->radius[from] * (1 + 0.5 * air);
        d->disc[c].radius = fn_rings_plan(to - from - 1, d->radius + from + 1, inner, d->middle + from + 1);
        d->disc[c].radius = d->disc[c].radius * (1 + 0.06 * air) + 1 + 25 * air;
    }
}

typedef struct disc_row { double radius; uint32_t disc; } disc_row;

static int compare_discs(const void *a, const void *b)
{
    const disc_row *one = a, *two = b;
    if (one->radius != two->radius) return one->radius > two->radius ? -1 : 1;
    return one->disc < two->disc ? -1 : one->disc > two->disc;
}

/* Discs by falling radius into order[]; returns how many have members, FN_NONE when memory ran out. */
static uint32_t order_discs(fn_run *run, drawing *d)
{
    disc_row *row = fn_alloc(run, d->discs, sizeof *row);
    if (!row) return FN_NONE;
    uint32_t used = 0;
    for (uint32_t c = 0; c < d->discs; c++)
        if (d->first[c + 1] > d->first[c]) row[used++] = (disc_row) { d->disc[c].radius, c };
    qsort(row, used, sizeof *row, compare_discs);
    for (uint32_t k = 0; k < used; k++) d->order[k] = row[k].disc;
    fn_free(row);
    return used;
}

/* Which discs go on the map: the largest ones, and of the next only those with ties to other discs. They are moved to
 * the front of order[], which keeps its order otherwise. Fills *mapped. */
static fn_status choose_mapped(fn_run *run, drawing *d, uint32_t used, uint32_t *mapped)
{
    bool *linked = fn_alloc(run, d->discs, sizeof *linked);
    uint32_t *later = fn_alloc(run, used, sizeof *later), chosen = 0, others = 0;
    if (!linked || !later) {
        fn_free(linked);
        fn_free(later);
        return FN_ENOMEM;
    }
    for (uint32_t u = 0; u < d->firms; u++)
        for (size_t a = d->partners->offset[u]; a < d->partners->offset[u + 1]; a++)
            if (d->disc_of[u] < d->discs && d->disc_of[d->partners->target[a]] != d->disc_of[u])
                linked[d->disc_of[u]] = true;
    for (uint32_t k = 0; k < used; k++) {
        bool takes = k < MAP_DISCS_UNLINKED || (chosen < MAP_DISCS && linked[d->order[k]]);
        if (takes) d->order[chosen++] = d->order[k];
        else later[others++] = d->order[k];
    }
    for (uint32_t k = 0; k < others; k++) d->order[chosen + k] = later[k];
    *mapped = chosen;
    fn_free(linked);
    fn_free(later);
    return FN_OK;
}

/* Pairs of partners between each two mapped discs over the geometric mean of the pairs that leave each. */
static fn_status link_discs(fn_run *run, drawing *d, uint32_t mapped)
{
    fn_status status = FN_ENOMEM;
    uint32_t *number = fn_alloc(run, (size_t) d->discs + 1, sizeof *number);
    double *leaving = fn_alloc(run, mapped, sizeof *leaving);
    fn_free(d->link);
    d->link = fn_alloc(run, (size_t) mapped * mapped, sizeof *d->link);
    if (!number || !leaving || !d->link) goto done;
    for (uint32_t c = 0; c <= d->discs; c++) number[c] = FN_NONE;
    for (uint32_t k = 0; k < mapped; k++) number[d->order[k]] = k;
    for (uint32_t u = 0; u < d->firms; u++) {
        uint32_t own = number[d->disc_of[u]];
        for (size_t a = d->partners->offset[u]; own != FN_NONE && a < d->partners->offset[u + 1]; a++) {
            uint32_t other = number[d->disc_of[d->partners->target[a]]];
            if (other == FN_NONE || other == own) continue;
            d->link[(size_t) own * mapped + other] += 1;
            leaving[own] += 1;
        }
    }
    for (uint32_t i = 0; i < mapped; i++)
        for (uint32_t j = 0; j < mapped; j++)
            if (d->link[(size_t) i * mapped + j] > 0)
                d->link[(size_t) i * mapped + j] /= sqrt(leaving[i] * leaving[j]);
    status = FN_OK;
done:
    fn_free(number);
    fn_free(leaving);
    return status;
}

/* Where a disc would like to lie: towards the mapped discs it is tied to. NaN: no wish. */
static double disc_wish(const drawing *d, uint32_t c, const bool *placed)
{
    double east = 0, north = 0;
    for (size_t k = d->first[c]; k < d->first[c + 1]; k++) {
        uint32_t u = d->seat[k].firm;
        for (size_t a = d->partners->offset[u]; a < d->partners->offset[u + 1]; a++) {
            uint32_t other = d->disc_of[d->partners->target[a]];
            if (other >= d->discs || !placed[other]) continue;
            east += d->disc[other].x;
            north += d->disc[other].y;
        }
    }
    return fabs(east) + fabs(north) > 1e-6 ? atan2(north, east) : NAN;
}

/* The discs that are not on the map lie in rings around it. */
static fn_status place_outside(fn_run *run, drawing *d, uint32_t mapped, uint32_t used, double inner)
{
    size_t count = used - mapped;
    double *radius = d->reach, *middle = radius + count, *wish = middle + count, *angle = wish + count;
    bool *placed = fn_alloc(run, d->discs, sizeof *placed);
    if (!placed) return FN_ENOMEM;
    for (uint32_t k = 0; k < mapped; k++) placed[d->order[k]] = true;
    for (size_t k = 0; k < count; k++) {
        radius[k] = d->disc[d->order[mapped + k]].radius;
        wish[k] = disc_wish(d, d->order[mapped + k], placed);
    }
    fn_free(placed);
    fn_rings_plan(count, radius, inner, middle);
    fn_status status = fn_rings_place(run, count, radius, middle, wish, angle);
    for (size_t k = 0; !status && k < count; k++) {
        d->disc[d->order[mapped + k]].x = middle[k] * cos(angle[k]);
        d->disc[d->order[mapped + k]].y = middle[k] * sin(angle[k]);
    }
    return status;
}

static fn_status place_discs(fn_run *run, drawing *d)
{
    fn_status status;
    fn_disc *sorted = NULL;
    uint32_t used = order_discs(run, d), mapped = 0;
    double outer = 0;
    if (used == FN_NONE) return FN_ENOMEM;
    if ((status = choose_mapped(run, d, used, &mapped))) return status;
    if ((status = link_discs(run, d, mapped))) return status;
    if (!(sorted = fn_alloc(run, mapped, sizeof *sorted))) return FN_ENOMEM;
    for (uint32_t k = 0; k < mapped; k++) sorted[k] = d->disc[d->order[k]];
    if ((status = fn_map_place(run, mapped, sorted, d->link))) goto done;
    for (uint32_t k = 0; k < mapped; k++) {
        d->disc[d->order[k]] = sorted[k];
        outer = fmax(outer, hypot(sorted[k].x, sorted[k].y) + sorted[k].radius);
    }
    status = place_outside(run, d, mapped, used, outer);
done:
    fn_free(sorted);
    return status;
}

/* Position of every seat of a disc from its ring and angle. */
static void put_members(drawing *d, uint32_t c)
{
    for (size_t k = d->first[c]; k < d->first[c + 1]; k++) {
        double out = k == d->first[c] ? 0 : d->middle[k];
        d->x[d->seat[k].firm] = d->disc[c].x + out * cos(d->angle[k]);
        d->y[d->seat[k].firm] = d->disc[c].y + out * sin(d->angle[k]);
    }
}

/* Each member's wish: the side of its disc where its partners are. */
static void wish_members(drawing *d, uint32_t c)
{
    for (size_t k = d->first[c] + 1; k < d->first[c + 1]; k++) {
        uint32_t u = d->seat[k].firm;
        double east = 0, north = 0;
        for (size_t a = d->partners->offset[u]; a < d->partners->offset[u + 1]; a++) {
            uint32_t v = d->partners->target[a];
            double dx = d->x[v] - d->disc[c].x, dy = d->y[v] - d->disc[c].y;
            double length = fmax(hypot(dx, dy), d->disc[c].radius);
            east += dx / length;
            north += dy / length;
        }
        d->wish[k] = fabs(east) + fabs(north) > 1e-6 ? atan2(north, east) : d->angle[k];
    }
}

static fn_status place_members(fn_run *run, drawing *d)
{
    int passes = d->firms > LARGE ? TURN_PASSES_LARGE : TURN_PASSES;
    for (int pass = 0; pass <= passes; pass++) {
        for (uint32_t c = 0; c < d->discs; c++) {
            size_t from = d->first[c] + 1, to = d->first[c + 1];
            fn_status status = FN_OK;
            if (c % DISCS_A_STEP == 0)
                status = fn_progress(run, "drawing", 0.5 + 0.5 * (pass + (double) c / d->discs) / (passes + 1));
            if (status) return status;
            if (from > to) continue;
            if (pass > 0) wish_members(d, c);
            status = fn_rings_place(run, to - from, d->radius + from, d->middle + from,
                                    pass > 0 ? d->wish + from : NULL, d->angle + from);
            if (status) return status;
            put_members(d, c);
        }
    }
    return FN_OK;
}

/* Firms without ties: rows below everything else, the largest first. */
static void place_untied(drawing *d)
{
    size_t from = d->first[d->discs], to = d->first[d->discs + 1];
    double area = 0, west = 0, east = 0, south = 0;
    for (uint32_t c = 0; c < d->discs; c++) {
        west = fmin(west, d->disc[c].x - d->disc[c].radius);
        east = fmax(east, d->disc[c].x + d->disc[c].radius);
        south = fmin(south, d->disc[c].y - d->disc[c].radius);
    }
    for (size_t k = from; k < to; k++) area += 4 * d->radius[k] * d->radius[k];
    double width = fmax(0.9 * (east - west), sqrt(area)), y = south - 0.02 * (east - west);
    while (from < to) {
        double high = d->radius[from], taken = 0;
        size_t next = from;
        while (next < to && (next == from || taken + 2 * d->radius[next] <= width)) taken += 2 * d->radius[next++];
        double at = (west + east - taken) / 2;
        for (; from < next; from++) {
            d->x[d->seat[from].firm] = at + d->radius[from];
            d->y[d->seat[from].firm] = y - high;
            at += 2 * d->radius[from];
        }
        y -= 2 * high;
    }
}

/* Centroid to 0; returns the farthest coordinate. */
static double centre(uint32_t firms, double *x, double *y)
{
    double east = 0, north = 0, far = 0;
    for (uint32_t u = 0; u < firms; u++) {
        east += x[u] / firms;
        north += y[u] / firms;
    }
    for (uint32_t u = 0; u < firms; u++) {
        x[u] -= east;
        y[u] -= north;
        far = fmax(far, fmax(fabs(x[u]), fabs(y[u])));
    }
    return far;
}

/* Hundredths are what the exports write: with them in the columns, tables and drawings agree. */
static void finish(uint32_t firms, double *x, double *y, double scale)
{
    for (uint32_t u = 0; u < firms; u++) {
        x[u] = round(x[u] * scale * 100) / 100 + 0.0;
        y[u] = round(y[u] * scale * 100) / 100 + 0.0;
    }
}

static fn_status draw(fn_run *run, drawing *d)
{
    static const double airs[] = { 1, 0.5, 0.2, 0 };
    double needed[4] = { 0 }, far = 0;
    for (int a = 0; a < 4; a++)
        for (uint32_t u = 0; u < d->firms; u++) {
            double radius = d->seat[u].size * (1 + 0.35 * airs[a]) + 0.5 + 5 * airs[a];
            needed[a] += radius * radius;
        }
    for (int a = 0; a < 4; a++) {
        fn_status status;
        /* A full disc of circles covers less than nine tenths of its area: don't try what can't fit. */
        if (a < 3 && sqrt(needed[a] / 0.9) > FARTHEST * 1.4142) continue;
        plan_discs(d, airs[a]);
        if ((status = place_discs(run, d))) return status;
        if ((status = place_members(run, d))) return status;
        place_untied(d);
        far = centre(d->firms, d->x, d->y);
        if (far <= FARTHEST) break;
    }
    if (far > FARTHEST)
        fn_note(run, "%u firms do not fit side by side into Gephi's drawing area; they are drawn overlapping",
                d->firms);
    finish(d->firms, d->x, d->y, far > FARTHEST ? FARTHEST / far : 1);
    return FN_OK;
}

/* Area grows with importance. Equal importance: all 4, which Gephi leaves as it is. */
static fn_status size_firms(fn_run *run, uint32_t firms, const double *importance, double *size)
{
    double least = INFINITY, most = 0;
    for (uint32_t u = 0; u < firms; u++) {
        if (isnan(importance[u])) continue;
        if (importance[u] < 0 || isinf(importance[u]))
            return fn_fail(run, FN_EINVAL, "the importance of firm number %u is not a finite number of at least 0", u);
        least = fmin(least, importance[u]);
        most = fmax(most, importance[u]);
    }
    for (uint32_t u = 0; u < firms; u++) {
        double share = most > least && !isnan(importance[u]) ? (importance[u] - least) / (most - least) : 0;
        size[u] = 4 + 96 * sqrt(share);
    }
    return FN_OK;
}

fn_status fn_layout(fn_run *run, const fn_view *view, const uint32_t *cluster, uint32_t clusters,
                    const bool *is_central, const double *importance, double *x, double *y, double *size)
{
    drawing d = { .firms = view->firms, .discs = clusters, .x = x, .y = y };
    fn_csr *partners = NULL;
    fn_status status = size_firms(run, view->firms, importance, size);
    if (status || view->firms == 0) goto done;
    if ((status = fn_view_csr(run, view, -1, FN_CSR_BOTH, true, &partners))) goto done;
    d.partners = partners;
    if ((status = seat_firms(run, &d, cluster, is_central, size))) goto done;
    status = draw(run, &d);
done:
    fn_csr_free(partners);
    drawing_free(&d);
    return status;
}
