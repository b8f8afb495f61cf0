/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "graph/text.h"

static bool leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

bool fn_date_make(int year, int month, int day, int32_t *days)
{
    static const int length[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) return false;
    if (day > length[month - 1] + (month == 2 && leap(year))) return false;
    /* Days of whole 400-year eras, counting years from March so that the leap day comes last. */
    int y = month <= 2 ? year - 1 : year;
    int era = y / 400, year_of_era = y % 400;
    int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    *days = era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
    return true;
}

void fn_date_split(int32_t days, int *year, int *month, int *day)
{
    int64_t z = (int64_t) days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int day_of_era = (int) (z - era * 146097);
    int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int shifted = (5 * day_of_year + 2) / 153;
    *day = day_of_year - (153 * shifted + 2) / 5 + 1;
    *month = shifted < 10 ? shifted + 3 : shifted - 9;
    *year = (int) (year_of_era + era * 400) + (*month <= 2);
}

/* `count` digits at text + *at; moves on. */
static bool digits(const char *text, size_t length, size_t *at, int count, int *value)
{
    if (*at + (size_t) count > length) return false;
    *value = 0;
    for (int i = 0; i < count; i++) {
        char c = text[*at + (size_t) i];
        if (c < '0' || c > '9') return false;
        *value = *value * 10 + (c - '0');
    }
    *at += (size_t) count;
    return true;
}

/* hh:mm[:ss[.fraction]] and an offset: Z, +hh, +hhmm, +hh:mm or nothing (UTC). */
static bool clock_time(const char *text, size_t length, size_t at, int64_t *seconds)
{
    int hour, minute, second = 0;
    if (!digits(text, length, &at, 2, &hour)) return false;
    if (at >= length || text[at++] != ':' || !digits(text, length, &at, 2, &minute)) return false;
    if (at < length && text[at] == ':') {
        at++;
        if (!digits(text, length, &at, 2, &second)) return false;
        if (at < length && (text[at] == '.' || text[at] == ',')) {
            size_t start = ++at;
            while (at < length && text[at] >= '0' && text[at] <= '9') at++;
            if (at == start) return false;
        }
    }
    if (hour > 24 || minute > 59 || second > 60) return false;
    *seconds = hour * 3600 + minute * 60 + second;
    if (at < length && text[at] == ' ') at++;
    if (at == length) return true;
    char sign = text[at++];
    if (sign == 'Z' || sign == 'z') return at == length;
    if (sign != '+' && sign != '-') return false;
    int offset_hour, offset_minute = 0;
    if (!digits(text, length, &at, 2, &offset_hour)) return false;
    if (at < length) {
        if (text[at] == ':') at++;
        if (!digits(text, length, &at, 2, &offset_minute)) return false;
    }
    if (at != length || offset_hour > 23 || offset_minute > 59) return false;
    *seconds -= (sign == '-' ? -1 : 1) * (offset_hour * 3600 + offset_minute * 60);
    return true;
}

bool fn_date_parse(const char *text, size_t length, int32_t *days, int64_t *seconds)
{
    size_t at = 0;
    int year, month = 1, day = 1;
    int64_t time_of_day = 0;
    if (!digits(text, length, &at, 4, &year)) return false;
    if (at < length && text[at] == '-') {
        at++;
        if (!digits(text, length, &at, 2, &month)) return false;
        if (at < length) {
            if (text[at++] != '-' || !digits(text, length, &at, 2, &day)) return false;
        }
    } else if (at < length) {
        if (length - at < 4 || !digits(text, length, &at, 2, &month) || !digits(text, length, &at, 2, &day))
            return false;
    }
    if (!fn_date_make(year, month, day, days)) return false;
    if (at < length) {
        char between = text[at++];
        if (between != 'T' && between != 't' && between != ' ') return false;
        if (!clock_time(text, length, at, &time_of_day)) return false;
    }
    if (seconds) *seconds = (int64_t) *days * 86400 + time_of_day;
    return true;
}

static void put_two(char *text, int value)
{
    text[0] = (char) ('0' + value / 10);
    text[1] = (char) ('0' + value % 10);
}

size_t fn_date_format(int32_t days, char text[FN_DATE_TEXT])
{
    text[0] = '\0';
    if (days == FN_DAY_NONE) return 0;
    int year, month, day;
    fn_date_split(days, &year, &month, &day);
    if (year < 1 || year > 9999) return 0;
    put_two(text, year / 100);
    put_two(text + 2, year % 100);
    text[4] = text[7] = '-';
    put_two(text + 5, month);
    put_two(text + 8, day);
    text[10] = '\0';
    return 10;
}
