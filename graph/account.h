/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_GRAPH_ACCOUNT_H
#define FN_GRAPH_ACCOUNT_H

#include <stddef.h>
#include "graph/run.h"
#include "graph/sum.h"

/* The import report: what was read and what became of it, so that nothing is silent. For every unit (row, release,
 * award, …): read = kept + merged + rejected. Remarks count what was repaired, assumed or left out without losing the
 * record. Sums state money by label and currency. Everything is listed in a fixed order: by unit in order of first
 * use, outcome, then reason in byte order. */
typedef enum fn_outcome { FN_READ, FN_KEPT, FN_MERGED, FN_REJECTED, FN_REMARK } fn_outcome;

typedef struct fn_account_line {
    const char *unit;     /* "row", "release", "process", "award", "contract", "party", "bid" */
    fn_outcome outcome;
    const char *reason;   /* stable code in lower_snake_case, "" for read and kept */
    const char *text;     /* the same in words for a reader, "" none */
    int64_t count;
    const char *file;     /* first example: where; no folder, no ".gz" */
    int64_t line;         /* 0: none */
    const char *example;  /* first example: what (ocid, award id, value), "" none */
} fn_account_line;

typedef struct fn_account_sum {
    const char *label;    /* "awarded", "contracted", "anonymous", "self_ties", "supply_ties", … */
    const char *currency; /* "" not stated */
    fn_sum sum;           /* sum.terms: how many amounts */
} fn_account_sum;

typedef struct fn_account fn_account;

fn_status fn_account_new(fn_run *run, fn_account **account);
void fn_account_free(fn_account *account);

/* Count one or more; strings are copied. file and example may be NULL. text is kept from the first call of a reason. */
fn_status fn_account_count(fn_run *run, fn_account *account, const char *unit, fn_outcome outcome, const char *reason,
                           const char *text, int64_t count, const char *file, int64_t line, const char *example);
fn_status fn_account_money(fn_run *run, fn_account *account, const char *label, const char *currency, double amount);
/* Many amounts at once, already summed. */
fn_status fn_account_join(fn_run *run, fn_account *account, const char *label, const char *currency,
                          const fn_sum *part);

size_t fn_account_lines(const fn_account *account);
const fn_account_line *fn_account_line_at(const fn_account *account, size_t index);
size_t fn_account_sums(const fn_account *account);
const fn_account_sum *fn_account_sum_at(const fn_account *account, size_t index);
/* Total of an outcome of a unit (all reasons), or of one reason where reason is not NULL. */
int64_t fn_account_total(const fn_account *account, const char *unit, fn_outcome outcome, const char *reason);
/* FN_EPARSE, naming the unit, when read != kept + merged + rejected for some unit: a bug of a reader. */
fn_status fn_account_check(fn_run *run, const fn_account *account);

#endif
