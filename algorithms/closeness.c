/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "algorithms/algorithm.h"
#include "algorithms/centrality.h"
#include "algorithms/closeness_inside.h"
#include "graph/memory.h"
#include "graph/random.h"

/* Rows are dealt to threads in blocks; a step over fewer arcs is not worth the threads, and one from fewer arcs than
 * this part of all is made ahead from who is in front. */
enum { BLOCK = 512, THREADS_ARCS = 1 << 15, SPARSE_PART = 16, STREAM_TARGETS = 0x636c };

/* The chance that an estimate is worse than what was asked for. */
#define ERROR_CHANCE .1

typedef struct plan {
    const size_t *start, *back_start;   /* rows along which firms look, and the same arcs from their other end */
    const uint32_t *row, *back_row;
    const fn_search_net *net;
    fn_beam_work *work;
    fn_beam_rows *rows;
    fn_nearness *near;
    int threads;
} plan;

static void work_free(fn_beam_work *w)
{
    fn_free(w->memory);
    fn_free(w->active);
    fn_free(w->fresh);
    fn_free(w->found);
}

static fn_status work_alloc(fn_run *run, uint32_t places, fn_beam_work *w)
{
    size_t bytes = ((size_t) places * 3 + 1) * sizeof *w->seen;
    w->memory = fn_alloc_scattered(run, bytes, 1);
    w->active = fn_alloc_bare(run, places, sizeof *w->active);
    w->fresh = fn_alloc_bare(run, places, sizeof *w->fresh);
    w->found = fn_alloc_bare(run, places, sizeof *w->found);
    if (!w->memory || !w->active || !w->fresh || !w->found) return FN_ENOMEM;
    memset(w->memory, 0, bytes);
    w->seen = (fn_beams *) (((uintptr_t) w->memory + 63) / 64 * 64);
    w->front = w->seen + places;
    w->next = w->front + places;
    return FN_OK;
}

/* Everybody looks at whom he delivers to (or gets from); gives how many are reached. */
static uint32_t look(const plan *p, const fn_beam_step *step, uint32_t first, uint32_t last)
{
    enum { RUN = 64 }; /* blocks whose counts are kept at a time */
    fn_beam_work *w = p->work;
    uint32_t blocks = (last - first + BLOCK - 1) / BLOCK, kept = 0, count[RUN];
    for (uint32_t done = 0; done < blocks; done += RUN) {
        uint32_t end = blocks - done < RUN ? blocks : done + RUN;
#ifdef _OPENMP
        bool worth = p->threads > 1 && p->start[last] - p->start[first] > THREADS_ARCS;
#pragma omp parallel for num_threads(p->threads) schedule(dynamic, 1) if (worth)
#endif
        for (uint32_t b = done; b < end; b++) {
            uint32_t from = first + b * BLOCK, to = last - from < BLOCK ? last : from + BLOCK;
            count[b - done] = p->rows(step, w, from, to, w->found + from);
        }
        for (uint32_t b = done; b < end; b++) {
            memcpy(w->fresh + kept, w->found + first + b * BLOCK, count[b - done] * sizeof *w->found);
            kept += count[b - done];
        }
    }
    return kept;
}

/* The few in front are gathered by those who look at them. */
static uint32_t gather(const plan *p, const fn_beam_step *step)
{
    fn_beam_work *w = p->work;
    uint32_t count = 0;
    for (uint32_t at = 0; at < w->count; at++) {
        uint32_t u = w->active[at];
        for (size_t i = p->back_start[u]; i < p->back_start[u + 1]; i++) {
            uint32_t v = p->back_row[i];
            uint64_t before = 0, fresh = 0;
            for (int k = 0; k < FN_BEAM_WORDS; k++) {
                uint64_t beams = w->front[u][k] & ~w->seen[v][k];
                before |= w->next[v][k];
                fresh |= beams;
                w->next[v][k] |= beams;
            }
            if (fresh && !before) w->found[count++] = v;
        }
    }
    return fn_beam_gathered(step, w, w->found, count, w->fresh);
}

