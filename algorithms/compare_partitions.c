/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdlib.h>
#include "algorithms/clusters.h"
#include "graph/memory.h"

/* Sizes of the clusters of A, of B, and of their overlaps (each above 0). */
typedef struct overlaps {
    size_t n;
    uint64_t *size_a, *size_b, *size;
    uint32_t *of_a, *of_b;      /* clusters of an overlap */
    size_t clusters_a, clusters_b, count;
} overlaps;

static void overlaps_free(overlaps *o)
{
    fn_free(o->size_a);
    fn_free(o->size_b);
    fn_free(o->size);
    fn_free(o->of_a);
    fn_free(o->of_b);
}

static int by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *) a, y = *(const uint64_t *) b;
    return (x > y) - (x < y);
}

/* Dense numbers of labels, in order of label; sizes of the clusters. key: working memory, n + n places. */
static size_t number_labels(size_t n, const uint32_t *label, uint64_t *key, uint32_t *number, uint64_t *size)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++) key[i] = (uint64_t) label[i] << 32 | i;
    qsort(key, n, sizeof *key, by_number);
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || key[i] >> 32 != key[i - 1] >> 32) count++;
        number[(uint32_t) key[i]] = (uint32_t) (count - 1);
        size[count - 1]++;
    }
    return count;
}

static fn_status overlaps_find(fn_run *run, size_t n, const uint32_t *a, const uint32_t *b, overlaps *o)
{
    fn_status status = FN_ENOMEM;
    uint64_t *key = fn_alloc(run, n, sizeof *key);
    uint32_t *number_a = NULL, *number_b = NULL;
    o->n = n;
    if (!key) goto done;
    if (!(number_a = fn_alloc(run, n, sizeof *number_a))) goto done;
    if (!(number_b = fn_alloc(run, n, sizeof *number_b))) goto done;
    if (!(o->size_a = fn_alloc(run, n, sizeof *o->size_a))) goto done;
    if (!(o->size_b = fn_alloc(run, n, sizeof *o->size_b))) goto done;
    if (!(o->size = fn_alloc(run, n, sizeof *o->size))) goto done;
    if (!(o->of_a = fn_alloc(run, n, sizeof *o->of_a))) goto done;
    if (!(o->of_b = fn_alloc(run, n, sizeof *o->of_b))) goto done;
    o->clusters_a = number_labels(n, a, key, number_a, o->size_a);
    o->clusters_b = number_labels(n, b, key, number_b, o->size_b);
    for (size_t i = 0; i < n; i++) key[i] = (uint64_t) number_a[i] << 32 | number_b[i];
    qsort(key, n, sizeof *key, by_number);
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || key[i] != key[i - 1]) {
            o->of_a[o->count] = (uint32_t) (key[i] >> 32);
            o->of_b[o->count++] = (uint32_t) key[i];
        }
        o->size[o->count - 1]++;
    }
    status = FN_OK;
done:
    fn_free(number_b);
    fn_free(number_a);
    fn_free(key);
    return status;
}

static double entropy(const uint64_t *size, size_t clusters, double n)
{
    double sum = 0;
    for (size_t c = 0; c < clusters; c++) sum -= (double) size[c] / n * log((double) size[c] / n);
    return sum;
}

static double mutual_information(const overlaps *o)
{
    double n = (double) o->n, sum = 0;
    for (size_t i = 0; i < o->count; i++) {
        double size = (double) o->size[i];
        sum += size / n * log(n * size / ((double) o->size_a[o->of_a[i]] * (double) o->size_b[o->of_b[i]]));
    }
    return fmax(sum, 0);
}

/* --- What chance alone would give (Vinh, Epps and Bailey 2010) --- */

/* Clusters of equal size count once. */
typedef struct size_class {
    uint64_t size, clusters;
} size_class;

static size_t classify_sizes(uint64_t *size, size_t clusters, size_class *classes)
{
    size_t count = 0;
    qsort(size, clusters, sizeof *size, by_number);
    for (size_t c = 0; c < clusters; c++) {
        if (c == 0 || size[c] != size[c - 1]) classes[count++] = (size_class) { .size = size[c] };
        classes[count - 1].clusters++;
    }
    return count;
}

static double overlap_term(double n, double a, double b, double overlap)
{
    return overlap / n * log(n * overlap / (a * b));
}

/* Expected share of one overlap of clusters of a and b firms out of n in the mutual information: the sum over its
 * hypergeometric distribution, walked both ways from the likeliest overlap until nothing more comes. */
static double expected_overlap(const double *log_factorial, uint64_t n, uint64_t a, uint64_t b)
{
    uint64_t low = a + b > n ? a + b - n : 0, high = a < b ? a : b;
    uint64_t mode = (uint64_t) (((double) a + 1) * ((double) b + 1) / ((double) n + 2));
    if (mode < low) mode = low;
    if (mode > high) mode = high;
    const double *f = log_factorial, whole = (double) n, size_a = (double) a, size_b = (double) b;
    double top = exp(f[a] + f[b] + f[n - a] + f[n - b] - f[n] - f[mode] - f[a - mode] - f[b - mode] -
                     f[n + mode - a - b]);
    double sum = mode > 0 ? top * overlap_term(whole, size_a, size_b, (double) mode) : 0, chance = top;
    for (uint64_t k = mode; k < high && chance > top * 0x1p-80; k++) {
        double at = (double) k;
        chance *= (size_a - at) * (size_b - at) / ((at + 1) * (whole - size_a - size_b + at + 1));
        sum += chance * overlap_term(whole, size_a, size_b, at + 1);
    }
    chance = top;
    for (uint64_t k = mode; k > low && k > 1 && chance > top * 0x1p-80; k--) {
        double at = (double) k;
        chance *= at * (whole - size_a - size_b + at) / ((size_a - at + 1) * (size_b - at + 1));
        sum += chance * overlap_term(whole, size_a, size_b, at - 1);
    }
    return sum;
}

