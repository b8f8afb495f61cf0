/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "graph/memory.h"
#include "io/ocds_write.h"

/* Where the text goes; after the first failure nothing more is written. */
typedef struct writer {
    fn_run *run;
    fn_output *output;
    const fn_net *net;
    fn_status status;
    uint32_t *party;   /* firms of the process at hand, ascending */
    unsigned *roles;   /* what each of them is in it */
    size_t parties, party_room, role_room;
} writer;

enum { BUYER = 1, TENDERER = 2, SUPPLIER = 4 };

static void put(writer *w, const char *text)
{
    if (!w->status) w->status = fn_output_text(w->run, w->output, text);
}

static void put_json(writer *w, const char *text, size_t length)
{
    if (!w->status) w->status = fn_output_json(w->run, w->output, text, length);
}

static void put_number(writer *w, uint64_t number)
{
    if (!w->status) w->status = fn_output_format(w->run, w->output, "%" PRIu64, number);
}

static void put_day(writer *w, const char *before, int32_t day)
{
    char text[FN_DATE_TEXT];
    if (day == FN_DAY_NONE) return;
    fn_date_format(day, text);
    put(w, before);
    put(w, text);
    put(w, "T00:00:00Z\"");
}

/* ,"field":"text", nothing where the firm has none; before: what stands in front of the text. */
static bool put_column(writer *w, uint32_t firm, const char *column, const char *before)
{
    size_t length;
    const char *text = fn_net_firm_text(w->net, firm, column, &length);
    if (!length) return false;
    put(w, before);
    put_json(w, text, length);
    return true;
}

static void put_key(writer *w, uint32_t firm)
{
    size_t length;
    const char *key = fn_names_text(fn_net_keys(w->net), firm, &length);
    put_json(w, key, length);
}

/* {"id":…,"name":…}: the firm where the process refers to it. */
static void put_reference(writer *w, uint32_t firm)
{
    put(w, "{\"id\":");
    put_key(w, firm);
    put_column(w, firm, "name", ",\"name\":");
    put(w, "}");
}

/* Length of SCHEME in a key of the form SCHEME-number; 0: it is not of this form. */
static size_t scheme_of(const char *key, size_t length)
{
    size_t at = length;
    while (at > 0 && key[at - 1] != '-') at--;
    if (at < 2 || at == length || memchr(key, ':', length)) return 0;
    for (size_t k = 0; k + 1 < at; k++)
        if (!((key[k] >= 'A' && key[k] <= 'Z') || (key[k] >= '0' && key[k] <= '9') || key[k] == '-')) return 0;
    return at - 1;
}

static bool starts_with(const char *text, size_t length, const char *start)
{
    return length >= strlen(start) && memcmp(text, start, strlen(start)) == 0;
}

/* Keys that a tender reader made from a name alone are left to be made again; any other key is an identifier of a
 * register of its own. */
static void put_identifier(writer *w, uint32_t firm)
{
    size_t length;
    const char *key = fn_names_text(fn_net_keys(w->net), firm, &length);
    if (starts_with(key, length, "name:")) return;
    size_t scheme = scheme_of(key, length);
    put(w, ",\"identifier\":{\"scheme\":");
    if (scheme) put_json(w, key, scheme);
    else put(w, "\"X-KEY\"");
    put(w, ",\"id\":");
    if (scheme) put_json(w, key + scheme + 1, length - scheme - 1);
    else put_json(w, key, length);
    put_column(w, firm, "name", ",\"legalName\":");
    put(w, "}");
}

static void put_address(writer *w, uint32_t firm)
{
    size_t region, country;
    fn_net_firm_text(w->net, firm, "country", &country);
    fn_net_firm_text(w->net, firm, "region", &region);
    if (!country && !region) return;
    put(w, ",\"address\":{");
    bool some = put_column(w, firm, "region", "\"region\":");
    put_column(w, firm, "country", some ? ",\"country\":" : "\"country\":");
    put(w, "}");
}

