/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include "graph/memory.h"
#include "src/central_dossier.h"
#include "src/central_explain.h"

static const char *name_of(const fn_dossier *d, uint32_t firm)
{
    return fn_net_firm_name(d->a->net, firm, NULL);
}

static void find_rows(fn_dossier *d)
{
    const fn_column *firm = fn_table_find(d->a->members, "firm");
    while (firm->text[d->row] != d->firm) d->row++;
    double cluster = fn_dossier_mine(d, "cluster");
    while (fn_dossier_head(d, "cluster") < cluster) d->head++;
}

/* A firm that a column of the heads names, FN_NONE: none. */
static uint32_t named(const fn_dossier *d, const char *column)
{
    const fn_column *found = fn_table_find(d->a->heads, column);
    return fn_column_missing(found, d->head) ? FN_NONE : found->text[d->head];
}

/* ---- chapters ---- */

static void say_who(fn_dossier *d)
{
    const fn_net *net = d->a->net;
    const char *key = fn_names_text(fn_net_keys(net), d->firm, NULL), *name = name_of(d, d->firm);
    const char *kind = fn_dossier_words(d->a->members, "kind", d->row);
    const char *country = fn_net_firm_text(net, d->firm, "country", NULL);
    bool with_key = strcmp(name, key) != 0;
    fn_dossier_say(d, "%s%s%s%s", name, with_key ? " (" : "", with_key ? key : "", with_key ? ")" : "");
    if (kind[0]) fn_dossier_say(d, ", %s", kind);
    if (country[0]) fn_dossier_say(d, ", %s", country);
    double cluster = fn_dossier_mine(d, "cluster"), member_of = fn_dossier_mine(d, "member_of");
    fn_dossier_say(d, "\nCluster %.0f, %.0f firm%s.\n", cluster, fn_dossier_head(d, "firms"),
                   fn_plural(fn_dossier_head(d, "firms")));
    if (member_of < cluster || member_of > cluster)
        fn_dossier_say(d, "The clusters found have it in cluster %.0f, but most of its supply comes from this one.\n",
                       member_of);
}

/* Why nobody heads the cluster, and which authority would. */
static void say_no_head(fn_dossier *d)
{
    const char *reason = fn_dossier_words(d->a->heads, "reason", d->head);
    uint32_t authority = named(d, "authority");
    fn_dossier_say(d, "  The cluster has no single head: %s.\n", reason[0] ? reason : "nobody is supplied");
    if (authority != FN_NONE && authority != d->firm)
        fn_dossier_say(d, "  Its first buyer is no company but an authority: %s, index %s.\n", name_of(d, authority),
                       fn_figure_share(fn_dossier_head(d, "authority_index")).text);
}

static void say_rank(fn_dossier *d)
{
    double low = fn_dossier_mine(d, "rank_low"), high = fn_dossier_mine(d, "rank_high");
    if (isnan(fn_dossier_mine(d, "index"))) return;
    fn_dossier_say(d, "  Index %s, rank %.0f among %s", fn_figure_share(fn_dossier_mine(d, "index")).text,
                   fn_dossier_mine(d, "rank"),
                   strcmp(fn_dossier_kind(d), "company") == 0 ? "companies"
                   : strcmp(fn_dossier_kind(d), "authority") == 0 ? "authorities" : "others that are no companies");
    if (low < high) fn_dossier_say(d, "; in 95 of 100 draws its rank is %.0f to %.0f", low, high);
    else if (!isnan(low)) fn_dossier_say(d, "; in 95 of 100 draws its rank is %.0f", low);
    fn_dossier_say(d, ".\n");
    uint32_t second = named(d, "runner_up");
    if (fn_dossier_is_first(d) && second != FN_NONE)
        fn_dossier_say(d, "  The next is %s with %s: a lead of %s.\n", name_of(d, second),
                       fn_figure_share(fn_dossier_head(d, "runner_up_index")).text,
                       fn_figure_percent(fn_dossier_head(d, "gap")).text);
}

