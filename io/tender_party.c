/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdlib.h>
#include "io/tender_book.h"

enum { NOT_YET = UINT32_MAX - 1 };

static int compare_words(fn_words a, fn_words b)
{
    size_t length = a.length < b.length ? a.length : b.length;
    int order = length ? memcmp(a.bytes, b.bytes, length) : 0;
    return order ? order : (a.length > b.length) - (a.length < b.length);
}

static int by_id(const void *left, const void *right)
{
    const fn_party *a = *(const fn_party *const *) left, *b = *(const fn_party *const *) right;
    int order = compare_words(a->id, b->id);
    return order ? order : (a > b) - (a < b);
}

static int by_name(const void *left, const void *right)
{
    const fn_party *a = *(const fn_party *const *) left, *b = *(const fn_party *const *) right;
    int order = compare_words(a->name, b->name);
    return order ? order : (a > b) - (a < b);
}

fn_status fn_parties_make(fn_run *run, const fn_process *process, uint32_t number, fn_parties *parties)
{
    *parties = (fn_parties) { .process = process, .number = number };
    parties->by_id = fn_alloc(run, process->parties, sizeof *parties->by_id);
    parties->by_name = fn_alloc(run, process->parties, sizeof *parties->by_name);
    parties->mention = fn_alloc(run, process->parties, sizeof *parties->mention);
    if (!parties->by_id || !parties->by_name || !parties->mention) {
        fn_parties_free(parties);
        return FN_ENOMEM;
    }
    for (size_t i = 0; i < process->parties; i++) {
        parties->by_id[i] = parties->by_name[i] = &process->party[i];
        parties->mention[i] = NOT_YET;
    }
    if (process->parties > 1) {
        qsort(parties->by_id, process->parties, sizeof *parties->by_id, by_id);
        qsort(parties->by_name, process->parties, sizeof *parties->by_name, by_name);
    }
    return FN_OK;
}

void fn_parties_free(fn_parties *parties)
{
    fn_free(parties->by_id);
    fn_free(parties->by_name);
    fn_free(parties->mention);
    *parties = (fn_parties) { 0 };
}

/* How many sorted parties stand before the wanted words (or up to and with them). */
static size_t position(const fn_party *const *sorted, size_t count, fn_words wanted, bool names, bool after)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare_words(names ? sorted[middle]->name : sorted[middle]->id, wanted);
        if (order < 0 || (after && order == 0)) low = middle + 1;
        else high = middle;
    }
    return low;
}

/* The party that is meant: by id (the last of several), else by name where only one bears it. */
static const fn_party *referred(const fn_parties *parties, const fn_party *reference)
{
    size_t count = parties->process->parties, first, end;
    if (reference->id.length) {
        end = position(parties->by_id, count, reference->id, false, true);
        if (end && fn_words_equal(parties->by_id[end - 1]->id, reference->id)) return parties->by_id[end - 1];
    }
    if (fn_words_empty(reference->name)) return NULL;
    first = position(parties->by_name, count, reference->name, true, false);
    end = position(parties->by_name, count, reference->name, true, true);
    bool other_id = reference->id.length && end > first && parties->by_name[first]->id.length;
    return end - first == 1 && !other_id ? parties->by_name[first] : NULL;
}

static fn_words either(fn_words first, fn_words second)
{
    return fn_words_empty(first) ? second : first;
}

/* The party with what only the reference says. */
static fn_party joined(const fn_party *party, const fn_party *reference)
{
    fn_party both = *party;
    both.name = either(party->name, reference->name);
    if (!party->identifiers) {
        both.identifier = reference->identifier;
        both.identifiers = reference->identifiers;
        both.main_identifier = reference->main_identifier;
    }
    both.country = either(party->country, reference->country);
    both.country_name = either(party->country_name, reference->country_name);
    both.region = either(party->region, reference->region);
    both.town = either(party->town, reference->town);
    both.roles |= reference->roles;
    return both;
}

/* Does the reference say more than the party? */
static bool party_adds(const fn_party *party, const fn_party *reference)
{
    return !party || reference->identifiers || (reference->roles & ~party->roles) || reference->country.length
        || reference->country_name.length || reference->region.length || reference->town.length
        || !(fn_words_empty(reference->name) || fn_words_equal(reference->name, party->name));
}

