/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_TESTS_IO_OCDS_SUPPORT_H
#define FN_TESTS_IO_OCDS_SUPPORT_H

#include "io/ocds_inside.h"
#include "tests/suite.h"

/* Reading OCDS up to the merged processes, which are written down as text instead of becoming ties. */
typedef struct ocds_reading {
    fn_run run;
    fn_read_options options;
    fn_account *account;
    fn_status status;
    char *text;              /* a line for each process */
    size_t length;
    size_t processes;
} ocds_reading;

/* More bytes of releases than these go to a temporary file. */
extern size_t ocds_memory_most;

/* texts: NULL-ended, each an input called "1", "2", …; piece: bytes fed at once. */
ocds_reading ocds_read_texts(const char *const *texts, size_t piece, fn_read_options options, size_t release_most);
ocds_reading ocds_read_bytes(const char *bytes, size_t length, size_t piece);
/* Real files below $FIRMNET_DATA/ocds, NULL-ended. false: not there (said). */
bool ocds_read_files(const char *test, const char *const *files, ocds_reading *reading);
void ocds_reading_free(ocds_reading *reading);

int64_t ocds_count(const ocds_reading *reading, const char *unit, fn_outcome outcome, const char *reason);
/* The processes as text. */
void ocds_expect(const char *input, const char *expected);
void ocds_expect_all(const char *const *inputs, const char *expected);

TCase *ocds_merge_cases(void);

#endif
