/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include "src/central_dossier.h"

/* ---- the index ---- */

static void say_part(fn_dossier *d, const char *sign, const char *name, double value, const char *meaning)
{
    if (isnan(value)) fn_dossier_say(d, "  %s %-18s   -    %s: not known of it\n", sign, name, meaning);
    else fn_dossier_say(d, "  %s %-18s %s  %s\n", sign, name, fn_figure_share(value).text, meaning);
}

void fn_dossier_index(fn_dossier *d)
{
    const double part[] = {
        fn_dossier_mine(d, "in_share"), fn_dossier_mine(d, "competitive"), fn_dossier_mine(d, "complementarity"),
        fn_dossier_mine(d, "variety")
    };
    double index = fn_dossier_mine(d, "index"), known = 1;
    bool gap = false;
    fn_dossier_say(d, "\nThe index\n");
    say_part(d, " ", "share of supply", part[0], "supply inside the cluster that reaches it");
    say_part(d, "x", "competition", part[1], "tenders of it in which somebody bid and lost");
    say_part(d, "x", "complementarity", part[2], "how evenly its purchases spread over kinds of products");
    say_part(d, "x", "variety", part[3], "kinds of products, beside the company here that buys most (logarithms)");
    fn_dossier_say(d, "  = %-18s %s\n", "index", fn_figure_share(index).text);
    for (size_t k = 0; k < sizeof part / sizeof *part; k++) {
        if (isnan(part[k])) gap = true;
        else known *= part[k];
    }
    if (!gap) return;
    if (!(index > 0) && known > 0)
        fn_dossier_say(d, "  It is 0, since others here are known to choose by tender and this firm is not.\n");
    else if (fabs(index - known) < 1e-9)
        fn_dossier_say(d, "  What is not known of anybody here is left out.\n");
    else fn_dossier_say(d, "  Where others here have what is not known of it, the cluster's mean stands for it.\n");
}

/* ---- what a head needs ---- */

static void say_need(fn_dossier *d, const char *what, fn_figure least, double here, bool share, bool met)
{
    const char *text = isnan(here) ? "not known" : share ? fn_figure_percent(here).text : fn_figure_number(here).text;
    fn_dossier_say(d, "  %-38s %8s  %10s  %s\n", what, least.text, text, isnan(here) ? "-" : met ? "yes" : "no");
}

static void say_share(fn_dossier *d, const char *what, const char *option, double here)
{
    double least = fn_values_real(d->call->values, option);
    say_need(d, what, fn_figure_percent(least), here, true, here >= least);
}

void fn_dossier_needs(fn_dossier *d)
{
    if (!fn_dossier_is_first(d)) return;
    const fn_values *v = d->call->values;
    double firms = fn_dossier_head(d, "firms"), index = fn_dossier_mine(d, "index");
    double least_firms = (double) fn_values_int(v, "min-firms"), least_index = fn_values_real(v, "min-index");
    bool authority = !isnan(fn_dossier_head(d, "authority_index"));
    fn_dossier_say(d, "\nWhat a single head needs                    at least        here\n");
    say_need(d, "members of the cluster", fn_figure_number(least_firms), firms, false, firms >= least_firms);
    say_need(d, "index", fn_figure_number(least_index), index, false, index >= least_index || fn_dossier_is_head(d));
    say_share(d, "tenders with competition", "min-competitive", fn_dossier_mine(d, "competitive"));
    say_share(d, "lead over the next (dominance gap)", "min-gap", fn_dossier_head(d, "gap"));
    say_share(d, "the same lead by number of awards", "min-count-gap", fn_dossier_head(d, "gap_by_count"));
    /* Where nobody has tenders there is little to draw from: told, but it decides nothing. */
    bool drawn = !strstr(fn_dossier_words(d->a->heads, "reason", d->head), "without tenders");
    if (drawn) say_share(d, "first among draws", "min-support", fn_dossier_mine(d, "support"));
    if (authority)
        fn_dossier_say(d, "  An authority buys more here; the index that counts is of what reaches companies.\n");
}

/* ---- single rankings ---- */

typedef struct place { size_t first; int64_t rank; int64_t ranked; } place;

/* Where it stands among those of its kind in the cluster by one column, and who is first. */
static place place_by(const fn_dossier *d, const char *column)
{
    const fn_table *members = d->a->members;
    double own = fn_dossier_mine(d, column), cluster = fn_dossier_mine(d, "cluster"), best = -INFINITY;
    const char *kind = fn_dossier_kind(d);
    place p = { .rank = 1 };
    for (size_t row = 0; row < members->rows; row++) {
        double other = fn_dossier_real(members, "cluster", row);
        if (other < cluster || strcmp(fn_dossier_words(members, "ranked_as", row), kind) != 0) continue;
        if (other > cluster) break;
        double value = fn_dossier_real(members, column, row);
        if (isnan(value)) continue;
        p.ranked++;
        p.rank += value > own;
        if (value > best) best = value, p.first = row;
    }
    return p;
}

void fn_dossier_rankings(fn_dossier *d)
{
    static const struct { const char *column, *words; } by[] = {
        { "in_strength", "supply received" }, { "suppliers", "suppliers" }, { "tenders", "tenders called" },
        { "breadth", "winners chosen" }, { "effective_products", "effective products" }
    };
    int known = 0, first = 0;
    fn_dossier_say(d, "\nBeside single rankings       its figure       rank\n");
    for (size_t k = 0; k < sizeof by / sizeof *by; k++) {
        double own = fn_dossier_mine(d, by[k].column);
        if (isnan(own)) {
            fn_dossier_say(d, "  %-24s %12s\n", by[k].words, "not known");
            continue;
        }
        place p = place_by(d, by[k].column);
        known++;
        first += p.rank == 1;
        fn_dossier_say(d, "  %-24s %12s %5" PRId64 " of %" PRId64, by[k].words, fn_figure_number(own).text, p.rank,
                       p.ranked);
        if (p.rank > 1) fn_dossier_say(d, ", first is %s", fn_dossier_words(d->a->members, "name", p.first));
        fn_dossier_say(d, "\n");
    }
    fn_dossier_say(d, "  First in %d of %d; the index is more than any one of them.\n", first, known);
}
