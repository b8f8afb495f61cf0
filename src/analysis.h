/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_SRC_ANALYSIS_H
#define FN_SRC_ANALYSIS_H

#include "algorithms/central_company.h"
#include "algorithms/clusters.h"
#include "algorithms/trust.h"
#include "src/command.h"

/* The main job step by step: everything that `map`, `report`, `export` and the single commands show. */
typedef struct fn_analysis {
    fn_net *net;
    fn_view *view;
    fn_partition *partition;
    fn_leiden_options leiden;
    uint32_t *start;               /* by --start */
    int64_t *node_weight;          /* by --node-weight size */
    const fn_algorithm *method;    /* what finds the clusters */
    fn_search *search;
    fn_consensus consensus;        /* rounds and agreement, where --consensus was asked for */
    fn_joined joined;              /* by --min-size */
    uint32_t isolated;             /* firms without ties, each a cluster by itself */
    bool *is_isolated;
    fn_table *heads, *members;     /* fn_central_company */
    bool *is_central;
    double *central_index;
    fn_table *measures;            /* every measure asked for, one row a firm */
    fn_table *strength;            /* measures of ties, one row a selected tie; fn_ties_table takes its columns */
    fn_table *firms, *ties, *clusters; /* the tables of contract section 4, made last */
    fn_table *drawing;             /* x, y, size, color: one row a firm */
} fn_analysis;

fn_status fn_analysis_read(fn_call *call, fn_analysis *a);         /* net and view */
fn_status fn_analysis_collapse(fn_call *call, fn_analysis *a);     /* ownership groups as one firm each, a view of it */
fn_status fn_analysis_method(fn_call *call, fn_analysis *a);       /* leiden, method, search: what is to be done */
fn_status fn_analysis_clusters(fn_call *call, fn_analysis *a);     /* the same, and partition */
fn_status fn_analysis_central(fn_call *call, fn_analysis *a);      /* heads, members */
fn_status fn_analysis_measures(fn_call *call, fn_analysis *a, const char *list); /* NULL: all but on request */
fn_status fn_analysis_ties(fn_call *call, fn_analysis *a);
/* strength, and the columns of the measures of ties that are listed beside it. */
fn_status fn_analysis_tie_measures(fn_call *call, fn_analysis *a, const char *list);
/* Names of a list "a,b": is this one of them, and are all of them measures of the group? */
bool fn_analysis_is_listed(const char *list, const char *name);
fn_status fn_analysis_check_measures(fn_call *call, fn_group group, const char *list);
fn_status fn_analysis_draw(fn_call *call, fn_analysis *a);
/* How far several runs agree, where there are several. */
void fn_note_agreement(fn_run *run, int runs, const fn_runs_agreement *agreement);
/* All of it, and the tables. */
fn_status fn_analysis_all(fn_call *call, fn_analysis *a);
void fn_analysis_free(fn_analysis *a);

/* tables.c */
fn_status fn_firms_table(fn_call *call, fn_analysis *a);
fn_status fn_ties_table(fn_call *call, fn_analysis *a);
/* The same to be written only: what all ties have stands there once (fn_table_add_constant). */
fn_status fn_ties_table_written(fn_call *call, fn_analysis *a);
fn_status fn_clusters_table(fn_call *call, fn_analysis *a);

#endif
