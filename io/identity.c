/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <assert.h>
#include <stdlib.h>
#include "io/identity_inside.h"

enum { MENTION_IDS_MOST = 16 };

const char *fn_basis_name(fn_basis basis)
{
    static const char *const name[] = { "id", "id_without_scheme", "name_country", "name_town", "name" };
    return name[basis];
}

fn_status fn_identity_new(fn_run *run, fn_identity **identity)
{
    fn_identity *made = fn_alloc(run, 1, sizeof *made);
    *identity = NULL;
    if (!made) return FN_ENOMEM;
    fn_names **const tables[] = { &made->mention_texts, &made->ids, &made->spellings, &made->name_keys, &made->texts,
                                  &made->keys };
    fn_status status = FN_OK;
    for (size_t i = 0; i < sizeof tables / sizeof *tables && !status; i++) status = fn_names_new(run, tables[i]);
    if (status) fn_identity_free(made);
    else *identity = made;
    return status;
}

void fn_identity_free(fn_identity *identity)
{
    if (!identity) return;
    fn_names *const tables[] = { identity->mention_texts, identity->ids, identity->spellings, identity->name_keys,
                                 identity->texts, identity->keys };
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) fn_names_free(tables[i]);
    fn_free(identity->mention);
    fn_free(identity->id_list);
    fn_free(identity->id);
    fn_free(identity->spelling);
    fn_free(identity->basis);
    fn_free(identity->member);
    fn_free(identity->first_member);
    fn_bytes_free(&identity->scratch);
    fn_free(identity);
}

static fn_words trimmed(fn_words text)
{
    while (text.length && (unsigned char) text.bytes[0] <= ' ') text.bytes++, text.length--;
    while (text.length && (unsigned char) text.bytes[text.length - 1] <= ' ') text.length--;
    return text;
}

static fn_status number_text(fn_run *run, fn_identity *identity, fn_words text, uint32_t *number)
{
    *number = FN_NONE;
    text = trimmed(text);
    return text.length ? fn_names_add(run, identity->texts, text.bytes, text.length, number, NULL) : FN_OK;
}

/* ---- spellings ---- */

static fn_status describe_spelling(fn_run *run, fn_identity *identity, fn_words name, uint32_t number)
{
    size_t capacity = identity->spelling_rows;
    spelling *rows = fn_grow(run, identity->spelling, &capacity, (size_t) number + 1, sizeof *rows);
    if (!rows) return FN_ENOMEM;
    identity->spelling = rows;
    identity->spelling_rows = capacity;
    spelling *row = &rows[number];
    row->key = row->bare = FN_NONE;
    fn_name_key key;
    fn_status status = fn_name_key_make(run, name.bytes, name.length, &key);
    if (status) return status;
    if (!key.placeholder) {
        status = fn_names_add(run, identity->name_keys, key.key.text, key.key.length, &row->key, NULL);
        if (!status) status = fn_names_add(run, identity->name_keys, key.key.text, key.bare, &row->bare, NULL);
        row->group = key.consortium;
        row->kind = fn_kind_from_name(&key, false);
        row->kind_of_buyer = fn_kind_from_name(&key, true);
    }
    fn_name_key_free(&key);
    return status;
}

/* Number of a name as written, FN_NONE when it says nothing. */
static fn_status number_name(fn_run *run, fn_identity *identity, fn_words name, uint32_t *number)
{
    *number = FN_NONE;
    name = trimmed(name);
    if (!name.length) return FN_OK;
    bool is_new;
    fn_status status = fn_names_add(run, identity->spellings, name.bytes, name.length, number, &is_new);
    if (!status && is_new) status = describe_spelling(run, identity, name, *number);
    if (!status && identity->spelling[*number].key == FN_NONE) *number = FN_NONE;
    return status;
}

/* ---- identifiers ---- */

