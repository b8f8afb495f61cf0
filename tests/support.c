/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "graph/memory.h"
#include "graph/random.h"
#include "tests/suite.h"

static char last_warning[1024];
static int warnings;

static void keep_warning(void *user, fn_level level, const char *text)
{
    (void) user;
    if (level != FN_LOG_WARNING) return;
    snprintf(last_warning, sizeof last_warning, "%s", text);
    warnings++;
}

fn_run support_run(void)
{
    last_warning[0] = '\0';
    warnings = 0;
    fn_run run = FN_RUN_INIT;
    run.log = keep_warning;
    return run;
}

const char *support_warning(void)
{
    return last_warning;
}

int support_warnings(void)
{
    return warnings;
}

static void must(const fn_run *run, fn_status status)
{
    ck_assert_msg(status == FN_OK, "unexpected failure: %s", run->error.message);
}

static fn_net *net_of_firms(fn_run *run, uint32_t firms)
{
    fn_net *net;
    must(run, fn_net_new(run, &net));
    for (uint32_t f = 0; f < firms; f++) {
        char key[16];
        uint32_t number;
        int length = snprintf(key, sizeof key, "%" PRIu32, f);
        must(run, fn_net_firm(run, net, key, (size_t) length, &number));
    }
    return net;
}

static void add_tie(fn_run *run, fn_net *net, uint32_t from, uint32_t to, double value)
{
    fn_tie tie = {
        .from = from, .to = to, .product = FN_NONE, .layer = FN_LAYER_SUPPLY, .value = value, .weight = NAN, .count = 1,
        .first = FN_DAY_NONE, .last = FN_DAY_NONE
    };
    must(run, fn_net_add(run, net, &tie, NULL));
}

fn_net *support_net(fn_run *run, uint32_t firms, size_t ties, const uint32_t (*pair)[2], const double *weight)
{
    fn_net *net = net_of_firms(run, firms);
    for (size_t e = 0; e < ties; e++) add_tie(run, net, pair[e][0], pair[e][1], weight ? weight[e] : NAN);
    must(run, fn_net_freeze(run, net));
    return net;
}

fn_net *support_random_net(fn_run *run, uint64_t seed, uint32_t firms, size_t ties, bool weighted)
{
    fn_net *net = net_of_firms(run, firms);
    for (size_t e = 0; firms && e < ties; e++) {
        uint32_t from = (uint32_t) fn_random_below(seed, 1, e, firms);
        uint32_t to = (uint32_t) fn_random_below(seed, 2, e, firms);
        add_tie(run, net, from, to, weighted ? (double) (1 + fn_random_below(seed, 3, e, 9)) : NAN);
    }
    must(run, fn_net_freeze(run, net));
    return net;
}

fn_view *support_view(fn_run *run, const fn_net *net)
{
    fn_view_options options = FN_VIEW_ALL;
    fn_view *view;
    must(run, fn_view_new(run, net, &options, &view));
    return view;
}

uint32_t support_firm(const fn_net *net, const char *key)
{
    uint32_t firm = fn_names_find(fn_net_keys(net), key, strlen(key));
    ck_assert_msg(firm != FN_NONE, "no firm \"%s\"", key);
    return firm;
}

bool support_stop(void *user, const char *stage, double done)
{
    (void) user;
    (void) stage;
    (void) done;
    return false;
}

bool support_stop_later(void *user, const char *stage, double done)
{
    int *polls_left = user;
    (void) stage;
    ck_assert(done >= 0 && done <= 1);
    return (*polls_left)-- > 0;
}

long support_fail_each(support_attempt *attempt, void *user)
{
    enum { ALLOCATIONS_MOST = 20000 };
    bool failed = true;
    long call = 0;
    for (; failed; call++) {
        ck_assert_int_lt(call, ALLOCATIONS_MOST);
        fn_run run = support_run();
        fn_memory_fail_at(call, false);
        fn_status status = attempt(&run, user);
        failed = fn_memory_calls() > call;
        fn_memory_fail_at(-1, false);
        ck_assert_msg(status == (failed ? FN_ENOMEM : FN_OK), "status %d, allocation %ld %s", status, call,
                      failed ? "failed" : "was not asked for");
        ck_assert_int_eq(run.error.status, status);
    }
    return call - 1;
}

void support_near(double found, double wanted, double tolerance, const char *what)
{
    ck_assert_msg(fabs(found - wanted) <= tolerance, "%s: %.17g, not %.17g", what, found, wanted);
}

const char *support_data(const char *test, const char *file)
{
    static char path[4096];
    const char *folder = getenv("FIRMNET_DATA");
    if (folder) {
        snprintf(path, sizeof path, "%s/%s", folder, file);
        if (access(path, R_OK) == 0) return path;
    }
    printf("skipped: %s (no %s in FIRMNET_DATA)\n", test, file);
    fflush(stdout);
    return NULL;
}

const char *support_source(const char *file)
{
    static char path[4096];
    const char *top = getenv("TOP_SRCDIR");
    snprintf(path, sizeof path, "%s/%s", top ? top : ".", file);
    return path;
}

/* The folder of all scratch files, below the build folder; `make clean` removes it. */
static const char *scratch_folder(void)
{
    static char path[2048];
    const char *top = getenv("TOP_BUILDDIR");
    snprintf(path, sizeof path, "%s/scratch", top ? top : ".");
    mkdir(path, 0777);
    return path;
}

const char *support_scratch(const char *name)
{
    static char path[4][4096];
    static int next;
    char *slot = path[next++ % 4];
    snprintf(slot, sizeof path[0], "%s/%ld-%s", scratch_folder(), (long) getpid(), name);
    return slot;
}

static int remove_one(const char *path, const struct stat *what, int type, struct FTW *place)
{
    (void) what, (void) type, (void) place;
    remove(path);
    return 0;
}

void support_sweep(void)
{
    const char *folder = scratch_folder();
    DIR *all = opendir(folder);
    char path[4096];
    for (struct dirent *one; all && (one = readdir(all));) {
        long process = strtol(one->d_name, NULL, 10);
        if (process <= 0 || kill((pid_t) process, 0) == 0 || errno != ESRCH) continue;
        snprintf(path, sizeof path, "%s/%s", folder, one->d_name);
        nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    }
    if (all) closedir(all);
}

fn_net *support_metis(fn_run *run, const char *path)
{
    FILE *file = fopen(path, "r");
    ck_assert_msg(file != NULL, "can't open %s", path);
    char line[65536];
    uint32_t firms = 0, row = 0;
    fn_net *net = NULL;
    while (fgets(line, sizeof line, file)) {
        if (line[0] == '%') continue;
        char *at = line, *end;
        if (!net) {
            firms = (uint32_t) strtoul(line, NULL, 10);
            net = net_of_firms(run, firms);
            continue;
        }
        for (; row < firms; at = end) {
            unsigned long other = strtoul(at, &end, 10);
            if (end == at) break;
            if (other - 1 > row) add_tie(run, net, row, (uint32_t) other - 1, NAN);
        }
        row++;
    }
    fclose(file);
    ck_assert(net != NULL);
    must(run, fn_net_freeze(run, net));
    return net;
}
