/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bench/ours.h"
#include "graph/igraph_bridge.h"

/* What igraph would need too much memory for is judged by the other oracle alone. */
enum { IGRAPH_TIES_MOST = 50000000 };

/* No money stated: 0. */
static uint64_t cents_of(double money)
{
    return isnan(money) ? 0 : (uint64_t) llround(money * 100);
}

static uint64_t *key_hashes(const fn_net *net)
{
    uint64_t *hash = bench_alloc(fn_net_firms(net), sizeof *hash);
    for (uint32_t u = 0; u < fn_net_firms(net); u++) {
        size_t length;
        const char *text = fn_names_text(fn_net_keys(net), u, &length);
        hash[u] = bench_text_hash(text, length);
    }
    return hash;
}

/* ---- networks ---- */

void oracle_net(const bench_call *call, const fn_net *net)
{
    uint64_t *hash = key_hashes(net), cents = 0, digest = 0, count = 0;
    bench_expect(call, "firms", fn_net_firms(net), call->facts.firms);
    bench_expect(call, "ties", fn_net_ties(net), call->facts.ties);
    for (size_t e = 0; e < fn_net_ties(net); e++) {
        fn_tie tie = fn_net_tie_at(net, e);
        cents += cents_of(tie.value);
        digest += bench_pair_hash(hash[tie.from], hash[tie.to], fn_net_layer_directed(tie.layer)) * cents_of(tie.value);
        count += (uint64_t) tie.count;
    }
    bench_expect(call, "records", count, call->facts.records);
    bench_expect(call, "cents", cents, call->facts.cents);
    bench_expect(call, "digest of all ties", digest, call->facts.digest);
    free(hash);
}

void oracle_csr(const bench_call *call, const fn_net *net, const fn_csr *csr, bool in)
{
    uint64_t *hash = key_hashes(net), cents = 0, digest = 0;
    bench_expect(call, "arcs", csr->offset[csr->firms], call->facts.pairs - call->facts.self_pairs);
    for (uint32_t u = 0; u < csr->firms; u++)
        for (size_t i = csr->offset[u]; i < csr->offset[u + 1]; i++) {
            uint32_t v = csr->target[i];
            if (i > csr->offset[u] && csr->target[i - 1] >= v) bench_refuse(call, "row %u does not ascend", u);
            cents += cents_of(csr->weight[i]);
            digest += bench_pair_hash(hash[in ? v : u], hash[in ? u : v], true) * cents_of(csr->weight[i]);
        }
    bench_expect(call, "cents of arcs", cents, call->facts.cents - call->facts.self_cents);
    bench_expect(call, "digest of all arcs", digest, call->facts.digest - call->facts.self_digest);
    free(hash);
}

void oracle_igraph(const bench_call *call, const fn_net *net, const igraph_t *graph)
{
    fn_run run = FN_RUN_INIT;
    igraph_t theirs;
    igraph_vector_int_t list;
    size_t ties = fn_net_ties(net);
    ours_must(&run, FN_IGRAPH(&run, igraph_vector_int_init(&list, 2 * (igraph_int_t) ties)));
    for (size_t e = 0; e < ties; e++) {
        fn_tie tie = fn_net_tie_at(net, e);
        VECTOR(list)[2 * e] = tie.from;
        VECTOR(list)[2 * e + 1] = tie.to;
    }
    ours_must(&run, FN_IGRAPH(&run, igraph_create(&theirs, &list, fn_net_firms(net), IGRAPH_DIRECTED)));
    igraph_vector_int_destroy(&list);
    const struct { const char *name; const igraph_vector_int_t *ours, *theirs; } vectors[] = {
        { "from", &graph->from, &theirs.from }, { "to", &graph->to, &theirs.to }, { "oi", &graph->oi, &theirs.oi },
        { "ii", &graph->ii, &theirs.ii }, { "os", &graph->os, &theirs.os }, { "is", &graph->is, &theirs.is }
    };
    for (size_t k = 0; k < sizeof vectors / sizeof *vectors; k++)
        if (!igraph_vector_int_all_e(vectors[k].ours, vectors[k].theirs))
            bench_refuse(call, "igraph_create makes another vector \"%s\"", vectors[k].name);
    igraph_destroy(&theirs);
}

/* ---- files ---- */

typedef struct span {
    const char *text;
    size_t length;
} span;

/* What stands between mark and the next end character of a line. */
static bool find_span(span line, const char *mark, char end, span *found)
{
    const char *at = memmem(line.text, line.length, mark, strlen(mark));
    if (!at) return false;
    at += strlen(mark);
    const char *stop = memchr(at, end, (size_t) (line.text + line.length - at));
    if (!stop) return false;
    *found = (span) { at, (size_t) (stop - at) };
    return true;
}

static bool starts(span line, const char *word)
{
    return line.length >= strlen(word) && memcmp(line.text, word, strlen(word)) == 0;
}

