/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "algorithms/central_inside.h"

static const char *const standing_name[] = { "company", "authority", "other" };
static const char *const lack_name[] = { "supply", "tenders", "bids", "products" };

static void lack_list(unsigned lacks, char text[64])
{
    text[0] = '\0';
    for (size_t k = 0; k < sizeof lack_name / sizeof *lack_name; k++) {
        if (!(lacks >> k & 1)) continue;
        if (text[0]) strcat(text, ",");
        strcat(text, lack_name[k]);
    }
}

static void explain(const fn_verdict *j, const fn_central_options *options, char *text, size_t room)
{
    char number[FN_REAL_TEXT];
    text[0] = '\0';
    if (j->firms < options->firms) snprintf(text, room, "fewer than %u firms", options->firms);
    else if (!j->companies) snprintf(text, room, "no company among the members");
    else if (j->lacks & FN_LACKS_SUPPLY) snprintf(text, room, "no supply inside the cluster");
    else if (!(j->candidate[0].in_weight > 0)) snprintf(text, room, "no company is supplied inside the cluster");
    else if (!(j->among_companies >= options->index)) {
        fn_real_format(options->index, number);
        snprintf(text, room, "no company reaches index %s", number);
    } else if (j->competitive < options->competitive) {
        fn_real_format(options->competitive, number);
        snprintf(text, room, "share of competitive tenders below %s", number);
    } else if (!(j->gap >= options->gap)) {
        fn_real_format(options->gap, number);
        snprintf(text, room, "lead over the runner-up below %s", number);
    } else if (j->doubt.gap_by_count < options->count_gap) {
        fn_real_format(options->count_gap, number);
        snprintf(text, room, "lead over the runner-up by number of awards below %s", number);
    } else if (!j->has_head) {
        fn_real_format(options->support, number);
        snprintf(text, room, "first in fewer than %s of the resamples of tenders", number);
    }
    if (j->has_head && j->candidate[0].member_of != j->candidate[0].cluster)
        snprintf(text, room, "the central company is a member of cluster %u", j->candidate[0].member_of + 1);
    if (!j->lacks || j->lacks & FN_LACKS_SUPPLY) return;
    char list[64];
    lack_list(j->lacks, list);
    size_t used = strlen(text);
    snprintf(text + used, room - used, "%sindex without %s: not in the data", used ? "; " : "", list);
}

/* The evidence columns, the same in both tables. */
typedef struct evidence_columns {
    fn_column *in_share, *competitive, *complementarity, *focus, *variety, *tenders, *products, *effective_products,
        *breadth, *suppliers, *exclusivity, *bidder_overlap, *in_strength;
} evidence_columns;

static fn_status add_evidence_columns(fn_run *run, fn_table *table, evidence_columns *c)
{
    const fn_column_wanted list[] = {
        { "in_share", FN_COLUMN_REAL, &c->in_share, NULL },
        { "competitive", FN_COLUMN_REAL, &c->competitive, NULL },
        { "complementarity", FN_COLUMN_REAL, &c->complementarity, NULL },
        { "focus", FN_COLUMN_REAL, &c->focus, NULL },
        { "variety", FN_COLUMN_REAL, &c->variety, NULL },
        { "tenders", FN_COLUMN_INT, &c->tenders, NULL },
        { "products", FN_COLUMN_INT, &c->products, NULL },
        { "effective_products", FN_COLUMN_REAL, &c->effective_products, NULL },
        { "breadth", FN_COLUMN_INT, &c->breadth, NULL },
        { "suppliers", FN_COLUMN_INT, &c->suppliers, NULL },
        { "exclusivity", FN_COLUMN_REAL, &c->exclusivity, NULL },
        { "bidder_overlap", FN_COLUMN_REAL, &c->bidder_overlap, NULL },
        { "in_strength", FN_COLUMN_REAL, &c->in_strength, NULL },
    };
    return fn_table_add_all(run, table, list, sizeof list / sizeof *list);
}