/* *lead: the reference is marked as lead of a group; *says_group: its name says that it is one. */
static fn_status mention_of(fn_run *run, fn_import *import, const fn_parties *parties, const fn_party *reference,
                            uint32_t *mention, bool *lead, bool *says_group)
{
    const fn_process *process = parties->process;
    const fn_party *party = referred(parties, reference);
    bool adds = party_adds(party, reference);
    uint32_t *known = party && !adds ? &parties->mention[party - process->party] : NULL;
    if (known && *known != NOT_YET) {
        *mention = *known;
        *lead = (party->roles & FN_ROLE_LEAD) != 0;
        *says_group = fn_identity_says_group(import->book->identity, *mention);
        return FN_OK;
    }
    fn_party whole = party ? joined(party, reference) : *reference;
    *lead = (whole.roles & FN_ROLE_LEAD) != 0;
    fn_status status = FN_OK;
    if (!party && process->parties && reference->id.length)
        status = fn_book_count(run, import, process, "party", FN_REMARK, "reference_unresolved",
                               "an organisation that is referred to does not stand among the parties", reference->id);
    fn_identity *identity = import->book->identity;
    if (!status)
        status = fn_identity_mention(run, identity, process->publisher_prefix, &whole, parties->number, mention);
    *says_group = !status && fn_identity_says_group(identity, *mention);
    if (known && !status) *known = *mention;
    /* Another spelling in the reference is an alias, where an identifier holds both together. */
    uint32_t alias;
    bool other = party && !fn_words_empty(reference->name) && !fn_words_equal(reference->name, whole.name);
    if (!status && other && *mention != FN_NONE && whole.identifiers) {
        whole.name = reference->name;
        status = fn_identity_mention(run, identity, process->publisher_prefix, &whole, parties->number, &alias);
    }
    return status;
}

static int by_words(const void *left, const void *right)
{
    return compare_words(*(const fn_words *) left, *(const fn_words *) right);
}

fn_status fn_parties_members(fn_run *run, fn_import *import, const fn_parties *parties, const fn_party *reference,
                             size_t count, fn_members *members, bool *lead)
{
    fn_tender_book *book = import->book;
    *members = (fn_members) { .first = book->members, .lead = FN_NONE };
    fn_words *nameless = NULL;
    bool ignored;
    if (!lead) lead = &ignored;
    *lead = false;
    size_t nameless_count = 0, nameless_capacity = 0, leads = 0;
    fn_status status = FN_OK;
    for (size_t i = 0; i < count && !status; i++) {
        uint32_t mention;
        bool leads_them = false, says_group = false;
        if ((status = mention_of(run, import, parties, &reference[i], &mention, &leads_them, &says_group))) break;
        *lead = *lead || leads_them || says_group;
        if (leads_them) members->lead = ++leads == 1 ? mention : FN_NONE;
        status = FN_ENOMEM;
        if (mention == FN_NONE) {
            fn_words *grown = fn_grow(run, nameless, &nameless_capacity, nameless_count + 1, sizeof *grown);
            if (!grown) break;
            nameless = grown;
            nameless[nameless_count++] = reference[i].id;
        } else {
            uint32_t *grown = fn_grow(run, book->member, &book->member_capacity, book->members + 1, sizeof *grown);
            if (!grown) break;
            book->member = grown;
            grown[book->members++] = mention;
            members->named++;
        }
        status = FN_OK;
    }
    /* The same local id twice is one unknown organisation; each without id is one. */
    if (nameless_count > 1) qsort(nameless, nameless_count, sizeof *nameless, by_words);
    for (size_t i = 0; i < nameless_count; i++)
        if (i == 0 || !nameless[i].length || !fn_words_equal(nameless[i - 1], nameless[i])) members->anonymous++;
    fn_free(nameless);
    return status;
}

static fn_status parties_with_role(fn_run *run, fn_import *import, const fn_parties *parties, unsigned role,
                                   fn_members *members)
{
    fn_tender_book *book = import->book;
    const fn_process *process = parties->process;
    *members = (fn_members) { .first = book->members, .lead = FN_NONE };
    for (size_t i = 0; i < process->parties; i++) {
        fn_members one;
        if (!(process->party[i].roles & role)) continue;
        fn_status status = fn_parties_members(run, import, parties, &process->party[i], 1, &one, NULL);
        if (status) return status;
        members->named += one.named;
        members->anonymous += one.anonymous;
    }
    return FN_OK;
}

fn_status fn_parties_buyers(fn_run *run, fn_import *import, const fn_parties *parties, fn_members *members)
{
    const fn_process *process = parties->process;
    fn_words none = { 0 };
    fn_status status = FN_OK;
    *members = (fn_members) { .first = import->book->members, .lead = FN_NONE };
    fn_party buyer = process->buyer, procuring = process->procuring;
    buyer.roles |= FN_ROLE_BUYER;
    procuring.roles |= FN_ROLE_PROCURING;
    if (process->has_buyer) status = fn_parties_members(run, import, parties, &buyer, 1, members, NULL);
    if (status || members->named) return status;
    fn_members said = *members;
    status = parties_with_role(run, import, parties, FN_ROLE_BUYER, members);
    if (status || members->named) return status;
    if (process->has_procuring)
        status = fn_parties_members(run, import, parties, &procuring, 1, members, NULL);
    if (!status && !members->named) status = parties_with_role(run, import, parties, FN_ROLE_PROCURING, members);
    if (status) return status;
    if (members->named)
        return fn_book_count(run, import, process, "process", FN_REMARK, "procuring_entity_buys",
                             "no buyer is named; the procuring entity is taken for it", none);
    *members = said;
    return FN_OK;
}
