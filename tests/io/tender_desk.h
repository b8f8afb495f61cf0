/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_TESTS_IO_TENDER_DESK_H
#define FN_TESTS_IO_TENDER_DESK_H

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "graph/memory.h"
#include "io/tender_book.h"
#include "tests/suite.h"

/* A desk that takes processes and gives a net, and processes as values. */
typedef struct desk {
    fn_run run;
    fn_read_options options;
    fn_import import;
    fn_net *net;
} desk;

#define MONEY(number, code) { .amount = number, .currency = { code, sizeof code - 1 } }
#define WORDS(words) { words, sizeof words - 1 }

enum { DAY = 18000 }; /* 2019-04-14 */

/* IT-CF ids are global without an identifier object. */
#define B "IT-CF-09000000001"
#define S1 "IT-CF-01000000001"
#define S2 "IT-CF-02000000002"
#define S3 "IT-CF-03000000003"
#define S4 "IT-CF-04000000004"

void desk_must(const fn_run *run, fn_status status);
void desk_open(desk *d);
fn_status desk_try(desk *d);
void desk_add(desk *d, const fn_process *process);
void desk_finish(desk *d);
void desk_close(desk *d);
double desk_sum(const desk *d, const char *label, const char *currency);
int64_t desk_total(const desk *d, const char *unit, fn_outcome outcome, const char *reason);
uint32_t desk_firm(const desk *d, const char *key);
/* The tie between two firms, whatever its direction in undirected layers; NULL: none. */
const fn_tie *desk_tie(const desk *d, uint16_t layer, const char *from, const char *to);
size_t desk_ties(const desk *d, uint16_t layer);
const char *desk_text(const desk *d, const char *key, const char *column);
fn_words desk_words(const char *words);
fn_award desk_award(const char *id, fn_party *supplier, size_t suppliers, double amount, const char *currency);
fn_process desk_process(const char *ocid, const char *buyer_id, const char *buyer_name, fn_award *awards, size_t count);
fn_party desk_party(const char *id, const char *name);
fn_process desk_one_award(const char *ocid, fn_award *a);
fn_bid desk_bid(const char *id, fn_party *tenderer, size_t tenderers);

#endif
