/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <inttypes.h>
#include <string.h>
#include "graph/memory.h"
#include "io/ocds_inside.h"

/* Where an item (an object that may be or hold a release) stands. */
typedef enum place { AT_TOP, IN_RELEASES, IN_RECORDS, AS_COMPILED, UNDER_UNKNOWN } place;

enum { /* keys an item has shown */
    HAS_OCID = 1, HAS_DATE = 2, HAS_TAG = 4, HAS_PARTIES = 8, HAS_CONTENT = 16, HAS_RELEASES = 32, HAS_RECORDS = 64,
    HAS_COMPILED = 128, HAS_URL = 256, HAS_VERSION_11 = 512
};

typedef struct item {
    place place;
    unsigned depth;             /* items around it */
    unsigned has;
    unsigned keys, metadata;
    bool compiled_tag, versioned;
    bool dated;
    int64_t instant;
    bool compiled_kept;         /* its compiledRelease was a release */
    size_t mark;                /* entries before it */
    int64_t line;
    uint64_t offset;
    uint32_t ocid;
} item;

/* Reading one input. */
typedef struct reading {
    fn_ocds *ocds;
    fn_json *json;
    uint32_t file;
    fn_ocds_notes notes;
    int64_t told[FN_OCDS_REPAIRS]; /* repairs already in the account */
    fn_ocds_bytes buffer[FN_JSON_DEPTH_MOST + 2]; /* the projection of the item of each depth */
    size_t found;
    bool break_told;
} reading;

static fn_status read_item(fn_run *run, reading *in, place where, unsigned depth, bool *is_release);

static bool is_broken(const reading *in)
{
    return in->json->event == FN_JSON_BROKEN;
}

static bool key_is(const fn_json *json, const char *key)
{
    return json->length == strlen(key) && memcmp(json->text, key, json->length) == 0;
}

/* ---- what an item is ---- */

static fn_ocds_entry entry_of(const reading *in, const item *it)
{
    return (fn_ocds_entry) {
        .ocid = it->ocid, .file = in->file, .line = it->line, .offset = it->offset, .instant = it->instant,
        .dated = it->dated, .compiled = it->compiled_tag || it->place == AS_COMPILED,
        .modern = (it->has & (HAS_PARTIES | HAS_VERSION_11)) != 0 };
}

static fn_status tell_repairs(fn_run *run, reading *in, const item *it)
{
    return fn_ocds_tell_repairs(run, in->ocds, in->json, &in->notes, in->told, entry_of(in, it));
}

static fn_status reject(fn_run *run, reading *in, const item *it, bool record, const char *reason, const char *words)
{
    fn_ocds_entry entry = entry_of(in, it);
    entry.record = record;
    entry.reason = reason;
    entry.words = words;
    in->found++;
    return fn_ocds_store(run, in->ocds, entry, NULL);
}

static const char *soft_reason(unsigned soft, const char **words)
{
    if (soft & FN_JSON_BAD_UTF8) {
        *words = "not UTF-8 (Latin-1 or Windows-1252?): convert the file with iconv first";
        return "bad_utf8";
    }
    if (soft & FN_JSON_TOO_DEEP) {
        *words = "nested deeper than 128 levels";
        return "too_deep";
    }
    *words = "larger than 64 MiB even without what is not read";
    return "too_large";
}

/* Entries found inside an item under keys that mean nothing to us: none of our business if the item is OCDS itself. */
static void settle_wild(fn_ocds *ocds, const item *it, bool drop)
{
    for (size_t i = it->mark; i < ocds->entries; i++)
        if (ocds->entry[i].wild == it->depth + 1) {
            ocds->entry[i].dropped = drop;
            ocds->entry[i].wild = 0;
        }
    if (drop) fn_ocds_compact(ocds, it->mark);
}

/* A record: its compiled release stands for the releases in it; without one they are merged by us. */
static fn_status end_record(fn_run *run, reading *in, const item *it)
{
    fn_ocds *ocds = in->ocds;
    size_t kept = 0, linked = 0;
    for (size_t i = it->mark; i < ocds->entries; i++) {
        fn_ocds_entry *entry = &ocds->entry[i];
        bool link = entry->reason && strcmp(entry->reason, "linked_only") == 0;
        linked += link;
        if (link && it->compiled_kept) entry->reason = NULL; /* the compiled release has what it links to */
        if (entry->reason) continue;
        kept++;
        if (it->compiled_kept && !entry->compiled) entry->superseded = true;
    }
    if (it->compiled_kept) fn_ocds_compact(ocds, it->mark);
    if (kept) {
        fn_ocds_entry entry = entry_of(in, it);
        entry.record = true;
        return fn_ocds_store(run, ocds, entry, NULL);
    }
    return linked ? reject(run, in, it, true, "linked_only", "a record that only links to its releases")
                  : reject(run, in, it, true, "no_release", "a record without a release that can be read");
}

