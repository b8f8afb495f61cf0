/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "graph/memory.h"
#include "src/command.h"

static const fn_param params[] = {
    { "json", 0, FN_PARAM_FLAG, NULL, NULL, 0, 0, NULL, "as one JSON object" },
    { "check", 0, FN_PARAM_FLAG, NULL, NULL, 0, 0, NULL, "only check the inputs, in every byte: check: ok, or the first damage" },
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
    *s = (summary) { .first = FN_DAY_NONE, .last = FN_DAY_NONE };
    s->currency = fn_alloc(run, fn_names_count(fn_net_currencies(view->net)), sizeof *s->currency);
    if (!s->currency) return FN_ENOMEM;
    for (size_t i = 0; i < view->ties; i++) {
        const fn_tie *t = FN_TIE(view->net, fn_view_tie(view, i));
        s->self_ties += t->from == t->to;
        s->undated += t->first == FN_DAY_NONE;
        s->unpriced += isnan(t->value);
        s->layer[t->layer]++;
        if (!isnan(t->value)) s->currency[t->currency]++;
        if (t->first != FN_DAY_NONE && (s->first == FN_DAY_NONE || t->first < s->first)) s->first = t->first;
        if (t->last != FN_DAY_NONE && (s->last == FN_DAY_NONE || t->last > s->last)) s->last = t->last;
    }
    return FN_OK;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *) a, y = *(const double *) b;
    return x < y ? -1 : x > y;
}

/* NAME_min, _median, _mean, _max of count numbers (sorted here). */
static fn_status spread(facts *f, const char *name, double *number, size_t count)
{
    char label[64];
    fn_sum sum = { 0 };
    if (count) qsort(number, count, sizeof *number, ascending);
    for (size_t i = 0; i < count; i++) fn_sum_add(&sum, number[i]);
    const double value[] = {
        count ? number[0] : NAN, count ? (number[(count - 1) / 2] + number[count / 2]) / 2 : NAN,
        count ? fn_sum_value(&sum) / (double) count : NAN, count ? number[count - 1] : NAN
    };
    static const char *const ends[] = { "min", "median", "mean", "max" };
    fn_status status = FN_OK;
    for (int i = 0; !status && i < 4; i++) {
        strcpy(label, name);
        strcat(label, "_");
        strcat(label, ends[i]);
        status = real(f, label, value[i]);
    }
    return status;
}

static fn_status degrees(facts *f, const fn_view *view)
{
    fn_csr *both = NULL;
    uint32_t *part = fn_alloc(f->run, view->firms, sizeof *part), parts = 0;
    uint32_t *size = fn_alloc(f->run, view->firms, sizeof *size);
    double *degree = fn_alloc(f->run, view->firms, sizeof *degree);
    fn_status status = part && size && degree ? fn_view_csr(f->run, view, -1, FN_CSR_BOTH, true, &both) : FN_ENOMEM;
    if (!status) status = fn_csr_parts(f->run, both, part, &parts);
    int64_t isolated = 0;
    uint32_t largest = 0;
    for (uint32_t u = 0; !status && u < view->firms; u++) {
        degree[u] = (double) (both->offset[u + 1] - both->offset[u]);
        isolated += degree[u] == 0;
        if (++size[part[u]] > largest) largest = size[part[u]];
    }
    if (!status) status = whole(f, "components", parts);
    if (!status) status = whole(f, "largest_component", largest);
    if (!status) status = whole(f, "isolated_firms", isolated);
    if (!status) status = spread(f, "partners", degree, view->firms);
    fn_csr_free(both);
    fn_free(part);
    fn_free(size);
    fn_free(degree);
    return status;
}

/* Value of the ties, each currency for itself. */
static fn_status values(facts *f, const fn_view *view, const summary *s)
{
    double *value = fn_alloc(f->run, view->ties, sizeof *value);
    fn_status status = value ? FN_OK : FN_ENOMEM;
    const fn_names *currencies = fn_net_currencies(view->net);
    for (uint32_t c = 0; !status && c < fn_names_count(currencies); c++) {
        if (!s->currency[c]) continue;
        size_t n = 0, length;
        fn_sum sum = { 0 };
        for (size_t i = 0; i < view->ties; i++) {
            const fn_tie *t = FN_TIE(view->net, fn_view_tie(view, i));
            if (t->currency != c || isnan(t->value)) continue;
            value[n++] = t->value;
            fn_sum_add(&sum, t->value);
        }
        char name[48] = "value";
        const char *text = fn_names_text(currencies, c, &length);
        if (length && length < 16) {
            strcat(name, "_");
            strncat(name, text, length);
        }
        char total[64];
        strcpy(total, name);
        strcat(total, "_sum");
        status = real(f, total, fn_sum_value(&sum));
        if (!status) status = spread(f, name, value, n);
    }
    fn_free(value);
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
