/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdlib.h>
#include "io/tender_maker.h"

/* Who heads joint bids, where the data says so. Consortium ties have no direction; beside them stands
 *   of ties    led_by_from, led_by_to   joint bids of both firms that the one, or the other, headed
 *   of firms   joint_bids               joint bids whose head is known
 *              joint_bids_led           those of them that the firm headed */

fn_status fn_maker_note_lead(fn_maker *maker, size_t row, uint32_t head)
{
    const fn_tie tie = fn_ties_at(fn_net_tie_rows(maker->import->net), row);
    fn_led_tie *grown = fn_grow(maker->run, maker->led, &maker->led_capacity, maker->leds + 1, sizeof *grown);
    if (!grown) return FN_ENOMEM;
    maker->led = grown;
    grown[maker->leds++] = (fn_led_tie) { row, tie.from == head, tie.to == head };
    return FN_OK;
}

static int by_pair(const void *left, const void *right, void *user)
{
    const fn_tie a = fn_ties_at(user, ((const fn_led_tie *) left)->row);
    const fn_tie b = fn_ties_at(user, ((const fn_led_tie *) right)->row);
    if (a.from != b.from) return a.from < b.from ? -1 : 1;
    return (a.to > b.to) - (a.to < b.to);
}

/* Of records that become one tie the columns of the first stay: so all get the sums of their pair. */
static void write_pairs(const fn_maker *maker, const fn_ties *ties, fn_column *from, fn_column *to)
{
    const fn_led_tie *led = maker->led;
    for (size_t i = 0, end; i < maker->leds; i = end) {
        int64_t by_from = 0, by_to = 0;
        for (end = i; end < maker->leds && by_pair(&led[i], &led[end], (void *) ties) == 0; end++) {
            by_from += led[end].by_from;
            by_to += led[end].by_to;
        }
        for (size_t k = i; k < end; k++) {
            from->integer[led[k].row] = by_from;
            to->integer[led[k].row] = by_to;
        }
    }
}

/* A column that another input may have brought already. */
static fn_status number_column(fn_run *run, fn_table *table, const char *name, fn_column **column)
{
    *column = fn_table_find(table, name);
    if (!*column) return fn_table_add(run, table, name, FN_COLUMN_INT, column);
    if ((*column)->type == FN_COLUMN_INT) return fn_column_own(run, *column);
    return fn_fail(run, FN_EPARSE, "a table brings a column %s that is no number; tenders have one of that name", name);
}

fn_status fn_maker_write_leads(fn_maker *maker)
{
    fn_net *net = maker->import->net;
    fn_column *from, *to, *bids, *led;
    if (!maker->leds) return FN_OK;
    fn_status status = number_column(maker->run, fn_net_tie_table(net), "led_by_from", &from);
    if (!status) status = number_column(maker->run, fn_net_tie_table(net), "led_by_to", &to);
    if (!status) status = number_column(maker->run, fn_net_firm_table(net), "joint_bids", &bids);
    if (!status) status = number_column(maker->run, fn_net_firm_table(net), "joint_bids_led", &led);
    if (status) return status;
    const fn_ties *ties = fn_net_tie_rows(net);
    qsort_r(maker->led, maker->leds, sizeof *maker->led, by_pair, (void *) ties);
    write_pairs(maker, ties, from, to);
    for (uint32_t w = 0; w < fn_identity_count(maker->book->identity); w++) {
        if (!maker->joint_bids[w] || maker->firm[w] == FN_NONE) continue;
        bids->integer[maker->firm[w]] = maker->joint_bids[w];
        led->integer[maker->firm[w]] = maker->joint_bids_led[w];
    }
    return FN_OK;
}
