/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "io/matrix_market.h"
#include "io/pen.h"

enum { TIES_A_STEP = 65536 };
typedef enum basis { GIVEN, OWN, VALUE, COUNT } basis;

typedef struct writer {
    fn_pen pen;
    const fn_export *what;
    const fn_net *net;
    size_t ties, entries, valueless;
    uint16_t layer;
    basis basis;
    bool lower;             /* undirected: symmetric, the higher firm is the row */
    bool pattern, counted;  /* every tie is one record without money; the numbers are counts */
    int32_t currency;       /* of all numbers, -1: none */
    bool loses;             /* something of the ties has no place */
} writer;

static fn_tie tie_at(const writer *w, size_t place)
{
    return fn_net_tie_at(w->net, w->what->tie ? w->what->tie[place] : place);
}

/* As the view weighs: what is missing, negative or infinite binds nothing. */
static double number_of(const writer *w, size_t place)
{
    const fn_tie tie = tie_at(w, place);
    double number = w->basis == GIVEN ? w->what->weight[place] : w->basis == OWN ? tie.weight
                  : w->basis == VALUE ? tie.value : (double) tie.count;
    return isfinite(number) && number > 0 ? number : 0;
}

/* ---- what the numbers mean ---- */

static fn_status refuse_layers(fn_run *run, const writer *w, uint16_t other)
{
    const fn_names *layers = fn_net_layers(w->net);
    fn_fail(run, FN_EINVAL,
            "the ties are of several layers (%s, %s, …), and a matrix has one number for a pair of firms",
            fn_names_text(layers, w->layer, NULL), fn_names_text(layers, other, NULL));
    fn_hint(run, "choose one: --layer %s", fn_names_text(layers, w->layer, NULL));
    return FN_EINVAL;
}

/* The one layer, and what weighs in it where the export gives no weights. */
static fn_status choose_basis(fn_run *run, writer *w)
{
    bool own = false, several = false;
    int32_t currency = -1;
    for (size_t i = 0; i < w->ties; i++) {
        const fn_tie tie = tie_at(w, i);
        if (i == 0) w->layer = tie.layer;
        if (tie.layer != w->layer) return refuse_layers(run, w, tie.layer);
        own |= !isnan(tie.weight);
        if (isnan(tie.value)) {
            w->valueless++;
            continue;
        }
        several |= currency >= 0 && currency != tie.currency;
        currency = tie.currency;
    }
    w->basis = w->what->weight ? GIVEN : own ? OWN : currency >= 0 && !several ? VALUE : COUNT;
    if (w->basis == COUNT && several)
        fn_warn(run, "money of several currencies is never added: the matrix has the count of each tie");
    if (w->basis == VALUE && w->valueless)
        fn_warn(run, "%zu of %zu ties have no value: 0 in the matrix", w->valueless, w->ties);
    w->lower = w->ties && !fn_net_layer_directed(w->layer);
    return FN_OK;
}

/* Are the numbers counts, the money of one currency, or neither? And how many pairs are there? */
static void look_at_numbers(writer *w)
{
    bool money = true;
    fn_tie last = { .from = FN_NONE };
    w->pattern = w->counted = true;
    w->currency = -1;
    for (size_t i = 0; i < w->ties; i++) {
        const fn_tie tie = tie_at(w, i);
        double number = number_of(w, i);
        w->entries += tie.from != last.from || tie.to != last.to;
        w->counted &= number == (double) tie.count;
        w->pattern &= tie.count == 1 && isnan(tie.value) && isnan(tie.weight);
        w->loses |= tie.first != FN_DAY_NONE || tie.product != FN_NONE || (!isnan(tie.value) && tie.count != 1);
        if (number > 0) {
            money &= number == tie.value && (w->currency < 0 || w->currency == tie.currency);
            w->currency = tie.currency;
        }
        last = tie;
    }
    w->pattern &= w->counted;
    if (!money || w->counted) w->currency = -1;
}

/* ---- comment lines ---- */

/* The next character of text, as it stands in a comment; its length in the text. */
static size_t escape(const char *text, size_t at, size_t length, char out[8])
{
    unsigned char c = (unsigned char) text[at];
    size_t step = fn_utf8_length(text + at, length - at);
    bool at_end = at == 0 || at + 1 == length;
    if (step == 0 || c < ' ' || c == 0x7f || c == '\\' || (c == ' ' && at_end)) {
        snprintf(out, 8, "\\x%02x", c);
        return 1;
    }
    memcpy(out, text + at, step);
    out[step] = '\0';
    return step;
}

