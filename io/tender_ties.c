/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include "io/tender_maker.h"

static fn_status add_tie(fn_maker *maker, uint16_t layer, uint32_t from, unsigned from_role, uint32_t to,
                         unsigned to_role, const fn_book_award *award, double value, size_t *row)
{
    fn_tie tie = { .layer = layer, .product = FN_NONE, .value = value, .weight = NAN, .count = 1,
                   .first = award->day, .last = award->day };
    fn_status status = fn_maker_firm(maker, to, to_role, &tie.to);
    if (!status) status = fn_maker_firm(maker, from, from_role, &tie.from);
    if (!status) status = fn_maker_currency(maker, award->currency, &tie.currency);
    if (!status) status = fn_maker_product(maker, award->product, &tie.product);
    if (!status) status = fn_net_add(maker->run, maker->import->net, &tie, row);
    if (!status) maker->made = true;
    return status;
}

/* ---- supply ---- */

/* One share of an award: a tie, or money that is nobody's or the buyer's own. */
static fn_status share_out(fn_maker *maker, const fn_book_award *award, uint32_t supplier, uint32_t buyer, double share,
                           size_t *ties, size_t *selves)
{
    const char *label = "supply_ties";
    fn_status status = FN_OK;
    if (supplier == FN_NONE || buyer == FN_NONE) {
        label = "anonymous";
    } else if (supplier == buyer) {
        label = "self_ties";
        ++*selves;
        status = fn_maker_remark(maker, "award", "self_tie", "a supplier that is the buyer itself makes no tie", 1);
    } else {
        ++*ties;
        status = add_tie(maker, FN_LAYER_SUPPLY, supplier, FN_ROLE_SUPPLIER, buyer, FN_ROLE_BUYER, award, share, NULL);
    }
    return status ? status : fn_book_money(maker->run, maker->import, label, award->currency, share);
}

static fn_status count_award(fn_maker *maker, const fn_book_award *award, const char *reason, const char *text)
{
    const char *unit = award->contract ? "contract" : "award";
    fn_words id = fn_maker_text(maker, award->id), none = { 0 };
    if (!reason) return fn_book_count(maker->run, maker->import, &maker->place, unit, FN_KEPT, "", "", none);
    return fn_book_reject(maker->run, maker->import, &maker->place, unit, reason, text, id);
}

/* Every supplier delivers to every buyer, each an equal share; suppliers and buyers in byte order of their keys, the
 * unknown ones last. */
fn_status fn_maker_supply(fn_maker *maker, const fn_book_award *award, bool *kept)
{
    fn_crowd *suppliers = &maker->suppliers, *buyers = &maker->buyers;
    *kept = false;
    fn_status status = fn_crowd_fill(maker, &award->suppliers, true, suppliers);
    if (!status) status = fn_crowd_fill(maker, &award->buyers, true, buyers);
    if (!status) status = fn_book_money(maker->run, maker->import, "counted", award->currency, award->value);
    if (status) return status;
    size_t rows = suppliers->count + suppliers->anonymous, columns = buyers->count + buyers->anonymous;
    size_t ties = 0, selves = 0, place = 0;
    if (rows > 1)
        status = fn_maker_remark(maker, award->contract ? "contract" : "award", "several_suppliers",
                                 "an award to several suppliers is divided equally", 1);
    if (!status && columns == 0) {
        status = fn_book_money(maker->run, maker->import, "no_buyer", award->currency, award->value);
        return status ? status : count_award(maker, award, "no_buyer", "nothing says who buys");
    }
    for (size_t s = 0; s < rows && !status; s++)
        for (size_t b = 0; b < columns && !status; b++)
            status = share_out(maker, award, s < suppliers->count ? suppliers->who[s] : FN_NONE,
                               b < buyers->count ? buyers->who[b] : FN_NONE,
                               fn_share(award->value, rows * columns, place++), &ties, &selves);
    if (status) return status;
    *kept = ties > 0;
    if (ties) return count_award(maker, award, NULL, NULL);
    if (selves) return count_award(maker, award, "self_tie_only", "the only supplier known is the buyer itself");
    return count_award(maker, award, "anonymous",
                       suppliers->count ? "the buyer has neither identifier nor name"
                                        : "the supplier has neither identifier nor name");
}

/* ---- consortia ---- */

/* Every two of the crowd are partners; members says who leads them. */
static fn_status add_pairs(fn_maker *maker, const fn_crowd *crowd, const fn_members *members, int32_t day)
{
    fn_book_award record = { .product = FN_NONE, .currency = maker->no_currency, .day = day };
    if (crowd->count > fn_maker_most_bidders(maker))
        return fn_maker_remark(maker, "bid", "consortium_too_large", "a joint bid of too many firms makes no ties", 1);
    uint32_t lead = members->lead == FN_NONE ? FN_NONE : fn_identity_of(maker->book->identity, members->lead), head;
    fn_status status = FN_OK;
    if (lead != FN_NONE) status = fn_maker_firm(maker, lead, FN_ROLE_LEAD, &head);
    for (size_t i = 0; i < crowd->count && !status; i++) {
        maker->joint_bids[crowd->who[i]] += lead != FN_NONE;
        maker->joint_bids_led[crowd->who[i]] += crowd->who[i] == lead;
        for (size_t j = i + 1; j < crowd->count && !status; j++) {
            size_t row;
            status = add_tie(maker, FN_LAYER_CONSORTIUM, crowd->who[i], FN_ROLE_MEMBER, crowd->who[j], FN_ROLE_MEMBER,
                             &record, NAN, &row);
            if (!status && lead != FN_NONE) status = fn_maker_note_lead(maker, row, head);
        }
    }
    return status;
}

