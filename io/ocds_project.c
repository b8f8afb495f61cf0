/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "graph/memory.h"
#include "io/ocds_inside.h"

/* ---- the fields that are read; all others are passed over ---- */

#define SCALAR(name_) { .name = name_, .kind = FN_OCDS_SCALAR }
#define WORDS(name_) { .name = name_, .kind = FN_OCDS_WORDS }
#define OBJECT(name_, inner_) { .name = name_, .kind = FN_OCDS_OBJECT, .inner = inner_ }
#define BY_ID(name_, inner_, marks_) { .name = name_, .kind = FN_OCDS_BY_ID, .inner = inner_, .marks = marks_ }
#define WHOLE(name_, inner_) { .name = name_, .kind = FN_OCDS_WHOLE, .inner = inner_ }
#define ENDED { .name = NULL }

static const fn_ocds_field value[] = { SCALAR("amount"), SCALAR("amountGross"), SCALAR("currency"), ENDED };
static const fn_ocds_field classification[] = { SCALAR("scheme"), SCALAR("id"), ENDED };
static const fn_ocds_field identifier[] = { SCALAR("scheme"), SCALAR("id"), SCALAR("legalName"), ENDED };
static const fn_ocds_field address[] = {
    SCALAR("country"), SCALAR("countryName"), SCALAR("region"), SCALAR("locality"), SCALAR("postalCode"), ENDED
};
static const fn_ocds_field details[] = { SCALAR("scale"), WHOLE("classifications", classification), ENDED };

/* A party, and an organisation where OCDS 1.0 writes it inline. name_ stands for name_ru, name_kk, …, read where there
 * is no name; of several the last. */
static const fn_ocds_field party[] = {
    SCALAR("id"), SCALAR("name"), SCALAR("name_"), OBJECT("identifier", identifier),
    WHOLE("additionalIdentifiers", identifier), OBJECT("address", address), WORDS("roles"),
    OBJECT("details", details), ENDED
};

static const fn_ocds_field unit[] = { OBJECT("value", value), ENDED };
static const fn_ocds_field item[] = {
    SCALAR("id"), OBJECT("classification", classification), WHOLE("additionalClassifications", classification),
    SCALAR("quantity"), OBJECT("unit", unit), SCALAR("relatedLot"), WORDS("relatedLots"), ENDED
};

static const fn_ocds_field techniques[] = { SCALAR("hasFrameworkAgreement"), ENDED };
static const fn_ocds_field lot[] = { SCALAR("id"), SCALAR("status"), OBJECT("techniques", techniques), ENDED };
static const fn_ocds_field period[] = { SCALAR("startDate"), SCALAR("endDate"), ENDED };
static const fn_ocds_field tender[] = {
    SCALAR("id"), SCALAR("status"), SCALAR("procurementMethod"), OBJECT("procuringEntity", party),
    OBJECT("mainClassification", classification), OBJECT("classification", classification),
    BY_ID("items", item, 0), BY_ID("lots", lot, 0), BY_ID("tenderers", party, FN_OCDS_ONCE),
    OBJECT("techniques", techniques), OBJECT("tenderPeriod", period), ENDED
};

static const fn_ocds_field subcontract[] = {
    SCALAR("id"), OBJECT("subcontractor", party), BY_ID("mainContractors", party, FN_OCDS_ONCE),
    OBJECT("value", value), ENDED
};
static const fn_ocds_field subcontracting[] = {
    OBJECT("value", value), BY_ID("subcontracts", subcontract, FN_OCDS_ONCE), ENDED
};
static const fn_ocds_field bid[] = {
    SCALAR("id"), SCALAR("date"), SCALAR("status"), SCALAR("submissionType"), OBJECT("value", value),
    BY_ID("tenderers", party, FN_OCDS_ONCE), SCALAR("relatedLot"), WORDS("relatedLots"),
    OBJECT("subcontracting", subcontracting), BY_ID("suppliers", party, FN_OCDS_ONCE), ENDED
};
static const fn_ocds_field bids[] = { BY_ID("details", bid, 0), ENDED };
static const fn_ocds_field stage[] = { SCALAR("id"), BY_ID("bids", bid, 0), ENDED };
static const fn_ocds_field auction[] = { SCALAR("id"), BY_ID("stages", stage, 0), ENDED };

