/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "algorithms/economy_figures.h"

/* What is published of real production networks, and how near is near. Where a source gives a direction and no number,
 * the range is that direction; where several countries differ, it spans them; a single number may be missed by the
 * tolerance that its text names. Of Bacilieri et al. the directions are taken, not the numbers of their tables. The
 * networks compared with are of one year, with or without a threshold; ours is all ties of three years. */

static const char japan[] = "Chakraborty et al. 2018, Japan";
static const char tails[] = "Fujiwara and Aoyama 2010, Japan";
static const char bacilieri[] = "Bacilieri et al. 2023, Ecuador and Hungary";
static const char mattsson[] = "Mattsson et al. 2021, Netherlands";

typedef struct fact {
    const char *name, *text, *published;
    double low, high;      /* NaN: nothing to compare with */
    const char *source;
    int figure;            /* FN_FIGURES: the model has no such thing */
} fact;

static const fact facts[] = {
    { "mean_degree", "ties a firm", "4.5 (Hungary) to 5 (Japan)", 4.5, 5, "Diem et al. 2024; Chakraborty et al. 2018",
      FN_FIGURE_MEAN_DEGREE },
    { "in_exponent", "CCDF exponent of suppliers, from 50 on", "1.35 (near: 0.15)", 1.2, 1.5, tails,
      FN_FIGURE_IN_EXPONENT },
    { "out_exponent", "CCDF exponent of customers, from 50 on", "1.26 (near: 0.15)", 1.11, 1.41, tails,
      FN_FIGURE_OUT_EXPONENT },
    { "sales_exponent", "CCDF exponent of sales, largest hundredth", "about 1 (near: 0.15)", 0.85, 1.15, bacilieri,
      FN_FIGURE_SALES_EXPONENT },
    { "sales_slope", "log sales over log customers", "above 1", 1, INFINITY, bacilieri, FN_FIGURE_SALES_SLOPE },
    { "reciprocity", "share of ties with one the other way", "a few per cent", 0.01, 0.06, bacilieri,
      FN_FIGURE_RECIPROCITY },
    { "assortativity", "correlation of partners' degrees", "negative", -1, -0.01,
      "Fujiwara and Aoyama 2010; Bacilieri et al. 2023", FN_FIGURE_ASSORTATIVITY },
    { "clustering", "mean local clustering, direction ignored", NULL, NAN, NAN, NULL, FN_FIGURE_CLUSTERING },
    { "clustering_slope", "its log over log degree", "negative", -INFINITY, -0.01, bacilieri,
      FN_FIGURE_CLUSTERING_SLOPE },
    { "squares", "closed squares over those of the shuffled network", "above 1", 1, INFINITY, mattsson,
      FN_FIGURE_SQUARES },
    { "triangles", "triangles over those of the shuffled network", "few", 0, 1, mattsson, FN_FIGURE_TRIANGLES },
    { "squares_triangles", "the one ratio over the other", "above 1", 1, INFINITY, mattsson,
      FN_FIGURE_SQUARES_TRIANGLES },
    { "component", "share of firms in the largest part", NULL, NAN, NAN, NULL, FN_FIGURE_COMPONENT },
    { "core", "strongly connected core, share of firms", "about 1/2 (near: 0.05)", 0.45, 0.55, japan,
      FN_FIGURE_CORE },
    { "upstream", "firms that only lead to the core", "about 1/5 (near: 0.05)", 0.15, 0.25, japan,
      FN_FIGURE_UPSTREAM },
    { "downstream", "firms only led to from the core", "1/4 to 1/3", 0.25, 1.0 / 3, japan, FN_FIGURE_DOWNSTREAM },
    { "no_customers", "share of firms", NULL, NAN, NAN, NULL, FN_FIGURE_NO_CUSTOMERS },
    { "no_suppliers", "share of firms", NULL, NAN, NAN, NULL, FN_FIGURE_NO_SUPPLIERS },
    { "own_cluster", "firms of at most 4 partners that trade in their cluster alone", "about 0.4 (near: 0.05)", 0.35,
      0.45, "Chakraborty et al. 2017, Japan", FN_FIGURE_OWN_CLUSTER },
    { "persistence", "share of a year's ties that last into the next", "strong turnover, no number", NAN, NAN, NULL,
      FN_FIGURE_PERSISTENCE },
    { "supplier_hhi", "concentration of purchases, mean over buyers", NULL, NAN, NAN, NULL, FN_FIGURE_SUPPLIER_HHI },
    { "sales_overlap", "overlap of sales within an industry", "0.235", NAN, NAN, "Diem et al. 2024, Hungary",
      FN_FIGURES },
    { "purchase_overlap", "overlap of purchases within an industry", "0.193", NAN, NAN, "Diem et al. 2024, Hungary",
      FN_FIGURES },
    { "systemic_firms", "share of firms with a very high systemic risk", "0.00035", NAN, NAN,
      "Diem et al. 2022, Hungary", FN_FIGURES },
};

enum { FACTS = sizeof facts / sizeof *facts };

static const char *verdict(const fact *f, double measured)
{
    if (isnan(measured)) return "not measured";
    if (isnan(f->low)) return "no number published";
    return measured >= f->low && measured <= f->high ? "within" : "outside";
}

fn_status fn_figures_table(fn_run *run, const double figure[FN_FIGURES], fn_table **table)
{
    fn_column *name, *text, *published, *low, *high, *measured, *words, *source;
    const fn_column_wanted wanted[] = {
        { "figure", FN_COLUMN_TEXT, &name, NULL }, { "text", FN_COLUMN_TEXT, &text, NULL },
        { "published", FN_COLUMN_TEXT, &published, NULL }, { "low", FN_COLUMN_REAL, &low, NULL },
        { "high", FN_COLUMN_REAL, &high, NULL }, { "measured", FN_COLUMN_REAL, &measured, NULL },
        { "verdict", FN_COLUMN_TEXT, &words, NULL }, { "source", FN_COLUMN_TEXT, &source, NULL }
    };
    *table = NULL;
    fn_status status = fn_table_new(run, FACTS, table);
    if (!status) status = fn_table_add_all(run, *table, wanted, sizeof wanted / sizeof *wanted);
    for (size_t k = 0; k < FACTS && !status; k++) {
        const fact *f = &facts[k];
        double value = f->figure == FN_FIGURES ? NAN : figure[f->figure];
        const struct { fn_column *column; const char *text; } cell[] = {
            { name, f->name }, { text, f->text }, { published, f->published }, { words, verdict(f, value) },
            { source, f->source }
        };
        for (size_t c = 0; c < sizeof cell / sizeof *cell && !status; c++)
            if (cell[c].text) status = fn_column_set_text(run, cell[c].column, k, cell[c].text, strlen(cell[c].text));
        low->real[k] = isfinite(f->low) ? f->low : NAN;
        high->real[k] = isfinite(f->high) ? f->high : NAN;
        measured->real[k] = value;
    }
    if (!status) return FN_OK;
    fn_table_free(*table);
    *table = NULL;
    return status;
}
