/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/leiden_best.h"
#include "algorithms/leiden_rounds.h"
#include "algorithms/team.h"
#include "graph/random.h"

/* Synchronous local moving (Hamann, Strasser, Wagner and Zeitz 2018, Euro-Par; Gottesbueren and Hamann 2022, Euro-Par).
 * A hash of (seed, node) deals the waiting nodes into sub-rounds. In a sub-round all of them choose their clusters as
 * if nobody else moved; then all move at once. Two that would swap for ever are dealt apart in another round.
 *
 * Deterministic: choices depend on the state before the sub-round alone, volumes are sums of whole numbers, and whose
 * neighbours wait depends on the state after it; no step sees half of another. A thread that has told the neighbours
 * of its movers begins with the next choices at once: neither touches what the other reads. */

enum { SUB_ROUNDS = 8, CHUNK = 256, STEPS = 3, THREADS_MOST = 256 };

typedef struct round_state {
    const fn_leiden_graph *graph;
    fn_leiden_work *work;
    uint64_t seed;
    bool all_wait;
    uint32_t *cluster;
    fn_team team;
    uint32_t count[THREADS_MOST][SUB_ROUNDS];
    uint32_t begin[SUB_ROUNDS + 1];
    atomic_size_t next[SUB_ROUNDS][STEPS];
} round_state;

static uint32_t sub_round(uint64_t seed, uint32_t node)
{
    return (uint32_t) (fn_mix64(seed + node) >> 61);
}

/* The waiting nodes, by sub-round and number: each thread deals its share of the nodes. */
static void deal(round_state *s, int place)
{
    const uint32_t nodes = s->graph->nodes;
    const uint32_t from = (uint32_t) ((uint64_t) nodes * (unsigned) place / (unsigned) s->team.threads);
    const uint32_t to = (uint32_t) ((uint64_t) nodes * (unsigned) (place + 1) / (unsigned) s->team.threads);
    const uint8_t *flag = s->work->flag;
    uint32_t next[SUB_ROUNDS], *count = s->count[place];
    memset(count, 0, sizeof s->count[place]);
    for (uint32_t node = from; node < to; node++)
        if (flag[node]) count[sub_round(s->seed, node)]++;
    fn_team_wait(&s->team);
    uint32_t total = 0;
    for (int sub = 0; sub < SUB_ROUNDS; sub++) {
        if (place == 0) s->begin[sub] = total;
        for (int t = 0; t < s->team.threads; t++) {
            if (t == place) next[sub] = total;
            total += s->count[t][sub];
        }
    }
    if (place == 0) s->begin[SUB_ROUNDS] = total;
    for (uint32_t node = from; node < to; node++)
        if (flag[node]) s->work->list[next[sub_round(s->seed, node)]++] = node;
    fn_team_wait(&s->team);
}

/* Who wants to be alone takes the cluster of its own number if that is empty: nobody else can want it. */
static uint32_t alone(const round_state *s, uint32_t node)
{
    const size_t terms = (size_t) s->graph->terms->count;
    for (size_t k = 0; k < terms; k++)
        if (s->work->volume[node * terms + k] != 0) return s->cluster[node];
    return node;
}

/* Rows of a sub-round lie apart: fetch what the nodes a little further on will read. */
static void fetch_ahead(const round_state *s, const uint32_t *list, size_t i, size_t end)
{
    enum { OFFSET_AHEAD = 24, ROW_AHEAD = 12, LINE = 64, LINES_MOST = 4 };
    const fn_leiden_graph *graph = s->graph;
    const size_t size = graph->light ? sizeof *graph->light : sizeof *graph->exact;
    const char *rows = graph->light ? (const char *) graph->light : (const char *) graph->exact;
    if (i + OFFSET_AHEAD < end) __builtin_prefetch(&graph->offset[list[i + OFFSET_AHEAD]]);
    if (i + ROW_AHEAD < end) {
        const size_t *row = &graph->offset[list[i + ROW_AHEAD]];
        const char *from = rows + row[0] * size, *to = rows + row[1] * size;
        for (int line = 0; line < LINES_MOST && from < to; line++, from += LINE) __builtin_prefetch(from);
    }
}

static void choose(round_state *s, int sub, fn_leiden_tally *tally)
{
    const uint32_t *list = s->work->list + s->begin[sub];
    const size_t count = s->begin[sub + 1] - s->begin[sub];
    size_t begin, end;
    while (fn_team_take(&s->next[sub][0], CHUNK, count, &begin, &end))
        for (size_t i = begin; i < end; i++) {
            uint32_t node = list[i];
            fetch_ahead(s, list, i, end);
            uint32_t to = fn_leiden_best(s->graph, tally, s->cluster, s->work->volume, node);
            s->work->proposal[node] = to == FN_NONE ? alone(s, node) : to;
        }
}