static void set_evidence(const evidence_columns *c, size_t row, const fn_central_evidence *e, const fn_candidate *m)
{
    c->in_share->real[row] = e->in_share;
    c->competitive->real[row] = e->competitive;
    c->complementarity->real[row] = m->complementarity;
    c->focus->real[row] = e->focus;
    c->variety->real[row] = m->variety;
    c->tenders->integer[row] = e->tenders;
    c->products->integer[row] = e->products;
    c->effective_products->real[row] = exp(e->entropy);
    c->breadth->integer[row] = e->breadth;
    c->suppliers->integer[row] = e->suppliers;
    c->exclusivity->real[row] = e->exclusivity;
    c->bidder_overlap->real[row] = e->bidder_overlap;
    c->in_strength->real[row] = e->in_weight;
}

static fn_status set_name(fn_run *run, fn_column *column, size_t row, const fn_net *net, uint32_t firm)
{
    size_t length;
    const char *name = fn_net_firm_name(net, firm, &length);
    return fn_column_set_text(run, column, row, name, length);
}

static fn_status set_words(fn_run *run, fn_column *column, size_t row, const char *words)
{
    return words[0] ? fn_column_set_text(run, column, row, words, strlen(words)) : FN_OK;
}

fn_status fn_central_write_members(fn_run *run, const fn_view *view, const fn_ranking *r, fn_table *table)
{
    fn_column *cluster, *rank, *firm, *name, *kind, *index, *place, *member_of, *missing, *low, *high, *support;
    evidence_columns evidence;
    fn_status status;
    const fn_column_wanted before[] = {
        { "cluster", FN_COLUMN_INT, &cluster, NULL }, { "rank", FN_COLUMN_INT, &rank, NULL },
        { "firm", FN_COLUMN_TEXT, &firm, fn_net_keys(view->net) }, { "name", FN_COLUMN_TEXT, &name, NULL },
        { "kind", FN_COLUMN_TEXT, &kind, NULL }, { "index", FN_COLUMN_REAL, &index, NULL }
    }, behind[] = {
        { "ranked_as", FN_COLUMN_TEXT, &place, NULL }, { "member_of", FN_COLUMN_INT, &member_of, NULL },
        { "missing", FN_COLUMN_TEXT, &missing, NULL }, { "rank_low", FN_COLUMN_INT, &low, NULL },
        { "rank_high", FN_COLUMN_INT, &high, NULL }, { "support", FN_COLUMN_REAL, &support, NULL }
    };
    if ((status = fn_table_add_all(run, table, before, sizeof before / sizeof *before)) ||
        (status = add_evidence_columns(run, table, &evidence)) ||
        (status = fn_table_add_all(run, table, behind, sizeof behind / sizeof *behind)))
        return status;
    for (size_t row = 0; row < view->firms; row++) {
        const fn_candidate *m = &r->candidate[row];
        char lacks[64];
        lack_list(m->lacks, lacks);
        cluster->integer[row] = (int64_t) m->cluster + 1;
        member_of->integer[row] = (int64_t) m->member_of + 1;
        rank->integer[row] = m->rank;
        support->real[row] = m->support;
        if (m->rank_low != FN_NONE) low->integer[row] = m->rank_low, high->integer[row] = m->rank_high;
        firm->text[row] = m->firm;
        index->real[row] = m->index;
        set_evidence(&evidence, row, &r->evidence[m->firm], m);
        if ((status = set_name(run, name, row, view->net, m->firm)) ||
            (status = set_words(run, kind, row, fn_net_firm_text(view->net, m->firm, "kind", NULL))) ||
            (status = set_words(run, place, row, standing_name[m->standing])) ||
            (status = set_words(run, missing, row, lacks)))
            return status;
    }
    return FN_OK;
}

typedef struct head_columns {
    fn_column *cluster, *firms, *central_company, *central_name, *index, *gap, *gap_in_strength, *centralisation,
        *candidate, *runner_up, *runner_up_index, *authority, *authority_index, *reason, *support,
        *gap_low, *gap_by_count, *agreement;
    evidence_columns evidence;
} head_columns;

