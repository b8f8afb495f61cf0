/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "algorithms/economy_stream_inside.h"
#include "graph/memory.h"
#include "graph/text.h"

enum { KEYS = 0x5ec0, FIRST_YEAR = 2020, IDS = 1000000000, TRADERS = 100, FINALS = 25 };
enum { DEFAULT_DEGREE = 5, DEGREE_MOST = 25 };

static fn_status check(fn_run *run, const fn_stream_options *o, uint32_t firms)
{
    double shares = o->subcontract + o->knowledge + o->ownership;
    if (o->ties < 1000 || o->ties > 1000000000)
        return fn_fail(run, FN_EINVAL, "a large economy has 1000 to 1000000000 ties, not %llu",
                       (unsigned long long) o->ties);
    if (firms < 200 || o->ties < 2 * (uint64_t) firms || o->ties > DEGREE_MOST * (uint64_t) firms) {
        fn_fail(run, FN_EINVAL, "%llu ties want 2 to 25 ties a firm and at least 200 firms, not %u firms",
                (unsigned long long) o->ties, (unsigned) firms);
        fn_hint(run, "--firms %llu", (unsigned long long) (o->ties / DEFAULT_DEGREE));
        return FN_EINVAL;
    }
    if (o->periods < 1 || o->periods > STREAM_PERIODS)
        return fn_fail(run, FN_EINVAL, "an economy has 1 to 16 periods, not %u", (unsigned) o->periods);
    if (!(o->subcontract >= 0 && o->knowledge >= 0 && o->ownership >= 0 && shares <= 1))
        return fn_fail(run, FN_EINVAL, "the shares of layers are at least 0 and together at most 1");
    return FN_OK;
}

/* A share as a threshold for 32 random bits. */
static uint32_t threshold(double share)
{
    return share >= 1 ? UINT32_MAX : (uint32_t) (share * 4294967296.0);
}

fn_status fn_economy_stream_new(fn_run *run, const fn_stream_options *options, fn_economy_stream **stream)
{
    uint32_t firms = options->firms ? options->firms : (uint32_t) (options->ties / DEFAULT_DEGREE);
    *stream = NULL;
    fn_status status = check(run, options, firms);
    if (status) return status;
    fn_economy_stream *s = fn_alloc(run, 1, sizeof *s);
    if (!s) return FN_ENOMEM;
    s->seed = run->seed;
    for (uint64_t k = 0; k < STREAM_DRAWS; k++) s->key[k] = fn_random(s->seed, KEYS, k);
    s->ties = options->ties;
    s->firms = firms;
    s->traders = firms / TRADERS > 4 ? firms / TRADERS : 4;
    s->finals = firms / FINALS;
    s->layer_below[0] = threshold(options->subcontract);
    s->layer_below[1] = threshold(options->subcontract + options->knowledge);
    s->layer_below[2] = threshold(options->subcontract + options->knowledge + options->ownership);
    for (uint32_t p = 0; p < options->periods; p++) fn_date_make(FIRST_YEAR + (int) p, 1, 1, &s->year[p]);
    fn_powers_fill(&s->powers);
    fn_spells_make(s->seed, options->periods, &s->spells);
    s->rows = s->ties / STREAM_BLOCK * s->spells.row[STREAM_BLOCK] + s->spells.row[s->ties % STREAM_BLOCK];
    s->row_order = fn_shuffle_of(s->rows, s->seed, STREAM_ROWS);
    s->id_order = fn_shuffle_of(IDS, s->seed, STREAM_IDS);
    status = fn_stream_sizes(run, s);
    if (!status) status = fn_stream_deal(run, s);
    if (status) fn_economy_stream_free(s);
    else *stream = s;
    return status;
}

void fn_economy_stream_free(fn_economy_stream *s)
{
    if (!s) return;
    for (uint32_t q = 0; q < s->sizes; q++) {
        fn_ladder_free(&s->size[q].inside);
        fn_ladder_free(&s->size[q].outside);
    }
    fn_ladder_free(&s->buys);
    fn_ladder_free(&s->sells);
    fn_ladder_free(&s->final);
    fn_free(s);
}

uint64_t fn_economy_stream_rows(const fn_economy_stream *stream)
{
    return stream->rows;
}

uint32_t fn_economy_stream_firms(const fn_economy_stream *stream)
{
    return stream->firms;
}

uint32_t fn_economy_stream_clusters(const fn_economy_stream *stream)
{
    return stream->clusters;
}

const char *fn_stream_role_name(fn_stream_role role)
{
    static const char *const name[] = { "central", "member", "maker", "trader", "final_buyer" };
    return name[role];
}
