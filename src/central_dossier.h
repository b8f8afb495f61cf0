/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_SRC_CENTRAL_DOSSIER_H
#define FN_SRC_CENTRAL_DOSSIER_H

#include "graph/text.h"
#include "src/analysis.h"

/* Only for central_explain.c (chapters), central_weigh.c (tables in it) and central_dossier.c (figures). */
typedef struct fn_dossier {
    fn_call *call;
    const fn_analysis *a;
    fn_output *output;
    uint32_t firm;
    size_t row, head;        /* of the firm among the members, of its cluster among the heads */
    char unit[32];           /* what supply is weighed in: " KZT", " award", or nothing */
    fn_status status;
} fn_dossier;

void fn_dossier_say(fn_dossier *d, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A cell of a table as a number, NaN where there is none; the firm's own, and the one of its cluster's head. */
double fn_dossier_real(const fn_table *table, const char *column, size_t row);
double fn_dossier_mine(const fn_dossier *d, const char *column);
double fn_dossier_head(const fn_dossier *d, const char *column);
const char *fn_dossier_words(const fn_table *table, const char *column, size_t row);
/* company, authority or other. */
const char *fn_dossier_kind(const fn_dossier *d);
/* Is it the company that comes first in its cluster? */
bool fn_dossier_is_first(const fn_dossier *d);
bool fn_dossier_is_head(const fn_dossier *d);

/* "43.4 %", "0.479" and "1154.1 million" */
typedef struct fn_figure { char text[FN_REAL_TEXT]; } fn_figure;
fn_figure fn_figure_percent(double share);
fn_figure fn_figure_share(double share);
fn_figure fn_figure_number(double value);
const char *fn_plural(double count);
/* "1.15 billion KZT", "3 awards" */
fn_figure fn_dossier_amount(const fn_dossier *d, double value);
/* Fills unit. */
void fn_dossier_find_unit(fn_dossier *d);

/* central_weigh.c: how the index comes about, what a head needs, and its place in single rankings. */
void fn_dossier_index(fn_dossier *d);
void fn_dossier_needs(fn_dossier *d);
void fn_dossier_rankings(fn_dossier *d);

#endif
