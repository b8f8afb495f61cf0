/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdlib.h>
#include "io/identity_inside.h"

enum { UNLIKE_NAMES = 8, COMPARED_NAMES_MOST = 40 };
static const double alike_from = 0.5, stable_from = 0.95;

typedef struct id_name { uint32_t id, name; } id_name;

static int by_bytes(const fn_names *names, uint32_t a, uint32_t b)
{
    size_t a_length, b_length;
    const char *x = fn_names_text(names, a, &a_length), *y = fn_names_text(names, b, &b_length);
    int order = memcmp(x, y, a_length < b_length ? a_length : b_length);
    return order ? order : (a_length > b_length) - (a_length < b_length);
}

static int by_id_and_name(const void *left, const void *right, void *user)
{
    const id_name *a = left, *b = right;
    if (a->id != b->id) return a->id < b->id ? -1 : 1;
    return a->name == b->name ? 0 : by_bytes(((fn_identity *) user)->name_keys, a->name, b->name);
}

/* Every different name (without legal form) under every identifier, sorted. The names of buyers do not count: a public
 * body publishes under the names of its offices, and is one body all the same. */
static fn_status names_of_ids(fn_run *run, fn_identity *identity, id_name **pairs, size_t *count)
{
    uint32_t mentions = fn_names_count(identity->mention_texts);
    size_t most = 0, made = 0;
    for (uint32_t m = 0; m < mentions; m++) most += identity->mention[m].ids + 1;
    id_name *all = fn_alloc(run, most, sizeof *all);
    if (!all) return FN_ENOMEM;
    for (uint32_t m = 0; m < mentions; m++) {
        const mention *row = &identity->mention[m];
        if (row->spelling == FN_NONE || (row->roles & (FN_ROLE_BUYER | FN_ROLE_PROCURING))) continue;
        uint32_t name = identity->spelling[row->spelling].bare;
        for (uint32_t i = 0; i < row->ids; i++) all[made++] = (id_name) { identity->id_list[row->first_id + i], name };
        if (row->loose != FN_NONE) all[made++] = (id_name) { row->loose, name };
    }
    if (made) qsort_r(all, made, sizeof *all, by_id_and_name, identity);
    size_t kept = 0;
    for (size_t i = 0; i < made; i++)
        if (!kept || all[kept - 1].id != all[i].id || all[kept - 1].name != all[i].name) all[kept++] = all[i];
    *pairs = all;
    *count = kept;
    return FN_OK;
}

/* Mean likeness of all pairs of the names; of very many the first in byte order stand for all. */
static double mean_likeness(const fn_identity *identity, const id_name *pair, size_t names)
{
    if (names > COMPARED_NAMES_MOST) names = COMPARED_NAMES_MOST;
    double sum = 0;
    for (size_t i = 0; i < names; i++)
        for (size_t j = 0; j < i; j++) {
            size_t a, b;
            const char *x = fn_names_text(identity->name_keys, pair[i].name, &a);
            const char *y = fn_names_text(identity->name_keys, pair[j].name, &b);
            sum += fn_name_likeness(x, a, y, b);
        }
    return names > 1 ? sum / ((double) names * (double) (names - 1) / 2) : 1;
}

/* Identifiers with a scheme that unlike names share; identifiers without scheme whose names disagree, and all of a
 * publisher whose identifiers without scheme do not prove stable. */
