/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "graph/memory.h"
#include "tests/io/ocds_support.h"

/* The reading that write_down fills: what calls it knows only the import. */
static ocds_reading *reading_now;

__attribute__((format(printf, 2, 3)))
static void say(ocds_reading *reading, const char *format, ...)
{
    char text[1024];
    va_list list;
    va_start(list, format);
    int length = vsnprintf(text, sizeof text, format, list);
    va_end(list);
    /* not ours: allocations of firmnet may be failing on purpose */
    reading->text = realloc(reading->text, reading->length + (size_t) length + 1);
    ck_assert(reading->text);
    memcpy(reading->text + reading->length, text, (size_t) length + 1);
    reading->length += (size_t) length;
}

#define W(words) (int) (words).length, (words).length ? (words).bytes : ""

static void say_words(ocds_reading *reading, const char *before, fn_words words)
{
    if (words.length) say(reading, "%s%.*s", before, W(words));
}

static void say_money(ocds_reading *reading, fn_money money)
{
    char text[FN_REAL_TEXT];
    if (isnan(money.amount) && !money.currency.length) return;
    fn_real_format(money.amount, text);
    say(reading, " %s%.*s", text, W(money.currency));
}

static void say_day(ocds_reading *reading, const char *before, int32_t day)
{
    char text[FN_DATE_TEXT];
    if (day == FN_DAY_NONE) return;
    fn_date_format(day, text);
    say(reading, "%s%s", before, text);
}

static void say_party(ocds_reading *reading, const fn_party *party)
{
    static const char letters[] = "BPTSUL$R";
    say(reading, "%.*s", W(party->id));
    if (party->name.length) say(reading, "'%.*s'", W(party->name));
    for (size_t i = 0; i < party->identifiers; i++)
        say(reading, "%c%.*s:%.*s%s", i == 0 && party->main_identifier ? '=' : '~', W(party->identifier[i].scheme),
            W(party->identifier[i].id), party->identifier[i].number ? "#" : "");
    if (party->country.length || party->town.length)
        say(reading, "@%.*s/%.*s", W(party->country), W(party->town));
    if (party->class_id.length) say(reading, "^%.*s", W(party->class_id));
    if (party->roles) say(reading, "/");
    for (int i = 0; i < 8; i++)
        if (party->roles >> i & 1) say(reading, "%c", letters[i]);
}

static void say_parties(ocds_reading *reading, const char *before, const fn_party *party, size_t count)
{
    if (count) say(reading, "%s", before);
    for (size_t i = 0; i < count; i++) {
        if (i) say(reading, ",");
        say_party(reading, &party[i]);
    }
}

static void say_list(ocds_reading *reading, const char *before, const fn_words *words, size_t count)
{
    for (size_t i = 0; i < count; i++) say(reading, "%s%.*s", i ? "," : before, W(words[i]));
}

static void say_items(ocds_reading *reading, const fn_item *item, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        say(reading, " item %.*s:%.*s", W(item[i].scheme), W(item[i].code));
        if (!isnan(item[i].quantity)) say(reading, "*%g", item[i].quantity);
        say_words(reading, " in ", item[i].lot);
    }
}

size_t ocds_memory_most = FN_OCDS_MEMORY_MOST;

