/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_TESTS_ALGORITHMS_SLOW_PATHS_H
#define FN_TESTS_ALGORITHMS_SLOW_PATHS_H

#include <stdint.h>

/* Shortest chains of small networks, each of them walked: an oracle for what is counted along them. */
enum { PATHS_MOST = 14, PATHS_FAR = 1 << 28 };

typedef struct slow_paths {
    uint32_t firms;
    int length[PATHS_MOST][PATHS_MOST];     /* of each arc, whole; 0: there is none */
    int distance[PATHS_MOST][PATHS_MOST];   /* PATHS_FAR: no chain leads there */
} slow_paths;

/* From the lengths, by trying every firm between every two. */
void slow_distances(slow_paths *paths);
/* The chains between every two firms share 1: what part of them leads through each other firm, and over each arc,
 * summed over all ordered pairs. arc may be NULL. */
void slow_betweenness(const slow_paths *paths, double firm[PATHS_MOST], double (*arc)[PATHS_MOST]);
/* closeness and harmonic closeness of a firm, as algorithms/centrality.h defines them, to others or (outward false) of
 * others to it. */
void slow_closeness(const slow_paths *paths, uint32_t firm, int outward, double *closeness, double *harmonic);

#endif