static const fn_ocds_field award[] = {
    SCALAR("id"), SCALAR("date"), SCALAR("status"), OBJECT("value", value),
    BY_ID("suppliers", party, FN_OCDS_ONCE | FN_OCDS_SUPPLIERS), BY_ID("buyers", party, FN_OCDS_ONCE),
    BY_ID("items", item, 0), SCALAR("relatedLot"), WORDS("relatedLots"), SCALAR("relatedBid"), WORDS("relatedBids"),
    OBJECT("subcontracting", subcontracting), ENDED
};

static const fn_ocds_field transaction[] = {
    SCALAR("id"), OBJECT("value", value), OBJECT("amount", value), ENDED
};
static const fn_ocds_field implementation[] = { BY_ID("transactions", transaction, 0), ENDED };
static const fn_ocds_field contract[] = {
    SCALAR("id"), SCALAR("awardID"), WORDS("awardIDs"), SCALAR("status"), OBJECT("value", value), SCALAR("dateSigned"),
    OBJECT("period", period), BY_ID("items", item, 0), WORDS("relatedBids"), OBJECT("buyer", party),
    BY_ID("suppliers", party, FN_OCDS_ONCE | FN_OCDS_SUPPLIERS), OBJECT("implementation", implementation), ENDED
};

static const fn_ocds_field related[] = { SCALAR("id"), WORDS("relationship"), SCALAR("identifier"), ENDED };

const fn_ocds_field fn_ocds_release[] = {
    [FN_OCDS_ROOT_OCID] = SCALAR("ocid"), [FN_OCDS_ROOT_ID] = SCALAR("id"), [FN_OCDS_ROOT_DATE] = SCALAR("date"),
    [FN_OCDS_ROOT_TAG] = WORDS("tag"), [FN_OCDS_ROOT_PARTIES] = BY_ID("parties", party, FN_OCDS_ONCE),
    OBJECT("buyer", party), OBJECT("tender", tender), OBJECT("bids", bids),
    BY_ID("awards", award, FN_OCDS_ONCE | FN_OCDS_REUSE), BY_ID("contracts", contract, FN_OCDS_ONCE),
    BY_ID("relatedProcesses", related, 0), BY_ID("auctions", auction, 0), ENDED
};

int fn_ocds_field_find(const fn_ocds_field *fields, const char *name, size_t length)
{
    for (int i = 0; fields[i].name; i++)
        if (fields[i].name[0] == (length ? name[0] : '\0') && strlen(fields[i].name) == length &&
            memcmp(fields[i].name, name, length) == 0)
            return i;
    return -1;
}

/* ---- values as bytes: a mark, then what belongs to it (see fn_ocds_tree) ---- */

static fn_status append(fn_run *run, fn_json *json, fn_ocds_bytes *out, const fn_ocds_notes *notes, const char *bytes,
                        size_t count)
{
    if (count > notes->most || out->length > notes->most - count) {
        json->soft |= FN_JSON_TOO_LARGE;
        return FN_OK;
    }
    char *grown = fn_grow(run, out->data, &out->capacity, out->length + count, 1);
    if (!grown) return FN_ENOMEM;
    out->data = grown;
    if (count) memcpy(out->data + out->length, bytes, count);
    out->length += count;
    return FN_OK;
}

static fn_status append_mark(fn_run *run, fn_json *json, fn_ocds_bytes *out, const fn_ocds_notes *notes, char mark)
{
    return append(run, json, out, notes, &mark, 1);
}

/* s or #, length in seven-bit groups, bytes. */
static fn_status append_text(fn_run *run, fn_json *json, fn_ocds_bytes *out, const fn_ocds_notes *notes, char mark,
                             const char *text, size_t length)
{
    char head[12];
    size_t used = 0;
    head[used++] = mark;
    for (size_t rest = length;; rest >>= 7) {
        head[used++] = (char) (rest > 127 ? (rest & 127) | 128 : rest);
        if (rest <= 127) break;
    }
    fn_status status = append(run, json, out, notes, head, used);
    return status ? status : append(run, json, out, notes, text, length);
}

static bool key_is(const fn_json *json, const char *key)
{
    return json->length == strlen(key) && memcmp(json->text, key, json->length) == 0;
}

