/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include <unistd.h>
#include "io/format.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/fuzz_fnet.h"

/* The whole way from a file to a frozen network, in the format FUZZ_FORMAT (set in Makefile.am). */

static const char *scratch(void)
{
    static char path[4096];
    const char *top = getenv("TOP_BUILDDIR");
    snprintf(path, sizeof path, "%s/scratch-fuzz-%ld", top ? top : ".", (long) getpid());
    return path;
}

/* What holds for every network that was read. */
static void check_net(fn_run *run, const fn_net *net)
{
    FUZZ_MUST(fn_account_check(run, fn_net_account(net)) == FN_OK);
    FUZZ_MUST(fn_names_count(fn_net_keys(net)) == fn_net_firms(net));
    int64_t records = 0;
    for (size_t e = 0; e < fn_net_ties(net); e++) {
        const fn_tie *tie = FN_TIE(net, e);
        FUZZ_MUST(tie->from < fn_net_firms(net) && tie->to < fn_net_firms(net));
        FUZZ_MUST(tie->layer < fn_names_count(fn_net_layers(net)));
        FUZZ_MUST(tie->currency < fn_names_count(fn_net_currencies(net)));
        FUZZ_MUST(isnan(tie->value) || isfinite(tie->value));
        FUZZ_MUST(tie->count >= 0 && tie->first <= tie->last);
        records += tie->count;
    }
    FUZZ_MUST(records >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = scratch();
    FILE *file = fopen(path, "wb");
    FUZZ_MUST(file != NULL);
    FUZZ_MUST(fwrite(data, 1, size, file) == size);
    FUZZ_MUST(fclose(file) == 0);
    for (int keep_going = 0; keep_going < 2; keep_going++) {
        fn_run run = FN_RUN_INIT;
        fn_read_options options = { .format = FUZZ_FORMAT, .since = FN_DAY_NONE, .until = FN_DAY_NONE, .keep_going = keep_going };
        fn_net *net = NULL;
        fn_status status = fn_read(&run, &path, 1, &options, &net, NULL, NULL);
        FUZZ_MUST(run.error.status == status);
        if (!status) check_net(&run, net);
        else FUZZ_MUST(!net && run.error.message[0]);
        fn_net_free(net);
    }
    unlink(path);
#ifdef FUZZ_FORGED
    fuzz_forged(data, size, check_net);
#endif
    return 0;
}

/* Where the format can be written, too: three firms and their ties. NULL: such a net can't be. */
uint8_t *fuzz_own_input(size_t *size)
{
    fn_run run = FN_RUN_INIT;
    const fn_format *format = fn_format_find(FUZZ_FORMAT);
    *size = 0;
    if (!format || !format->write || !format->read) return NULL;
    const char *path = scratch();
    FILE *file = fopen(path, "wb");
    FUZZ_MUST(file != NULL);
    fputs("from,to,value,layer,date,currency\nA,B,1,supply,2020,EUR\nB,C,2,supply,2021,EUR\nC,A,3,cobid,,\n", file);
    FUZZ_MUST(fclose(file) == 0);
    fn_net *net;
    fn_output *output;
    fn_read_options options = { .format = "edgelist", .since = FN_DAY_NONE, .until = FN_DAY_NONE };
    FUZZ_MUST(fn_read(&run, &path, 1, &options, &net, NULL, NULL) == FN_OK);
    FUZZ_MUST(fn_output_open(&run, path, &output) == FN_OK);
    fn_export what = { .net = net };
    fn_status written = format->write(&run, output, &what);
    FUZZ_MUST(written == FN_OK || written == FN_EINVAL);
    if (written) fn_output_abort(output); /* tender formats have nothing to say about ties alone */
    else FUZZ_MUST(fn_output_commit(&run, output) == FN_OK);
    fn_net_free(net);
    if (written) {
        unlink(path);
        return NULL;
    }
    FUZZ_MUST((file = fopen(path, "rb")) != NULL);
    uint8_t *bytes = malloc(1 << 20);
    FUZZ_MUST(bytes != NULL);
    *size = fread(bytes, 1, 1 << 20, file);
    fclose(file);
    unlink(path);
    return bytes;
}