/* An item without ocid that holds neither releases nor records. */
static fn_status end_unknown(fn_run *run, reading *in, const item *it)
{
    if (it->place == IN_RELEASES && (it->has & HAS_URL) && it->keys <= 3)
        return reject(run, in, it, false, "linked_only", "a link to a release, not the release");
    bool listed = it->place == IN_RELEASES || it->place == IN_RECORDS || it->place == AS_COMPILED;
    bool content = (it->has & HAS_CONTENT) && (it->has & (HAS_TAG | HAS_DATE | HAS_PARTIES));
    if (listed || (it->place == AT_TOP && content))
        return reject(run, in, it, it->place == IN_RECORDS, "no_ocid", "no ocid: it belongs to no process");
    if (it->place == AT_TOP && in->ocds->entries == it->mark && it->metadata < 4)
        return reject(run, in, it, false, "not_ocds", "JSON without releases or records");
    return FN_OK;
}

static fn_status end_release(fn_run *run, reading *in, const item *it, unsigned soft, bool *is_release)
{
    const char *words;
    if (it->versioned && !(it->has & HAS_TAG))
        return reject(run, in, it, false, "versioned_release", "a versioned release: values are histories");
    if (soft) {
        const char *reason = soft_reason(soft, &words);
        return reject(run, in, it, it->place == IN_RECORDS, reason, words);
    }
    *is_release = true;
    in->found++;
    return fn_ocds_store(run, in->ocds, entry_of(in, it), &in->buffer[it->depth]);
}

static fn_status end_item(fn_run *run, reading *in, item *it, unsigned soft, bool *is_release)
{
    fn_ocds *ocds = in->ocds;
    fn_status status = FN_OK;
    bool record = (it->has & HAS_COMPILED) || ((it->has & HAS_RELEASES) && (it->has & HAS_OCID));
    bool package = !record && (it->has & (HAS_RELEASES | HAS_RECORDS));
    settle_wild(ocds, it, record || package || (it->has & HAS_OCID));
    if (it->has & HAS_VERSION_11)
        for (size_t i = it->mark; i < ocds->entries; i++) ocds->entry[i].modern = true;
    if (is_broken(in)) {
        item broken = *it; /* among lines the place is the line, else the break */
        if (!in->json->lines) broken.line = in->json->line, broken.offset = in->json->offset;
        if (!in->break_told)
            status = reject(run, in, &broken, record || it->place == IN_RECORDS, in->json->reason, in->json->message);
        in->break_told = true;
        if (record && it->compiled_kept) {
            for (size_t i = it->mark; i < ocds->entries; i++)
                ocds->entry[i].superseded |= !ocds->entry[i].reason && !ocds->entry[i].compiled;
        }
        return status;
    }
    if (record) status = end_record(run, in, it);
    else if (!package) status = it->has & HAS_OCID ? end_release(run, in, it, soft, is_release)
                                                   : end_unknown(run, in, it);
    if (record) in->found++;
    if (!status && soft && (package || record)) {
        const char *words, *reason = soft_reason(soft, &words);
        status = fn_ocds_remark(run, ocds, record ? "record" : "release", reason, words, 1, in->file, it->line,
                                NULL, 0);
    }
    return status ? status : tell_repairs(run, in, it);
}

/* ---- the keys of an item ---- */

/* Objects of a list that came as the event at hand, or that object itself, each an item. Lists in lists are one. */
static fn_status read_items(fn_run *run, reading *in, place where, unsigned depth)
{
    fn_json *json = in->json;
    bool is_release = false;
    if (json->event == FN_JSON_OBJECT) return read_item(run, in, where, depth, &is_release);
    if (json->event != FN_JSON_ARRAY) return FN_OK;
    fn_status status = FN_OK;
    for (size_t inner = json->depth; !status && !(status = fn_json_next(run, json)) && json->depth >= inner;) {
        if (is_broken(in)) break;
        if (json->event == FN_JSON_OBJECT) {
            status = read_item(run, in, where, depth, &is_release);
            if (where == AT_TOP && !status) status = fn_ocds_commit(run, in->ocds);
        } else if (json->event != FN_JSON_ARRAY && json->event != FN_JSON_ARRAY_END &&
                   (where == IN_RELEASES || where == IN_RECORDS)) {
            item nothing = { .place = where, .ocid = FN_NONE, .line = json->line, .offset = json->offset };
            status = reject(run, in, &nothing, where == IN_RECORDS, "not_ocds", "not an object");
        }
        if (is_broken(in)) break;
    }
    return status;
}

