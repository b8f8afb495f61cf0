/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_BETWEENNESS_INSIDE_H
#define FN_ALGORITHMS_BETWEENNESS_INSIDE_H

#include "algorithms/centrality.h"
#include "algorithms/search_net.h"

/* What is searched for exact betweenness: the core that is left when pendant trees are taken off. What hangs on a firm
 * counts as so many starts and ends of chains at its place. */
typedef struct fn_core {
    fn_search_net *net;
    double *starts, *ends;   /* of each place, itself included */
    double *reach;           /* of each place: ends elsewhere that there is a way to; written by its own search */
    uint64_t *arrivals;      /* of each place: starts elsewhere with a way to it; added to by all, where ends > 1 */
    uint32_t *source;        /* places with arcs out, ascending */
    uint32_t sources;
    bool *longer;            /* of each arc out: it is on no shortest way; NULL where arcs are steps */
} fn_core;

/* Eight searches at once, one a lane, along arcs that are one step each: a look at an arc serves all searches that have
 * just arrived at its start. A firm has 64 bytes of path counts, so that the whole of a core of some ten thousand firms
 * stays in a near cache. */
enum { FN_LANES = 8, FN_LEVELS_MOST = 64 };

typedef struct fn_lane_work {
    void *memory;
    double *value;           /* FN_LANES a place: paths; on the way back (ends + what depends on it) / paths */
    uint8_t *seen, *front;   /* lanes that have reached a place, lanes that are just there … */
    uint8_t *next;           /* … and those that are there next */
    uint32_t *place;         /* arrivals, level by level … */
    uint8_t *lanes;          /* … and in which lanes */
    size_t level[FN_LEVELS_MOST + 2]; /* where the arrivals of each level begin */
    int levels;
} fn_lane_work;

fn_status fn_lane_work_alloc(fn_run *run, uint32_t places, fn_lane_work *work);
void fn_lane_work_free(fn_lane_work *work);

/* Searches from up to FN_LANES ascending places; adds to score (of places), core->reach and core->arrivals. False:
 * nothing is done, as chains are too long or too many for lanes: search them one by one. The same bits whatever
 * instructions the machine has. */
typedef bool fn_lanes_search(const fn_core *core, const uint32_t *source, int count, fn_lane_work *work, double *score);
fn_lanes_search *fn_lanes_best(void);

/* The same along arcs of any length. Gives the lanes in which nothing is done, for the same reasons; tells
 * core->longer. */
typedef struct fn_length_work fn_length_work;
fn_status fn_length_work_new(fn_run *run, const fn_search_net *net, fn_length_work **work);
void fn_length_work_free(fn_length_work *work);
uint32_t fn_lengths_search(const fn_core *core, const uint32_t *source, int count, fn_length_work *work, double *score);
/* Takes the arcs that searches found to be longer than another way out of the rows. Between searches only. */
void fn_lengths_drop_longer(const fn_core *core);

/* One search along arcs of any length, or along steps where chains are too long or too many for lanes. */
typedef struct fn_plain_work fn_plain_work;
fn_status fn_plain_work_new(fn_run *run, const fn_search_net *net, fn_plain_work **work);
void fn_plain_work_free(fn_plain_work *work);
void fn_plain_search(const fn_core *core, uint32_t source, fn_plain_work *work, double *score);

/* Adds up betweenness over the chains that begin at the firms of `source`, or at all of them (NULL: exact, pendant
 * trees need no search), and along arcs of these lengths. *searches: how many were made. Same bits with any number of
 * threads. */
fn_status fn_betweenness_add_up(fn_run *run, const fn_csr *out, const fn_lengths *lengths, const uint32_t *source,
                                uint32_t sources, double *score, uint32_t *searches);

/* Betweenness from chains drawn at random (algorithms/betweenness_paths.c). */
fn_status fn_betweenness_draw(fn_run *run, const fn_csr *out, const fn_lengths *lengths, double epsilon, double delta,
                              double *score, fn_betweenness_how *how);

#endif
