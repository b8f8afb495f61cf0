/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "graph/memory.h"
#include "graph/palette.h"
#include "io/report_inside.h"
#include "io/svg.h"

/* The drawn networks: firms where the layout puts them, and clusters as discs at the middle of their firms. */
enum { MAP_SIDE = 900, FIRMS_DRAWN = 3000, TIES_DRAWN = 4000, HEADS_NAMED = 16, CLUSTERS_DRAWN = 40, FLOWS_DRAWN = 120 };
/* Of names on maps; the width is a generous one of bold letters. */
enum { LETTERS_SHOWN = 28, LETTER_WIDTH = 9 };

typedef struct place {
    double x, y, size;
    const char *color;
} place;

typedef struct drawing {
    const fn_column *x, *y, *size, *color, *is_central;
    double low_x, low_y, span;
} drawing;

/* Where the columns of the layout are, and the square that holds the firms of clusters; false: no layout. */
static bool find_drawing(const fn_report_facts *facts, drawing *d)
{
    const fn_table *firms = facts->report->firms;
    *d = (drawing) {
        .x = fn_report_column(firms, "x", FN_COLUMN_REAL), .y = fn_report_column(firms, "y", FN_COLUMN_REAL),
        .size = fn_report_column(firms, "size", FN_COLUMN_REAL), .color = fn_report_column(firms, "color", FN_COLUMN_TEXT),
        .is_central = fn_report_column(firms, "is_central", FN_COLUMN_BOOL)
    };
    if (!d->x || !d->y || !d->size || facts->firms == 0) return false;
    double low_x = INFINITY, high_x = -INFINITY, low_y = INFINITY, high_y = -INFINITY;
    for (uint32_t u = 0; u < facts->firms; u++) {
        double r = d->size->real[u];
        low_x = fmin(low_x, d->x->real[u] - r);
        high_x = fmax(high_x, d->x->real[u] + r);
        low_y = fmin(low_y, d->y->real[u] - r);
        high_y = fmax(high_y, d->y->real[u] + r);
    }
    d->span = fmax(fmax(high_x - low_x, high_y - low_y), 1);
    d->low_x = (low_x + high_x - d->span) / 2;
    d->low_y = (low_y + high_y - d->span) / 2;
    return true;
}

/* Gephi's y runs upward, a page's downward. */
static place place_of(const drawing *d, double x, double y, double size)
{
    double scale = (MAP_SIDE - 20) / d->span;
    return (place) { 10 + (x - d->low_x) * scale, MAP_SIDE - 10 - (y - d->low_y) * scale, size * scale, NULL };
}

static place firm_place(const drawing *d, uint32_t u)
{
    place p = place_of(d, d->x->real[u], d->y->real[u], d->size->real[u]);
    p.color = d->color && !fn_column_missing(d->color, u) ? fn_column_text(d->color, u, NULL) : "#999999";
    return p;
}

/* One straight piece of a path. */
static void put_segment(fn_pen *pen, place a, place b)
{
    fn_pen_text(pen, "M");
    fn_pen_fixed(pen, a.x, 0);
    fn_pen_text(pen, " ");
    fn_pen_fixed(pen, a.y, 0);
    fn_pen_text(pen, "L");
    fn_pen_fixed(pen, b.x, 0);
    fn_pen_text(pen, " ");
    fn_pen_fixed(pen, b.y, 0);
}

static void put_circle(fn_pen *pen, double x, double y, double r, const char *color, const char *class)
{
    fn_pen_text(pen, "<circle cx=\"");
    fn_pen_fixed(pen, x, 1);
    fn_pen_text(pen, "\" cy=\"");
    fn_pen_fixed(pen, y, 1);
    fn_pen_text(pen, "\" r=\"");
    fn_pen_fixed(pen, r, 1);
    fn_pen_text(pen, "\" fill=\"");
    fn_pen_xml(pen, color, strlen(color));
    if (class) fn_pen_format(pen, "\" class=\"%s", class);
    fn_pen_text(pen, "\"");
}