static fn_status find_nobodies(fn_run *run, fn_identity *identity, fn_account *account)
{
    id_name *pair = NULL;
    size_t pairs = 0;
    uint32_t ids = fn_names_count(identity->ids), scopes = fn_names_count(identity->texts) + 1;
    int64_t *repeated = fn_alloc(run, scopes, sizeof *repeated), *alike = fn_alloc(run, scopes, sizeof *alike);
    fn_status status = FN_ENOMEM;
    if (!repeated || !alike) goto done;
    if ((status = names_of_ids(run, identity, &pair, &pairs))) goto done;
    for (size_t i = 0, end; i < pairs && !status; i = end) {
        numbered_id *id = &identity->id[pair[i].id];
        for (end = i + 1; end < pairs && pair[end].id == pair[i].id;) end++;
        bool agree = end - i == 1 || mean_likeness(identity, pair + i, end - i) >= alike_from;
        id->nobody = !agree && (id->scheme == 0 || end - i >= UNLIKE_NAMES);
        if (id->nobody)
            status = fn_account_count(run, account, "firm", FN_REMARK, "identifier_of_unlike_names",
                                      "an identifier that unlike names share identifies nobody; its firms go by name", 1,
                                      NULL, 0, fn_names_text(identity->ids, pair[i].id, NULL));
        if (id->scheme || id->processes < 2) continue;
        size_t scope = id->scope == FN_NONE ? scopes - 1 : id->scope;
        repeated[scope]++;
        alike[scope] += agree;
    }
    for (uint32_t i = 0; i < ids && !status; i++) {
        numbered_id *id = &identity->id[i];
        size_t scope = id->scope == FN_NONE ? scopes - 1 : id->scope;
        bool stable = repeated[scope] > 0 && (double) alike[scope] >= stable_from * (double) repeated[scope];
        if (id->scheme || id->nobody || stable) continue;
        id->nobody = true;
        status = fn_account_count(run, account, "firm", FN_REMARK, "identifier_without_scheme",
                                  "an identifier without scheme, from a publisher whose identifiers do not prove stable, "
                                  "is not used; the firm goes by name", 1, NULL, 0,
                                  fn_names_text(identity->ids, i, NULL));
    }
done:
    fn_free(pair);
    fn_free(repeated);
    fn_free(alike);
    return status;
}

/* ---- identifiers of one party belong together ---- */

static uint32_t group_of(fn_identity *identity, uint32_t id)
{
    while (identity->id[id].group != id) {
        identity->id[id].group = identity->id[identity->id[id].group].group;
        id = identity->id[id].group;
    }
    return id;
}

static bool same_scheme(const fn_identity *identity, uint32_t a, uint32_t b)
{
    size_t length = identity->id[a].scheme;
    return length == identity->id[b].scheme
        && memcmp(fn_names_text(identity->ids, a, NULL), fn_names_text(identity->ids, b, NULL), length) == 0;
}

/* Would joining give a firm two numbers of one scheme? */
static bool clash(const fn_identity *identity, uint32_t a, uint32_t b)
{
    uint32_t i = a;
    do {
        uint32_t j = b;
        do {
            if (same_scheme(identity, i, j)) return true;
        } while ((j = identity->id[j].next) != b);
    } while ((i = identity->id[i].next) != a);
    return false;
}

static int by_both_ids(const void *left, const void *right, void *user)
{
    const id_name *a = left, *b = right;
    const fn_names *ids = ((fn_identity *) user)->ids;
    int order = a->id == b->id ? 0 : by_bytes(ids, a->id, b->id);
    return order || a->name == b->name ? order : by_bytes(ids, a->name, b->name);
}

static fn_status join_ids(fn_run *run, fn_identity *identity, fn_account *account)
{
    uint32_t mentions = fn_names_count(identity->mention_texts);
    size_t most = 0, made = 0;
    for (uint32_t m = 0; m < mentions; m++) most += identity->mention[m].ids;
    id_name *edge = fn_alloc(run, most, sizeof *edge);
    if (!edge) return FN_ENOMEM;
    for (uint32_t m = 0; m < mentions; m++) {
        const mention *row = &identity->mention[m];
        const uint32_t *ids = identity->id_list + row->first_id;
        uint32_t lead = FN_NONE;
        for (uint32_t i = 0; i < row->ids; i++) {
            if (identity->id[ids[i]].nobody) continue;
            if (lead == FN_NONE) lead = ids[i];
            else if (by_bytes(identity->ids, lead, ids[i]) < 0) edge[made++] = (id_name) { lead, ids[i] };
            else edge[made++] = (id_name) { ids[i], lead };
        }
    }
    /* In byte order, so that what a clash forbids does not depend on the order of reading. */
    if (made) qsort_r(edge, made, sizeof *edge, by_both_ids, identity);
    fn_status status = FN_OK;
    for (size_t i = 0; i < made && !status; i++) {
        uint32_t a = group_of(identity, edge[i].id), b = group_of(identity, edge[i].name);
        if (a == b) continue;
        if (clash(identity, a, b)) {
            status = fn_account_count(run, account, "firm", FN_REMARK, "identifiers_clash",
                                      "identifiers of one party are not joined: a firm would have two of one scheme", 1,
                                      NULL, 0, fn_names_text(identity->ids, edge[i].id, NULL));
            continue;
        }
        uint32_t swap = identity->id[a].next;
        identity->id[a].next = identity->id[b].next;
        identity->id[b].next = swap;
        identity->id[b].group = a;
    }
    fn_free(edge);
    return status;
}

