/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_EDGELIST_BLOCK_H
#define FN_IO_EDGELIST_BLOCK_H

#include "io/edgelist.h"
#include "io/source.h"

/* A piece of an edge list on its way through the pipeline: text, then rows of numbers. Only plain rows are taken here
 * (nothing to remark on but self ties, no attributes). Anything else makes the block odd, and its text goes through the
 * reader of single rows (edgelist_row.c), which alone knows what is wrong or worth a remark, and how to say it. */

/* What the fields of a row mean here. FIRM_… and …WORD are texts with a number, new ones among them. */
enum {
    FN_ROLE_NONE, FN_ROLE_FROM, FN_ROLE_TO, FN_ROLE_LAYER, FN_ROLE_CURRENCY, FN_ROLE_PRODUCT, FN_ROLE_WEIGHT, FN_ROLE_COUNT,
    FN_ROLE_DATE, FN_ROLE_FIRST, FN_ROLE_LAST, FN_ROLES
};

typedef struct fn_edge_plan {
    char separator;
    size_t fields;
    unsigned char *role;      /* of each field */
    bool has[FN_ROLES];
    int32_t day_first, day_last;
    const fn_net *net;        /* its names are shared: other threads may seek while one adds */
} fn_edge_plan;

/* A text that had no number when it was sought. */
typedef struct fn_edge_newcomer {
    size_t row;
    unsigned char role;       /* FN_ROLE_FROM … FN_ROLE_PRODUCT */
    fn_name_query query;
} fn_edge_newcomer;

typedef struct fn_edge_block {
    fn_text_piece text;
    size_t head, tail;        /* text[0 … head-1] ends a row begun before, text[tail …] begins one that goes on */
    bool odd;
    fn_ties ties;             /* the rows; columns that the plan has are made */
    fn_edge_newcomer *newcomer; /* in the order of rows */
    size_t newcomers, newcomer_capacity;
    __int128 units;           /* sum of the values in 1/10000 … */
    bool inexact;             /* … but for some that need a longer sum */
} fn_edge_block;

/* Can rows of these columns be plain? role is the plan's to free. */
fn_status fn_edge_plan_make(fn_run *run, const fn_edge_reader *reader, fn_edge_plan *plan, bool *plain);
/* Fill the block from text.text[0 … text.length-1]; first: a row begins at 0, so there is no head. */
fn_status fn_edge_block_parse(fn_run *run, const fn_edge_plan *plan, fn_edge_block *block, bool first);
void fn_edge_block_end(fn_edge_block *block);

/* The rest of the list, with all threads; the first row is split already. *done false: nothing was read, the rows are
 * not plain. */
extern bool fn_edge_blocks_off; /* test hook: row by row instead */
fn_status fn_edge_blocks_read(fn_run *run, fn_edge_reader *reader, fn_source *source, bool *done);

#endif
