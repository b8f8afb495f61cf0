/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "algorithms/tie_rules_inside.h"
#include "graph/memory.h"

const char fn_tie_rules_text[] = FN_TIE_RULES;

static const char *const classes[] = { "strong", "weak", "bridge", "new", "latent" };
static const char *const operations[] = { "", "<", "<=", ">", ">=", "=" };
static const char *const options[] = { "significance", "bridge-overlap", "new-days", "latent-days", "exclusive-count" };
enum { CLASSES = 5, OPERATIONS = 6, OPTIONS = 5 };

static double option_value(const fn_tie_options *o, int option)
{
    const double value[OPTIONS] = { o->significance, o->bridge_overlap, o->new_days, o->latent_days,
                                    o->exclusive_count };
    return value[option];
}

void fn_tie_rules_settle(fn_tie_rules *rules, const fn_tie_options *o)
{
    for (size_t r = 0; r < rules->count; r++)
        for (int k = 0; k < rules->rule[r].conditions; k++) {
            fn_tie_condition *c = &rules->rule[r].condition[k];
            char limit[FN_REAL_TEXT];
            if (c->option >= 0) c->number = option_value(o, c->option);
            fn_rounded_format(c->number, 3, limit);
            c->told_length = (unsigned char) snprintf(c->told, sizeof c->told, " (%s %s)", operations[c->operation],
                                                      limit);
        }
}

fn_status fn_tie_rules_copy(fn_run *run, const fn_tie_rules *rules, fn_tie_rules **copy)
{
    fn_tie_rules *made = *copy = fn_alloc(run, 1, sizeof *made);
    if (made) made->rule = fn_alloc_bare(run, rules->count, sizeof *made->rule);
    if (made && made->rule) {
        memcpy(made->rule, rules->rule, rules->count * sizeof *made->rule);
        made->count = rules->count;
        return FN_OK;
    }
    fn_tie_rules_free(made);
    *copy = NULL;
    return FN_ENOMEM;
}

void fn_tie_rules_free(fn_tie_rules *rules)
{
    if (!rules) return;
    fn_free(rules->rule);
    fn_free(rules);
}

bool fn_tie_rules_ask(const fn_tie_rules *rules, const char *fact)
{
    for (size_t r = 0; r < rules->count; r++)
        for (int c = 0; c < rules->rule[r].conditions; c++)
            if (strcmp(fn_tie_fact_names[rules->rule[r].condition[c].fact].name, fact) == 0) return true;
    return false;
}

/* ---- reading ---- */

typedef struct reader {
    fn_run *run;
    const char *file;
    int64_t line;
    const char *at, *end;     /* of the line */
} reader;

static void skip_blanks(reader *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\t' || *r->at == '\r')) r->at++;
}

/* The next word: letters, digits, _ - . +, or the signs of a comparison. Empty: a comma or the end of the line. */
static size_t next_word(reader *r, char word[64])
{
    static const char signs[] = "<>=";
    skip_blanks(r);
    size_t length = 0;
    bool sign = r->at < r->end && strchr(signs, *r->at);
    for (; r->at < r->end && length < 63 && !strchr(", \t\r", *r->at); r->at++) {
        if ((strchr(signs, *r->at) != NULL) != sign) break;
        word[length++] = *r->at;
    }
    word[length] = '\0';
    return length;
}

static int find_name(const char *const *names, int count, const char *word)
{
    for (int k = 0; k < count; k++)
        if (strcmp(names[k], word) == 0) return k;
    return -1;
}

static fn_status unknown(reader *r, const char *what, const char *word, const char *const *names, int count)
{
    char quoted[FN_QUOTE_TEXT];
    fn_fail_at(r->run, FN_EINVAL, r->file, r->line, -1, "there is no %s %s", what,
               fn_quote(word, strlen(word), quoted));
    const char *near = fn_nearest(word, names, (size_t) count);
    fn_hint(r->run, "%s", near ? near : names[0]);
    return FN_EINVAL;
}

