/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_FNET_H
#define FN_IO_FNET_H

#include <stdint.h>

/* The network file, version 2: a header, a directory, sections; everything of a network and nothing of the machine that
 * wrote it. Each section starts at a multiple of 64 bytes, zeros between, so that the file can be mapped and its arrays
 * used in place. Numbers have the byte order of the writer, which the header tells; checksums are XXH3-64.
 *
 *   header     64 bytes; its checksum is of the 56 bytes before it, with the directory's checksum among them
 *   directory  64 bytes a section, in the order of the sections
 *   sections   numbers, names (firms, layers, currencies, products), ties, tenders, columns one by one, import report
 *
 * A section's checksum is that of the list of checksums of its blocks of 1 MiB (the last may be shorter; no bytes, no
 * blocks), so that it can be made on many threads.
 *
 * Names (of firms, layers, currencies, products, texts of a column) are two sections: count + 1 offsets of 64 bits, and
 * the bytes, a NUL behind each name.
 *
 * Ties are those of a frozen net: merged, ascending by (from, to, layer, currency), the lower firm first in undirected
 * layers. Two sections for their ends (uint32), and one for each further column in the order of FN_TIES_VALUE … (graph/
 * ties.h), which is empty where all ties have the same cell: that stands in the section before, fn_fnet_usual.
 *
 * Version 1 had the ties row by row (fn_tie), and a section's checksum was that of its bytes. It is still read. A later
 * version may add sections; this one reads only what it knows in full. */
#define FN_FNET_MAGIC "\x89" "FNET\r\n\x1a"
enum { FN_FNET_VERSION = 2, FN_FNET_ALIGN = 64, FN_FNET_BLOCK = 1 << 20, FN_FNET_BYTE_ORDER = 0x01020304 };

typedef struct fn_fnet_header {
    char magic[8];
    uint32_t version, byte_order;
    uint64_t file_bytes;
    uint64_t sections;
    uint64_t directory_checksum;
    uint64_t unused[2];        /* zero */
    uint64_t checksum;
} fn_fnet_header;

typedef enum fn_fnet_kind {
    FN_FNET_NUMBERS = 1,                            /* fn_fnet_numbers */
    FN_FNET_FIRM_OFFSETS, FN_FNET_FIRM_BYTES,
    FN_FNET_LAYER_OFFSETS, FN_FNET_LAYER_BYTES,
    FN_FNET_CURRENCY_OFFSETS, FN_FNET_CURRENCY_BYTES,
    FN_FNET_PRODUCT_OFFSETS, FN_FNET_PRODUCT_BYTES,
    FN_FNET_TIES,                                   /* fn_tie; version 1 only */
    FN_FNET_TENDERS,                                /* fn_fnet_tender */
    FN_FNET_TENDER_FIRMS,                           /* uint32 */
    FN_FNET_COLUMN,                                 /* fn_fnet_column, name, unit: of firms first, then of ties */
    FN_FNET_CELLS,                                  /* the column's array */
    FN_FNET_TEXT_OFFSETS, FN_FNET_TEXT_BYTES,       /* of a text column */
    FN_FNET_ACCOUNT_LINES, FN_FNET_ACCOUNT_SUMS,
    FN_FNET_TIE_USUAL,                              /* fn_fnet_usual */
    FN_FNET_TIE_FROM, FN_FNET_TIE_TO,               /* uint32 */
    FN_FNET_TIE_CELLS                               /* column FN_TIES_VALUE …: its array, or nothing */
} fn_fnet_kind;

typedef struct fn_fnet_section {
    uint32_t kind, column;     /* number of the column, 0 elsewhere */
    uint64_t offset, bytes;
    uint64_t checksum;
    uint64_t unused[4];        /* zero */
} fn_fnet_section;

typedef struct fn_fnet_numbers {
    uint64_t records, firms, layers, currencies, products, ties, tenders, tender_firms;
    uint64_t firm_columns, tie_columns, account_lines, account_sums;
} fn_fnet_numbers;

/* What all ties have in columns that are not stored; "none" in the others. */
typedef struct fn_fnet_usual {
    double value, weight;
    int64_t count;
    int32_t first, last;
    uint32_t product;
    uint16_t layer, currency;
} fn_fnet_usual;

/* fn_tender without gaps and size_t. */
typedef struct fn_fnet_tender {
    uint32_t buyer, product;
    int32_t day;
    uint16_t currency, bids_known;
    double value;
    uint64_t first_bidder, bidders, first_winner, winners;
} fn_fnet_tender;

typedef struct fn_fnet_column {
    uint32_t type, texts;      /* texts: names of a text column */
    uint32_t name_length, unit_length;
} fn_fnet_column;

/* A line of the account: then unit, reason, text, file, example; the lengths in this order. */
typedef struct fn_fnet_line {
    int64_t count, line;
    uint32_t outcome, length[5];
} fn_fnet_line;

/* A sum of the account: then label, currency. */
typedef struct fn_fnet_sum {
    uint64_t units_low;
    int64_t units_high;
    double rest, carry;
    int64_t terms;
    uint32_t length[2];
} fn_fnet_sum;

#endif
