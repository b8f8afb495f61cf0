/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdlib.h>
#include <utf8proc.h>
#include "graph/text.h"
#include "io/name_letters.h"

enum { LETTER_ADD = 8 };

/* ---- letters ---- */

bool fn_letter_latin(int32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0x24F && c != 0xD7 && c != 0xF7)
        || (c >= 0x1E00 && c <= 0x1EFF);
}

bool fn_letter_greek(int32_t c)
{
    return (c >= 0x370 && c <= 0x3FF) || (c >= 0x1F00 && c <= 0x1FFF);
}

bool fn_letter_cyrillic(int32_t c)
{
    return c >= 0x400 && c <= 0x52F;
}

static bool is_mark(int32_t c)
{
    utf8proc_category_t category = utf8proc_category(c);
    return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME;
}

bool fn_letter_word(int32_t c)
{
    utf8proc_category_t category = utf8proc_category(c);
    return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) || is_mark(c)
        || category == UTF8PROC_CATEGORY_MC || category == UTF8PROC_CATEGORY_ND || category == UTF8PROC_CATEGORY_NL;
}

static bool is_quote(int32_t c)
{
    static const int32_t quote[] = {
        '"', '\'', '`', 0xAB, 0xBB, 0xB4, 0x2BC, 0x2B9, 0x2018, 0x2019, 0x201A, 0x201B, 0x201C, 0x201D, 0x201E, 0x201F,
        0x2032, 0x2033, 0x2039, 0x203A, 0x301D, 0x301E, 0xFF07, 0xFF02
    };
    for (size_t i = 0; i < sizeof quote / sizeof *quote; i++)
        if (c == quote[i]) return true;
    return false;
}

/* The code point at text, 0xFFFD where there is none; *used bytes. */
int32_t fn_letter_next(const char *text, size_t length, size_t *used)
{
    utf8proc_int32_t c = 0xFFFD;
    *used = fn_utf8_length(text, length);
    if (*used) utf8proc_iterate((const utf8proc_uint8_t *) text, (utf8proc_ssize_t) *used, &c);
    else *used = 1;
    return c;
}

fn_status fn_letter_put(fn_run *run, fn_bytes *out, int32_t c)
{
    utf8proc_uint8_t bytes[4];
    utf8proc_ssize_t length = utf8proc_encode_char(c, bytes);
    return length > 0 ? fn_bytes_add(run, out, (char *) bytes, (size_t) length) : FN_OK;
}

/* ---- step 1 and 2: entities, invisible characters, signs that NFKC would spell out ---- */

static size_t entity(const char *text, size_t length, int32_t *c)
{
    static const struct { const char *name; int32_t c; } named[] = {
        { "&amp;", '&' }, { "&quot;", '"' }, { "&apos;", '\'' }, { "&lt;", '<' }, { "&gt;", '>' }, { "&nbsp;", ' ' }
    };
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        size_t size = strlen(named[i].name);
        if (length >= size && memcmp(text, named[i].name, size) == 0) {
            *c = named[i].c;
            return size;
        }
    }
    if (length < 4 || text[1] != '#') return 0;
    bool hex = text[2] == 'x' || text[2] == 'X';
    size_t at = hex ? 3 : 2, first = at;
    int32_t code = 0;
    for (; at < length && at < first + 7; at++) {
        char d = text[at];
        int digit = d >= '0' && d <= '9' ? d - '0' : hex && (d | 32) >= 'a' && (d | 32) <= 'f' ? (d | 32) - 'a' + 10 : -1;
        if (digit < 0) break;
        code = code * (hex ? 16 : 10) + digit;
    }
    if (at == first || at >= length || text[at] != ';' || !utf8proc_codepoint_valid(code) || code == 0) return 0;
    *c = code;
    return at + 1;
}

static fn_status decoded(fn_run *run, const char *text, size_t length, fn_bytes *out)
{
    fn_bytes_clear(out);
    fn_status status = fn_bytes_add(run, out, "", 0);
    for (size_t at = 0; at < length && !status;) {
        int32_t c;
        size_t used = text[at] == '&' ? entity(text + at, length - at, &c) : 0;
        if (!used) c = fn_letter_next(text + at, length - at, &used);
        at += used;
        status = fn_letter_put(run, out, c);
    }
    return status;
}

