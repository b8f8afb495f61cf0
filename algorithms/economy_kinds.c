/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "algorithms/economy_inside.h"
#include "graph/memory.h"

enum {
    FIRST_DAY = 18628, DAYS = 1461,           /* 2021-01-01 … 2024-12-31 */
    CREW_SELLERS = 5, CREW_BUYERS = 5, CREW = CREW_SELLERS + CREW_BUYERS,
    SELLERS_A_BUYER = 4, TRANSIENTS_A_FIRM = 3, RECORDS_MOST = 24
};

static const char *const kinds[] = { "embedded", "bridging", "transient" };
typedef enum kind { EMBEDDED, BRIDGING, TRANSIENT } kind;

typedef struct maker {
    fn_run *run;
    fn_net *net;
    fn_table *ties;
    fn_column *from, *to, *kind;
    uint64_t *taken;      /* hash set of pairs, direction ignored: a pair is tied once */
    size_t room;
    fn_draw draw;
} maker;

static bool take_pair(maker *m, uint32_t a, uint32_t b)
{
    uint64_t pair = (uint64_t) (a < b ? a : b) << 32 | (a < b ? b : a);
    size_t at = fn_mix64(pair) & (m->room - 1);
    for (; m->taken[at]; at = (at + 1) & (m->room - 1))
        if (m->taken[at] == pair + 1) return false;
    m->taken[at] = pair + 1;
    return true;
}

/* Many small amounts, few large ones, around 1000. */
static double draw_value(maker *m, uint32_t usual)
{
    static const uint32_t spread[] = { 30, 45, 60, 70, 80, 90, 100, 110, 125, 145, 175, 240 };
    return (double) (usual * spread[fn_draw_below(&m->draw, 12)] / 100 + 1);
}

static fn_status add_record(maker *m, uint32_t from, uint32_t to, double value, int32_t day)
{
    fn_tie tie = { .from = from, .to = to, .product = FN_NONE, .layer = FN_LAYER_SUPPLY, .value = value, .weight = NAN,
                   .count = 1, .first = day, .last = day };
    return fn_net_add(m->run, m->net, &tie, NULL);
}

static fn_status tell(maker *m, uint32_t from, uint32_t to, kind what)
{
    char key[16];
    size_t row = m->ties->rows;
    fn_status status = fn_table_resize(m->run, m->ties, row + 1);
    const uint32_t end[] = { from, to };
    fn_column *const column[] = { m->from, m->to };
    for (int e = 0; e < 2 && !status; e++) {
        int length = snprintf(key, sizeof key, "F%06u", end[e]);
        status = fn_column_set_text(m->run, column[e], row, key, (size_t) length);
    }
    return status ? status : fn_column_set_text(m->run, m->kind, row, kinds[what], strlen(kinds[what]));
}

/* Embedded: every two to four months through all years. Bridging: as lasting, but rarer and smaller. Transient: once,
 * or twice within a quarter, on any day; one in five as dear as an embedded one. */
static fn_status add_tie(maker *m, uint32_t from, uint32_t to, kind what)
{
    int32_t day = FIRST_DAY + (int32_t) fn_draw_below(&m->draw, what == TRANSIENT ? DAYS - 91 : 300);
    uint32_t usual = what == EMBEDDED ? 1000 : what == BRIDGING ? 400 : fn_draw_chance(&m->draw, 200) ? 1000 : 200;
    uint32_t records = what == TRANSIENT ? 1 + fn_draw_below(&m->draw, 2) : RECORDS_MOST;
    if (from == to || !take_pair(m, from, to)) return FN_OK;
    fn_status status = tell(m, from, to, what);
    for (uint32_t k = 0; k < records && day < FIRST_DAY + DAYS && !status; k++) {
        status = add_record(m, from, to, draw_value(m, usual), day);
        day += what == EMBEDDED ? 60 + (int32_t) fn_draw_below(&m->draw, 60)
             : what == BRIDGING ? 200 + (int32_t) fn_draw_below(&m->draw, 160) : (int32_t) fn_draw_below(&m->draw, 91);
    }
    return status;
}

/* A crew: each buyer has most of its sellers, so that customers share suppliers. */
static fn_status add_crew(maker *m, uint32_t first)
{
    fn_status status = FN_OK;
    for (uint32_t b = 0; b < CREW_BUYERS && !status; b++)
        for (uint32_t k = 0; k < SELLERS_A_BUYER && !status; k++)
            status = add_tie(m, first + (b + k) % CREW_SELLERS, first + CREW_SELLERS + b, EMBEDDED);
    return status;
}