static fn_status number_id(fn_run *run, fn_identity *identity, size_t scheme, uint32_t scope, uint32_t *number)
{
    bool is_new;
    fn_bytes *text = &identity->scratch;
    fn_status status = fn_names_add(run, identity->ids, text->text, text->length, number, &is_new);
    if (status || !is_new) return status;
    numbered_id *rows = fn_grow(run, identity->id, &identity->id_rows, (size_t) *number + 1, sizeof *rows);
    if (!rows) return FN_ENOMEM;
    identity->id = rows;
    rows[*number] = (numbered_id) {
        .scheme = scheme, .scope = scope, .last_process = FN_NONE, .group = *number, .next = *number
    };
    return FN_OK;
}

/* One identifier of a party: into the list (with scheme) or *loose (without). */
static fn_status take_id(fn_run *run, fn_identity *identity, fn_words publisher, const fn_identifier *identifier,
                         uint32_t list[MENTION_IDS_MOST], uint32_t *count, uint32_t *loose)
{
    bool good, has_scheme = trimmed(identifier->scheme).length > 0;
    size_t scheme;
    uint32_t scope = FN_NONE, number;
    fn_bytes *text = &identity->scratch;
    fn_bytes_clear(text);
    if (!identifier->id.length) return FN_OK;
    fn_status status = FN_OK;
    fn_identifier plain = *identifier, inside;
    if (!has_scheme) {
        /* A whole org-id in the number's place brings its scheme along. */
        if (fn_identifier_of_party_id(identifier->id, &inside)) {
            plain = inside;
            has_scheme = true;
        } else {
            status = number_text(run, identity, publisher, &scope);
            if (!status) status = fn_bytes_text(run, text, "id:");
            if (!status) status = fn_bytes_add(run, text, publisher.bytes, publisher.length);
            if (!status) status = fn_bytes_text(run, text, publisher.length ? ":" : "");
        }
    }
    if (!status) status = fn_identifier_clean(run, &plain, text, &scheme, &good);
    if (status || !good || *count == MENTION_IDS_MOST) return status;
    status = number_id(run, identity, has_scheme ? scheme : 0, scope, &number);
    if (status) return status;
    if (!has_scheme) {
        if (*loose == FN_NONE) *loose = number;
        return FN_OK;
    }
    for (uint32_t i = 0; i < *count; i++)
        if (list[i] == number) return FN_OK;
    list[(*count)++] = number;
    return FN_OK;
}

static void seen_id(fn_identity *identity, uint32_t number, uint32_t process)
{
    numbered_id *row = &identity->id[number];
    if (row->last_process == process) return;
    row->last_process = process;
    row->processes++;
}

/* ---- mentions ---- */

static fn_status number_country(fn_run *run, fn_identity *identity, const fn_party *party, uint32_t *number)
{
    const char *code = fn_country_code(party->country.bytes, party->country.length);
    if (!code) code = fn_country_code(party->country_name.bytes, party->country_name.length);
    *number = FN_NONE;
    return code ? fn_names_add(run, identity->texts, code, 2, number, NULL) : FN_OK;
}

/* Where is the mention stored? Found by its text, or added. */
static fn_status place_mention(fn_run *run, fn_identity *identity, const mention *fresh,
                               const uint32_t list[MENTION_IDS_MOST], uint32_t *number)
{
    uint32_t packed[MENTION_IDS_MOST + 9] = { fresh->loose, fresh->spelling, fresh->legal_spelling, fresh->country,
                                              fresh->region, fresh->town, fresh->class_scheme, fresh->class_id,
                                              fresh->scale };
    for (uint32_t i = 0; i < fresh->ids; i++) packed[9 + i] = list[i];
    bool is_new;
    fn_status status = fn_names_add(run, identity->mention_texts, (const char *) packed,
                                    (9 + fresh->ids) * sizeof *packed, number, &is_new);
    if (status || !is_new) return status;
    mention *rows = fn_grow(run, identity->mention, &identity->mention_capacity, (size_t) *number + 1, sizeof *rows);
    if (!rows) return FN_ENOMEM;
    identity->mention = rows;
    uint32_t *ids = fn_grow(run, identity->id_list, &identity->id_capacity, identity->id_count + fresh->ids, sizeof *ids);
    if (!ids) return FN_ENOMEM;
    identity->id_list = ids;
    rows[*number] = *fresh;
    rows[*number].first_id = identity->id_count;
    for (uint32_t i = 0; i < fresh->ids; i++) ids[identity->id_count++] = list[i];
    return FN_OK;
}

