/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "graph/memory.h"
#include "graph/pipeline.h"
#include "io/deflate.h"

typedef struct block {
    const char *text;
    size_t size;
    fn_deflate deflate;
    unsigned char *out;   /* FN_BLOCK_BYTES, of which `made` are used */
    size_t made;
} block;

typedef struct blocks {
    const char *text;
    size_t left;
    bool end;
    const fn_place *place;
} blocks;

static fn_status take_block(fn_run *run, void *user, void *piece, bool *more)
{
    blocks *all = user;
    block *b = piece;
    (void) run;
    *more = all->left > 0 || all->end;
    if (!all->left) all->end = false;
    b->text = all->text;
    b->size = all->left < FN_BLOCK_TEXT ? all->left : FN_BLOCK_TEXT;
    all->text += b->size;
    all->left -= b->size;
    return FN_OK;
}

static fn_status work_block(fn_run *run, const void *user, void *piece)
{
    block *b = piece;
    (void) user;
    if (!b->out && !(b->out = fn_alloc_bare(run, FN_BLOCK_BYTES, 1))) return FN_ENOMEM;
    fn_status status = b->deflate.ready ? FN_OK : fn_deflate_start(run, &b->deflate);
    return status ? status : fn_deflate_block(run, &b->deflate, b->text, b->size, b->out, &b->made);
}

static fn_status write_block(fn_run *run, void *user, void *piece)
{
    const blocks *all = user;
    const block *b = piece;
    return fn_place_write(run, all->place, (const char *) b->out, b->made);
}

static void end_block(void *piece)
{
    block *b = piece;
    fn_deflate_end(&b->deflate);
    fn_free(b->out);
}

fn_status fn_deflate_all(fn_run *run, const char *text, size_t size, bool end, const fn_place *place)
{
    static const fn_pipeline steps = { sizeof(block), take_block, work_block, write_block, end_block };
    blocks all = { text, size, end, place };
    return fn_pipeline_run(run, &steps, &all);
}
