/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "algorithms/central_company.h"
#include "algorithms/central_evidence.h"
#include "graph/memory.h"

/* Who may be a central company, and who is ranked apart. */
typedef enum standing { COMPANY, AUTHORITY, OTHER } standing;
static const char *const standing_name[] = { "company", "authority", "other" };

/* Parts of the index that a firm lacks, as bits. */
enum { LACKS_SUPPLY = 1, LACKS_TENDERS = 2, LACKS_BIDS = 4, LACKS_PRODUCTS = 8 };
static const char *const lack_name[] = { "supply", "tenders", "bids", "products" };

typedef struct member {
    uint32_t firm, cluster, rank;
    standing standing;
    double index, in_weight, complementarity;
    unsigned lacks;
} member;

/* One cluster while it is judged: a range of members, companies first. */
typedef struct judged {
    const member *member;
    uint32_t members, companies, authorities;
    double gap, gap_in_strength;
    unsigned lacks;      /* parts that the whole cluster lacks */
    bool has_head;
} judged;

typedef struct ranking {
    fn_central_evidence *evidence;  /* one a firm */
    double *inside, *centralisation; /* one a cluster */
    member *member;                 /* sorted by cluster, standing, rank */
    size_t *start;                  /* clusters + 1 */
} ranking;

void fn_central_defaults(fn_central_options *options)
{
    *options = (fn_central_options) { .gap = 0.2, .index = 0.05, .firms = 3 };
}

static standing standing_of(const fn_net *net, uint32_t firm)
{
    size_t length;
    const char *kind = fn_net_firm_text(net, firm, "kind", &length);
    if (strcmp(kind, "authority") == 0) return AUTHORITY;
    static const char *const others[] = { "university", "bank", "person" };
    for (size_t k = 0; k < sizeof others / sizeof *others; k++)
        if (strcmp(kind, others[k]) == 0) return OTHER;
    return COMPANY;
}

static unsigned lacks_of(const fn_central_evidence *e, double inside)
{
    if (!(inside > 0)) return LACKS_SUPPLY;
    if (e->tenders == FN_INT_NONE) return LACKS_TENDERS;
    return (isnan(e->competitive) ? LACKS_BIDS : 0u) | (isnan(e->entropy) ? LACKS_PRODUCTS : 0u);
}

/* H / ln(n), n the most kinds of products that one company of the cluster buys. With n each firm's own, a customer of
 * two things in equal shares would complement better than a customer of ten in unequal ones; a common n keeps the
 * order of H. 0 where nobody buys more than one kind. */
static void complement(const ranking *r, size_t start, size_t end)
{
    int64_t most = 1, most_of_all = 1;
    for (size_t k = start; k < end; k++) {
        int64_t products = r->evidence[r->member[k].firm].products;
        if (products > most_of_all) most_of_all = products;
        if (r->member[k].standing == COMPANY && products > most) most = products;
    }
    if (most == 1) most = most_of_all;
    for (size_t k = start; k < end; k++) {
        double entropy = r->evidence[r->member[k].firm].entropy;
        r->member[k].complementarity = isnan(entropy) || most == 1 ? entropy : fmin(entropy / log((double) most), 1);
    }
}

/* Means of a part over the members that have it; NaN where none has. */
static void cluster_means(const ranking *r, size_t start, size_t end, double *competitive, double *complementarity)
{
    double sum[2] = { 0, 0 }, count[2] = { 0, 0 };
    for (size_t k = start; k < end; k++) {
        const fn_central_evidence *e = &r->evidence[r->member[k].firm];
        if (!isnan(e->competitive)) sum[0] += e->competitive, count[0]++;
        double c = r->member[k].complementarity;
        if (!isnan(c)) sum[1] += c, count[1]++;
    }
    *competitive = sum[0] / count[0];
    *complementarity = sum[1] / count[1];
}

/* in_share * competitive * complementarity. A part that nobody in the cluster has is left out for all; the bids or
 * products that one member lacks count as the cluster's mean, so that a gap in the data neither helps nor harms; a
 * member without tenders where others have them is not known to choose by tender: 0. */