/* A name with its middle at x, or as near to that as the square leaves room for it. */
static void put_label(fn_pen *pen, double x, double y, const char *text, size_t length)
{
    size_t end = 0, characters = 0;
    while (end < length && characters < LETTERS_SHOWN) {
        size_t step = fn_utf8_length(text + end, length - end);
        end += step ? step : 1;
        characters++;
    }
    double half = LETTER_WIDTH * (double) (characters + (end < length)) / 2 + 4;
    fn_pen_text(pen, "<text class=\"tag\" x=\"");
    fn_pen_fixed(pen, fmax(half, fmin(x, MAP_SIDE - half)), 1);
    fn_pen_text(pen, "\" y=\"");
    fn_pen_fixed(pen, fmax(16, fmin(y, MAP_SIDE - 6)), 1);
    fn_pen_text(pen, "\">");
    fn_pen_xml(pen, text, end < length ? end : length);
    fn_pen_text(pen, end < length ? "…</text>\n" : "</text>\n");
}

/* ---- the map of firms ---- */

typedef struct ranked { double key; uint32_t number; } ranked;

static int by_key_falling(const void *left, const void *right)
{
    const ranked *a = left, *b = right;
    if (a->key != b->key) return a->key > b->key ? -1 : 1;
    return a->number < b->number ? -1 : a->number > b->number;
}

/* The heaviest ties of every layer, self ties left out; weights of different layers are compared as shares of
 * theirs. */
static size_t pick_ties(const fn_report_facts *facts, ranked *order)
{
    const fn_ties *ties = fn_net_tie_rows(facts->net);
    double total[FN_LAYERS_MOST] = { 0 };
    size_t count = 0;
    for (size_t k = 0; k < facts->ties; k++)
        total[fn_ties_at(ties, fn_view_tie(facts->view, k)).layer] += facts->view->weight[k];
    for (size_t k = 0; k < facts->ties; k++) {
        const fn_tie own = fn_ties_at(ties, fn_view_tie(facts->view, k));
        if (own.from == own.to) continue;
        double share = total[own.layer] > 0 ? facts->view->weight[k] / total[own.layer] : 0;
        order[count++] = (ranked) { share, (uint32_t) k };
    }
    if (count) qsort(order, count, sizeof *order, by_key_falling);
    return count < TIES_DRAWN ? count : TIES_DRAWN;
}

static void put_ties(fn_pen *pen, const fn_report_facts *facts, const drawing *d, const bool *drawn, const ranked *order,
                     size_t count)
{
    const fn_ties *ties = fn_net_tie_rows(facts->net);
    for (int inside = 0; inside < 2; inside++) { /* ties between clusters first, so those inside lie above */
        fn_pen_format(pen, "<path class=\"%s\" d=\"", inside ? "tie" : "tie far");
        for (size_t i = 0; i < count; i++) {
            const fn_tie own = fn_ties_at(ties, fn_view_tie(facts->view, order[i].number));
            bool same = !facts->cluster || facts->cluster[own.from] == facts->cluster[own.to];
            if (same != inside || !drawn[own.from] || !drawn[own.to]) continue;
            put_segment(pen, firm_place(d, own.from), firm_place(d, own.to));
        }
        fn_pen_text(pen, "\"/>\n");
    }
}

static void put_firms(fn_pen *pen, const fn_report_facts *facts, const drawing *d, const bool *drawn)
{
    for (int central = 0; central < 2; central++)
        for (uint32_t u = 0; u < facts->firms; u++) {
            bool head = d->is_central && d->is_central->boolean[u] == 1;
            if (!drawn[u] || head != central) continue;
            place p = firm_place(d, u);
            put_circle(pen, p.x, p.y, fmax(p.size, 1.2), p.color, head ? "head" : NULL);
            fn_pen_text(pen, "/>\n");
        }
}

static void put_head_names(fn_pen *pen, const fn_report_facts *facts, const drawing *d, const bool *drawn)
{
    const fn_table *table = facts->report->clusters;
    const fn_column *head = fn_report_column(table, "central_company", FN_COLUMN_TEXT);
    int named = 0;
    for (size_t row = 0; head && row < table->rows && named < HEADS_NAMED; row++) {
        if (fn_column_missing(head, row)) continue;
        size_t length;
        const char *key = fn_column_text(head, row, &length);
        uint32_t u = fn_names_find(fn_net_keys(facts->net), key, length);
        if (u == FN_NONE || u >= facts->firms || !drawn[u]) continue;
        place p = firm_place(d, u);
        const char *name = fn_net_firm_name(facts->net, u, &length);
        put_label(pen, p.x, p.y - fmax(p.size, 2) - 4, name, length);
        named++;
    }
}

