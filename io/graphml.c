/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "io/export_plan.h"

/* GraphML for igraph, networkx, Cytoscape, yEd and Gephi. Key ids are attribute names. `label` is the firm's name,
 * `name` its key, which igraph looks vertices up by. All edges are directed, undirected layers marked symmetric,
 * because networkx and igraph read no mixture. The `label` of <edge> is what Gephi takes for the kind, so that it does
 * not add up ties of several layers. No life times: the format has none; first and last are dates as text. */

extern const fn_format fn_format_graphml;

static const char *key_type(const fn_export_column *column)
{
    switch (column->column->type) {
    case FN_COLUMN_INT: return column->wide ? "long" : "int";
    case FN_COLUMN_REAL: return "double";
    case FN_COLUMN_BOOL: return "boolean";
    default: return "string";
    }
}

/* A firm and a tie may have an attribute of the same name, but key ids are unique in the file. */
static void put_key(fn_pen *pen, const char *name, const char *of, const char *type)
{
    fn_pen_format(pen, "<key id=\"%s_%s\" for=\"%s\" attr.name=\"%s\" attr.type=\"%s\"/>\n", of, name, of, name, type);
}

/* What every tie has is called by its bare name; firms and further columns have a word in front, so none is there
 * twice. */
static void put_tie_key(fn_pen *pen, const char *name, const char *type)
{
    fn_pen_format(pen, "<key id=\"%s\" for=\"edge\" attr.name=\"%s\" attr.type=\"%s\"/>\n", name, name, type);
}

/* A key of ties; one: all have the value `text`. */
static void put_shared(fn_pen *pen, const char *name, const char *type, bool one, const char *text)
{
    if (!one || !*text) {
        put_tie_key(pen, name, type);
        return;
    }
    fn_pen_format(pen, "<key id=\"%s\" for=\"edge\" attr.name=\"%s\" attr.type=\"%s\"><default>", name, name, type);
    fn_pen_xml(pen, text, strlen(text));
    fn_pen_text(pen, "</default></key>\n");
}

/* `start` is the whole start tag, for the values that every file has. */
static inline void put_text(fn_pen *pen, const char *start, const char *text, size_t length)
{
    if (length == 0) return;
    fn_pen_text(pen, start);
    fn_pen_xml(pen, text, length);
    fn_pen_text(pen, "</data>");
}

static inline void put_real(fn_pen *pen, const char *start, double value)
{
    if (value - value != 0) return;
    fn_pen_text(pen, start);
    fn_pen_real(pen, value);
    fn_pen_text(pen, "</data>");
}

/* `start` up to the column's name. */
static void put_cell(fn_pen *pen, const char *start, const fn_export_column *own, size_t row)
{
    const fn_column *column = own->column;
    char buffer[FN_REAL_TEXT];
    size_t length = 0;
    if (row >= column->rows || fn_column_missing(column, row)) return;
    bool real = column->type == FN_COLUMN_REAL;
    const char *text = real ? "" : fn_column_cell(column, row, buffer, &length);
    if (real ? !isfinite(column->real[row]) : length == 0) return;
    if (column->type == FN_COLUMN_TEXT) fn_plan_harm(pen, own->name, text, length);
    fn_pen_text(pen, start);
    fn_pen_text(pen, own->name);
    fn_pen_text(pen, "\">");
    if (real) fn_pen_rounded(pen, column->real[row], 9);
    else fn_pen_xml(pen, text, length);
    fn_pen_text(pen, "</data>");
}

static void put_comment(fn_pen *pen, const char *text)
{
    size_t length = strlen(text);
    fn_pen_text(pen, "<!-- ");
    for (size_t i = 0, step; i < length; i += step) {
        step = fn_xml_length(text + i, length - i);
        if (step == 0) fn_pen_text(pen, "\xef\xbf\xbd");
        else fn_pen_bytes(pen, text + i, step);
        /* Two hyphens would end the comment. */
        if (text[i] == '-') fn_pen_text(pen, text[i + 1] == '-' || text[i + 1] == '\0' ? " " : "");
        if (step == 0) step = 1;
    }
    fn_pen_text(pen, " -->\n");
}

static void put_keys(fn_pen *pen, const fn_export_plan *plan)
{
    put_key(pen, "label", "node", "string");
    put_key(pen, "name", "node", "string");
    if (plan->x) put_key(pen, "x", "node", "double");
    if (plan->y) put_key(pen, "y", "node", "double");
    if (plan->size) put_key(pen, "size", "node", "double");
    if (plan->color) put_key(pen, "color", "node", "string");
    for (size_t i = 0; i < plan->firm_columns; i++)
        if (plan->firm_column[i].column != plan->color)
            put_key(pen, plan->firm_column[i].name, "node", key_type(&plan->firm_column[i]));
    put_tie_key(pen, "weight", "double");
    const char *layer = plan->layer[plan->first.layer], *currency = plan->currency[plan->first.currency];
    char count[FN_REAL_TEXT];
    count[fn_int_format(plan->first.count, count)] = '\0';
    put_shared(pen, "tie_type", "string", plan->one_layer && plan->one_currency, layer);
    put_shared(pen, "layer", "string", plan->one_layer, layer);
    put_tie_key(pen, "value", "double");
    put_shared(pen, "currency", "string", plan->one_currency, currency);
    put_shared(pen, "count", "long", plan->one_count, count);
    put_tie_key(pen, "first", "string");
    put_tie_key(pen, "last", "string");
    if (plan->products) put_tie_key(pen, "product", "string");
    if (plan->undirected) put_tie_key(pen, "symmetric", "boolean");
    for (size_t i = 0; i < plan->tie_columns; i++)
        put_key(pen, plan->tie_column[i].name, "edge", key_type(&plan->tie_column[i]));
}