static void index_cluster(const ranking *r, size_t start, size_t end, double inside)
{
    double competitive, complementarity;
    bool tenders = false;
    for (size_t k = start; k < end; k++) tenders |= r->evidence[r->member[k].firm].tenders != FN_INT_NONE;
    complement(r, start, end);
    cluster_means(r, start, end, &competitive, &complementarity);
    for (size_t k = start; k < end; k++) {
        member *m = &r->member[k];
        const fn_central_evidence *e = &r->evidence[m->firm];
        m->lacks = lacks_of(e, inside);
        m->index = e->in_share;
        m->in_weight = e->in_weight;
        if (m->lacks & LACKS_SUPPLY || !tenders) continue;
        if (m->lacks & LACKS_TENDERS) {
            m->index = 0;
            continue;
        }
        if (!isnan(competitive)) m->index *= m->lacks & LACKS_BIDS ? competitive : e->competitive;
        if (!isnan(complementarity)) m->index *= m->lacks & LACKS_PRODUCTS ? complementarity : m->complementarity;
    }
}

static int by_rank(const void *a, const void *b)
{
    const member *x = a, *y = b;
    if (x->standing != y->standing) return x->standing < y->standing ? -1 : 1;
    double i = isnan(x->index) ? -1 : x->index, j = isnan(y->index) ? -1 : y->index;
    if (i != j) return i > j ? -1 : 1;
    if (x->in_weight > y->in_weight) return -1;
    if (x->in_weight < y->in_weight) return 1;
    return (x->firm > y->firm) - (x->firm < y->firm);
}

static void rank_cluster(ranking *r, size_t start, size_t end)
{
    qsort(r->member + start, end - start, sizeof *r->member, by_rank);
    for (size_t k = start; k < end; k++) {
        bool first = k == start || r->member[k].standing != r->member[k - 1].standing;
        r->member[k].rank = first ? 1 : r->member[k - 1].rank + 1;
    }
}

static void ranking_free(ranking *r)
{
    fn_free(r->evidence);
    fn_free(r->inside);
    fn_free(r->centralisation);
    fn_free(r->member);
    fn_free(r->start);
}

static fn_status rank_members(fn_run *run, const fn_view *view, const uint32_t *cluster, uint32_t clusters, ranking *r)
{
    r->evidence = fn_alloc(run, view->firms, sizeof *r->evidence);
    r->inside = fn_alloc(run, clusters, sizeof *r->inside);
    r->centralisation = fn_alloc(run, clusters, sizeof *r->centralisation);
    r->member = fn_alloc(run, view->firms, sizeof *r->member);
    r->start = fn_alloc(run, (size_t) clusters + 1, sizeof *r->start);
    if (!r->evidence || !r->inside || !r->centralisation || !r->member || !r->start) return FN_ENOMEM;
    fn_status status = fn_central_gather(run, view, cluster, clusters, r->evidence, r->inside, r->centralisation);
    if (status) return status;

    for (uint32_t f = 0; f < view->firms; f++) r->start[cluster[f] + 1]++;
    for (uint32_t c = 0; c < clusters; c++) r->start[c + 1] += r->start[c];
    for (uint32_t f = 0; f < view->firms; f++) {
        member *m = &r->member[r->start[cluster[f]]++];
        *m = (member) { .firm = f, .cluster = cluster[f], .standing = standing_of(view->net, f), .index = NAN };
    }
    for (uint32_t c = clusters; c > 0; c--) r->start[c] = r->start[c - 1];
    r->start[0] = 0;
    for (uint32_t c = 0; c < clusters; c++) {
        index_cluster(r, r->start[c], r->start[c + 1], r->inside[c]);
        rank_cluster(r, r->start[c], r->start[c + 1]);
    }
    return FN_OK;
}

/* (first - second) / first on the index; on in-strength the same between the first candidate and the strongest other
 * company, and below 0 where that other buys more. */