static fn_status write_down(fn_run *run, fn_import *import, const fn_process *p)
{
    ocds_reading *reading = reading_now;
    (void) run;
    (void) import;
    reading->processes++;
    say(reading, "%.*s", W(p->ocid));
    say_day(reading, " ", p->release_day);
    say_parties(reading, " parties ", p->party, p->parties);
    if (p->has_buyer) say_parties(reading, " buyer ", &p->buyer, 1);
    if (p->has_procuring) say_parties(reading, " procuring ", &p->procuring, 1);
    say_words(reading, " tender ", p->tender_status);
    say_words(reading, " ", p->tender_method);
    say_words(reading, " code ", p->code);
    say_day(reading, " until ", p->tender_end_day);
    if (p->framework) say(reading, " framework");
    if (p->parent) say(reading, " parent");
    for (size_t i = 0; i < p->lots; i++) say(reading, " lot %.*s %.*s", W(p->lot[i].id), W(p->lot[i].status));
    say_items(reading, p->item, p->items);
    say_parties(reading, " tenderers ", p->tenderer, p->tenderers);
    for (size_t i = 0; i < p->bids; i++) {
        say(reading, "; bid %.*s %.*s", W(p->bid[i].id), W(p->bid[i].status));
        say_money(reading, p->bid[i].value);
        say_parties(reading, " by ", p->bid[i].tenderer, p->bid[i].tenderers);
        say_list(reading, " for ", p->bid[i].lot, p->bid[i].lots);
    }
    for (size_t i = 0; i < p->subs; i++) {
        say_parties(reading, "; sub ", &p->sub[i].subcontractor, 1);
        say_parties(reading, " under ", p->sub[i].main, p->sub[i].mains);
        say_money(reading, p->sub[i].value);
        say_words(reading, " bid ", p->sub[i].bid);
        say_words(reading, " award ", p->sub[i].award);
    }
    for (size_t i = 0; i < p->awards; i++) {
        const fn_award *a = &p->award[i];
        say(reading, "; award %.*s %.*s", W(a->id), W(a->status));
        say_money(reading, a->value);
        say_day(reading, " on ", a->day);
        say_parties(reading, " to ", a->supplier, a->suppliers);
        say_parties(reading, " from ", a->buyer, a->buyers);
        say_list(reading, " for ", a->lot, a->lots);
        say_list(reading, " bids ", a->bid, a->bids);
        say_items(reading, a->item, a->items);
        if (a->suppliers_changed) say(reading, " changed");
    }
    for (size_t i = 0; i < p->contracts; i++) {
        const fn_contract *c = &p->contract[i];
        say(reading, "; contract %.*s %.*s", W(c->id), W(c->status));
        say_money(reading, c->value);
        say_list(reading, " of ", c->award, c->awards);
        say_day(reading, " signed ", c->signed_day);
        say_day(reading, " from ", c->start_day);
        say_parties(reading, " to ", c->supplier, c->suppliers);
        if (c->has_buyer) say_parties(reading, " buyer ", &c->buyer, 1);
        if (!isnan(c->paid)) say(reading, " paid %g%.*s", c->paid, W(c->paid_currency));
    }
    say(reading, "\n");
    return FN_OK;
}

typedef struct memory_input { const char *bytes; size_t length, piece, at; char *fed; } memory_input;

static fn_status feed_memory(fn_run *run, void *user, const char **bytes, size_t *got)
{
    memory_input *input = user;
    *got = input->length - input->at < input->piece ? input->length - input->at : input->piece;
    fn_free(input->fed);
    input->fed = fn_alloc(run, *got, 1);
    if (!input->fed) return FN_ENOMEM;
    if (*got) memcpy(input->fed, input->bytes + input->at, *got);
    input->at += *got;
    *bytes = input->fed;
    return FN_OK;
}

static fn_status feed_source(fn_run *run, void *user, const char **bytes, size_t *got)
{
    return fn_source_next(run, user, bytes, got);
}

static fn_status read_memory(fn_run *run, fn_ocds *ocds, const char *name, const char *bytes, size_t length,
                             size_t piece)
{
    memory_input input = { bytes, length, piece, 0, NULL };
    fn_json *json = NULL;
    uint32_t file;
    size_t found;
    fn_status status = fn_names_add(run, ocds->files, name, strlen(name), &file, NULL);
    if (!status) status = fn_json_new(run, feed_memory, &input, &json);
    if (!status) {
        json->lines = fn_json_looks_like_lines(bytes, length);
        status = fn_ocds_read(run, ocds, json, file, &found);
    }
    fn_json_free(json);
    fn_free(input.fed);
    return status;
}

static fn_status read_file(fn_run *run, fn_ocds *ocds, const char *path)
{
    fn_source *source = NULL;
    fn_json *json = NULL;
    uint32_t file;
    size_t found;
    fn_status status = fn_names_add(run, ocds->files, path, strlen(path), &file, NULL);
    if (!status) status = fn_source_open(run, path, &source);
    if (!status) status = fn_json_new(run, feed_source, source, &json);
    if (!status) status = fn_ocds_read(run, ocds, json, file, &found);
    fn_json_free(json);
    fn_source_close(source);
    return status;
}

