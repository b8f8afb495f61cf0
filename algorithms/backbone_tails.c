/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "algorithms/backbone_inside.h"

enum { STIRLING_FROM = 16, FRACTION_STEPS = 1 << 20 };

/* What Stirling's formula for ln x! lacks: terms that nearly cancel are then never subtracted from each other. */
static double stirling_rest(double x)
{
    if (x < STIRLING_FROM) {
        int sign;
        return x > 0 ? lgamma_r(x + 1, &sign) - (x * log(x) - x + 0.5 * log(2 * M_PI * x)) : 0;
    }
    double s = x * x;
    return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680 - 1.0 / 1188 / s) / s) / s) / s) / x;
}

/* x ln (x / m) + m - x, without loss where x is near m. */
static double deviance(double x, double m)
{
    double v = (x - m) / (x + m);
    if (!(x > 0)) return m;
    if (fabs(v) >= 0.1) return x * log(x / m) + m - x;
    double sum = (x - m) * v, term = 2 * x * v;
    for (int k = 1; k < 1000; k++) {
        term *= v * v;
        double next = sum + term / (2 * k + 1);
        if (next == sum) break;
        sum = next;
    }
    return sum;
}

/* ln of the chance of x successes in n trials (Loader 2000); x and n need not be whole. */
static double log_binomial(double x, double n, double p)
{
    if (!(x > 0)) return n > 0 ? n * log1p(-p) : 0;
    if (!(x < n)) return n * log(p);
    return stirling_rest(n) - stirling_rest(x) - stirling_rest(n - x) - deviance(x, n * p) -
           deviance(n - x, n * (1 - p)) + 0.5 * log(n / (2 * M_PI * x * (n - x)));
}

/* The continued fraction of the incomplete beta function (Lentz's way), quick for y < (a + 1) / (a + b + 2). */
static double beta_fraction(double a, double b, double y)
{
    const double tiny = 1e-300;
    double c = 1, d = 1 - (a + b) * y / (a + 1);
    d = 1 / (fabs(d) < tiny ? tiny : d);
    double result = d;
    for (int k = 1; k < FRACTION_STEPS; k++) {
        double even = k * (b - k) * y / ((a + 2 * k - 1) * (a + 2 * k));
        d = 1 + even * d;
        c = 1 + even / c;
        d = 1 / (fabs(d) < tiny ? tiny : d);
        c = fabs(c) < tiny ? tiny : c;
        result *= d * c;
        double odd = -(a + k) * (a + b + k) * y / ((a + 2 * k) * (a + 2 * k + 1));
        d = 1 + odd * d;
        c = 1 + odd / c;
        d = 1 / (fabs(d) < tiny ? tiny : d);
        c = fabs(c) < tiny ? tiny : c;
        result *= d * c;
        if (fabs(d * c - 1) < 0x1p-52) break;
    }
    return result;
}

/* ln (1 - e^x), x <= 0. */
static double log_rest(double x)
{
    return x > -M_LN2 ? log(-expm1(x)) : log1p(-exp(x));
}

double fn_log_binomial_tail(double n, double p, double x)
{
    if (!(x > 0) || p >= 1) return 0;
    if (x > n || !(p > 0)) return x > n * (1 + 0x1p-40) || !(p > 0) ? -INFINITY : n * log(p);
    double b = n - x + 1, first = log_binomial(x, n, p) + log1p(-p);
    if (p < (x + 1) / (n + 3)) return fmin(first + log(beta_fraction(x, b, p)), 0);
    return log_rest(fmin(first + log(x / b) + log(beta_fraction(b, x, 1 - p)), 0));
}

static double log_hypergeometric(double all, double marked, double drawn, double x)
{
    double p = drawn / all;
    return log_binomial(x, marked, p) + log_binomial(drawn - x, all - marked, p) - log_binomial(drawn, all, p);
}

/* Terms from the largest on, each from the one before: to the end, or until they add nothing. */
double fn_log_hypergeometric_tail(double all, double marked, double drawn, double x)
{
    double low = fmax(0, drawn + marked - all), high = fmin(drawn, marked);
    if (x <= low) return 0;
    if (x > high) return -INFINITY;
    bool above = x > drawn * (marked / all);
    double at = above ? x : x - 1, first = log_hypergeometric(all, marked, drawn, at), term = 1, sum = 1;
    for (; above && at < high && term > sum * 0x1p-60; at++) {
        term *= (marked - at) * (drawn - at) / ((at + 1) * (all - marked - drawn + at + 1));
        sum += term;
    }
    for (; !above && at > low && term > sum * 0x1p-60; at--) {
        term *= at * (all - marked - drawn + at) / ((marked - at + 1) * (drawn - at + 1));
        sum += term;
    }
    double tail = fmin(first + log(sum), 0);
    return above ? tail : log_rest(tail);
}

double fn_log_normal_tail(double z)
{
    if (z < 0) return log1p(-exp(fn_log_normal_tail(-z)));
    if (z < 20) return log(0.5 * erfc(z * M_SQRT1_2));
    double s = 1 / (z * z);
    return -0.5 * z * z - log(z * sqrt(2 * M_PI)) + log1p(-s * (1 - s * (3 - s * (15 - 105 * s))));
}
