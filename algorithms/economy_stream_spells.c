/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "algorithms/economy_stream_inside.h"

enum { RENEWED = 40 }; /* per cent of the ties that end with a year, and as many begin */

/* As many ties live in each period: `alive`; of them `renewed` end and others begin. A block holds
 * alive + (periods - 1) * renewed ties in all. */
void fn_spells_make(uint64_t seed, uint32_t periods, fn_spells *spells)
{
    uint32_t alive = STREAM_BLOCK * 100 / (100 + RENEWED * (periods - 1)), length[STREAM_BLOCK];
    uint8_t living[STREAM_BLOCK], order[STREAM_BLOCK];
    uint64_t drawn = 0;
    spells->periods = periods;
    for (uint32_t k = 0; k < STREAM_BLOCK; k++) {
        order[k] = (uint8_t) k;
        length[k] = 0;
    }
    for (uint32_t k = STREAM_BLOCK - 1; k > 0; k--) {
        uint32_t other = (uint32_t) fn_random_below(seed, STREAM_SPELLS, drawn++, k + 1);
        uint8_t kept = order[k];
        order[k] = order[other];
        order[other] = kept;
    }
    uint32_t begun = 0, left = STREAM_BLOCK - alive;
    for (uint32_t p = 0; p < periods; p++) {
        uint32_t fresh = p ? left / (periods - p) : alive, kept = alive - fresh;
        if (p) left -= fresh;
        for (uint32_t k = 0; p && k < fresh; k++) { /* who ends gives its place to the last one */
            uint32_t gone = (uint32_t) fn_random_below(seed, STREAM_SPELLS, drawn++, alive - k);
            living[gone] = living[alive - k - 1];
        }
        for (uint32_t k = 0; k < fresh; k++) {
            living[(p ? kept : 0) + k] = order[begun];
            spells->first[order[begun++]] = (uint8_t) p;
        }
        for (uint32_t k = 0; k < alive; k++) length[living[k]]++;
    }
    uint32_t rows = 0;
    for (uint32_t k = 0; k < STREAM_BLOCK; k++) {
        spells->row[k] = rows;
        for (uint32_t m = 0; m < length[k]; m++) spells->tie[rows++] = (uint8_t) k;
    }
    spells->row[STREAM_BLOCK] = rows;
}