static fn_status read_unknown(fn_run *run, reading *in, const item *it)
{
    size_t from = in->ocds->entries;
    fn_status status = fn_json_next(run, in->json);
    if (!status) status = read_items(run, in, UNDER_UNKNOWN, it->depth + 1);
    for (size_t i = from; i < in->ocds->entries; i++) in->ocds->entry[i].wild = it->depth + 1;
    return status;
}

/* The text or number at *at of a projection; *at goes behind it. false: there is none. */
static bool next_text(const fn_ocds_bytes *bytes, size_t *at, fn_words *words)
{
    *words = (fn_words) { NULL, 0 };
    if (*at >= bytes->length || (bytes->data[*at] != 's' && bytes->data[*at] != '#')) return false;
    unsigned char group = 128;
    ++*at;
    for (size_t shift = 0; group & 128 && *at < bytes->length; shift += 7) {
        group = (unsigned char) bytes->data[(*at)++];
        words->length |= (size_t) (group & 127) << shift;
    }
    if (words->length > bytes->length - *at) return false; /* cut: too large */
    words->bytes = bytes->data + *at;
    *at += words->length;
    return true;
}

/* Whether a list of texts has this one, blanks around it aside. */
static bool words_have(const fn_ocds_bytes *bytes, size_t at, const char *word)
{
    fn_words words;
    size_t length = strlen(word);
    while (next_text(bytes, &at, &words)) {
        while (words.length && words.bytes[0] == ' ') words.bytes++, words.length--;
        while (words.length && words.bytes[words.length - 1] == ' ') words.length--;
        if (words.length == length && memcmp(words.bytes, word, length) == 0) return true;
    }
    return false;
}

static fn_status read_field(fn_run *run, reading *in, item *it, int number)
{
    fn_ocds_bytes *buffer = &in->buffer[it->depth];
    size_t from = buffer->length, at = from + 1; /* behind the field's number */
    fn_words words;
    int32_t day;
    fn_status status = fn_ocds_project(run, in->json, fn_ocds_release, number, buffer, &in->notes);
    if (status || is_broken(in) || buffer->length == from) return status;
    switch (number) {
    case FN_OCDS_ROOT_OCID:
        it->has &= ~(unsigned) HAS_OCID;
        it->ocid = FN_NONE;
        if (!next_text(buffer, &at, &words) || !words.length) return FN_OK;
        it->has |= HAS_OCID;
        return fn_names_add(run, in->ocds->ocids, words.bytes, words.length, &it->ocid, NULL);
    case FN_OCDS_ROOT_DATE:
        it->has |= HAS_DATE;
        it->instant = 0;
        it->dated = next_text(buffer, &at, &words) && fn_date_parse(words.bytes, words.length, &day, &it->instant);
        return FN_OK;
    case FN_OCDS_ROOT_TAG:
        it->has |= HAS_TAG;
        it->compiled_tag = words_have(buffer, at + 1, "compiled");
        return FN_OK;
    case FN_OCDS_ROOT_ID:
        return FN_OK;
    case FN_OCDS_ROOT_PARTIES:
        it->has |= HAS_PARTIES;
        return FN_OK;
    default:
        it->has |= HAS_CONTENT;
        return FN_OK;
    }
}

static bool is_metadata(const fn_json *json)
{
    static const char *const names[] = { "uri", "version", "publishedDate", "publisher", "license",
                                         "publicationPolicy", "extensions", "packages", "links", NULL };
    for (const char *const *name = names; *name; name++)
        if (key_is(json, *name)) return true;
    return false;
}

/* "1.1" and later. */
static bool is_modern(const fn_json *json)
{
    return (json->event == FN_JSON_TEXT || json->event == FN_JSON_NUMBER) && json->length >= 3 &&
           json->text[1] == '.' && ((json->text[0] == '1' && json->text[2] != '0') || json->text[0] > '1');
}

