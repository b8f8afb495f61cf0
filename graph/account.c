/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "graph/account.h"
#include "graph/memory.h"
#include "graph/text.h"
#include "graph/names.h"

/* Lines are found through a hash of "unit \n outcome reason"; a sorted order is kept beside them. */
struct fn_account {
    fn_account_line *line;
    size_t lines, line_capacity;
    uint32_t *order;
    size_t order_capacity;
    fn_names *index, *units;
    fn_account_sum *sum;
    size_t sums, sum_capacity;
};

fn_status fn_account_new(fn_run *run, fn_account **account)
{
    *account = NULL;
    fn_account *made = fn_alloc(run, 1, sizeof *made);
    if (!made) return FN_ENOMEM;
    if (fn_names_new(run, &made->index) || fn_names_new(run, &made->units)) {
        fn_account_free(made);
        return FN_ENOMEM;
    }
    *account = made;
    return FN_OK;
}

void fn_account_free(fn_account *account)
{
    if (!account) return;
    for (size_t i = 0; i < account->lines; i++) {
        fn_account_line *line = &account->line[i];
        fn_free((char *) line->unit);
        fn_free((char *) line->reason);
        fn_free((char *) line->text);
        fn_free((char *) line->file);
        fn_free((char *) line->example);
    }
    for (size_t i = 0; i < account->sums; i++) {
        fn_free((char *) account->sum[i].label);
        fn_free((char *) account->sum[i].currency);
    }
    fn_free(account->line);
    fn_free(account->order);
    fn_free(account->sum);
    fn_names_free(account->index);
    fn_names_free(account->units);
    fn_free(account);
}

static char *copy(fn_run *run, const char *text)
{
    return fn_copy_text(run, text ? text : "", text ? strlen(text) : 0);
}

static char *copy_file(fn_run *run, const char *path)
{
    if (!path) return copy(run, NULL);
    size_t length;
    const char *name = fn_file_name(path, &length);
    return fn_copy_text(run, name, length);
}

/* Unit in order of first use, outcome, reason in byte order. */
static bool comes_before(const fn_account *account, const fn_account_line *a, const fn_account_line *b)
{
    uint32_t unit_a = fn_names_find(account->units, a->unit, strlen(a->unit));
    uint32_t unit_b = fn_names_find(account->units, b->unit, strlen(b->unit));
    if (unit_a != unit_b) return unit_a < unit_b;
    if (a->outcome != b->outcome) return a->outcome < b->outcome;
    return strcmp(a->reason, b->reason) < 0;
}

static fn_status new_line(fn_run *run, fn_account *account, const char *unit, fn_outcome outcome, const char *reason,
                          const char *text, const char *file, int64_t line_number, const char *example)
{
    fn_account_line *lines = fn_grow(run, account->line, &account->line_capacity, account->lines + 1, sizeof *lines);
    if (!lines) return FN_ENOMEM;
    account->line = lines;
    uint32_t *order = fn_grow(run, account->order, &account->order_capacity, account->lines + 1, sizeof *order);
    if (!order) return FN_ENOMEM;
    account->order = order;
    fn_account_line *line = &lines[account->lines];
    *line = (fn_account_line) {
        .unit = copy(run, unit), .outcome = outcome, .reason = copy(run, reason), .text = copy(run, text),
        .file = copy_file(run, file), .line = line_number, .example = copy(run, example)
    };
    account->lines++;
    if (!line->unit || !line->reason || !line->text || !line->file || !line->example) {
        order[account->lines - 1] = (uint32_t) account->lines - 1;
        return FN_ENOMEM;
    }
    size_t at = account->lines - 1;
    for (; at > 0 && comes_before(account, line, &lines[order[at - 1]]); at--) order[at] = order[at - 1];
    order[at] = (uint32_t) account->lines - 1;
    return FN_OK;
}

/* "unit\noutcome reason" */
static size_t index_key(char key[256], const char *unit, fn_outcome outcome, const char *reason)
{
    size_t unit_length = strnlen(unit, 120), reason_length = strnlen(reason, 120);
    memcpy(key, unit, unit_length);
    key[unit_length] = '\n';
    key[unit_length + 1] = (char) ('0' + outcome);
    memcpy(key + unit_length + 2, reason, reason_length);
    return unit_length + 2 + reason_length;
}

