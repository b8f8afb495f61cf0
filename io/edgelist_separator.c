/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "graph/text.h"
#include "io/edgelist.h"

/* What separates the fields of an edge list, from its first line. */

/* Field number `index` of a line, roughly: without quotes and blanks around. */
static const char *rough_field(char separator, const char *line, size_t length, size_t index, size_t *field_length)
{
    const char *at = line, *end = line + length;
    for (;;) {
        while (separator == ' ' && at < end && (*at == ' ' || *at == '\t')) at++;
        const char *stop = at;
        bool quoted = false;
        for (; stop < end; stop++) {
            if (*stop == '"') quoted = !quoted && separator != '\t';
            if (!quoted && (*stop == separator || (separator == ' ' && *stop == '\t'))) break;
        }
        if (index-- == 0 || stop == end) {
            while (at < stop && (*at == ' ' || *at == '"')) at++;
            while (stop > at && (stop[-1] == ' ' || stop[-1] == '"')) stop--;
            *field_length = (size_t) (stop - at);
            return at;
        }
        at = stop + 1;
    }
}

static bool names_both_ends(char separator, const char *line, size_t length, size_t fields)
{
    bool from = false, to = false;
    for (size_t f = 0; f < fields && f < 64; f++) {
        size_t n;
        int rank;
        const char *text = rough_field(separator, line, length, f, &n);
        int meaning = fn_edge_meaning(text, n, &rank);
        from |= meaning == FN_EDGE_FROM;
        to |= meaning == FN_EDGE_TO;
    }
    return from && to;
}

/* "a b 12,5": the comma is a decimal mark, not a separator. */
static bool comma_is_decimal(const char *line, size_t length, size_t commas_fields)
{
    const char *comma = memchr(line, ',', length);
    if (commas_fields != 2 || !comma || comma == line || comma + 1 == line + length) return false;
    if (comma[-1] < '0' || comma[-1] > '9') return false;
    for (const char *c = comma + 1; c < line + length; c++)
        if (*c < '0' || *c > '9') return false;
    return fn_separator_count(' ', line, length) >= 3;
}

char fn_edge_separator(const char *line, size_t length, size_t wanted, bool *header)
{
    char best = 0;
    int best_score = 0;
    if (header) *header = false;
    for (const char *s = fn_separators; *s; s++) {
        size_t fields = fn_separator_count(*s, line, length), n;
        if (fields < 2) continue;
        if (names_both_ends(*s, line, length, fields)) {
            if (header) *header = true;
            return *s;
        }
        double number;
        const char *third = rough_field(*s, line, length, 2, &n);
        int score = fields > 4 ? 1 : fields > 2 && fn_real_parse(third, n, &number) ? 3 : 2;
        if (fields == wanted) score = 4;
        if (*s == ',' && comma_is_decimal(line, length, fields)) score = 0;
        if (*s == ' ' && best) score = 0; /* blanks are part of names wherever something else separates */
        if (score > best_score) {
            best = *s;
            best_score = score;
        }
    }
    return best;
}
