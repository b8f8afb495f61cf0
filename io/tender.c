/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "graph/text.h"
#include "io/rejects.h"
#include "io/tender_book.h"

/* The book: what is kept of every process until firms can be told apart. */

bool fn_words_equal(fn_words a, fn_words b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.bytes, b.bytes, a.length) == 0);
}

static fn_words trimmed(fn_words text)
{
    while (text.length && (unsigned char) text.bytes[0] <= ' ') text.bytes++, text.length--;
    while (text.length && (unsigned char) text.bytes[text.length - 1] <= ' ') text.length--;
    return text;
}

bool fn_words_empty(fn_words text)
{
    return trimmed(text).length == 0;
}

bool fn_words_say(fn_words text, const char *word)
{
    text = trimmed(text);
    size_t i = 0;
    for (; i < text.length && word[i]; i++) {
        char c = text.bytes[i];
        if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != word[i]) return false;
    }
    return i == text.length && !word[i];
}

/* ---- counting ---- */

char *fn_words_plain(fn_words text, char out[FN_QUOTE_TEXT])
{
    fn_quote(text.bytes ? text.bytes : "", text.length, out);
    size_t length = strlen(out);
    if (length < 2 || out[0] != '"' || out[length - 1] != '"') return out;
    memmove(out, out + 1, length - 2);
    out[length - 2] = '\0';
    return out;
}

static void example_text(const fn_process *process, fn_words id, char out[2 * FN_QUOTE_TEXT])
{
    char ocid[FN_QUOTE_TEXT], other[FN_QUOTE_TEXT];
    fn_words_plain(process->ocid, ocid);
    if (fn_words_empty(id)) snprintf(out, 2 * FN_QUOTE_TEXT, "%s", ocid);
    else snprintf(out, 2 * FN_QUOTE_TEXT, "%s, %s", ocid, fn_words_plain(id, other));
}

fn_status fn_book_count(fn_run *run, fn_import *import, const fn_process *process, const char *unit, fn_outcome outcome,
                        const char *reason, const char *text, fn_words id)
{
    char example[2 * FN_QUOTE_TEXT] = "";
    if (outcome != FN_READ && outcome != FN_KEPT) example_text(process, id, example);
    fn_status status =
        fn_account_count(run, import->account, unit, outcome, reason, text, 1, process->file, process->line, example);
    if (status || outcome != FN_REJECTED) return status;
    return fn_rejects_add(run, import, process->file, process->line, reason, example, strlen(example));
}

fn_status fn_book_reject(fn_run *run, fn_import *import, const fn_process *process, const char *unit,
                         const char *reason, const char *text, fn_words id)
{
    if (!import->options->strict)
        return fn_book_count(run, import, process, unit, FN_REJECTED, reason, text, id);
    char example[2 * FN_QUOTE_TEXT];
    example_text(process, id, example);
    fn_fail_at(run, FN_EPARSE, process->file, process->line, -1, "%s: \"%s\"", text, example);
    fn_hint(run, "without --strict such records are set aside and counted");
    return FN_EPARSE;
}

fn_status fn_book_money(fn_run *run, fn_import *import, const char *label, uint32_t currency, double amount)
{
    if (isnan(amount)) return FN_OK;
    return fn_account_money(run, import->account, label, fn_names_text(import->book->texts, currency, NULL), amount);
}

fn_status fn_book_text(fn_run *run, fn_tender_book *book, fn_words text, uint32_t *number)
{
    return fn_names_add(run, book->texts, text.bytes ? text.bytes : "", text.length, number, NULL);
}

fn_status fn_book_currency(fn_run *run, fn_tender_book *book, fn_words currency, uint32_t *number)
{
    char upper[16];
    currency = trimmed(currency);
    if (currency.length > sizeof upper) return fn_book_text(run, book, currency, number);
    for (size_t i = 0; i < currency.length; i++) {
        char c = currency.bytes[i];
        upper[i] = c >= 'a' && c <= 'z' ? (char) (c - 32) : c;
    }
    return fn_book_text(run, book, (fn_words) { upper, currency.length }, number);
}

/* ---- the book ---- */

fn_status fn_book_open(fn_run *run, fn_import *import)
{
    if (import->book) return FN_OK;
    fn_tender_book *book = fn_alloc(run, 1, sizeof *book);
    if (!book) return FN_ENOMEM;
    fn_status status = fn_identity_new(run, &book->identity);
    if (!status) status = fn_names_new(run, &book->texts);
    if (status) fn_tender_book_free(book);
    else import->book = book;
    return status;
}

void fn_tender_book_free(fn_tender_book *book)
{
    if (!book) return;
    for (size_t i = 0; i < FN_BOOK_OWNERS; i++)
        if (book->owner[i].free) book->owner[i].free(book->owner[i].state);
    fn_identity_free(book->identity);
    fn_names_free(book->texts);
    fn_free(book->process);
    fn_free(book->award);
    fn_free(book->bid);
    fn_free(book->sub);
    fn_free(book->member);
    fn_free(book->lot);
    fn_free(book);
}

fn_status fn_tender_book_owner(fn_run *run, fn_import *import,
                               fn_status (*finish)(fn_run *run, fn_import *import, void *state), fn_book_owner **owner)
{
    fn_status status = fn_book_open(run, import);
    *owner = NULL;
    if (status) return status;
    size_t at = 0;
    while (import->book->owner[at].finish && import->book->owner[at].finish != finish) at++;
    assert(at < FN_BOOK_OWNERS);
    *owner = &import->book->owner[at];
    return FN_OK;
}

fn_status fn_tender_finish(fn_run *run, fn_import *import)
{
    fn_tender_book *book = import->book;
    if (!book) return FN_OK;
    fn_status status = FN_OK;
    for (size_t i = 0; i < FN_BOOK_OWNERS && !status; i++)
        if (book->owner[i].finish) status = book->owner[i].finish(run, import, book->owner[i].state);
    if (!status) status = fn_identity_resolve(run, book->identity, import->account);
    return status ? status : fn_book_derive(run, import);
}
