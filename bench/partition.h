/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_BENCH_PARTITION_H
#define FN_BENCH_PARTITION_H

#include <stdio.h>
#include "bench/measure.h"

/* How good clusters of the firms of a list are, found from LIST.ties and LIST.truth without firmnet and without igraph:
 * one judge for all of them. Firms are numbered as in LIST.ties, clusters are any numbers below the firms. */
typedef struct bench_judgement {
    double modularity;      /* reciprocal ties added up (Newman 2004) */
    double directed;        /* after Leicht and Newman 2008 */
    double nmi, ari;        /* agreement with the planted clusters; NMI over the mean of both entropies */
    size_t clusters, torn;  /* torn: clusters that do not hang together by ties within them */
    size_t ties;
} bench_judgement;

bench_judgement bench_judge(const char *ties, const char *truth, const uint32_t *cluster);
/* As remarks of a line: Q=… directedQ=… NMI=… ARI=… clusters=… torn=… ties=… */
void bench_judgement_say(const bench_judgement *judgement, char *text, size_t room);

#endif
