/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/slices_inside.h"
#include "graph/memory.h"

/* Clusters of one slice as clusters of all firms: those of its nodes by first appearance, firms that are not there each
 * alone. number: of each cluster of the whole, FN_NONE at the start and at the end. */
static void firms_clusters(const fn_slices *slices, uint32_t slice, const uint32_t *cluster, uint32_t *number,
                           uint32_t *of_firm)
{
    uint32_t clusters = 0;
    for (uint32_t firm = 0; firm < slices->firms; firm++) of_firm[firm] = FN_NONE;
    for (uint32_t node = slices->begin[slice]; node < slices->begin[slice + 1]; node++) {
        if (number[cluster[node]] == FN_NONE) number[cluster[node]] = clusters++;
        of_firm[slices->firm[node]] = number[cluster[node]];
    }
    for (uint32_t firm = 0; firm < slices->firms; firm++)
        if (of_firm[firm] == FN_NONE) of_firm[firm] = clusters++;
    for (uint32_t node = slices->begin[slice]; node < slices->begin[slice + 1]; node++) number[cluster[node]] = FN_NONE;
}

/* Quality of a partition over periods (Mucha, Richardson, Macon, Porter and Onnela 2010, Science 328:876, with ordinal
 * coupling):
 *     1/mu  ( sum over periods p of  T_p Q_p  +  W * couplings inside clusters ),   mu = sum of T_p + W * couplings
 *   Q_p is the quality of the period's own ties beside the period's own null model, as fn_partition_quality gives it
 * (modularity, directed modularity or CPM; layers by their weights). T_p is the number of pairs of firms that its ties
 * join: so the ties of a period are weighed as if a joined pair weighed 1 in the mean. A period counts as much as it
 * has pairs, whatever the money of its time is worth, and W = 1 binds a firm to itself as much as a mean pair is bound.
 *   A coupling is between a firm in a period in which it has ties and the same firm in the last period before in which
 * it has some, with W however long it was away. W = 0: the mean of the periods' own qualities, weighed by T_p.
 * From scratch, independent of the search. O(periods * firms + ties). */
fn_status fn_slices_quality(fn_run *run, const fn_slices *slices, const uint32_t *cluster,
                            const fn_leiden_options *options, double coupling, fn_slices_worth *worth)
{
    const double total = fn_slices_total(slices, coupling), pairs = fn_slices_total(slices, 0);
    fn_status status = FN_ENOMEM;
    *worth = (fn_slices_worth) { 0 };
    uint32_t *number = fn_alloc_bare(run, slices->nodes, sizeof *number);
    uint32_t *of_firm = fn_alloc_bare(run, slices->firms, sizeof *of_firm);
    if (!number || !of_firm) goto done;
    memset(number, 0xff, slices->nodes * sizeof *number);
    double sum = 0;
    for (uint32_t slice = 0; slice < slices->periods; slice++) {
        double quality, layer_quality[FN_LAYERS_MOST];
        firms_clusters(slices, slice, cluster, number, of_firm);
        status = fn_partition_quality(run, &slices->view[slice], of_firm, options, &quality, layer_quality);
        if (status) goto done;
        sum += (double) slices->pairs[slice] * quality;
    }
    for (uint32_t node = 0; node < slices->nodes; node++)
        worth->stayed += slices->before[node] != FN_NONE && cluster[node] == cluster[slices->before[node]];
    worth->ties = sum / pairs;
    worth->quality = (sum + coupling * (double) worth->stayed) / total;
    status = FN_OK;
done:
    fn_free(number);
    fn_free(of_firm);
    return status;
}