/* Buyer type of an authority, industry of others. */
static void put_details(writer *w, uint32_t firm)
{
    if (strcmp(fn_net_firm_text(w->net, firm, "kind", NULL), "authority") == 0) {
        put(w, ",\"details\":{\"classifications\":[{\"scheme\":\"TED_CA_TYPE\",\"id\":\"BODY_PUBLIC\"}]}");
    } else if (put_column(w, firm, "industry", ",\"details\":{\"classifications\":[{\"scheme\":\"NACE\",\"id\":")) {
        put(w, "}]}");
    }
}

static void put_roles(writer *w, unsigned roles)
{
    static const char *const name[] = { "\"buyer\"", "\"tenderer\"", "\"supplier\"" };
    const char *before = ",\"roles\":[";
    for (size_t k = 0; k < sizeof name / sizeof *name; k++) {
        if (!(roles >> k & 1)) continue;
        put(w, before);
        put(w, name[k]);
        before = ",";
    }
    put(w, "]");
}

/* ---- parties ---- */

static bool add_party(writer *w, uint32_t firm, unsigned role)
{
    size_t at = 0;
    while (at < w->parties && w->party[at] < firm) at++;
    if (at < w->parties && w->party[at] == firm) {
        w->roles[at] |= role;
        return true;
    }
    uint32_t *party = fn_grow(w->run, w->party, &w->party_room, w->parties + 1, sizeof *party);
    if (!party) return false;
    w->party = party;
    unsigned *roles = fn_grow(w->run, w->roles, &w->role_room, w->parties + 1, sizeof *roles);
    if (!roles) return false;
    w->roles = roles;
    memmove(party + at + 1, party + at, (w->parties - at) * sizeof *party);
    memmove(roles + at + 1, roles + at, (w->parties - at) * sizeof *roles);
    party[at] = firm;
    roles[at] = role;
    w->parties++;
    return true;
}

static void put_parties(writer *w, const fn_tender *t)
{
    const uint32_t *firms = fn_net_tender_firms(w->net);
    w->parties = 0;
    bool added = add_party(w, t->buyer, BUYER);
    for (size_t k = 0; k < t->bidders && added; k++) added = add_party(w, firms[t->first_bidder + k], TENDERER);
    for (size_t k = 0; k < t->winners && added; k++) added = add_party(w, firms[t->first_winner + k], SUPPLIER);
    if (!added) {
        if (!w->status) w->status = FN_ENOMEM;
        return;
    }
    put(w, ",\"parties\":[");
    for (size_t k = 0; k < w->parties; k++) {
        put(w, k ? ",{\"id\":" : "{\"id\":");
        put_key(w, w->party[k]);
        put_column(w, w->party[k], "name", ",\"name\":");
        put_identifier(w, w->party[k]);
        put_address(w, w->party[k]);
        put_details(w, w->party[k]);
        put_roles(w, w->roles[k]);
        put(w, "}");
    }
    put(w, "]");
}

/* ---- bids ---- */

static bool tied(const fn_net *net, uint16_t layer, uint32_t from, uint32_t to)
{
    const fn_ties *ties = fn_net_tie_rows(net);
    size_t low = 0, high = ties->rows;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const fn_tie t = fn_ties_at(ties, middle);
        bool below = t.from != from ? t.from < from : t.to != to ? t.to < to : t.layer < layer;
        if (below) low = middle + 1;
        else high = middle;
    }
    if (low == ties->rows) return false;
    const fn_tie found = fn_ties_at(ties, low);
    return found.from == from && found.to == to && found.layer == layer;
}

static bool is_winner(const fn_tender *t, const uint32_t *firms, uint32_t firm)
{
    for (size_t k = 0; k < t->winners; k++)
        if (firms[t->first_winner + k] == firm) return true;
    return false;
}

