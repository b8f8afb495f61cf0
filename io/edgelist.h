/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_EDGELIST_H
#define FN_IO_EDGELIST_H

#include "graph/sum.h"
#include "graph/text.h"
#include "io/rejects.h"

/* What the columns of an edge list mean. FIRST and LAST are the period of a tie (both or neither; not beside a DATE),
 * NEWMAN the weight that ties of a layer bring along (co-bid ties: Newman's 1 / (k - 1) a competition), FROM_ROW and
 * TO_ROW the order of the firms where the rows would give another. */
enum {
    FN_EDGE_FROM,
    FN_EDGE_TO,
    FN_EDGE_WEIGHT,
    FN_EDGE_LAYER,
    FN_EDGE_DATE,
    FN_EDGE_CURRENCY,
    FN_EDGE_COUNT,
    FN_EDGE_PRODUCT,
    FN_EDGE_FIRST,
    FN_EDGE_LAST,
    FN_EDGE_NEWMAN,
    FN_EDGE_FROM_ROW,
    FN_EDGE_TO_ROW,
    FN_EDGE_MEANINGS
};

typedef struct fn_edge_columns {
    size_t fields;                  /* every row has so many */
    bool header;                    /* the first row names them */
    int64_t first_line;             /* line of the first row */
    ptrdiff_t at[FN_EDGE_MEANINGS]; /* field of each meaning, -1: none */
    bool money;                     /* the weight is called value or amount */
    bool gaps;                      /* so money may be missing in some rows: their count weighs */
    bool own;                       /* a table of ties that firmnet wrote */
    size_t attributes;              /* the other columns that are kept */
    size_t *attribute_field;
    char **attribute_name;
} fn_edge_columns;

/* The meaning of a column name and its place among the known names of that meaning; -1: an attribute. */
int fn_edge_meaning(const char *text, size_t length, int *rank);
/* Decide from the first row (split by text) and the options what the columns are, and say what was guessed. */
fn_status fn_edge_columns_find(fn_run *run, const fn_delimited *text, const fn_read_options *options,
                               fn_edge_columns *columns);
void fn_edge_columns_free(fn_edge_columns *columns);

/* Is the header that of a table of ties which firmnet wrote (contract, section 4)? Then mark the columns that firmnet
 * computed as taken: they are left out, and computed again where they are wanted. */
void fn_edge_columns_own(const fn_delimited *text, fn_edge_columns *columns, bool *taken);

/* The most likely separator of a line that should have `wanted` fields (0: not known); *header (may be NULL): its
 * fields name both ends of a tie. 0: none fits. */
char fn_edge_separator(const char *line, size_t length, size_t wanted, bool *header);

/* A weight, finite and >= 0. */
fn_complaint fn_edge_weight(const char *text, size_t length, double *weight);
/* A whole number above 0 and not absurd (up to 10^12), so that sums of counts stay exact. */
fn_complaint fn_edge_count(const char *text, size_t length, int64_t *count);

/* How often something happened, and where first. */
typedef struct fn_happening {
    int64_t count, line;
    char example[FN_QUOTE_TEXT];
} fn_happening;

typedef struct fn_edge_reader {
    fn_import *import;
    const char *file;
    fn_delimited text;
    fn_edge_columns columns;
    fn_column **attribute;
    uint16_t layer; /* of rows that name none */
    int64_t rows;
    int64_t weighted_line, unweighted_line; /* first row with and without a weight, 0: none yet */
    fn_happening self, not_utf8, date_odd, no_layer, no_count, no_value, blanks;
    int32_t day_first, day_last; /* odd days lie outside */
    struct money {
        fn_sum all, self;
    } * money; /* by currency number */
    size_t money_capacity;
} fn_edge_reader;

/* Days outside are no dates: years that stand for "not known" in real files (0001, 9999) would stretch every axis. */
void fn_edge_row_start(fn_edge_reader *reader);
/* The row read last: a record of the network, set aside, or an error. */
fn_status fn_edge_row_take(fn_run *run, fn_edge_reader *reader);

/* A row between a firm and itself. */
fn_status fn_edge_note_self(fn_run *run, fn_edge_reader *reader, int64_t line, uint32_t firm, uint16_t currency,
                            double value);
/* Add up the money of many rows; currency NULL: none is stated. exact: their sum in that case, NULL: not known. */
fn_status fn_edge_add_money(fn_run *run, fn_edge_reader *reader, const double *value, const uint16_t *currency,
                            size_t rows, const fn_sum *exact);

/* Number the firms as the columns from_row and to_row say, if they say it of all firms. For fn_read, before the
 * freeze. */
fn_status fn_edge_number_firms(fn_run *run, fn_import *import);

/* Count the rows, remarks and sums of an edge list whose records start at `start`, and warn where something is odd. */
fn_status fn_edge_account(fn_run *run, const fn_edge_reader *reader, size_t start);

/* The records from `start` on came from rows: kept or merged, as the freeze will show. For readers of tables. */
fn_status fn_edge_claim_records(fn_run *run, fn_import *import, size_t start);

/* Ties as tab separated text that reads back to the same network: from, to, layer, value, currency, count, first, last,
 * newman_weight, product, the net's further tie columns, then those of the export, then from_row and to_row where firms
 * are not numbered in the order in which the rows name them. Only columns that have a value in some row; ties in their
 * order, those of one pair by name of layer and currency. A computed column stands in place of the net's own of that
 * name; a name that would mean something else to the reader gets `tie_` in front.
 * What such text can't hold is FN_EPARSE: an empty id, one that starts with # in `from`, a tab, line end or NUL in an
 * id or in the name of a layer, currency or product; amounts that are negative or infinite. In further columns blanks
 * stand for them, with a warning; text columns of nothing but numbers come back as numbers. Firms without ties have no
 * place in an edge list: a warning; nor have attributes of firms and tenders: a note. O(ties) time, 4 bytes a firm. */
fn_status fn_edgelist_write(fn_run *run, fn_output *output, fn_export *export_);

#endif
