/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdio.h>
#include <string.h>
#include "graph/period.h"

int32_t fn_period_of(int32_t day, fn_period_unit unit)
{
    int year, month, day_of_month;
    if (day == FN_DAY_NONE) return FN_PERIOD_UNKNOWN;
    fn_date_split(day, &year, &month, &day_of_month);
    if (unit == FN_PERIOD_MONTH) return 12 * year + month - 1;
    if (unit == FN_PERIOD_QUARTER) return 4 * year + (month - 1) / 3;
    return year;
}

size_t fn_period_format(int32_t period, fn_period_unit unit, char text[FN_PERIOD_TEXT])
{
    text[0] = '\0';
    if (period == FN_PERIOD_UNKNOWN) return 0;
    if (unit == FN_PERIOD_MONTH)
        return (size_t) snprintf(text, FN_PERIOD_TEXT, "%04d-%02d", period / 12, period % 12 + 1);
    if (unit == FN_PERIOD_QUARTER)
        return (size_t) snprintf(text, FN_PERIOD_TEXT, "%04d-Q%d", period / 4, period % 4 + 1);
    return (size_t) snprintf(text, FN_PERIOD_TEXT, "%04d", period);
}

fn_period_unit fn_period_unit_named(const char *name)
{
    if (name && strcmp(name, "year") == 0) return FN_PERIOD_YEAR;
    if (name && strcmp(name, "quarter") == 0) return FN_PERIOD_QUARTER;
    return name && strcmp(name, "month") == 0 ? FN_PERIOD_MONTH : FN_PERIOD_NONE;
}
