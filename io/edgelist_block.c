/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif
#include "graph/memory.h"
#include "io/edgelist_block.h"

/* Plain rows of a block of text, three steps in one pass:
 *   mark   the bytes that can end a field, 64 at a time
 *   split  rows at the marks and read their numbers
 *   seek   the firms of 32 rows at once */

enum { SEEK_ROWS = 32 };

typedef struct parse {
    fn_run *run;
    fn_status status;
    const fn_edge_plan *plan;
    fn_edge_block *block;
    const char *text;
    size_t field;                 /* of the row so far */
    size_t start;                 /* of the field */
    bool quoted, closed;          /* inside quotes; behind the closing one */
    fn_field cell[FN_ROLES];      /* of the row */
    fn_name_query last[FN_ROLE_PRODUCT + 1]; /* layer, currency, product of the row before */
    fn_name_query query[2 * SEEK_ROWS];
    size_t waiting;               /* rows whose firms are not sought yet */
} parse;

/* ---- mark ---- */

/* Bit i: byte i may end a field or be one that no plain row has (below blank, the separator, a quote). */
static uint64_t marks_at(const char *text, char separator, unsigned char *high)
{
    uint64_t marks = 0;
#ifdef __SSE2__
    const __m128i blank = _mm_set1_epi8(0x1f), between = _mm_set1_epi8(separator), quote = _mm_set1_epi8('"');
    __m128i all = _mm_setzero_si128();
    for (int part = 0; part < 4; part++) {
        __m128i bytes = _mm_loadu_si128((const __m128i *) (text + 16 * part));
        __m128i marked = _mm_cmpeq_epi8(_mm_min_epu8(bytes, blank), bytes);
        marked = _mm_or_si128(marked, _mm_cmpeq_epi8(bytes, between));
        marked = _mm_or_si128(marked, _mm_cmpeq_epi8(bytes, quote));
        all = _mm_or_si128(all, bytes);
        marks |= (uint64_t) (uint32_t) _mm_movemask_epi8(marked) << (16 * part);
    }
    *high |= _mm_movemask_epi8(all) ? 0x80 : 0;
#else
    for (int i = 0; i < 64; i++) {
        unsigned char c = (unsigned char) text[i];
        marks |= (uint64_t) (c < ' ' || c == (unsigned char) separator || c == '"') << i;
        *high |= c;
    }
#endif
    return marks;
}

/* ---- numbers ---- */

static bool read_weight(fn_edge_block *block, const fn_field *field, double *value)
{
    static const int64_t rest[] = { 10000, 1000, 100, 10, 1 };
    uint64_t digits;
    unsigned places;
    int64_t units;
    if (fn_decimal_parse(field->text, field->length, &digits, &places)) {
        *value = fn_decimal_value(digits, places);
        if (places <= 4 && digits < 400000000000) {
            block->units += (int64_t) digits * rest[places];
            return true;
        }
    } else if (fn_edge_weight(field->text, field->length, value).reason) {
        return false;
    }
    if (fn_units_from_real(*value, &units)) block->units += units;
    else block->inexact = true;
    return true;
}

static int digits_at(const char *text, int count)
{
    int number = 0;
    for (int i = 0; i < count; i++) {
        unsigned digit = (unsigned char) text[i] - '0';
        if (digit > 9) return -1;
        number = number * 10 + (int) digit;
    }
    return number;
}

static bool read_day(const fn_edge_plan *plan, const fn_field *field, int32_t *day)
{
    const char *t = field->text;
    *day = FN_DAY_NONE;
    if (!field->length) return true;
    if (field->length == 10 && t[4] == '-' && t[7] == '-') {
        int year = digits_at(t, 4), month = digits_at(t + 5, 2), date = digits_at(t + 8, 2);
        if (year < 0 || month < 0 || date < 0 || !fn_date_make(year, month, date, day)) return false;
    } else if (!fn_date_parse(t, field->length, day, NULL)) {
        return false;
    }
    return *day >= plan->day_first && *day <= plan->day_last;
}