/* Firms and ties stand one a line; a plain scan, so that no XML reader is trusted or needed. */
void oracle_graph_file(const bench_call *call, const char *format)
{
    bool gexf = strcmp(format, "gexf") == 0;
    const char *mark = gexf ? "for=\"value\" value=\"" : "key=\"value\">";
    size_t size;
    const char *text = bench_map(call->output, &size), *end = text + size;
    uint64_t firms = 0, ties = 0, cents = 0, digest = 0;
    while (text < end) {
        const char *stop = memchr(text, '\n', (size_t) (end - text));
        span line = { text, (size_t) ((stop ? stop : end) - text) }, from, to, money;
        text = stop ? stop + 1 : end;
        firms += starts(line, "<node ");
        if (!starts(line, "<edge ")) continue;
        ties++;
        if (!find_span(line, " source=\"", '"', &from) || !find_span(line, " target=\"", '"', &to) ||
            !find_span(line, mark, gexf ? '"' : '<', &money))
            bench_refuse(call, "edge %llu lacks an end or its money", (unsigned long long) ties);
        uint64_t value = cents_of(strtod(money.text, NULL));
        cents += value;
        uint64_t a = bench_text_hash(from.text, from.length), b = bench_text_hash(to.text, to.length);
        digest += bench_pair_hash(a, b, true) * value;
    }
    bench_expect(call, "nodes", firms, call->facts.firms);
    bench_expect(call, "edges", ties, call->facts.ties);
    bench_expect(call, "cents of edges", cents, call->facts.cents);
    bench_expect(call, "digest of all edges", digest, call->facts.digest);
}

/* ---- kernels ---- */

static void compare_pagerank(const bench_call *call, const fn_csr *out, const double *score)
{
    fn_run run = FN_RUN_INIT;
    igraph_t graph;
    igraph_vector_t weights, theirs;
    uint32_t *from = bench_alloc(out->arcs, sizeof *from);
    ours_must(&run, FN_IGRAPH(&run, igraph_vector_init(&weights, (igraph_int_t) out->arcs)));
    ours_must(&run, FN_IGRAPH(&run, igraph_vector_init(&theirs, 0)));
    for (uint32_t u = 0; u < out->firms; u++)
        for (size_t i = out->offset[u]; i < out->offset[u + 1]; i++) from[i] = u, VECTOR(weights)[i] = out->weight[i];
    ours_must(&run, fn_igraph_fill_pairs(&run, out->firms, out->arcs, from, out->target, true, &graph));
    free(from);
    ours_must(&run, FN_IGRAPH(&run, fn_ig_pagerank(&graph, &weights, 0.85, true, &theirs)));
    double off = 0;
    for (uint32_t u = 0; u < out->firms; u++) off += fabs(score[u] - VECTOR(theirs)[u]);
    if (!(off < 1e-8)) bench_refuse(call, "igraph's PageRank is %g away", off);
    igraph_vector_destroy(&weights);
    igraph_vector_destroy(&theirs);
    igraph_destroy(&graph);
}

void oracle_pagerank(const bench_call *call, const fn_csr *out, const double *score, double tolerance)
{
    double *next = bench_alloc(out->firms, sizeof *next), lost = 0, off = 0;
    for (uint32_t u = 0; u < out->firms; u++) {
        double strength = 0;
        for (size_t i = out->offset[u]; i < out->offset[u + 1]; i++) strength += out->weight[i];
        if (!(strength > 0)) lost += score[u];
        for (size_t i = out->offset[u]; strength > 0 && i < out->offset[u + 1]; i++)
            next[out->target[i]] += score[u] * out->weight[i] / strength;
    }
    for (uint32_t u = 0; u < out->firms; u++)
        off += fabs(score[u] - (0.15 / out->firms + 0.85 * (next[u] + lost / out->firms)));
    if (!(off < 10 * tolerance)) bench_refuse(call, "one more step moves PageRank by %g", off);
    free(next);
    if (tolerance < 1e-9 && out->arcs <= IGRAPH_TIES_MOST) compare_pagerank(call, out, score);
}

/* Each side made from the other is the other, but for its size. */
void oracle_hits(const bench_call *call, const fn_csr *out, const double *hub, const double *authority)
{
    double *from_hubs = bench_alloc(out->firms, sizeof *from_hubs), dot = 0, square = 0, off = 0, all = 0;
    for (uint32_t u = 0; u < out->firms; u++)
        for (size_t i = out->offset[u]; i < out->offset[u + 1]; i++)
            from_hubs[out->target[i]] += out->weight[i] * hub[u];
    for (uint32_t v = 0; v < out->firms; v++) dot += from_hubs[v] * authority[v], square += authority[v] * authority[v];
    for (uint32_t v = 0; v < out->firms; v++) off += pow(from_hubs[v] - dot / square * authority[v], 2);
    for (uint32_t v = 0; v < out->firms; v++) all += from_hubs[v] * from_hubs[v];
    if (!(sqrt(off / all) < 1e-8)) bench_refuse(call, "authorities are off by %g of what hubs make", sqrt(off / all));
    for (uint32_t u = 0; u < out->firms; u++) {
        double made = 0;
        for (size_t i = out->offset[u]; i < out->offset[u + 1]; i++) made += out->weight[i] * authority[out->target[i]];
        if (!(hub[u] >= 0 && hub[u] <= 1) || (made == 0 && hub[u] > 0)) bench_refuse(call, "hub %u is %g", u, hub[u]);
    }
    free(from_hubs);
}

