/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdlib.h>
#include "graph/memory.h"
#include "io/export_plan.h"

bool fn_plan_tie_spell(const fn_tie *tie, fn_spell *spell)
{
    int32_t end_of_time = 0, last = tie->last != FN_DAY_NONE ? tie->last : tie->first;
    spell->start = tie->first != FN_DAY_NONE ? tie->first : last;
    spell->end = FN_DAY_NONE;
    if (spell->start == FN_DAY_NONE) return false;
    if (last < spell->start) last = spell->start;
    /* 9999-12-31 stands for "no end" in registers, and Gephi reads no year behind it. */
    if (fn_date_make(9999, 12, 31, &end_of_time) && last < end_of_time) spell->end = last + 1;
    return true;
}

static int compare_spells(const void *a, const void *b)
{
    const fn_spell *one = a, *two = b;
    if (one->start != two->start) return one->start < two->start ? -1 : 1;
    return one->end < two->end ? -1 : one->end > two->end;
}

/* Sorted spells of one firm into as few as say the same; returns how many. */
static size_t unite(fn_spell *spell, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        fn_spell *before = kept > 0 ? &spell[kept - 1] : NULL;
        if (before && (before->end == FN_DAY_NONE || spell[i].start <= before->end)) {
            bool open = before->end == FN_DAY_NONE || spell[i].end == FN_DAY_NONE;
            if (open) before->end = FN_DAY_NONE;
            else if (spell[i].end > before->end) before->end = spell[i].end;
        } else {
            spell[kept++] = spell[i];
        }
    }
    return kept;
}

fn_status fn_plan_spells(fn_run *run, fn_export_plan *plan)
{
    fn_status status = FN_ENOMEM;
    uint32_t firms = fn_net_firms(plan->what->net);
    bool *always = fn_alloc(run, firms, sizeof *always);
    size_t *next = fn_alloc(run, (size_t) firms + 1, sizeof *next), kept = 0;
    plan->spell_from = fn_alloc(run, (size_t) firms + 1, sizeof *plan->spell_from);
    plan->spell = fn_alloc(run, 2 * plan->ties, sizeof *plan->spell);
    if (!always || !next || !plan->spell_from || !plan->spell) goto done;

    /* Every tie's spell to both ends, by firm. */
    for (size_t row = 0; row < plan->ties; row++) {
        fn_tie tie = fn_net_tie_at(plan->what->net, fn_plan_number(plan, row));
        next[tie.from]++;
        next[tie.to]++;
    }
    for (size_t u = 0, sum = 0; u <= firms; u++) {
        size_t own = next[u];
        next[u] = sum;
        sum += own;
    }
    for (size_t row = 0; row < plan->ties; row++) {
        fn_tie tie = fn_net_tie_at(plan->what->net, fn_plan_number(plan, row));
        fn_spell spell;
        bool dated = fn_plan_tie_spell(&tie, &spell);
        uint32_t end[2] = { tie.from, tie.to };
        for (int side = 0; side < 2; side++) {
            always[end[side]] |= !dated;
            plan->spell[next[end[side]]++] = spell;
        }
    }

    /* next[u] is now where the spells of u end. */
    for (size_t u = 0, from = 0; u < firms; u++) {
        size_t count = always[u] ? 0 : next[u] - from;
        if (count > 1) qsort(plan->spell + from, count, sizeof *plan->spell, compare_spells);
        count = unite(plan->spell + from, count);
        plan->spell_from[u] = kept;
        for (size_t i = 0; i < count; i++) plan->spell[kept++] = plan->spell[from + i];
        from = next[u];
    }
    plan->spell_from[firms] = kept;
    status = FN_OK;
done:
    fn_free(always);
    fn_free(next);
    return status;
}
