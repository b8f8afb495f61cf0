/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "graph/memory.h"
#include "io/export_plan.h"

/* Gephi's pair of tables, also for spreadsheets: NAME.nodes.csv and NAME.edges.csv (RFC 4180).
 * Gephi guesses types from the first 25 rows, so real numbers always have a decimal point, and a column of codes that
 * look like numbers there gets its name in front (industry_0111), else leading zeros would be lost; said in a note.
 * Text that a spreadsheet would run as a formula gets a ' in front. */

extern const fn_format fn_format_gephi_csv;

enum { GUESSED_ROWS = 25 };

typedef struct sheet {
    fn_export_plan *plan;
    bool *coded;             /* firm columns, then tie columns: name goes in front */
} sheet;

static bool needs_quotes(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (strchr(",;\"\r\n\t", text[i]) && text[i]) return true;
    return length > 0 && (text[0] == ' ' || text[length - 1] == ' ');
}

/* front, then the text; what XML forbids and bytes that are not UTF-8 become U+FFFD here as well. */
static void put_quoted(fn_pen *pen, const char *front, const char *text, size_t length)
{
    bool quoted = needs_quotes(text, length);
    if (quoted) fn_pen_text(pen, "\"");
    fn_pen_text(pen, front);
    for (size_t i = 0, step; i < length; i += step) {
        step = fn_xml_length(text + i, length - i);
        if (step == 0) {
            fn_pen_text(pen, "\xef\xbf\xbd");
            pen->replaced++;
            step = fn_utf8_length(text + i, length - i);
            if (step == 0) step = 1;
            continue;
        }
        if (text[i] == '"') fn_pen_text(pen, "\"");
        fn_pen_bytes(pen, text + i, step);
    }
    if (quoted) fn_pen_text(pen, "\"");
}

static bool runs_as_formula(const char *text, size_t length)
{
    size_t i = 0;
    while (i < length && text[i] == ' ') i++;
    return i < length && text[i] && strchr("=+-@\t\r", text[i]) != NULL;
}

static void put_words(fn_pen *pen, const char *text, size_t length)
{
    put_quoted(pen, runs_as_formula(text, length) ? "'" : "", text, length);
}

/* With a decimal point or exponent, so that a reader which guesses types takes it for a real number. */
static void put_real(fn_pen *pen, double value)
{
    char text[FN_REAL_TEXT];
    size_t length = fn_real_format(value, text);
    fn_pen_bytes(pen, text, length);
    if (length > 0 && !memchr(text, '.', length) && !memchr(text, 'e', length)) fn_pen_text(pen, ".0");
}

static void put_cell(fn_pen *pen, const fn_export_column *own, bool coded, size_t row)
{
    char buffer[FN_REAL_TEXT];
    size_t length;
    fn_pen_text(pen, ",");
    if (row >= own->column->rows || fn_column_missing(own->column, row)) return;
    const char *text = fn_column_cell(own->column, row, buffer, &length);
    if (length == 0) return;
    if (own->column->type == FN_COLUMN_REAL) {
        double value = own->column->real[row];
        if (value - value == 0) put_real(pen, value);
    } else if (own->column->type != FN_COLUMN_TEXT) {
        fn_pen_bytes(pen, text, length);
    } else if (coded) {
        char front[256];
        snprintf(front, sizeof front, "%s_", own->name);
        put_quoted(pen, front, text, length);
    } else {
        put_words(pen, text, length);
    }
}

/* Would the first rows make a reader take this column of text for numbers? */
static bool looks_like_numbers(const fn_export_column *own)
{
    size_t seen = 0, length;
    double number;
    if (own->column->type != FN_COLUMN_TEXT) return false;
    for (size_t row = 0; row < own->column->rows && row < GUESSED_ROWS; row++) {
        if (fn_column_missing(own->column, row)) continue;
        const char *text = fn_column_text(own->column, row, &length);
        if (length == 0) continue;
        if (!fn_real_parse(text, length, &number)) return false;
        seen++;
    }
    return seen > 0;
}

static void mark_coded(fn_run *run, const fn_export_column *column, size_t columns, bool *coded)
{
    for (size_t i = 0; i < columns; i++) {
        coded[i] = looks_like_numbers(&column[i]);
        if (coded[i])
            fn_note(run, "column %s holds codes that read like numbers; written as %s_… so that they stay text",
                    column[i].name, column[i].name);
    }
}

