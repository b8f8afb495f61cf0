/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "src/central_explain.h"

typedef struct dossier {
    fn_call *call;
    const fn_analysis *a;
    fn_output *output;
    uint32_t firm;
    size_t row, head;        /* of the firm among the members, of its cluster among the heads */
    fn_status status;
} dossier;

static void say(dossier *d, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void say(dossier *d, const char *format, ...)
{
    char line[1024];
    va_list list;
    if (d->status) return;
    va_start(list, format);
    vsnprintf(line, sizeof line, format, list);
    va_end(list);
    d->status = fn_output_text(&d->call->run, d->output, line);
}

/* ---- figures ---- */

static double real_of(const fn_table *table, const char *column, size_t row)
{
    const fn_column *found = fn_table_find(table, column);
    if (!found || fn_column_missing(found, row)) return NAN;
    return found->type == FN_COLUMN_INT ? (double) found->integer[row] : found->real[row];
}

static double mine(const dossier *d, const char *column)
{
    return real_of(d->a->members, column, d->row);
}

static double of_head(const dossier *d, const char *column)
{
    return real_of(d->a->heads, column, d->head);
}

static const char *words_of(const fn_table *table, const char *column, size_t row)
{
    const fn_column *found = fn_table_find(table, column);
    return found ? fn_column_text(found, row, NULL) : "";
}

/* "43.4 %" */
typedef struct figure { char text[FN_REAL_TEXT]; } figure;

static figure percent(double share)
{
    figure f;
    snprintf(f.text, sizeof f.text, "%.1f %%", 100 * share);
    return f;
}

static figure number(double value)
{
    figure f;
    if (value >= 1e6 && value < 1e15) snprintf(f.text, sizeof f.text, "%.1f million", value / 1e6);
    else snprintf(f.text, sizeof f.text, "%.4g", value);
    return f;
}

static const char *plural(double count)
{
    return count > 1 || count < 1 ? "s" : "";
}

/* ---- the firm ---- */

static fn_status find_firm(fn_call *call, const fn_analysis *a, const char *wanted, uint32_t *firm)
{
    size_t length = strlen(wanted), n, found = 0;
    *firm = fn_names_find(fn_net_keys(a->net), wanted, length);
    for (uint32_t f = 0; *firm == FN_NONE && f < a->view->firms; f++) {
        const char *name = fn_net_firm_name(a->net, f, &n);
        if (n == length && memcmp(name, wanted, n) == 0 && ++found == 1) *firm = f;
        else continue;
        for (uint32_t g = f + 1; g < a->view->firms; g++) {
            name = fn_net_firm_name(a->net, g, &n);
            found += n == length && memcmp(name, wanted, n) == 0;
        }
    }
    if (*firm != FN_NONE && found < 2) return FN_OK;
    char quoted[FN_QUOTE_TEXT];
    fn_fail(&call->run, FN_EINVAL, found ? "several firms are called %s" : "there is no firm %s",
            fn_quote(wanted, length, quoted));
    fn_hint(&call->run, "`firmnet central --all` lists the firms with their keys");
    return FN_EINVAL;
}

static void find_rows(dossier *d)
{
    const fn_column *firm = fn_table_find(d->a->members, "firm");
    while (firm->text[d->row] != d->firm) d->row++;
    double cluster = mine(d, "cluster");
    while (of_head(d, "cluster") < cluster) d->head++;
}

/* ---- chapters ---- */

static void say_who(dossier *d)
{
    const fn_net *net = d->a->net;
    const char *key = fn_names_text(fn_net_keys(net), d->firm, NULL), *name = fn_net_firm_name(net, d->firm, NULL);
    const char *kind = words_of(d->a->members, "kind", d->row);
    const char *country = fn_net_firm_text(net, d->firm, "country", NULL);
    say(d, "%s%s%s%s", name, strcmp(name, key) ? " (" : "", strcmp(name, key) ? key : "", strcmp(name, key) ? ")" : "");
    if (kind[0]) say(d, ", %s", kind);
    if (country[0]) say(d, ", %s", country);
    say(d, "\nCluster %.0f, %.0f firms.\n", mine(d, "cluster"), of_head(d, "firms"));
    if (mine(d, "member_of") < mine(d, "cluster") || mine(d, "member_of") > mine(d, "cluster"))
        say(d, "The clusters found have it in cluster %.0f, but most of its supply comes from this one.\n",
            mine(d, "member_of"));
}

static void say_verdict(dossier *d)
{
    const char *as = words_of(d->a->members, "ranked_as", d->row), *reason = words_of(d->a->heads, "reason", d->head);
    const fn_column *named = fn_table_find(d->a->heads, "central_company");
    bool is_head = !fn_column_missing(named, d->head) && named->text[d->head] == d->firm;
    say(d, "\nVerdict\n");
    if (is_head) say(d, "  It is the central company of the cluster.\n");
    else if (strcmp(as, "company")) say(d, "  It is no company (%s) and ranked apart.\n", as);
    else if (!fn_column_missing(named, d->head))
        say(d, "  The central company is another: %s.\n", words_of(d->a->heads, "central_name", d->head));
    else say(d, "  The cluster has no single head: %s.\n", reason[0] ? reason : "nobody is supplied");
    if (is_head && reason[0]) say(d, "  To be known: %s.\n", reason);
    if (isnan(mine(d, "index"))) return;
    say(d, "  Index %s, rank %.0f of its kind.\n", number(mine(d, "index")).text, mine(d, "rank"));
    const fn_column *second = fn_table_find(d->a->heads, "runner_up");
    if (mine(d, "rank") < 2 && strcmp(as, "company") == 0 && !fn_column_missing(second, d->head))
        say(d, "  The next is %s with %s: a lead of %s.\n",
            fn_net_firm_name(d->a->net, second->text[d->head], NULL), number(of_head(d, "runner_up_index")).text,
            percent(of_head(d, "gap")).text);
}

static void say_supply(dossier *d)
{
    say(d, "\nSupply\n");
    if (!(mine(d, "in_strength") > 0)) {
        say(d, "  No member of the cluster delivers to it.\n");
        return;
    }
    say(d, "  %s of all supply inside the cluster reaches it: %s, from %.0f member%s.\n",
        percent(mine(d, "in_share")).text, number(mine(d, "in_strength")).text, mine(d, "suppliers"), plural(mine(d, "suppliers")));
    if (!isnan(mine(d, "focus"))) say(d, "  That is %s of all that it buys.\n", percent(mine(d, "focus")).text);
    if (!isnan(mine(d, "exclusivity")))
        say(d, "  To these suppliers it is %s of what they sell, in the mean.\n", percent(mine(d, "exclusivity")).text);
}

static void say_tenders(dossier *d)
{
    say(d, "\nChoice by tender\n");
    if (isnan(mine(d, "tenders"))) {
        say(d, "  The data know no tender of it.\n");
        return;
    }
    say(d, "  It called %.0f tender%s, and %.0f member%s won.\n", mine(d, "tenders"), plural(mine(d, "tenders")),
        isnan(mine(d, "breadth")) ? 0 : mine(d, "breadth"), plural(mine(d, "breadth")));
    if (isnan(mine(d, "competitive"))) say(d, "  Who bid without winning is not known.\n");
    else say(d, "  In %s of them somebody bid and lost.\n", percent(mine(d, "competitive")).text);
    if (isnan(mine(d, "products"))) {
        say(d, "  What it bought is not known.\n");
        return;
    }
    say(d, "  It bought %.0f kind%s of products, as much as %.1f kinds in equal shares:\n", mine(d, "products"),
        plural(mine(d, "products")), mine(d, "effective_products"));
    say(d, "  complementarity %s, variety %s (1: as many kinds as any company here).\n",
        number(mine(d, "complementarity")).text, number(mine(d, "variety")).text);
    if (!isnan(mine(d, "bidder_overlap")))
        say(d, "  Two of its products share %s of their bidders, in the mean (low: they complement each other).\n",
            percent(mine(d, "bidder_overlap")).text);
}

static void say_sure(dossier *d)
{
    say(d, "\nHow sure\n");
    if (isnan(mine(d, "support"))) {
        say(d, "  Nothing to resample.\n");
        return;
    }
    say(d, "  With %s drawn anew it comes first in %s of %" PRId64 " draws; in 95 of 100 its rank is %.0f to %.0f.\n",
        isnan(mine(d, "tenders")) ? "suppliers" : "tenders", percent(mine(d, "support")).text,
        fn_values_int(d->call->values, "resamples"), mine(d, "rank_low"), mine(d, "rank_high"));
    if (mine(d, "rank") > 1 || strcmp(words_of(d->a->members, "ranked_as", d->row), "company")) return;
    say(d, "  Its lead is %s or less in one draw of twenty.\n", percent(of_head(d, "gap_low")).text);
    if (!isnan(of_head(d, "gap_by_count")))
        say(d, "  By number of awards instead of money its lead is %s.\n", percent(of_head(d, "gap_by_count")).text);
    if (!isnan(of_head(d, "agreement")))
        say(d, "  Of simple rankings (supply, suppliers, tenders, winners, products) it is first in %s.\n",
            percent(of_head(d, "agreement")).text);
}

static void say_joint_bids(dossier *d)
{
    double bids = real_of(fn_net_firm_columns(d->a->net), "joint_bids", d->firm);
    double led = real_of(fn_net_firm_columns(d->a->net), "joint_bids_led", d->firm);
    if (isnan(bids)) return;
    say(d, "\nJoint bids\n  It headed %.0f of %.0f joint bid%s whose head is known.\n", led, bids, plural(bids));
}

fn_status fn_central_explain(fn_call *call, const fn_analysis *a, const char *wanted)
{
    dossier d = { .call = call, .a = a };
    fn_status status = find_firm(call, a, wanted, &d.firm);
    if (!status) status = fn_output_open(&call->run, fn_call_output(call), &d.output);
    if (status) return status;
    find_rows(&d);
    say_who(&d);
    say_verdict(&d);
    say_supply(&d);
    say_tenders(&d);
    say_sure(&d);
    say_joint_bids(&d);
    const char *missing = words_of(a->members, "missing", d.row);
    if (missing[0]) say(&d, "\nNot in the data, and so left out of the index: %s.\n", missing);
    if (!d.status) return fn_output_commit(&call->run, d.output);
    fn_output_abort(d.output);
    return d.status;
}
