/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "graph/memory.h"
#include "graph/text.h"
#include "io/bytes.h"
#include "io/it_l190.h"
#include "io/rejects.h"

/* One table of the three at a time into rows. */

typedef enum table_kind { LOTS, BIDDERS, WINNERS, TABLES, NO_TABLE = TABLES } table_kind;

static const char *const unit_name[TABLES] = { "lot", "bidder", "winner" };
static const char *const file_word[TABLES] = { "lotti", "partecipanti", "aggiudicatari" };

/* Columns by name; what stands before a colon in the header does not matter ("tempiCompletamento:dataInizio"). */
typedef enum wanted {
    F_LOT, F_CIG, F_BUYER, F_OFFICE, F_VALUE, F_METHOD, F_START, F_CODE, F_NAME, F_ROLE, F_FOREIGN, F_BID_GROUP,
    F_WIN_GROUP, FIELDS
} wanted;

static const char *const field_name[FIELDS] = {
    [F_LOT] = "lottoID", [F_CIG] = "cig", [F_BUYER] = "codiceFiscaleProp", [F_OFFICE] = "denominazione",
    [F_VALUE] = "importoAggiudicazione", [F_METHOD] = "sceltaContraente", [F_START] = "dataInizio",
    [F_CODE] = "codiceFiscale", [F_NAME] = "ragioneSociale", [F_ROLE] = "ruolo",
    [F_FOREIGN] = "identificativoFiscaleEstero", [F_BID_GROUP] = "partrgrno", [F_WIN_GROUP] = "aggrgrno"
};

static const bool needed[TABLES][FIELDS] = {
    [LOTS] = { [F_LOT] = true, [F_BUYER] = true, [F_VALUE] = true },
    [BIDDERS] = { [F_LOT] = true, [F_CODE] = true, [F_NAME] = true, [F_ROLE] = true, [F_BID_GROUP] = true },
    [WINNERS] = { [F_LOT] = true, [F_CODE] = true, [F_NAME] = true, [F_ROLE] = true, [F_WIN_GROUP] = true }
};

typedef struct reading {
    fn_l190 *l190;
    table_kind kind;
    fn_delimited text;
    ptrdiff_t at[FIELDS];       /* column of each field, -1: none */
    size_t columns;
    uint32_t set, file;
    fn_bytes clean;
} reading;

/* ---- which table ---- */

static fn_words behind_colon(fn_words name)
{
    for (size_t i = name.length; i > 0; i--)
        if (name.bytes[i - 1] == ':') return (fn_words) { name.bytes + i, name.length - i };
    return name;
}

static void find_fields(const fn_field *field, size_t fields, ptrdiff_t at[FIELDS])
{
    for (int f = 0; f < FIELDS; f++) at[f] = -1;
    for (size_t i = fields; i > 0; i--) {
        fn_words name = behind_colon((fn_words) { field[i - 1].text, field[i - 1].length });
        for (int f = 0; f < FIELDS; f++)
            if (name.length == strlen(field_name[f]) && strncasecmp(name.bytes, field_name[f], name.length) == 0)
                at[f] = (ptrdiff_t) i - 1;
    }
}

static table_kind kind_of(const ptrdiff_t at[FIELDS])
{
    for (int kind = 0; kind < TABLES; kind++) {
        bool all = true;
        for (int f = 0; f < FIELDS; f++) all = all && (!needed[kind][f] || at[f] >= 0);
        if (all) return (table_kind) kind;
    }
    return NO_TABLE;
}

int fn_l190_sniff(const char *head, size_t length)
{
    static const char *const words[] = { "importoAggiudicazione", "partrgrno", "aggrgrno" };
    const char *end = memchr(head, '\n', length);
    size_t line = end ? (size_t) (end - head) : length;
    if (!memmem(head, line, "lottoID", 7)) return 0;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (memmem(head, line, words[i], strlen(words[i]))) return 97;
    return 0;
}

/* Tables belong together when their paths are the same but for the word that says which of them it is. */
static size_t set_length(const char *path)
{
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
    for (int kind = 0; kind < TABLES; kind++)
        for (const char *at = base; *at; at++)
            if (strncasecmp(at, file_word[kind], strlen(file_word[kind])) == 0) return (size_t) (at - path);
    return (size_t) (base - path) + strcspn(base, ".");
}

/* ---- texts ---- */

static fn_words trimmed(fn_words text)
{
    while (text.length && (unsigned char) text.bytes[0] <= ' ') text.bytes++, text.length--;
    while (text.length && (unsigned char) text.bytes[text.length - 1] <= ' ') text.length--;
    return text;
}