static bool joint_bid(const fn_net *net, const fn_tender *t)
{
    const uint32_t *winner = fn_net_tender_firms(net) + t->first_winner;
    for (size_t a = 0; a < t->winners; a++)
        for (size_t b = a + 1; b < t->winners; b++)
            if (!tied(net, FN_LAYER_CONSORTIUM, winner[a], winner[b])) return false;
    return t->winners > 1;
}

static void put_references(writer *w, const uint32_t *firm, size_t count)
{
    put(w, "[");
    for (size_t k = 0; k < count; k++) {
        if (k) put(w, ",");
        put_reference(w, firm[k]);
    }
    put(w, "]");
}

static void put_bid(writer *w, const fn_tender *t, uint64_t number, const uint32_t *firm, size_t count)
{
    put(w, number > 1 ? ",{\"id\":\"" : "{\"id\":\"");
    put_number(w, number);
    put(w, "\",\"status\":\"valid\"");
    put_day(w, ",\"date\":\"", t->day);
    put(w, ",\"tenderers\":");
    put_references(w, firm, count);
    put(w, "}");
}

/* Bid 1 is the consortium's where there is one; the others follow in order of firm numbers. */
static void put_bids(writer *w, const fn_tender *t, bool joint)
{
    const uint32_t *firms = fn_net_tender_firms(w->net);
    uint64_t number = 0;
    put(w, ",\"bids\":{\"details\":[");
    if (joint) put_bid(w, t, ++number, firms + t->first_winner, t->winners);
    for (size_t k = 0; k < t->bidders; k++) {
        const uint32_t *firm = &firms[t->first_bidder + k];
        if (!joint || !is_winner(t, firms, *firm)) put_bid(w, t, ++number, firm, 1);
    }
    put(w, "]}");
}

/* ---- award ---- */

/* Eight digits are a CPV code, "SCHEME:code" is of another scheme; any other code has none. */
static void put_items(writer *w, uint32_t product)
{
    if (product == FN_NONE) return;
    size_t length;
    const char *code = fn_names_text(fn_net_products(w->net), product, &length);
    const char *colon = memchr(code, ':', length);
    size_t scheme = colon ? (size_t) (colon - code) : 0;
    bool cpv = length == 8;
    for (size_t k = 0; k < length; k++) cpv = cpv && code[k] >= '0' && code[k] <= '9';
    put(w, ",\"items\":[{\"id\":\"1\",\"classification\":{");
    if (cpv) {
        put(w, "\"scheme\":\"CPV\",");
    } else if (scheme) {
        put(w, "\"scheme\":");
        put_json(w, code, scheme);
        put(w, ",");
    }
    put(w, "\"id\":");
    put_json(w, scheme ? colon + 1 : code, scheme ? length - scheme - 1 : length);
    put(w, "}}]");
}

static void put_related_bids(writer *w, const fn_tender *t, bool joint)
{
    const uint32_t *firms = fn_net_tender_firms(w->net);
    const char *before = ",\"relatedBids\":[\"";
    for (size_t k = 0; k < (joint ? 1 : t->bidders); k++) {
        if (!joint && !is_winner(t, firms, firms[t->first_bidder + k])) continue;
        put(w, before);
        put_number(w, k + 1);
        before = "\",\"";
    }
    put(w, "\"]");
}

static void put_award(writer *w, const fn_tender *t, bool joint)
{
    put(w, t->winners ? ",\"awards\":[{\"id\":\"1\",\"status\":\"active\""
                      : ",\"awards\":[{\"id\":\"1\",\"status\":\"unsuccessful\"");
    put_day(w, ",\"date\":\"", t->day);
    if (!isnan(t->value)) {
        size_t length;
        const char *currency = fn_names_text(fn_net_currencies(w->net), t->currency, &length);
        put(w, ",\"value\":{\"amount\":");
        if (!w->status) w->status = fn_output_real(w->run, w->output, t->value);
        if (length) {
            put(w, ",\"currency\":");
            put_json(w, currency, length);
        }
        put(w, "}");
    }
    if (t->winners) {
        put(w, ",\"suppliers\":");
        put_references(w, fn_net_tender_firms(w->net) + t->first_winner, t->winners);
        if (t->bids_known) put_related_bids(w, t, joint);
    }
    put_items(w, t->product);
    put(w, "}]");
}