static void measure_gaps(const ranking *r, judged *j)
{
    j->gap = j->gap_in_strength = NAN;
    if (!j->companies || isnan(j->member[0].index)) return;
    double first = j->member[0].index, second = j->companies > 1 ? j->member[1].index : 0;
    if (first > 0) j->gap = (first - second) / first;
    double own = r->evidence[j->member[0].firm].in_weight, other = 0;
    for (uint32_t k = 1; k < j->companies; k++) other = fmax(other, r->evidence[j->member[k].firm].in_weight);
    if (own > 0 || other > 0) j->gap_in_strength = (own - other) / fmax(own, other);
}

static void judge(const ranking *r, uint32_t c, const fn_central_options *options, judged *j)
{
    *j = (judged) { .member = r->member + r->start[c], .members = (uint32_t) (r->start[c + 1] - r->start[c]) };
    j->lacks = LACKS_SUPPLY | LACKS_TENDERS | LACKS_BIDS | LACKS_PRODUCTS;
    for (uint32_t k = 0; k < j->members; k++) {
        j->companies += j->member[k].standing == COMPANY;
        j->authorities += j->member[k].standing == AUTHORITY;
        const fn_central_evidence *e = &r->evidence[j->member[k].firm];
        if (r->inside[c] > 0) j->lacks &= ~(unsigned) LACKS_SUPPLY;
        if (e->tenders != FN_INT_NONE) j->lacks &= ~(unsigned) LACKS_TENDERS;
        if (!isnan(e->competitive)) j->lacks &= ~(unsigned) LACKS_BIDS;
        if (!isnan(e->entropy)) j->lacks &= ~(unsigned) LACKS_PRODUCTS;
    }
    if (j->lacks & LACKS_SUPPLY) j->lacks = LACKS_SUPPLY;
    if (j->lacks & LACKS_TENDERS) j->lacks &= LACKS_TENDERS | LACKS_SUPPLY;
    measure_gaps(r, j);
    j->has_head = j->members >= options->firms && j->companies && j->member[0].index >= options->index &&
                  j->gap >= options->gap;
}

static void lack_list(unsigned lacks, char text[64])
{
    text[0] = '\0';
    for (size_t k = 0; k < sizeof lack_name / sizeof *lack_name; k++) {
        if (!(lacks >> k & 1)) continue;
        if (text[0]) strcat(text, ",");
        strcat(text, lack_name[k]);
    }
}

static void explain(const judged *j, const fn_central_options *options, char *text, size_t room)
{
    char number[FN_REAL_TEXT];
    text[0] = '\0';
    if (j->members < options->firms) snprintf(text, room, "fewer than %u firms", options->firms);
    else if (!j->companies) snprintf(text, room, "no company among the members");
    else if (j->lacks & LACKS_SUPPLY) snprintf(text, room, "no supply inside the cluster");
    else if (!(j->member[0].index >= options->index)) {
        fn_real_format(options->index, number);
        snprintf(text, room, "no company reaches index %s", number);
    } else if (!j->has_head) {
        fn_real_format(options->gap, number);
        snprintf(text, room, "lead over the runner-up below %s", number);
    }
    if (!j->lacks || j->lacks & LACKS_SUPPLY) return;
    char list[64];
    lack_list(j->lacks, list);
    size_t used = strlen(text);
    snprintf(text + used, room - used, "%sindex without %s: not in the data", used ? "; " : "", list);
}

/* The evidence columns, the same in both tables. */
typedef struct evidence_columns {
    fn_column *in_share, *competitive, *complementarity, *tenders, *products, *effective_products, *breadth, *suppliers,
        *exclusivity, *bidder_overlap, *in_value;
} evidence_columns;