fn_status fn_account_count(fn_run *run, fn_account *account, const char *unit, fn_outcome outcome, const char *reason,
                           const char *text, int64_t count, const char *file, int64_t line, const char *example)
{
    if (count == 0) return FN_OK;
    if (!reason) reason = "";
    char key[256];
    size_t length = index_key(key, unit, outcome, reason);
    uint32_t number = fn_names_find(account->index, key, length), unit_number;
    if (number == FN_NONE) {
        fn_status status = fn_names_add(run, account->units, unit, strlen(unit), &unit_number, NULL);
        if (!status) status = new_line(run, account, unit, outcome, reason, text, file, line, example);
        if (!status) status = fn_names_add(run, account->index, key, length, &number, NULL);
        if (status) return status;
    }
    account->line[number].count += count;
    return FN_OK;
}

/* The place of a sum, made on first use. */
static fn_status find_sum(fn_run *run, fn_account *account, const char *label, const char *currency, fn_sum **sum)
{
    size_t at = 0;
    for (; at < account->sums; at++)
        if (strcmp(account->sum[at].label, label) == 0 && strcmp(account->sum[at].currency, currency) == 0) break;
    if (at == account->sums) {
        fn_account_sum *sums = fn_grow(run, account->sum, &account->sum_capacity, at + 1, sizeof *sums);
        if (!sums) return FN_ENOMEM;
        account->sum = sums;
        fn_account_sum made = { .label = copy(run, label), .currency = copy(run, currency) };
        if (!made.label || !made.currency) {
            fn_free((char *) made.label);
            fn_free((char *) made.currency);
            return FN_ENOMEM;
        }
        sums[at] = made;
        account->sums++;
    }
    *sum = &account->sum[at].sum;
    return FN_OK;
}

fn_status fn_account_money(fn_run *run, fn_account *account, const char *label, const char *currency, double amount)
{
    fn_sum *sum;
    fn_status status = find_sum(run, account, label, currency, &sum);
    if (!status) fn_sum_add(sum, amount);
    return status;
}

fn_status fn_account_join(fn_run *run, fn_account *account, const char *label, const char *currency, const fn_sum *part)
{
    fn_sum *sum;
    fn_status status = find_sum(run, account, label, currency, &sum);
    if (!status) fn_sum_join(sum, part);
    return status;
}

size_t fn_account_lines(const fn_account *account)
{
    return account->lines;
}

const fn_account_line *fn_account_line_at(const fn_account *account, size_t index)
{
    return &account->line[account->order[index]];
}

size_t fn_account_sums(const fn_account *account)
{
    return account->sums;
}

const fn_account_sum *fn_account_sum_at(const fn_account *account, size_t index)
{
    return &account->sum[index];
}

int64_t fn_account_total(const fn_account *account, const char *unit, fn_outcome outcome, const char *reason)
{
    int64_t total = 0;
    for (size_t i = 0; i < account->lines; i++) {
        const fn_account_line *line = &account->line[i];
        if (line->outcome == outcome && strcmp(line->unit, unit) == 0 && (!reason || strcmp(line->reason, reason) == 0))
            total += line->count;
    }
    return total;
}

fn_status fn_account_check(fn_run *run, const fn_account *account)
{
    for (uint32_t u = 0; u < fn_names_count(account->units); u++) {
        const char *unit = fn_names_text(account->units, u, NULL);
        int64_t read = fn_account_total(account, unit, FN_READ, NULL);
        int64_t kept = fn_account_total(account, unit, FN_KEPT, NULL);
        int64_t merged = fn_account_total(account, unit, FN_MERGED, NULL);
        int64_t rejected = fn_account_total(account, unit, FN_REJECTED, NULL);
        if (read != kept + merged + rejected)
            return fn_fail(run, FN_EPARSE, "import does not add up: %lld of unit \"%s\" read, but %lld kept, "
                           "%lld merged, %lld rejected", (long long) read, unit, (long long) kept, (long long) merged,
                           (long long) rejected);
    }
    return FN_OK;
}
