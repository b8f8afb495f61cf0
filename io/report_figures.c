/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "graph/memory.h"
#include "io/report_inside.h"
#include "io/svg.h"

/* Tie classes ----------------------------------------------------------------------------------------------------- */

static const char *const class_meaning[5] = {
    "carries a larger part of one side's business, or more records, than chance would give it",
    "neither of the others: one tie among many",
    "joins firms that have few partners in common, often of two clusters",
    "first seen near the end of the period",
    "no record for long before the end of the period"
};

static void put_bar(fn_pen *pen, const fn_report_facts *facts, int class, int64_t most)
{
    double y = 8 + 34 * class, width = most > 0 ? 380.0 * (double) facts->tie_class[class] / (double) most : 0;
    fn_pen_text(pen, "<text class=\"end strong\" x=\"64\" y=\"");
    fn_pen_fixed(pen, y + 16, 0);
    fn_pen_format(pen, "\">%s</text><rect class=\"bar\" x=\"74\" y=\"", fn_tie_classes[class]);
    fn_pen_fixed(pen, y, 0);
    fn_pen_text(pen, "\" height=\"22\" rx=\"2\" width=\"");
    fn_pen_fixed(pen, fmax(width, 1), 1);
    fn_pen_text(pen, "\"/><text x=\"");
    fn_pen_fixed(pen, 74 + width + 8, 1);
    fn_pen_text(pen, "\" y=\"");
    fn_pen_fixed(pen, y + 16, 0);
    fn_pen_text(pen, "\">");
    fn_words_count(pen, facts->tie_class[class]);
    fn_pen_text(pen, " · ");
    fn_words_share(pen, (double) facts->tie_class[class], (double) facts->classed);
    fn_pen_text(pen, "</text>\n");
}

void fn_report_classes(fn_pen *pen, const fn_report_facts *facts)
{
    if (facts->classed == 0) {
        fn_pen_text(pen, "<p class=\"none\">Tie strengths were not computed.</p>\n");
        return;
    }
    int64_t most = 0;
    int top = 0;
    for (int k = 0; k < 5; k++) {
        if (facts->tie_class[k] <= most) continue;
        most = facts->tie_class[k];
        top = k;
    }
    fn_pen_text(pen, "<figure class=\"small\">\n");
    fn_svg_start(pen, "classes", 620, 180, "Ties by class");
    fn_words_share(pen, (double) most, (double) facts->classed);
    fn_pen_format(pen, " of the ties are %s.", fn_tie_classes[top]);
    for (int k = 0; k < 5; k++) {
        fn_pen_format(pen, " %s: ", fn_tie_classes[k]);
        fn_words_count(pen, facts->tie_class[k]);
        fn_pen_text(pen, ".");
    }
    fn_svg_desc_end(pen);
    for (int k = 0; k < 5; k++) put_bar(pen, facts, k, most);
    fn_svg_end(pen);
    fn_pen_text(pen, "<figcaption>Ties by class.");
    for (int k = 0; k < 5; k++) fn_pen_format(pen, " <b>%s</b>: %s.", fn_tie_classes[k], class_meaning[k]);
    fn_pen_text(pen, " The thresholds are proposals of this program; each tie's reason stands in ties.tsv.</figcaption>\n"
                "</figure>\n");
}

/* Distributions --------------------------------------------------------------------------------------------------- */

typedef struct curve { double *value, *share; size_t count; double low, high, least, median; } curve;

static int compare_falling(const void *a, const void *b)
{
    double one = *(const double *) a, two = *(const double *) b;
    return one > two ? -1 : one < two;
}

/* Share of `of` things that have at least each value that occurs; positive values only, thinned to what can be seen.
 * value[count] is sorted and overwritten. */
static void make_curve(curve *c, double *value, double *share, size_t count, double of)
{
    qsort(value, count, sizeof *value, compare_falling);
    while (count > 0 && value[count - 1] <= 0) count--;
    *c = (curve) { .value = value, .share = share };
    if (count == 0) return;
    c->high = value[0];
    c->low = value[count - 1];
    c->median = value[count / 2];
    double last = INFINITY;
    for (size_t i = 0; i < count; i++) {
        bool end_of_equals = i + 1 == count || value[i + 1] != value[i];
        if (!end_of_equals) continue;
        if (value[i] > last / 1.04 && i + 1 < count) continue;
        last = value[i];
        c->value[c->count] = value[i];
        c->share[c->count++] = (double) (i + 1) / of;
    }
    c->least = c->share[0];
}

static double decade_below(double value)
{
    return pow(10, floor(log10(value) + 1e-9));
}

static double decade_above(double value)
{
    return pow(10, ceil(log10(value) - 1e-9));
}