static fn_status begin(ocds_reading *reading, fn_import *import, fn_ocds **ocds)
{
    reading->run = support_run();
    reading->text = calloc(1, 1);
    *import = (fn_import) { .options = &reading->options };
    *ocds = NULL;
    reading_now = reading;
    fn_status status = fn_account_new(&reading->run, &reading->account);
    import->account = reading->account;
    if (!status) status = fn_ocds_new(&reading->run, import, write_down, ocds);
    if (!status) (*ocds)->memory_most = ocds_memory_most;
    return status;
}

/* A full reading adds up: read = kept + merged + rejected. */
static void end(ocds_reading *reading, fn_ocds *ocds)
{
    if (!reading->status) reading->status = fn_ocds_hand_over(&reading->run, ocds);
    fn_ocds_free(ocds);
    reading_now = NULL;
    if (!reading->status) ck_assert_int_eq(fn_account_check(&reading->run, reading->account), FN_OK);
}

static ocds_reading read_all(const char *const *texts, const size_t *lengths, size_t piece, fn_read_options options,
                             size_t release_most)
{
    ocds_reading reading = { .options = options };
    fn_import import;
    fn_ocds *ocds;
    reading.status = begin(&reading, &import, &ocds);
    if (ocds) ocds->release_most = release_most;
    for (size_t i = 0; texts[i] && !reading.status; i++) {
        char name[32];
        snprintf(name, sizeof name, "%zu", i + 1);
        reading.status = read_memory(&reading.run, ocds, name, texts[i], lengths ? lengths[i] : strlen(texts[i]),
                                     piece);
    }
    end(&reading, ocds);
    return reading;
}

ocds_reading ocds_read_texts(const char *const *texts, size_t piece, fn_read_options options, size_t release_most)
{
    return read_all(texts, NULL, piece, options, release_most);
}

ocds_reading ocds_read_bytes(const char *bytes, size_t length, size_t piece)
{
    const char *texts[] = { bytes, NULL };
    return read_all(texts, &length, piece, (fn_read_options) { 0 }, FN_JSON_TEXT_MOST);
}

bool ocds_read_files(const char *test, const char *const *files, ocds_reading *reading)
{
    fn_import import;
    fn_ocds *ocds;
    *reading = (ocds_reading) { 0 };
    for (size_t i = 0; files[i]; i++) {
        char name[256];
        snprintf(name, sizeof name, "ocds/%s", files[i]);
        if (!support_data(test, name)) return false;
    }
    reading->status = begin(reading, &import, &ocds);
    for (size_t i = 0; files[i] && !reading->status; i++) {
        char name[256];
        snprintf(name, sizeof name, "ocds/%s", files[i]);
        reading->status = read_file(&reading->run, ocds, support_data(test, name));
    }
    end(reading, ocds);
    ck_assert_msg(reading->status == FN_OK, "%s: %s", files[0], reading->run.error.message);
    return true;
}

void ocds_reading_free(ocds_reading *reading)
{
    fn_account_free(reading->account);
    free(reading->text);
}

int64_t ocds_count(const ocds_reading *reading, const char *unit, fn_outcome outcome, const char *reason)
{
    return fn_account_total(reading->account, unit, outcome, reason);
}

void ocds_expect_all(const char *const *inputs, const char *expected)
{
    static const size_t pieces[] = { 1, 7, 100000 };
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        ocds_reading reading = ocds_read_texts(inputs, pieces[i], (fn_read_options) { 0 }, FN_JSON_TEXT_MOST);
        ck_assert_msg(reading.status == FN_OK, "%s", reading.run.error.message);
        ck_assert_str_eq(reading.text, expected);
        ocds_reading_free(&reading);
    }
}

void ocds_expect(const char *input, const char *expected)
{
    ocds_expect_all((const char *const[]) { input, NULL }, expected);
}
