/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_SVG_H
#define FN_IO_SVG_H

#include "io/pen.h"

/* Small static drawings for the report: an SVG with role="img" and a description, axes, and series of points. Colours
 * and fonts come from the page's style sheet through classes, so that print and dark mode work. */

/* Opens <svg>; the description states the finding in words. id is unique in the page. */
void fn_svg_start(fn_pen *pen, const char *id, double width, double height, const char *title);
/* Between start and desc_end the caller writes the description with fn_pen_*. */
void fn_svg_desc_end(fn_pen *pen);
void fn_svg_end(fn_pen *pen);

/* Data to places: linear or logarithmic (low > 0). */
typedef struct fn_scale {
    double low, high;    /* data */
    double from, to;     /* places */
    bool logarithmic;
} fn_scale;

/* Frame lines, ticks with numbers and titles at the axes; x below, y at the left. */
void fn_svg_axes(fn_pen *pen, const fn_scale *x, const fn_scale *y, const char *x_title, const char *y_title,
                 bool y_share);

/* Points joined by a line; marker 0 = disc, 1 = square, 2 = triangle; class s0, s1, s2. */
void fn_svg_series(fn_pen *pen, const fn_scale *x, const fn_scale *y, const double *value, const double *height,
                   size_t count, int marker);
void fn_svg_legend(fn_pen *pen, double x, double y, int marker, const char *text);

#endif
