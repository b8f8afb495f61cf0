/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "graph/text.h"
#include "io/output.h"

/* Text inside XML, HTML and JSON: clean runs are written whole, everything else one piece at a time. */

static const char replacement[] = "\xef\xbf\xbd"; /* U+FFFD */

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

fn_status fn_output_xml(fn_run *run, fn_output *output, const char *text, size_t length, int64_t *replaced)
{
    fn_status status;
    size_t clean = 0, at = 0;
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
            if ((status = fn_output_write(run, output, text + clean, at - clean))) return status;
            if ((status = fn_output_text(run, output, instead))) return status;
            clean = at + step;
        }
        if (bad && replaced) (*replaced)++;
        at += step;
    }
    return fn_output_write(run, output, text + clean, length - clean);
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

fn_status fn_output_json(fn_run *run, fn_output *output, const char *text, size_t length)
{
    fn_status status;
    size_t clean = 0, at = 0;
    if ((status = fn_output_write(run, output, "\"", 1))) return status;
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
            if ((status = fn_output_write(run, output, text + clean, at - clean))) return status;
            if ((status = fn_output_text(run, output, instead))) return status;
            clean = at + step;
        }
        at += step;
    }
    if ((status = fn_output_write(run, output, text + clean, length - clean))) return status;
    return fn_output_write(run, output, "\"", 1);
}
