/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_SOURCE_H
#define FN_IO_SOURCE_H

#include <stddef.h>
#include "graph/run.h"

/* One byte source for plain files, gzip in any form (one member, many, BGZF) and standard input ("-"). The kind is told
 * from the content. Damage is an error, never a short file: a cut stream, a wrong CRC or length, bytes behind the last
 * member that are neither a member nor zeros, other compressions (named in the message). */
typedef struct fn_source fn_source;

fn_status fn_source_open(fn_run *run, const char *path, fn_source **source);
/* The same over bytes in memory, which must outlive the source. */
fn_status fn_source_open_memory(fn_run *run, const char *name, const char *bytes, size_t size, fn_source **source);
/* Accepts NULL. */
void fn_source_close(fn_source *source);

/* The next bytes of text; *got 0 only at the end. The place is the source's and valid until the next call. Every refill
 * (256 KiB or less) tells progress and may be cancelled there, so readers need not. */
fn_status fn_source_next(fn_run *run, fn_source *source, const char **bytes, size_t *got);
/* At least the first `want` bytes (up to 64 KiB; fewer only where the text is shorter) without consuming them. Only
 * before the first fn_source_next or fn_source_line. */
fn_status fn_source_peek(fn_run *run, fn_source *source, size_t want, const char **bytes, size_t *got);
/* The next line without its LF (a CR before it stays); *line NULL at the end. Lines up to 16 MiB, else FN_EPARSE. The
 * place is writable, NUL-ended, the source's, and valid until the next call. Do not mix with fn_source_next. */
fn_status fn_source_line(fn_run *run, fn_source *source, char **line, size_t *length);

/* The whole of a plain file where it lies on the disk, mapped, only to be read; ends with fn_map_close (io/map.h). What
 * the source gives is not changed by it. false: compressed, no regular file, standard input, or it can't be mapped. */
bool fn_source_map(const fn_source *source, const char **bytes, size_t *size);

const char *fn_source_name(const fn_source *source);      /* as given; "standard input" */
int64_t fn_source_line_number(const fn_source *source);   /* of the line given last, from 1 */
uint64_t fn_source_offset(const fn_source *source);       /* bytes of text consumed */
uint64_t fn_source_file_bytes(const fn_source *source);   /* bytes of the file read so far (compressed) */
uint64_t fn_source_digest(const fn_source *source);       /* XXH3-64 of the text (uncompressed) read so far */
double fn_source_done(const fn_source *source);           /* share of the file read, below 0 when unknown */

#endif
