/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_SOURCE_H
#define FN_IO_SOURCE_H

#include <stddef.h>
#include "graph/run.h"

/* One byte source for plain files, gzip in any form (one member, many, BGZF), whatever else was built in (zstd, xz,
 * bzip2: io/decoder.h) and standard input ("-"). The kind is told from the content. Damage is an error, never a short
 * file: a cut stream, a wrong CRC or length, bytes behind the last member that are neither a member nor padding,
 * compressions that are not built in (named in the message). Text before the damage is given first. */
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
 * before the first fn_source_next or fn_source_line. Damage that was already met is reported here, before its text. */
fn_status fn_source_peek(fn_run *run, fn_source *source, size_t want, const char **bytes, size_t *got);
/* The next line without its LF (a CR before it stays); *line NULL at the end. Lines up to 16 MiB, else FN_EPARSE. The
 * place is writable, NUL-ended, the source's, and valid until the next call. Do not mix with fn_source_next. */
fn_status fn_source_line(fn_run *run, fn_source *source, char **line, size_t *length);

/* The rest of the text in pieces of about 1 MiB, for readers on several threads (the three steps of graph/pipeline.h):
 *   take     fn_source_take: the next piece, in order. Where the file allows it (BGZF, gzip of many small members) it
 *            is compressed still, else it is unpacked already
 *   work     fn_source_unpack, first of all and for every piece taken, else later pieces wait for ever: now the text is
 *            there, whole and checked
 *   give     fn_source_account, in order: digest, offset, bytes read and progress
 * A piece begins and ends anywhere, not at line ends, and may be empty (a pipe that gives nothing for a while: that is
 * how a run can be cancelled there). Where pieces end may differ from run to run, their text in a row does not; the
 * first fault in the order of the text is reported, in the words of fn_source_next. What fn_source_peek saw, and what
 * fn_source_next and _line left, comes first. Once a piece was taken the serial calls must not be used any more. */
typedef struct fn_text_piece {
    size_t room;       /* yours, may be set before each take: bytes that you want free before the text */
    char *text;        /* writable, as are the `room` bytes before it; behind it FN_PIECE_SLACK zero bytes can be read */
    size_t length;
    struct fn_piece_inside *inside; /* the source's: memory, used again for the next text */
} fn_text_piece;

enum { FN_PIECE_TEXT = 1024 * 1024 /* text of a piece at most */, FN_PIECE_SLACK = 64 };

/* A piece begins zeroed; *more false and nothing taken: the text has ended. */
fn_status fn_source_take(fn_run *run, fn_source *source, fn_text_piece *piece, bool *more);
fn_status fn_source_unpack(fn_run *run, const fn_source *source, fn_text_piece *piece);
fn_status fn_source_account(fn_run *run, fn_source *source, const fn_text_piece *piece);
/* Make at least `room` bytes free before the text, which stays (text may move; piece->room becomes `room`). After
 * fn_source_unpack. */
fn_status fn_text_piece_widen(fn_run *run, fn_text_piece *piece, size_t room);
/* Free what the piece holds; not the piece. */
void fn_text_piece_end(fn_text_piece *piece);

/* Test hook: read at most `read` bytes of a file at a time and put at most `piece` bytes of text into a piece, 0: as
 * usual; so that small files are read in many steps. */
void fn_source_portions(size_t read, size_t piece);

/* The whole of a plain file where it lies on the disk, mapped, only to be read; ends with fn_map_close (io/map.h). What
 * the source gives is not changed by it. false: compressed, no regular file, standard input, or it can't be mapped. */
bool fn_source_map(const fn_source *source, const char **bytes, size_t *size);

const char *fn_source_name(const fn_source *source);      /* as given; "standard input" */
int64_t fn_source_line_number(const fn_source *source);   /* of the line given last, from 1 */
uint64_t fn_source_offset(const fn_source *source);       /* bytes of text consumed (of pieces: accounted) */
uint64_t fn_source_file_bytes(const fn_source *source);   /* bytes of the file read for it so far (compressed) */
uint64_t fn_source_digest(const fn_source *source);       /* XXH3-64 of the text (uncompressed) read so far */
double fn_source_done(const fn_source *source);           /* share of the file read, below 0 when unknown */

#endif
