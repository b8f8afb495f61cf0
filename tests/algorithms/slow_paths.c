/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "tests/algorithms/slow_paths.h"

void slow_distances(slow_paths *paths)
{
    uint32_t n = paths->firms;
    for (uint32_t u = 0; u < n; u++)
        for (uint32_t v = 0; v < n; v++)
            paths->distance[u][v] = u == v ? 0 : paths->length[u][v] ? paths->length[u][v] : PATHS_FAR;
    for (uint32_t k = 0; k < n; k++)
        for (uint32_t u = 0; u < n; u++)
            for (uint32_t v = 0; v < n; v++) {
                int over = paths->distance[u][k] + paths->distance[k][v];
                if (over < paths->distance[u][v]) paths->distance[u][v] = over;
            }
}

typedef struct walker {
    const slow_paths *paths;
    uint32_t target, path[PATHS_MOST];
    double share, *firm, (*arc)[PATHS_MOST];
} walker;

/* Every shortest chain from u on to the target; what has led to u is path[0 … steps - 1]. Returns how many there
 * are. */
static double walk(walker *w, uint32_t u, int steps)
{
    double chains = 0;
    w->path[steps] = u;
    if (u == w->target) {
        for (int k = 1; k < steps; k++) w->firm[w->path[k]] += w->share;
        for (int k = 0; k < steps && w->arc; k++) w->arc[w->path[k]][w->path[k + 1]] += w->share;
        return 1;
    }
    for (uint32_t v = 0; v < w->paths->firms; v++) {
        int length = w->paths->length[u][v], left = w->paths->distance[v][w->target];
        if (length && length + left == w->paths->distance[u][w->target]) chains += walk(w, v, steps + 1);
    }
    return chains;
}

void slow_betweenness(const slow_paths *paths, double firm[PATHS_MOST], double (*arc)[PATHS_MOST])
{
    walker w = { .paths = paths, .firm = firm, .arc = arc };
    memset(firm, 0, PATHS_MOST * sizeof *firm);
    if (arc) memset(arc, 0, PATHS_MOST * sizeof *arc);
    for (uint32_t s = 0; s < paths->firms; s++)
        for (uint32_t t = 0; t < paths->firms; t++) {
            if (s == t || paths->distance[s][t] == PATHS_FAR) continue;
            w.target = t;
            w.share = 0;
            w.share = 1 / walk(&w, s, 0);
            walk(&w, s, 0);
        }
}

void slow_closeness(const slow_paths *paths, uint32_t firm, int outward, double *closeness, double *harmonic)
{
    double reached = 0, sum = 0;
    *harmonic = 0;
    for (uint32_t v = 0; v < paths->firms; v++) {
        int far = outward ? paths->distance[firm][v] : paths->distance[v][firm];
        if (v != firm && far < PATHS_FAR) reached++, sum += far, *harmonic += 1.0 / far;
    }
    *closeness = reached > 0 ? reached / (paths->firms - 1) * reached / sum : 0;
}
