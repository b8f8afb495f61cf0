/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_LABEL_PROPAGATION_H
#define FN_ALGORITHMS_LABEL_PROPAGATION_H

#include "algorithms/clusters.h"

fn_status fn_label_propagation(fn_run *run, const fn_view *view, const fn_leiden_options *options,
                               fn_partition **partition);

/* All layers as one adjacency (FN_CSR_BOTH): the weights of ties as shares of their layer's, times alpha over the sum
 * of alpha of the layers that have ties; all ties together weigh 1, each stands in both rows. */
fn_status fn_layers_joined(fn_run *run, const fn_view *view, const fn_leiden_options *options, fn_csr **csr);

#endif