/* How many bytes of an entity stand here, and the character that it means. */
static size_t entity_at(const char *text, size_t left, char *means)
{
    static const struct { const char *entity; char means; } row[] = {
        { "&amp;", '&' }, { "&quot;", '"' }, { "&apos;", '\'' }, { "&#39;", '\'' }, { "&#039;", '\'' }, { "&lt;", '<' },
        { "&gt;", '>' }, { "&nbsp;", ' ' }
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        size_t size = strlen(row[i].entity);
        if (size > left || strncasecmp(text, row[i].entity, size) != 0) continue;
        *means = row[i].means;
        return size;
    }
    return 0;
}

/* Names as people wrote them: entities decoded (twice: "&amp;amp;"), the backslashes of another program's escapes left
 * out, apostrophes that were doubled on the way made one. */
static fn_status clean_name(fn_run *run, reading *r, fn_words name)
{
    fn_status status = FN_OK;
    fn_bytes_clear(&r->clean);
    for (size_t i = 0; i < name.length && !status; i++) {
        char c = name.bytes[i];
        if (c == '\\') continue;
        if (c == '\'' && r->clean.length && r->clean.text[r->clean.length - 1] == '\'') continue;
        status = fn_bytes_add(run, &r->clean, &c, 1);
    }
    size_t kept = 0;
    for (int pass = 0; pass < 2; pass++, r->clean.length = kept) {
        kept = 0;
        for (size_t i = 0; i < r->clean.length; kept++) {
            char c = r->clean.text[i];
            size_t size = c == '&' ? entity_at(r->clean.text + i, r->clean.length - i, &c) : 0;
            r->clean.text[kept] = c;
            i += size ? size : 1;
        }
    }
    return status;
}

static fn_words field_at(const reading *r, wanted f)
{
    if (r->at[f] < 0) return (fn_words) { "", 0 };
    const fn_field *found = &r->text.field[r->at[f]];
    return trimmed((fn_words) { found->text, found->length });
}

static fn_status number_text(fn_run *run, reading *r, fn_words text, uint32_t *number)
{
    *number = FN_NONE;
    return text.length ? fn_names_add(run, r->l190->texts, text.bytes, text.length, number, NULL) : FN_OK;
}

static fn_status number_name(fn_run *run, reading *r, fn_words name, uint32_t *number)
{
    fn_status status = clean_name(run, r, name);
    if (status) return status;
    bool changed = r->clean.length != name.length;
    status = number_text(run, r, trimmed((fn_words) { r->clean.text, r->clean.length }), number);
    fn_account *account = r->l190->import->account;
    const char *file = fn_source_name(r->text.source);
    if (!status && changed)
        status = fn_account_count(run, account, unit_name[r->kind], FN_REMARK, "name_escapes",
                                  "entities and escapes in names are decoded", 1, file, r->text.line, r->clean.text);
    if (!status && !fn_utf8_valid(name.bytes, name.length))
        status = fn_account_count(run, account, unit_name[r->kind], FN_REMARK, "bad_utf8",
                                  "a name that is not UTF-8 is kept as it is", 1, file, r->text.line, NULL);
    return status;
}

/* ---- rows ---- */

static fn_status count_row(fn_run *run, const reading *r, fn_outcome outcome, const char *reason, const char *text)
{
    return fn_account_count(run, r->l190->import->account, unit_name[r->kind], outcome, reason, text, 1,
                            fn_source_name(r->text.source), r->text.line, NULL);
}

static fn_status reject(fn_run *run, const reading *r, const char *reason, const char *text)
{
    const char *file = fn_source_name(r->text.source);
    if (r->l190->import->options->strict) {
        fn_fail_at(run, FN_EPARSE, file, r->text.line, -1, "%s", text);
        fn_hint(run, "without --strict such rows are set aside and counted");
        return FN_EPARSE;
    }
    fn_status status = count_row(run, r, FN_REJECTED, reason, text);
    return status ? status
                  : fn_rejects_add(run, r->l190->import, file, r->text.line, reason, r->text.row, r->text.row_length);
}

static fn_status read_amount(fn_run *run, const reading *r, double *value)
{
    fn_words text = field_at(r, F_VALUE);
    *value = NAN;
    if (!text.length || fn_real_parse(text.bytes, text.length, value)) return FN_OK;
    *value = NAN;
    return count_row(run, r, FN_REMARK, "amount_not_number", "an amount that is no number is taken as missing");
}

static fn_status read_lot(fn_run *run, reading *r)
{
    fn_l190 *l190 = r->l190;
    fn_l190_lot lot = { .set = r->set, .file = r->file, .line = r->text.line, .day = FN_DAY_NONE };
    fn_words start = field_at(r, F_START);
    if (start.length > 10 && memchr("+-Zz", start.bytes[10], 4)) start.length = 10; /* an XML date with its offset */
    fn_status status = number_text(run, r, field_at(r, F_LOT), &lot.id);
    if (!status) status = number_text(run, r, field_at(r, F_CIG), &lot.cig);
    if (!status) status = number_text(run, r, field_at(r, F_BUYER), &lot.buyer);
    if (!status) status = number_name(run, r, field_at(r, F_OFFICE), &lot.office);
    if (!status) status = number_text(run, r, field_at(r, F_METHOD), &lot.method);
    if (!status) status = read_amount(run, r, &lot.value);
    if (!status && start.length && !fn_date_parse(start.bytes, start.length, &lot.day, NULL)) {
        lot.day = FN_DAY_NONE;
        status = count_row(run, r, FN_REMARK, "bad_date", "a date that can't be is taken as missing");
    }
    fn_l190_lot *grown = status ? NULL : fn_grow(run, l190->lot, &l190->lot_capacity, l190->lots + 1, sizeof *grown);
    if (!grown) return status ? status : FN_ENOMEM;
    l190->lot = grown;
    grown[l190->lots++] = lot;
    return FN_OK;
}

