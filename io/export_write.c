/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "io/export_plan.h"

enum { ROWS_AHEAD = 8 };

typedef struct writing {
    const fn_export_plan *plan;
    const fn_plan_markup *markup;
} writing;

static void put_firms(fn_pen *pen, const void *user, size_t first, size_t end)
{
    const writing *w = user;
    for (size_t firm = first; firm < end && !pen->status; firm++) w->markup->firm(pen, w->plan, (uint32_t) firm);
}

/* Ties are sorted by the firm that delivers, so only the other firm's text is far away. */
static uint32_t receiver(const fn_export_plan *plan, size_t row)
{
    return row < plan->ties ? fn_net_tie_rows(plan->what->net)->to[fn_plan_number(plan, row)] : FN_NONE;
}

static void put_ties(fn_pen *pen, const void *user, size_t first, size_t end)
{
    const writing *w = user;
    const fn_export_plan *plan = w->plan;
    for (size_t row = first; row < end && !pen->status; row++) {
        fn_plan_row tie = fn_plan_look(plan, row);
        fn_names_prefetch(fn_net_keys(plan->what->net), receiver(plan, row + 2 * ROWS_AHEAD),
                          receiver(plan, row + ROWS_AHEAD));
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
