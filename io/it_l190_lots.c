/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include "graph/text.h"
#include "io/it_l190.h"
#include "io/tender_book.h"

/* From lots to processes: each lot is one with its bids, and an award for every bid (or firm) that won. */

static const fn_words euro = { "EUR", 3 };

typedef struct handing {
    fn_run *run;
    fn_l190 *l190;
    fn_arena arena;
    const fn_l190_lot *lot;
    fn_process process;
} handing;

static fn_status remark(handing *h, const char *reason, const char *text)
{
    char quoted[FN_QUOTE_TEXT];
    fn_words id = fn_l190_text(h->l190, h->lot->id);
    return fn_account_count(h->run, h->l190->import->account, "lot", FN_REMARK, reason, text, 1, h->process.file,
                            h->lot->line, fn_words_plain(id, quoted));
}

/* The members of one group as references. One head is its lead; several are an error of the data: then it has none. */
static fn_status take_group(handing *h, size_t first, size_t end, fn_party **party)
{
    const fn_l190_row *row = h->l190->row;
    size_t heads = 0;
    fn_party *made = fn_arena_take(h->run, &h->arena, end - first, sizeof *made);
    fn_identifier *identifier = fn_arena_take(h->run, &h->arena, 2 * (end - first), sizeof *identifier);
    if (!made || !identifier) return FN_ENOMEM;
    for (size_t i = first; i < end; i++) heads += row[i].head;
    for (size_t i = first; i < end; i++) {
        made[i - first] = fn_l190_party(h->l190, &row[i], &identifier[2 * (i - first)]);
        if (row[i].head && heads == 1 && end - first > 1) made[i - first].roles = FN_ROLE_LEAD;
    }
    *party = made;
    return heads > 1 ? remark(h, "several_heads", "a group with several heads has none") : FN_OK;
}

static void count_groups(const handing *h, size_t *bids, size_t *awards)
{
    const fn_l190_lot *lot = h->lot;
    *bids = *awards = 0;
    for (size_t i = lot->first_row, end; i < lot->first_row + lot->rows; i = end) {
        end = fn_l190_group_end(h->l190, lot, i);
        if (h->l190->row[i].won) ++*awards;
        else ++*bids;
    }
}

/* The amount of a lot with several winners is divided equally; nothing says otherwise. */
static fn_status take_awards(handing *h, size_t first, size_t awards)
{
    const fn_l190_lot *lot = h->lot;
    fn_award *award = fn_arena_take(h->run, &h->arena, awards, sizeof *award);
    if (!award) return FN_ENOMEM;
    h->process.award = award;
    for (size_t i = first, end; i < lot->first_row + lot->rows; i = end) {
        end = fn_l190_group_end(h->l190, lot, i);
        fn_award *made = &award[h->process.awards];
        *made = (fn_award) { .id = fn_l190_text(h->l190, h->l190->row[i].group), .status = { "active", 6 },
                             .suppliers = end - i, .day = lot->day,
                             .value = { fn_share(lot->value, awards, h->process.awards), euro } };
        fn_status status = take_group(h, i, end, &made->supplier);
        if (status) return status;
        h->process.awards++;
    }
    return awards > 1 ? remark(h, "several_winners", "the amount of a lot that several won is divided equally") : FN_OK;
}

static fn_status take_bids(handing *h, size_t bids, size_t *first_award)
{
    const fn_l190_lot *lot = h->lot;
    size_t i = lot->first_row;
    fn_bid *bid = fn_arena_take(h->run, &h->arena, bids, sizeof *bid);
    if (!bid) return FN_ENOMEM;
    h->process.bid = bid;
    while (h->process.bids < bids) {
        size_t end = fn_l190_group_end(h->l190, lot, i);
        fn_bid *made = &bid[h->process.bids++];
        *made = (fn_bid) { .tenderers = end - i, .value.amount = NAN, .day = FN_DAY_NONE };
        fn_status status = take_group(h, i, end, &made->tenderer);
        if (status) return status;
        i = end;
    }
    *first_award = i;
    return FN_OK;
}

static fn_status take_buyer(handing *h)
{
    fn_identifier *identifier = fn_arena_take(h->run, &h->arena, 1, sizeof *identifier);
    if (!identifier) return FN_ENOMEM;
    *identifier = (fn_identifier) { .scheme = { "IT-CF", 5 }, .id = fn_l190_text(h->l190, h->lot->buyer) };
    h->process.has_buyer = true;
    h->process.buyer = (fn_party) { .name = fn_l190_text(h->l190, h->lot->office), .identifier = identifier,
                                    .identifiers = h->lot->buyer != FN_NONE, .main_identifier = true };
    return FN_OK;
}

/* Lots have no identifier of their own that is unique: buyer and lottoID. */
static fn_status take_id(handing *h)
{
    fn_words buyer = fn_l190_text(h->l190, h->lot->buyer), id = fn_l190_text(h->l190, h->lot->id);
    size_t room = buyer.length + id.length + 16;
    char *text = fn_arena_take(h->run, &h->arena, room, 1);
    if (!text) return FN_ENOMEM;
    int length = snprintf(text, room, "it-l190-%.*s-%.*s", (int) buyer.length, buyer.bytes, (int) id.length, id.bytes);
    h->process.ocid = (fn_words) { text, (size_t) length };
    return FN_OK;
}

static fn_status hand_over_lot(handing *h)
{
    const fn_l190_lot *lot = h->lot;
    size_t bids, awards, first_award;
    h->process = (fn_process) { .file = fn_names_text(h->l190->texts, lot->file, NULL), .line = lot->line,
                                .release_day = FN_DAY_NONE, .tender_end_day = lot->day,
                                .publisher_prefix = { "it-l190", 7 },
                                .tender_method = fn_l190_text(h->l190, lot->method) };
    count_groups(h, &bids, &awards);
    fn_status status = take_id(h);
    if (!status) status = take_buyer(h);
    if (!status) status = take_bids(h, bids, &first_award);
    if (!status) status = take_awards(h, first_award, awards);
    return status ? status : fn_tender_add(h->run, h->l190->import, &h->process);
}

fn_status fn_l190_hand_over(fn_run *run, fn_l190 *l190)
{
    handing h = { .run = run, .l190 = l190 };
    fn_status status = FN_OK;
    for (size_t i = 0; i < l190->lots && !status; i++) {
        if (i % 1024 == 0) status = fn_progress(run, "reading lots", (double) i / (double) l190->lots);
        h.lot = &l190->lot[i];
        if (!status) status = hand_over_lot(&h);
        fn_arena_reset(&h.arena);
    }
    fn_arena_free(&h.arena);
    return status;
}
