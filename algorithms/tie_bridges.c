/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "algorithms/tie_relation.h"
#include "graph/csr.h"
#include "graph/memory.h"

/* Firms behind every arc that nothing else joins to the rest, by one walk in depth. */
typedef struct walk {
    uint32_t *order;      /* when a firm was reached, from 1; 0: not yet */
    uint32_t *low;        /* the earliest that it or what hangs on it leads back to */
    uint32_t *size;       /* firms that hang on it, itself too */
    uint32_t *parent;
    uint32_t *stack;
    size_t *next;         /* arc to look at next */
    uint32_t *behind;     /* of a firm: size, where the arc from its parent is a bridge; else 0 */
    uint32_t *part;       /* firms of its connected part */
} walk;

static fn_status walk_new(fn_run *run, uint32_t firms, walk *w)
{
    w->order = fn_alloc(run, firms, sizeof *w->order);
    w->low = fn_alloc(run, firms, sizeof *w->low);
    w->size = fn_alloc(run, firms, sizeof *w->size);
    w->parent = fn_alloc(run, firms, sizeof *w->parent);
    w->stack = fn_alloc(run, firms, sizeof *w->stack);
    w->next = fn_alloc(run, firms, sizeof *w->next);
    w->behind = fn_alloc(run, firms, sizeof *w->behind);
    w->part = fn_alloc(run, firms, sizeof *w->part);
    bool made = w->order && w->low && w->size && w->parent && w->stack && w->next && w->behind && w->part;
    return made ? FN_OK : FN_ENOMEM;
}

static void walk_free(walk *w)
{
    fn_free(w->order);
    fn_free(w->low);
    fn_free(w->size);
    fn_free(w->parent);
    fn_free(w->stack);
    fn_free(w->next);
    fn_free(w->behind);
    fn_free(w->part);
}

static void enter(const fn_csr *both, walk *w, uint32_t u, uint32_t parent, uint32_t *clock)
{
    w->order[u] = w->low[u] = ++*clock;
    w->size[u] = 1;
    w->parent[u] = parent;
    w->next[u] = both->offset[u];
}

/* One connected part; pairs of firms are arcs, so parallel ties don't matter here. */
static void walk_part(const fn_csr *both, walk *w, uint32_t root, uint32_t *clock)
{
    size_t depth = 0;
    enter(both, w, root, FN_NONE, clock);
    w->stack[depth++] = root;
    while (depth) {
        uint32_t u = w->stack[depth - 1], p = w->parent[u];
        if (w->next[u] < both->offset[u + 1]) {
            uint32_t v = both->target[w->next[u]++];
            if (v == p) continue;
            if (w->order[v]) {
                if (w->order[v] < w->low[u]) w->low[u] = w->order[v];
                continue;
            }
            enter(both, w, v, u, clock);
            w->stack[depth++] = v;
            continue;
        }
        depth--;
        if (p == FN_NONE) continue;
        if (w->low[u] < w->low[p]) w->low[p] = w->low[u];
        w->size[p] += w->size[u];
        if (w->low[u] > w->order[p]) w->behind[u] = w->size[u];
    }
}

static void walk_all(const fn_csr *both, walk *w)
{
    uint32_t clock = 0;
    for (uint32_t u = 0; u < both->firms; u++)
        if (!w->order[u]) walk_part(both, w, u, &clock);
    /* Parents were reached before what hangs on them. */
    for (uint32_t u = 0; u < both->firms; u++) w->stack[w->order[u] - 1] = u;
    for (uint32_t k = 0; k < both->firms; k++) {
        uint32_t u = w->stack[k];
        w->part[u] = w->parent[u] == FN_NONE ? w->size[u] : w->part[w->parent[u]];
    }
}

/* ---- ties between two clusters ---- */

typedef struct crossing {
    uint32_t low, high;     /* clusters */
    uint16_t layer;
    size_t ties;
    double weight;
} crossing;

static int by_clusters(const void *a, const void *b)
{
    const crossing *x = a, *y = b;
    if (x->low != y->low) return x->low < y->low ? -1 : 1;
    if (x->high != y->high) return x->high < y->high ? -1 : 1;
    return (x->layer > y->layer) - (x->layer < y->layer);
}

