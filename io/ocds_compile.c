/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "graph/memory.h"
#include "io/ocds_inside.h"

/* The releases of each ocid, from all inputs, in the order of time: duplicates out, the newest compiled release first,
 * the rest folded into it. */

/* What became of releases, counted at the end. */
typedef struct outcome_counts { int64_t kept, folded, duplicate, in_compiled, older_compiled; } outcome_counts;

typedef struct compiling {
    fn_ocds *ocds;
    fn_ocds_node **tree;       /* of each release of the process at hand */
    size_t tree_capacity;
    outcome_counts counts;
} compiling;

/* ---- order ---- */

static int by_text(const void *a, const void *b, void *user)
{
    const fn_names *names = user;
    size_t x_length, y_length;
    const char *x = fn_names_text(names, *(const uint32_t *) a, &x_length);
    const char *y = fn_names_text(names, *(const uint32_t *) b, &y_length);
    int order = memcmp(x, y, x_length < y_length ? x_length : y_length);
    return order ? order : (x_length > y_length) - (x_length < y_length);
}

static int by_time(const void *a, const void *b, void *user)
{
    const uint32_t *rank = user;
    const fn_ocds_entry *x = a, *y = b;
    if (x->ocid != y->ocid) return rank[x->ocid] < rank[y->ocid] ? -1 : 1;
    if (x->dated != y->dated) return x->dated ? 1 : -1;
    if (x->instant != y->instant) return x->instant < y->instant ? -1 : 1;
    return x->sequence < y->sequence ? -1 : 1;
}

static fn_status sort_entries(fn_run *run, fn_ocds *ocds)
{
    uint32_t count = fn_names_count(ocds->ocids);
    uint32_t *order = fn_alloc(run, count, sizeof *order), *rank = fn_alloc(run, count, sizeof *rank);
    if (order && rank) {
        for (uint32_t i = 0; i < count; i++) order[i] = i;
        qsort_r(order, count, sizeof *order, by_text, ocds->ocids);
        for (uint32_t i = 0; i < count; i++) rank[order[i]] = i;
        if (ocds->entries) qsort_r(ocds->entry, ocds->entries, sizeof *ocds->entry, by_time, rank);
    }
    fn_status status = order && rank ? FN_OK : FN_ENOMEM;
    fn_free(order);
    fn_free(rank);
    return status;
}

/* ---- one process ---- */

static fn_status remark_process(fn_run *run, fn_ocds *ocds, const fn_ocds_entry *entry, const char *reason,
                                const char *words, int64_t count)
{
    size_t length;
    const char *ocid = fn_names_text(ocds->ocids, entry->ocid, &length);
    return fn_ocds_remark(run, ocds, "release", reason, words, count, entry->file, entry->line, ocid, length);
}

static bool same_id(const fn_ocds_node *a, const fn_ocds_node *b)
{
    const fn_ocds_node *x = fn_ocds_child(a, "id"), *y = fn_ocds_child(b, "id");
    return x && y && x->length && fn_ocds_equal(x, y);
}

/* Releases that repeat another of the same instant are dropped. Those of one instant but different content are taken in
 * the order of the input. `dropped` marks duplicates. */
static fn_status drop_duplicates(fn_run *run, compiling *in, fn_ocds_entry *entry, size_t count)
{
    int64_t ties = 0, conflicts = 0, undated = 0;
    uint64_t *hash = fn_alloc(run, count, sizeof *hash);
    if (!hash) return FN_ENOMEM;
    for (size_t i = 0; i < count; i++) {
        hash[i] = fn_ocds_hash(in->tree[i]);
        undated += !entry[i].dated;
    }
    for (size_t i = 1; i < count; i++) {
        bool tie = false;
        for (size_t k = i; k-- > 0 && entry[k].dated == entry[i].dated && entry[k].instant == entry[i].instant;) {
            if (entry[k].dropped) continue;
            if (hash[k] == hash[i] && fn_ocds_equal(in->tree[k], in->tree[i])) {
                entry[i].dropped = true;
                in->counts.duplicate++;
                break;
            }
            tie |= entry[i].dated;
            if (i - k > 1000) break; /* so many of one instant: only the nearest are compared */
        }
        ties += tie && !entry[i].dropped;
        conflicts += !entry[i].dropped && same_id(in->tree[i - 1], in->tree[i]);
    }
    fn_free(hash);
    fn_status status = FN_OK;
    if (undated)
        status = remark_process(run, in->ocds, entry, "release_no_date", "no date: placed before all dated releases",
                                undated);
    if (!status && ties)
        status = remark_process(run, in->ocds, entry, "merge_tie",
                                "releases of one process with the same date: merged in the order of the input", ties);
    if (!status && conflicts)
        status = remark_process(run, in->ocds, entry, "release_id_conflict",
                                "different releases of one process with the same id: both merged", conflicts);
    return status;
}

