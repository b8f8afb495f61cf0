/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <utf8proc.h>
#include "io/identity.h"
#include "io/name_letters.h"

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
        int32_t c = fn_letter_next(word + at, length - at, &used);
        latin += fn_letter_latin(c);
        cyrillic += fn_letter_cyrillic(c);
        latin_like += fn_letter_latin(c) && look_alike(c);
        cyrillic_like += fn_letter_cyrillic(c) && look_alike(c);
    }
    bool to_cyrillic = latin && cyrillic && latin == latin_like && (cyrillic >= latin || cyrillic != cyrillic_like);
    bool to_latin = latin && cyrillic && !to_cyrillic && cyrillic == cyrillic_like;
    fn_status status = FN_OK;
    for (size_t at = 0, used; at < length && !status; at += used) {
        int32_t c = fn_letter_next(word + at, length - at, &used);
        if ((to_cyrillic && fn_letter_latin(c)) || (to_latin && fn_letter_cyrillic(c))) c = look_alike(c);
        status = fn_letter_put(run, out, c);
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
    int32_t c = fn_letter_next(word, length, &used);
    return used == length && (fn_letter_latin(c) || fn_letter_cyrillic(c) || fn_letter_greek(c));
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
    for (size_t at = 0, used; at < length; at += used) letters += fn_letter_word(fn_letter_next(text + at, length - at, &used));
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

/* "RTI S.p.A." is one firm of that name; "RTI Rossi - Bianchi S.r.l." is a group. */
static bool is_group(const fn_name_key *key)
{
    bool only_word = key->bare && !memchr(key->key.text, ' ', key->bare);
    return says_consortium(&key->words) && !(key->form != FN_FORM_NONE && only_word);
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
        utf8proc_category_t category = utf8proc_category(fn_letter_next(words->text + at, words->length - at, &used));
        if (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) return true;
    }
    return false;
}

fn_status fn_name_key_make(fn_run *run, const char *name, size_t length, fn_name_key *key)
{
    *key = (fn_name_key) { 0 };
    fn_bytes words = { 0 };
    fn_status status = fn_name_words(run, name, length, &words);
    if (!status) status = rewritten(run, &words, &key->words);
    if (!status) status = key_of(run, key);
    if (!status) {
        key->consortium = is_group(key);
        key->letters = has_letters(&key->words);
        key->placeholder = says_nothing(&key->words);
    }
    fn_bytes_free(&words);
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
        int32_t c = fn_letter_next(b + at, length - at, &used);
        if (c == ' ') continue;
        if (before == x && c == y) return true;
        before = c;
    }
    return false;
}

static size_t letter_count(const char *text, size_t length)
{
    size_t letters = 0;
    for (size_t at = 0, used; at < length; at += used) letters += fn_letter_next(text + at, length - at, &used) != ' ';
    return letters;
}

double fn_name_likeness(const char *a, size_t a_length, const char *b, size_t b_length)
{
    if (a_length == b_length && memcmp(a, b, a_length) == 0) return 1;
    if (letter_count(a, a_length) > letter_count(b, b_length)) return fn_name_likeness(b, b_length, a, a_length);
    size_t pairs = 0, shared = 0;
    int32_t before = 0;
    for (size_t at = 0, used; at < a_length; at += used) {
        int32_t c = fn_letter_next(a + at, a_length - at, &used);
        if (c == ' ') continue;
        if (before) {
            pairs++;
            shared += has_pair(b, b_length, before, c);
        }
        before = c;
    }
    return pairs ? (double) shared / (double) pairs : 0;
}
