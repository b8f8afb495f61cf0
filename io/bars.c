/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include "io/bars.h"
#include "io/svg.h"

enum { LABELS = 160, PANEL = 120, NUMBER = 44, GAP = 22, LINE = 28, TOP = 58, BAR = 16, NOTE_LINE = 17 };

static void put_text(fn_pen *pen, const char *class, double x, double y, const char *text, size_t length)
{
    fn_pen_format(pen, "<text class=\"%s\" x=\"", class);
    fn_pen_fixed(pen, x, 1);
    fn_pen_text(pen, "\" y=\"");
    fn_pen_fixed(pen, y, 1);
    fn_pen_text(pen, "\">");
    fn_pen_xml(pen, text, length);
    fn_pen_text(pen, "</text>\n");
}

static void put_rectangle(fn_pen *pen, const char *class, double x, double y, double width)
{
    fn_pen_format(pen, "<rect class=\"%s\" height=\"%d\" x=\"", class, BAR);
    fn_pen_fixed(pen, x, 1);
    fn_pen_text(pen, "\" y=\"");
    fn_pen_fixed(pen, y, 1);
    fn_pen_text(pen, "\" width=\"");
    fn_pen_fixed(pen, width, 2);
    fn_pen_text(pen, "\"/>\n");
}

/* The track from 0 to 1, the bar, and the share in three places to the right of the track. */
static void put_share(fn_pen *pen, double x, double y, double share)
{
    char text[FN_REAL_TEXT] = "\xe2\x80\x93";
    put_rectangle(pen, "track", x, y, PANEL);
    if (!isnan(share)) {
        share = fmax(0, fmin(share, 1));
        put_rectangle(pen, "bar", x, y, share * PANEL);
        fn_real_format(round(share * 1000) / 1000, text);
    }
    put_text(pen, "share", x + PANEL + NUMBER, y + BAR - 4, text, strlen(text));
}

/* What a panel's track runs from and to. */
static void put_scale(fn_pen *pen, double x, double y)
{
    put_text(pen, "tick", x, y, "0", 1);
    put_text(pen, "tick half", x + PANEL / 2.0, y, "0.5", 3);
    put_text(pen, "tick full", x + PANEL, y, "1", 1);
}

static double panel_at(size_t panel)
{
    return LABELS + (double) panel * (PANEL + NUMBER + GAP);
}

static void put_description(fn_pen *pen, const fn_table *table, const fn_bars *bars)
{
    const fn_column *label = fn_table_find(table, bars->label);
    for (size_t row = 0; row < table->rows; row++) {
        size_t length;
        const char *name = fn_column_text(label, row, &length);
        fn_pen_xml(pen, name, length);
        for (size_t c = 0; bars->column[c]; c++) {
            const fn_column *column = fn_table_find(table, bars->column[c]);
            if (!column || isnan(column->real[row])) continue;
            fn_pen_text(pen, c ? ", " : ": ");
            fn_pen_xml(pen, bars->heading[c], strlen(bars->heading[c]));
            fn_pen_text(pen, " ");
            fn_pen_rounded(pen, column->real[row], 3);
        }
        fn_pen_text(pen, ". ");
    }
}

static const char style[] =
    "<style>svg{font:13px system-ui,\"Noto Sans\",\"Liberation Sans\",sans-serif;background:#fff}text{fill:#1c2430}"
    ".title{font-size:15px;font-weight:600}.head{font-weight:600;font-size:12px}.share{text-anchor:end;"
    "font-variant-numeric:tabular-nums}.tick,.note{fill:#5a6575;font-size:11px}.note{font-size:12px}"
    ".half{text-anchor:middle}.full{text-anchor:end}.track{fill:#e6eaef}.bar{fill:#0a5a8c}</style>\n";

fn_status fn_bars_write(fn_run *run, fn_output *output, const fn_table *table, const fn_bars *bars)
{
    fn_pen pen = { .run = run, .output = output };
    size_t panels = 0, notes = 0;
    while (bars->column[panels]) panels++;
    while (bars->note && bars->note[notes]) notes++;
    double below = TOP + LINE * (double) table->rows + 6;
    double width = panel_at(panels) - GAP + 10, height = below + 20 + NOTE_LINE * (double) notes;
    fn_svg_start(&pen, "bars", width, height, bars->title);
    put_description(&pen, table, bars);
    fn_svg_desc_end(&pen);
    fn_pen_text(&pen, style);
    put_text(&pen, "title", 8, 20, bars->title, strlen(bars->title));
    for (size_t c = 0; c < panels; c++) {
        put_text(&pen, "head", panel_at(c), TOP - 12, bars->heading[c], strlen(bars->heading[c]));
        put_scale(&pen, panel_at(c), below);
    }
    for (size_t n = 0; n < notes; n++)
        put_text(&pen, "note", 8, below + 22 + NOTE_LINE * (double) n, bars->note[n], strlen(bars->note[n]));
    for (size_t row = 0; row < table->rows; row++) {
        double y = TOP + LINE * (double) row;
        size_t length;
        const char *name = fn_column_text(fn_table_find(table, bars->label), row, &length);
        put_text(&pen, "name", 8, y + BAR - 4, name, length);
        for (size_t c = 0; c < panels; c++) {
            const fn_column *column = fn_table_find(table, bars->column[c]);
            put_share(&pen, panel_at(c), y, column ? column->real[row] : NAN);
        }
    }
    fn_svg_end(&pen);
    fn_pen_free(&pen);
    return pen.status;
}