/* The identifier that names a group: one that leads somewhere before others, then byte order. */
static uint32_t head_of(const fn_identity *identity, uint32_t id)
{
    uint32_t head = id;
    for (uint32_t i = identity->id[id].next; i != id; i = identity->id[i].next) {
        bool leads = identity->id[i].leads, head_leads = identity->id[head].leads;
        if (leads != head_leads ? leads : by_bytes(identity->ids, i, head) < 0) head = i;
    }
    return head;
}

/* ---- keys ---- */

static fn_status put_name_key(fn_run *run, const fn_identity *identity, const mention *row, fn_bytes *key, fn_basis *basis)
{
    size_t length;
    const char *name = fn_names_text(identity->name_keys, identity->spelling[row->spelling].key, &length);
    fn_status status = fn_bytes_text(run, key, "name:");
    if (!status) status = fn_bytes_add(run, key, name, length);
    if (!status) status = fn_bytes_text(run, key, "|");
    *basis = FN_BASIS_NAME;
    if (status) return status;
    if (row->country != FN_NONE) {
        *basis = FN_BASIS_NAME_COUNTRY;
        return fn_bytes_text(run, key, fn_names_text(identity->texts, row->country, NULL));
    }
    if (row->town == FN_NONE) return FN_OK;
    fn_name_key town;
    const char *written = fn_names_text(identity->texts, row->town, &length);
    status = fn_name_key_make(run, written, length, &town);
    if (status) return status;
    if (!town.placeholder && town.letters) {
        *basis = FN_BASIS_NAME_TOWN;
        status = fn_bytes_text(run, key, "@");
        if (!status) status = fn_bytes_add(run, key, town.words.text, town.words.length);
    }
    fn_name_key_free(&town);
    return status;
}

/* Key of a mention; empty: anonymous after all. */
static fn_status put_key(fn_run *run, const fn_identity *identity, const mention *row, fn_bytes *key, fn_basis *basis)
{
    fn_bytes_clear(key);
    uint32_t id = FN_NONE;
    *basis = FN_BASIS_ID;
    for (uint32_t i = 0; i < row->ids && id == FN_NONE; i++)
        if (!identity->id[identity->id_list[row->first_id + i]].nobody)
            id = head_of(identity, identity->id_list[row->first_id + i]);
    if (id == FN_NONE && row->loose != FN_NONE && !identity->id[row->loose].nobody) {
        id = row->loose;
        *basis = FN_BASIS_LOOSE_ID;
    }
    if (id != FN_NONE) {
        size_t length;
        const char *text = fn_names_text(identity->ids, id, &length);
        return fn_bytes_add(run, key, text, length);
    }
    return row->spelling == FN_NONE ? FN_OK : put_name_key(run, identity, row, key, basis);
}

static int by_key(const void *left, const void *right, void *user)
{
    return by_bytes(user, *(const uint32_t *) left, *(const uint32_t *) right);
}

