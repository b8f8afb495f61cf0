/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "graph/text.h"
#include "io/pen.h"

/* Text inside XML, HTML and JSON: clean runs are written whole, everything else one piece at a time. */

static const char replacement[] = "\xef\xbf\xbd"; /* U+FFFD */

/* Eight bytes at once: the high bit of a byte in the answer is set where the byte is `wanted` (and maybe in bytes
 * above such a byte). */
#define EVERY_BYTE(byte) (0x0101010101010101u * (byte))

static inline uint64_t bytes_equal(uint64_t eight, unsigned char wanted)
{
    uint64_t zero = eight ^ EVERY_BYTE(wanted);
    return (zero - EVERY_BYTE(1)) & ~zero;
}

/* Anything among eight bytes that XML escapes or that is not ASCII? */
static inline bool eight_need_care(uint64_t eight)
{
    uint64_t found = eight | ((eight - EVERY_BYTE(' ')) & ~eight) | bytes_equal(eight, '"');
    found |= bytes_equal(eight & EVERY_BYTE(0xfe), '&');   /* and the apostrophe behind it */
    found |= bytes_equal(eight & EVERY_BYTE(0xfd), '<');   /* and > */
    return found & EVERY_BYTE(0x80);
}

static inline uint64_t eight_at(const char *text)
{
    uint64_t eight;
    memcpy(&eight, text, sizeof eight);
    return eight;
}

static inline uint64_t four_at(const char *text)
{
    uint32_t four;
    memcpy(&four, text, sizeof four);
    return four;
}

/* The same of a whole text: its last eight (or four) bytes as one piece, whatever was seen of them before. */
static inline bool needs_care(const char *text, size_t length)
{
    if (length >= 8) {
        for (size_t at = 0; at + 8 < length; at += 8)
            if (eight_need_care(eight_at(text + at))) return true;
        return eight_need_care(eight_at(text + length - 8));
    }
    if (length >= 4) return eight_need_care(four_at(text) | four_at(text + length - 4) << 32);
    uint64_t eight = EVERY_BYTE(' ');
    for (size_t at = 0; at < length; at++) eight = eight << 8 | (unsigned char) text[at];
    return eight_need_care(eight);
}

/* What stands for a byte below 0x80, NULL: itself. *bad: XML 1.0 forbids it. */
static const char *xml_escape(unsigned char byte, bool *bad)
{
    switch (byte) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    case '\t': return "&#9;";
    case '\n': return "&#10;";
    case '\r': return "&#13;";
    default: break;
    }
    if (byte >= ' ') return NULL;
    *bad = true;
    return replacement;
}

void fn_pen_xml(fn_pen *pen, const char *text, size_t length)
{
    size_t clean = 0, at = needs_care(text, length) ? 0 : length; /* most texts need none */
    while (at < length) {
        unsigned char byte = (unsigned char) text[at];
        bool bad = false;
        const char *instead = NULL;
        size_t step = 1;
        if (byte < 0x80) {
            instead = xml_escape(byte, &bad);
        } else if (!(step = fn_utf8_length(text + at, length - at))) {
            step = 1;
            bad = true;
            instead = replacement;
        } else if (step == 3 && (!memcmp(text + at, "\xef\xbf\xbe", 3) || !memcmp(text + at, "\xef\xbf\xbf", 3))) {
            bad = true; /* U+FFFE, U+FFFF */
            instead = replacement;
        }
        if (instead) {
            fn_pen_bytes(pen, text + clean, at - clean);
            fn_pen_text(pen, instead);
            clean = at + step;
        }
        pen->replaced += bad;
        at += step;
    }
    fn_pen_bytes(pen, text + clean, length - clean);
}

size_t fn_xml_length(const char *text, size_t length)
{
    size_t bytes = fn_utf8_length(text, length);
    const unsigned char *at = (const unsigned char *) text;
    if (bytes == 1 && at[0] < 0x20 && at[0] != '\t' && at[0] != '\n' && at[0] != '\r') return 0;
    /* U+FFFE, U+FFFF */
    if (bytes == 3 && at[0] == 0xef && at[1] == 0xbf && at[2] >= 0xbe) return 0;
    return bytes;
}

/* What stands for a byte below 0x80 in a JSON string, NULL: itself. */
static const char *json_escape(unsigned char byte, char code[8])
{
    static const char hex[] = "0123456789abcdef";
    switch (byte) {
    case '"': return "\\\"";
    case '\\': return "\\\\";
    case '\b': return "\\b";
    case '\f': return "\\f";
    case '\n': return "\\n";
    case '\r': return "\\r";
    case '\t': return "\\t";
    default: break;
    }
    if (byte >= ' ' && byte != '<' && byte != 0x7f) return NULL;
    memcpy(code, "\\u00", 4);
    code[4] = hex[byte >> 4];
    code[5] = hex[byte & 15];
    code[6] = '\0';
    return code;
}

void fn_pen_json(fn_pen *pen, const char *text, size_t length)
{
    size_t clean = 0, at = 0;
    fn_pen_text(pen, "\"");
    while (at < length) {
        char code[8];
        const char *instead = NULL;
        size_t step = 1;
        if ((unsigned char) text[at] < 0x80) {
            instead = json_escape((unsigned char) text[at], code);
        } else if (!(step = fn_utf8_length(text + at, length - at))) {
            step = 1;
            instead = replacement;
        } else if (step == 3 && !memcmp(text + at, "\xe2\x80\xa8", 3)) {
            instead = "\\u2028"; /* this and the next are line breaks for a script */
        } else if (step == 3 && !memcmp(text + at, "\xe2\x80\xa9", 3)) {
            instead = "\\u2029";
        }
        if (instead) {
            fn_pen_bytes(pen, text + clean, at - clean);
            fn_pen_text(pen, instead);
            clean = at + step;
        }
        at += step;
    }
    fn_pen_bytes(pen, text + clean, length - clean);
    fn_pen_text(pen, "\"");
}

/* ---- without a pen of one's own ---- */

fn_status fn_output_xml(fn_run *run, fn_output *output, const char *text, size_t length, int64_t *replaced)
{
    fn_pen pen = { .run = run, .output = output };
    fn_pen_xml(&pen, text, length);
    if (replaced) *replaced += pen.replaced;
    return pen.status;
}

fn_status fn_output_json(fn_run *run, fn_output *output, const char *text, size_t length)
{
    fn_pen pen = { .run = run, .output = output };
    fn_pen_json(&pen, text, length);
    return pen.status;
}
