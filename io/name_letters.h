/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_NAME_LETTERS_H
#define FN_IO_NAME_LETTERS_H

#include "io/bytes.h"

/* For name_key.c and name_words.c: names letter by letter. */

bool fn_letter_latin(int32_t c);
bool fn_letter_greek(int32_t c);
bool fn_letter_cyrillic(int32_t c);
bool fn_letter_word(int32_t c);     /* letter, mark or digit */
/* The code point at text, 0xFFFD where there is none; *used bytes. */
int32_t fn_letter_next(const char *text, size_t length, size_t *used);
fn_status fn_letter_put(fn_run *run, fn_bytes *out, int32_t c);

/* The words of a name, folded, without accents of Latin and Greek letters, one blank between; "&" is a word. */
fn_status fn_name_words(fn_run *run, const char *name, size_t length, fn_bytes *out);

#endif
