/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "graph/memory.h"
#include "graph/pipeline.h"
#include "io/deflate.h"
#include "io/rows.h"

enum { PIECE_TEXT = 4 * FN_BLOCK_TEXT }; /* bytes of text in a piece at most, unless one row has more */

typedef struct stream {
    const fn_rows *rows;
    fn_output *output;
    bool packs;
    uint64_t taken, given, step; /* rows; rows of a piece */
    size_t room;
} stream;

typedef struct piece {
    uint64_t first, count;
    char *text;
    size_t length;
    unsigned char *blocks;
    size_t packed;
    fn_deflate deflate;
} piece;

static size_t blocks_of(size_t length)
{
    return (length + FN_BLOCK_TEXT - 1) / FN_BLOCK_TEXT;
}

static fn_status take(fn_run *run, void *user, void *data, bool *more)
{
    stream *s = user;
    piece *p = data;
    *more = s->taken < s->rows->rows;
    if (!*more) return FN_OK;
    p->first = s->taken;
    p->count = s->rows->rows - s->taken < s->step ? s->rows->rows - s->taken : s->step;
    s->taken += p->count;
    if (!p->text && !(p->text = fn_alloc_bare(run, s->room, 1))) return FN_ENOMEM;
    if (!s->packs) return FN_OK;
    if (!p->blocks && !(p->blocks = fn_alloc_bare(run, blocks_of(s->room), FN_BLOCK_BYTES))) return FN_ENOMEM;
    return p->deflate.ready ? FN_OK : fn_deflate_start(run, &p->deflate);
}

static fn_status work(fn_run *run, const void *user, void *data)
{
    const stream *s = user;
    piece *p = data;
    p->length = s->rows->text(s->rows->user, p->first, (size_t) p->count, p->text);
    p->packed = 0;
    for (size_t done = 0; s->packs && done < p->length; done += FN_BLOCK_TEXT) {
        size_t made, left = p->length - done;
        fn_status status = fn_deflate_block(run, &p->deflate, p->text + done, left < FN_BLOCK_TEXT ? left : FN_BLOCK_TEXT,
                                            p->blocks + p->packed, &made);
        if (status) return status;
        p->packed += made;
    }
    return FN_OK;
}

static fn_status give(fn_run *run, void *user, void *data)
{
    stream *s = user;
    const piece *p = data;
    s->given += p->count;
    fn_status status = s->packs ? fn_output_blocks(run, s->output, p->blocks, p->packed)
                                : fn_output_write(run, s->output, p->text, p->length);
    return status ? status : fn_progress(run, s->rows->stage, (double) s->given / (double) s->rows->rows);
}

static void end(void *data)
{
    piece *p = data;
    fn_free(p->text);
    fn_free(p->blocks);
    fn_deflate_end(&p->deflate);
}

fn_status fn_rows_write(fn_run *run, fn_output *output, const fn_rows *rows)
{
    static const fn_pipeline steps = { sizeof(piece), take, work, give, end };
    stream s = { .rows = rows, .output = output, .packs = fn_output_packs(output) };
    s.step = rows->row_most < PIECE_TEXT ? PIECE_TEXT / rows->row_most : 1;
    s.room = s.step * rows->row_most;
    return fn_pipeline_run(run, &steps, &s);
}
