/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include "algorithms/lengths.h"
#include "graph/memory.h"
#include "graph/sum.h"

/* 2^900 times the shortest, or 1/2^900 of the longest: far from where sums overflow. */
#define REAL_MOST 0x1p900
#define REAL_LEAST 0x1p-900

fn_status fn_lengths_alloc(fn_run *run, size_t count, fn_lengths *lengths)
{
    lengths->real = fn_alloc_bare(run, count, sizeof *lengths->real);
    lengths->residue = fn_alloc_bare(run, count, sizeof *lengths->residue);
    return lengths->real && lengths->residue ? FN_OK : FN_ENOMEM;
}

void fn_lengths_free(fn_lengths *lengths)
{
    fn_free(lengths->real);
    fn_free(lengths->residue);
    *lengths = (fn_lengths) { 0 };
}

static uint64_t times(uint64_t a, uint64_t b)
{
    unsigned __int128 product = (unsigned __int128) a * b;
    return fn_residue_add((uint64_t) (product & FN_LENGTHS_PRIME), (uint64_t) (product >> 61));
}

/* By Fermat: the power prime - 2. */
static uint64_t inverse(uint64_t a)
{
    uint64_t result = 1;
    for (uint64_t power = FN_LENGTHS_PRIME - 2; power; power >>= 1, a = times(a, a))
        if (power & 1) result = times(result, a);
    return result;
}

/* Weights that were added up from decimal fractions may be off by a few last bits. */
static bool is_decimal(double weight, int64_t *units)
{
    if (fn_units_from_real(weight, units)) return true;
    double scaled = round(weight * 10000);
    *units = weight < 1e9 ? (int64_t) scaled : 0;
    return weight < 1e9 && scaled > 0 && fabs(scaled / 10000 - weight) <= 0x1p-50 * weight;
}

/* The residue of a positive weight: ten-thousandths, or mantissa times a power of two; 2^61 is 1. */
static uint64_t residue_of(double weight, uint64_t per_unit)
{
    int64_t units;
    if (is_decimal(weight, &units)) return times((uint64_t) units % FN_LENGTHS_PRIME, per_unit);
    int exponent;
    uint64_t mantissa = (uint64_t) ldexp(frexp(weight, &exponent), 53);
    int turn = (exponent - 53) % 61;
    return times(mantissa, UINT64_C(1) << (turn < 0 ? turn + 61 : turn));
}

/* All residues become their inverses by one inversion: that of the product of all, from which each is got back. */
static void invert_all(uint64_t *residue, size_t count, uint64_t *product)
{
    for (size_t i = 0; i < count; i++) product[i] = i ? times(product[i - 1], residue[i]) : residue[i];
    uint64_t rest = inverse(product[count - 1]);
    for (size_t i = count; i-- > 0;) {
        uint64_t own = i ? times(rest, product[i - 1]) : rest;
        rest = times(rest, residue[i]);
        residue[i] = own;
    }
}

/* The power of two that the largest weight is below; 0 where all are equal. */
static fn_status find_range(fn_run *run, const fn_csr *csr, int *exponent, bool *equal)
{
    double most = 0;
    *equal = true;
    for (size_t i = 0; i < csr->arcs; i++) {
        double weight = csr->weight[i];
        if (!(weight > 0) || isinf(weight))
            return fn_fail(run, FN_EINVAL, "a tie of weight %g has no length", weight);
        if (weight > most) most = weight;
        if (weight != csr->weight[0]) *equal = false;
    }
    frexp(most, exponent);
    return FN_OK;
}

fn_status fn_lengths_find(fn_run *run, const fn_csr *csr, fn_length_kind kind, fn_lengths *lengths)
{
    int exponent;
    bool equal;
    *lengths = (fn_lengths) { 0 };
    if (kind == FN_LENGTH_HOPS || csr->arcs == 0) return FN_OK;
    fn_status status = find_range(run, csr, &exponent, &equal);
    if (status || equal) return status;
    uint64_t *product = kind == FN_LENGTH_INVERSE ? fn_alloc_bare(run, csr->arcs, sizeof *product) : NULL;
    status = fn_lengths_alloc(run, csr->arcs, lengths);
    if (status || (kind == FN_LENGTH_INVERSE && !product)) {
        fn_lengths_free(lengths);
        fn_free(product);
        return FN_ENOMEM;
    }
    uint64_t per_unit = inverse(10000);
    for (size_t i = 0; i < csr->arcs; i++) {
        double weight = ldexp(csr->weight[i], -exponent);
        lengths->residue[i] = residue_of(csr->weight[i], per_unit);
        lengths->real[i] = kind == FN_LENGTH_GIVEN ? fmax(weight, REAL_LEAST) : fmin(1 / weight, REAL_MOST);
    }
    if (kind == FN_LENGTH_INVERSE) invert_all(lengths->residue, csr->arcs, product);
    fn_free(product);
    return FN_OK;
}
