/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_IDENTITY_H
#define FN_IO_IDENTITY_H

#include "graph/net.h"
#include "io/bytes.h"
#include "io/tender.h"

/* ---- names: io/name_key.c, io/legal_form.c ---- */

/* What a legal form says about its bearer. Firms of different classes are different firms. */
typedef enum fn_form {
    FN_FORM_NONE, FN_FORM_LLC, FN_FORM_JSC, FN_FORM_PARTNERSHIP, FN_FORM_STATE_FIRM, FN_FORM_STATE_BODY,
    FN_FORM_COOPERATIVE, FN_FORM_ASSOCIATION, FN_FORM_PERSON
} fn_form;

/* A legal form as it stands in a normalised name. */
typedef struct fn_form_row { const char *tokens; fn_form form; bool front; /* stands before names, too */ } fn_form_row;
extern const fn_form_row fn_form_rows[]; /* ended by tokens NULL */
const char *fn_form_name(fn_form form);  /* "llc", "" none */

/* A name in a form that spellings share: entities decoded, NFKC and full case folding, look-alike letters of the other
 * script put right, accents off Latin and Greek letters only (и and й, і and ї stay apart), quotes and apostrophes
 * gone, other punctuation a blank, & and its words one sign, runs of single letters joined. */
typedef struct fn_name_key {
    fn_bytes words;      /* every word, blanks between */
    fn_bytes key;        /* without legal form, which stands behind a slash: "safer place/llc" */
    size_t bare;         /* length of key before the slash */
    fn_form form;
    bool consortium;     /* says by a word that it is a group of firms that bid together (RTI, UTE, ARGE, …) */
    bool letters;        /* not only digits and signs */
    bool placeholder;    /* no name at all: "N/A", "-", "unknown" */
} fn_name_key;

fn_status fn_name_key_make(fn_run *run, const char *name, size_t length, fn_name_key *key);
void fn_name_key_free(fn_name_key *key);
/* Share of the shorter name's letter pairs that the other has too, 0 … 1; 1 for two equal keys. */
double fn_name_likeness(const char *a, size_t a_length, const char *b, size_t b_length);

/* ---- identifiers: io/identifier.c ---- */

/* An identifier as "SCHEME-number", e.g. "KZ-BIN-070340007367": upper case, without blanks . - / and quotes, without
 * its own scheme or country in front and ".0" behind, numbers of fixed length padded where digits are missing. Appended
 * to out; *scheme is the length before the last joint "-" (0: no scheme was given). *good false: a placeholder. */
fn_status fn_identifier_clean(fn_run *run, const fn_identifier *identifier, fn_bytes *out, size_t *scheme, bool *good);
/* The identifier inside a party id of the org-id form CC-REGISTER-number; false: it is a local id. */
bool fn_identifier_of_party_id(fn_words id, fn_identifier *identifier);
/* 1: check digits right, 0: wrong, -1: no rule for this scheme. */
int fn_identifier_check(const char *text, size_t length);
/* The identifier is one that only natural persons bear (16-character Italian code, Kazakh IIN). */
bool fn_identifier_of_person(const char *text, size_t length);

/* ---- countries: io/country.c ---- */

/* ISO 3166-1 alpha-2 of a code (two or three letters, EL and UK too) or of a country's name. NULL: none. */
const char *fn_country_code(const char *text, size_t length);

/* ---- who is who: io/identity.c ---- */

/* Parties as written ("mentions") and the organisations they turn out to be. The key of an organisation is the first of
 *   1. scheme and number: "IT-CF-02869870341". All numbers that a party carries are one organisation's, unless that
 *      would give it two numbers of one scheme. A number that at least 8 unlike names share is nobody's.
 *   2. a number without scheme: "id:ocds-abc123:VNC9501168D8", within one publisher, and only when the publisher's
 *      numbers prove stable: at least 95 % of those met in several processes keep alike names.
 *   3. name and country "name:safer place/llc|GB", name and town "name:safer place/llc|@leeds", name "name:…|".
 * Ids of parties are local to a process and never used, except those of the org-id form. */
typedef enum fn_basis { FN_BASIS_ID, FN_BASIS_LOOSE_ID, FN_BASIS_NAME_COUNTRY, FN_BASIS_NAME_TOWN, FN_BASIS_NAME } fn_basis;
const char *fn_basis_name(fn_basis basis);

typedef struct fn_identity fn_identity;

fn_status fn_identity_new(fn_run *run, fn_identity **identity);
void fn_identity_free(fn_identity *identity);
/* Number of a writing; equal writings share it. FN_NONE: neither identifier nor name. process counts distinct
 * processes: pass the same number for all mentions of one. */
fn_status fn_identity_mention(fn_run *run, fn_identity *identity, fn_words publisher, const fn_party *party,
                              uint32_t process, uint32_t *mention);
/* Its name says by a word that it is a group of firms (fn_name_key.consortium). */
bool fn_identity_says_group(const fn_identity *identity, uint32_t mention);
/* Decide who is who from all mentions; counts what it met in the account. Afterwards no mention may be added. */
fn_status fn_identity_resolve(fn_run *run, fn_identity *identity, fn_account *account);

/* After resolving. Organisations are 0 … count-1 in byte order of their keys. FN_NONE: anonymous after all. */
uint32_t fn_identity_count(const fn_identity *identity);
uint32_t fn_identity_of(const fn_identity *identity, uint32_t mention);
const char *fn_identity_key(const fn_identity *identity, uint32_t who, size_t *length);
fn_basis fn_identity_basis(const fn_identity *identity, uint32_t who);
/* Name (most frequent spelling; then the longest, then byte order), other spellings, country, kind and so on as columns
 * of the net's firm. roles: what it did, FN_ROLE_… bits. */
fn_status fn_identity_describe(fn_run *run, const fn_identity *identity, uint32_t who, unsigned roles, fn_net *net,
                               uint32_t firm);

/* What an organisation is (firm, authority, university, bank, person, consortium) by its classification, or by the
 * words of one of its names: a legal form makes a firm; words of public bodies make an authority of one that buys.
 * NULL: no evidence. Being a buyer alone is none. */
const char *fn_kind_from_class(fn_words scheme, fn_words id);
const char *fn_kind_from_name(const fn_name_key *name, bool buys);

#endif