fn_status fn_identity_mention(fn_run *run, fn_identity *identity, fn_words publisher, const fn_party *party,
                              uint32_t process, uint32_t *number)
{
    assert(!identity->resolved);
    uint32_t list[MENTION_IDS_MOST];
    mention fresh = { .loose = FN_NONE, .last_process = FN_NONE, .who = FN_NONE };
    fn_status status = FN_OK;
    *number = FN_NONE;
    for (size_t i = 0; i < party->identifiers && !status; i++)
        status = take_id(run, identity, publisher, &party->identifier[i], list, &fresh.ids, &fresh.loose);
    fn_identifier inside;
    if (!status && fresh.ids == 0 && fn_identifier_of_party_id(party->id, &inside))
        status = take_id(run, identity, publisher, &inside, list, &fresh.ids, &fresh.loose);

    fn_words legal_name = party->identifiers ? party->identifier[0].legal_name : (fn_words) { 0 };
    if (!status) status = number_name(run, identity, party->name, &fresh.spelling);
    if (!status) status = number_name(run, identity, legal_name, &fresh.legal_spelling);
    if (fresh.spelling == FN_NONE || fresh.spelling == fresh.legal_spelling) {
        fresh.spelling = fresh.legal_spelling;
        fresh.legal_spelling = FN_NONE;
    }
    if (status || (fresh.ids == 0 && fresh.loose == FN_NONE && fresh.spelling == FN_NONE)) return status;

    status = number_country(run, identity, party, &fresh.country);
    if (!status) status = number_text(run, identity, party->region, &fresh.region);
    if (!status) status = number_text(run, identity, party->town, &fresh.town);
    if (!status) status = number_text(run, identity, party->class_scheme, &fresh.class_scheme);
    if (!status) status = number_text(run, identity, party->class_id, &fresh.class_id);
    if (!status) status = number_text(run, identity, party->scale, &fresh.scale);
    if (!status) status = place_mention(run, identity, &fresh, list, number);
    if (status) {
        *number = FN_NONE;
        return status;
    }
    mention *row = &identity->mention[*number];
    row->roles |= party->roles;
    if (row->last_process == process) return FN_OK;
    row->last_process = process;
    row->times++;
    for (uint32_t i = 0; i < row->ids; i++) seen_id(identity, list[i], process);
    if (row->ids) identity->id[list[0]].leads = true;
    if (row->loose != FN_NONE) seen_id(identity, row->loose, process);
    return FN_OK;
}

bool fn_identity_says_group(const fn_identity *identity, uint32_t number)
{
    uint32_t name = number == FN_NONE ? FN_NONE : identity->mention[number].spelling;
    return name != FN_NONE && identity->spelling[name].group;
}

/* ---- after resolving ---- */

uint32_t fn_identity_count(const fn_identity *identity)
{
    return identity->resolved ? fn_names_count(identity->keys) : 0;
}

uint32_t fn_identity_of(const fn_identity *identity, uint32_t number)
{
    assert(identity->resolved);
    return number == FN_NONE ? FN_NONE : identity->mention[number].who;
}

const char *fn_identity_key(const fn_identity *identity, uint32_t who, size_t *length)
{
    return fn_names_text(identity->keys, who, length);
}

fn_basis fn_identity_basis(const fn_identity *identity, uint32_t who)
{
    return identity->basis[who];
}