static void say_verdict(fn_dossier *d)
{
    const char *kind = fn_dossier_kind(d), *reason = fn_dossier_words(d->a->heads, "reason", d->head);
    uint32_t head = named(d, "central_company");
    fn_dossier_say(d, "\nVerdict\n");
    if (fn_dossier_is_head(d)) fn_dossier_say(d, "  It is the central company of the cluster.\n");
    else if (strcmp(kind, "company"))
        fn_dossier_say(d, "  It is no company (%s), and so ranked apart from those.%s\n",
                       fn_dossier_words(d->a->members, "kind", d->row),
                       named(d, "authority") == d->firm ? " Its index is larger than any company's." : "");
    if (fn_dossier_is_head(d) && reason[0]) fn_dossier_say(d, "  To be known: %s.\n", reason);
    if (!fn_dossier_is_head(d) && head != FN_NONE)
        fn_dossier_say(d, "  The central company is %s, index %s.\n", name_of(d, head),
                       fn_figure_share(fn_dossier_head(d, "index")).text);
    else if (head == FN_NONE) say_no_head(d);
    if (fn_dossier_mine(d, "in_strength") > 0) say_rank(d);
}

static void say_supply(fn_dossier *d)
{
    double suppliers = fn_dossier_mine(d, "suppliers");
    fn_dossier_say(d, "\nSupply\n");
    if (!(fn_dossier_mine(d, "in_strength") > 0)) {
        fn_dossier_say(d, "  No member of the cluster delivers to it, so it can't head it.\n");
        return;
    }
    fn_dossier_say(d, "  %s of all supply inside the cluster reaches it: %s, from %.0f member%s.\n",
                   fn_figure_percent(fn_dossier_mine(d, "in_share")).text,
                   fn_dossier_amount(d, fn_dossier_mine(d, "in_strength")).text, suppliers,
                   fn_plural(suppliers));
    if (!isnan(fn_dossier_mine(d, "focus")))
        fn_dossier_say(d, "  That is %s of all that it buys.\n", fn_figure_percent(fn_dossier_mine(d, "focus")).text);
    if (!isnan(fn_dossier_mine(d, "exclusivity")))
        fn_dossier_say(d, "  These suppliers sell to it %s of all that they sell, in the mean.\n",
                       fn_figure_percent(fn_dossier_mine(d, "exclusivity")).text);
}

/* What it delivers: a head does, too, and of the other members this is all there is to say. */
static void say_sales(fn_dossier *d)
{
    const fn_view *view = d->a->view;
    fn_csr *out = NULL;
    if (d->status || !(view->layers >> FN_LAYER_SUPPLY & 1)) return;
    d->status = fn_view_csr(&d->call->run, view, FN_LAYER_SUPPLY, FN_CSR_OUT, true, &out);
    if (d->status) return;
    double all = 0, most = 0;
    uint32_t best = FN_NONE, customers = 0;
    for (size_t i = out->offset[d->firm]; i < out->offset[d->firm + 1]; i++) {
        if (out->target[i] == d->firm) continue;
        customers++;
        all += out->weight[i];
        if (best == FN_NONE || out->weight[i] > most) best = out->target[i], most = out->weight[i];
    }
    fn_csr_free(out);
    if (!customers) fn_dossier_say(d, "  It delivers to nobody.\n");
    else fn_dossier_say(d, "  It delivers %s to %" PRIu32 " firm%s", fn_dossier_amount(d, all).text, customers,
                        fn_plural(customers));
    if (customers == 1) fn_dossier_say(d, ": %s.\n", name_of(d, best));
    else if (customers && all > 0)
        fn_dossier_say(d, ", most of it (%s) to %s.\n", fn_figure_percent(most / all).text, name_of(d, best));
    else if (customers) fn_dossier_say(d, ".\n");
}

static void say_tenders(fn_dossier *d)
{
    double tenders = fn_dossier_mine(d, "tenders"), products = fn_dossier_mine(d, "products");
    double winners = fn_dossier_mine(d, "breadth");
    fn_dossier_say(d, "\nChoice by tender\n");
    if (isnan(tenders)) {
        fn_dossier_say(d, "  The data know no tender of it.\n");
        return;
    }
    fn_dossier_say(d, "  It called %.0f tender%s, and %.0f member%s won.\n", tenders, fn_plural(tenders),
                   isnan(winners) ? 0 : winners, fn_plural(isnan(winners) ? 0 : winners));
    if (isnan(fn_dossier_mine(d, "competitive"))) fn_dossier_say(d, "  Who bid without winning is not known.\n");
    else fn_dossier_say(d, "  In %s of them somebody bid and lost.\n",
                        fn_figure_percent(fn_dossier_mine(d, "competitive")).text);
    if (isnan(products)) {
        fn_dossier_say(d, "  What it bought is not known.\n");
        return;
    }
    fn_dossier_say(d, "  It bought %.0f kind%s of products, as much as %.1f kinds in equal shares.\n", products,
                   fn_plural(products), fn_dossier_mine(d, "effective_products"));
    if (!isnan(fn_dossier_mine(d, "bidder_overlap")))
        fn_dossier_say(d, "  Two of its products share %s of their bidders, in the mean (low: they complement each "
                          "other).\n",
                       fn_figure_percent(fn_dossier_mine(d, "bidder_overlap")).text);
}