static size_t arcs_behind(const plan *p)
{
    size_t arcs = 0;
    for (uint32_t at = 0; at < p->work->count; at++) {
        uint32_t u = p->work->active[at];
        arcs += p->back_start[u + 1] - p->back_start[u];
    }
    return arcs;
}

static void begin(const plan *p, const uint32_t *target, uint32_t targets, uint64_t *full)
{
    fn_beam_work *w = p->work;
    for (uint32_t i = 0; i < targets; i++) {
        uint64_t bit = UINT64_C(1) << i % 64;
        full[i / 64] |= bit;
        w->seen[target[i]][i / 64] |= bit;
        w->front[target[i]][i / 64] |= bit;
        w->active[i] = target[i];
    }
    w->count = targets;
}

/* From up to FN_BEAMS ascending places to all that can see them. */
static void search(const plan *p, const uint32_t *target, uint32_t targets)
{
    fn_beam_work *w = p->work;
    fn_beams full = { 0 };
    uint32_t first = p->net->part_first[target[0]], last = p->net->part_end[target[targets - 1]];
    size_t arcs = p->start[last] - p->start[first];
    memset(w->seen + first, 0, (size_t) (last - first) * sizeof *w->seen);
    begin(p, target, targets, full);
    for (uint64_t distance = 1; w->count > 0; distance++) {
        uint64_t share = (uint64_t) (w->unit / (double) distance + .5);
        const fn_beam_step step = { p->start, p->row, full, distance, share, p->near };
        uint32_t count = arcs_behind(p) < arcs / SPARSE_PART ? gather(p, &step) : look(p, &step, first, last);
        for (uint32_t at = 0; at < w->count; at++) memset(w->front[w->active[at]], 0, sizeof *w->front);
        fn_beams *front = w->front;
        w->front = w->next;
        w->next = front;
        uint32_t *active = w->active;
        w->active = w->fresh;
        w->fresh = active;
        w->count = count;
    }
}

/* The targets: all places, or an even sample of them, ascending. */
static uint32_t choose_targets(const fn_run *run, uint32_t places, uint32_t wanted, uint32_t *target)
{
    uint32_t taken = 0;
    for (uint32_t p = 0; p < places && taken < wanted; p++)
        if (wanted == places || fn_random_below(run->seed, STREAM_TARGETS, p, places - p) < wanted - taken)
            target[taken++] = p;
    return taken;
}

static fn_status search_all(fn_run *run, const plan *p, const uint32_t *target, uint32_t targets, double before)
{
    for (uint32_t first = 0; first < targets; first += FN_BEAMS) {
        fn_status status = fn_progress(run, "closeness", before + .5 * first / targets);
        if (status) return status;
        search(p, target + first, targets - first < FN_BEAMS ? targets - first : FN_BEAMS);
        if (targets - first <= FN_BEAMS) break;
    }
    return FN_OK;
}

/* What the sums say of each firm; of a sample they stand for as many more as there are places to a target. */
static void tell(const plan *p, uint32_t firms, uint32_t targets, double *closeness, double *harmonic)
{
    double scale = targets ? (double) p->net->places / targets : 1;
    for (uint32_t u = 0; u < firms; u++) closeness[u] = harmonic[u] = 0;
    for (uint32_t at = 0; at < p->net->places; at++) {
        const fn_nearness *near = &p->near[at];
        if (!near->reached) continue;
        uint32_t u = p->net->firm[at];
        double reached = near->reached;
        closeness[u] = scale * (reached / (firms - 1)) * (reached / (double) near->distance);
        harmonic[u] = scale * ((double) near->inverse / p->work->unit);
    }
}

/* Hoeffding, over all firms at once. */
static uint32_t targets_for(uint32_t firms, double error)
{
    double targets = ceil(log(2 * (firms + 1.0) / ERROR_CHANCE) / (2 * error * error));
    return targets < UINT32_MAX ? (uint32_t) targets : UINT32_MAX;
}

