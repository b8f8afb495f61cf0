/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "graph/text.h"
#include "io/made_rows.h"

/* ---- pieces of text ---- */

static const char pairs[] =
    "0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849"
    "5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899";

static char *put(char *at, const char *text)
{
    size_t length = strlen(text);
    memcpy(at, text, length);
    return at + length;
}

static char *put_pair(char *at, uint32_t number)
{
    memcpy(at, pairs + 2 * number, 2);
    return at + 2;
}

static char *put_number(char *at, uint64_t number)
{
    char text[24], *start = text + sizeof text;
    for (; number >= 100; number /= 100) put_pair(start -= 2, (uint32_t) (number % 100));
    if (number >= 10) put_pair(start -= 2, (uint32_t) number);
    else *--start = (char) ('0' + number);
    size_t length = (size_t) (text + sizeof text - start);
    memcpy(at, start, length);
    return at + length;
}

/* Twelve digits. */
static char *put_digits(char *at, uint64_t number)
{
    uint32_t high = (uint32_t) (number / 1000000), low = (uint32_t) (number % 1000000);
    at = put_pair(put_pair(put_pair(at, high / 10000), high / 100 % 100), high % 100);
    return put_pair(put_pair(put_pair(at, low / 10000), low / 100 % 100), low % 100);
}

static char *put_firm(char *at, uint64_t firm)
{
    return put_digits(put(at, "KZ-"), firm);
}

static char *put_cents(char *at, int64_t cents)
{
    at = put_number(at, (uint64_t) cents / 100);
    *at++ = '.';
    return put_pair(at, (uint32_t) ((uint64_t) cents % 100));
}

static char *put_day(char *at, int32_t day)
{
    int year, month, rest;
    fn_date_split(day, &year, &month, &rest);
    at = put_pair(put_pair(at, (uint32_t) year / 100), (uint32_t) year % 100);
    *at++ = '-';
    at = put_pair(at, (uint32_t) month);
    *at++ = '-';
    return put_pair(at, (uint32_t) rest);
}

static char *put_product(char *at, uint32_t product)
{
    return put(put_pair(put_pair(at, product / 100), product % 100), "0000");
}

/* ---- ties and firms ---- */

const char *fn_made_tie_header(unsigned columns)
{
    static const char *const header[] = {
        "from\tto\tvalue\tdate\n", "from\tto\tvalue\tdate\tlayer\n", "from\tto\tvalue\tdate\tproduct\n",
        "from\tto\tvalue\tdate\tlayer\tproduct\n"
    };
    return header[columns & 3];
}

size_t fn_made_tie_text(const fn_made_tie *tie, unsigned columns, char *start)
{
    char *at = put_firm(start, tie->from);
    *at++ = '\t';
    at = put_firm(at, tie->to);
    *at++ = '\t';
    at = put_cents(at, tie->cents);
    *at++ = '\t';
    at = put_day(at, tie->day);
    if (columns & FN_MADE_LAYER) {
        *at++ = '\t';
        at = put(at, tie->layer);
    }
    if (columns & FN_MADE_PRODUCT) {
        *at++ = '\t';
        at = put_product(at, tie->product);
    }
    *at++ = '\n';
    return (size_t) (at - start);
}

size_t fn_made_firm_text(uint64_t firm, uint32_t cluster, const char *role, char *start)
{
    char *at = put_firm(start, firm);
    *at++ = '\t';
    if (cluster) at = put_number(at, cluster);
    *at++ = '\t';
    at = put(at, role);
    *at++ = '\n';
    return (size_t) (at - start);
}

/* ---- tenders ---- */

static char *put_reference(char *at, uint64_t firm)
{
    return put(put_firm(put(at, "{\"id\":\""), firm), "\"}");
}

static char *put_party(char *at, uint64_t firm, const char *roles)
{
    at = put(put_firm(put(at, "{\"id\":\""), firm), "\",\"identifier\":{\"scheme\":\"KZ\",\"id\":\"");
    at = put(put_digits(at, firm), "\"},\"roles\":[");
    return put(put(at, roles), "]}");
}

static char *put_items(char *at, uint32_t product)
{
    at = put(at, ",\"items\":[{\"id\":\"1\",\"classification\":{\"scheme\":\"CPV\",\"id\":\"");
    return put(put_product(at, product), "\"}}]");
}

static char *put_time(char *at, int32_t day)
{
    return put(put_day(put(at, ",\"date\":\""), day), "T00:00:00Z\"");
}

static char *put_bids(char *at, const fn_made_tender *t)
{
    at = put(at, ",\"bids\":{\"details\":[");
    for (unsigned b = 0; b < t->bidders; b++) {
        at = put_number(put(at, b ? ",{\"id\":\"" : "{\"id\":\""), b + 1);
        at = put_time(put(at, "\",\"status\":\"valid\""), t->day);
        at = put(put_reference(put(at, ",\"tenderers\":["), t->bidder[b]), "]}");
    }
    return put(at, "]}");
}

size_t fn_made_tender_text(const fn_made_tender *t, char *start)
{
    char *at = put_digits(put(start, "{\"ocid\":\"ocds-fn0net-"), t->number);
    at = put(put_number(put(at, "\",\"id\":\""), t->number), "\"");
    at = put(put_time(at, t->day), ",\"tag\":[\"compiled\"],\"initiationType\":\"tender\",\"parties\":[");
    at = put_party(at, t->buyer, "\"buyer\"");
    for (unsigned b = 0; b < t->bidders; b++)
        at = put_party(put(at, ","), t->bidder[b], b ? "\"tenderer\"" : "\"tenderer\",\"supplier\"");
    at = put_number(put(put_reference(put(at, "],\"buyer\":"), t->buyer), ",\"tender\":{\"id\":\""), t->number);
    at = put(at, "\",\"status\":\"complete\",\"procurementMethod\":");
    at = put_items(put(at, t->bidders == 1 ? "\"direct\"" : "\"open\""), t->product);
    at = put_bids(put(at, "}"), t);
    at = put_time(put(at, ",\"awards\":[{\"id\":\"1\",\"status\":\"active\""), t->day);
    at = put_cents(put(at, ",\"value\":{\"amount\":"), t->cents);
    at = put_reference(put(at, "},\"suppliers\":["), t->bidder[0]);
    at = put_items(put(at, "],\"relatedBids\":[\"1\"]"), t->product);
    at = put(at, "}]}\n");
    return (size_t) (at - start);
}
