/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_OUTPUT_H
#define FN_IO_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include "graph/columns.h"

/* An output file that appears whole or not at all: written to an unnamed file in the same file system (so even kill -9
 * leaves nothing), synced, then put in place of the old one by rename. ".gz" names are compressed (BGZF members, fixed
 * time stamp). Devices and pipes are written directly; path NULL or "-" is standard output. Folders that are missing
 * are made at commit. */
typedef struct fn_output fn_output;

fn_status fn_output_open(fn_run *run, const char *path, fn_output **output);
fn_status fn_output_write(fn_run *run, fn_output *output, const char *bytes, size_t count);
fn_status fn_output_text(fn_run *run, fn_output *output, const char *text);
fn_status fn_output_format(fn_run *run, fn_output *output, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
fn_status fn_output_real(fn_run *run, fn_output *output, double value);
/* Text with & < > " ' and line breaks escaped for XML and HTML, and code points that XML 1.0 forbids or bytes that are
 * not UTF-8 replaced by U+FFFD; replaced ones are added to *replaced (may be NULL). */
fn_status fn_output_xml(fn_run *run, fn_output *output, const char *text, size_t length, int64_t *replaced);
/* A JSON string with its quotes; bad UTF-8 becomes U+FFFD; '<' is written as an escape, so it is safe inside HTML. */
fn_status fn_output_json(fn_run *run, fn_output *output, const char *text, size_t length);
/* Is what is written compressed? Then blocks made elsewhere by fn_deflate_block, on other threads say, can be put behind
 * what was written so far, as they are. */
bool fn_output_packs(const fn_output *output);
fn_status fn_output_blocks(fn_run *run, fn_output *output, const unsigned char *blocks, size_t count);
bool fn_output_is_terminal(const fn_output *output);

/* Finish: flush, sync, put in place. Several outputs that belong together: seal all (everything that can fail for lack
 * of space), then commit all. A seal that fails leaves the output yours to abort; commit frees it in every case (and
 * seals it first where that was not done). After a failed write, seal and commit fail, too, with the first cause. A
 * closed pipe is FN_EPIPE (the program must ignore SIGPIPE). */
fn_status fn_output_seal(fn_run *run, fn_output *output);
fn_status fn_output_commit(fn_run *run, fn_output *output);
/* Forget it, leaving no trace. Accepts NULL. */
void fn_output_abort(fn_output *output);

#endif