/* Sorts the sizes of o. */
static fn_status expected_information(fn_run *run, overlaps *o, double *expected)
{
    fn_status status = FN_ENOMEM;
    size_class *a = NULL, *b = NULL;
    double *log_factorial = fn_alloc(run, o->n + 1, sizeof *log_factorial), carry = 0;
    if (!log_factorial) goto done;
    if (!(a = fn_alloc(run, o->clusters_a, sizeof *a))) goto done;
    if (!(b = fn_alloc(run, o->clusters_b, sizeof *b))) goto done;
    /* Compensated, so that the table is good to its last digits. */
    for (size_t i = 1; i <= o->n; i++) {
        double term = log((double) i) - carry, next = log_factorial[i - 1] + term;
        carry = (next - log_factorial[i - 1]) - term;
        log_factorial[i] = next;
    }
    size_t classes_a = classify_sizes(o->size_a, o->clusters_a, a);
    size_t classes_b = classify_sizes(o->size_b, o->clusters_b, b);
    *expected = 0;
    for (size_t i = 0; i < classes_a; i++) {
        if ((status = fn_progress(run, "comparing partitions", (double) i / (double) classes_a))) goto done;
        for (size_t j = 0; j < classes_b; j++)
            *expected += (double) a[i].clusters * (double) b[j].clusters *
                         expected_overlap(log_factorial, o->n, a[i].size, b[j].size);
    }
    status = FN_OK;
done:
    fn_free(b);
    fn_free(a);
    fn_free(log_factorial);
    return status;
}

/* --- Pairs --- */

static double pairs_of(const uint64_t *size, size_t count)
{
    unsigned __int128 pairs = 0;
    for (size_t i = 0; i < count; i++) pairs += (unsigned __int128) size[i] * (size[i] - 1) / 2;
    return (double) pairs;
}

static void compare_pairs(const overlaps *o, bool identical, fn_agreement *agreement)
{
    double both = pairs_of(o->size, o->count), n = (double) o->n;
    double in_a = pairs_of(o->size_a, o->clusters_a), in_b = pairs_of(o->size_b, o->clusters_b);
    double expected = n > 1 ? in_a * in_b / (n * (n - 1) / 2) : 0;
    agreement->pairs_precision = in_b > 0 ? both / in_b : NAN;
    agreement->pairs_recall = in_a > 0 ? both / in_a : NAN;
    agreement->ari = identical ? 1 : (both - expected) / ((in_a + in_b) / 2 - expected);
}

/* Agreement of two partitions A and B of the same n firms; labels are any numbers. H entropy, I mutual information,
 * both in nats and of the firms' shares.
 *   vi = H(A) + H(B) - 2 I, variation of information (Meila 2003), 0 when equal, at most log n
 *   nmi = I / ((H(A) + H(B)) / 2), normalised by the arithmetic mean (Danon 2005)
 *   ami = (I - E I) / ((H(A) + H(B)) / 2 - E I), E I when firms are shuffled between clusters of the same sizes (Vinh,
 *         Epps and Bailey 2010), with the same mean
 *   ari: pairs in one cluster in both, adjusted for chance (Hubert and Arabie 1985)
 *   pairs_precision: of the pairs that share a cluster of B, the share that do so in A; pairs_recall: the other way.
 * Equal partitions have nmi = ami = ari = 1 and vi = 0, also where the formula is 0/0 (all together, all alone). One of
 * the two all together: nmi = ami = ari = 0. No pair in B (in A): precision (recall) NaN. No firms: all NaN.
 * O(n log n), and for ami the pairs of distinct cluster sizes times the width of their overlap. */
fn_status fn_partition_compare(fn_run *run, size_t n, const uint32_t *a, const uint32_t *b, fn_agreement *agreement)
{
    overlaps o = { 0 };
    fn_status status = FN_OK;
    *agreement = (fn_agreement) { NAN, NAN, NAN, NAN, NAN, NAN };
    if (n == 0) return FN_OK;
    if (n >= FN_NONE) return fn_fail(run, FN_EINVAL, "%zu firms are too many to compare", n);
    if ((status = overlaps_find(run, n, a, b, &o))) goto done;
    bool identical = o.count == o.clusters_a && o.count == o.clusters_b;
    compare_pairs(&o, identical, agreement);
    double entropy_a = entropy(o.size_a, o.clusters_a, (double) n);
    double entropy_b = entropy(o.size_b, o.clusters_b, (double) n);
    double mean = (entropy_a + entropy_b) / 2, information = mutual_information(&o), expected;
    if (identical) {
        agreement->nmi = agreement->ami = 1;
        agreement->vi = 0;
        goto done;
    }
    if ((status = expected_information(run, &o, &expected))) goto done;
    agreement->nmi = fmin(information / mean, 1);
    agreement->ami = (information - expected) / (mean - expected);
    agreement->vi = fmax(2 * (mean - information), 0);
done:
    overlaps_free(&o);
    return status;
}
