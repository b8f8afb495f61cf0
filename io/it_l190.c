/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "graph/memory.h"
#include "graph/text.h"
#include "io/it_l190.h"
#include "io/rejects.h"

/* The format "it_l190": tables are kept until the last input, because those of a buyer come in any order. */

fn_status fn_l190_new(fn_run *run, fn_import *import, fn_l190 **l190)
{
    fn_l190 *made = fn_alloc(run, 1, sizeof *made);
    *l190 = NULL;
    if (!made) return FN_ENOMEM;
    made->import = import;
    fn_status status = fn_names_new(run, &made->texts);
    if (status) fn_l190_free(made);
    else *l190 = made;
    return status;
}

void fn_l190_free(fn_l190 *l190)
{
    if (!l190) return;
    fn_names_free(l190->texts);
    fn_free(l190->lot);
    fn_free(l190->row);
    fn_free(l190);
}

fn_words fn_l190_text(const fn_l190 *l190, uint32_t number)
{
    fn_words words;
    words.bytes = fn_names_text(l190->texts, number, &words.length);
    return words;
}

fn_party fn_l190_party(const fn_l190 *l190, const fn_l190_row *row, fn_identifier identifiers[2])
{
    fn_party party = { .name = fn_l190_text(l190, row->name), .identifier = identifiers };
    if (row->code != FN_NONE) {
        party.main_identifier = true;
        identifiers[party.identifiers++] =
            (fn_identifier) { .scheme = { "IT-CF", 5 }, .id = fn_l190_text(l190, row->code) };
    }
    if (row->foreign_id != FN_NONE)
        identifiers[party.identifiers++] = (fn_identifier) { .id = fn_l190_text(l190, row->foreign_id) };
    return party;
}

size_t fn_l190_group_end(const fn_l190 *l190, const fn_l190_lot *lot, size_t first)
{
    size_t end = first + 1, last = lot->first_row + lot->rows;
    const fn_l190_row *row = l190->row;
    while (end < last && row[first].group != FN_NONE && row[end].group == row[first].group &&
           row[end].won == row[first].won)
        end++;
    return end;
}

/* ---- joining ---- */

