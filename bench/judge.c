/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdio.h>
#include "bench/partition.h"

/* judge TIES TRUTH CLUSTERS: says how good clusters are that another program found; CLUSTERS: 32 bits a firm. */
int main(int argc, char **argv)
{
    char text[256];
    size_t size, firms;
    if (argc != 4) bench_stop("usage: judge TIES TRUTH CLUSTERS");
    const uint32_t *cluster = (const uint32_t *) (const void *) bench_map(argv[3], &size);
    bench_map(argv[2], &firms);
    if (size != firms) bench_stop("%s: %zu bytes, but %zu are needed", argv[3], size, firms);
    bench_judgement judgement = bench_judge(argv[1], argv[2], cluster);
    bench_judgement_say(&judgement, text, sizeof text);
    puts(text);
    return 0;
}