static fn_status cleaned(fn_run *run, const char *text, size_t length, fn_bytes *out)
{
    fn_bytes_clear(out);
    fn_status status = fn_bytes_add(run, out, "", 0);
    for (size_t at = 0, used, after = 0; at < length && !status; at += used) {
        int32_t c = fn_letter_next(text + at, length - at, &used);
        int32_t next = at + used < length ? fn_letter_next(text + at + used, length - at - used, &after) : 0;
        if (utf8proc_category(c) == UTF8PROC_CATEGORY_CF) continue;
        if (c == 0x2116 || c == 0x2122 || c == 0xAE || c == 0xA9 || c == 0xFFFD || c < 32) c = ' ';
        if ((c == 'N' || c == 'n') && (next == 0xBA || next == 0xB0)) {
            used += after;
            c = ' ';
        }
        status = fn_letter_put(run, out, c);
    }
    return status;
}

/* ---- step 3: NFKC and full case folding ---- */

static fn_status folded(fn_run *run, fn_bytes *text)
{
    utf8proc_uint8_t *mapped = NULL;
    utf8proc_ssize_t length = utf8proc_map((const utf8proc_uint8_t *) text->text, (utf8proc_ssize_t) text->length, &mapped,
                                           UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
    if (length < 0) {
        free(mapped);
        return fn_fail(run, FN_ENOMEM, "out of memory: a name of %zu bytes", text->length);
    }
    fn_bytes_clear(text);
    fn_status status = fn_bytes_add(run, text, (char *) mapped, (size_t) length);
    free(mapped);
    return status;
}

/* ---- step 5 and 6: accents, quotes, punctuation ---- */

/* Letters that do not decompose. */
static const char *spelled(int32_t c)
{
    switch (c) {
    case 0xF8: return "o";
    case 0x142: return "l";
    case 0x111: case 0xF0: return "d";
    case 0x131: return "i";
    case 0xE6: return "ae";
    case 0x153: return "oe";
    case 0xFE: return "th";
    case 0x127: return "h";
    case 0x451: return "е";
    default: return NULL;
    }
}

static fn_status put_plain(fn_run *run, fn_bytes *out, int32_t c)
{
    const char *spelling = spelled(c);
    if (spelling) return fn_bytes_text(run, out, spelling);
    if (!fn_letter_latin(c) && !fn_letter_greek(c)) return fn_letter_put(run, out, c);
    utf8proc_int32_t letter[LETTER_ADD];
    int class = 0;
    utf8proc_ssize_t letters = utf8proc_decompose_char(c, letter, LETTER_ADD, UTF8PROC_DECOMPOSE, &class);
    return fn_letter_put(run, out, letters > 0 && letters <= LETTER_ADD ? letter[0] : c);
}

/* Words with one blank between. The point of an abbreviation (S.p.A.) goes, other points part words. */
static fn_status words_of(fn_run *run, const fn_bytes *text, fn_bytes *out)
{
    fn_bytes_clear(out);
    fn_status status = fn_bytes_add(run, out, "", 0);
    int32_t base = 0;
    size_t run_length = 0;   /* letters since the last blank or point */
    bool blank = false;
    for (size_t at = 0, used, after; at < text->length && !status; at += used) {
        int32_t c = fn_letter_next(text->text + at, text->length - at, &used);
        if (is_quote(c)) continue;
        if (is_mark(c) && (fn_letter_latin(base) || fn_letter_greek(base))) continue;
        if (c == '.' && run_length == 1 && at + used < text->length
            && fn_letter_word(fn_letter_next(text->text + at + used, text->length - at - used, &after))) {
            run_length = 0;
            continue;
        }
        bool and = c == '&' || c == '+';
        if (!fn_letter_word(c) && !and) {
            blank = true;
            run_length = 0;
            continue;
        }
        if ((blank || and) && out->length && out->text[out->length - 1] != ' ')
            status = fn_bytes_add(run, out, " ", 1);
        blank = and;
        run_length = and ? 0 : run_length + 1;
        base = c;
        if (!status) status = and ? fn_bytes_add(run, out, "&", 1) : put_plain(run, out, c);
    }
    return status;
}

fn_status fn_name_words(fn_run *run, const char *name, size_t length, fn_bytes *out)
{
    fn_bytes text = { 0 }, other = { 0 };
    fn_status status = decoded(run, name, length, &other);
    if (!status) status = decoded(run, other.text, other.length, &text); /* "&amp;#39;" */
    if (!status) status = cleaned(run, text.text, text.length, &other);
    if (!status) status = folded(run, &other);
    if (!status) status = words_of(run, &other, out);
    fn_bytes_free(&text);
    fn_bytes_free(&other);
    return status;
}