static int compare(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int by_lot(const void *left, const void *right)
{
    const fn_l190_lot *a = left, *b = right;
    int order = compare(a->set, b->set);
    if (!order) order = compare(a->id, b->id);
    if (!order) order = compare(a->file, b->file);
    return order ? order : compare((uint64_t) a->line, (uint64_t) b->line);
}

static int by_firm(const fn_l190_row *a, const fn_l190_row *b)
{
    int order = compare(a->set, b->set);
    if (!order) order = compare(a->lot, b->lot);
    if (!order) order = compare(a->won, b->won);
    if (!order) order = compare(a->group, b->group);
    if (!order) order = compare(a->code, b->code);
    if (!order) order = compare(a->name, b->name);
    return order ? order : compare(a->foreign_id, b->foreign_id);
}

static int by_row(const void *left, const void *right)
{
    const fn_l190_row *a = left, *b = right;
    int order = by_firm(a, b);
    if (!order) order = compare(a->file, b->file);
    return order ? order : compare((uint64_t) a->line, (uint64_t) b->line);
}

static fn_status count(fn_run *run, fn_l190 *l190, const char *unit, fn_outcome outcome, const char *reason,
                       const char *text, uint32_t file, int64_t line, uint32_t id)
{
    char quoted[FN_QUOTE_TEXT] = "", *example = quoted;
    fn_words words = fn_l190_text(l190, id);
    if (outcome != FN_KEPT) example = fn_unquote(fn_quote(words.bytes, words.length, quoted));
    return fn_account_count(run, l190->import->account, unit, outcome, reason, text, 1,
                            fn_names_text(l190->texts, file, NULL), line, example);
}

static fn_status merge_lots(fn_run *run, fn_l190 *l190)
{
    size_t kept = 0;
    fn_status status = FN_OK;
    if (l190->lots > 1) qsort(l190->lot, l190->lots, sizeof *l190->lot, by_lot);
    for (size_t i = 0; i < l190->lots && !status; i++) {
        const fn_l190_lot *lot = &l190->lot[i];
        bool again = kept && l190->lot[kept - 1].set == lot->set && l190->lot[kept - 1].id == lot->id;
        status = again ? count(run, l190, "lot", FN_MERGED, "same_lot", "a lottoID that the buyer's table has already",
                               lot->file, lot->line, lot->id)
                       : count(run, l190, "lot", FN_KEPT, "", "", lot->file, lot->line, lot->id);
        if (!again) l190->lot[kept++] = *lot;
    }
    l190->lots = kept;
    return status;
}

static fn_status no_lot(fn_run *run, fn_l190 *l190, const fn_l190_row *row)
{
    static const char text[] = "a row of a lot that no table of lots has";
    const char *file = fn_names_text(l190->texts, row->file, NULL);
    fn_words id = fn_l190_text(l190, row->lot);
    char quoted[FN_QUOTE_TEXT];
    if (l190->import->options->strict) {
        fn_fail_at(run, FN_EPARSE, file, row->line, -1, "%s: %s", text, fn_quote(id.bytes, id.length, quoted));
        fn_hint(run, "tables of one buyer are X_lotti.csv, X_partecipanti.csv, X_aggiudicatari.csv, or in one folder");
        return FN_EPARSE;
    }
    fn_status status = count(run, l190, row->won ? "winner" : "bidder", FN_REJECTED, "no_lot", text, row->file,
                             row->line, row->lot);
    return status ? status : fn_rejects_add(run, l190->import, file, row->line, "no_lot", id.bytes, id.length);
}

static fn_status join_rows(fn_run *run, fn_l190 *l190)
{
    fn_status status = FN_OK;
    if (l190->rows > 1) qsort(l190->row, l190->rows, sizeof *l190->row, by_row);
    size_t kept = 0, lot = 0;
    for (size_t i = 0; i < l190->rows && !status; i++) {
        fn_l190_row row = l190->row[i];
        const char *unit = row.won ? "winner" : "bidder";
        const fn_l190_lot wanted = { .set = row.set, .id = row.lot }; /* stands before all lots that are so called */
        while (lot < l190->lots && by_lot(&l190->lot[lot], &wanted) < 0) lot++;
        if (lot == l190->lots || l190->lot[lot].set != row.set || l190->lot[lot].id != row.lot) {
            status = no_lot(run, l190, &row);
            continue;
        }
        bool named = row.code != FN_NONE || row.name != FN_NONE || row.foreign_id != FN_NONE;
        if (l190->lot[lot].rows && named && by_firm(&l190->row[kept - 1], &row) == 0) {
            l190->row[kept - 1].head |= row.head;
            status = count(run, l190, unit, FN_MERGED, "same_firm", "a firm that stands in this bid already", row.file,
                           row.line, row.lot);
            continue;
        }
        if (!l190->lot[lot].rows++) l190->lot[lot].first_row = kept;
        l190->row[kept++] = row;
        status = count(run, l190, unit, FN_KEPT, "", "", row.file, row.line, row.lot);
    }
    if (!status) l190->rows = kept;
    return status;
}

/* The value is the tax code of somebody who takes part: a slip of the hand in the source. */
static bool is_tax_code(const fn_l190 *l190, const fn_l190_lot *lot)
{
    double number;
    if (!(lot->value >= 1e6)) return false;
    for (size_t i = 0; i <= lot->rows; i++) {
        uint32_t code = i < lot->rows ? l190->row[lot->first_row + i].code : lot->buyer;
        fn_words text = fn_l190_text(l190, code);
        if (text.length == 11 && fn_real_parse(text.bytes, text.length, &number) &&
            !(number < lot->value || number > lot->value))
            return true;
    }
    return false;
}

fn_status fn_l190_join(fn_run *run, fn_l190 *l190)
{
    fn_status status = merge_lots(run, l190);
    if (!status) status = join_rows(run, l190);
    for (size_t i = 0; i < l190->lots && !status; i++) {
        fn_l190_lot *lot = &l190->lot[i];
        if (!is_tax_code(l190, lot)) continue;
        lot->value = NAN;
        status = count(run, l190, "lot", FN_REMARK, "amount_is_tax_code",
                       "an amount that is the tax code of somebody who takes part is missing", lot->file, lot->line,
                       lot->id);
    }
    return status;
}

/* ---- the format ---- */

/* One warning for each reason for which rows were set aside or repaired, with the place of its first case. */
static void warn_of_rejects(fn_run *run, const fn_account *account)
{
    static const char *const units[] = { "lot", "bidder", "winner" };
    static const char *const serious[] = { "amount_is_tax_code", "amount_not_number", "bad_date", "several_heads" };
    for (size_t i = 0; i < fn_account_lines(account); i++) {
        const fn_account_line *line = fn_account_line_at(account, i);
        bool ours = false, is_serious = false;
        for (size_t u = 0; u < 3; u++) ours = ours || strcmp(line->unit, units[u]) == 0;
        for (size_t s = 0; s < 4; s++) is_serious = is_serious || strcmp(line->reason, serious[s]) == 0;
        if (ours && (line->outcome == FN_REJECTED || (line->outcome == FN_REMARK && is_serious)))
            fn_warn(run, "%s:%" PRId64 ": %s; %" PRId64 " %s row%s, first here", line->file, line->line, line->text,
                    line->count, line->unit, line->count == 1 ? "" : "s");
    }
}

static fn_status finish(fn_run *run, fn_import *import, void *state)
{
    fn_l190 *l190 = state;
    fn_status status = fn_l190_join(run, l190);
    if (!status) status = fn_l190_hand_over(run, l190);
    if (!status) warn_of_rejects(run, import->account);
    return status;
}

static void free_state(void *state)
{
    fn_l190_free(state);
}

static fn_status read_table(fn_run *run, fn_source *source, fn_import *import)
{
    fn_book_owner *owner;
    fn_l190 *l190;
    fn_status status = fn_tender_book_owner(run, import, finish, &owner);
    if (status) return status;
    if (!owner->state) {
        if ((status = fn_l190_new(run, import, &l190))) return status;
        *owner = (fn_book_owner) { .state = l190, .finish = finish, .free = free_state };
    }
    return fn_l190_read(run, owner->state, source);
}

extern const fn_format fn_format_it_l190;
const fn_format fn_format_it_l190 = {
    .name = "it_l190",
    .suffixes = "",
    .text = "Italian awards after law 190: the tables lotti, partecipanti and aggiudicatari, of any number of buyers",
    .sniff = fn_l190_sniff,
    .read = read_table,
};