static void put_intervals(fn_pen *pen, const fn_spell *spell, size_t count)
{
    if (count == 0) return;
    fn_pen_text(pen, "\"<");
    for (size_t i = 0; i < count; i++) {
        fn_pen_text(pen, i == 0 ? "[" : "; [");
        fn_pen_date(pen, spell[i].start);
        fn_pen_text(pen, ", ");
        if (spell[i].end == FN_DAY_NONE) fn_pen_text(pen, "Infinity");
        else fn_pen_date(pen, spell[i].end);
        fn_pen_text(pen, "]");
    }
    fn_pen_text(pen, ">\"");
}

static void put_nodes_head(fn_pen *pen, const fn_export_plan *plan)
{
    fn_pen_text(pen, "Id,Label");
    if (plan->x) fn_pen_text(pen, ",x,y");
    if (plan->size) fn_pen_text(pen, ",size");
    for (size_t i = 0; i < plan->firm_columns; i++) fn_pen_format(pen, ",%s", plan->firm_column[i].name);
    fn_pen_text(pen, plan->dated ? ",timeset\n" : "\n");
}

static void put_node(fn_pen *pen, const sheet *s, uint32_t firm)
{
    const fn_export_plan *plan = s->plan;
    const fn_column *drawn[3] = { plan->x, plan->y, plan->size };
    size_t length;
    const char *text = fn_plan_id(plan, firm, &length);
    put_quoted(pen, "", text, length);
    fn_pen_text(pen, ",");
    text = fn_plan_label(plan, firm, &length);
    put_words(pen, text, length);
    for (int i = 0; i < 3; i++) {
        if (!drawn[i]) continue;
        fn_pen_text(pen, ",");
        if (!fn_column_missing(drawn[i], firm)) put_real(pen, fn_round_digits(drawn[i]->real[firm], i < 2 ? 9 : 4));
    }
    for (size_t i = 0; i < plan->firm_columns; i++) put_cell(pen, &plan->firm_column[i], s->coded[i], firm);
    if (plan->dated) {
        const size_t *from = &plan->spell_from[firm];
        fn_pen_text(pen, ",");
        put_intervals(pen, plan->spell + from[0], from[1] - from[0]);
    }
    fn_pen_text(pen, "\n");
}

static void put_nodes(fn_pen *pen, const void *user, size_t first, size_t end)
{
    for (size_t firm = first; firm < end && !pen->status; firm++) put_node(pen, user, (uint32_t) firm);
}

static void put_kind(fn_pen *pen, const fn_plan_row *row)
{
    char text[512];
    int length = *row->currency ? snprintf(text, sizeof text, "%s (%s)", row->layer, row->currency)
                 : snprintf(text, sizeof text, "%s", row->layer);
    put_words(pen, text, (size_t) length < sizeof text ? (size_t) length : sizeof text - 1);
}

static void put_edges_head(fn_pen *pen, const fn_export_plan *plan)
{
    fn_pen_text(pen, "Source,Target,Type,Kind,Id,Label,Weight,value,currency,count,first,last");
    if (plan->products) fn_pen_text(pen, ",product");
    if (plan->undirected) fn_pen_text(pen, ",symmetric");
    for (size_t i = 0; i < plan->tie_columns; i++) fn_pen_format(pen, ",%s", plan->tie_column[i].name);
    fn_pen_text(pen, plan->dated ? ",timeset\n" : "\n");
}

static void put_edge(fn_pen *pen, const sheet *s, const fn_plan_row *row)
{
    const fn_export_plan *plan = s->plan;
    const fn_tie *tie = &row->tie;
    size_t length;
    fn_spell spell;
    const char *text = fn_plan_id(plan, tie->from, &length);
    put_quoted(pen, "", text, length);
    fn_pen_text(pen, ",");
    text = fn_plan_id(plan, tie->to, &length);
    put_quoted(pen, "", text, length);
    fn_pen_text(pen, ",Directed,");
    put_kind(pen, row);
    fn_pen_text(pen, ",");
    fn_pen_int(pen, (int64_t) row->row + 1);
    fn_pen_text(pen, ",,");
    put_real(pen, fn_round_digits(row->weight, FN_WEIGHT_DIGITS));
    fn_pen_text(pen, ",");
    if (tie->value - tie->value == 0) put_real(pen, tie->value);
    fn_pen_text(pen, ",");
    put_words(pen, plan->currency[tie->currency], strlen(plan->currency[tie->currency]));
    fn_pen_text(pen, ",");
    fn_pen_int(pen, tie->count);
    fn_pen_text(pen, ",");
    fn_pen_date(pen, tie->first);
    fn_pen_text(pen, ",");
    fn_pen_date(pen, tie->last);
    if (plan->products) {
        fn_pen_text(pen, ",");
        text = fn_names_text(fn_net_products(plan->what->net), tie->product, &length);
        put_words(pen, text, length);
    }
    if (plan->undirected) fn_pen_text(pen, fn_plan_symmetric(tie) ? ",true" : ",false");
    for (size_t i = 0; i < plan->tie_columns; i++)
        put_cell(pen, &plan->tie_column[i], s->coded[plan->firm_columns + i],
                 fn_plan_tie_row(&plan->tie_column[i], row));
    if (plan->dated) {
        fn_pen_text(pen, ",");
        if (fn_plan_tie_spell(tie, &spell)) put_intervals(pen, &spell, 1);
    }
    fn_pen_text(pen, "\n");
}

