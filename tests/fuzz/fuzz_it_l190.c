/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "io/it_l190.h"
#include "tests/fuzz/fuzz.h"

/* Three tables of law 190 in one input, a line "%%" between them: read, joined, and made a network. */

extern const fn_format fn_format_it_l190;

static const char *const table_name[] = { "X_lotti.csv", "X_partecipanti.csv", "X_aggiudicatari.csv" };

static fn_status read_tables(fn_run *run, fn_import *import, const char *text, size_t size)
{
    fn_status status = FN_OK;
    for (int t = 0; t < 3 && !status; t++) {
        const char *end = t < 2 ? memmem(text, size, "%%\n", 3) : NULL;
        size_t length = end ? (size_t) (end - text) : size;
        fn_source *source = NULL;
        status = fn_source_open_memory(run, table_name[t], text, length, &source);
        if (!status) status = fn_format_it_l190.read(run, source, import);
        fn_source_close(source);
        if (!end) break;
        text = end + 3;
        size -= length + 3;
    }
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (int strict = 0; strict < 2; strict++) {
        fn_run run = FN_RUN_INIT;
        fn_read_options options = { .since = FN_DAY_NONE, .until = FN_DAY_NONE, .strict = strict };
        fn_import import = { .options = &options };
        FUZZ_MUST(fn_net_new(&run, &import.net) == FN_OK);
        import.account = fn_net_account(import.net);
        fn_status status = read_tables(&run, &import, (const char *) data, size);
        if (!status) status = fn_tender_finish(&run, &import);
        if (!status) status = fn_net_freeze(&run, import.net);
        FUZZ_MUST(run.error.status == status);
        if (!status) FUZZ_MUST(fn_account_check(&run, import.account) == FN_OK);
        for (size_t e = 0; !status && e < fn_net_ties(import.net); e++) {
            const fn_tie tie = fn_net_tie_at(import.net, e);
            FUZZ_MUST(tie.from < fn_net_firms(import.net) && tie.to < fn_net_firms(import.net));
            FUZZ_MUST(isnan(tie.value) || isfinite(tie.value));
        }
        fn_tender_book_free(import.book);
        fn_net_free(import.net);
    }
    return 0;
}

uint8_t *fuzz_own_input(size_t *size)
{
    *size = 0;
    return NULL;
}
