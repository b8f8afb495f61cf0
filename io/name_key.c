/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdlib.h>
#include <utf8proc.h>
#include "graph/text.h"
#include "io/identity.h"

enum { LETTER_ADD = 8 };

/* ---- letters ---- */

static bool is_latin(int32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0x24F && c != 0xD7 && c != 0xF7)
        || (c >= 0x1E00 && c <= 0x1EFF);
}

static bool is_greek(int32_t c)
{
    return (c >= 0x370 && c <= 0x3FF) || (c >= 0x1F00 && c <= 0x1FFF);
}

static bool is_cyrillic(int32_t c)
{
    return c >= 0x400 && c <= 0x52F;
}

static bool is_mark(int32_t c)
{
    utf8proc_category_t category = utf8proc_category(c);
    return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME;
}

static bool is_word(int32_t c)
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
static int32_t next_letter(const char *text, size_t length, size_t *used)
{
    utf8proc_int32_t c = 0xFFFD;
    *used = fn_utf8_length(text, length);
    if (*used) utf8proc_iterate((const utf8proc_uint8_t *) text, (utf8proc_ssize_t) *used, &c);
    else *used = 1;
    return c;
}

static fn_status put(fn_run *run, fn_bytes *out, int32_t c)
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
        if (!used) c = next_letter(text + at, length - at, &used);
        at += used;
        status = put(run, out, c);
    }
    return status;
}

