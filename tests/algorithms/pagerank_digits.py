#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints tests/algorithms/pagerank_digits.h: PageRank of small networks with 50 digits after the point.

Run by hand, from the top of the source:
    python3 tests/algorithms/pagerank_digits.py > tests/algorithms/pagerank_digits.h
The equations are solved by elimination in fractions, so nothing is rounded but the digits that are printed."""
from fractions import Fraction

DIGITS = 50


def pagerank(firms, ties, damping):
    """x(v) = (1 - d) / n + d * (sum over u->v of x(u) w(u,v) / out(u) + lost / n); self ties are no ties."""
    out = [sum(w for u, v, w in ties if u == f and v != f) for f in range(firms)]
    rows = [[Fraction(u == v) for u in range(firms)] + [(1 - damping) / firms] for v in range(firms)]
    for u, v, w in ties:
        if u != v:
            rows[v][u] -= damping * w / out[u]
    for u in range(firms):
        if out[u] == 0:
            for v in range(firms):
                rows[v][u] -= damping / firms
    for k in range(firms):
        pivot = next(r for r in range(k, firms) if rows[r][k] != 0)
        rows[k], rows[pivot] = rows[pivot], rows[k]
        rows[k] = [x / rows[k][k] for x in rows[k]]
        for r in range(firms):
            if r != k and rows[r][k] != 0:
                factor = rows[r][k]
                rows[r] = [x - factor * y for x, y in zip(rows[r], rows[k])]
    score = [row[firms] for row in rows]
    assert sum(score) == 1
    return score


def decimal(x):
    whole = (x * 10 ** DIGITS + Fraction(1, 2)).__floor__()
    return "0." + str(whole).zfill(DIGITS)


def drawn(seed, firms, ties, heaviest):
    """Ties from a generator that is the same everywhere (Lehmer's, modulus 2^31 - 1)."""
    def below(end):
        nonlocal seed
        seed = seed * 48271 % 2147483647
        return seed % end
    return [(below(firms), below(firms), 1 + below(heaviest)) for _ in range(ties)]


NETS = [  # what it is, firms, ties, damping in hundredths
    ("supply layer of the worked network, U B A without ties", 12,
     [(0, 4, 40), (1, 4, 30), (2, 4, 20), (3, 4, 10), (0, 2, 5), (4, 8, 120), (5, 7, 30), (6, 7, 20), (7, 8, 60),
      (3, 7, 5)], 85),
    ("nobody delivers", 3, [(1, 1, 4)], 85),
    ("a ring, which closes on itself slowly", 7, [(f, (f + 1) % 7, 1 + f) for f in range(7)], 99),
    ("pairs that trade among themselves", 4, [(0, 1, 1), (1, 0, 3), (2, 3, 1), (3, 2, 1), (1, 2, 1)], 95),
    ("self ties and parallel ties", 6,
     [(0, 0, 9), (0, 1, 1), (0, 1, 2), (1, 2, 5), (2, 2, 1), (3, 0, 7), (3, 1, 7), (4, 3, 1)], 85),
    ("weights from 1 to 2^52", 5, [(0, 1, 1), (0, 2, 2 ** 52), (1, 0, 3), (2, 0, 1), (2, 3, 2 ** 26), (3, 4, 1)], 85),
    ("drawn, sparse", 16, drawn(1, 16, 20, 9), 85),
    ("drawn, dense", 12, drawn(2, 12, 90, 1000), 85),
    ("drawn, larger", 30, drawn(3, 30, 90, 9), 85),
    ("drawn, hardly a jump", 20, drawn(4, 20, 60, 9), 99),
]


def main():
    most = max(firms for _, firms, _, _ in NETS), max(len(ties) for _, _, ties, _ in NETS)
    print("""/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_TESTS_ALGORITHMS_PAGERANK_DIGITS_H
#define FN_TESTS_ALGORITHMS_PAGERANK_DIGITS_H

/* PageRank with 50 digits, solved in fractions. Made by tests/algorithms/pagerank_digits.py: change that. */
enum { DIGITS_FIRMS = %d, DIGITS_TIES = %d };

typedef struct digits_net {
    uint32_t firms;
    double damping;
    size_t ties;
    struct { uint32_t from, to; double weight; } tie[DIGITS_TIES];
    const char *score[DIGITS_FIRMS];
} digits_net;

static const digits_net digits_nets[] = {""" % most)
    for text, firms, ties, damping in NETS:
        print("    { /* %s */" % text)
        print("      %d, 0.%d, %d," % (firms, damping, len(ties)))
        for first in range(0, len(ties), 6):
            part = ", ".join("{ %d, %d, %d }" % tie for tie in ties[first:first + 6])
            opening, closing = "{ " if first == 0 else "  ", " }," if first + 6 >= len(ties) else ","
            print("      " + opening + part + closing)
        score = ['"%s"' % decimal(x) for x in pagerank(firms, ties, Fraction(damping, 100))]
        print("      { " + ",\n        ".join(score) + " } },")
    print("""};
enum { DIGITS_NETS = sizeof digits_nets / sizeof *digits_nets };

#endif""")


main()
