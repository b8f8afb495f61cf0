/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_GRAPH_PERIOD_H
#define FN_GRAPH_PERIOD_H

#include "graph/text.h"

/* Periods of the calendar, by number: years, quarters or months since the year 0. */
typedef enum fn_period_unit { FN_PERIOD_NONE, FN_PERIOD_YEAR, FN_PERIOD_QUARTER, FN_PERIOD_MONTH } fn_period_unit;

enum { FN_PERIOD_TEXT = 16, FN_PERIOD_UNKNOWN = INT32_MIN };

/* The period that a day is in; FN_DAY_NONE: FN_PERIOD_UNKNOWN. Later days are in no earlier periods. */
int32_t fn_period_of(int32_t day, fn_period_unit unit);
/* 2024, 2024-Q3 or 2024-07; of one that is not known "". Returns the length. */
size_t fn_period_format(int32_t period, fn_period_unit unit, char text[FN_PERIOD_TEXT]);
/* "year", "quarter", "month"; anything else: FN_PERIOD_NONE. */
fn_period_unit fn_period_unit_named(const char *name);

#endif
