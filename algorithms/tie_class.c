/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "algorithms/tie_rules_inside.h"

void fn_tie_defaults(fn_tie_options *options)
{
    *options = (fn_tie_options) {
        .significance = 0.05, .bridge_overlap = 0.05, .new_days = 365, .latent_days = 730, .exclusive_count = 3
    };
}

typedef fn_tie_words words;

/* Where all of it has room the length is known to the compiler, mostly. */
__attribute__((always_inline)) static inline void say_bytes(words *w, const char *bytes, size_t length)
{
    size_t room = FN_TOLD_TEXT - 1 - w->length;
    if (length <= room) {
        memcpy(w->text + w->length, bytes, length);
        w->length += length;
    } else {
        memcpy(w->text + w->length, bytes, room);
        w->length += room;
    }
    w->text[w->length] = '\0';
}

__attribute__((always_inline)) static inline void say(words *w, const char *text)
{
    say_bytes(w, text, strlen(text));
}

static void say_whole(words *w, int64_t value)
{
    char text[FN_INT_TEXT];
    if (FN_TOLD_TEXT - w->length >= sizeof text) w->length += fn_int_format(value, w->text + w->length);
    else say_bytes(w, text, fn_int_format(value, text));
}

/* So many of them: "1 record", "2 records". */
static void say_count(words *w, int64_t count, const char *thing)
{
    say_whole(w, count);
    say(w, " ");
    say(w, thing);
    if (count != 1) say(w, "s");
}

/* Three significant digits, the same in every locale. */
static void say_number(words *w, double value)
{
    char text[FN_REAL_TEXT];
    if (FN_TOLD_TEXT - w->length >= sizeof text) w->length += fn_rounded_format(value, 3, w->text + w->length);
    else say_bytes(w, text, fn_rounded_format(value, 3, text));
}

static void say_records(words *w, const fn_tie_facts *f)
{
    if (w->length) say(w, ", ");
    say_count(w, f->count, "record");
    if (f->first == FN_DAY_NONE || f->last <= f->first) return;
    int days = f->last - f->first;
    say(w, " over ");
    if (days < 730) say_count(w, days, "day");
    else {
        say_whole(w, (int) (days / 365.25));
        say(w, " years");
    }
}

/* What is said of a side: its p, or why there is none. */
static void say_side(words *w, const fn_tie_facts *f, bool from)
{
    uint32_t others = from ? f->customers : f->suppliers;
    double p = from ? f->p_from : f->p_to;
    const char *name = from ? "p_from" : "p_to";
    if (isnan(p)) say(w, "no ");
    say(w, name);
    if (isnan(p)) return;
    if (others == 1) {
        say(w, " 1 by formula (the only ");
        say(w, f->undirected ? "partner" : from ? "customer" : "supplier");
        say(w, from ? " of from)" : " of to)");
    } else {
        say(w, " ");
        say_number(w, p);
    }
}

/* ---- facts ---- */

/* At a fact's name there is how to find it and how to say it. */
static double days_since_last(const fn_tie_facts *f, const fn_tie_period *period)
{
    return f->last == FN_DAY_NONE || period->last == FN_DAY_NONE ? NAN : (double) period->last - f->last;
}

static void say_end(words *w, int64_t days)
{
    say(w, ", ");
    say_whole(w, days);
    say(w, " days before the data ends");
}

static void say_last(words *w, const fn_tie_facts *f, const fn_tie_period *period, double limit)
{
    char date[FN_DATE_TEXT];
    (void) limit;
    fn_date_format(f->last, date);
    say(w, "last record ");
    say(w, date);
    say_end(w, (int64_t) period->last - f->last);
}

static double days_since_first(const fn_tie_facts *f, const fn_tie_period *period)
{
    return f->first == FN_DAY_NONE || period->last == FN_DAY_NONE ? NAN : (double) period->last - f->first;
}

static void say_first(words *w, const fn_tie_facts *f, const fn_tie_period *period, double limit)
{
    char date[FN_DATE_TEXT];
    (void) limit;
    fn_date_format(f->first, date);
    say(w, "first record ");
    say(w, date);
    if (f->first > period->last) say(w, ", after the end of the data's period");
    else say_end(w, (int64_t) period->last - f->first);
}

static double data_days(const fn_tie_facts *f, const fn_tie_period *period)
{
    (void) f;
    return period->last == FN_DAY_NONE ? NAN : (double) period->last - period->first;
}

static bool clusters_known(const fn_tie_facts *f)
{
    return f->cluster_from != FN_NONE && f->cluster_to != FN_NONE;
}

static double joins_clusters(const fn_tie_facts *f, const fn_tie_period *period)
{
    (void) period;
    return clusters_known(f) ? f->cluster_from != f->cluster_to : NAN;
}

