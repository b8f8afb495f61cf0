/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "io/export_plan.h"

/* GEXF 1.3, as Gephi's own reader takes it without a warning, and graphology, Gephi Lite, networkx and the RELAX NG
 * schema as well (the XSD of 1.3 refuses every viz element). Undirected layers are written as directed edges from the
 * lower firm, marked symmetric: in a directed file Gephi drops undirected edges, and networkx reads no mixture.
 * Life times stand as spells beside static attributes, the only form that all of these read. */

extern const fn_format fn_format_gexf;

static void put_attribute(fn_pen *pen, const char *name, const char *type)
{
    fn_pen_format(pen, "<attribute id=\"%s\" title=\"%s\" type=\"%s\"/>\n", name, name, type);
}

/* The same with a value for all that have none of their own. */
static void put_attribute_default(fn_pen *pen, const char *name, const char *type, const char *text)
{
    fn_plan_harm(pen, name, text, strlen(text));
    fn_pen_format(pen, "<attribute id=\"%s\" title=\"%s\" type=\"%s\"><default>", name, name, type);
    fn_pen_xml(pen, text, strlen(text));
    fn_pen_text(pen, "</default></attribute>\n");
}

/* An attribute of ties; one: all have the value `text`. */
static void put_shared(fn_pen *pen, const char *name, const char *type, bool one, const char *text)
{
    if (one && *text) put_attribute_default(pen, name, type, text);
    else put_attribute(pen, name, type);
}

static const char *attribute_type(const fn_export_column *column)
{
    switch (column->column->type) {
    case FN_COLUMN_INT: return column->wide ? "long" : "integer";
    case FN_COLUMN_REAL: return "double";
    case FN_COLUMN_BOOL: return "boolean";
    default: return "string";
    }
}

/* Values of a firm or tie; their element is opened by the first. `start` is the tag up to the value. */
static inline void start_value(fn_pen *pen, const char *start, bool *any)
{
    if (!*any) fn_pen_text(pen, "<attvalues>");
    *any = true;
    fn_pen_text(pen, start);
}

static void end_values(fn_pen *pen, bool any)
{
    if (any) fn_pen_text(pen, "</attvalues>");
}

/* Missing is left out: Gephi then shows nothing, and a <default> it would cut at the first entity. */
static void put_cell(fn_pen *pen, const fn_export_column *own, size_t row, bool *any)
{
    const fn_column *column = own->column;
    char buffer[FN_REAL_TEXT];
    size_t length = 0;
    if (row >= column->rows || fn_column_missing(column, row)) return;
    bool real = column->type == FN_COLUMN_REAL;
    const char *text = real ? "" : fn_column_cell(column, row, buffer, &length);
    if (!real && length == 0) return;
    start_value(pen, "<attvalue for=\"", any);
    fn_pen_text(pen, own->name);
    fn_pen_text(pen, "\" value=\"");
    if (real) {
        fn_pen_rounded(pen, column->real[row], 9);
    } else if (column->type == FN_COLUMN_TEXT) {
        fn_plan_harm(pen, own->name, text, length);
        fn_pen_xml(pen, text, length);
    } else {
        fn_pen_bytes(pen, text, length);
    }
    fn_pen_text(pen, "\"/>");
}

static void put_spell(fn_pen *pen, fn_spell spell)
{
    fn_pen_text(pen, "<spell start=\"");
    fn_pen_date(pen, spell.start);
    if (spell.end != FN_DAY_NONE) {
        fn_pen_text(pen, "\" end=\"");
        fn_pen_date(pen, spell.end);
    }
    fn_pen_text(pen, "\"/>");
}

/* Gephi shows a description only behind its last entity: so none in it. */
static void put_plain_words(fn_pen *pen, const char *text)
{
    size_t length = strlen(text);
    for (size_t i = 0, step; i < length; i += step) {
        step = fn_xml_length(text + i, length - i);
        if (step == 0) {
            fn_pen_text(pen, "\xef\xbf\xbd");
            step = 1;
        } else if (text[i] == '&') {
            fn_pen_text(pen, "and");
        } else if (text[i] == '<' || text[i] == '>') {
            fn_pen_text(pen, text[i] == '<' ? "(" : ")");
        } else if (text[i] == '\n' || text[i] == '\r' || text[i] == '\t') {
            fn_pen_text(pen, " ");
        } else {
            fn_pen_bytes(pen, text + i, step);
        }
    }
}