/* Up to three curves with logarithmic axes. */
static void put_curves(fn_pen *pen, const curve *c, size_t curves, const char *const *legend, const char *x_title,
                       const char *y_title, bool share)
{
    double low = INFINITY, high = 0, least = INFINITY, most = 0;
    for (size_t k = 0; k < curves; k++) {
        if (c[k].count == 0) continue;
        low = fmin(low, c[k].value[c[k].count - 1]);
        high = fmax(high, c[k].value[0]);
        for (size_t i = 0; i < c[k].count; i++) {
            least = fmin(least, c[k].share[i]);
            most = fmax(most, c[k].share[i]);
        }
    }
    fn_scale x = { decade_below(low), decade_above(high), 62, 430, true };
    fn_scale y = { decade_below(least), share ? 1 : decade_above(most), 250, 28, true };
    if (x.high <= x.low) x.high = x.low * 10;
    if (y.high <= y.low) y.low = y.high / 10;
    fn_svg_axes(pen, &x, &y, x_title, y_title, share);
    for (size_t k = 0; k < curves; k++)
        if (c[k].count > 0) fn_svg_series(pen, &x, &y, c[k].value, c[k].share, c[k].count, (int) k);
    for (size_t k = 0; legend && k < curves; k++)
        if (c[k].count > 0) fn_svg_legend(pen, 310, 40 + 18 * (double) k, (int) k, legend[k]);
}

static void put_size_words(fn_pen *pen, const char *what, const curve *c, size_t count, size_t of)
{
    if (c->count == 0) return;
    fn_pen_text(pen, what);
    fn_pen_text(pen, ": ");
    fn_words_count(pen, (int64_t) count);
    fn_pen_text(pen, " of ");
    fn_words_count(pen, (int64_t) of);
    fn_pen_text(pen, " firms have any, half of these at least ");
    fn_words_short(pen, c->median);
    fn_pen_text(pen, ", the most is ");
    fn_words_short(pen, c->high);
    fn_pen_text(pen, ". ");
}

static size_t positive(const double *value, size_t count)
{
    size_t any = 0;
    for (size_t i = 0; i < count; i++) any += value[i] > 0;
    return any;
}

static fn_status count_partners(fn_pen *pen, const fn_report_facts *facts, int layer, fn_csr_side side, double *value)
{
    fn_csr *csr = NULL;
    fn_status status = fn_view_csr(pen->run, facts->view, layer, side, true, &csr);
    for (uint32_t u = 0; !status && u < facts->firms; u++) value[u] = (double) (csr->offset[u + 1] - csr->offset[u]);
    fn_csr_free(csr);
    return status;
}

static fn_status put_degrees(fn_pen *pen, const fn_report_facts *facts, double *value, double *share)
{
    static const char *const legend[] = { "all partners", "customers", "suppliers" };
    static const char *const words[] = { "Partners", "Customers", "Suppliers" };
    static const fn_csr_side sides[] = { FN_CSR_BOTH, FN_CSR_OUT, FN_CSR_IN };
    size_t firms = facts->firms, curves = facts->view->layers & 1 << FN_LAYER_SUPPLY ? 3 : 1, any[3];
    curve c[3];
    for (size_t k = 0; k < curves; k++) {
        fn_status status = count_partners(pen, facts, k == 0 ? -1 : FN_LAYER_SUPPLY, sides[k], value + k * firms);
        if (status) return status;
        any[k] = positive(value + k * firms, firms);
        make_curve(&c[k], value + k * firms, share + k * firms, firms, (double) firms);
    }
    if (c[0].count == 0) return FN_OK;
    fn_pen_text(pen, "<figure>\n");
    fn_svg_start(pen, "degrees", 454, 292, "How many partners firms have");
    for (size_t k = 0; k < curves; k++) put_size_words(pen, words[k], &c[k], any[k], firms);
    fn_svg_desc_end(pen);
    put_curves(pen, c, curves, legend, "partners", "share of firms with at least so many", true);
    fn_svg_end(pen);
    fn_pen_text(pen, "<figcaption>Partners of a firm. ");
    for (size_t k = 0; k < curves; k++) put_size_words(pen, words[k], &c[k], any[k], firms);
    fn_pen_text(pen, "</figcaption>\n</figure>\n");
    return FN_OK;
}

