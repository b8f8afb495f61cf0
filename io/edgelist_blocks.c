/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "graph/memory.h"
#include "graph/pipeline.h"
#include "io/edgelist_block.h"

/* An edge list through the pipeline: take a piece of text, unpack and parse it on any thread, add its rows in order. A
 * row that lies in two pieces is put together here, from the carry (what of it was given so far) and the head of the
 * next piece. Such rows and odd blocks go through the reader of single rows. */

bool fn_edge_blocks_off;

enum { CARRY_MOST = (16 << 20) + 1 };

typedef struct reading {
    fn_edge_reader *reader;
    fn_source *source;
    fn_edge_plan plan;
    bool taken;                  /* a piece was taken */
    char *carry;
    size_t carried, carry_capacity;
    bool open;                   /* the carry ends inside quotes */
} reading;

typedef struct piece {
    fn_edge_block block;
    bool first;
} piece;

static fn_status take(fn_run *run, void *user, void *data, bool *more)
{
    reading *r = user;
    piece *p = data;
    p->first = !r->taken;
    r->taken = true;
    return fn_source_take(run, r->source, &p->block.text, more);
}

static fn_status work(fn_run *run, const void *user, void *data)
{
    const reading *r = user;
    piece *p = data;
    fn_status status = fn_source_unpack(run, r->source, &p->block.text);
    return status ? status : fn_edge_block_parse(run, &r->plan, &p->block, p->first);
}

/* ---- single rows ---- */

static fn_status carry_on(fn_run *run, reading *r, const char *bytes, size_t size)
{
    if (!size) return FN_OK;
    char *carry = fn_grow(run, r->carry, &r->carry_capacity, r->carried + size, 1);
    if (!carry) return FN_ENOMEM;
    memcpy(carry + r->carried, bytes, size);
    r->carry = carry;
    r->carried += size;
    return FN_OK;
}

static fn_status read_singly(fn_run *run, reading *r, const char *bytes, size_t size)
{
    bool there = true;
    fn_status status = FN_OK;
    fn_delimited_feed(&r->reader->text, bytes, size);
    while (!status && !(status = fn_delimited_next(run, &r->reader->text, &there)) && there)
        status = fn_edge_row_take(run, r->reader);
    return status;
}

/* Text that follows on the carry, row by row; what is no whole row is the new carry. */
static fn_status read_odd(fn_run *run, reading *r, const char *bytes, size_t size)
{
    fn_status status = carry_on(run, r, bytes, size);
    size_t whole = status ? 0 : fn_delimited_whole(&r->reader->text, r->carry, r->carried);
    if (!status && !whole && r->carried > CARRY_MOST) whole = r->carried; /* too long: the reader says so */
    if (!status && whole) status = read_singly(run, r, r->carry, whole);
    if (status) return status;
    r->carried -= whole;
    memmove(r->carry, r->carry + whole, r->carried);
    r->open = r->carried && memchr(r->carry, '\n', r->carried);
    return FN_OK;
}

/* The row that the carry began and the head of the block ends; *ended false: it goes on, inside quotes. */
static fn_status finish_row(fn_run *run, reading *r, const fn_edge_block *block, bool *ended)
{
    *ended = true;
    if (!block->head) return FN_OK;
    fn_status status = carry_on(run, r, block->text.text, block->head);
    if (status) return status;
    *ended = fn_delimited_whole(&r->reader->text, r->carry, r->carried) == r->carried;
    if (!*ended) {
        r->carried -= block->head;
        return FN_OK;
    }
    status = read_singly(run, r, r->carry, r->carried);
    r->carried = 0;
    return status;
}

/* ---- blocks ---- */

static fn_status add_newcomer(fn_run *run, fn_net *net, fn_ties *ties, const fn_edge_newcomer *new)
{
    const char *text = new->query.text;
    size_t length = new->query.length;
    fn_status status;
    switch (new->role) {
    case FN_ROLE_FROM: return fn_net_firm_sought(run, net, &new->query, &ties->from[new->row]);
    case FN_ROLE_TO: return fn_net_firm_sought(run, net, &new->query, &ties->to[new->row]);
    case FN_ROLE_CURRENCY: return fn_net_currency(run, net, text, length, &ties->currency[new->row]);
    case FN_ROLE_PRODUCT: return fn_net_product(run, net, text, length, &ties->product[new->row]);
    }
    status = fn_net_layer(run, net, text, length, &ties->layer[new->row]);
    if (status == FN_EPARSE) fn_hint(run, "--map FILE says which column is the layer");
    return status;
}