/* Pass over an array or object where a single value was expected, looking whether it is the history of one. */
static fn_status pass_unexpected(fn_run *run, fn_json *json, fn_ocds_notes *notes)
{
    size_t inner = json->depth;
    fn_status status = FN_OK;
    notes->repairs[FN_OCDS_WRONG_TYPE]++;
    while (json->event != FN_JSON_BROKEN && json->depth >= inner) {
        if ((status = fn_json_next(run, json))) return status;
        if (json->event == FN_JSON_KEY && key_is(json, "releaseID")) notes->versioned = true;
    }
    return FN_OK;
}

static bool opens(const fn_json *json)
{
    return json->event == FN_JSON_OBJECT || json->event == FN_JSON_ARRAY;
}

static fn_status project_scalar(fn_run *run, fn_json *json, fn_ocds_bytes *out, fn_ocds_notes *notes)
{
    switch (json->event) {
    case FN_JSON_TEXT: return append_text(run, json, out, notes, 's', json->text, json->length);
    case FN_JSON_NUMBER: return append_text(run, json, out, notes, '#', json->text, json->length);
    case FN_JSON_NOT_NUMBER: return append_text(run, json, out, notes, '#', "", 0);
    case FN_JSON_TRUE: return append_mark(run, json, out, notes, 't');
    case FN_JSON_FALSE: return append_mark(run, json, out, notes, 'f');
    default: return append_mark(run, json, out, notes, 'n');
    }
}

/* An object in a list of texts stands for its id ({"lotId": "1"} among related lots). */
static fn_status project_word_of_object(fn_run *run, fn_json *json, fn_ocds_bytes *out, fn_ocds_notes *notes)
{
    size_t inner = json->depth;
    bool taken = false;
    fn_status status = FN_OK;
    while (!status && json->event != FN_JSON_BROKEN && json->depth >= inner) {
        if ((status = fn_json_next(run, json)) || json->event != FN_JSON_KEY) continue;
        if (key_is(json, "releaseID")) notes->versioned = true;
        bool wanted = !taken && (key_is(json, "id") || key_is(json, "lotId"));
        if (wanted && (status = fn_json_next(run, json))) break;
        if (wanted && (json->event == FN_JSON_TEXT || json->event == FN_JSON_NUMBER)) {
            status = append_text(run, json, out, notes, 's', json->text, json->length);
            taken = true;
        } else if (!wanted || opens(json)) {
            status = fn_json_skip(run, json);
        }
    }
    notes->repairs[taken ? FN_OCDS_OBJECT_AS_TEXT : FN_OCDS_WRONG_TYPE]++;
    return status;
}

/* The next item of the list at hand; false at its end and when something went wrong. */
static bool next_item(fn_run *run, fn_json *json, fn_status *status)
{
    if (*status || json->event == FN_JSON_BROKEN) return false;
    *status = fn_json_next(run, json);
    return !*status && json->event != FN_JSON_ARRAY_END && json->event != FN_JSON_BROKEN;
}

static fn_status project_words(fn_run *run, fn_json *json, fn_ocds_bytes *out, fn_ocds_notes *notes)
{
    fn_status status = append_mark(run, json, out, notes, '[');
    if (!status && (json->event == FN_JSON_TEXT || json->event == FN_JSON_NUMBER)) {
        notes->repairs[FN_OCDS_TEXT_AS_LIST]++;
        status = append_text(run, json, out, notes, 's', json->text, json->length);
    } else if (!status) {
        while (next_item(run, json, &status)) {
            if (json->event == FN_JSON_TEXT || json->event == FN_JSON_NUMBER)
                status = append_text(run, json, out, notes, 's', json->text, json->length);
            else if (json->event == FN_JSON_OBJECT) status = project_word_of_object(run, json, out, notes);
            else if (json->event == FN_JSON_ARRAY) status = pass_unexpected(run, json, notes);
            else if (json->event != FN_JSON_NULL) notes->repairs[FN_OCDS_WRONG_TYPE]++;
        }
    }
    return status ? status : append_mark(run, json, out, notes, ']');
}

