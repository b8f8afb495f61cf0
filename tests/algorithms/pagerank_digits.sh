#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# tests/algorithms/pagerank_digits.h is what the program that makes it prints.
command -v python3 >/dev/null || { echo 'skipped: pagerank_digits (no python3)'; exit 77; }
python3 "$TOP_SRCDIR/tests/algorithms/pagerank_digits.py" | diff "$TOP_SRCDIR/tests/algorithms/pagerank_digits.h" - ||
    { echo 'change pagerank_digits.py, and print the header anew'; exit 1; }