/* Of a pair in an undirected layer the lower firm stands first. */
static void turn_undirected(const fn_edge_reader *reader, fn_ties *ties)
{
    if (!ties->layer && fn_net_layer_directed(reader->layer)) return;
    for (size_t row = 0; row < ties->rows; row++) {
        uint32_t from = ties->from[row], to = ties->to[row];
        if (from <= to || fn_net_layer_directed(ties->layer ? ties->layer[row] : reader->layer)) continue;
        ties->from[row] = to;
        ties->to[row] = from;
    }
}

/* Ties of a firm to itself are remarked on, money is added up. */
static fn_status note_rows(fn_run *run, fn_edge_reader *reader, const fn_edge_block *block)
{
    const fn_ties *ties = &block->ties;
    fn_status status = FN_OK;
    for (size_t row = 0; !status && row < ties->rows; row++)
        if (ties->from[row] == ties->to[row])
            status = fn_edge_note_self(run, reader, reader->text.lines + 1 + (int64_t) row, ties->from[row],
                                       ties->currency ? ties->currency[row] : 0, ties->value ? ties->value[row] : NAN);
    if (status || !ties->value) return status;
    const fn_sum exact = { .units = block->units, .terms = (int64_t) ties->rows };
    bool simple = !ties->currency && !block->inexact;
    return fn_edge_add_money(run, reader, ties->value, ties->currency, ties->rows, simple ? &exact : NULL);
}

static fn_status add_rows(fn_run *run, reading *r, fn_edge_block *block)
{
    fn_edge_reader *reader = r->reader;
    fn_net *net = reader->import->net;
    fn_ties *ties = &block->ties;
    fn_status status = FN_OK;
    for (size_t i = 0; !status && i < block->newcomers; i++) status = add_newcomer(run, net, ties, &block->newcomer[i]);
    if (!status) status = note_rows(run, reader, block);
    if (status) return status;
    turn_undirected(reader, ties);
    fn_ties_block rows = { .rows = ties->rows, .from = ties->from, .to = ties->to,
                           .more = { .product = FN_NONE, .layer = reader->layer, .value = NAN, .weight = NAN, .count = 1,
                                     .first = FN_DAY_NONE, .last = FN_DAY_NONE } };
    for (int c = 0; c < FN_TIES_COLUMNS; c++) rows.cells[c] = *fn_ties_cells(ties, c);
    if (r->plan.has[FN_ROLE_DATE]) rows.cells[FN_TIES_LAST] = ties->first;
    status = fn_net_add_block(run, net, &rows);
    if (ties->value && !reader->columns.gaps && !reader->weighted_line) reader->weighted_line = reader->text.lines + 1;
    reader->rows += (int64_t) ties->rows;
    reader->text.lines += (int64_t) ties->rows;
    return status;
}

static fn_status give(fn_run *run, void *user, void *data)
{
    reading *r = user;
    fn_edge_block *block = &((piece *) data)->block;
    const char *text = block->text.text;
    size_t length = block->text.length;
    bool ended = false;
    fn_status status = fn_source_account(run, r->source, &block->text);
    if (status || !length) return status;
    if (block->head == length && text[length - 1] != '\n') return read_odd(run, r, text, length); /* no line ends here */
    if (!r->open) status = finish_row(run, r, block, &ended);
    if (status) return status;
    if (!ended) return read_odd(run, r, text, length);
    if (block->odd || (block->ties.value && block->ties.rows && r->reader->unweighted_line))
        return read_odd(run, r, text + block->head, length - block->head);
    if (block->ties.rows) status = add_rows(run, r, block);
    return status ? status : carry_on(run, r, text + block->tail, length - block->tail);
}

static void end(void *data)
{
    fn_edge_block_end(&((piece *) data)->block);
}

fn_status fn_edge_blocks_read(fn_run *run, fn_edge_reader *reader, fn_source *source, bool *done)
{
    static const fn_pipeline steps = { sizeof(piece), take, work, give, end };
    reading r = { .reader = reader, .source = source };
    *done = false;
    if (fn_edge_blocks_off) return FN_OK;
    fn_status status = fn_edge_plan_make(run, reader, &r.plan, done);
    if (!status && *done) {
        fn_net_share_names(reader->import->net, true);
        status = fn_pipeline_run(run, &steps, &r);
        fn_net_share_names(reader->import->net, false);
        fn_memory_return();
        if (!status && r.carried) status = read_singly(run, &r, r.carry, r.carried);
    }
    fn_free(r.carry);
    fn_free(r.plan.role);
    return status;
}
