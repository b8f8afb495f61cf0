/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <assert.h>
#include "graph/memory.h"
#include "graph/net_inside.h"

static void turn_ties(fn_net *net, const uint32_t *number)
{
    fn_ties *ties = &net->ties;
    for (size_t e = 0; e < ties->rows; e++) {
        uint32_t from = number[ties->from[e]], to = number[ties->to[e]];
        bool turn = !fn_net_layer_directed(ties->layer ? ties->layer[e] : ties->usual.layer) && from > to;
        ties->from[e] = turn ? to : from;
        ties->to[e] = turn ? from : to;
    }
}

fn_status fn_net_renumber(fn_run *run, fn_net *net, const uint32_t *order)
{
    assert(!net->frozen);
    if (net->tenders || net->firm_columns->columns)
        return fn_fail(run, FN_EINVAL, "firms can't be numbered anew once tenders or attributes refer to them");
    uint32_t firms = fn_names_count(net->keys), added;
    uint32_t *number = fn_alloc(run, firms, sizeof *number);
    fn_names *keys = NULL;
    fn_status status = number ? fn_names_new(run, &keys) : FN_ENOMEM;
    if (!status) status = fn_ties_own(run, &net->ties);
    for (uint32_t k = 0; !status && k < firms; k++) {
        size_t length;
        const char *text = fn_names_text(net->keys, order[k], &length);
        status = fn_names_add(run, keys, text, length, &added, NULL);
        assert(status || added == k);
        number[order[k]] = k;
    }
    if (!status) {
        turn_ties(net, number);
        fn_names_free(net->keys);
        net->keys = keys;
        keys = NULL;
    }
    fn_names_free(keys);
    fn_free(number);
    return status;
}