static void move(round_state *s, int sub)
{
    const size_t terms = (size_t) s->graph->terms->count;
    const uint32_t *list = s->work->list + s->begin[sub];
    const size_t count = s->begin[sub + 1] - s->begin[sub];
    int64_t *volume = s->work->volume;
    size_t begin, end;
    while (fn_team_take(&s->next[sub][1], CHUNK, count, &begin, &end))
        for (size_t i = begin; i < end; i++) {
            uint32_t node = list[i], from = s->cluster[node], to = s->work->proposal[node];
            if (!s->all_wait) s->work->flag[node] = 0;
            if (to == from) continue;
            for (size_t k = 0; k < terms; k++) {
                int64_t its = s->graph->volume[node * terms + k];
                __atomic_fetch_sub(&volume[from * terms + k], its, __ATOMIC_RELAXED);
                __atomic_fetch_add(&volume[to * terms + k], its, __ATOMIC_RELAXED);
            }
            s->cluster[node] = to;
            s->work->proposal[node] = FN_NONE; /* it has moved */
        }
}

/* Those left in other clusters may want to follow. */
static void tell(const round_state *s, uint32_t node)
{
    enum { BLOCK = 64 };
    const size_t end = s->graph->offset[node + 1];
    const uint32_t own = s->cluster[node];
    uint32_t left[BLOCK];
    for (size_t begin = s->graph->offset[node]; begin < end; begin += BLOCK) {
        const size_t last = end - begin < BLOCK ? end : begin + BLOCK;
        uint32_t count = 0;
        for (size_t arc = begin; arc < last; arc++) {
            left[count] = fn_leiden_target(s->graph, arc);
            count += s->cluster[left[count]] != own;
        }
        for (uint32_t i = 0; i < count; i++) __atomic_store_n(&s->work->flag[left[i]], 1, __ATOMIC_RELAXED);
    }
}

static void tell_neighbours(round_state *s, int sub)
{
    const uint32_t *list = s->work->list + s->begin[sub];
    const size_t count = s->begin[sub + 1] - s->begin[sub];
    size_t begin, end;
    while (fn_team_take(&s->next[sub][2], CHUNK, count, &begin, &end))
        for (size_t i = begin; i < end; i++)
            if (s->work->proposal[list[i]] == FN_NONE) tell(s, list[i]);
}

static size_t waiting_arcs(const fn_leiden_graph *graph, const fn_leiden_work *work)
{
    size_t arcs = 0;
    const int threads = fn_leiden_threads(work, graph->nodes);
    (void) threads;
#pragma omp parallel for schedule(static) reduction(+ : arcs) num_threads(threads)
    for (uint32_t node = 0; node < graph->nodes; node++)
        if (work->flag[node]) arcs += graph->offset[node + 1] - graph->offset[node];
    return arcs;
}

size_t fn_leiden_round(const fn_leiden_graph *graph, fn_leiden_work *work, uint64_t seed, bool all_wait,
                       uint32_t *cluster)
{
    round_state s = { .graph = graph, .work = work, .seed = seed, .all_wait = all_wait, .cluster = cluster };
    int threads = work->threads < THREADS_MOST ? work->threads : THREADS_MOST;
    (void) threads;
#pragma omp parallel num_threads(threads)
    {
        int place = fn_team_place();
#pragma omp single
        s.team.threads = fn_team_size();
        deal(&s, place);
        for (int sub = 0; sub < SUB_ROUNDS; sub++) {
            choose(&s, sub, &work->tally[place]);
            fn_team_wait(&s.team);
            move(&s, sub);
            fn_team_wait(&s.team);
            if (!all_wait) tell_neighbours(&s, sub);
        }
    }
    return waiting_arcs(graph, work);
}

size_t fn_leiden_flag_all(const fn_leiden_graph *graph, fn_leiden_work *work)
{
    for (uint32_t node = 0; node < graph->nodes; node++)
        work->flag[node] = graph->offset[node + 1] > graph->offset[node];
    return fn_leiden_arcs(graph);
}

size_t fn_leiden_flag_unhappy(const fn_leiden_graph *graph, fn_leiden_work *work, const uint32_t *cluster)
{
    const int threads = fn_leiden_threads(work, fn_leiden_arcs(graph));
    (void) threads;
#pragma omp parallel for schedule(dynamic, 1024) num_threads(threads)
    for (uint32_t node = 0; node < graph->nodes; node++) {
        uint32_t to = fn_leiden_best(graph, &work->tally[fn_team_place()], cluster, work->volume, node);
        work->flag[node] = to != cluster[node];
    }
    return waiting_arcs(graph, work);
}
