/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "io/export_plan.h"

typedef struct writing {
    const fn_export_plan *plan;
    const fn_plan_markup *markup;
} writing;

static void put_firms(fn_pen *pen, const void *user, size_t first, size_t end)
{
    const writing *w = user;
    for (size_t firm = first; firm < end && !pen->status; firm++) w->markup->firm(pen, w->plan, (uint32_t) firm);
}

static void put_ties(fn_pen *pen, const void *user, size_t first, size_t end)
{
    const writing *w = user;
    for (size_t row = first; row < end && !pen->status; row++) {
        fn_plan_row tie = fn_plan_look(w->plan, row);
        w->markup->tie(pen, w->plan, &tie);
    }
}

fn_status fn_plan_write(fn_run *run, fn_output *output, fn_export *what, const fn_plan_markup *markup)
{
    fn_pen pen = { .run = run, .output = output };
    fn_export_plan *plan = NULL;
    uint32_t firms = fn_net_firms(what->net);
    what->replaced = 0;
    fn_status status = fn_plan_new(run, what, false, &plan);
    if (status) return status;
    writing w = { plan, markup };
    double share = (double) firms / ((double) firms + (double) plan->ties + 1); /* of firms among the rows */
    markup->head(&pen, plan);
    fn_pen_rows(&pen, &(fn_rows) { firms, put_firms, &w, "writing", 0, share });
    if (markup->middle) markup->middle(&pen, plan);
    fn_pen_rows(&pen, &(fn_rows) { plan->ties, put_ties, &w, "writing", share, 1 });
    fn_pen_text(&pen, markup->tail);
    what->replaced += pen.replaced;
    if (!pen.status) fn_plan_warn(run, plan, &pen);
    fn_export_plan_free(plan);
    return pen.status;
}