static void compare_coreness(const bench_call *call, const fn_csr *both, const uint32_t *core)
{
    fn_run run = FN_RUN_INIT;
    igraph_t graph;
    igraph_vector_int_t theirs;
    size_t pairs = both->arcs / 2, at = 0;
    uint32_t *from = bench_alloc(pairs, sizeof *from), *to = bench_alloc(pairs, sizeof *to);
    for (uint32_t u = 0; u < both->firms; u++)
        for (size_t i = both->offset[u]; i < both->offset[u + 1]; i++)
            if (u < both->target[i]) from[at] = u, to[at++] = both->target[i];
    ours_must(&run, fn_igraph_fill_pairs(&run, both->firms, at, from, to, false, &graph));
    free(from);
    free(to);
    ours_must(&run, FN_IGRAPH(&run, igraph_vector_int_init(&theirs, 0)));
    ours_must(&run, FN_IGRAPH(&run, igraph_coreness(&graph, &theirs, IGRAPH_ALL)));
    for (uint32_t u = 0; u < both->firms; u++)
        if ((igraph_int_t) core[u] != VECTOR(theirs)[u])
            bench_refuse(call, "firm %u: core %u, igraph says %lld", u, core[u], (long long) VECTOR(theirs)[u]);
    igraph_vector_int_destroy(&theirs);
    igraph_destroy(&graph);
}

/* Level k takes out, until there is none left, whoever has at most k partners left: their core number is k. */
void oracle_coreness(const bench_call *call, const fn_csr *both, const uint32_t *core)
{
    uint32_t firms = both->firms, left = firms;
    uint32_t *degree = bench_alloc(firms, sizeof *degree), *queue = bench_alloc(firms, sizeof *queue);
    bool *gone = bench_alloc(firms, sizeof *gone);
    for (uint32_t u = 0; u < firms; u++) degree[u] = fn_csr_degree(both, u);
    for (uint32_t level = 0; left > 0; level++) {
        uint32_t end = 0;
        for (uint32_t u = 0; u < firms; u++)
            if (!gone[u] && degree[u] <= level) gone[u] = true, queue[end++] = u;
        for (uint32_t at = 0; at < end; at++, left--) {
            uint32_t u = queue[at];
            if (core[u] != level) bench_refuse(call, "firm %u: core %u, should be %u", u, core[u], level);
            for (size_t i = both->offset[u]; i < both->offset[u + 1]; i++) {
                uint32_t v = both->target[i];
                if (!gone[v] && --degree[v] <= level) gone[v] = true, queue[end++] = v;
            }
        }
    }
    free(degree);
    free(queue);
    free(gone);
    if (both->arcs / 2 <= IGRAPH_TIES_MOST) compare_coreness(call, both, core);
}

static double slow_p(double w, double strength, double ties)
{
    return ties > 1 ? pow(1 - w / strength, ties - 1) : 1;
}

size_t oracle_disparity(const bench_call *call, const fn_view *view, const double *p_from, const double *p_to)
{
    const fn_ties *ties = fn_net_tie_rows(view->net);
    double *s_out = bench_alloc(view->firms, sizeof *s_out), *s_in = bench_alloc(view->firms, sizeof *s_in), off = 0;
    double *k_out = bench_alloc(view->firms, sizeof *k_out), *k_in = bench_alloc(view->firms, sizeof *k_in);
    size_t significant = 0;
    for (size_t e = 0; e < view->ties; e++) {
        if (ties->from[e] == ties->to[e]) continue;
        s_out[ties->from[e]] += ties->value[e];
        s_in[ties->to[e]] += ties->value[e];
        k_out[ties->from[e]]++;
        k_in[ties->to[e]]++;
    }
    for (size_t e = 0; e < view->ties; e++) {
        uint32_t u = ties->from[e], v = ties->to[e];
        if (u == v || !(ties->value[e] > 0)) continue;
        off = fmax(off, fabs(p_from[e] - slow_p(ties->value[e], s_out[u], k_out[u])));
        off = fmax(off, fabs(p_to[e] - slow_p(ties->value[e], s_in[v], k_in[v])));
        significant += fmin(p_from[e], p_to[e]) <= 0.05;
    }
    if (!(off < 1e-9)) bench_refuse(call, "a p is off by %g", off);
    free(s_out);
    free(s_in);
    free(k_out);
    free(k_in);
    return significant;
}
