/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_TESTS_FUZZ_FNET_H
#define FN_TESTS_FUZZ_FNET_H

#include "io/format.h"

/* The same bytes once more as a network file whose checksums are right, so that changes reach what lies behind them. */
void fuzz_forged(const uint8_t *data, size_t size, void (*check)(fn_run *run, const fn_net *net));

#endif
