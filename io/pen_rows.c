/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "graph/memory.h"
#include "graph/pipeline.h"
#include "io/pen.h"

enum { ROWS_A_RANGE = 1024 }; /* some hundred kilobytes of XML: they stay in a cache, and threads rarely wait */

typedef struct range {
    fn_pen pen;
    size_t first, end;
} range;

typedef struct stream {
    const fn_rows *rows;
    fn_pen *pen;
    size_t taken;
} stream;

static fn_status take_range(fn_run *run, void *user, void *piece, bool *more)
{
    stream *s = user;
    range *r = piece;
    (void) run;
    size_t left = s->rows->count - s->taken;
    *more = left > 0;
    r->first = s->taken;
    r->end = s->taken += left < ROWS_A_RANGE ? left : ROWS_A_RANGE;
    return FN_OK;
}

static fn_status format_range(fn_run *run, const void *user, void *piece)
{
    const stream *s = user;
    range *r = piece;
    r->pen = (fn_pen) { .run = run, .text = r->pen.text, .room = r->pen.room };
    s->rows->put(&r->pen, s->rows->user, r->first, r->end);
    return r->pen.status;
}

static fn_status write_range(fn_run *run, void *user, void *piece)
{
    stream *s = user;
    const range *r = piece;
    const fn_rows *rows = s->rows;
    s->pen->replaced += r->pen.replaced;
    if (s->pen->harmed == 0) s->pen->harmed_column = r->pen.harmed_column;
    s->pen->harmed += r->pen.harmed;
    fn_pen_bytes(s->pen, r->pen.text, r->pen.used);
    if (s->pen->status || !rows->stage) return s->pen->status;
    double done = (double) r->end / (double) rows->count;
    return fn_progress(run, rows->stage, rows->from + (rows->to - rows->from) * done);
}

static void end_range(void *piece)
{
    fn_pen_free(&((range *) piece)->pen);
}

void fn_pen_rows(fn_pen *pen, const fn_rows *rows)
{
    static const fn_pipeline steps = { sizeof(range), take_range, format_range, write_range, end_range };
    stream s = { .rows = rows, .pen = pen };
    if (pen->status) return;
    fn_status status = fn_pipeline_run(pen->run, &steps, &s);
    if (!pen->status) pen->status = status;
}
