/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "bench/measure.h"

bench_call bench_start(int argc, char **argv, const char *who)
{
    bench_call call = { .who = who, .list = "-", .threads = 1, .repeat = 1 };
    /* "+": a command that is measured has options of its own. */
    for (int option; (option = getopt(argc, argv, "+l:t:r:f:n:o:w:c:")) != -1;) {
        switch (option) {
        case 'l': call.list = optarg; break;
        case 't': call.threads = atoi(optarg); break;
        case 'r': call.repeat = atoi(optarg); break;
        case 'f': bench_facts_read(optarg, &call.facts); break;
        case 'n': call.name = optarg; break;
        case 'o': call.output = optarg; break;
        case 'w': call.who = optarg; break;
        case 'c': call.words = optarg; break;
        default: exit(2);
        }
    }
    if (optind >= argc) bench_stop("%s: no task; the options stand in bench/measure.h", argv[0]);
    call.task = argv[optind];
    call.rest = argv + optind + 1;
    call.input = call.rest[0];
    if (!call.name) call.name = call.task;
    return call;
}

int bench_run(bench_call *call, const bench_task *tasks)
{
    for (const bench_task *task = tasks; task->name; task++) {
        if (strcmp(task->name, call->task) != 0) continue;
        task->run(call);
        return 0;
    }
    bench_stop("%s measures no task \"%s\"", call->who, call->task);
}

bench_cost bench_now(void)
{
    struct timespec wall;
    struct rusage used;
    clock_gettime(CLOCK_MONOTONIC, &wall);
    getrusage(RUSAGE_SELF, &used);
    return (bench_cost) {
        .wall = (double) wall.tv_sec + 1e-9 * (double) wall.tv_nsec,
        .cpu = (double) (used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
               1e-6 * (double) (used.ru_utime.tv_usec + used.ru_stime.tv_usec),
        .peak = (double) used.ru_maxrss / 1024
    };
}

bench_cost bench_since(bench_cost start)
{
    bench_cost now = bench_now();
    return (bench_cost) { now.wall - start.wall, now.cpu - start.cpu, now.peak };
}

static void print_key(const bench_call *call, const char *name)
{
    printf("%s\t%s\t%s\t%d\t%d\t", call->who, name, call->list, call->threads, call->repeat);
}

void bench_print(const bench_call *call, const char *name, bench_cost cost, const char *remarks, ...)
{
    va_list arguments;
    print_key(call, name);
    printf("%.4f\t%.4f\t%.1f\tright\t", cost.wall, cost.cpu, cost.peak);
    va_start(arguments, remarks);
    vprintf(remarks, arguments);
    va_end(arguments);
    printf("\n");
    fflush(stdout);
}

void bench_refuse(const bench_call *call, const char *why, ...)
{
    va_list arguments;
    print_key(call, call->name);
    printf("-\t-\t-\trefused\t");
    va_start(arguments, why);
    vprintf(why, arguments);
    va_end(arguments);
    printf("\n");
    fflush(stdout);
    exit(1);
}

void bench_expect(const bench_call *call, const char *what, uint64_t found, uint64_t wanted)
{
    if (found != wanted) bench_refuse(call, "%s: %" PRIu64 ", but the list has %" PRIu64, what, found, wanted);
}

void bench_stop(const char *why, ...)
{
    va_list arguments;
    fprintf(stderr, "bench: ");
    va_start(arguments, why);
    vfprintf(stderr, why, arguments);
    va_end(arguments);
    fprintf(stderr, "\n");
    exit(2);
}

void *bench_alloc(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size);
    if (!memory) bench_stop("out of memory: %zu times %zu bytes", count, size);
    return memory;
}

char *bench_map(const char *path, size_t *size)
{
    struct stat what;
    int file = open(path, O_RDONLY);
    if (file < 0 || fstat(file, &what) != 0) bench_stop("%s can't be opened", path);
    *size = (size_t) what.st_size;
    if (*size == 0) bench_stop("%s is empty", path);
    char *bytes = mmap(NULL, *size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
    if (bytes == MAP_FAILED) bench_stop("%s can't be mapped", path);
    close(file);
    return bytes;
}

void bench_facts_read(const char *path, bench_facts *facts)
{
    FILE *file = fopen(path, "r");
    if (!file) bench_stop("%s can't be opened", path);
    const struct { const char *name; uint64_t *value; } line[] = {
        { "bytes", &facts->bytes }, { "rows", &facts->rows }, { "records", &facts->records },
        { "firms", &facts->firms }, { "ties", &facts->ties }, { "pairs", &facts->pairs },
        { "self_pairs", &facts->self_pairs }, { "cents", &facts->cents }, { "self_cents", &facts->self_cents },
        { "digest", &facts->digest }, { "self_digest", &facts->self_digest }
    };
    char name[32];
    for (size_t i = 0; i < sizeof line / sizeof *line; i++)
        if (fscanf(file, "%31s %" SCNu64, name, line[i].value) != 2 || strcmp(name, line[i].name) != 0)
            bench_stop("%s: no facts of a list", path);
    fclose(file);
}

void bench_sort(uint64_t *key, uint64_t *spare, size_t count)
{
    uint64_t *from = key, *to = spare;
    for (int shift = 0; shift < 64; shift += 8) {
        size_t start[257] = { 0 };
        for (size_t i = 0; i < count; i++) start[(from[i] >> shift & 255) + 1]++;
        bool alike = false;
        for (int b = 1; b <= 256; b++) alike |= start[b] == count;
        if (alike) continue;
        for (int b = 0; b < 256; b++) start[b + 1] += start[b];
        for (size_t i = 0; i < count; i++) to[start[from[i] >> shift & 255]++] = from[i];
        uint64_t *swap = from;
        from = to, to = swap;
    }
    if (from != key) memcpy(key, from, count * sizeof *key);
}
