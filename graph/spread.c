/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "graph/memory.h"
#include "graph/spread.h"
#include "graph/sum.h"

/* The median is found digit by digit: of the numbers that begin with the digits known so far, count how many go on with
 * each next digit. Four passes over the numbers, none of which moves anything. */

enum { DIGIT_BITS = 16, DIGITS = 1 << DIGIT_BITS };

typedef struct numbers {
    fn_run *run;
    size_t places, count;
    fn_number_at *at;
    const void *user;
    size_t *having;       /* numbers with each next digit */
} numbers;

/* Whole numbers in the order of the reals, and back. */
static uint64_t key_of(double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    return bits >> 63 ? ~bits : bits | (uint64_t) 1 << 63;
}

static double number_of(uint64_t key)
{
    uint64_t bits = key >> 63 ? key & ~((uint64_t) 1 << 63) : ~key;
    double number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

/* The key of the number that `rank` others come before; *upto: how many are not greater. */
static fn_status find_rank(const numbers *n, size_t rank, uint64_t *key, size_t *upto)
{
    size_t before = 0;
    *key = 0;
    for (int shift = 64 - DIGIT_BITS; shift >= 0; shift -= DIGIT_BITS) {
        fn_status status = fn_progress(n->run, "looking for the median", 1 - shift / 64.0);
        if (status) return status;
        uint64_t known = shift + DIGIT_BITS < 64 ? ~(uint64_t) 0 << (shift + DIGIT_BITS) : 0;
        memset(n->having, 0, DIGITS * sizeof *n->having);
        for (size_t i = 0; i < n->places; i++) {
            double number = n->at(n->user, i);
            uint64_t k = key_of(number);
            if ((k & known) == *key && !isnan(number)) n->having[k >> shift & (DIGITS - 1)]++;
        }
        uint64_t digit = 0;
        while (before + n->having[digit] <= rank) before += n->having[digit++];
        *key |= digit << shift;
        *upto = before + n->having[digit];
    }
    return FN_OK;
}

static double next_above(const numbers *n, double low)
{
    double next = INFINITY;
    for (size_t i = 0; i < n->places; i++) {
        double number = n->at(n->user, i);
        if (number > low && number < next) next = number;
    }
    return next;
}

fn_status fn_spread_find(fn_run *run, size_t places, fn_number_at *at, const void *user, fn_spread *spread)
{
    numbers n = { .run = run, .places = places, .at = at, .user = user };
    fn_sum sum = { 0 };
    *spread = (fn_spread) { .least = NAN, .median = NAN, .mean = NAN, .greatest = NAN };
    for (size_t i = 0; i < places; i++) {
        double number = at(user, i);
        if (isnan(number)) continue;
        if (!n.count || number < spread->least) spread->least = number;
        if (!n.count || number > spread->greatest) spread->greatest = number;
        fn_sum_add(&sum, number);
        n.count++;
    }
    if (!(spread->count = n.count)) return FN_OK;
    spread->sum = fn_sum_value(&sum);
    spread->mean = spread->sum / (double) n.count;
    if (!(n.having = fn_alloc_bare(run, DIGITS, sizeof *n.having))) return FN_ENOMEM;
    uint64_t key = 0;
    size_t upto = 0;
    fn_status status = find_rank(&n, (n.count - 1) / 2, &key, &upto);
    if (!status) {
        double low = number_of(key), high = n.count / 2 < upto ? low : next_above(&n, low);
        spread->median = (low + high) / 2;
    }
    fn_free(n.having);
    return status;
}