static fn_status add_evidence_columns(fn_run *run, fn_table *table, evidence_columns *c)
{
    const struct { const char *name; fn_column_type type; fn_column **column; } list[] = {
        { "in_share", FN_COLUMN_REAL, &c->in_share },
        { "competitive", FN_COLUMN_REAL, &c->competitive },
        { "complementarity", FN_COLUMN_REAL, &c->complementarity },
        { "tenders", FN_COLUMN_INT, &c->tenders },
        { "products", FN_COLUMN_INT, &c->products },
        { "effective_products", FN_COLUMN_REAL, &c->effective_products },
        { "breadth", FN_COLUMN_INT, &c->breadth },
        { "suppliers", FN_COLUMN_INT, &c->suppliers },
        { "exclusivity", FN_COLUMN_REAL, &c->exclusivity },
        { "bidder_overlap", FN_COLUMN_REAL, &c->bidder_overlap },
        { "in_strength", FN_COLUMN_REAL, &c->in_value },
    };
    for (size_t k = 0; k < sizeof list / sizeof *list; k++) {
        fn_status status = fn_table_add(run, table, list[k].name, list[k].type, list[k].column);
        if (status) return status;
    }
    return FN_OK;
}

static void set_evidence(const evidence_columns *c, size_t row, const fn_central_evidence *e, const member *m)
{
    c->in_share->real[row] = e->in_share;
    c->competitive->real[row] = e->competitive;
    c->complementarity->real[row] = m->complementarity;
    c->tenders->integer[row] = e->tenders;
    c->products->integer[row] = e->products;
    c->effective_products->real[row] = exp(e->entropy);
    c->breadth->integer[row] = e->breadth;
    c->suppliers->integer[row] = e->suppliers;
    c->exclusivity->real[row] = e->exclusivity;
    c->bidder_overlap->real[row] = e->bidder_overlap;
    c->in_value->real[row] = e->in_weight;
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

static fn_status write_members(fn_run *run, const fn_view *view, const ranking *r, fn_table *table)
{
    fn_column *cluster, *rank, *firm, *name, *kind, *index, *place, *missing;
    evidence_columns evidence;
    fn_status status;
    if ((status = fn_table_add(run, table, "cluster", FN_COLUMN_INT, &cluster)) ||
        (status = fn_table_add(run, table, "rank", FN_COLUMN_INT, &rank)) ||
        (status = fn_table_add_borrowed(run, table, "firm", fn_net_keys(view->net), &firm)) ||
        (status = fn_table_add(run, table, "name", FN_COLUMN_TEXT, &name)) ||
        (status = fn_table_add(run, table, "kind", FN_COLUMN_TEXT, &kind)) ||
        (status = fn_table_add(run, table, "index", FN_COLUMN_REAL, &index)) ||
        (status = add_evidence_columns(run, table, &evidence)) ||
        (status = fn_table_add(run, table, "ranked_as", FN_COLUMN_TEXT, &place)) ||
        (status = fn_table_add(run, table, "missing", FN_COLUMN_TEXT, &missing)))
        return status;
    for (size_t row = 0; row < view->firms; row++) {
        const member *m = &r->member[row];
        char lacks[64];
        lack_list(m->lacks, lacks);
        cluster->integer[row] = (int64_t) m->cluster + 1;
        rank->integer[row] = m->rank;
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
        *candidate, *runner_up, *runner_up_index, *authority, *authority_index, *reason;
    evidence_columns evidence;
} head_columns;

static fn_status add_head_columns(fn_run *run, fn_table *table, const fn_names *keys, head_columns *h)
{
    fn_status status;
    if ((status = fn_table_add(run, table, "cluster", FN_COLUMN_INT, &h->cluster)) ||
        (status = fn_table_add(run, table, "firms", FN_COLUMN_INT, &h->firms)) ||
        (status = fn_table_add_borrowed(run, table, "central_company", keys, &h->central_company)) ||
        (status = fn_table_add(run, table, "central_name", FN_COLUMN_TEXT, &h->central_name)) ||
        (status = fn_table_add(run, table, "index", FN_COLUMN_REAL, &h->index)) ||
        (status = fn_table_add(run, table, "gap", FN_COLUMN_REAL, &h->gap)) ||
        (status = add_evidence_columns(run, table, &h->evidence)) ||
        (status = fn_table_add(run, table, "gap_in_strength", FN_COLUMN_REAL, &h->gap_in_strength)) ||
        (status = fn_table_add(run, table, "centralisation", FN_COLUMN_REAL, &h->centralisation)) ||
        (status = fn_table_add_borrowed(run, table, "first_candidate", keys, &h->candidate)) ||
        (status = fn_table_add_borrowed(run, table, "runner_up", keys, &h->runner_up)) ||
        (status = fn_table_add(run, table, "runner_up_index", FN_COLUMN_REAL, &h->runner_up_index)) ||
        (status = fn_table_add_borrowed(run, table, "authority", keys, &h->authority)) ||
        (status = fn_table_add(run, table, "authority_index", FN_COLUMN_REAL, &h->authority_index)))
        return status;
    return fn_table_add(run, table, "reason", FN_COLUMN_TEXT, &h->reason);
}

/* The authority that would head the cluster: the first of them, where its index beats every company's. */
static void write_authority(const judged *j, const head_columns *h, size_t row)
{
    if (!j->authorities) return;
    const member *first = &j->member[j->companies];
    double best = j->companies && !isnan(j->member[0].index) ? j->member[0].index : 0;
    if (!(first->index > best)) return;
    h->authority->text[row] = first->firm;
    h->authority_index->real[row] = first->index;
}

static fn_status write_heads(fn_run *run, const fn_view *view, const ranking *r, uint32_t clusters,
                             const fn_central_options *options, fn_table *table, bool *is_central)
{
    head_columns h;
    fn_status status = add_head_columns(run, table, fn_net_keys(view->net), &h);
    if (status) return status;
    for (uint32_t c = 0; c < clusters; c++) {
        judged j;
        char reason[256];
        judge(r, c, options, &j);
        explain(&j, options, reason, sizeof reason);
        h.cluster->integer[c] = (int64_t) c + 1;
        h.firms->integer[c] = j.members;
        h.gap->real[c] = j.gap;
        h.gap_in_strength->real[c] = j.gap_in_strength;
        h.centralisation->real[c] = r->centralisation[c];
        write_authority(&j, &h, c);
        if ((status = set_words(run, h.reason, c, reason))) return status;
        if (!j.companies) continue;

        uint32_t first = j.member[0].firm;
        h.index->real[c] = j.member[0].index;
        set_evidence(&h.evidence, c, &r->evidence[first], &j.member[0]);
        if (!isnan(j.member[0].index)) h.candidate->text[c] = first;
        if (j.companies > 1 && j.member[1].index > 0) {
            h.runner_up->text[c] = j.member[1].firm;
            h.runner_up_index->real[c] = j.member[1].index;
        }
        if (!j.has_head) continue;
        h.central_company->text[c] = first;
        if (is_central) is_central[first] = true;
        if ((status = set_name(run, h.central_name, c, view->net, first))) return status;
    }
    return FN_OK;
}

fn_status fn_central_company(fn_run *run, const fn_view *view, const uint32_t *cluster, uint32_t clusters,
                             const fn_central_options *options, fn_table **heads, fn_table **members,
                             bool *is_central, double *central_index)
{
    ranking r = { 0 };
    *heads = *members = NULL;
    fn_status status = rank_members(run, view, cluster, clusters, &r);
    if (status) goto done;
    for (uint32_t f = 0; is_central && f < view->firms; f++) is_central[f] = false;
    for (uint32_t k = 0; central_index && k < view->firms; k++)
        central_index[r.member[k].firm] = r.member[k].standing == COMPANY ? r.member[k].index : NAN;
    if ((status = fn_table_new(run, clusters, heads)) || (status = fn_table_new(run, view->firms, members)) ||
        (status = write_heads(run, view, &r, clusters, options, *heads, is_central)))
        goto done;
    status = write_members(run, view, &r, *members);
done:
    ranking_free(&r);
    if (!status) return FN_OK;
    fn_table_free(*heads);
    fn_table_free(*members);
    *heads = *members = NULL;
    return status;
}
