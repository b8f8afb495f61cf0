/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "io/table.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fn_run run = FN_RUN_INIT;
    fn_source *source = NULL;
    fn_table *table = NULL;
    fn_status status = fn_source_open_memory(&run, "input", (const char *) data, size, &source);
    if (!status) status = fn_table_read(&run, source, &table);
    FUZZ_MUST(run.error.status == status);
    for (size_t c = 0; !status && c < table->columns; c++) FUZZ_MUST(table->column[c]->rows == table->rows);
    fn_table_free(table);
    fn_source_close(source);
    return 0;
}

uint8_t *fuzz_own_input(size_t *size)
{
    *size = 0;
    return NULL;
}
