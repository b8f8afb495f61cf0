/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "io/svg.h"

void fn_svg_start(fn_pen *pen, const char *id, double width, double height, const char *title)
{
    fn_pen_text(pen, "<svg viewBox=\"0 0 ");
    fn_pen_fixed(pen, width, 0);
    fn_pen_text(pen, " ");
    fn_pen_fixed(pen, height, 0);
    fn_pen_format(pen, "\" role=\"img\" aria-labelledby=\"%s-t %s-d\" xmlns=\"http://www.w3.org/2000/svg\">\n"
                  "<title id=\"%s-t\">", id, id, id);
    fn_pen_xml(pen, title, strlen(title));
    fn_pen_format(pen, "</title>\n<desc id=\"%s-d\">", id);
}

void fn_svg_desc_end(fn_pen *pen)
{
    fn_pen_text(pen, "</desc>\n");
}

void fn_svg_end(fn_pen *pen)
{
    fn_pen_text(pen, "</svg>\n");
}

static double scale_at(const fn_scale *scale, double value)
{
    double share;
    if (scale->logarithmic) share = log10(value / scale->low) / log10(scale->high / scale->low);
    else share = (value - scale->low) / (scale->high - scale->low);
    return scale->from + (isfinite(share) ? share : 0) * (scale->to - scale->from);
}

/* 0.01 as 1 %, 1000000 as 1M. */
static void put_tick(fn_pen *pen, double value, bool share)
{
    if (share) {
        fn_pen_real(pen, fn_round_digits(value * 100, 3));
        fn_pen_text(pen, "\xe2\x80\x89%");
    } else {
        static const struct { double from; const char *unit; } units[] = {
            { 1e12, "tn" }, { 1e9, "bn" }, { 1e6, "M" }, { 1e3, "k" }, { 0, "" }
        };
        int u = 0;
        while (value < units[u].from) u++;
        fn_pen_real(pen, fn_round_digits(units[u].from > 0 ? value / units[u].from : value, 3));
        fn_pen_text(pen, units[u].unit);
    }
}

static void put_line(fn_pen *pen, const char *class, double x1, double y1, double x2, double y2)
{
    fn_pen_format(pen, "<path class=\"%s\" d=\"M", class);
    fn_pen_fixed(pen, x1, 1);
    fn_pen_text(pen, " ");
    fn_pen_fixed(pen, y1, 1);
    fn_pen_text(pen, "L");
    fn_pen_fixed(pen, x2, 1);
    fn_pen_text(pen, " ");
    fn_pen_fixed(pen, y2, 1);
    fn_pen_text(pen, "\"/>\n");
}

static void put_x_tick(fn_pen *pen, const fn_scale *x, const fn_scale *y, double value)
{
    double at = scale_at(x, value);
    put_line(pen, "grid", at, y->from, at, y->to);
    fn_pen_text(pen, "<text class=\"mid\" x=\"");
    fn_pen_fixed(pen, at, 1);
    fn_pen_text(pen, "\" y=\"");
    fn_pen_fixed(pen, y->from + 16, 1);
    fn_pen_text(pen, "\">");
    put_tick(pen, value, false);
    fn_pen_text(pen, "</text>\n");
}

static void put_y_tick(fn_pen *pen, const fn_scale *x, const fn_scale *y, double value, bool share)
{
    double at = scale_at(y, value);
    put_line(pen, "grid", x->from, at, x->to, at);
    fn_pen_text(pen, "<text class=\"end\" x=\"");
    fn_pen_fixed(pen, x->from - 6, 1);
    fn_pen_text(pen, "\" y=\"");
    fn_pen_fixed(pen, at + 4, 1);
    fn_pen_text(pen, "\">");
    put_tick(pen, value, share);
    fn_pen_text(pen, "</text>\n");
}

