/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "io/export_plan.h"

/* GraphML for igraph, networkx, Cytoscape, yEd and Gephi. Key ids are attribute names. `label` is the firm's name,
 * `name` its key, which igraph looks vertices up by. All edges are directed, undirected layers marked symmetric, because
 * networkx and igraph read no mixture. The `label` of <edge> is what Gephi takes for the kind, so that it does not add
 * up ties of several layers. No life times: the format has none; first and last are dates as text. */

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

static void start_data(fn_pen *pen, const char *of, const char *name)
{
    fn_pen_text(pen, "<data key=\"");
    fn_pen_text(pen, of);
    fn_pen_text(pen, "_");
    fn_pen_text(pen, name);
    fn_pen_text(pen, "\">");
}

static void put_text(fn_pen *pen, const char *of, const char *name, const char *text, size_t length)
{
    if (length == 0) return;
    start_data(pen, of, name);
    fn_pen_xml(pen, text, length);
    fn_pen_text(pen, "</data>");
}

static void put_real(fn_pen *pen, const char *of, const char *name, double value)
{
    if (value - value != 0) return;
    start_data(pen, of, name);
    fn_pen_real(pen, value);
    fn_pen_text(pen, "</data>");
}

static void put_cell(fn_pen *pen, fn_export_plan *plan, const char *of, const fn_export_column *own, size_t row)
{
    char buffer[FN_REAL_TEXT];
    size_t length;
    if (row >= own->column->rows || fn_column_missing(own->column, row)) return;
    const char *text = fn_column_cell(own->column, row, buffer, &length);
    if (own->column->type == FN_COLUMN_REAL) {
        put_real(pen, of, own->name, fn_round_digits(own->column->real[row], 9));
        return;
    }
    if (own->column->type == FN_COLUMN_TEXT) fn_plan_harm(plan, own->name, text, length);
    put_text(pen, of, own->name, text, length);
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
    put_key(pen, "weight", "edge", "double");
    put_key(pen, "tie_type", "edge", "string");
    put_key(pen, "layer", "edge", "string");
    put_key(pen, "value", "edge", "double");
    put_key(pen, "currency", "edge", "string");
    put_key(pen, "count", "edge", "long");
    put_key(pen, "first", "edge", "string");
    put_key(pen, "last", "edge", "string");
    if (plan->products) put_key(pen, "product", "edge", "string");
    if (plan->undirected) put_key(pen, "symmetric", "edge", "boolean");
    for (size_t i = 0; i < plan->tie_columns; i++)
        put_key(pen, plan->tie_column[i].name, "edge", key_type(&plan->tie_column[i]));
}

static void put_firm(fn_pen *pen, fn_export_plan *plan, uint32_t firm)
{
    size_t length;
    const char *text = fn_plan_id(plan, firm, &length);
    fn_pen_text(pen, "<node id=\"");
    fn_pen_xml(pen, text, length);
    fn_pen_text(pen, "\">");
    text = fn_plan_label(plan, firm, &length);
    put_text(pen, "node", "label", text, length);
    text = fn_names_text(fn_net_keys(plan->what->net), firm, &length);
    put_text(pen, "node", "name", text, length);
    if (plan->x) put_real(pen, "node", "x", plan->x->real[firm]);
    if (plan->y) put_real(pen, "node", "y", plan->y->real[firm]);
    if (plan->size) put_real(pen, "node", "size", fn_round_digits(plan->size->real[firm], 4));
    if (plan->color && !fn_column_missing(plan->color, firm)) {
        text = fn_column_text(plan->color, firm, &length);
        put_text(pen, "node", "color", text, length);
    }
    for (size_t i = 0; i < plan->firm_columns; i++)
        if (plan->firm_column[i].column != plan->color) put_cell(pen, plan, "node", &plan->firm_column[i], firm);
    fn_pen_text(pen, "</node>\n");
}

static void put_day(fn_pen *pen, const char *name, int32_t day)
{
    char text[FN_DATE_TEXT];
    put_text(pen, "edge", name, text, fn_date_format(day, text));
}

static void put_kind(fn_pen *pen, const fn_export_plan *plan, size_t row)
{
    const char *layer, *currency;
    fn_plan_kind(plan, row, &layer, &currency);
    fn_pen_xml(pen, layer, strlen(layer));
    if (!*currency) return;
    fn_pen_text(pen, " (");
    fn_pen_xml(pen, currency, strlen(currency));
    fn_pen_text(pen, ")");
}

static void put_tie(fn_pen *pen, fn_export_plan *plan, size_t row)
{
    uint32_t number;
    const fn_tie *tie = FN_PLAN_TIE(plan, row, &number);
    size_t length;
    const char *text = fn_plan_id(plan, tie->from, &length);
    fn_pen_text(pen, "<edge id=\"e");
    fn_pen_int(pen, (int64_t) row + 1);
    fn_pen_text(pen, "\" source=\"");
    fn_pen_xml(pen, text, length);
    fn_pen_text(pen, "\" target=\"");
    text = fn_plan_id(plan, tie->to, &length);
    fn_pen_xml(pen, text, length);
    fn_pen_text(pen, "\" label=\"");
    put_kind(pen, plan, row);
    fn_pen_text(pen, "\">");
    put_real(pen, "edge", "weight", fn_plan_weight(plan, row));
    start_data(pen, "edge", "tie_type");
    put_kind(pen, plan, row);
    fn_pen_text(pen, "</data>");
    put_text(pen, "edge", "layer", plan->layer[tie->layer], strlen(plan->layer[tie->layer]));
    put_real(pen, "edge", "value", tie->value);
    put_text(pen, "edge", "currency", plan->currency[tie->currency], strlen(plan->currency[tie->currency]));
    start_data(pen, "edge", "count");
    fn_pen_int(pen, tie->count);
    fn_pen_text(pen, "</data>");
    put_day(pen, "first", tie->first);
    put_day(pen, "last", tie->last);
    text = fn_names_text(fn_net_products(plan->what->net), tie->product, &length);
    put_text(pen, "edge", "product", text, length);
    if (plan->undirected) {
        start_data(pen, "edge", "symmetric");
        fn_pen_text(pen, fn_plan_symmetric(tie) ? "true</data>" : "false</data>");
    }
    for (size_t i = 0; i < plan->tie_columns; i++)
        put_cell(pen, plan, "edge", &plan->tie_column[i], fn_plan_tie_row(plan, &plan->tie_column[i], row));
    fn_pen_text(pen, "</edge>\n");
}

static void put_front(fn_pen *pen, fn_export_plan *plan)
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
