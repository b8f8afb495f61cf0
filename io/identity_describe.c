/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdlib.h>
#include "io/identity_inside.h"

/* How often something was said of an organisation. */
typedef struct vote { uint32_t text; int64_t times; } vote;

static int by_text_number(const void *left, const void *right)
{
    const vote *a = left, *b = right;
    return (a->text > b->text) - (a->text < b->text);
}

/* Most times first, then the longest, then byte order. */
static int by_times(const void *left, const void *right, void *user)
{
    const vote *a = left, *b = right;
    size_t a_length, b_length;
    const char *x = fn_names_text(user, a->text, &a_length), *y = fn_names_text(user, b->text, &b_length);
    if (a->times != b->times) return a->times > b->times ? -1 : 1;
    if (a_length != b_length) return a_length > b_length ? -1 : 1;
    return memcmp(x, y, a_length);
}

static size_t counted(vote *votes, size_t count, const fn_names *texts)
{
    if (count > 1) qsort(votes, count, sizeof *votes, by_text_number);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept && votes[kept - 1].text == votes[i].text) votes[kept - 1].times += votes[i].times;
        else votes[kept++] = votes[i];
    }
    if (kept > 1) qsort_r(votes, kept, sizeof *votes, by_times, (void *) texts);
    return kept;
}

static size_t add_vote(vote *votes, size_t count, uint32_t text, int64_t times)
{
    if (text == FN_NONE) return count;
    votes[count] = (vote) { text, times };
    return count + 1;
}

static fn_status set_text(fn_run *run, fn_net *net, uint32_t firm, const char *column, const fn_names *texts,
                          const vote *votes, size_t count)
{
    if (!count) return FN_OK;
    size_t length;
    const char *text = fn_names_text(texts, votes[0].text, &length);
    return fn_net_set_firm_text(run, net, firm, column, text, length);
}

/* The fields of a mention that the most frequent value speaks for. */
static fn_status set_most_frequent(fn_run *run, const fn_identity *identity, uint32_t who, fn_net *net, uint32_t firm,
                                   const char *column, size_t offset, vote *votes)
{
    size_t count = 0;
    for (size_t i = identity->first_member[who]; i < identity->first_member[who + 1]; i++) {
        const mention *row = &identity->mention[identity->member[i]];
        count = add_vote(votes, count, *(const uint32_t *) ((const char *) row + offset), row->times);
    }
    count = counted(votes, count, identity->texts);
    return set_text(run, net, firm, column, identity->texts, votes, count);
}

static fn_status set_names(fn_run *run, const fn_identity *identity, uint32_t who, fn_net *net, uint32_t firm, vote *votes)
{
    size_t count = 0;
    for (size_t i = identity->first_member[who]; i < identity->first_member[who + 1]; i++) {
        const mention *row = &identity->mention[identity->member[i]];
        count = add_vote(votes, count, row->spelling, row->times);
        count = add_vote(votes, count, row->legal_spelling, 0);
    }
    count = counted(votes, count, identity->spellings);
    fn_status status = set_text(run, net, firm, "name", identity->spellings, votes, count);
    if (status || count < 2) return status;
    fn_bytes aliases = { 0 };
    for (size_t i = 1; i < count && !status; i++) {
        size_t length;
        const char *text = fn_names_text(identity->spellings, votes[i].text, &length);
        if (i > 1) status = fn_bytes_text(run, &aliases, " | ");
        if (!status) status = fn_bytes_add(run, &aliases, text, length);
    }
    if (!status) status = fn_net_set_firm_text(run, net, firm, "aliases", aliases.text, aliases.length);
    fn_bytes_free(&aliases);
    return status;
}

/* ---- kind ---- */

static const char *const kinds[] = { "authority", "bank", "consortium", "firm", "person", "university" };
enum { KINDS = sizeof kinds / sizeof *kinds };

static void add_evidence(int64_t times[4][KINDS], int strength, const char *kind, int64_t weight)
{
    for (int k = 0; kind && k < KINDS; k++)
        if (strcmp(kinds[k], kind) == 0) times[strength][k] += weight;
}

static fn_words text_at(const fn_names *texts, uint32_t number)
{
    fn_words words;
    words.bytes = fn_names_text(texts, number, &words.length);
    return words;
}

/* Few spellings among many say nothing of a firm: one in ten must, and half where they say that it is a group, for a
 * head often stands under the name of its group. */
static bool said_often(const char *kind, int64_t times, int64_t named)
{
    return strcmp(kind, "consortium") == 0 ? 2 * times > named : 10 * times >= named;
}

/* A classification speaks before an identifier of persons, that before names; of equal evidence what is said most
 * often, so that one wrong spelling among many does not change what a firm is. */
