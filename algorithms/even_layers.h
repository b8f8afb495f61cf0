/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_EVEN_LAYERS_H
#define FN_ALGORITHMS_EVEN_LAYERS_H

#include "graph/view.h"

/* Both sides of the view's weighted adjacency. Of several layers each is divided by its total (without self ties):
 * money, counts and shares then add up without a common unit, and every layer counts as much. Weightless ties are left
 * out. */
fn_status fn_even_layers(fn_run *run, const fn_view *view, fn_csr **out, fn_csr **in);
/* The same without direction. */
fn_status fn_even_layers_both(fn_run *run, const fn_view *view, fn_csr **both);

#endif