/* ---- rows ---- */

static void add_newcomer(parse *p, size_t row, unsigned char role, const fn_name_query *query)
{
    fn_edge_block *b = p->block;
    fn_edge_newcomer *all = fn_grow(p->run, b->newcomer, &b->newcomer_capacity, b->newcomers + 1, sizeof *all);
    if (!all) {
        p->status = FN_ENOMEM;
        return;
    }
    b->newcomer = all;
    all[b->newcomers++] = (fn_edge_newcomer){ row, role, *query };
}

static void seek_firms(parse *p)
{
    fn_ties *ties = &p->block->ties;
    size_t first = ties->rows - p->waiting;
    fn_names_seek(fn_net_keys(p->plan->net), p->query, 2 * p->waiting);
    for (size_t i = 0; i < 2 * p->waiting && !p->status; i++) {
        const fn_name_query *q = &p->query[i];
        *(i & 1 ? &ties->to[first + i / 2] : &ties->from[first + i / 2]) = q->number;
        if (q->number == FN_NONE) add_newcomer(p, first + i / 2, i & 1 ? FN_ROLE_TO : FN_ROLE_FROM, q);
    }
    p->waiting = 0;
}

static bool plain_id(const fn_field *id)
{
    return id->length && id->text[0] != ' ' && id->text[0] != '\t' && id->text[id->length - 1] != ' ' &&
           id->text[id->length - 1] != '\t';
}

/* The number of a layer, currency or product: mostly that of the row before. */
static uint32_t word_number(parse *p, unsigned char role, const fn_names *names)
{
    const fn_field *field = &p->cell[role];
    fn_name_query *q = &p->last[role];
    if (q->text && q->number != FN_NONE && q->length == field->length && !memcmp(q->text, field->text, field->length))
        return q->number;
    q->text = field->text;
    q->length = (uint32_t) field->length;
    fn_names_seek(names, q, 1);
    if (q->number == FN_NONE) add_newcomer(p, p->block->ties.rows, role, q);
    return q->number;
}

static bool take_words(parse *p, fn_ties *ties)
{
    const fn_edge_plan *plan = p->plan;
    size_t row = ties->rows;
    if (plan->has[FN_ROLE_LAYER]) {
        if (!p->cell[FN_ROLE_LAYER].length) return false;
        ties->layer[row] = (uint16_t) word_number(p, FN_ROLE_LAYER, fn_net_layers(plan->net));
    }
    if (plan->has[FN_ROLE_CURRENCY])
        ties->currency[row] = p->cell[FN_ROLE_CURRENCY].length
                                  ? (uint16_t) word_number(p, FN_ROLE_CURRENCY, fn_net_currencies(plan->net))
                                  : 0;
    if (plan->has[FN_ROLE_PRODUCT])
        ties->product[row] = p->cell[FN_ROLE_PRODUCT].length
                                 ? word_number(p, FN_ROLE_PRODUCT, fn_net_products(plan->net))
                                 : FN_NONE;
    return !p->status;
}

static bool take_period(const parse *p, fn_ties *ties)
{
    const fn_edge_plan *plan = p->plan;
    size_t row = ties->rows;
    if (plan->has[FN_ROLE_DATE]) return read_day(plan, &p->cell[FN_ROLE_DATE], &ties->first[row]);
    if (!plan->has[FN_ROLE_FIRST]) return true;
    const fn_field *first = &p->cell[FN_ROLE_FIRST], *last = &p->cell[FN_ROLE_LAST];
    return first->length == last->length && (first->length == 0 || first->length == 10) &&
           read_day(plan, first, &ties->first[row]) && read_day(plan, last, &ties->last[row]) &&
           ties->first[row] <= ties->last[row];
}