static void say_sure(fn_dossier *d)
{
    int64_t draws = fn_values_int(d->call->values, "resamples");
    fn_dossier_say(d, "\nHow sure\n");
    if (isnan(fn_dossier_mine(d, "support"))) {
        fn_dossier_say(d, "  %s\n", draws == 0 ? "No draws were asked for (--resamples)."
                       : strcmp(fn_dossier_kind(d), "company") ? "Only companies are ranked anew by drawing tenders."
                       : "There is nothing to draw: the ranking of companies rests on no supply.");
        return;
    }
    fn_dossier_say(d, "  With %s drawn anew it comes first in %s of the %" PRId64 " draws.\n",
                   isnan(fn_dossier_mine(d, "tenders")) ? "suppliers" : "tenders",
                   fn_figure_percent(fn_dossier_mine(d, "support")).text, draws);
    double low = fn_dossier_head(d, "gap_low");
    if (!fn_dossier_is_first(d) || isnan(low)) return;
    if (low > 0) fn_dossier_say(d, "  Its lead is %s or less in one draw of twenty.\n", fn_figure_percent(low).text);
    else fn_dossier_say(d, "  In at least one draw of twenty another firm comes first.\n");
    if (isnan(fn_dossier_mine(d, "tenders")))
        fn_dossier_say(d, "  Without tenders that tells little, and does not decide who heads the cluster.\n");
}

static void say_joint_bids(fn_dossier *d)
{
    double bids = fn_dossier_real(fn_net_firm_columns(d->a->net), "joint_bids", d->firm);
    double led = fn_dossier_real(fn_net_firm_columns(d->a->net), "joint_bids_led", d->firm);
    if (isnan(bids)) return;
    fn_dossier_say(d, "\nJoint bids\n  It headed %.0f of %.0f joint bid%s whose head is known.\n", led, bids,
                   fn_plural(bids));
}

static void say_how_to_read(fn_dossier *d)
{
    fn_dossier_say(d, "\nHow to read this\n"
                   "  A central company buys by tender, from firms of its cluster, what complements each other.\n"
                   "  The index is between 0 and 1 and compares firms of one cluster; it and the thresholds are\n"
                   "  proposals of this program. A draw takes each tender (or supplier) as often as chance\n"
                   "  says, once in the mean: what holds in nearly all draws does not hang on a few of them.\n"
                   "  `firmnet help central` explains every figure.\n");
}

fn_status fn_central_explain(fn_call *call, const fn_analysis *a, const char *wanted)
{
    fn_dossier d = { .call = call, .a = a };
    fn_status status = fn_call_find_firm(call, a->net, a->view->firms, wanted, &d.firm);
    if (!status) status = fn_output_open(&call->run, fn_call_output(call), &d.output);
    if (status) return status;
    find_rows(&d);
    fn_dossier_find_unit(&d);
    bool supplied = fn_dossier_mine(&d, "in_strength") > 0;
    say_who(&d);
    say_verdict(&d);
    if (supplied) fn_dossier_index(&d);
    if (supplied) fn_dossier_needs(&d);
    say_supply(&d);
    say_sales(&d);
    say_tenders(&d);
    if (supplied) say_sure(&d);
    if (supplied) fn_dossier_rankings(&d);
    say_joint_bids(&d);
    const char *missing = fn_dossier_words(a->members, "missing", d.row);
    if (missing[0]) fn_dossier_say(&d, "\nNot in the data of this firm: %s.\n", missing);
    if (supplied) say_how_to_read(&d);
    if (!d.status) return fn_output_commit(&call->run, d.output);
    fn_output_abort(d.output);
    return d.status;
}
