/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <inttypes.h>
#include <string.h>
#include "io/ocds_inside.h"
#include "io/ocds_write.h"

/* The Open Contracting Data Standard: releases and records in packages, arrays, JSON Lines, concatenated or wrapped.
 * Releases are kept back (as far as they are read) until the last input, because any input may hold another release of
 * the same process. */

static bool contains(const char *head, size_t length, const char *word)
{
    return memmem(head, length, word, strlen(word)) != NULL;
}

static int sniff(const char *head, size_t length)
{
    static const char *const keys[] = { "\"ocid\"", "\"releases\"", "\"records\"", "\"compiledRelease\"" };
    size_t at = length >= 3 && memcmp(head, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    while (at < length && memchr(" \t\r\n", head[at], 4)) at++;
    if (at == length || (head[at] != '{' && head[at] != '[')) return 0;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (contains(head, length, keys[i])) return 95;
    /* JSON of another kind is counted and said to be so. */
    char open = head[at++];
    while (at < length && memchr(" \t\r\n", head[at], 4)) at++;
    if (at == length) return 10;
    return memchr(open == '{' ? "\"}}" : "{[]", head[at], 3) ? 50 : 5;
}

/* What a reader of the messages must know; other remarks stand in the import report only. */
static bool is_serious(const char *reason)
{
    static const char *const reasons[] = { "amount_not_number", "amount_overflow", "award_id_reuse", "bad_date",
                                           "bad_utf8", "duplicate_id", "duplicate_key", "merge_tie",
                                           "release_no_date", NULL };
    for (const char *const *known = reasons; *known; known++)
        if (strcmp(*known, reason) == 0) return true;
    return false;
}

/* One warning for each reason, with the place of its first case. */
static void warn_of_remarks(fn_run *run, const fn_account *account)
{
    for (size_t i = 0; i < fn_account_lines(account); i++) {
        const fn_account_line *line = fn_account_line_at(account, i);
        bool rejected = line->outcome == FN_REJECTED;
        if (strcmp(line->unit, "release") != 0 && strcmp(line->unit, "record") != 0) continue;
        if (rejected)
            fn_warn(run, "%s:%" PRId64 ": %s (%s); set aside: %" PRId64 " %s%s, first here", line->file, line->line,
                    line->text, line->example, line->count, line->unit, line->count == 1 ? "" : "s");
        else if (line->outcome == FN_REMARK && is_serious(line->reason))
            fn_warn(run, "%s:%" PRId64 ": %s (%s); %" PRId64 " in all, first here", line->file, line->line, line->text,
                    line->example, line->count);
    }
}

/* A bad release among good ones is set aside. Where all are bad the input is not what it is taken for. Links and
 * histories are OCDS, only of no use here. */
static fn_status check_usable(fn_run *run, const fn_account *account)
{
    static const char *const units[] = { "release", "record" };
    int64_t rejected = 0, usable = 0;
    const fn_account_line *first = NULL;
    for (size_t u = 0; u < sizeof units / sizeof *units; u++) {
        usable += fn_account_total(account, units[u], FN_READ, NULL);
        usable -= fn_account_total(account, units[u], FN_REJECTED, NULL);
    }
    for (size_t i = 0; i < fn_account_lines(account); i++) {
        const fn_account_line *line = fn_account_line_at(account, i);
        bool ours = strcmp(line->unit, "release") == 0 || strcmp(line->unit, "record") == 0;
        if (!ours || line->outcome != FN_REJECTED) continue;
        if (strcmp(line->reason, "linked_only") == 0 || strcmp(line->reason, "versioned_release") == 0) return FN_OK;
        rejected += line->count;
        if (!first || line->count > first->count) first = line;
    }
    if (usable > 0 || !rejected) return FN_OK;
    if (strcmp(first->reason, "not_ocds") == 0)
        fn_fail_at(run, FN_EPARSE, first->file, first->line, -1, "no tender data: JSON without OCDS releases or records");
    else
        fn_fail_at(run, FN_EPARSE, first->file, first->line, -1, "none of %" PRId64 " releases can be read: %s (%s)",
                   rejected, first->text, first->example);
    fn_hint(run, "a release has an `ocid`; packages of them have `releases` or `records`");
    return FN_EPARSE;
}

static fn_status hand_over(fn_run *run, fn_import *import, void *state)
{
    fn_status status = check_usable(run, import->account);
    if (!status) status = fn_ocds_hand_over(run, state);
    if (!status) warn_of_remarks(run, import->account);
    return status;
}

static void free_state(void *state)
{
    fn_ocds_free(state);
}

static fn_status feed(fn_run *run, void *user, const char **bytes, size_t *got)
{
    return fn_source_next(run, user, bytes, got);
}

static fn_status read_ocds(fn_run *run, fn_source *source, fn_import *import)
{
    enum { HEAD = 65536 };
    const char *head, *name = fn_source_name(source);
    size_t length, found = 0;
    fn_book_owner *owner;
    fn_json *json = NULL;
    uint32_t file;
    fn_status status = fn_tender_book_owner(run, import, hand_over, &owner);
    if (status) return status;
    if (!owner->state) {
        fn_ocds *made;
        if ((status = fn_ocds_new(run, import, fn_tender_add, &made))) return status;
        *owner = (fn_book_owner) { .state = made, .finish = hand_over, .free = free_state };
    }
    fn_ocds *ocds = owner->state;
    if ((status = fn_names_add(run, ocds->files, name, strlen(name), &file, NULL)) ||
        (status = fn_source_peek(run, source, HEAD, &head, &length)) ||
        (status = fn_json_new(run, feed, source, &json)))
        return status;
    json->lines = fn_json_looks_like_lines(head, length);
    status = fn_ocds_read(run, ocds, json, file, &found);
    if (!status && !found) fn_warn(run, "%s: no releases", name);
    fn_json_free(json);
    return status;
}

extern const fn_format fn_format_ocds;
const fn_format fn_format_ocds = {
    .name = "ocds",
    .suffixes = ".jsonl,.jsonl.gz",
    .text = "Open Contracting Data Standard: releases and records in packages, JSON Lines, arrays, concatenated",
    .sniff = sniff,
    .read = read_ocds,
    .write = fn_ocds_write,
};