static const char *kind_of(const fn_identity *identity, uint32_t who, bool buys)
{
    enum { BY_NAME = 1, BY_ID = 2, BY_CLASS = 3 };
    int64_t times[4][KINDS] = { { 0 } }, named = 0;
    for (size_t i = identity->first_member[who]; i < identity->first_member[who + 1]; i++) {
        const mention *row = &identity->mention[identity->member[i]];
        if (row->class_id != FN_NONE)
            add_evidence(times, BY_CLASS, fn_kind_from_class(text_at(identity->texts, row->class_scheme),
                                                             text_at(identity->texts, row->class_id)), row->times);
        if (row->spelling != FN_NONE) {
            named += row->times;
            add_evidence(times, BY_NAME, buys ? identity->spelling[row->spelling].kind_of_buyer
                                              : identity->spelling[row->spelling].kind, row->times);
        }
        for (uint32_t j = 0; j < row->ids; j++) {
            size_t length;
            const char *id = fn_names_text(identity->ids, identity->id_list[row->first_id + j], &length);
            if (fn_identifier_of_person(id, length)) add_evidence(times, BY_ID, "person", row->times);
        }
    }
    for (int k = 0; k < KINDS; k++)
        if (!said_often(kinds[k], times[BY_NAME][k], named)) times[BY_NAME][k] = 0;
    for (int strength = BY_CLASS; strength > 0; strength--) {
        int best = 0;
        for (int k = 1; k < KINDS; k++)
            if (times[strength][k] > times[strength][best]) best = k;
        if (times[strength][best]) return kinds[best];
    }
    return "unknown";
}

/* ---- the rest ---- */

static bool is_industry(fn_words scheme)
{
    static const char *const word[] = { "isic", "nace", "naics", "sic", "okved", "oked", "ateco", "ciiu", "cnae", "scian" };
    char lower[16] = "";
    for (size_t i = 0; i < scheme.length && i < sizeof lower - 1; i++) lower[i] = (char) (scheme.bytes[i] | 32);
    for (size_t i = 0; i < sizeof word / sizeof *word; i++)
        if (strstr(lower, word[i])) return true;
    return false;
}

static fn_status set_industry(fn_run *run, const fn_identity *identity, uint32_t who, fn_net *net, uint32_t firm,
                              vote *votes)
{
    size_t count = 0;
    for (size_t i = identity->first_member[who]; i < identity->first_member[who + 1]; i++) {
        const mention *row = &identity->mention[identity->member[i]];
        if (row->class_id != FN_NONE && is_industry(text_at(identity->texts, row->class_scheme)))
            count = add_vote(votes, count, row->class_id, row->times);
    }
    count = counted(votes, count, identity->texts);
    return set_text(run, net, firm, "industry", identity->texts, votes, count);
}

static fn_status set_roles(fn_run *run, const fn_identity *identity, uint32_t who, unsigned roles, fn_net *net,
                           uint32_t firm)
{
    static const char *const name[] = {
        "buyer", "procuring_entity", "tenderer", "supplier", "subcontractor", "lead_tenderer", "payer", "payee",
        "consortium_member", "main_contractor"
    };
    for (size_t i = identity->first_member[who]; i < identity->first_member[who + 1]; i++)
        roles |= identity->mention[identity->member[i]].roles;
    char text[160] = "";
    for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
        if (!(roles >> i & 1)) continue;
        if (text[0]) strcat(text, ",");
        strcat(text, name[i]);
    }
    return text[0] ? fn_net_set_firm_text(run, net, firm, "roles", text, strlen(text)) : FN_OK;
}

/* Where no address says it, the register of the key does. */
static fn_status set_country_of_key(fn_run *run, const fn_identity *identity, uint32_t who, fn_net *net, uint32_t firm)
{
    size_t length;
    const char *key = fn_identity_key(identity, who, &length);
    if (identity->basis[who] != FN_BASIS_ID || length < 4 || key[2] != '-') return FN_OK;
    const char *code = fn_country_code(key, 2);
    return code ? fn_net_set_firm_text(run, net, firm, "country", code, 2) : FN_OK;
}

fn_status fn_identity_describe(fn_run *run, const fn_identity *identity, uint32_t who, unsigned roles, fn_net *net,
                               uint32_t firm)
{
    size_t members = identity->first_member[who + 1] - identity->first_member[who];
    vote *votes = fn_alloc(run, 2 * members, sizeof *votes);
    if (!votes) return FN_ENOMEM;
    fn_status status = set_names(run, identity, who, net, firm, votes);
    bool buys = (roles & (FN_ROLE_BUYER | FN_ROLE_PROCURING)) != 0;
    const char *kind = kind_of(identity, who, buys);
    const char *basis = fn_basis_name(identity->basis[who]);
    if (!status) status = fn_net_set_firm_text(run, net, firm, "kind", kind, strlen(kind));
    if (!status) status = set_most_frequent(run, identity, who, net, firm, "country", offsetof(mention, country), votes);
    if (!status) status = set_country_of_key(run, identity, who, net, firm);
    if (!status) status = set_most_frequent(run, identity, who, net, firm, "region", offsetof(mention, region), votes);
    if (!status) status = set_most_frequent(run, identity, who, net, firm, "town", offsetof(mention, town), votes);
    if (!status) status = set_most_frequent(run, identity, who, net, firm, "scale", offsetof(mention, scale), votes);
    if (!status) status = set_industry(run, identity, who, net, firm, votes);
    if (!status) status = set_roles(run, identity, who, roles, net, firm);
    if (!status) status = fn_net_set_firm_text(run, net, firm, "key_basis", basis, strlen(basis));
    fn_free(votes);
    return status;
}