/* Roles: 02-MANDATARIA and 04-CAPOGRUPPO head their group, the others are its members. */
static bool is_head(fn_words role)
{
    return memmem(role.bytes, role.length, "MANDATARIA", 10) || memmem(role.bytes, role.length, "CAPOGRUPPO", 10);
}

/* Tax codes of firms have eleven digits. */
static bool is_italian(fn_words code)
{
    size_t digits = 0;
    while (digits < code.length && code.bytes[digits] >= '0' && code.bytes[digits] <= '9') digits++;
    return digits == 11 && code.length == 11;
}

static fn_status read_row(fn_run *run, reading *r)
{
    fn_l190 *l190 = r->l190;
    bool won = r->kind == WINNERS;
    fn_l190_row row = { .set = r->set, .file = r->file, .line = r->text.line, .won = won,
                        .head = is_head(field_at(r, F_ROLE)) };
    fn_status status = number_text(run, r, field_at(r, F_LOT), &row.lot);
    if (!status) status = number_text(run, r, field_at(r, won ? F_WIN_GROUP : F_BID_GROUP), &row.group);
    if (!status) status = number_text(run, r, field_at(r, F_CODE), &row.code);
    if (!status) status = number_name(run, r, field_at(r, F_NAME), &row.name);
    if (!status) status = number_text(run, r, field_at(r, F_FOREIGN), &row.foreign_id);
    if (!status && row.code == FN_NONE && is_italian(field_at(r, F_FOREIGN))) {
        row.code = row.foreign_id;
        row.foreign_id = FN_NONE;
        status = count_row(run, r, FN_REMARK, "code_as_foreign_id",
                           "eleven digits in the place of a foreign id are taken as an Italian tax code");
    }
    fn_l190_row *grown = status ? NULL : fn_grow(run, l190->row, &l190->row_capacity, l190->rows + 1, sizeof *grown);
    if (!grown) return status ? status : FN_ENOMEM;
    l190->row = grown;
    grown[l190->rows++] = row;
    return FN_OK;
}

static fn_status read_rows(fn_run *run, reading *r)
{
    for (;;) {
        bool there;
        fn_status status = fn_delimited_next(run, &r->text, &there);
        if (status || !there) return status;
        if ((status = count_row(run, r, FN_READ, "", ""))) return status;
        if (r->text.bad) status = reject(run, r, "bad_row", r->text.bad);
        else if (r->text.fields != r->columns)
            status = reject(run, r, "field_count", "the row has another number of fields than the header");
        else if (!field_at(r, F_LOT).length) status = reject(run, r, "no_lot_id", "the row has no lottoID");
        else status = r->kind == LOTS ? read_lot(run, r) : read_row(run, r);
        if (status) return status;
    }
}

fn_status fn_l190_read(fn_run *run, fn_l190 *l190, fn_source *source)
{
    reading r = { .l190 = l190, .kind = NO_TABLE };
    const char *path = fn_source_name(source);
    bool there;
    fn_delimited_start(&r.text, source, 0, false);
    fn_status status = fn_delimited_first(run, &r.text, &there);
    if (status || !there) goto done;
    r.text.separator = fn_table_separator(r.text.row, r.text.row_length);
    if ((status = fn_delimited_next(run, &r.text, &there))) goto done;
    if (!r.text.bad) find_fields(r.text.field, r.text.fields, r.at);
    if (!r.text.bad) r.kind = kind_of(r.at);
    r.columns = r.text.fields;
    if (r.kind == NO_TABLE) {
        status = fn_fail_at(run, FN_EPARSE, path, r.text.line, -1, "the header is none of the three tables of law 190");
        fn_hint(run, "lots have lottoID, codiceFiscaleProp, importoAggiudicazione; bidders lottoID, codiceFiscale, "
                "ragioneSociale, ruolo, partrgrno; winners the same with aggrgrno");
        goto done;
    }
    status = fn_names_add(run, l190->texts, path, set_length(path), &r.set, NULL);
    if (!status) status = fn_names_add(run, l190->texts, path, strlen(path), &r.file, NULL);
    if (!status) status = read_rows(run, &r);
done:
    fn_delimited_end(&r.text);
    fn_bytes_free(&r.clean);
    return status;
}