fn_status fn_report_firm_map(fn_pen *pen, const fn_report_facts *facts)
{
    drawing d;
    if (!find_drawing(facts, &d)) {
        fn_pen_text(pen, "<p class=\"none\">No layout was computed.</p>\n");
        return FN_OK;
    }
    bool *drawn = fn_alloc(pen->run, facts->firms, sizeof *drawn);
    ranked *order = fn_alloc(pen->run, facts->firms > facts->ties ? facts->firms : facts->ties, sizeof *order);
    fn_status status = drawn && order ? FN_OK : FN_ENOMEM;
    if (!status) {
        size_t firms = facts->firms;
        for (uint32_t u = 0; u < facts->firms; u++) order[u] = (ranked) { d.size->real[u], u };
        qsort(order, firms, sizeof *order, by_key_falling);
        if (firms > FIRMS_DRAWN) firms = FIRMS_DRAWN;
        for (size_t i = 0; i < firms; i++) drawn[order[i].number] = true;
        size_t ties = pick_ties(facts, order);
        fn_pen_text(pen, "<figure class=\"map\">\n");
        fn_svg_start(pen, "firms", MAP_SIDE, MAP_SIDE, "Map of the firms");
        fn_words_of(pen, (int64_t) firms, "firm", "firms");
        fn_pen_text(pen, " as discs, coloured by cluster, sized by PageRank along the ties; the central company of a cluster "
                    "lies in the middle of its disc and is ringed.");
        fn_svg_desc_end(pen);
        put_ties(pen, facts, &d, drawn, order, ties);
        put_firms(pen, facts, &d, drawn);
        put_head_names(pen, facts, &d, drawn);
        fn_svg_end(pen);
        fn_pen_text(pen, "<figcaption>Firms by cluster (the seven largest in colour), sized by PageRank along the ties; central "
                    "companies are ringed and stand in the middle. ");
        if (firms < facts->firms || ties < facts->ties) {
            fn_pen_text(pen, "Drawn are the ");
            fn_words_of(pen, (int64_t) firms, "largest firm", "largest firms");
            fn_pen_text(pen, " of ");
            fn_words_count(pen, facts->firms);
            fn_pen_text(pen, " and the ");
            fn_words_of(pen, (int64_t) ties, "heaviest tie", "heaviest ties");
            fn_pen_text(pen, " of ");
            fn_words_count(pen, (int64_t) facts->ties);
            fn_pen_text(pen, "; network.gexf has all of them.");
        }
        fn_pen_text(pen, "</figcaption>\n</figure>\n");
    }
    fn_free(drawn);
    fn_free(order);
    return status;
}

/* ---- the map of clusters ---- */

typedef struct disc {
    double x, y;
    uint32_t firms;
} disc;

typedef struct flow { uint32_t a, b; int64_t ties; } flow;

static int by_ties_falling(const void *left, const void *right)
{
    const flow *a = left, *b = right;
    if (a->ties != b->ties) return a->ties > b->ties ? -1 : 1;
    if (a->a != b->a) return a->a < b->a ? -1 : 1;
    return a->b < b->b ? -1 : a->b > b->b;
}

/* Ties between the drawn clusters, direction ignored, most first. */
static size_t count_flows(const fn_report_facts *facts, uint32_t clusters, int64_t *matrix, flow *flows)
{
    const fn_ties *ties = fn_net_tie_rows(facts->net);
    size_t count = 0;
    for (size_t k = 0; k < facts->ties; k++) {
        const fn_tie own = fn_ties_at(ties, fn_view_tie(facts->view, k));
        uint32_t a = facts->cluster[own.from], b = facts->cluster[own.to];
        if (a == b || !a || !b || a > clusters || b > clusters) continue;
        matrix[(size_t) ((a < b ? a : b) - 1) * clusters + (a < b ? b : a) - 1]++;
    }
    for (uint32_t a = 0; a < clusters; a++)
        for (uint32_t b = a + 1; b < clusters; b++)
            if (matrix[(size_t) a * clusters + b]) flows[count++] = (flow) { a, b, matrix[(size_t) a * clusters + b] };
    if (count) qsort(flows, count, sizeof *flows, by_ties_falling);
    return count < FLOWS_DRAWN ? count : FLOWS_DRAWN;
}