/* Powers of ten (every second one when there are many), or about five round steps. */
static size_t ticks(const fn_scale *scale, double tick[16])
{
    size_t count = 0;
    if (scale->logarithmic) {
        int low = (int) ceil(log10(scale->low) - 1e-9), high = (int) floor(log10(scale->high) + 1e-9);
        int step = (high - low) / 6 + 1;
        for (int power = low; power <= high && count < 16; power += step) tick[count++] = pow(10, power);
    } else {
        double rough = (scale->high - scale->low) / 5, unit = pow(10, floor(log10(rough)));
        double step = rough / unit < 1.5 ? unit : rough / unit < 3.5 ? 2 * unit : rough / unit < 7.5 ? 5 * unit : 10 * unit;
        for (double at = ceil(scale->low / step) * step; at <= scale->high * (1 + 1e-9) && count < 16; at += step)
            tick[count++] = at;
    }
    return count;
}

void fn_svg_axes(fn_pen *pen, const fn_scale *x, const fn_scale *y, const char *x_title, const char *y_title,
                 bool y_share)
{
    double tick[16];
    size_t count = ticks(x, tick);
    for (size_t i = 0; i < count; i++) put_x_tick(pen, x, y, tick[i]);
    count = ticks(y, tick);
    for (size_t i = 0; i < count; i++) put_y_tick(pen, x, y, tick[i], y_share);
    put_line(pen, "axis", x->from, y->from, x->to, y->from);
    fn_pen_text(pen, "<text class=\"end name\" x=\"");
    fn_pen_fixed(pen, x->to, 1);
    fn_pen_text(pen, "\" y=\"");
    fn_pen_fixed(pen, y->from + 33, 1);
    fn_pen_text(pen, "\">");
    fn_pen_xml(pen, x_title, strlen(x_title));
    fn_pen_text(pen, "</text>\n<text class=\"name\" x=\"2\" y=\"");
    fn_pen_fixed(pen, y->to - 10, 1);
    fn_pen_text(pen, "\">");
    fn_pen_xml(pen, y_title, strlen(y_title));
    fn_pen_text(pen, "</text>\n");
}

static void put_marker(fn_pen *pen, double x, double y, int marker)
{
    static const char *const shape[] = { "h0", "m-2.4-2.4h4.8v4.8h-4.8z", "m0-3l2.8 5h-5.6z" };
    fn_pen_text(pen, "M");
    fn_pen_fixed(pen, x, 1);
    fn_pen_text(pen, " ");
    fn_pen_fixed(pen, y, 1);
    fn_pen_text(pen, shape[marker]);
}

void fn_svg_series(fn_pen *pen, const fn_scale *x, const fn_scale *y, const double *value, const double *height,
                   size_t count, int marker)
{
    fn_pen_format(pen, "<path class=\"line s%d\" d=\"", marker);
    for (size_t i = 0; i < count; i++) {
        fn_pen_text(pen, i == 0 ? "M" : "L");
        fn_pen_fixed(pen, scale_at(x, value[i]), 1);
        fn_pen_text(pen, " ");
        fn_pen_fixed(pen, scale_at(y, height[i]), 1);
    }
    fn_pen_format(pen, "\"/>\n<path class=\"mark%s s%d\" d=\"", marker == 0 ? " dot" : "", marker);
    for (size_t i = 0; i < count; i++) put_marker(pen, scale_at(x, value[i]), scale_at(y, height[i]), marker);
    fn_pen_text(pen, "\"/>\n");
}

void fn_svg_legend(fn_pen *pen, double x, double y, int marker, const char *text)
{
    fn_pen_format(pen, "<path class=\"mark%s s%d\" d=\"", marker == 0 ? " dot" : "", marker);
    put_marker(pen, x, y, marker);
    fn_pen_text(pen, "\"/><text x=\"");
    fn_pen_fixed(pen, x + 9, 1);
    fn_pen_text(pen, "\" y=\"");
    fn_pen_fixed(pen, y + 4, 1);
    fn_pen_text(pen, "\">");
    fn_pen_xml(pen, text, strlen(text));
    fn_pen_text(pen, "</text>\n");
}
