/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_MADE_ROWS_H
#define FN_IO_MADE_ROWS_H

#include <stddef.h>
#include <stdint.h>

/* The text of generated rows, fast: each function writes one line at `at` and answers its length. Firms are numbers
 * below 10^12 and are called KZ-000123456789. */

enum { FN_MADE_LAYER = 1, FN_MADE_PRODUCT = 2 }; /* columns of ties after from, to, value, date */
enum { FN_MADE_TIE_MOST = 128, FN_MADE_FIRM_MOST = 64, FN_MADE_TENDER_MOST = 8192, FN_MADE_BIDDERS = 8 };

typedef struct fn_made_tie {
    uint64_t from, to;
    int64_t cents;
    int32_t day;
    const char *layer;
    uint32_t product;      /* four digits of a CPV code */
} fn_made_tie;

/* The line of names above the ties. */
const char *fn_made_tie_header(unsigned columns);
size_t fn_made_tie_text(const fn_made_tie *tie, unsigned columns, char *at);

/* A row of a truth table: firm, cluster (0: empty), role. */
size_t fn_made_firm_text(uint64_t firm, uint32_t cluster, const char *role, char *at);

/* One tender as a compiled OCDS release in the form of fn_ocds_write, without currency: bidder[0] wins alone. One
 * bidder is a direct award. */
typedef struct fn_made_tender {
    uint64_t number, buyer, bidder[FN_MADE_BIDDERS];
    unsigned bidders;
    int64_t cents;
    int32_t day;
    uint32_t product;
} fn_made_tender;
size_t fn_made_tender_text(const fn_made_tender *tender, char *at);

#endif