static fn_status read_limit(reader *r, fn_tie_condition *c)
{
    char word[64];
    size_t length = next_word(r, word);
    c->option = find_name(options, OPTIONS, word);
    if (length == 0) return fn_fail_at(r->run, FN_EINVAL, r->file, r->line, -1, "a limit is missing");
    if (c->option >= 0) return FN_OK;
    if (!fn_real_parse(word, length, &c->number)) return unknown(r, "option or number", word, options, OPTIONS);
    return FN_OK;
}

static fn_status read_condition(reader *r, fn_tie_condition *c)
{
    char word[64];
    const char *names[FN_TIE_FACTS];
    for (int k = 0; k < FN_TIE_FACTS; k++) names[k] = fn_tie_fact_names[k].name;
    next_word(r, word);
    *c = (fn_tie_condition) { .option = -1, .fact = find_name(names, FN_TIE_FACTS, word) };
    if (c->fact < 0) return unknown(r, "fact", word, names, FN_TIE_FACTS);
    skip_blanks(r);
    if (r->at < r->end && strchr("<>=", *r->at)) {
        next_word(r, word);
        int operation = find_name(operations, OPERATIONS, word);
        if (operation < 0) return unknown(r, "comparison", word, operations + 1, OPERATIONS - 1);
        c->operation = (fn_tie_operation) operation;
        fn_status status = read_limit(r, c);
        if (status) return status;
    }
    if (next_word(r, word) == 0) return FN_OK;
    char missing[64] = "";
    if (strcmp(word, "or") == 0) next_word(r, missing);
    if (strcmp(missing, "missing") != 0)
        return fn_fail_at(r->run, FN_EINVAL, r->file, r->line, -1, "a comma or `or missing` is expected before \"%s\"",
                          word);
    c->or_missing = true;
    return FN_OK;
}

static fn_status read_rule(reader *r, fn_tie_rule *rule)
{
    char word[64];
    next_word(r, word);
    int class = find_name(classes, CLASSES, word);
    if (class < 0) return unknown(r, "class", word, classes, CLASSES);
    *rule = (fn_tie_rule) { .class = classes[class] };
    skip_blanks(r);
    while (r->at < r->end) {
        if (rule->conditions == FN_TIE_CONDITIONS)
            return fn_fail_at(r->run, FN_EINVAL, r->file, r->line, -1, "more than %d conditions", FN_TIE_CONDITIONS);
        fn_status status = read_condition(r, &rule->condition[rule->conditions++]);
        if (status) return status;
        skip_blanks(r);
        if (r->at == r->end) break;
        if (*r->at++ != ',') return fn_fail_at(r->run, FN_EINVAL, r->file, r->line, -1, "a comma is expected");
        skip_blanks(r);
        if (r->at == r->end)
            return fn_fail_at(r->run, FN_EINVAL, r->file, r->line, -1, "a condition is missing after the comma");
    }
    return FN_OK;
}

fn_status fn_tie_rules_new(fn_run *run, const char *file, const char *text, size_t length, fn_tie_rules **rules)
{
    fn_tie_rules *made = *rules = fn_alloc(run, 1, sizeof *made);
    const char *at = text, *stop = text + length;
    reader r = { .run = run, .file = file };
    fn_status status = made ? FN_OK : FN_ENOMEM;
    size_t room = 0;
    while (at < stop && !status) {
        const char *line_end = memchr(at, '\n', (size_t) (stop - at));
        if (!line_end) line_end = stop;
        r.line++;
        r.at = at;
        r.end = memchr(at, '#', (size_t) (line_end - at));
        if (!r.end) r.end = line_end;
        at = line_end < stop ? line_end + 1 : stop;
        skip_blanks(&r);
        if (r.at == r.end) continue;
        fn_tie_rule *grown = fn_grow(run, made->rule, &room, made->count + 1, sizeof *grown);
        if (!grown) status = FN_ENOMEM;
        else made->rule = grown, status = read_rule(&r, &grown[made->count++]);
    }
    if (!status && !made->count) status = fn_fail_at(run, FN_EINVAL, file, 0, -1, "there are no rules in it");
    if (!status) return FN_OK;
    fn_tie_rules_free(made);
    *rules = NULL;
    return status;
}
