/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdlib.h>
#include "graph/memory.h"
#include "io/edgelist.h"

/* Firms are numbered in the order in which rows name them, unless the columns from_row and to_row say another. */

typedef struct standing {
    int64_t place;
    uint32_t firm;
} standing;

static int by_place(const void *left, const void *right)
{
    const standing *a = left, *b = right;
    if (a->place != b->place) return a->place < b->place ? -1 : 1;
    return a->firm < b->firm ? -1 : a->firm > b->firm;
}

fn_status fn_edge_number_firms(fn_run *run, fn_import *import)
{
    uint32_t firms = fn_net_firms(import->net);
    standing *all = fn_alloc(run, firms, sizeof *all);
    uint32_t *order = fn_alloc(run, firms, sizeof *order);
    fn_status status = all && order ? FN_OK : FN_ENOMEM;
    bool usable = !import->places_differ && !import->book && !fn_net_tenders(import->net) &&
                  !fn_net_firm_table(import->net)->columns;
    for (uint32_t f = 0; !status && f < firms; f++) {
        all[f] = (standing){ f < import->places ? import->place[f] : 0, f };
        usable &= all[f].place > 0;
    }
    if (!status && firms) qsort(all, firms, sizeof *all, by_place);
    for (uint32_t k = 0; !status && k < firms; k++) {
        usable &= k == 0 || all[k].place != all[k - 1].place;
        order[k] = all[k].firm;
    }
    if (!status && usable) status = fn_net_renumber(run, import->net, order);
    if (!status && !usable)
        fn_note(run, "the columns from_row and to_row don't give every firm one place of its own: firms are numbered in "
                     "the order in which they appear");
    fn_free(all);
    fn_free(order);
    return status;
}