static void put_values(fn_pen *pen, const fn_report_facts *facts, double *value, double *share)
{
    const fn_ties *ties = fn_net_tie_rows(facts->net);
    static const char *const legend[] = { "delivers", "receives" };
    size_t firms = facts->firms, any[2];
    curve c[2];
    memset(value, 0, 2 * firms * sizeof *value);
    for (size_t k = 0; k < facts->ties; k++) {
        const fn_tie own = fn_ties_at(ties, fn_view_tie(facts->view, k));
        if (isnan(own.value) || own.currency != facts->currency || own.from == own.to) continue;
        value[own.from] += own.value;
        value[firms + own.to] += own.value;
    }
    for (int k = 0; k < 2; k++) {
        any[k] = positive(value + (size_t) k * firms, firms);
        make_curve(&c[k], value + (size_t) k * firms, share + (size_t) k * firms, firms, (double) firms);
    }
    if (c[0].count == 0) return;
    fn_pen_text(pen, "<figure>\n");
    fn_svg_start(pen, "values", 454, 292, "How much money moves by firm");
    put_size_words(pen, "Deliveries", &c[0], any[0], firms);
    put_size_words(pen, "Purchases", &c[1], any[1], firms);
    fn_svg_desc_end(pen);
    put_curves(pen, c, 2, legend, "value of its ties", "share of firms with at least so much", true);
    fn_svg_end(pen);
    fn_pen_text(pen, "<figcaption>Value of a firm's ties");
    size_t length;
    const char *currency = fn_names_text(fn_net_currencies(facts->net), facts->currency, &length);
    if (length > 0) fn_pen_text(pen, ", ");
    fn_pen_xml(pen, currency, length);
    fn_pen_text(pen, ". ");
    put_size_words(pen, "Deliveries", &c[0], any[0], firms);
    put_size_words(pen, "Purchases", &c[1], any[1], firms);
    fn_pen_text(pen, "</figcaption>\n</figure>\n");
}

static void put_cluster_sizes(fn_pen *pen, const fn_report_facts *facts, double *value, double *share)
{
    const fn_column *members = fn_report_column(facts->report->clusters, "firms", FN_COLUMN_INT);
    size_t count = 0;
    double least = INFINITY;
    for (size_t row = 0; members && row < members->rows && count < facts->firms; row++)
        if (members->integer[row] >= 2) value[count++] = (double) members->integer[row];
    if (count < 2) return;
    qsort(value, count, sizeof *value, compare_falling);
    curve c = { .value = share, .share = value };
    double last = 0;
    for (size_t i = 0; i < count; i++) {
        if ((double) (i + 1) < last * 1.04 && i + 1 < count) continue;
        last = (double) (i + 1);
        share[c.count] = last;
        value[c.count++] = value[i];
        least = fmin(least, value[i]);
    }
    fn_pen_text(pen, "<figure>\n");
    fn_svg_start(pen, "sizes", 454, 292, "Firms in clusters by rank");
    fn_pen_text(pen, "The largest cluster has ");
    fn_words_of(pen, (int64_t) value[0], "firm", "firms");
    fn_pen_text(pen, ", the smallest ");
    fn_words_count(pen, (int64_t) least);
    fn_pen_text(pen, ".");
    fn_svg_desc_end(pen);
    /* The curve runs by rising rank; axes take the ends of falling ones. */
    fn_scale x = { 1, fmax(10, decade_above((double) count)), 62, 430, true };
    fn_scale y = { decade_below(least), fmax(10, decade_above(value[0])), 250, 28, true };
    if (y.high <= y.low) y.high = y.low * 10;
    fn_svg_axes(pen, &x, &y, "rank of the cluster", "firms in the cluster", false);
    fn_svg_series(pen, &x, &y, c.value, c.share, c.count, 0);
    fn_svg_end(pen);
    fn_pen_text(pen, "<figcaption>Sizes of the ");
    fn_words_of(pen, (int64_t) count, "cluster", "clusters");
    fn_pen_text(pen, " of two firms or more. The largest has ");
    fn_words_of(pen, (int64_t) value[0], "firm", "firms");
    fn_pen_text(pen, ", the smallest ");
    fn_words_count(pen, (int64_t) least);
    fn_pen_text(pen, ".</figcaption>\n</figure>\n");
}

fn_status fn_report_distributions(fn_pen *pen, const fn_report_facts *facts)
{
    size_t room = 3 * (size_t) facts->firms + 1;
    double *value = fn_alloc(pen->run, room, sizeof *value), *share = fn_alloc(pen->run, room, sizeof *share);
    fn_status status = value && share ? FN_OK : FN_ENOMEM;
    if (!status) {
        fn_pen_text(pen, "<div class=\"pair\">\n");
        status = put_degrees(pen, facts, value, share);
        if (!status && facts->valued) put_values(pen, facts, value, share);
        if (!status) put_cluster_sizes(pen, facts, value, share);
        fn_pen_text(pen, "</div>\n");
    }
    fn_free(value);
    fn_free(share);
    return status;
}
