/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "graph/memory.h"
#include "io/ocds_inside.h"
#include "io/rejects.h"

fn_status fn_ocds_new(fn_run *run, fn_import *import, fn_ocds_give give, fn_ocds **ocds)
{
    *ocds = NULL;
    fn_ocds *made = fn_alloc(run, 1, sizeof *made);
    if (!made) return FN_ENOMEM;
    made->import = import;
    made->give = give;
    made->release_most = FN_JSON_TEXT_MOST;
    made->memory_most = FN_OCDS_MEMORY_MOST;
    made->spill = -1;
    if (fn_names_new(run, &made->ocids) || fn_names_new(run, &made->files)) {
        fn_ocds_free(made);
        return FN_ENOMEM;
    }
    *ocds = made;
    return FN_OK;
}

void fn_ocds_empty(fn_ocds *ocds)
{
    if (ocds->spill >= 0) close(ocds->spill);
    ocds->spill = -1;
    ocds->spilled = ocds->entries = ocds->entry_capacity = ocds->committed = 0;
    fn_free(ocds->entry);
    ocds->entry = NULL;
    fn_free(ocds->bytes.data);
    ocds->bytes = (fn_ocds_bytes) { 0 };
    fn_arena_free(&ocds->arena);
    fn_arena_free(&ocds->process_arena);
}

void fn_ocds_free(fn_ocds *ocds)
{
    if (!ocds) return;
    fn_ocds_empty(ocds);
    fn_names_free(ocds->ocids);
    fn_names_free(ocds->files);
    fn_free(ocds);
}

fn_status fn_ocds_store(fn_run *run, fn_ocds *ocds, fn_ocds_entry entry, const fn_ocds_bytes *bytes)
{
    fn_ocds_entry *grown = fn_grow(run, ocds->entry, &ocds->entry_capacity, ocds->entries + 1, sizeof *grown);
    if (!grown) return FN_ENOMEM;
    ocds->entry = grown;
    fn_ocds_bytes *all = &ocds->bytes;
    if (bytes) {
        char *data = fn_grow(run, all->data, &all->capacity, all->length + bytes->length, 1);
        if (!data) return FN_ENOMEM;
        all->data = data;
        memcpy(all->data + all->length, bytes->data, bytes->length);
        entry.length = (uint32_t) bytes->length;
    }
    entry.at = ocds->spilled + all->length;
    all->length += entry.length;
    entry.sequence = ocds->sequence++;
    ocds->entry[ocds->entries++] = entry;
    return all->length > ocds->memory_most ? fn_ocds_spill(run, ocds) : FN_OK;
}

void fn_ocds_compact(fn_ocds *ocds, size_t from)
{
    if (from >= ocds->entries) return;
    size_t kept = from, end = ocds->entry[from].at;
    if (end < ocds->spilled) end = ocds->spilled; /* what is in the file stays where it is */
    for (size_t i = from; i < ocds->entries; i++) {
        fn_ocds_entry entry = ocds->entry[i];
        if (entry.dropped) continue;
        if (entry.superseded || entry.reason || entry.record) entry.length = 0;
        if (entry.at >= ocds->spilled) {
            char *data = ocds->bytes.data;
            if (entry.length && entry.at != end)
                memmove(data + (end - ocds->spilled), data + (entry.at - ocds->spilled), entry.length);
            entry.at = end;
            end += entry.length;
        }
        ocds->entry[kept++] = entry;
    }
    ocds->entries = kept;
    ocds->bytes.length = end - ocds->spilled;
}

fn_status fn_ocds_remark(fn_run *run, fn_ocds *ocds, const char *unit, const char *reason, const char *words,
                         int64_t count, uint32_t file, int64_t line, const char *example, size_t length)
{
    char text[256];
    snprintf(text, sizeof text, "%.*s", (int) (length < 200 ? length : 200), length ? example : "");
    return fn_account_count(run, ocds->import->account, unit, FN_REMARK, reason, words, count,
                            fn_names_text(ocds->files, file, NULL), line, text);
}

static fn_status count_rejected(fn_run *run, fn_ocds *ocds, const fn_ocds_entry *entry)
{
    const char *unit = entry->record ? "record" : "release";
    const char *file = fn_names_text(ocds->files, entry->file, NULL);
    char example[256];
    if (entry->ocid != FN_NONE)
        snprintf(example, sizeof example, "%.180s, byte %" PRIu64, fn_names_text(ocds->ocids, entry->ocid, NULL),
                 entry->offset);
    else snprintf(example, sizeof example, "byte %" PRIu64, entry->offset);
    if (ocds->import->options && ocds->import->options->strict) {
        fn_fail_at(run, FN_EPARSE, file, entry->line, (int64_t) entry->offset, "%s (%s)", entry->words, example);
        fn_hint(run, "without --strict such a %s is set aside and counted", unit);
        return FN_EPARSE;
    }
    fn_status status = fn_account_count(run, ocds->import->account, unit, FN_REJECTED, entry->reason, entry->words, 1,
                                        file, entry->line, example);
    if (status) return status;
    return fn_rejects_add(run, ocds->import, file, entry->line, entry->reason, example, strlen(example));
}

fn_status fn_ocds_commit(fn_run *run, fn_ocds *ocds)
{
    fn_account *account = ocds->import->account;
    size_t from = ocds->committed;
    int64_t releases = 0, records = 0, kept_records = 0, superseded = 0;
    fn_status status = FN_OK;
    fn_ocds_compact(ocds, from);
    for (size_t i = from; i < ocds->entries && !status; i++) {
        fn_ocds_entry *entry = &ocds->entry[i];
        if (entry->record) records++;
        else releases++;
        if (entry->reason) status = count_rejected(run, ocds, entry);
        else if (entry->record) kept_records++;
        else if (entry->superseded) superseded++;
        entry->dropped = entry->reason || entry->record || entry->superseded;
        entry->wild = 0;
    }
    if (!status && records)
        status = fn_account_count(run, account, "record", FN_READ, "", "", records, NULL, 0, NULL);
    if (!status && kept_records)
        status = fn_account_count(run, account, "record", FN_KEPT, "", "", kept_records, NULL, 0, NULL);
    if (!status && releases)
        status = fn_account_count(run, account, "release", FN_READ, "", "", releases, NULL, 0, NULL);
    if (!status && superseded)
        status = fn_account_count(run, account, "release", FN_MERGED, "in_compiled",
                                  "contained in a compiled release", superseded, NULL, 0, NULL);
    fn_ocds_compact(ocds, from);
    ocds->committed = ocds->entries;
    return status;
}