/* The fields of a row are complete: keep it. false: it is no plain one. */
static bool take_row(parse *p)
{
    fn_edge_block *b = p->block;
    fn_ties *ties = &b->ties;
    const fn_field *cell = p->cell;
    if (p->field != p->plan->fields || !plain_id(&cell[FN_ROLE_FROM]) || !plain_id(&cell[FN_ROLE_TO])) return false;
    if (ties->rows == ties->capacity && (p->status = fn_ties_reserve(p->run, ties, ties->rows + 1024))) return false;
    size_t row = ties->rows;
    if (ties->value && !read_weight(b, &cell[FN_ROLE_WEIGHT], &ties->value[row])) return false;
    if (ties->count && fn_edge_count(cell[FN_ROLE_COUNT].text, cell[FN_ROLE_COUNT].length, &ties->count[row]).reason)
        return false;
    if (!take_period(p, ties) || !take_words(p, ties)) return false;
    for (unsigned char role = FN_ROLE_FROM; role <= FN_ROLE_TO; role++) {
        fn_name_query *q = &p->query[2 * p->waiting + (role == FN_ROLE_TO)];
        q->text = cell[role].text;
        q->length = (uint32_t) cell[role].length;
    }
    ties->rows++;
    if (++p->waiting == SEEK_ROWS) seek_firms(p);
    return !p->status;
}

static bool take_field(parse *p, size_t end)
{
    fn_field field = { p->text + p->start, end - p->start, p->closed };
    if (p->closed) field.text++, field.length -= 2;
    p->closed = false;
    if (p->field >= p->plan->fields) return false;
    p->cell[p->plan->role[p->field++]] = field;
    return true;
}

/* A marked byte; false: the row is no plain one. */
static bool take_mark(parse *p, size_t at)
{
    char c = p->text[at], separator = p->plan->separator;
    if (p->quoted) {
        if (c != '"') return c != '\n' && c != '\r' && c != '\0';
        p->quoted = false;
        p->closed = true;
        char next = p->text[at + 1];
        return next == separator || next == '\n' || (next == '\r' && p->text[at + 2] == '\n');
    }
    if (c == separator) {
        if (separator == ' ' && at == p->start) return false;
        if (!take_field(p, at)) return false;
        p->start = at + 1;
        return true;
    }
    if (c == '\n') {
        size_t end = at > p->start && p->text[at - 1] == '\r' ? at - 1 : at;
        if (separator == ' ' && end == p->start) return false;
        if (!take_field(p, end) || !take_row(p)) return false;
        p->field = 0;
        p->start = at + 1;
        return p->text[at + 1] != '#';
    }
    if (c == '"' && separator != '\t') {
        p->quoted = at == p->start;
        return true;
    }
    if (c == '\r') return p->text[at + 1] == '\n';
    return c != '\0' && !(c == '\t' && separator == ' ');
}

static bool take_rows(parse *p, size_t begin, size_t end, unsigned char *high)
{
    if (begin < end && p->text[begin] == '#') return false;
    p->start = begin;
    for (size_t at = begin; at < end; at += 64) {
        uint64_t marks = marks_at(p->text + at, p->plan->separator, high);
        if (end - at < 64) marks &= ((uint64_t) 1 << (end - at)) - 1;
        for (; marks; marks &= marks - 1)
            if (!take_mark(p, at + (size_t) __builtin_ctzll(marks))) return false;
    }
    if (p->waiting) seek_firms(p);
    return !p->status;
}

