/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include "algorithms/tie_inside.h"

void fn_tie_defaults(fn_tie_options *options)
{
    *options = (fn_tie_options) {
        .significance = 0.05, .bridge_overlap = 0.05, .new_days = 365, .latent_days = 730, .exclusive_count = 3
    };
}

/* A sentence that grows in a fixed place; what does not fit is cut. */
typedef struct words {
    char *text;
    size_t length;
} words;

static void say(words *w, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(words *w, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int more = vsnprintf(w->text + w->length, FN_REASON_TEXT - w->length, format, arguments);
    va_end(arguments);
    if (more > 0) w->length += (size_t) more;
    if (w->length >= FN_REASON_TEXT) w->length = FN_REASON_TEXT - 1;
}

/* Three significant digits, the same in every locale. */
static void say_number(words *w, double value)
{
    char rounded[FN_REAL_TEXT], text[FN_REAL_TEXT];
    snprintf(rounded, sizeof rounded, "%.2e", value);
    fn_real_format(strtod(rounded, NULL), text);
    say(w, "%s", text);
}

static void say_records(words *w, const fn_tie_facts *f)
{
    say(w, ", %" PRId64 " record%s", f->count, f->count == 1 ? "" : "s");
    if (f->first == FN_DAY_NONE || f->last <= f->first) return;
    int days = f->last - f->first;
    if (days < 730) say(w, " over %d day%s", days, days == 1 ? "" : "s");
    else say(w, " over %d years", (int) (days / 365.25));
}

/* What is said of a side: its p, or why there is none. */
static void say_side(words *w, const fn_tie_facts *f, bool from)
{
    uint32_t others = from ? f->customers : f->suppliers;
    double p = from ? f->p_from : f->p_to;
    const char *name = from ? "p_from" : "p_to";
    if (isnan(p)) say(w, "no %s", name);
    else if (others == 1) say(w, "%s 1 by formula (the only %s of %s)", name,
                              f->undirected ? "partner" : from ? "customer" : "supplier", from ? "from" : "to");
    else {
        say(w, "%s ", name);
        say_number(w, p);
    }
}

static bool is_latent(const fn_tie_facts *f, const fn_tie_period *period, const fn_tie_options *o, words *w)
{
    if (f->last == FN_DAY_NONE || period->last == FN_DAY_NONE) return false;
    int64_t days = (int64_t) period->last - f->last;
    if (days <= o->latent_days) return false;
    char date[FN_DATE_TEXT];
    fn_date_format(f->last, date);
    say(w, "last record %s, %" PRId64 " days before the data ends (> %d)", date, days, o->latent_days);
    say_records(w, f);
    return true;
}

static bool is_new(const fn_tie_facts *f, const fn_tie_period *period, const fn_tie_options *o, words *w)
{
    if (f->first == FN_DAY_NONE || period->last == FN_DAY_NONE) return false;
    if ((int64_t) period->last - period->first <= o->new_days) return false;
    int64_t days = (int64_t) period->last - f->first;
    if (days > o->new_days) return false;
    char date[FN_DATE_TEXT];
    fn_date_format(f->first, date);
    if (days < 0) say(w, "first record %s, after the end of the data's period", date);
    else say(w, "first record %s, %" PRId64 " days before the data ends (<= %d)", date, days, o->new_days);
    say_records(w, f);
    return true;
}

static bool at_most(double share, double limit)
{
    return isnan(share) || share <= limit;
}

static bool is_bridge(const fn_tie_facts *f, const fn_tie_options *o, words *w)
{
    bool known = f->cluster_from != FN_NONE && f->cluster_to != FN_NONE;
    double limit = known ? o->bridge_overlap : 0;
    if (f->partners_from < 2 || f->partners_to < 2) return false;
    if (known && f->cluster_from == f->cluster_to) return false;
    if (!at_most(f->overlap, limit) || !at_most(f->squares, limit)) return false;
    if (known) say(w, "joins clusters %u and %u, ", f->cluster_from + 1, f->cluster_to + 1);
    say(w, "overlap ");
    say_number(w, f->overlap);
    if (isnan(f->squares)) say(w, ", no square possible");
    else {
        say(w, ", squares ");
        say_number(w, f->squares);
    }
    if (limit > 0) {
        say(w, " (<= ");
        say_number(w, limit);
        say(w, ")");
    }
    say(w, ", ends with %u and %u partners", f->partners_from, f->partners_to);
    say_records(w, f);
    return true;
}

static bool is_strong(const fn_tie_facts *f, const fn_tie_options *o, words *w)
{
    bool from = f->p_from < o->significance, to = f->p_to < o->significance;
    if (from) say_side(w, f, true);
    if (from && to) say(w, " and ");
    if (to) say_side(w, f, false);
    if (from || to) {
        say(w, " < ");
        say_number(w, o->significance);
        say_records(w, f);
        return true;
    }
    bool only_from = f->customers == 1, only_to = f->suppliers == 1;
    if (!(only_from || only_to) || f->count < o->exclusive_count) return false;
    const char *customer = f->undirected ? "partner" : "customer", *supplier = f->undirected ? "partner" : "supplier";
    if (only_from) say(w, "the only %s of from", customer);
    if (only_from && only_to) say(w, " and ");
    if (only_to) say(w, "the only %s of to", supplier);
    say_records(w, f);
    say(w, " (>= %d)", o->exclusive_count);
    return true;
}

static void say_weak(const fn_tie_facts *f, const fn_tie_options *o, words *w)
{
    if (isnan(f->p_from) && isnan(f->p_to)) say(w, "no value is stated, so its share is not known");
    else {
        say_side(w, f, true);
        say(w, " and ");
        say_side(w, f, false);
        say(w, ", neither < ");
        say_number(w, o->significance);
    }
    say_records(w, f);
}

const char *fn_tie_classify(const fn_tie_facts *facts, const fn_tie_period *period, const fn_tie_options *options,
                            char reason[FN_REASON_TEXT])
{
    words w = { .text = reason };
    reason[0] = '\0';
    if (facts->self) {
        say(&w, "self tie: both ends are one firm");
        say_records(&w, facts);
        return NULL;
    }
    if (is_latent(facts, period, options, &w)) return "latent";
    if (is_new(facts, period, options, &w)) return "new";
    if (is_bridge(facts, options, &w)) return "bridge";
    if (is_strong(facts, options, &w)) return "strong";
    say_weak(facts, options, &w);
    return "weak";
}