static void put_head(fn_pen *pen, const fn_export_plan *plan)
{
    fn_pen_text(pen, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                "<gexf xmlns=\"http://gexf.net/1.3\" xmlns:viz=\"http://gexf.net/1.3/viz\" version=\"1.3\">\n"
                "<meta>\n<creator>" PACKAGE_NAME " " PACKAGE_VERSION "</creator>\n"
                "<description>Network of firms; ties run from who delivers to who receives and pays. "
                "Edge weight: weight of the tie over the mean of its layer; money stands in value.");
    if (plan->undirected) fn_pen_text(pen, " Edges marked symmetric have no direction.");
    if (plan->what->provenance) {
        fn_pen_text(pen, " ");
        put_plain_words(pen, plan->what->provenance);
    }
    fn_pen_text(pen, "</description>\n<keywords>firms, clusters, central companies, tie strength</keywords>\n</meta>\n"
                "<graph defaultedgetype=\"directed\" idtype=\"string\"");
    fn_pen_text(pen, plan->dated ? " mode=\"dynamic\" timeformat=\"date\" timerepresentation=\"interval\" "
                "timezone=\"UTC\">\n" : " mode=\"static\">\n");
}

static void put_declarations(fn_pen *pen, const fn_export_plan *plan)
{
    fn_pen_text(pen, "<attributes class=\"node\" mode=\"static\">\n");
    for (size_t i = 0; i < plan->firm_columns; i++)
        put_attribute(pen, plan->firm_column[i].name, attribute_type(&plan->firm_column[i]));
    if (plan->odd_id) put_attribute(pen, "key", "string");
    fn_pen_text(pen, "</attributes>\n<attributes class=\"edge\" mode=\"static\">\n");
    const char *layer = plan->layer[plan->first.layer], *currency = plan->currency[plan->first.currency];
    char count[FN_REAL_TEXT];
    count[fn_int_format(plan->first.count, count)] = '\0';
    put_shared(pen, "tie_type", "string", plan->one_layer && plan->one_currency, layer);
    put_shared(pen, "layer", "string", plan->one_layer, layer);
    put_attribute(pen, "value", "double");
    put_shared(pen, "currency", "string", plan->one_currency, currency);
    put_shared(pen, "count", "long", plan->one_count, count);
    put_attribute(pen, "first", "string");
    put_attribute(pen, "last", "string");
    if (plan->products) put_attribute(pen, "product", "string");
    if (plan->undirected) put_attribute(pen, "symmetric", "boolean");
    for (size_t i = 0; i < plan->tie_columns; i++)
        put_attribute(pen, plan->tie_column[i].name, attribute_type(&plan->tie_column[i]));
    fn_pen_text(pen, "</attributes>\n");
}

static void put_drawing(fn_pen *pen, const fn_export_plan *plan, uint32_t firm)
{
    size_t length;
    if (plan->color && !fn_column_missing(plan->color, firm)) {
        const char *color = fn_column_text(plan->color, firm, &length);
        unsigned long rgb = length == 7 && color[0] == '#' ? strtoul(color + 1, NULL, 16) : 0x999999;
        fn_pen_format(pen, "<viz:color r=\"%lu\" g=\"%lu\" b=\"%lu\"/>", rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255);
    }
    if (plan->size && !fn_column_missing(plan->size, firm)) {
        double size = plan->size->real[firm];
        fn_pen_text(pen, "<viz:size value=\"");
        fn_pen_fixed(pen, size, size < 10 ? 3 : 2);
        fn_pen_text(pen, "\"/>");
    }
    if (plan->x && !fn_column_missing(plan->x, firm) && !fn_column_missing(plan->y, firm)) {
        fn_pen_text(pen, "<viz:position x=\"");
        fn_pen_fixed(pen, plan->x->real[firm], 2);
        fn_pen_text(pen, "\" y=\"");
        fn_pen_fixed(pen, plan->y->real[firm], 2);
        fn_pen_text(pen, "\" z=\"0\"/>");
    }
}

static void put_firm(fn_pen *pen, const fn_export_plan *plan, uint32_t firm)
{
    size_t length;
    bool any = false;
    const char *text = fn_plan_id(plan, firm, &length);
    fn_pen_text(pen, "<node id=\"");
    fn_pen_xml(pen, text, length);
    fn_pen_text(pen, "\" label=\"");
    text = fn_plan_label(plan, firm, &length);
    fn_pen_xml(pen, text, length);
    fn_pen_text(pen, "\">");
    for (size_t i = 0; i < plan->firm_columns; i++) put_cell(pen, &plan->firm_column[i], firm, &any);
    if (plan->odd_id && plan->odd_id[firm]) {
        text = fn_names_text(fn_net_keys(plan->what->net), firm, &length);
        if (length > 0) {
            start_value(pen, "<attvalue for=\"key\" value=\"", &any);
            fn_pen_xml(pen, text, length);
            fn_pen_text(pen, "\"/>");
        }
    }
    end_values(pen, any);
    if (plan->dated && plan->spell_from[firm + 1] > plan->spell_from[firm]) {
        fn_pen_text(pen, "<spells>");
        for (size_t i = plan->spell_from[firm]; i < plan->spell_from[firm + 1]; i++) put_spell(pen, plan->spell[i]);
        fn_pen_text(pen, "</spells>");
    }
    put_drawing(pen, plan, firm);
    fn_pen_text(pen, "</node>\n");
}

static inline void put_day(fn_pen *pen, const char *start, int32_t day, bool *any)
{
    if (day == FN_DAY_NONE) return;
    start_value(pen, start, any);
    fn_pen_date(pen, day);
    fn_pen_text(pen, "\"/>");
}

