/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_ECONOMY_FIGURES_H
#define FN_ALGORITHMS_ECONOMY_FIGURES_H

#include "algorithms/economy_stream.h"
#include "graph/columns.h"

/* The figures by which production networks are compared. */
typedef enum fn_figure {
    FN_FIGURE_MEAN_DEGREE,        /* ties a firm */
    FN_FIGURE_IN_EXPONENT,        /* of the CCDF of the number of suppliers, from 50 on (see fn_tail_exponent) */
    FN_FIGURE_OUT_EXPONENT,       /* of the number of customers, from 50 on */
    FN_FIGURE_SALES_EXPONENT,     /* of the CCDF of sales, the largest hundredth of the sellers */
    FN_FIGURE_SALES_SLOPE,        /* log sales over log customers, least squares over the sellers */
    FN_FIGURE_RECIPROCITY,        /* share of ties that have one the other way */
    FN_FIGURE_ASSORTATIVITY,      /* correlation of the numbers of partners at both ends of a tie */
    FN_FIGURE_CLUSTERING,         /* mean over firms of the share of their pairs of partners that are partners */
    FN_FIGURE_CLUSTERING_SLOPE,   /* its log over the log of partners, least squares over powers of two */
    FN_FIGURE_SQUARES,            /* pairs of suppliers with the same pair of customers, beside the shuffled net's */
    FN_FIGURE_TRIANGLES,          /* the same ratio for triangles, direction ignored */
    FN_FIGURE_SQUARES_TRIANGLES,  /* the first ratio over the second */
    FN_FIGURE_COMPONENT,          /* share of firms in the largest connected part */
    FN_FIGURE_CORE,               /* reached from the firm with the most ties both ways, and reaching it */
    FN_FIGURE_UPSTREAM,           /* reaching it alone */
    FN_FIGURE_DOWNSTREAM,         /* reached alone */
    FN_FIGURE_NO_CUSTOMERS, FN_FIGURE_NO_SUPPLIERS, /* shares of firms */
    FN_FIGURE_OWN_CLUSTER,        /* of the clustered firms with at most 4 partners: all of them in the own cluster */
    FN_FIGURE_PERSISTENCE,        /* share of a year's ties that are there in the next year, too */
    FN_FIGURE_SUPPLIER_HHI,       /* mean over buyers of the sum of squared shares of their suppliers */
    FN_FIGURES
} fn_figure;

/* Ties to measure: each pair of firms once, no self ties. cluster[firm], 0: none. years[tie]: a bit for each year. */
typedef struct fn_pairs {
    uint32_t firms;
    size_t ties;
    uint32_t *from, *to, *cluster;
    double *value;
    uint32_t *years;
} fn_pairs;

fn_status fn_pairs_of(fn_run *run, const fn_economy_stream *stream, fn_pairs *pairs);
void fn_pairs_free(fn_pairs *pairs);

/* All figures; NaN where there is nothing to measure. The shuffled network has the same numbers of suppliers and
 * customers for every firm: customers are dealt to the ties anew (double and self ties are dropped); run->seed decides.
 * O(sum of squared degrees). */
fn_status fn_figures_measure(fn_run *run, const fn_pairs *pairs, double figure[FN_FIGURES]);

/* Exponent of the CCDF of whole numbers from `least` on, by maximum likelihood: n / sum of ln(x / (least - 1/2)), the
 * approximation of Clauset, Shalizi and Newman (2009), eq. 3.7, less 1. NaN: fewer than 10 values. */
double fn_tail_exponent(const uint32_t *value, size_t count, uint32_t least);

/* Measured beside published, one row a figure: figure, text, published, low, high, measured, verdict, source. */
fn_status fn_figures_table(fn_run *run, const double figure[FN_FIGURES], fn_table **table);

#endif
