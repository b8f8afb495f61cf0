/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include "graph/sum.h"

enum { UNITS = 10000 };

bool fn_units_from_real(double amount, int64_t *units)
{
    if (!(fabs(amount) < 4.5e11)) return false; /* beyond, a double no longer tells ten-thousandths apart */
    double scaled = round(amount * UNITS);
    if (scaled / UNITS != amount) return false;
    *units = (int64_t) scaled;
    return true;
}

double fn_units_to_real(__int128 units)
{
    __int128 whole = units / UNITS;
    int part = (int) (units % UNITS);
    if (whole < ((__int128) 1 << 53) / UNITS && whole > -(((__int128) 1 << 53) / UNITS))
        return (double) (int64_t) units / UNITS; /* both exact: the quotient is correctly rounded */
    return (double) whole + (double) part / UNITS;
}

static void add_rest(fn_sum *sum, double amount)
{
    double total = sum->rest + amount;
    if (fabs(sum->rest) >= fabs(amount)) sum->carry += (sum->rest - total) + amount;
    else sum->carry += (amount - total) + sum->rest;
    sum->rest = total;
}

void fn_sum_add(fn_sum *sum, double amount)
{
    if (isnan(amount)) return;
    int64_t units;
    sum->terms++;
    if (fn_units_from_real(amount, &units)) sum->units += units;
    else if (fabs(amount) < 0x1p62 && amount == floor(amount)) sum->units += (__int128) (int64_t) amount * UNITS;
    else add_rest(sum, amount);
}

void fn_sum_join(fn_sum *sum, const fn_sum *other)
{
    sum->units += other->units;
    sum->terms += other->terms;
    add_rest(sum, other->rest);
    sum->carry += other->carry;
}

double fn_sum_value(const fn_sum *sum)
{
    if (sum->rest == 0 && sum->carry == 0) return fn_units_to_real(sum->units);
    if (isinf(sum->rest)) return sum->rest;
    return fn_units_to_real(sum->units) + (sum->rest + sum->carry);
}