/* Between { and its }: number and value of each field, then the mark }. */
static fn_status project_object(fn_run *run, fn_json *json, const fn_ocds_field *fields, fn_ocds_bytes *out,
                                fn_ocds_notes *notes)
{
    uint64_t seen = 0;
    fn_status status = append_mark(run, json, out, notes, '{');
    while (!status && !(status = fn_json_next(run, json)) && json->event == FN_JSON_KEY) {
        bool variant = json->length > 5 && memcmp(json->text, "name_", 5) == 0;
        int number = fn_ocds_field_find(fields, json->text, variant ? 5 : json->length);
        if (number < 0) {
            if (key_is(json, "releaseID")) notes->versioned = true;
            status = fn_json_skip(run, json);
            continue;
        }
        if (!variant) notes->repairs[FN_OCDS_DUPLICATE_KEY] += seen >> number & 1;
        seen |= (uint64_t) 1 << number;
        status = fn_ocds_project(run, json, fields, number, out, notes);
    }
    return status ? status : append_mark(run, json, out, notes, '}');
}

static fn_status project_list(fn_run *run, fn_json *json, const fn_ocds_field *fields, fn_ocds_bytes *out,
                              fn_ocds_notes *notes)
{
    fn_status status = append_mark(run, json, out, notes, '[');
    if (!status && json->event == FN_JSON_OBJECT) {
        notes->repairs[FN_OCDS_OBJECT_AS_LIST]++;
        status = project_object(run, json, fields, out, notes);
    } else if (!status) {
        while (next_item(run, json, &status)) {
            if (json->event == FN_JSON_OBJECT) status = project_object(run, json, fields, out, notes);
            else if (json->event == FN_JSON_ARRAY) status = pass_unexpected(run, json, notes);
            else if (json->event != FN_JSON_NULL) notes->repairs[FN_OCDS_WRONG_TYPE]++;
        }
    }
    return status ? status : append_mark(run, json, out, notes, ']');
}

/* A list where one object was expected: its first. */
static fn_status project_first(fn_run *run, fn_json *json, const fn_ocds_field *fields, fn_ocds_bytes *out,
                               fn_ocds_notes *notes)
{
    size_t inner = json->depth;
    bool taken = false;
    fn_status status = FN_OK;
    notes->repairs[FN_OCDS_LIST_AS_OBJECT]++;
    while (!status && !(status = fn_json_next(run, json)) && json->event != FN_JSON_BROKEN && json->depth >= inner) {
        if (json->event == FN_JSON_OBJECT && !taken) {
            status = project_object(run, json, fields, out, notes);
            taken = true;
        } else if (opens(json)) {
            status = fn_json_skip(run, json);
        }
        if (json->event == FN_JSON_BROKEN) break;
    }
    return status || taken ? status : append_mark(run, json, out, notes, 'n');
}

fn_status fn_ocds_project(fn_run *run, fn_json *json, const fn_ocds_field *fields, int number, fn_ocds_bytes *out,
                          fn_ocds_notes *notes)
{
    const fn_ocds_field *field = &fields[number];
    fn_status status = fn_json_next(run, json);
    if (status || json->event == FN_JSON_BROKEN) return status;
    bool list = field->kind == FN_OCDS_BY_ID || field->kind == FN_OCDS_WHOLE;
    bool fits = json->event == FN_JSON_NULL || (field->kind == FN_OCDS_SCALAR && !opens(json)) ||
                (field->kind == FN_OCDS_WORDS && (json->event == FN_JSON_ARRAY || json->event == FN_JSON_TEXT ||
                                                  json->event == FN_JSON_NUMBER)) ||
                (field->kind != FN_OCDS_WORDS && field->kind != FN_OCDS_SCALAR && opens(json));
    if (!fits && opens(json)) return pass_unexpected(run, json, notes);
    if (!fits) {
        notes->repairs[FN_OCDS_WRONG_TYPE]++;
        return FN_OK;
    }
    if ((status = append_mark(run, json, out, notes, (char) number))) return status;
    if (json->event == FN_JSON_NULL || field->kind == FN_OCDS_SCALAR) return project_scalar(run, json, out, notes);
    if (field->kind == FN_OCDS_WORDS) return project_words(run, json, out, notes);
    if (list) return project_list(run, json, field->inner, out, notes);
    if (json->event == FN_JSON_OBJECT) return project_object(run, json, field->inner, out, notes);
    return project_first(run, json, field->inner, out, notes);
}
