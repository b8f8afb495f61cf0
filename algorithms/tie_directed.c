/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include "algorithms/algorithm.h"
#include "algorithms/tie_pairs.h"
#include "graph/memory.h"

/* Overlap with direction: of a tie from → to, third firms k by the way goods flow between the three.
 *   shared_suppliers  k → from and k → to       of all suppliers of either
 *   shared_customers  from → k and to → k       of all customers of either
 *   transitive        from → k → to             of all customers of from and suppliers of to: the tie's short cut
 *   cyclic            to → k → from             of all customers of to and suppliers of from: goods come back
 * Each is n / (a + b - n), n such firms of a on one side and b on the other, `from` and `to` themselves left out;
 * missing where there are none (0/0). Within the tie's layer, weights ignored (ties without weight count, parallel
 * ties are one, self ties have no measures); an undirected layer has no directions, and none of these. Range 0 … 1.
 * The cost is that of overlap, with 16 bytes more a pair. After Fagiolo (2007), whose triangles these are, and
 * Onnela et al. (2007). */
typedef struct columns {
    fn_column *suppliers, *customers, *transitive, *cyclic;
} columns;

/* Two counts a word: neither can run over, as a pair has fewer than 2^32 common partners. */
typedef struct pair_counts {
    uint64_t same;       /* common suppliers, and common customers << 32 */
    uint64_t chain;      /* chains lower → k → higher, and higher → k → lower << 32 */
} pair_counts;

typedef struct tally {
    pair_counts *of;     /* each pair */
    const uint8_t *way;
    bool alone;          /* no other thread counts */
} tally;

static inline void add(uint64_t *word, uint32_t low, uint32_t high, bool alone)
{
    uint64_t both = (uint64_t) high << 32 | low;
    if (alone) *word += both;
    else if (both) __atomic_fetch_add(word, both, __ATOMIC_RELAXED);
}

/* x, y, z: ways of ab, ac, bc; bit 0 is up. */
static inline void tally_triangles(const tally *t, bool alone, uint32_t ab, uint32_t count, const uint32_t *ac,
                                   const uint32_t *bc)
{
    uint32_t x0 = t->way[ab] & 1, x1 = t->way[ab] >> 1;
    uint64_t same = 0, chain = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t y0 = t->way[ac[i]] & 1, y1 = t->way[ac[i]] >> 1, z0 = t->way[bc[i]] & 1, z1 = t->way[bc[i]] >> 1;
        pair_counts *of_ac = &t->of[ac[i]], *of_bc = &t->of[bc[i]];
        same += (uint64_t) (y0 & z0) << 32 | (y1 & z1);
        chain += (uint64_t) (z0 & y1) << 32 | (y0 & z1);
        add(&of_ac->same, x1 & z0, x0 & z1, alone);
        add(&of_ac->chain, x0 & z0, z1 & x1, alone);
        add(&of_bc->same, x0 & y0, x1 & y1, alone);
        add(&of_bc->chain, x1 & y0, y1 & x0, alone);
    }
    add(&t->of[ab].same, (uint32_t) same, (uint32_t) (same >> 32), alone);
    add(&t->of[ab].chain, (uint32_t) chain, (uint32_t) (chain >> 32), alone);
}

static void tally_found(void *user, uint32_t ab, uint32_t count, const uint32_t *ac, const uint32_t *bc)
{
    const tally *t = user;
    if (t->alone) tally_triangles(t, true, ab, count, ac, bc);
    else tally_triangles(t, false, ab, count, ac, bc);
}

/* Suppliers and customers of every firm. */
static void count_sides(const fn_tied *p, uint32_t *suppliers, uint32_t *customers)
{
    for (uint32_t a = 0; a < p->firms; a++)
        for (uint32_t e = p->start[a]; e < p->start[a + 1]; e++) {
            uint32_t low = p->firm[a], high = p->firm[p->other[e]];
            customers[low] += p->way[e] & 1;
            suppliers[high] += p->way[e] & 1;
            customers[high] += p->way[e] >> 1;
            suppliers[low] += p->way[e] >> 1;
        }
}

