/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_REPORT_H
#define FN_IO_REPORT_H

#include "graph/view.h"
#include "io/output.h"

/* report.html: one self-contained page (no network, Content-Security-Policy default-src 'none', static SVG, readable
 * in print and without scripts). Every text is escaped. Tables may be NULL: the section then says what was not
 * computed. */
typedef struct fn_report {
    const char *title;
    const fn_net *net;
    const fn_view *view;            /* what was analysed */
    const fn_table *firms;          /* one row a firm: the columns of firms.tsv and x, y, size, color */
    const fn_table *ties;           /* one row a selected tie: the columns of ties.tsv */
    const fn_table *clusters;       /* one row a cluster: the columns of clusters.tsv and the evidence */
    double quality;                 /* NaN: none */
    const double *layer_quality;    /* FN_LAYERS_MOST places, NaN = layer without ties; NULL: none */
    const char *const *warnings;    /* NULL-ended */
    const char *const *inputs;      /* NULL-ended lines: name, bytes, digest */
    const char *const *parameters;  /* NULL-ended "name = value" lines */
    const char *version;
} fn_report;

fn_status fn_report_write(fn_run *run, fn_output *output, const fn_report *report);

/* The import report (the net's account) as JSON and as text for people. */
fn_status fn_account_write_json(fn_run *run, fn_output *output, const fn_account *account);
fn_status fn_account_write_text(fn_run *run, fn_output *output, const fn_account *account);

#endif