static fn_status add_loose(maker *m, uint32_t firm, uint32_t first, uint32_t size, uint32_t firms)
{
    fn_status status = FN_OK;
    for (uint32_t k = 0; k < TRANSIENTS_A_FIRM && !status; k++) {
        bool abroad = fn_draw_chance(&m->draw, 20);
        uint32_t other = abroad ? fn_draw_below(&m->draw, firms) : first + fn_draw_below(&m->draw, size);
        bool sells = fn_draw_chance(&m->draw, 500);
        status = add_tie(m, sells ? firm : other, sells ? other : firm, TRANSIENT);
    }
    if (!status && fn_draw_chance(&m->draw, 350)) {
        uint32_t other = (first + size + fn_draw_below(&m->draw, firms - size)) % firms;
        status = add_tie(m, firm, other, BRIDGING);
    }
    return status;
}

static fn_status maker_start(maker *m, uint32_t firms, fn_table *firm_truth, uint32_t clusters)
{
    fn_column *key, *cluster;
    m->room = 64;
    while (m->room < 16 * (size_t) firms) m->room *= 2;
    if (!(m->taken = fn_alloc(m->run, m->room, sizeof *m->taken))) return FN_ENOMEM;
    fn_status status = fn_table_add(m->run, m->ties, "from", FN_COLUMN_TEXT, &m->from);
    if (!status) status = fn_table_add(m->run, m->ties, "to", FN_COLUMN_TEXT, &m->to);
    if (!status) status = fn_table_add(m->run, m->ties, "kind", FN_COLUMN_TEXT, &m->kind);
    if (!status) status = fn_table_add(m->run, firm_truth, "firm", FN_COLUMN_TEXT, &key);
    if (!status) status = fn_table_add(m->run, firm_truth, "cluster", FN_COLUMN_INT, &cluster);
    for (uint32_t f = 0; f < firms && !status; f++) {
        char text[16];
        uint32_t number;
        int length = snprintf(text, sizeof text, "F%06u", f);
        status = fn_net_firm(m->run, m->net, text, (size_t) length, &number);
        if (!status) status = fn_column_set_text(m->run, key, f, text, (size_t) length);
        cluster->integer[f] = (int64_t) ((uint64_t) f * clusters / firms) + 1;
    }
    return status;
}

static fn_status add_cluster(maker *m, uint32_t first, uint32_t end, uint32_t firms)
{
    fn_status status = FN_OK;
    for (uint32_t crew = first; crew + CREW <= end && !status; crew += CREW) status = add_crew(m, crew);
    for (uint32_t f = first; f < end && !status; f++) status = add_loose(m, f, first, end - first, firms);
    return status;
}

fn_status fn_economy_kinds(fn_run *run, uint32_t firms, uint32_t clusters, fn_net **net, fn_table **firm_truth,
                           fn_table **tie_truth)
{
    *net = NULL, *firm_truth = NULL, *tie_truth = NULL;
    if (clusters < 2 || firms / clusters < 2 * CREW || firms > 1000000)
        return fn_fail(run, FN_EINVAL, "%u firms in %u clusters: at least two clusters, each of at least %d firms, "
                       "and at most 1000000 firms", firms, clusters, 2 * CREW);
    maker m = { .run = run, .draw = { run->seed, 11, 0 } };
    fn_status status = fn_net_new(run, net);
    if (!status) status = fn_table_new(run, firms, firm_truth);
    if (!status) status = fn_table_new(run, 0, tie_truth);
    m.net = *net;
    m.ties = *tie_truth;
    if (!status) status = maker_start(&m, firms, *firm_truth, clusters);
    for (uint32_t c = 0; c < clusters && !status; c++) {
        uint32_t first = (uint32_t) (((uint64_t) c * firms + clusters - 1) / clusters);
        uint32_t end = (uint32_t) ((((uint64_t) c + 1) * firms + clusters - 1) / clusters);
        status = add_cluster(&m, first, end, firms);
    }
    if (!status) status = fn_net_freeze(run, *net);
    fn_free(m.taken);
    if (!status) return FN_OK;
    fn_net_free(*net);
    fn_table_free(*firm_truth);
    fn_table_free(*tie_truth);
    *net = NULL, *firm_truth = NULL, *tie_truth = NULL;
    return status;
}