static fn_status tell_merge(fn_run *run, fn_ocds *ocds, const fn_ocds_entry *entry, const fn_ocds_merge *merge)
{
    static const struct { const char *reason, *words; } names[FN_OCDS_MERGE_REMARKS] = {
        [FN_OCDS_NULL_DELETES] = { "null_deletes", "a later null removed what an earlier release said" },
        [FN_OCDS_DUPLICATE_ID] = { "duplicate_id", "an id given twice in one list: merged, the last value counts" },
        [FN_OCDS_REPEATED] = { "repeated_without_id", "equal items without id: taken once" },
        [FN_OCDS_AWARD_ID_REUSE] = { "award_id_reuse", "an award id used again for another award: merged into one" },
    };
    for (int i = 0; i < FN_OCDS_MERGE_REMARKS; i++) {
        if (!merge->remark[i].count) continue;
        fn_status status = fn_ocds_remark(run, ocds, "release", names[i].reason, names[i].words, merge->remark[i].count,
                                          entry->file, entry->line, merge->remark[i].example,
                                          merge->remark[i].example_length);
        if (status) return status;
    }
    return FN_OK;
}

/* Fold what is left, oldest first; a compiled release replaces all that is not newer. */
static fn_status fold_releases(fn_run *run, compiling *in, fn_ocds_entry *entry, size_t count, fn_ocds_node *out,
                               fn_ocds_entry **newest)
{
    const fn_read_options *options = in->ocds->import->options;
    fn_ocds_merge merge = { .arena = &in->ocds->arena, .fields = fn_ocds_release, .whole_suppliers = true };
    size_t base = count;
    fn_status status = FN_OK;
    for (size_t i = 0; i < count; i++) {
        if (entry[i].dropped) continue;
        if (entry[i].compiled) base = i;
        if (entry[i].modern && !(options && options->suppliers_latest)) merge.whole_suppliers = false;
    }
    for (size_t k = 0; k <= count && !status; k++) {
        /* the compiled one first, then the others in order */
        size_t i = k ? k - 1 : base;
        if (i >= count || entry[i].dropped || (k && i == base)) continue;
        bool older = base < count && i != base && (i < base || !entry[i].dated ||
                                                   (entry[base].dated && entry[i].instant <= entry[base].instant));
        if (older) {
            if (entry[i].compiled) in->counts.older_compiled++;
            else in->counts.in_compiled++;
            continue;
        }
        if (*newest) in->counts.folded++;
        else in->counts.kept++;
        *newest = &entry[i];
        status = fn_ocds_fold(run, &merge, out, in->tree[i]);
    }
    return status ? status : tell_merge(run, in->ocds, *newest, &merge);
}

static fn_status compile_process(fn_run *run, compiling *in, fn_ocds_entry *entry, size_t count)
{
    fn_ocds *ocds = in->ocds;
    fn_ocds_node *out;
    fn_ocds_entry *newest = NULL;
    fn_process process;
    fn_status status;
    fn_arena_reset(&ocds->arena);
    fn_arena_reset(&ocds->process_arena);
    fn_ocds_node **grown = fn_grow(run, in->tree, &in->tree_capacity, count, sizeof *grown);
    if (!grown) return FN_ENOMEM;
    in->tree = grown;
    for (size_t i = 0; i < count; i++) {
        const char *bytes;
        if ((status = fn_ocds_stored(run, ocds, &entry[i], &bytes)) ||
            (status = fn_ocds_tree(run, &ocds->arena, fn_ocds_release, bytes, entry[i].length, &in->tree[i])))
            return status;
    }
    if ((status = drop_duplicates(run, in, entry, count)) ||
        (status = fn_ocds_node_new(run, &ocds->arena, NULL, FN_OCDS_TREE, &out)) ||
        (status = fold_releases(run, in, entry, count, out, &newest)) ||
        (status = fn_ocds_process(run, ocds, out, newest, &process)))
        return status;
    return ocds->give(run, ocds->import, &process);
}

static fn_status tell_outcomes(fn_run *run, fn_ocds *ocds, const outcome_counts *counts)
{
    const struct { fn_outcome outcome; const char *reason, *words; int64_t count; } rows[] = {
        { FN_KEPT, "", "", counts->kept },
        { FN_MERGED, "same_process", "merged with the other releases of its process", counts->folded },
        { FN_MERGED, "duplicate", "repeats another release", counts->duplicate },
        { FN_MERGED, "in_compiled", "contained in a compiled release", counts->in_compiled },
        { FN_MERGED, "older_compiled", "a compiled release that a newer one replaces", counts->older_compiled },
    };
    fn_status status = FN_OK;
    for (size_t i = 0; i < sizeof rows / sizeof *rows && !status; i++)
        if (rows[i].count)
            status = fn_account_count(run, ocds->import->account, "release", rows[i].outcome, rows[i].reason,
                                      rows[i].words, rows[i].count, NULL, 0, NULL);
    return status;
}

fn_status fn_ocds_hand_over(fn_run *run, fn_ocds *ocds)
{
    compiling in = { .ocds = ocds };
    fn_status status = sort_entries(run, ocds);
    for (size_t from = 0, end; from < ocds->entries && !status; from = end) {
        for (end = from + 1; end < ocds->entries && ocds->entry[end].ocid == ocds->entry[from].ocid; end++) {}
        status = compile_process(run, &in, &ocds->entry[from], end - from);
        if (!status && from / 256 != end / 256)
            status = fn_progress(run, "merging releases", (double) end / (double) ocds->entries);
    }
    if (!status) status = tell_outcomes(run, ocds, &in.counts);
    fn_free(in.tree);
    fn_ocds_empty(ocds);
    return status;
}