static crossing crossing_of(const fn_view *view, const uint32_t *cluster, size_t row)
{
    const fn_tie t = fn_net_tie_at(view->net, fn_view_tie(view, row));
    uint32_t a = cluster[t.from], b = cluster[t.to];
    return (crossing) { a < b ? a : b, a < b ? b : a, t.layer, 1, ldexp(view->weight[row], -64) };
}

/* Sums over the ties of each pair of clusters in each layer, in order. */
static fn_status add_up_crossings(fn_run *run, const fn_view *view, const uint32_t *cluster, crossing **list,
                                  size_t *count)
{
    size_t n = 0, kept = 0;
    crossing *c = *list = fn_alloc_bare(run, view->ties, sizeof *c);
    if (!c) return FN_ENOMEM;
    for (size_t row = 0; row < view->ties; row++) {
        crossing one = crossing_of(view, cluster, row);
        if (one.low != one.high) c[n++] = one;
    }
    if (n) qsort(c, n, sizeof *c, by_clusters);
    for (size_t i = 0; i < n; i++) {
        if (kept && by_clusters(&c[kept - 1], &c[i]) == 0) c[kept - 1].ties++, c[kept - 1].weight += c[i].weight;
        else c[kept++] = c[i];
    }
    *count = kept;
    return FN_OK;
}

/* Ties of two clusters in all layers, and the weight in one. */
static void between(const crossing *list, size_t count, const crossing *wanted, size_t *ties, double *weight)
{
    size_t low = 0, high = count;
    crossing first = *wanted;
    first.layer = 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (by_clusters(&list[middle], &first) < 0) low = middle + 1;
        else high = middle;
    }
    *ties = 0;
    for (; low < count && list[low].low == wanted->low && list[low].high == wanted->high; low++) {
        *ties += list[low].ties;
        if (list[low].layer == wanted->layer) *weight = list[low].weight;
    }
}

/* ---- the table ---- */

typedef struct columns {
    fn_column *from, *to, *layer, *cluster_from, *cluster_to, *weight, *other_ties, *weight_share, *firms_apart,
        *apart_from, *falls_apart;
} columns;

static fn_status add_columns(fn_run *run, const fn_net *net, fn_table *table, columns *c)
{
    const fn_column_wanted wanted[] = {
        { "from", FN_COLUMN_TEXT, &c->from, fn_net_keys(net) }, { "to", FN_COLUMN_TEXT, &c->to, fn_net_keys(net) },
        { "layer", FN_COLUMN_TEXT, &c->layer, fn_net_layers(net) },
        { "cluster_from", FN_COLUMN_INT, &c->cluster_from, NULL },
        { "cluster_to", FN_COLUMN_INT, &c->cluster_to, NULL },
        { "weight", FN_COLUMN_REAL, &c->weight, NULL }, { "other_ties", FN_COLUMN_INT, &c->other_ties, NULL },
        { "weight_share", FN_COLUMN_REAL, &c->weight_share, NULL },
        { "firms_apart", FN_COLUMN_INT, &c->firms_apart, NULL },
        { "apart_from", FN_COLUMN_INT, &c->apart_from, NULL }, { "falls_apart", FN_COLUMN_TEXT, &c->falls_apart, NULL }
    };
    return fn_table_add_all(run, table, wanted, sizeof wanted / sizeof *wanted);
}

static fn_status say(fn_run *run, const columns *c, size_t row, const crossing *pair)
{
    char text[256];
    int64_t apart = c->firms_apart->integer[row], others = c->other_ties->integer[row];
    uint32_t low = pair->low + 1, high = pair->high + 1;
    int length = others ? snprintf(text, sizeof text, "clusters %u and %u keep %" PRId64 " other tie%s", low, high,
                                   others, others == 1 ? "" : "s")
                        : snprintf(text, sizeof text, "clusters %u and %u have no other tie", low, high);
    size_t room = sizeof text - (size_t) length;
    length += apart ? snprintf(text + length, room, "; %" PRId64 " firm%s would be cut off from %" PRId64, apart,
                               apart == 1 ? "" : "s", c->apart_from->integer[row])
                    : snprintf(text + length, room, "; no firm would be cut off");
    return fn_column_set_text(run, c->falls_apart, row, text, (size_t) length);
}

