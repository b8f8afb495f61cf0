/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "graph/memory.h"
#include "graph/partners.h"
#include "graph/spread.h"
#include "src/command.h"

static const fn_param params[] = {
    { "json", 0, FN_PARAM_FLAG, NULL, NULL, 0, 0, NULL, "as one JSON object" },
    { "check", 0, FN_PARAM_FLAG, NULL, NULL, 0, 0, NULL,
      "only check the inputs, in every byte: check: ok, or the first damage" },
    { .name = NULL }
};

/* Both forms come from one list of facts: `name: value` lines or one JSON object. */
typedef struct facts {
    fn_run *run;
    fn_output *output;
    bool json, any;
} facts;

static fn_status begin_fact(facts *f, const char *name)
{
    fn_status status = f->json ? fn_output_format(f->run, f->output, "%s\"%s\": ", f->any ? ", " : "{", name)
                               : fn_output_format(f->run, f->output, "%s: ", name);
    f->any = true;
    return status;
}

static fn_status end_fact(facts *f)
{
    return f->json ? FN_OK : fn_output_text(f->run, f->output, "\n");
}

static fn_status whole(facts *f, const char *name, int64_t value)
{
    fn_status status = begin_fact(f, name);
    if (!status) status = fn_output_format(f->run, f->output, "%" PRId64, value);
    return status ? status : end_fact(f);
}

static fn_status real(facts *f, const char *name, double value)
{
    fn_status status = begin_fact(f, name);
    if (!status && isnan(value)) status = fn_output_text(f->run, f->output, f->json ? "null" : "");
    else if (!status) status = fn_output_real(f->run, f->output, value);
    return status ? status : end_fact(f);
}

static fn_status day(facts *f, const char *name, int32_t days)
{
    char text[FN_DATE_TEXT];
    fn_date_format(days, text);
    fn_status status = begin_fact(f, name);
    if (!status && f->json && !text[0]) status = fn_output_text(f->run, f->output, "null");
    else if (!status) status = fn_output_format(f->run, f->output, f->json ? "\"%s\"" : "%s", text);
    return status ? status : end_fact(f);
}

/* name: text count, text count … / {"text": count, …} */
static fn_status counted(facts *f, const char *name, const fn_names *names, const int64_t *count)
{
    fn_status status = begin_fact(f, name);
    bool any = false;
    if (!status && f->json) status = fn_output_text(f->run, f->output, "{");
    for (uint32_t i = 0; !status && i < fn_names_count(names); i++) {
        if (!count[i]) continue;
        size_t length;
        const char *text = fn_names_text(names, i, &length);
        if (!length) text = "(not stated)", length = strlen(text);
        if (any) status = fn_output_text(f->run, f->output, ", ");
        any = true;
        if (!status) status = f->json ? fn_output_json(f->run, f->output, text, length)
                                      : fn_output_write(f->run, f->output, text, length);
        if (!status) status = fn_output_format(f->run, f->output, f->json ? ": %" PRId64 : " %" PRId64, count[i]);
    }
    if (!status && f->json) status = fn_output_text(f->run, f->output, "}");
    return status ? status : end_fact(f);
}

typedef struct summary {
    int64_t self_ties, undated, unpriced, undirected;
    int32_t first, last;
    int64_t layer[FN_LAYERS_MOST];
    int64_t *currency;
} summary;

static fn_status summarise(fn_run *run, const fn_view *view, summary *s)
{
    const fn_ties *ties = fn_net_tie_rows(view->net);
    *s = (summary) { .first = FN_DAY_NONE, .last = FN_DAY_NONE };
    s->currency = fn_alloc(run, fn_names_count(fn_net_currencies(view->net)), sizeof *s->currency);
    if (!s->currency) return FN_ENOMEM;
    for (size_t i = 0; i < view->ties; i++) {
        const fn_tie t = fn_ties_at(ties, fn_view_tie(view, i));
        s->self_ties += t.from == t.to;
        s->undated += t.first == FN_DAY_NONE;
        s->unpriced += isnan(t.value);
        s->layer[t.layer]++;
        if (!isnan(t.value)) s->currency[t.currency]++;
        if (t.first != FN_DAY_NONE && (s->first == FN_DAY_NONE || t.first < s->first)) s->first = t.first;
        if (t.last != FN_DAY_NONE && (s->last == FN_DAY_NONE || t.last > s->last)) s->last = t.last;
    }
    return FN_OK;
}

/* NAME_min, _median, _mean, _max. */
static fn_status spread(facts *f, const char *name, const fn_spread *spread)
{
    const double value[] = { spread->least, spread->median, spread->mean, spread->greatest };
    static const char *const ends[] = { "min", "median", "mean", "max" };
    fn_status status = FN_OK;
    for (int i = 0; !status && i < 4; i++) {
        char label[64];
        snprintf(label, sizeof label, "%s_%s", name, ends[i]);
        status = real(f, label, value[i]);
    }
    return status;
}

static double partners_at(const void *user, size_t firm)
{
    return ((const uint32_t *) user)[firm];
}

