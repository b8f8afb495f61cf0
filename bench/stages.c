/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bench/measure.h"
#include "graph/csr.h"
#include "graph/names.h"
#include "graph/text.h"
#include "graph/ties.h"
#include "io/source.h"

/* What each stage of loading costs by itself, on one thread, each beside the least that it must do anyway (who "floor",
 * the same name). The floor of inflating is floor.c's. A stage is called stage-NAME; the table of stages in the results
 * is made of all there are. */

static void must(fn_run *run, fn_status status)
{
    if (status) bench_stop("%s", run->error.message);
}

static void print_stage(bench_call *call, const char *who, bench_cost cost)
{
    call->who = who;
    bench_print(call, call->name, cost, "rows=%llu", (unsigned long long) call->facts.rows);
}

/* The text of a .gz as readers get it. */
static void inflate_text(bench_call *call)
{
    fn_run run = FN_RUN_INIT;
    fn_source *source;
    const char *bytes;
    size_t got;
    bench_cost start = bench_now();
    must(&run, fn_source_open(&run, call->input, &source));
    do must(&run, fn_source_next(&run, source, &bytes, &got));
    while (got);
    bench_cost cost = bench_since(start);
    bench_expect(call, "bytes of text", fn_source_offset(source), call->facts.bytes);
    fn_source_close(source);
    print_stage(call, "firmnet", cost);
}

/* Lines and fields, and the numbers in them. Floor: finding the ends of lines. */
static void split(bench_call *call)
{
    size_t size, lines = 0;
    char *text = bench_map(call->input, &size), *end = text + size;
    uint64_t cents = 0;
    bench_cost start = bench_now();
    for (char *line = text; line < end;) {
        char *stop = memchr(line, '\n', (size_t) (end - line));
        char *to = memchr(line, '\t', (size_t) (stop - line)), *money = memchr(to + 1, '\t', (size_t) (stop - to - 1));
        double value;
        if (!fn_real_parse(money + 1, (size_t) (stop - money - 1), &value)) bench_stop("no number");
        cents += (uint64_t) (value * 100 + 0.5);
        line = stop + 1;
    }
    bench_cost cost = bench_since(start);
    bench_expect(call, "cents", cents, call->facts.cents);
    print_stage(call, "firmnet", cost);

    start = bench_now();
    for (char *line = text; line < end; lines++) line = (char *) memchr(line, '\n', (size_t) (end - line)) + 1;
    cost = bench_since(start);
    bench_expect(call, "rows", lines, call->facts.rows);
    print_stage(call, "floor", cost);
}

typedef struct id {
    const char *text;
    size_t length;
} id;

static id *find_ids(const char *text, size_t size, size_t rows)
{
    id *ids = bench_alloc(rows, 2 * sizeof *ids), *at = ids;
    for (const char *line = text, *end = text + size; line < end;) {
        const char *to = memchr(line, '\t', (size_t) (end - line));
        const char *money = memchr(to + 1, '\t', (size_t) (end - to - 1));
        *at++ = (id) { line, (size_t) (to - line) };
        *at++ = (id) { to + 1, (size_t) (money - to - 1) };
        line = (const char *) memchr(money, '\n', (size_t) (end - money)) + 1;
    }
    return ids;
}

enum { SOUGHT = 64 };

typedef struct cache_line {
    uint64_t word[8];
} cache_line;

