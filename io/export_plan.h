/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_EXPORT_PLAN_H
#define FN_IO_EXPORT_PLAN_H

#include "io/format.h"
#include "io/pen.h"

/* What the graph writers (GEXF, GraphML, Gephi's CSV) have in common, decided once before writing: identifiers,
 * attribute names and types, kinds, weights, life times.
 *
 * Identifiers: a firm's key as it is, where it is UTF-8 without characters that XML forbids, not empty and without
 *   blanks at its ends; else the key made readable with U+FFFD, `~` and the firm's number behind it. Never one twice.
 * Kind: the layer, which Gephi calls the type of an edge. Gephi adds up the weights of edges of one pair and kind and
 *   keeps the other attributes of the last only. Ties are already one a (from, to, layer, currency), so the kind of a
 *   pair's ties in several currencies is `layer (currency)`: money of two currencies is never added.
 * Weight: what the export gives, else the layer's own weights, else money where the layer has one currency, else the
 *   count; divided by the layer's mean, so that no layer's unit drowns another layer; at least 1e-6, because Gephi
 *   deletes edges of weight 0.
 * Defaults: a layer, currency or count that all ties share stands once, as the default of its attribute.
 * Life: a tie lives from its first to the day after its last record, a firm while a tie of it lives; firms with an
 *   undated tie, or without ties, always. */
typedef struct fn_export_column {
    char *name;               /* [a-z0-9_]+, unique among those of firms or ties, no name that a reader reserves */
    const fn_column *column;
    bool by_tie;              /* row = tie number of the net, else row = place in the export */
    bool wide;                /* whole numbers that 32 bits don't hold */
} fn_export_column;

typedef struct fn_spell { int32_t start, end; /* FN_DAY_NONE: open */ } fn_spell;

typedef struct fn_export_plan {
    fn_export *what;
    size_t ties;
    char **odd_id;            /* a firm: its identifier where that is not the key; NULL when no firm has one */
    char **layer;             /* layer names fit for XML, distinct */
    char **currency;
    const fn_column *x, *y, *size, *color;
    const fn_column *name[2]; /* where a firm's name may stand, in this order; NULL: nowhere */
    fn_export_column *firm_column, *tie_column;
    size_t firm_columns, tie_columns;
    bool dated, undirected, products;
    fn_tie first;             /* of those to be written */
    bool one_layer, one_currency, one_count; /* all are like the first: formats with default values say it once */
    size_t *spell_from;       /* firms + 1; NULL when nothing is dated */
    fn_spell *spell;
    double scale[FN_LAYERS_MOST];
    int basis[FN_LAYERS_MOST];
} fn_export_plan;

enum { FN_WEIGHT_DIGITS = 7 };

/* One tie to be written, with what the plan says of it. */
typedef struct fn_plan_row {
    size_t row;               /* place in the export */
    uint32_t number;          /* of the tie in the net */
    fn_tie tie;
    double weight;            /* to be written with FN_WEIGHT_DIGITS */
    const char *layer, *currency; /* the kind in two parts; currency "" where the layer alone is enough */
} fn_plan_row;

/* safe_for_spreadsheets: identifiers that a spreadsheet would run as a formula get a ' in front. */
fn_status fn_plan_new(fn_run *run, fn_export *what, bool safe_for_spreadsheets, fn_export_plan **plan);
void fn_export_plan_free(fn_export_plan *plan);

const char *fn_plan_id(const fn_export_plan *plan, uint32_t firm, size_t *length);
/* The firm's name, else its key. */
const char *fn_plan_label(const fn_export_plan *plan, uint32_t firm, size_t *length);
uint32_t fn_plan_number(const fn_export_plan *plan, size_t row);
fn_plan_row fn_plan_look(const fn_export_plan *plan, size_t row);
double fn_plan_weight(const fn_export_plan *plan, size_t row, const fn_tie *tie);
/* Fills basis and scale; called by fn_plan_new (export_weights.c). */
fn_status fn_plan_weigh(fn_run *run, fn_export_plan *plan);
/* Fills spell_from and spell; called by fn_plan_new (export_spells.c). */
fn_status fn_plan_spells(fn_run *run, fn_export_plan *plan);
bool fn_plan_tie_spell(const fn_tie *tie, fn_spell *spell);
bool fn_plan_symmetric(const fn_tie *tie);
/* Row of a column for a tie. */
size_t fn_plan_tie_row(const fn_export_column *column, const fn_plan_row *tie);

/* How one format writes a plan: head, firms, middle, ties, tail. Firms and ties are written by all threads. */
typedef struct fn_plan_markup {
    void (*head)(fn_pen *pen, const fn_export_plan *plan);
    void (*firm)(fn_pen *pen, const fn_export_plan *plan, uint32_t firm);
    void (*middle)(fn_pen *pen, const fn_export_plan *plan); /* NULL: nothing */
    void (*tie)(fn_pen *pen, const fn_export_plan *plan, const fn_plan_row *tie);
    const char *tail;
} fn_plan_markup;
/* Plans the export and writes it; warns of what the format could not take. */
fn_status fn_plan_write(fn_run *run, fn_output *output, fn_export *what, const fn_plan_markup *markup);

/* Gephi changes text attributes of GEXF and GraphML: the letters INF become Infinity, a text "null" becomes missing.
 * The pen counts such texts; fn_plan_warn says so once, at the end, with the characters replaced. */
void fn_plan_harm(fn_pen *pen, const char *column, const char *text, size_t length);
void fn_plan_warn(fn_run *run, const fn_export_plan *plan, const fn_pen *pen);

#endif
