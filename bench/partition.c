/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "bench/partition.h"

static void judge_quality(const bench_tie *tie, size_t ties, const uint32_t *cluster, size_t firms, bench_judgement *j)
{
    double *out = bench_alloc(firms, sizeof *out), *in = bench_alloc(firms, sizeof *in), all = 0, inside = 0;
    for (size_t e = 0; e < ties; e++) {
        double money = (double) tie[e].cents;
        all += money;
        out[cluster[tie[e].from]] += money;
        in[cluster[tie[e].to]] += money;
        if (cluster[tie[e].from] == cluster[tie[e].to]) inside += money;
    }
    j->modularity = j->directed = inside / all;
    for (size_t c = 0; c < firms; c++) {
        double both = (out[c] + in[c]) / (2 * all);
        j->modularity -= both * both;
        j->directed -= out[c] / all * (in[c] / all);
    }
    free(out);
    free(in);
}

static uint32_t root_of(uint32_t *parent, uint32_t u)
{
    while (parent[u] != u) u = parent[u] = parent[parent[u]];
    return u;
}

static void judge_connection(const bench_tie *tie, size_t ties, const uint32_t *cluster, size_t firms,
                             bench_judgement *j)
{
    uint32_t *parent = bench_alloc(firms, sizeof *parent), *parts = bench_alloc(firms, sizeof *parts);
    for (uint32_t u = 0; u < firms; u++) parent[u] = u;
    for (size_t e = 0; e < ties; e++)
        if (cluster[tie[e].from] == cluster[tie[e].to])
            parent[root_of(parent, tie[e].from)] = root_of(parent, tie[e].to);
    for (uint32_t u = 0; u < firms; u++) parts[cluster[u]] += parent[u] == u;
    for (size_t c = 0; c < firms; c++) {
        j->clusters += parts[c] > 0;
        j->torn += parts[c] > 1;
    }
    free(parent);
    free(parts);
}

/* Sums over groups of equal keys: of n ln n, and of pairs of members. */
static void add_groups(uint64_t *key, uint64_t *spare, size_t count, double *logs, double *pairs)
{
    bench_sort(key, spare, count);
    *logs = *pairs = 0;
    for (size_t i = 0, start = 0; i < count; i++) {
        if (i + 1 < count && key[i + 1] == key[i]) continue;
        double size = (double) (i + 1 - start);
        *logs += size * log(size);
        *pairs += size * (size - 1) / 2;
        start = i + 1;
    }
}

static void judge_agreement(const uint32_t *truth, const uint32_t *cluster, size_t firms, bench_judgement *j)
{
    uint64_t *key = bench_alloc(firms, sizeof *key), *spare = bench_alloc(firms, sizeof *spare);
    double logs[3], pairs[3], n = (double) firms, most = n * (n - 1) / 2;
    for (int which = 0; which < 3; which++) {
        for (size_t u = 0; u < firms; u++)
            key[u] = which == 0 ? cluster[u] : which == 1 ? truth[u] : (uint64_t) cluster[u] << 32 | truth[u];
        add_groups(key, spare, firms, &logs[which], &pairs[which]);
    }
    double found = log(n) - logs[0] / n, planted = log(n) - logs[1] / n, joint = log(n) - logs[2] / n;
    j->nmi = found + planted > 0 ? 2 * (found + planted - joint) / (found + planted) : 1;
    double chance = pairs[0] * pairs[1] / most, mean = (pairs[0] + pairs[1]) / 2;
    j->ari = mean > chance ? (pairs[2] - chance) / (mean - chance) : 1;
    free(key);
    free(spare);
}

bench_judgement bench_judge(const char *ties_path, const char *truth_path, const uint32_t *cluster)
{
    bench_judgement j = { 0 };
    size_t ties_size, truth_size;
    const bench_tie *tie = (const bench_tie *) (const void *) bench_map(ties_path, &ties_size);
    const uint32_t *truth = (const uint32_t *) (const void *) bench_map(truth_path, &truth_size);
    size_t firms = truth_size / sizeof *truth;
    j.ties = ties_size / sizeof *tie;
    for (size_t e = 0; e < j.ties; e++)
        if (tie[e].from >= firms || tie[e].to >= firms)
            bench_stop("%s does not have the firms of %s", truth_path, ties_path);
    for (size_t u = 0; u < firms; u++)
        if (cluster[u] >= firms) bench_stop("cluster %u of %zu firms", cluster[u], firms);
    judge_quality(tie, j.ties, cluster, firms, &j);
    judge_connection(tie, j.ties, cluster, firms, &j);
    judge_agreement(truth, cluster, firms, &j);
    return j;
}

void bench_judgement_say(const bench_judgement *j, char *text, size_t room)
{
    snprintf(text, room, "Q=%.6f directedQ=%.6f NMI=%.4f ARI=%.4f clusters=%zu torn=%zu ties=%zu", j->modularity,
             j->directed, j->nmi, j->ari, j->clusters, j->torn, j->ties);
}