static void say_clusters(words *w, const fn_tie_facts *f, const fn_tie_period *period, double limit)
{
    (void) period;
    (void) limit;
    bool same = f->cluster_from == f->cluster_to;
    say(w, same ? "both ends in cluster " : "joins clusters ");
    say_whole(w, f->cluster_from + 1); /* FN_NONE + 1 is 0 */
    if (same) return;
    say(w, " and ");
    say_whole(w, f->cluster_to + 1);
}

static double clusters_unknown(const fn_tie_facts *f, const fn_tie_period *period)
{
    (void) period;
    return !clusters_known(f);
}

static double overlap(const fn_tie_facts *f, const fn_tie_period *period)
{
    (void) period;
    return f->overlap;
}

static void say_overlap(words *w, const fn_tie_facts *f, const fn_tie_period *period, double limit)
{
    (void) period;
    (void) limit;
    if (isnan(f->overlap)) say(w, "no overlap possible");
    else say(w, "overlap "), say_number(w, f->overlap);
}

static double squares(const fn_tie_facts *f, const fn_tie_period *period)
{
    (void) period;
    return f->squares;
}

static void say_squares(words *w, const fn_tie_facts *f, const fn_tie_period *period, double limit)
{
    (void) period;
    (void) limit;
    if (isnan(f->squares)) say(w, "no square possible");
    else say(w, "squares "), say_number(w, f->squares);
}

static double partners(const fn_tie_facts *f, const fn_tie_period *period)
{
    (void) period;
    return f->partners_from < f->partners_to ? f->partners_from : f->partners_to;
}

static void say_partners(words *w, const fn_tie_facts *f, const fn_tie_period *period, double limit)
{
    (void) period;
    (void) limit;
    say(w, "ends with ");
    say_whole(w, f->partners_from);
    say(w, " and ");
    say_whole(w, f->partners_to);
    say(w, " partners");
}

static double p_from(const fn_tie_facts *f, const fn_tie_period *period)
{
    (void) period;
    return f->p_from;
}

static double p_to(const fn_tie_facts *f, const fn_tie_period *period)
{
    (void) period;
    return f->p_to;
}

static double smaller_p(const fn_tie_facts *f, const fn_tie_period *period)
{
    (void) period;
    return isnan(f->p_from) ? f->p_to : isnan(f->p_to) ? f->p_from : fmin(f->p_from, f->p_to);
}

static void say_p_from(words *w, const fn_tie_facts *f, const fn_tie_period *period, double limit)
{
    (void) period;
    (void) limit;
    say_side(w, f, true);
}

static void say_p_to(words *w, const fn_tie_facts *f, const fn_tie_period *period, double limit)
{
    (void) period;
    (void) limit;
    say_side(w, f, false);
}

/* Of both sides those that are below the limit, or both. */
static void say_p(words *w, const fn_tie_facts *f, const fn_tie_period *period, double limit)
{
    bool from = f->p_from < limit, to = f->p_to < limit;
    (void) period;
    if (from || !to) say_side(w, f, true);
    if (from == to) say(w, " and ");
    if (to || !from) say_side(w, f, false);
}

static double p_records(const fn_tie_facts *f, const fn_tie_period *period)
{
    (void) period;
    return pow(10, f->log10_p_records);
}

static double q_records(const fn_tie_facts *f, const fn_tie_period *period)
{
    (void) period;
    return pow(10, f->log10_q_records);
}

static void say_p_records(words *w, const fn_tie_facts *f, const fn_tie_period *period, double limit)
{
    (void) limit;
    say(w, "more records than chance gives, p ");
    say_number(w, p_records(f, period));
}

static void say_q_records(words *w, const fn_tie_facts *f, const fn_tie_period *period, double limit)
{
    (void) limit;
    say(w, "more records than chance gives, q ");
    say_number(w, q_records(f, period));
}

static double single(const fn_tie_facts *f, const fn_tie_period *period)
{
    (void) period;
    return f->customers == 1 || f->suppliers == 1;
}

static double single_to(const fn_tie_facts *f, const fn_tie_period *period)
{
    (void) period;
    return f->suppliers == 1;
}

static void say_single(words *w, const fn_tie_facts *f, const fn_tie_period *period, double limit)
{
    const char *customer = f->undirected ? "partner" : "customer", *supplier = f->undirected ? "partner" : "supplier";
    (void) period;
    (void) limit;
    if (f->customers == 1) {
        say(w, "the only ");
        say(w, customer);
        say(w, " of from");
    }
    if (f->customers == 1 && f->suppliers == 1) say(w, " and ");
    if (f->suppliers == 1) {
        say(w, "the only ");
        say(w, supplier);
        say(w, " of to");
    }
}

static double records(const fn_tie_facts *f, const fn_tie_period *period)
{
    (void) period;
    return (double) f->count;
}