/* Zeros in front, so that ocids sort like tenders. */
static void put_ocid(writer *w, size_t number)
{
    if (!w->status) w->status = fn_output_format(w->run, w->output, "{\"ocid\":\"ocds-fn0net-%09zu", number);
}

static void put_process(writer *w, size_t number)
{
    const fn_tender *t = &fn_net_tender(w->net)[number];
    bool joint = joint_bid(w->net, t);
    put_ocid(w, number + 1);
    put(w, "\",\"id\":\"");
    put_number(w, number + 1);
    put(w, "\"");
    put_day(w, ",\"date\":\"", t->day);
    put(w, ",\"tag\":[\"compiled\"],\"initiationType\":\"tender\"");
    put_parties(w, t);
    put(w, ",\"buyer\":");
    put_reference(w, t->buyer);
    put(w, ",\"tender\":{\"id\":\"");
    put_number(w, number + 1);
    put(w, t->winners ? "\",\"status\":\"complete\"" : "\",\"status\":\"unsuccessful\"");
    put(w, ",\"procurementMethod\":\"");
    put(w, t->bids_known && t->bidders == 1 ? "direct\"" : "open\"");
    put_items(w, t->product);
    put(w, "}");
    if (t->bids_known) put_bids(w, t, joint);
    put_award(w, t, joint);
    put(w, "}\n");
}

/* ---- what tenders can't tell ---- */

typedef struct pair { uint32_t from, to; } pair;

static int by_pair(const void *a, const void *b)
{
    const pair *x = a, *y = b;
    if (x->from != y->from) return x->from < y->from ? -1 : 1;
    return (x->to > y->to) - (x->to < y->to);
}

static fn_status warn_untold(fn_run *run, const fn_net *net)
{
    const fn_ties *ties = fn_net_tie_rows(net);
    const fn_tender *tender = fn_net_tender(net);
    const uint32_t *firms = fn_net_tender_firms(net);
    size_t told = 0, untold = 0;
    for (size_t k = 0; k < fn_net_tenders(net); k++) told += tender[k].winners;
    pair *list = fn_alloc(run, told, sizeof *list);
    if (!list) return FN_ENOMEM;
    told = 0;
    for (size_t k = 0; k < fn_net_tenders(net); k++)
        for (size_t m = 0; m < tender[k].winners; m++)
            list[told++] = (pair) { firms[tender[k].first_winner + m], tender[k].buyer };
    qsort(list, told, sizeof *list, by_pair);
    for (size_t e = 0; e < fn_net_ties(net); e++) {
        const fn_tie t = fn_ties_at(ties, e);
        pair key = { t.from, t.to };
        if (t.layer == FN_LAYER_SUPPLY) untold += !bsearch(&key, list, told, sizeof *list, by_pair);
        else untold += t.layer != FN_LAYER_COBID && t.layer != FN_LAYER_CONSORTIUM;
    }
    if (untold) fn_warn(run, "%zu ties are not written: no tender tells of them", untold);
    fn_free(list);
    return FN_OK;
}

fn_status fn_ocds_write(fn_run *run, fn_output *output, fn_export *export_)
{
    writer w = { .run = run, .output = output, .net = export_->net };
    size_t tenders = fn_net_tenders(w.net);
    if (!tenders) {
        fn_fail(run, FN_EINVAL, "the network has no tenders to write");
        fn_hint(run, "an edge list or a graph format holds ties");
        return FN_EINVAL;
    }
    w.status = warn_untold(run, w.net);
    for (size_t k = 0; k < tenders && !w.status; k++) {
        if (k % 1024 == 0 && (w.status = fn_progress(run, "writing tenders", (double) k / (double) tenders))) break;
        put_process(&w, k);
    }
    fn_free(w.party);
    fn_free(w.roles);
    return w.status;
}