static inline void put_name(fn_pen *pen, const char *start, const char *name, const char *text, size_t length,
                            bool *any)
{
    if (length == 0) return;
    fn_plan_harm(pen, name, text, length);
    start_value(pen, start, any);
    fn_pen_xml(pen, text, length);
    fn_pen_text(pen, "\"/>");
}

static void put_kind(fn_pen *pen, const fn_plan_row *row)
{
    fn_pen_xml(pen, row->layer, strlen(row->layer));
    if (!*row->currency) return;
    fn_pen_text(pen, " (");
    fn_pen_xml(pen, row->currency, strlen(row->currency));
    fn_pen_text(pen, ")");
}

static void put_tie_values(fn_pen *pen, const fn_export_plan *plan, const fn_plan_row *row)
{
    const fn_tie *tie = &row->tie;
    const char *layer = row->layer, *currency = plan->currency[tie->currency], *product;
    size_t length;
    bool any = false;
    if (!plan->one_layer || !plan->one_currency) {
        start_value(pen, "<attvalue for=\"tie_type\" value=\"", &any);
        put_kind(pen, row);
        fn_pen_text(pen, "\"/>");
    }
    if (!plan->one_layer) put_name(pen, "<attvalue for=\"layer\" value=\"", "layer", layer, strlen(layer), &any);
    if (tie->value - tie->value == 0) {
        start_value(pen, "<attvalue for=\"value\" value=\"", &any);
        fn_pen_real(pen, tie->value);
        fn_pen_text(pen, "\"/>");
    }
    if (!plan->one_currency)
        put_name(pen, "<attvalue for=\"currency\" value=\"", "currency", currency, strlen(currency), &any);
    if (!plan->one_count) {
        start_value(pen, "<attvalue for=\"count\" value=\"", &any);
        fn_pen_int(pen, tie->count);
        fn_pen_text(pen, "\"/>");
    }
    put_day(pen, "<attvalue for=\"first\" value=\"", tie->first, &any);
    put_day(pen, "<attvalue for=\"last\" value=\"", tie->last, &any);
    product = fn_names_text(fn_net_products(plan->what->net), tie->product, &length);
    put_name(pen, "<attvalue for=\"product\" value=\"", "product", product, length, &any);
    if (plan->undirected) {
        start_value(pen, "<attvalue for=\"symmetric\" value=\"", &any);
        fn_pen_text(pen, fn_plan_symmetric(tie) ? "true\"/>" : "false\"/>");
    }
    for (size_t i = 0; i < plan->tie_columns; i++)
        put_cell(pen, &plan->tie_column[i], fn_plan_tie_row(&plan->tie_column[i], row), &any);
    end_values(pen, any);
}

static void put_tie(fn_pen *pen, const fn_export_plan *plan, const fn_plan_row *row)
{
    size_t length;
    fn_spell spell;
    const char *text = fn_plan_id(plan, row->tie.from, &length);
    fn_pen_text(pen, "<edge id=\"");
    fn_pen_int(pen, (int64_t) row->row + 1);
    fn_pen_text(pen, "\" source=\"");
    fn_pen_xml(pen, text, length);
    fn_pen_text(pen, "\" target=\"");
    text = fn_plan_id(plan, row->tie.to, &length);
    fn_pen_xml(pen, text, length);
    fn_pen_text(pen, "\" kind=\"");
    put_kind(pen, row);
    fn_pen_text(pen, "\" weight=\"");
    fn_pen_rounded(pen, row->weight, FN_WEIGHT_DIGITS);
    fn_pen_text(pen, "\">");
    put_tie_values(pen, plan, row);
    if (fn_plan_tie_spell(&row->tie, &spell)) {
        fn_pen_text(pen, "<spells>");
        put_spell(pen, spell);
        fn_pen_text(pen, "</spells>");
    }
    fn_pen_text(pen, "</edge>\n");
}

static void put_front(fn_pen *pen, const fn_export_plan *plan)
{
    put_head(pen, plan);
    put_declarations(pen, plan);
    fn_pen_format(pen, "<nodes count=\"%u\">\n", fn_net_firms(plan->what->net));
}

static void put_middle(fn_pen *pen, const fn_export_plan *plan)
{
    fn_pen_format(pen, "</nodes>\n<edges count=\"%zu\">\n", plan->ties);
}

static fn_status write_gexf(fn_run *run, fn_output *output, fn_export *what)
{
    static const fn_plan_markup markup = {
        .head = put_front, .firm = put_firm, .middle = put_middle, .tie = put_tie,
        .tail = "</edges>\n</graph>\n</gexf>\n"
    };
    return fn_plan_write(run, output, what, &markup);
}

const fn_format fn_format_gexf = {
    .name = "gexf", .suffixes = ".gexf,.gexf.gz",
    .text = "Gephi's own format (GEXF 1.3): colours, sizes, positions, life times, every column",
    .write = write_gexf
};