static double duration(const fn_tie_facts *f, const fn_tie_period *period)
{
    (void) period;
    return f->first == FN_DAY_NONE || f->last == FN_DAY_NONE ? NAN : (double) f->last - f->first;
}

static double layers(const fn_tie_facts *f, const fn_tie_period *period)
{
    (void) period;
    return (double) f->layers;
}

static void say_layers(words *w, const fn_tie_facts *f, const fn_tie_period *period, double limit)
{
    (void) period;
    (void) limit;
    say(w, "tied in ");
    say_count(w, f->layers, "layer");
}

static double reciprocity(const fn_tie_facts *f, const fn_tie_period *period)
{
    (void) period;
    return f->reciprocity;
}

static void say_reciprocity(words *w, const fn_tie_facts *f, const fn_tie_period *period, double limit)
{
    (void) period;
    (void) limit;
    say(w, "reciprocity ");
    say_number(w, f->reciprocity);
}

/* How many records, over which time, is told of every tie: `records` and `duration` have no words of their own. */
const fn_tie_fact fn_tie_fact_names[FN_TIE_FACTS] = {
    { "days_since_last", days_since_last, say_last, true },
    { "days_since_first", days_since_first, say_first, true },
    { "data_days", data_days, NULL, false },
    { "joins_clusters", joins_clusters, say_clusters, false },
    { "clusters_unknown", clusters_unknown, NULL, false },
    { "overlap", overlap, say_overlap, true },
    { "squares", squares, say_squares, true },
    { "partners", partners, say_partners, false },
    { "p", smaller_p, say_p, true },
    { "p_from", p_from, say_p_from, true },
    { "p_to", p_to, say_p_to, true },
    { "p_records", p_records, say_p_records, true },
    { "q_records", q_records, say_q_records, true },
    { "single", single, say_single, false },
    { "single_to", single_to, say_single, false },
    { "records", records, NULL, false },
    { "duration", duration, NULL, false },
    { "layers", layers, say_layers, true },
    { "reciprocity", reciprocity, say_reciprocity, true },
};

/* ---- the table ---- */

static bool rule_holds(const fn_tie_rule *rule, const fn_tie_facts *facts, const fn_tie_period *period)
{
    for (int c = 0; c < rule->conditions; c++) {
        const fn_tie_condition *condition = &rule->condition[c];
        if (!fn_tie_holds(condition, fn_tie_fact_names[condition->fact].number(facts, period))) return false;
    }
    return true;
}

/* What the line asked for, then the records with their limit where it asked for them. */
static void say_rule(words *w, const fn_tie_rule *rule, const fn_tie_facts *facts, const fn_tie_period *period)
{
    const fn_tie_condition *of_records = NULL;
    for (int c = 0; c < rule->conditions; c++) {
        const fn_tie_condition *condition = &rule->condition[c];
        const fn_tie_fact *fact = &fn_tie_fact_names[condition->fact];
        if (fact->number == records) of_records = condition;
        if (!fact->say) continue;
        if (w->length) say(w, ", ");
        fact->say(w, facts, period, condition->number);
        if (fact->says_limit && condition->operation && !isnan(fact->number(facts, period)))
            say_bytes(w, condition->told, condition->told_length);
    }
    bool told = w->length > 0;
    if (!told && isnan(facts->p_from) && isnan(facts->p_to)) say(w, "no value is stated, so its share is not known");
    else if (!told && !rule->conditions) {
        say_side(w, facts, true);
        say(w, " and ");
        say_side(w, facts, false);
        say(w, ", no other rule holds");
    }
    say_records(w, facts);
    if (of_records && of_records->operation) say_bytes(w, of_records->told, of_records->told_length);
}

static const fn_tie_rule *find_rule(const fn_tie_rules *rules, const fn_tie_facts *facts, const fn_tie_period *period)
{
    for (size_t r = 0; r < rules->count && !facts->self; r++)
        if (rule_holds(&rules->rule[r], facts, period)) return &rules->rule[r];
    return NULL;
}

const char *fn_tie_classify(const fn_tie_rules *rules, const fn_tie_facts *facts, const fn_tie_period *period)
{
    const fn_tie_rule *rule = find_rule(rules, facts, period);
    return rule ? rule->class : NULL;
}

size_t fn_tie_reason(const fn_tie_rules *rules, const fn_tie_facts *facts, const fn_tie_period *period,
                     char reason[FN_TOLD_TEXT])
{
    const fn_tie_rule *rule = find_rule(rules, facts, period);
    words w = { .text = reason };
    reason[0] = '\0';
    if (rule) {
        say_rule(&w, rule, facts, period);
    } else {
        say(&w, facts->self ? "self tie: both ends are one firm" : "no rule holds");
        say_records(&w, facts);
    }
    return w.length;
}