fn_status fn_closeness(fn_run *run, const fn_csr *out, uint32_t exact_limit, double error, fn_closeness_scores *score,
                       uint32_t *made)
{
    const fn_lengths steps = { 0 };
    fn_beam_work w = { 0 };
    fn_search_net *net = NULL;
    uint32_t *target = NULL, wanted = 0, targets = 0;
    plan p = { .work = &w, .rows = fn_beam_rows_best(), .threads = fn_run_threads(run) };
    fn_status status = fn_search_net_new(run, out, NULL, &steps, &net);
    if (status) goto done;
    if ((status = work_alloc(run, net->places, &w))) goto done;
    wanted = targets_for(out->firms, error);
    if (net->places <= exact_limit || wanted > net->places) wanted = net->places;
    else fn_note(run, "closeness is estimated from the ways to %u of %u firms", wanted, net->places);
    target = fn_alloc(run, wanted, sizeof *target);
    p.near = fn_alloc(run, net->places, sizeof *p.near);
    status = target && p.near ? FN_OK : FN_ENOMEM;
    if (status) goto done;
    /* So large that the sum over all firms fits 64 bits. */
    w.unit = ldexp(1, 62);
    while (w.unit * net->places > 0x1p63) w.unit /= 2;
    p.net = net;
    targets = choose_targets(run, net->places, wanted, target);
    for (int inward = 0; !status && inward < 2; inward++) {
        p.start = inward ? net->in_start : net->out_start;
        p.row = inward ? net->in : net->out;
        p.back_start = inward ? net->out_start : net->in_start;
        p.back_row = inward ? net->out : net->in;
        memset(p.near, 0, net->places * sizeof *p.near);
        status = search_all(run, &p, target, targets, .5 * inward);
        if (inward) tell(&p, out->firms, targets, score->closeness_in, score->harmonic_in);
        else tell(&p, out->firms, targets, score->closeness_out, score->harmonic_out);
    }
    if (made) *made = targets;
done:
    fn_search_net_free(net);
    work_free(&w);
    fn_free(target);
    fn_free(p.near);
    return status;
}

static fn_status run_closeness(fn_run *run, const fn_view *view, const fn_values *values, fn_table *result)
{
    fn_csr *out = NULL;
    fn_column *column[4];
    const fn_column_wanted wanted[] = {
        { .name = "closeness_in", .type = FN_COLUMN_REAL, .column = &column[0] },
        { .name = "closeness_out", .type = FN_COLUMN_REAL, .column = &column[1] },
        { .name = "harmonic_in", .type = FN_COLUMN_REAL, .column = &column[2] },
        { .name = "harmonic_out", .type = FN_COLUMN_REAL, .column = &column[3] }
    };
    fn_status status = fn_view_csr(run, view, -1, FN_CSR_OUT, true, &out);
    if (!status) status = fn_table_add_all(run, result, wanted, 4);
    if (!status) {
        fn_closeness_scores score = { column[0]->real, column[1]->real, column[2]->real, column[3]->real };
        status = fn_closeness(run, out, (uint32_t) fn_values_int(values, "closeness-limit"),
                              fn_values_real(values, "closeness-error"), &score, NULL);
    }
    fn_csr_free(out);
    return status;
}

static const fn_param params[] = {
    { .name = "closeness-limit", .type = FN_PARAM_INT, .argument = "N", .fallback = "50000", .low = 0,
      .high = UINT32_MAX, .text = "closeness is exact where at most N firms have ties, and estimated above" },
    { .name = "closeness-error", .type = FN_PARAM_REAL, .argument = "SHARE", .fallback = "0.05", .low = 1e-4,
      .high = 1,
      .text = "largest error of harmonic closeness where it is estimated, as a share of all firms (nine times in "
              "ten)" },
    { .name = NULL }
};

const fn_algorithm fn_algorithm_closeness = {
    .name = "closeness", .group = FN_GROUP_CENTRALITY, .on_request = true,
    .text = "closeness and harmonic closeness: how few steps it takes to or from all other firms",
    .gives = "closeness_in,closeness_out,harmonic_in,harmonic_out", .params = params,
    .source = "Wasserman and Faust 1994; Boldi and Vigna 2014; Then et al. 2014", .run = run_closeness
};