static void put_edges(fn_pen *pen, const void *user, size_t first, size_t end)
{
    const sheet *s = user;
    for (size_t row = first; row < end && !pen->status; row++) {
        fn_plan_row tie = fn_plan_look(s->plan, row);
        put_edge(pen, s, &tie);
    }
}

/* "dir/net.csv.gz" -> "dir/net.nodes.csv.gz" */
static char *part_path(fn_run *run, const char *path, const char *part)
{
    static const char *const ends[] = { ".csv.gz", ".csv", NULL };
    size_t length = strlen(path), keep = length;
    const char *end = ".csv";
    for (const char *const *e = ends; *e; e++) {
        if (length < strlen(*e) || strcmp(path + length - strlen(*e), *e) != 0) continue;
        keep = length - strlen(*e);
        end = *e;
        break;
    }
    size_t size = keep + strlen(part) + strlen(end) + 1;
    char *made = fn_alloc(run, size, 1);
    if (made) snprintf(made, size, "%.*s%s%s", (int) keep, path, part, end);
    return made;
}

static fn_status write_sheets(fn_pen *pen, const sheet *s, fn_output *nodes, fn_output *edges)
{
    uint32_t firms = fn_net_firms(s->plan->what->net);
    pen->output = nodes;
    put_nodes_head(pen, s->plan);
    fn_pen_rows(pen, &(fn_rows) { firms, put_nodes, s, "writing", 0, 0 });
    pen->output = edges;
    put_edges_head(pen, s->plan);
    fn_pen_rows(pen, &(fn_rows) { s->plan->ties, put_edges, s, "writing", 0, 1 });
    return pen->status;
}

static fn_status write_pair(fn_run *run, const char *path, fn_export *what)
{
    fn_pen pen = { .run = run };
    sheet s = { 0 };
    fn_status status = FN_ENOMEM;
    fn_output *nodes = NULL, *edges = NULL;
    char *nodes_path = part_path(run, path, ".nodes"), *edges_path = part_path(run, path, ".edges");
    what->replaced = 0;
    if (!nodes_path || !edges_path) goto done;
    if ((status = fn_plan_new(run, what, true, &s.plan))) goto done;
    s.coded = fn_alloc(run, s.plan->firm_columns + s.plan->tie_columns, sizeof *s.coded);
    status = s.coded ? fn_output_open(run, nodes_path, &nodes) : FN_ENOMEM;
    if (status || (status = fn_output_open(run, edges_path, &edges))) goto done;
    mark_coded(run, s.plan->firm_column, s.plan->firm_columns, s.coded);
    mark_coded(run, s.plan->tie_column, s.plan->tie_columns, s.coded + s.plan->firm_columns);
    if ((status = write_sheets(&pen, &s, nodes, edges))) goto done;
    if ((status = fn_output_seal(run, nodes))) goto done;
    if ((status = fn_output_seal(run, edges))) goto done;
    status = fn_output_commit(run, nodes);
    nodes = NULL;
    if (status) goto done;
    status = fn_output_commit(run, edges);
    edges = NULL;
    what->replaced += pen.replaced;
    if (!status) fn_plan_warn(run, s.plan, &pen);
done:
    fn_output_abort(nodes);
    fn_output_abort(edges);
    fn_export_plan_free(s.plan);
    fn_free(s.coded);
    fn_free(nodes_path);
    fn_free(edges_path);
    return status;
}

const fn_format fn_format_gephi_csv = {
    .name = "gephi-csv", .suffixes = ".csv,.csv.gz",
    .text = "Gephi's pair of tables: NAME.nodes.csv and NAME.edges.csv",
    .write_path = write_pair
};