static double share(double n, double a, double b)
{
    return a + b - n > 0 ? n / (a + b - n) : NAN;
}

static void fill(const fn_view *view, const fn_tied *p, const tally *t, const uint32_t *suppliers,
                 const uint32_t *customers, const columns *c, int threads)
{
    const fn_ties *ties = fn_net_tie_rows(view->net);
    (void) threads;
#pragma omp parallel for schedule(static) num_threads(threads)
    for (size_t row = 0; row < view->ties; row++) {
        uint32_t e = p->of_tie[row];
        if (e == FN_NONE) continue;
        uint32_t from = ties->from[fn_view_tie(view, row)], to = ties->to[fn_view_tie(view, row)];
        bool up = p->rank[from] < p->rank[to], back = p->way[e] == (FN_PAIR_UP | FN_PAIR_DOWN);
        pair_counts n = t->of[e];
        uint32_t along = (uint32_t) (up ? n.chain : n.chain >> 32);
        uint32_t against = (uint32_t) (up ? n.chain >> 32 : n.chain);
        /* The tie itself makes `from` a supplier of `to`; a tie back makes `to` one of `from`. */
        double s_from = suppliers[from] - back, s_to = suppliers[to] - 1.0;
        double c_from = customers[from] - 1.0, c_to = customers[to] - back;
        c->suppliers->real[row] = share((uint32_t) n.same, s_from, s_to);
        c->customers->real[row] = share((uint32_t) (n.same >> 32), c_from, c_to);
        c->transitive->real[row] = share(along, c_from, s_to);
        c->cyclic->real[row] = share(against, c_to, s_from);
    }
}

static fn_status measure(fn_run *run, const fn_view *view, const fn_tied *pairs, void *user)
{
    if (!pairs->directed) return FN_OK;
    tally t = { .of = fn_alloc(run, pairs->pairs, sizeof *t.of), .way = pairs->way, .alone = fn_run_threads(run) == 1 };
    uint32_t *suppliers = fn_alloc(run, pairs->firms, sizeof *suppliers);
    uint32_t *customers = fn_alloc(run, pairs->firms, sizeof *customers);
    fn_status status = t.of && suppliers && customers ? FN_OK : FN_ENOMEM;
    if (!status) status = fn_triangles_each(run, pairs, "directed overlap", tally_found, &t);
    if (!status) {
        count_sides(pairs, suppliers, customers);
        fill(view, pairs, &t, suppliers, customers, user, fn_run_threads(run));
    }
    fn_free(t.of);
    fn_free(suppliers);
    fn_free(customers);
    return status;
}

static fn_status run_directed(fn_run *run, const fn_view *view, const fn_values *values, fn_table *result)
{
    (void) values;
    columns c;
    const fn_column_wanted wanted[] = {
        { "shared_suppliers", FN_COLUMN_REAL, &c.suppliers, NULL },
        { "shared_customers", FN_COLUMN_REAL, &c.customers, NULL },
        { "transitive", FN_COLUMN_REAL, &c.transitive, NULL }, { "cyclic", FN_COLUMN_REAL, &c.cyclic, NULL }
    };
    fn_status status = fn_table_add_all(run, result, wanted, sizeof wanted / sizeof *wanted);
    return status ? status : fn_tied_each_layer(run, view, measure, &c);
}

const fn_algorithm fn_algorithm_directed_overlap = {
    .name = "directed-overlap", .group = FN_GROUP_TIES,
    .text = "third firms of a tie by direction: shared suppliers, shared customers, go-betweens, chains back",
    .gives = "shared_suppliers,shared_customers,transitive,cyclic",
    .source = "Onnela et al. 2007; Fagiolo 2007", .run = run_directed
};