/* Organisations in byte order of their keys, whatever came first. */
static fn_status sort_keys(fn_run *run, fn_identity *identity, fn_names *found, const fn_basis *basis)
{
    uint32_t count = fn_names_count(found), mentions = fn_names_count(identity->mention_texts);
    uint32_t *order = fn_alloc(run, count, sizeof *order), *rank = fn_alloc(run, count, sizeof *rank);
    identity->basis = fn_alloc(run, count, sizeof *identity->basis);
    identity->member = fn_alloc(run, mentions, sizeof *identity->member);
    identity->first_member = fn_alloc(run, (size_t) count + 1, sizeof *identity->first_member);
    fn_status status = FN_ENOMEM;
    if (!order || !rank || !identity->basis || !identity->member || !identity->first_member) goto done;
    for (uint32_t i = 0; i < count; i++) order[i] = i;
    if (count) qsort_r(order, count, sizeof *order, by_key, found);
    status = FN_OK;
    for (uint32_t i = 0; i < count && !status; i++) {
        size_t length;
        uint32_t number;
        const char *text = fn_names_text(found, order[i], &length);
        rank[order[i]] = i;
        identity->basis[i] = basis[order[i]];
        status = fn_names_add(run, identity->keys, text, length, &number, NULL);
    }
    /* Members of each organisation, by counting. */
    for (uint32_t m = 0; m < mentions && !status; m++) {
        uint32_t *who = &identity->mention[m].who;
        if (*who == FN_NONE) continue;
        *who = rank[*who];
        identity->first_member[*who + 1]++;
    }
    for (uint32_t i = 0; i < count; i++) identity->first_member[i + 1] += identity->first_member[i];
    for (uint32_t m = mentions; m-- > 0 && !status;) {
        uint32_t who = identity->mention[m].who;
        if (who != FN_NONE) identity->member[--identity->first_member[who + 1]] = m;
    }
    /* Each start was moved to its end's place: shift back. */
    for (uint32_t i = 0; i < count; i++) identity->first_member[i] = identity->first_member[i + 1];
    size_t named = 0;
    for (uint32_t m = 0; m < mentions; m++) named += identity->mention[m].who != FN_NONE;
    identity->first_member[count] = named;
done:
    fn_free(order);
    fn_free(rank);
    return status;
}

static fn_status make_keys(fn_run *run, fn_identity *identity)
{
    fn_names *found = NULL;
    fn_basis *basis = NULL;
    size_t capacity = 0;
    fn_bytes key = { 0 };
    uint32_t mentions = fn_names_count(identity->mention_texts);
    fn_status status = fn_names_new(run, &found);
    for (uint32_t m = 0; m < mentions && !status; m++) {
        mention *row = &identity->mention[m];
        fn_basis how;
        if ((status = put_key(run, identity, row, &key, &how)) || !key.length) continue;
        if ((status = fn_names_add(run, found, key.text, key.length, &row->who, NULL))) break;
        fn_basis *grown = fn_grow(run, basis, &capacity, (size_t) row->who + 1, sizeof *grown);
        if (!grown) {
            status = FN_ENOMEM;
            break;
        }
        basis = grown;
        basis[row->who] = how;
        if (m % 4096 == 0) status = fn_progress(run, "telling firms apart", (double) m / mentions);
    }
    if (!status) status = sort_keys(run, identity, found, basis);
    fn_names_free(found);
    fn_free(basis);
    fn_bytes_free(&key);
    return status;
}

static fn_status count_check_digits(fn_run *run, const fn_identity *identity, fn_account *account)
{
    uint32_t ids = fn_names_count(identity->ids);
    fn_status status = FN_OK;
    for (uint32_t i = 0; i < ids && !status; i++) {
        size_t length;
        const char *text = fn_names_text(identity->ids, i, &length);
        if (fn_identifier_check(text, length) == 0)
            status = fn_account_count(run, account, "firm", FN_REMARK, "identifier_check_failed",
                                      "the check digit of an identifier is wrong; it is used all the same", 1, NULL, 0,
                                      text);
    }
    return status;
}

fn_status fn_identity_resolve(fn_run *run, fn_identity *identity, fn_account *account)
{
    fn_status status = find_nobodies(run, identity, account);
    if (!status) status = join_ids(run, identity, account);
    if (!status) status = make_keys(run, identity);
    if (!status) status = count_check_digits(run, identity, account);
    if (!status) identity->resolved = true;
    return status;
}
