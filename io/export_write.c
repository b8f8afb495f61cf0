/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "io/export_plan.h"

enum { ROWS_A_STEP = 4096 };

fn_status fn_plan_write(fn_run *run, fn_output *output, fn_export *what, const fn_plan_markup *markup)
{
    fn_pen pen = { .run = run, .output = output };
    fn_export_plan *plan = NULL;
    uint32_t firms = fn_net_firms(what->net);
    what->replaced = 0;
    fn_status status = fn_plan_new(run, what, false, &plan);
    if (status) goto done;
    double all = (double) firms + (double) plan->ties;
    markup->head(&pen, plan);
    for (uint32_t firm = 0; firm < firms && !pen.status; firm++) {
        if (firm % ROWS_A_STEP == 0 && (status = fn_progress(run, "writing", firm / all))) goto done;
        markup->firm(&pen, plan, firm);
    }
    if (markup->middle) markup->middle(&pen, plan);
    for (size_t row = 0; row < plan->ties && !pen.status; row++) {
        if (row % ROWS_A_STEP == 0 && (status = fn_progress(run, "writing", (firms + (double) row) / all))) goto done;
        markup->tie(&pen, plan, row);
    }
    fn_pen_text(&pen, markup->tail);
    status = pen.status;
    what->replaced += pen.replaced;
    if (!status) fn_plan_warn(run, plan);
done:
    fn_export_plan_free(plan);
    return status;
}
