/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_OWNERSHIP_H
#define FN_ALGORITHMS_OWNERSHIP_H

#include "graph/net.h"

typedef struct fn_ownership {
    uint32_t *head;          /* by firm: who stands for its group, often itself; of the caller, to be freed */
    uint32_t groups;         /* of two firms or more */
    uint32_t joined;         /* firms that somebody else stands for */
} fn_ownership;

/* Groups of firms under one owner: what the ties of layer ownership (from owner to owned, value the share) hold
 * together that are of `share` or more. Shares are parts of 1, or per cent where one is above 1; of a tie seen several
 * times its mean counts; where no tie states a share each counts. Ties from authorities do not join: what the state
 * owns is not one company. For a group stands its ultimate owner; where that is no company (a person, a bank) or owners
 * own each other, the company with the lowest number.
 * FN_EINVAL: no layer ownership, or values above 100 (they are no shares). O(ties). */
fn_status fn_ownership_groups(fn_run *run, const fn_net *net, double share, fn_ownership *ownership);

/* The net with each group as one firm: keys and attributes of who stands for it; ties and tenders of its members, those
 * between them left out; co-bidders and winners once. Further columns of ties are left out. */
fn_status fn_ownership_collapse(fn_run *run, const fn_net *net, const uint32_t *head, fn_net **collapsed);

#endif
