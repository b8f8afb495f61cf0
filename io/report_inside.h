/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_REPORT_INSIDE_H
#define FN_IO_REPORT_INSIDE_H

#include "io/pen.h"
#include "io/report.h"

/* Pieces of the report, shared by its files only. */

/* What several sections need, counted once. */
typedef struct fn_report_facts {
    const fn_report *report;
    const fn_net *net;
    const fn_view *view;
    uint32_t firms;
    size_t ties;
    uint32_t untied;             /* firms without a selected tie to another firm */
    uint32_t *cluster;           /* a firm, from 1; 0: none. NULL: clusters were not computed */
    uint32_t clusters;           /* with at least two firms */
    uint32_t headed;             /* with one central company */
    uint32_t clustered;          /* firms in those clusters */
    int64_t tie_class[5];
    int64_t classed;
    uint16_t currency;           /* the one with most valued ties */
    fn_sum value;                /* of the selected ties in that currency */
    bool several_currencies, valued;
    int32_t first, last;
} fn_report_facts;

extern const char *const fn_tie_classes[5];

fn_status fn_report_count(fn_run *run, const fn_report *report, fn_report_facts *facts);
void fn_report_facts_free(fn_report_facts *facts);

/* Sections (report_tables.c, report_figures.c, report_maps.c). */
void fn_report_clusters(fn_pen *pen, const fn_report_facts *facts);
void fn_report_layers(fn_pen *pen, const fn_report_facts *facts);
void fn_report_account(fn_pen *pen, const fn_report_facts *facts);
void fn_report_classes(fn_pen *pen, const fn_report_facts *facts);
fn_status fn_report_distributions(fn_pen *pen, const fn_report_facts *facts);
fn_status fn_report_cluster_map(fn_pen *pen, const fn_report_facts *facts);
fn_status fn_report_firm_map(fn_pen *pen, const fn_report_facts *facts);
extern const char fn_report_style[];

/* Words (report_words.c). */
void fn_words_count(fn_pen *pen, int64_t count);                     /* 1 234 567 */
void fn_words_of(fn_pen *pen, int64_t count, const char *one, const char *many); /* "1 234 firms" */
void fn_words_sum(fn_pen *pen, const fn_sum *sum);                   /* 1 234 567.80 */
void fn_words_short(fn_pen *pen, double amount);                     /* 1.23 M */
void fn_words_share(fn_pen *pen, double part, double whole);         /* 12.3 % */
void fn_words_name(fn_pen *pen, const char *text, size_t length, size_t most); /* escaped, <bdi>, cut */

/* Cells by column name; NULL, or missing, where there is none. */
const fn_column *fn_report_column(const fn_table *table, const char *name, fn_column_type type);

#endif