/* Ids to numbers. Floor: one line of memory an id, from a random place among one line a firm. */
static void intern(bench_call *call)
{
    fn_run run = FN_RUN_INIT;
    fn_names *names;
    size_t size, count = 2 * call->facts.rows, lines = call->facts.firms;
    char *text = bench_map(call->input, &size);
    id *ids = find_ids(text, size, call->facts.rows);
    uint32_t *number = bench_alloc(count, sizeof *number);
    bench_cost start = bench_now();
    must(&run, fn_names_new(&run, &names));
    for (size_t i = 0; i < count; i += SOUGHT) { /* as the loader does: seek many at once, add what is new */
        fn_name_query query[SOUGHT];
        size_t some = count - i < SOUGHT ? count - i : SOUGHT;
        for (size_t k = 0; k < some; k++)
            query[k] = (fn_name_query) { .text = ids[i + k].text, .length = (uint32_t) ids[i + k].length };
        fn_names_seek(names, query, some);
        for (size_t k = 0; k < some; k++) {
            number[i + k] = query[k].number;
            if (query[k].number == FN_NONE) must(&run, fn_names_add_sought(&run, names, &query[k], &number[i + k]));
        }
    }
    bench_cost cost = bench_since(start);
    bench_expect(call, "firms", fn_names_count(names), call->facts.firms);
    print_stage(call, "firmnet", cost);
    fn_names_free(names);

    cache_line *line = bench_alloc(lines, sizeof *line);
    for (size_t i = 0; i < lines; i++) line[i].word[0] = 1;
    for (size_t i = 0; i < count; i++) number[i] = (uint32_t) fn_random_below(1, 1, i, lines);
    uint64_t sum = 0;
    start = bench_now();
    for (size_t i = 0; i < count; i++) sum += line[number[i]].word[0];
    cost = bench_since(start);
    bench_expect(call, "lines", sum, count);
    print_stage(call, "floor", cost);
}

static void check_side(const bench_call *call, const fn_csr *csr)
{
    double sum = 0;
    for (uint32_t u = 0; u < csr->firms; u++)
        for (size_t i = csr->offset[u]; i < csr->offset[u + 1]; i++) {
            if (i > csr->offset[u] && csr->target[i] <= csr->target[i - 1]) bench_refuse(call, "a row does not ascend");
            sum += csr->weight[i];
        }
    bench_expect(call, "arcs", csr->arcs, call->facts.pairs - call->facts.self_pairs);
    bench_expect(call, "cents", (uint64_t) sum, call->facts.cents - call->facts.self_cents);
}

/* Ties sorted, those of one pair added up, and both sides of the adjacency. Floor: as many bytes copied as each side
 * reads and writes at least once, (from, to, weight) in and (target, weight) out. */
static void sort(bench_call *call)
{
    fn_run run = FN_RUN_INIT;
    fn_csr *out, *in;
    size_t size, ties = call->facts.rows;
    const bench_tie *tie = (const bench_tie *) bench_map(call->input, &size);
    bench_expect(call, "rows", size / sizeof *tie, ties);
    uint32_t *from = bench_alloc(ties, sizeof *from), *to = bench_alloc(ties, sizeof *to);
    double *weight = bench_alloc(ties, sizeof *weight);
    for (size_t i = 0; i < ties; i++) from[i] = tie[i].from, to[i] = tie[i].to, weight[i] = (double) tie[i].cents;
    uint32_t firms = (uint32_t) call->facts.firms;
    const fn_ties_block block = { .rows = ties, .from = from, .to = to, .cells = { [FN_TIES_VALUE] = weight } };
    fn_ties sorted = { 0 };
    must(&run, fn_ties_add_block(&run, &sorted, &block));
    bench_cost start = bench_now();
    must(&run, fn_ties_sort(&run, &sorted, firms, NULL));
    must(&run, fn_ties_merge(&run, &sorted, NULL));
    must(&run, fn_csr_over(&run, firms, sorted.rows, sorted.from, sorted.to, sorted.value, FN_CSR_OUT, &out));
    must(&run, fn_csr_over(&run, firms, sorted.rows, sorted.from, sorted.to, sorted.value, FN_CSR_IN, &in));
    bench_cost cost = bench_since(start);
    check_side(call, out);
    check_side(call, in);
    print_stage(call, "firmnet", cost);

    size_t half = ties * (4 + 4 + 8 + 4 + 8);   /* two sides; half of the bytes are read, half written */
    char *a = bench_alloc(half, 1), *b = bench_alloc(half, 1);
    memset(a, 1, half);
    memset(b, 2, half);
    start = bench_now();
    memcpy(b, a, half);
    cost = bench_since(start);
    bench_expect(call, "copied", (uint64_t) b[half - 1], 1);
    print_stage(call, "floor", cost);
}

static const bench_task tasks[] = {
    { "stage-inflate", inflate_text },
    { "stage-split", split },
    { "stage-intern", intern },
    { "stage-sort", sort },
    { NULL, NULL }
};

int main(int argc, char **argv)
{
    bench_call call = bench_start(argc, argv, "firmnet");
    if (!call.facts.rows || !call.input) bench_stop("stages: -f FACTS and an input are needed");
    return bench_run(&call, tasks);
}