static void put_flows(fn_pen *pen, const drawing *d, const disc *discs, const flow *flows, size_t count)
{
    for (size_t i = count; i-- > 0;) {
        fn_pen_text(pen, "<path class=\"flow\" stroke-width=\"");
        fn_pen_fixed(pen, 0.6 + 7 * sqrt((double) flows[i].ties / (double) flows[0].ties), 1);
        fn_pen_text(pen, "\" d=\"");
        put_segment(pen, place_of(d, discs[flows[i].a].x, discs[flows[i].a].y, 0),
                    place_of(d, discs[flows[i].b].x, discs[flows[i].b].y, 0));
        fn_pen_text(pen, "\"/>\n");
    }
}

static void put_discs(fn_pen *pen, const fn_report_facts *facts, const drawing *d, const disc *discs, uint32_t clusters)
{
    const fn_column *name = fn_report_column(facts->report->clusters, "central_name", FN_COLUMN_TEXT);
    for (uint32_t k = 0; k < clusters; k++) {
        if (discs[k].firms < 2) continue;
        place p = place_of(d, discs[k].x, discs[k].y, 0);
        double r = 6 + 46 * sqrt((double) discs[k].firms / (double) discs[0].firms);
        put_circle(pen, p.x, p.y, r, fn_cluster_color(k), "cluster");
        fn_pen_format(pen, "/>\n<text class=\"number\" x=\"");
        fn_pen_fixed(pen, p.x, 1);
        fn_pen_text(pen, "\" y=\"");
        fn_pen_fixed(pen, p.y + 5, 1);
        fn_pen_format(pen, "\">%u</text>\n", k + 1);
        if (name && k < name->rows && k < HEADS_NAMED && !fn_column_missing(name, k)) {
            size_t length;
            const char *text = fn_column_text(name, k, &length);
            put_label(pen, p.x, p.y + r + 13, text, length);
        }
    }
}

static void place_discs(const fn_report_facts *facts, const drawing *d, disc *discs, uint32_t clusters)
{
    for (uint32_t u = 0; u < facts->firms; u++) {
        uint32_t k = facts->cluster[u];
        if (!k || k > clusters) continue;
        discs[k - 1].x += d->x->real[u];
        discs[k - 1].y += d->y->real[u];
        discs[k - 1].firms++;
    }
    for (uint32_t k = 0; k < clusters; k++) {
        discs[k].x /= fmax(discs[k].firms, 1);
        discs[k].y /= fmax(discs[k].firms, 1);
    }
}

fn_status fn_report_cluster_map(fn_pen *pen, const fn_report_facts *facts)
{
    drawing d;
    uint32_t clusters = facts->clusters < CLUSTERS_DRAWN ? facts->clusters : CLUSTERS_DRAWN;
    if (clusters < 2 || !facts->cluster || !find_drawing(facts, &d)) return FN_OK;
    disc *discs = fn_alloc(pen->run, clusters, sizeof *discs);
    int64_t *matrix = fn_alloc(pen->run, (size_t) clusters * clusters, sizeof *matrix);
    flow *flows = fn_alloc(pen->run, (size_t) clusters * clusters, sizeof *flows);
    fn_status status = discs && matrix && flows ? FN_OK : FN_ENOMEM;
    if (!status) {
        place_discs(facts, &d, discs, clusters);
        size_t count = count_flows(facts, clusters, matrix, flows);
        fn_pen_text(pen, "<figure class=\"map\">\n");
        fn_svg_start(pen, "clusters", MAP_SIDE, MAP_SIDE, "Map of the clusters");
        fn_words_of(pen, clusters, "cluster", "clusters");
        fn_pen_text(pen, " as discs; their area is the number of firms, the lines between them are ties.");
        fn_svg_desc_end(pen);
        put_flows(pen, &d, discs, flows, count);
        put_discs(pen, facts, &d, discs, clusters);
        fn_svg_end(pen);
        fn_pen_text(pen, "<figcaption>Clusters: area by firms, lines by the number of ties between them");
        if (facts->headed) fn_pen_text(pen, ", the central company named below");
        if (clusters < facts->clusters) {
            fn_pen_text(pen, "; the ");
            fn_words_count(pen, clusters);
            fn_pen_text(pen, " largest of ");
            fn_words_count(pen, facts->clusters);
        }
        fn_pen_text(pen, ".</figcaption>\n</figure>\n");
    }
    fn_free(discs);
    fn_free(matrix);
    fn_free(flows);
    return status;
}