static fn_status degrees(facts *f, const fn_view *view)
{
    uint32_t *partners = fn_alloc_bare(f->run, view->firms, sizeof *partners), parts = 0, largest = 0;
    fn_spread found;
    fn_status status = partners ? fn_view_partners(f->run, view, partners) : FN_ENOMEM;
    if (!status) status = fn_view_parts(f->run, view, &parts, &largest);
    if (!status) status = fn_spread_find(f->run, view->firms, partners_at, partners, &found);
    int64_t isolated = 0;
    for (uint32_t u = 0; !status && u < view->firms; u++) isolated += partners[u] == 0;
    if (!status) status = whole(f, "components", parts);
    if (!status) status = whole(f, "largest_component", largest);
    if (!status) status = whole(f, "isolated_firms", isolated);
    if (!status) status = spread(f, "partners", &found);
    fn_free(partners);
    return status;
}

/* Selected ties with money of one currency. */
typedef struct money {
    const fn_view *view;
    const fn_ties *ties;
    uint32_t currency;
} money;

static double money_at(const void *user, size_t row)
{
    const money *m = user;
    const fn_tie tie = fn_ties_at(m->ties, fn_view_tie(m->view, row));
    return tie.currency == m->currency ? tie.value : NAN;
}

/* Value of the ties, each currency for itself. */
static fn_status values(facts *f, const fn_view *view, const summary *s)
{
    money m = { .view = view, .ties = fn_net_tie_rows(view->net) };
    const fn_names *currencies = fn_net_currencies(view->net);
    fn_status status = FN_OK;
    for (; !status && m.currency < fn_names_count(currencies); m.currency++) {
        if (!s->currency[m.currency]) continue;
        fn_spread found;
        size_t length;
        const char *text = fn_names_text(currencies, m.currency, &length);
        char name[32] = "value", total[40];
        if (length && length < 16) snprintf(name, sizeof name, "value_%.*s", (int) length, text);
        snprintf(total, sizeof total, "%s_sum", name);
        status = fn_spread_find(f->run, view->ties, money_at, &m, &found);
        if (!status) status = real(f, total, found.sum);
        if (!status) status = spread(f, name, &found);
    }
    return status;
}

static fn_status print_facts(facts *f, const fn_net *net, const fn_view *view)
{
    summary s;
    fn_status status = summarise(f->run, view, &s);
    if (!status) status = whole(f, "firms", fn_net_firms(net));
    if (!status) status = whole(f, "ties", (int64_t) view->ties);
    if (!status) status = whole(f, "records", fn_call_records(net));
    if (!status) status = whole(f, "tenders", (int64_t) fn_net_tenders(net));
    if (!status) status = counted(f, "layers", fn_net_layers(net), s.layer);
    if (!status) status = counted(f, "currencies", fn_net_currencies(net), s.currency);
    if (!status) status = day(f, "first", s.first);
    if (!status) status = day(f, "last", s.last);
    if (!status) status = whole(f, "self_ties", s.self_ties);
    if (!status) status = whole(f, "ties_without_date", s.undated);
    if (!status) status = whole(f, "ties_without_value", s.unpriced);
    if (!status) status = degrees(f, view);
    if (!status) status = values(f, view, &s);
    if (!status && f->json) status = fn_output_text(f->run, f->output, "}\n");
    fn_free(s.currency);
    return status;
}

/* All that was read is good: readers stop at the first damage and name its place. */
static fn_status print_check(facts *f)
{
    return fn_output_text(f->run, f->output, f->json ? "{\"check\": \"ok\"}\n" : "check: ok\n");
}

static fn_status run_info(fn_call *call)
{
    bool check = fn_values_flag(call->values, "check");
    fn_net *net = NULL;
    fn_view *view = NULL;
    fn_output *output = NULL;
    fn_status status = fn_call_read(call, &net);
    if (!status && !check) status = fn_call_view(call, net, &view);
    if (!status) status = fn_output_open(&call->run, fn_call_output(call), &output);
    facts f = { .run = &call->run, .output = output, .json = fn_values_flag(call->values, "json") };
    if (!status) status = check ? print_check(&f) : print_facts(&f, net, view);
    if (!status) status = fn_output_commit(&call->run, output);
    else fn_output_abort(output);
    fn_view_free(view);
    fn_net_free(net);
    return status;
}

const fn_command fn_command_info = {
    .name = "info",
    .group = "Getting data",
    .usage = "INPUT...",
    .text = "size, layers, currencies, period, parts, degrees and values",
    .details = "records are the rows or awards read; partners are distinct firms at the other end, direction ignored."
               "\n\n"
               "--check goes through a network file byte by byte: checksums, ranges, order, names that stand twice.",
    .example = "firmnet info ties.tsv.gz",
    .takes = FN_TAKES_SELECTION | FN_TAKES_WEIGHT | FN_TAKES_READING,
    .params = params, .inputs_least = 1, .inputs_most = SIZE_MAX, .run = run_info
};