static void put_firm(fn_pen *pen, const fn_export_plan *plan, uint32_t firm)
{
    size_t length;
    const char *text = fn_plan_id(plan, firm, &length);
    fn_pen_text(pen, "<node id=\"");
    fn_pen_xml(pen, text, length);
    fn_pen_text(pen, "\">");
    text = fn_plan_label(plan, firm, &length);
    put_text(pen, "<data key=\"node_label\">", text, length);
    text = fn_names_text(fn_net_keys(plan->what->net), firm, &length);
    put_text(pen, "<data key=\"node_name\">", text, length);
    if (plan->x) put_real(pen, "<data key=\"node_x\">", plan->x->real[firm]);
    if (plan->y) put_real(pen, "<data key=\"node_y\">", plan->y->real[firm]);
    if (plan->size) put_real(pen, "<data key=\"node_size\">", fn_round_digits(plan->size->real[firm], 4));
    if (plan->color && !fn_column_missing(plan->color, firm)) {
        text = fn_column_text(plan->color, firm, &length);
        put_text(pen, "<data key=\"node_color\">", text, length);
    }
    for (size_t i = 0; i < plan->firm_columns; i++)
        if (plan->firm_column[i].column != plan->color)
            put_cell(pen, "<data key=\"node_", &plan->firm_column[i], firm);
    fn_pen_text(pen, "</node>\n");
}

static inline void put_day(fn_pen *pen, const char *start, int32_t day)
{
    char text[FN_DATE_TEXT];
    put_text(pen, start, text, fn_date_format(day, text));
}

static void put_kind(fn_pen *pen, const fn_plan_row *row)
{
    fn_pen_xml(pen, row->layer, strlen(row->layer));
    if (!*row->currency) return;
    fn_pen_text(pen, " (");
    fn_pen_xml(pen, row->currency, strlen(row->currency));
    fn_pen_text(pen, ")");
}

static void put_tie(fn_pen *pen, const fn_export_plan *plan, const fn_plan_row *row)
{
    const fn_tie *tie = &row->tie;
    const char *currency = plan->currency[tie->currency];
    size_t length;
    const char *text = fn_plan_id(plan, tie->from, &length);
    bool one_kind = plan->one_layer && plan->one_currency;
    if (one_kind) { /* a pair of firms has one tie each way, so ties need no number */
        fn_pen_text(pen, "<edge source=\"");
    } else {
        fn_pen_text(pen, "<edge id=\"e");
        fn_pen_int(pen, (int64_t) row->row + 1);
        fn_pen_text(pen, "\" source=\"");
    }
    fn_pen_xml(pen, text, length);
    fn_pen_text(pen, "\" target=\"");
    text = fn_plan_id(plan, tie->to, &length);
    fn_pen_xml(pen, text, length);
    if (!one_kind) {
        fn_pen_text(pen, "\" label=\"");
        put_kind(pen, row);
    }
    fn_pen_text(pen, "\"><data key=\"weight\">");
    fn_pen_rounded(pen, row->weight, FN_WEIGHT_DIGITS);
    fn_pen_text(pen, "</data>");
    if (!one_kind) {
        fn_pen_text(pen, "<data key=\"tie_type\">");
        put_kind(pen, row);
        fn_pen_text(pen, "</data>");
    }
    if (!plan->one_layer) put_text(pen, "<data key=\"layer\">", row->layer, strlen(row->layer));
    put_real(pen, "<data key=\"value\">", tie->value);
    if (!plan->one_currency) put_text(pen, "<data key=\"currency\">", currency, strlen(currency));
    if (!plan->one_count) {
        fn_pen_text(pen, "<data key=\"count\">");
        fn_pen_int(pen, tie->count);
        fn_pen_text(pen, "</data>");
    }
    put_day(pen, "<data key=\"first\">", tie->first);
    put_day(pen, "<data key=\"last\">", tie->last);
    text = fn_names_text(fn_net_products(plan->what->net), tie->product, &length);
    put_text(pen, "<data key=\"product\">", text, length);
    if (plan->undirected)
        fn_pen_text(pen, fn_plan_symmetric(tie) ? "<data key=\"symmetric\">true</data>"
                                                : "<data key=\"symmetric\">false</data>");
    for (size_t i = 0; i < plan->tie_columns; i++)
        put_cell(pen, "<data key=\"edge_", &plan->tie_column[i], fn_plan_tie_row(&plan->tie_column[i], row));
    fn_pen_text(pen, "</edge>\n");
}

static void put_front(fn_pen *pen, const fn_export_plan *plan)
{
    fn_pen_text(pen, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n");
    if (plan->what->provenance) put_comment(pen, plan->what->provenance);
    put_keys(pen, plan);
    fn_pen_text(pen, "<graph edgedefault=\"directed\">\n");
}

static fn_status write_graphml(fn_run *run, fn_output *output, fn_export *what)
{
    static const fn_plan_markup markup = {
        .head = put_front, .firm = put_firm, .tie = put_tie, .tail = "</graph>\n</graphml>\n"
    };
    return fn_plan_write(run, output, what, &markup);
}

const fn_format fn_format_graphml = {
    .name = "graphml", .suffixes = ".graphml,.graphml.gz",
    .text = "GraphML for igraph, networkx, Cytoscape, yEd and Gephi: positions, colours, every column",
    .write = write_graphml
};