static void put_comment(fn_pen *pen, const char *front, const char *text, size_t length)
{
    size_t used = strlen(front);
    char piece[8];
    fn_pen_text(pen, front);
    for (size_t i = 0; i < length && !pen->status;) {
        i += escape(text, i, length, piece);
        size_t wanted = strlen(piece);
        if (used + wanted > FN_MATRIX_LINE) {
            fn_pen_text(pen, "\n%more ");
            used = 6;
        }
        fn_pen_text(pen, piece);
        used += wanted;
    }
    fn_pen_text(pen, "\n");
}

/* Are the firms called 1, 2, … anyway? */
static bool numbers_are_ids(const fn_net *net)
{
    char number[16];
    for (uint32_t f = 0; f < fn_net_firms(net); f++) {
        size_t length;
        const char *id = fn_names_text(fn_net_keys(net), f, &length);
        int digits = snprintf(number, sizeof number, "%" PRIu32, f + 1);
        if ((size_t) digits != length || memcmp(id, number, length) != 0) return false;
    }
    return true;
}

static void put_head(writer *w)
{
    fn_pen *pen = &w->pen;
    uint32_t firms = fn_net_firms(w->net);
    size_t length;
    char front[32];
    fn_pen_format(pen, "%%%%MatrixMarket matrix coordinate %s %s\n%%firmnet %d\n",
                  w->pattern ? "pattern" : w->counted ? "integer" : "real", w->lower ? "symmetric" : "general",
                  FN_MATRIX_COMMENTS);
    if (w->what->provenance) put_comment(pen, "% ", w->what->provenance, strlen(w->what->provenance));
    if (w->ties) {
        const char *name = fn_names_text(fn_net_layers(w->net), w->layer, &length);
        put_comment(pen, "%layer ", name, length);
    }
    if (w->currency > 0) {
        const char *name = fn_names_text(fn_net_currencies(w->net), (uint32_t) w->currency, &length);
        put_comment(pen, "%currency ", name, length);
    }
    if (w->counted && !w->pattern) fn_pen_text(pen, "%weight count\n");
    for (uint32_t f = 0, named = !numbers_are_ids(w->net); named && f < firms && !pen->status; f++) {
        const char *id = fn_names_text(fn_net_keys(w->net), f, &length);
        snprintf(front, sizeof front, "%%firm %" PRIu32 " ", f + 1);
        put_comment(pen, front, id, length);
    }
    fn_pen_format(pen, "%" PRIu32 " %" PRIu32 " %zu\n", firms, firms, w->entries);
}

/* ---- entries ---- */

/* The ties of one pair stand together; their numbers add up. */
static size_t put_pair(writer *w, size_t start)
{
    const fn_tie first = tie_at(w, start);
    double sum = 0;
    size_t end = start;
    for (; end < w->ties; end++) {
        const fn_tie tie = tie_at(w, end);
        if (tie.from != first.from || tie.to != first.to) break;
        sum += number_of(w, end);
    }
    if (isinf(sum) && !w->pen.status)
        w->pen.status = fn_fail(w->pen.run, FN_EPARSE, "the ties of one pair add up to more than a number can hold");
    fn_pen_int(&w->pen, (int64_t) (w->lower ? first.to : first.from) + 1);
    fn_pen_text(&w->pen, " ");
    fn_pen_int(&w->pen, (int64_t) (w->lower ? first.from : first.to) + 1);
    if (!w->pattern) {
        fn_pen_text(&w->pen, " ");
        if (w->counted) fn_pen_int(&w->pen, (int64_t) sum);
        else fn_pen_real(&w->pen, sum);
    }
    fn_pen_text(&w->pen, "\n");
    return end;
}

static void note_loss(fn_run *run, const writer *w)
{
    const fn_export *what = w->what;
    bool columns = fn_net_tie_columns(w->net)->columns || fn_net_firm_columns(w->net)->columns ||
                   fn_net_tenders(w->net) || (what->ties && what->ties->columns) ||
                   (what->firms && what->firms->columns);
    if (columns || w->loses)
        fn_note(
            run,
            "a matrix has one number a tie: dates, products, further columns, names of firms and tenders have no place "
            "in it (-o NAME.fnet keeps them)");
}

fn_status fn_matrix_write(fn_run *run, fn_output *output, fn_export *export_)
{
    writer w = { .pen = { .run = run, .output = output }, .what = export_, .net = export_->net };
    w.ties = export_->tie ? export_->tie_count : fn_net_ties(export_->net);
    fn_status status = choose_basis(run, &w);
    if (status) return status;
    look_at_numbers(&w);
    put_head(&w);
    for (size_t at = 0, told = 0; !status && at < w.ties;) {
        at = put_pair(&w, at);
        if (!(status = w.pen.status) && at - told >= TIES_A_STEP) {
            told = at;
            status = fn_progress(run, "writing", (double) at / (double) w.ties);
        }
    }
    if (!status) status = w.pen.status;
    if (!status) note_loss(run, &w);
    return status;
}