static fn_status add_head_columns(fn_run *run, fn_table *table, const fn_names *keys, head_columns *h)
{
    const fn_column_wanted before[] = {
        { "cluster", FN_COLUMN_INT, &h->cluster, NULL }, { "firms", FN_COLUMN_INT, &h->firms, NULL },
        { "central_company", FN_COLUMN_TEXT, &h->central_company, keys },
        { "central_name", FN_COLUMN_TEXT, &h->central_name, NULL }, { "index", FN_COLUMN_REAL, &h->index, NULL },
        { "gap", FN_COLUMN_REAL, &h->gap, NULL }
    }, behind[] = {
        { "gap_in_strength", FN_COLUMN_REAL, &h->gap_in_strength, NULL },
        { "centralisation", FN_COLUMN_REAL, &h->centralisation, NULL },
        { "first_candidate", FN_COLUMN_TEXT, &h->candidate, keys },
        { "runner_up", FN_COLUMN_TEXT, &h->runner_up, keys },
        { "runner_up_index", FN_COLUMN_REAL, &h->runner_up_index, NULL },
        { "authority", FN_COLUMN_TEXT, &h->authority, keys },
        { "authority_index", FN_COLUMN_REAL, &h->authority_index, NULL },
        { "reason", FN_COLUMN_TEXT, &h->reason, NULL },
        { "support", FN_COLUMN_REAL, &h->support, NULL }, { "gap_low", FN_COLUMN_REAL, &h->gap_low, NULL },
        { "gap_by_count", FN_COLUMN_REAL, &h->gap_by_count, NULL },
        { "agreement", FN_COLUMN_REAL, &h->agreement, NULL }
    };
    fn_status status = fn_table_add_all(run, table, before, sizeof before / sizeof *before);
    if (!status) status = add_evidence_columns(run, table, &h->evidence);
    return status ? status : fn_table_add_all(run, table, behind, sizeof behind / sizeof *behind);
}

/* The authority that would head the cluster: the first of them, where its index beats every company's. */
static void write_authority(const fn_verdict *j, const head_columns *h, size_t row)
{
    if (!j->authorities) return;
    const fn_candidate *first = &j->candidate[j->companies];
    double best = j->companies && !isnan(j->candidate[0].index) ? j->candidate[0].index : 0;
    if (!(first->index > best)) return;
    h->authority->text[row] = first->firm;
    h->authority_index->real[row] = first->index;
}

fn_status fn_central_write_heads(fn_run *run, const fn_view *view, const fn_ranking *r, uint32_t clusters,
                             const fn_central_options *options, fn_table *table, bool *is_central)
{
    head_columns h;
    fn_status status = add_head_columns(run, table, fn_net_keys(view->net), &h);
    if (status) return status;
    for (uint32_t c = 0; c < clusters; c++) {
        fn_verdict j;
        char reason[256];
        fn_central_judge(r, c, options, &j);
        explain(&j, options, reason, sizeof reason);
        h.cluster->integer[c] = (int64_t) c + 1;
        h.firms->integer[c] = j.firms;
        h.gap->real[c] = j.gap;
        h.gap_in_strength->real[c] = j.gap_in_strength;
        h.centralisation->real[c] = r->centralisation[c];
        write_authority(&j, &h, c);
        if ((status = set_words(run, h.reason, c, reason))) return status;
        if (!j.companies) continue;

        uint32_t first = j.candidate[0].firm;
        h.index->real[c] = j.candidate[0].index;
        if (!(j.candidate[0].in_weight > 0)) continue; /* nobody is supplied: the first by number is no candidate */
        set_evidence(&h.evidence, c, &r->evidence[first], &j.candidate[0]);
        h.candidate->text[c] = first;
        h.support->real[c] = j.candidate[0].support;
        h.gap_low->real[c] = j.doubt.gap_low;
        h.gap_by_count->real[c] = j.doubt.gap_by_count;
        h.agreement->real[c] = j.doubt.agreement;
        if (j.companies > 1 && j.candidate[1].index > 0) {
            h.runner_up->text[c] = j.candidate[1].firm;
            h.runner_up_index->real[c] = j.candidate[1].index;
        }
        if (!j.has_head) continue;
        h.central_company->text[c] = first;
        if (is_central) is_central[first] = true;
        if ((status = set_name(run, h.central_name, c, view->net, first))) return status;
    }
    return FN_OK;
}