static fn_status cleaned(fn_run *run, const char *text, size_t length, fn_bytes *out)
{
    fn_bytes_clear(out);
    fn_status status = fn_bytes_add(run, out, "", 0);
    for (size_t at = 0, used, after = 0; at < length && !status; at += used) {
        int32_t c = next_letter(text + at, length - at, &used);
        int32_t next = at + used < length ? next_letter(text + at + used, length - at - used, &after) : 0;
        if (utf8proc_category(c) == UTF8PROC_CATEGORY_CF) continue;
        if (c == 0x2116 || c == 0x2122 || c == 0xAE || c == 0xA9 || c == 0xFFFD || c < 32) c = ' ';
        if ((c == 'N' || c == 'n') && (next == 0xBA || next == 0xB0)) {
            used += after;
            c = ' ';
        }
        status = put(run, out, c);
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
    if (!is_latin(c) && !is_greek(c)) return put(run, out, c);
    utf8proc_int32_t letter[LETTER_ADD];
    int class = 0;
    utf8proc_ssize_t letters = utf8proc_decompose_char(c, letter, LETTER_ADD, UTF8PROC_DECOMPOSE, &class);
    return put(run, out, letters > 0 && letters <= LETTER_ADD ? letter[0] : c);
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
        int32_t c = next_letter(text->text + at, text->length - at, &used);
        if (is_quote(c)) continue;
        if (is_mark(c) && (is_latin(base) || is_greek(base))) continue;
        if (c == '.' && run_length == 1 && at + used < text->length
            && is_word(next_letter(text->text + at + used, text->length - at - used, &after))) {
            run_length = 0;
            continue;
        }
        bool and = c == '&' || c == '+';
        if (!is_word(c) && !and) {
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

/* ---- step 4 and 7: look-alike letters, single letters, words for "and" ---- */

static int32_t look_alike(int32_t c)
{
    static const int32_t pair[][2] = {
        { 'a', 0x430 }, { 'c', 0x441 }, { 'e', 0x435 }, { 'o', 0x43E }, { 'p', 0x440 }, { 'x', 0x445 }, { 'y', 0x443 },
        { 'k', 0x43A }, { 'm', 0x43C }, { 't', 0x442 }, { 'b', 0x432 }, { 'h', 0x43D }, { 'i', 0x456 }, { 0x259, 0x4D9 }
    };
    for (size_t i = 0; i < sizeof pair / sizeof *pair; i++) {
        if (c == pair[i][0]) return pair[i][1];
        if (c == pair[i][1]) return pair[i][0];
    }
    return c == 0x4BB ? 'h' : 0;
}

/* One word of mixed script, the minority's letters all look-alikes: in the script of the majority. */
static fn_status one_script(fn_run *run, const char *word, size_t length, fn_bytes *out)
{
    size_t latin = 0, cyrillic = 0, latin_like = 0, cyrillic_like = 0;
    for (size_t at = 0, used; at < length; at += used) {
        int32_t c = next_letter(word + at, length - at, &used);
        latin += is_latin(c);
        cyrillic += is_cyrillic(c);
        latin_like += is_latin(c) && look_alike(c);
        cyrillic_like += is_cyrillic(c) && look_alike(c);
    }
    bool to_cyrillic = latin && cyrillic && latin == latin_like && (cyrillic >= latin || cyrillic != cyrillic_like);
    bool to_latin = latin && cyrillic && !to_cyrillic && cyrillic == cyrillic_like;
    fn_status status = FN_OK;
    for (size_t at = 0, used; at < length && !status; at += used) {
        int32_t c = next_letter(word + at, length - at, &used);
        if ((to_cyrillic && is_latin(c)) || (to_latin && is_cyrillic(c))) c = look_alike(c);
        status = put(run, out, c);
    }
    return status;
}

static bool is_and(const char *word, size_t length)
{
    static const char *const and[] = { "and", "und", "et", "e", "y", "и", "і", "және", "&" };
    for (size_t i = 0; i < sizeof and / sizeof *and; i++)
        if (strlen(and[i]) == length && memcmp(and[i], word, length) == 0) return true;
    return false;
}

static bool is_single(const char *word, size_t length)
{
    size_t used;
    int32_t c = next_letter(word, length, &used);
    return used == length && (is_latin(c) || is_cyrillic(c) || is_greek(c));
}

static size_t word_end(const fn_bytes *words, size_t at)
{
    while (at < words->length && words->text[at] != ' ') at++;
    return at;
}

static fn_status rewritten(fn_run *run, const fn_bytes *words, fn_bytes *out)
{
    fn_bytes_clear(out);
    fn_status status = fn_bytes_add(run, out, "", 0);
    bool single_before = false;
    for (size_t at = 0, end; at < words->length && !status; at = end + 1) {
        end = word_end(words, at);
        const char *word = words->text + at;
        size_t length = end - at;
        bool sign = is_and(word, length) && at > 0 && end < words->length;
        bool single = is_single(word, length);
        /* "s y c" is not a pair of letters with an "and": a single letter beside single letters stays one. */
        if (sign && single && single_before) sign = false;
        if (out->length && !(single && !sign && single_before)) status = fn_bytes_add(run, out, " ", 1);
        if (!status) status = sign ? fn_bytes_add(run, out, "&", 1) : one_script(run, word, length, out);
        single_before = single && !sign;
    }
    return status;
}

/* ---- step 8: legal form ---- */

static bool form_at_end(const char *key, size_t length, const char *tokens, size_t size)
{
    return length > size && memcmp(key + length - size, tokens, size) == 0 && key[length - size - 1] == ' ';
}

static bool form_at_start(const char *key, size_t length, const char *tokens, size_t size)
{
    return length > size && memcmp(key, tokens, size) == 0 && key[size] == ' ';
}

/* Take the longest form off the end or the start; false: none, or nothing would be left. */
static bool take_form(const char **key, size_t *length, fn_form *form)
{
    const fn_form_row *best = NULL;
    size_t best_size = 0;
    bool at_end = false;
    for (const fn_form_row *row = fn_form_rows; row->tokens; row++) {
        size_t size = strlen(row->tokens);
        if (size <= best_size) continue;
        bool end = form_at_end(*key, *length, row->tokens, size);
        if (!end && !(row->front && form_at_start(*key, *length, row->tokens, size))) continue;
        best = row;
        best_size = size;
        at_end = end;
    }
    if (!best) return false;
    if (!at_end) *key += best_size + 1;
    *length -= best_size + 1;
    if (*form == FN_FORM_NONE) *form = best->form;
    return true;
}

static size_t letters_in(const char *text, size_t length)
{
    size_t letters = 0;
    for (size_t at = 0, used; at < length; at += used) letters += is_word(next_letter(text + at, length - at, &used));
    return letters;
}

static fn_status key_of(fn_run *run, fn_name_key *key)
{
    const char *bare = key->words.text;
    size_t length = key->words.length;
    key->form = FN_FORM_NONE;
    for (int i = 0; i < 2 && take_form(&bare, &length, &key->form); i++) {}
    while (length && (bare[length - 1] == '&' || bare[length - 1] == ' ')) length--;
    if (letters_in(bare, length) < 2) {
        bare = key->words.text;
        length = key->words.length;
    }
    fn_bytes_clear(&key->key);
    fn_status status = fn_bytes_add(run, &key->key, bare, length);
    key->bare = length;
    if (!status && key->form != FN_FORM_NONE) {
        status = fn_bytes_text(run, &key->key, "/");
        if (!status) status = fn_bytes_text(run, &key->key, fn_form_name(key->form));
    }
    return status;
}

/* ---- marks of a group, and of no name ---- */

static bool has_word(const fn_bytes *words, const char *word, bool first_only)
{
    size_t size = strlen(word);
    for (size_t at = 0, end; at < words->length; at = end + 1) {
        end = word_end(words, at);
        if (end - at == size && memcmp(words->text + at, word, size) == 0) return true;
        if (first_only) return false;
    }
    return false;
}

static bool says_consortium(const fn_bytes *words)
{
    static const char *const anywhere[] = {
        "bietergemeinschaft", "groupement", "consorcio", "консорциум", "консорціум", "konsorcjum", "raggruppamento",
        "biege", "arge"
    };
    static const char *const in_front[] = { "ute", "rti", "ati", "gie", "ace", "jv", "rtp", "rt" };
    for (size_t i = 0; i < sizeof anywhere / sizeof *anywhere; i++)
        if (has_word(words, anywhere[i], false)) return true;
    for (size_t i = 0; i < sizeof in_front / sizeof *in_front; i++)
        if (has_word(words, in_front[i], true)) return true;
    return words->text && (strstr(words->text, "joint venture") || strstr(words->text, "participacion conjunta"));
}

static bool says_nothing(const fn_bytes *words)
{
    static const char *const nothing[] = {
        "", "na", "n a", "nan", "none", "null", "nil", "no name", "unknown", "not available", "not applicable", "нет",
        "жоқ", "sin dato", "no aplica", "sd", "xxx", "xx", "tbd", "undefined", "non disponibile", "неизвестно", "desierto"
    };
    for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++)
        if (strcmp(words->text, nothing[i]) == 0) return true;
    return false;
}

static bool has_letters(const fn_bytes *words)
{
    for (size_t at = 0, used; at < words->length; at += used) {
        utf8proc_category_t category = utf8proc_category(next_letter(words->text + at, words->length - at, &used));
        if (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) return true;
    }
    return false;
}

fn_status fn_name_key_make(fn_run *run, const char *name, size_t length, fn_name_key *key)
{
    *key = (fn_name_key) { 0 };
    fn_bytes text = { 0 }, other = { 0 };
    fn_status status = decoded(run, name, length, &other);
    if (!status) status = decoded(run, other.text, other.length, &text); /* "&amp;#39;" */
    if (!status) status = cleaned(run, text.text, text.length, &other);
    if (!status) status = folded(run, &other);
    if (!status) status = words_of(run, &other, &text);
    if (!status) status = rewritten(run, &text, &key->words);
    if (!status) status = key_of(run, key);
    if (!status) {
        key->consortium = says_consortium(&key->words);
        key->letters = has_letters(&key->words);
        key->placeholder = says_nothing(&key->words);
    }
    fn_bytes_free(&text);
    fn_bytes_free(&other);
    if (status) fn_name_key_free(key);
    return status;
}

void fn_name_key_free(fn_name_key *key)
{
    fn_bytes_free(&key->words);
    fn_bytes_free(&key->key);
}

/* ---- likeness ---- */

/* Does b hold the letter pair x y? Keys are short; a scan is enough. */
static bool has_pair(const char *b, size_t length, int32_t x, int32_t y)
{
    int32_t before = 0;
    for (size_t at = 0, used; at < length; at += used) {
        int32_t c = next_letter(b + at, length - at, &used);
        if (c == ' ') continue;
        if (before == x && c == y) return true;
        before = c;
    }
    return false;
}

static size_t letter_count(const char *text, size_t length)
{
    size_t letters = 0;
    for (size_t at = 0, used; at < length; at += used) letters += next_letter(text + at, length - at, &used) != ' ';
    return letters;
}

double fn_name_likeness(const char *a, size_t a_length, const char *b, size_t b_length)
{
    if (a_length == b_length && memcmp(a, b, a_length) == 0) return 1;
    if (letter_count(a, a_length) > letter_count(b, b_length)) return fn_name_likeness(b, b_length, a, a_length);
    size_t pairs = 0, shared = 0;
    int32_t before = 0;
    for (size_t at = 0, used; at < a_length; at += used) {
        int32_t c = next_letter(a + at, a_length - at, &used);
        if (c == ' ') continue;
        if (before) {
            pairs++;
            shared += has_pair(b, b_length, before, c);
        }
        before = c;
    }
    return pairs ? (double) shared / (double) pairs : 0;
}