/* The columns of the block that the list has. */
static fn_status make_columns(fn_run *run, const fn_edge_plan *plan, fn_ties *ties)
{
    static const struct { unsigned char role, column; } columns[] = {
        { FN_ROLE_WEIGHT, FN_TIES_VALUE },  { FN_ROLE_COUNT, FN_TIES_COUNT },       { FN_ROLE_DATE, FN_TIES_FIRST },
        { FN_ROLE_FIRST, FN_TIES_FIRST },   { FN_ROLE_LAST, FN_TIES_LAST },         { FN_ROLE_LAYER, FN_TIES_LAYER },
        { FN_ROLE_CURRENCY, FN_TIES_CURRENCY }, { FN_ROLE_PRODUCT, FN_TIES_PRODUCT }
    };
    fn_status status = FN_OK;
    ties->rows = 0;
    for (size_t c = 0; !status && c < sizeof columns / sizeof *columns; c++)
        if (plan->has[columns[c].role]) status = fn_ties_make(run, ties, columns[c].column);
    return status;
}

fn_status fn_edge_block_parse(fn_run *run, const fn_edge_plan *plan, fn_edge_block *block, bool first)
{
    const char *text = block->text.text, *stop;
    size_t length = block->text.length;
    unsigned char high = 0;
    block->newcomers = 0;
    block->units = 0;
    block->inexact = block->odd = false;
    block->head = block->tail = length;
    fn_status status = make_columns(run, plan, &block->ties);
    if (status) return status;
    if (length && first) block->head = 0;
    else if (length && (stop = memchr(text, '\n', length))) block->head = (size_t) (stop - text) + 1;
    if (block->head == length) return FN_OK;
    stop = memrchr(text + block->head, '\n', length - block->head);
    block->tail = stop ? (size_t) (stop - text) + 1 : block->head;

    parse p = { .plan = plan, .block = block, .text = text, .run = run };
    bool plain = take_rows(&p, block->head, block->tail, &high);
    if (p.status) return p.status;
    if (plain && (high & 0x80)) plain = fn_utf8_valid(text + block->head, block->tail - block->head);
    block->odd = !plain;
    return FN_OK;
}

void fn_edge_block_end(fn_edge_block *block)
{
    fn_text_piece_end(&block->text);
    fn_ties_free(&block->ties);
    fn_free(block->newcomer);
}

/* ---- plan ---- */

fn_status fn_edge_plan_make(fn_run *run, const fn_edge_reader *reader, fn_edge_plan *plan, bool *plain)
{
    static const unsigned char roles[FN_EDGE_MEANINGS] = {
        [FN_EDGE_FROM] = FN_ROLE_FROM,     [FN_EDGE_TO] = FN_ROLE_TO,             [FN_EDGE_WEIGHT] = FN_ROLE_WEIGHT,
        [FN_EDGE_LAYER] = FN_ROLE_LAYER,   [FN_EDGE_DATE] = FN_ROLE_DATE,         [FN_EDGE_CURRENCY] = FN_ROLE_CURRENCY,
        [FN_EDGE_COUNT] = FN_ROLE_COUNT,   [FN_EDGE_PRODUCT] = FN_ROLE_PRODUCT,   [FN_EDGE_FIRST] = FN_ROLE_FIRST,
        [FN_EDGE_LAST] = FN_ROLE_LAST
    };
    const fn_edge_columns *columns = &reader->columns;
    const fn_read_options *options = reader->import->options;
    bool period = (options->since != FN_DAY_NONE || options->until != FN_DAY_NONE) && (options->since || options->until);
    *plan = (fn_edge_plan){ .separator = reader->text.separator, .fields = columns->fields,
                            .day_first = reader->day_first, .day_last = reader->day_last, .net = reader->import->net };
    *plain = !columns->attributes && !period;
    for (int m = 0; m < FN_EDGE_MEANINGS; m++) *plain &= columns->at[m] < 0 || roles[m];
    if (!*plain) return FN_OK;
    plan->role = fn_alloc(run, columns->fields, sizeof *plan->role);
    if (!plan->role) return FN_ENOMEM;
    for (int m = 0; m < FN_EDGE_MEANINGS; m++)
        if (columns->at[m] >= 0) plan->has[plan->role[columns->at[m]] = roles[m]] = true;
    return FN_OK;
}