static fn_status read_key(fn_run *run, reading *in, item *it)
{
    fn_json *json = in->json;
    fn_status status;
    bool releases = key_is(json, "releases"), records = !releases && key_is(json, "records");
    it->keys++;
    if (releases || records) {
        it->has |= releases ? HAS_RELEASES : HAS_RECORDS;
        status = fn_json_next(run, json);
        return status ? status : read_items(run, in, releases ? IN_RELEASES : IN_RECORDS, it->depth + 1);
    }
    if (key_is(json, "compiledRelease")) {
        status = fn_json_next(run, json);
        if (status || json->event != FN_JSON_OBJECT) {
            return status || json->event != FN_JSON_ARRAY ? status : fn_json_skip(run, json);
        }
        it->has |= HAS_COMPILED;
        return read_item(run, in, AS_COMPILED, it->depth + 1, &it->compiled_kept);
    }
    if (key_is(json, "version")) {
        it->metadata++;
        if ((status = fn_json_next(run, json))) return status;
        if (is_modern(json)) it->has |= HAS_VERSION_11;
        bool opens = json->event == FN_JSON_OBJECT || json->event == FN_JSON_ARRAY;
        return opens ? fn_json_skip(run, json) : FN_OK;
    }
    int number = fn_ocds_field_find(fn_ocds_release, json->text, json->length);
    if (number >= 0) return read_field(run, in, it, number);
    if (key_is(json, "url")) it->has |= HAS_URL;
    bool metadata = is_metadata(json);
    it->metadata += metadata;
    if (metadata || (it->has & HAS_OCID) || key_is(json, "versionedRelease") || key_is(json, "planning"))
        return fn_json_skip(run, json);
    return read_unknown(run, in, it);
}

static fn_status read_item(fn_run *run, reading *in, place where, unsigned depth, bool *is_release)
{
    fn_json *json = in->json;
    item it = { .place = where, .depth = depth, .ocid = FN_NONE, .mark = in->ocds->entries, .line = json->line,
                .offset = json->offset };
    unsigned soft_around = json->soft;
    bool versioned_around = in->notes.versioned;
    fn_status status = FN_OK;
    in->buffer[depth].length = 0;
    json->soft = 0;
    in->notes.versioned = false;
    while (!status && !(status = fn_json_next(run, json)) && json->event == FN_JSON_KEY) {
        status = read_key(run, in, &it);
        if (is_broken(in)) break;
    }
    if (status) return status;
    unsigned soft = json->soft;
    it.versioned = in->notes.versioned;
    json->soft = soft_around;
    in->notes.versioned = versioned_around;
    return end_item(run, in, &it, soft, is_release);
}

/* ---- one input ---- */

/* Say what is broken, count it, and go on where that is possible. */
static fn_status read_on(fn_run *run, reading *in, bool *going)
{
    fn_json *json = in->json;
    fn_status status = FN_OK;
    if (!in->break_told) {
        item nothing = { .ocid = FN_NONE, .line = json->line, .offset = json->offset };
        status = reject(run, in, &nothing, false, json->reason, json->message);
    }
    in->break_told = false;
    if (!status) status = fn_ocds_commit(run, in->ocds);
    if (status) return status;
    const char *name = fn_names_text(in->ocds->files, in->file, NULL);
    int64_t line = json->line;
    uint64_t offset = json->offset;
    const char *reason = json->reason, *message = json->message;
    if ((status = fn_json_recover(run, json, going))) return status;
    if (!*going)
        fn_warn(run, "%s:%" PRId64 ": %s (byte %" PRIu64 "); %s", name, line, message, offset,
                strcmp(reason, "truncated") == 0 ? "what stood before it was read"
                                                 : "the rest of the file was not read");
    return FN_OK;
}

fn_status fn_ocds_read(fn_run *run, fn_ocds *ocds, fn_json *json, uint32_t file, size_t *found)
{
    fn_status status = FN_OK;
    reading *in = fn_alloc(run, 1, sizeof *in);
    if (!in) return FN_ENOMEM;
    in->ocds = ocds;
    in->json = json;
    in->file = file;
    in->notes.most = ocds->release_most;
    for (bool going = true; going && !status;) {
        if ((status = fn_json_next(run, json))) break;
        if (json->event == FN_JSON_END) break;
        if (json->event == FN_JSON_OBJECT || json->event == FN_JSON_ARRAY) {
            status = read_items(run, in, AT_TOP, 0);
        } else if (!is_broken(in)) {
            item nothing = { .ocid = FN_NONE, .line = json->line, .offset = json->offset };
            status = reject(run, in, &nothing, false, "not_ocds", "not an object");
        }
        if (!status) status = is_broken(in) ? read_on(run, in, &going) : fn_ocds_commit(run, ocds);
    }
    *found = in->found;
    for (size_t i = 0; i < sizeof in->buffer / sizeof *in->buffer; i++) fn_free(in->buffer[i].data);
    fn_free(in);
    return status;
}