/* Firms that a tie alone connects: where its pair is a bridge of the walk, and has no second tie. */
static uint32_t firms_apart(const walk *w, const fn_csr *times, const fn_tie *t, uint32_t *rest)
{
    uint32_t child = w->parent[t->to] == t->from ? t->to : w->parent[t->from] == t->to ? t->from : FN_NONE;
    if (child == FN_NONE || !w->behind[child] || times->weight[fn_csr_find(times, t->from, t->to)] != 1) return 0;
    uint32_t behind = w->behind[child], other = w->part[child] - behind;
    *rest = behind < other ? other : behind;
    return behind < other ? behind : other;
}

static bool is_bridge(const fn_column *class, size_t row)
{
    return !fn_column_missing(class, row) && strcmp(fn_column_text(class, row, NULL), "bridge") == 0;
}

static fn_status fill(fn_run *run, const fn_view *view, const uint32_t *cluster, const fn_column *class, const walk *w,
                      const fn_csr *times, const crossing *list, size_t count, const columns *c)
{
    fn_status status = FN_OK;
    size_t at = 0;
    for (size_t row = 0; row < view->ties && !status; row++) {
        if (!is_bridge(class, row)) continue;
        const fn_tie t = fn_net_tie_at(view->net, fn_view_tie(view, row));
        crossing pair = crossing_of(view, cluster, row);
        if (pair.low == pair.high) continue;
        size_t ties;
        double weight = 0;
        uint32_t rest = 0, apart = firms_apart(w, times, &t, &rest);
        between(list, count, &pair, &ties, &weight);
        c->from->text[at] = t.from;
        c->to->text[at] = t.to;
        c->layer->text[at] = t.layer;
        c->cluster_from->integer[at] = (int64_t) cluster[t.from] + 1;
        c->cluster_to->integer[at] = (int64_t) cluster[t.to] + 1;
        c->weight->real[at] = view->weight[row];
        c->other_ties->integer[at] = (int64_t) ties - 1;
        c->weight_share->real[at] = weight > 0 ? pair.weight / weight : NAN;
        c->firms_apart->integer[at] = apart;
        c->apart_from->integer[at] = rest;
        status = say(run, c, at++, &pair);
    }
    return status;
}

static size_t count_bridges(const fn_view *view, const uint32_t *cluster, const fn_column *class)
{
    size_t count = 0;
    for (size_t row = 0; row < view->ties; row++) {
        crossing pair = crossing_of(view, cluster, row);
        count += pair.low != pair.high && is_bridge(class, row);
    }
    return count;
}

fn_status fn_tie_bridges(fn_run *run, const fn_view *view, const uint32_t *cluster, const fn_column *class,
                         fn_table **table)
{
    fn_csr *times = NULL; /* its weights count the ties of each pair */
    walk w = { 0 };
    crossing *list = NULL;
    columns c;
    size_t count = 0;
    *table = NULL;
    double *one = fn_alloc_bare(run, view->ties, sizeof *one);
    for (size_t row = 0; one && row < view->ties; row++) one[row] = 1;
    fn_status status = one ? fn_view_csr_weighted(run, view, -1, FN_CSR_BOTH, true, one, &times) : FN_ENOMEM;
    if (!status) status = walk_new(run, view->firms, &w);
    if (!status) walk_all(times, &w);
    if (!status) status = add_up_crossings(run, view, cluster, &list, &count);
    if (!status) status = fn_table_new(run, count_bridges(view, cluster, class), table);
    if (!status) status = add_columns(run, view->net, *table, &c);
    if (!status) status = fill(run, view, cluster, class, &w, times, list, count, &c);
    if (status) fn_table_free(*table), *table = NULL;
    fn_free(one);
    fn_free(list);
    walk_free(&w);
    fn_csr_free(times);
    return status;
}