static bool all_in(const fn_crowd *few, const fn_crowd *many)
{
    for (size_t i = 0; i < few->count; i++)
        if (!fn_crowd_has(many, few->who[i])) return false;
    return true;
}

static bool related(const fn_maker *maker, const fn_book_award *award, uint32_t bid)
{
    for (uint32_t i = 0; i < award->bids.count && bid != FN_NONE; i++)
        if (maker->book->lot[award->bids.first + i] == bid) return true;
    return false;
}

/* Was the award won by one bid of several firms? The bid's members are partners then, as of the day of the award.
 * Several suppliers without such evidence are a list, not a consortium; tenderers that are only listed
 * stand alone and match no such award. */
fn_status fn_maker_consortium(fn_maker *maker, const fn_book_award *award, const fn_crowd *suppliers)
{
    bool matched = false;
    for (size_t b = 0; b < maker->bids; b++) {
        const fn_book_bid *bid = &maker->book->bid[maker->process->first_bid + b];
        bool is_related = related(maker, award, bid->id);
        bool holds = suppliers->count && all_in(suppliers, &maker->bid[b]);
        bool same = holds && maker->bid[b].count == suppliers->count;
        if (!same && !(holds && is_related)) continue;
        if (maker->bid_day[b] == FN_DAY_NONE || award->day < maker->bid_day[b]) maker->bid_day[b] = award->day;
        matched = true;
    }
    if (suppliers->count < 2 || matched) return FN_OK;
    if (award->joint && !award->suppliers_changed) return add_pairs(maker, suppliers, &award->suppliers, award->day);
    return fn_maker_remark(maker, "award", "suppliers_not_partners",
                           "several suppliers without sign of a joint bid: no consortium", 1);
}

fn_status fn_maker_joint_bids(fn_maker *maker)
{
    fn_status status = FN_OK;
    for (size_t b = 0; b < maker->bids && !status; b++) {
        const fn_book_bid *bid = &maker->book->bid[maker->process->first_bid + b];
        int32_t day = maker->bid_day[b];
        if (bid->listed || maker->bid[b].count < 2) continue;
        if (day == FN_DAY_NONE) day = bid->day != FN_DAY_NONE ? bid->day : maker->process->day;
        status = add_pairs(maker, &maker->bid[b], &bid->tenderers, day);
    }
    return status;
}

/* ---- subcontracts ---- */

/* The award that a subcontract belongs to: named, or won by its bid. */
static const fn_book_award *award_of(const fn_maker *maker, const fn_book_sub *sub, size_t bid)
{
    for (uint32_t a = 0; a < maker->process->awards; a++) {
        const fn_book_award *award = &maker->book->award[maker->process->first_award + a];
        if (!maker->award_kept[a]) continue;
        if (sub->award != FN_NONE ? award->id == sub->award && !award->contract
                                  : bid < maker->bids && (related(maker, award, sub->bid)
                                                          || all_in(&maker->winner[a], &maker->bid[bid])))
            return award;
    }
    return NULL;
}

fn_status fn_maker_subcontract(fn_maker *maker, const fn_book_sub *sub)
{
    fn_words none = { 0 };
    size_t bid = 0;
    while (bid < maker->bids && (sub->bid == FN_NONE || maker->book->bid[maker->process->first_bid + bid].id != sub->bid))
        bid++;
    const fn_book_award *award = award_of(maker, sub, bid);
    if (!award)
        return fn_book_count(maker->run, maker->import, &maker->place, "subcontract", FN_REJECTED, "no_award",
                             "a subcontract of a bid or award that did not come about", none);
    fn_status status = fn_crowd_fill(maker, &sub->mains, true, &maker->mains);
    if (!status && !maker->mains.count && bid < maker->bids)
        status = fn_crowd_fill(maker, &maker->book->bid[maker->process->first_bid + bid].tenderers, true, &maker->mains);
    if (!status && !maker->mains.count) status = fn_crowd_fill(maker, &award->suppliers, true, &maker->mains);
    if (!status) status = fn_crowd_fill(maker, &sub->sub, true, &maker->suppliers);
    if (status) return status;
    fn_book_award record = *award;
    record.currency = sub->currency;
    size_t ties = 0;
    for (size_t i = 0; i < maker->mains.count && maker->suppliers.count && !status; i++) {
        uint32_t from = maker->suppliers.who[0], to = maker->mains.who[i];
        double share = fn_share(sub->value, maker->mains.count, i);
        if (from == to) {
            status = fn_maker_remark(maker, "subcontract", "self_tie", "a subcontractor of itself makes no tie", 1);
            continue;
        }
        ties++;
        status = add_tie(maker, FN_LAYER_SUBCONTRACT, from, FN_ROLE_SUBCONTRACTOR, to, FN_ROLE_MAIN, &record, share,
                         NULL);
        if (!status) status = fn_book_money(maker->run, maker->import, "subcontract_ties", sub->currency, share);
    }
    if (status) return status;
    return ties ? fn_book_count(maker->run, maker->import, &maker->place, "subcontract", FN_KEPT, "", "", none)
                : fn_book_count(maker->run, maker->import, &maker->place, "subcontract", FN_REJECTED, "no_tie",
                                "no main contractor is known beside the subcontractor itself", none);
}
