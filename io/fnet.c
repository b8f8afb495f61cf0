/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "graph/memory.h"
#include "graph/net_inside.h"
#include "io/fnet_read.h"
#include "io/fnet_write.h"
#include "io/format.h"

/* The network file as a format: header, directory and the order of the sections. */

/* Kinds and column numbers of all sections, in file order; returns how many. directory NULL: count only. */
static size_t list_sections(const fn_net *net, fn_fnet_section *directory)
{
    size_t n = 0, firm_columns = net->firm_columns->columns, columns = firm_columns + net->tie_columns->columns;
    for (uint32_t kind = FN_FNET_NUMBERS; kind < FN_FNET_TIES; kind++, n++)
        if (directory) directory[n].kind = kind;
    for (uint32_t kind = FN_FNET_TIE_USUAL; kind < FN_FNET_TIE_CELLS; kind++, n++)
        if (directory) directory[n].kind = kind;
    for (uint32_t c = 0; c < FN_TIES_COLUMNS; c++, n++)
        if (directory) directory[n] = (fn_fnet_section) { .kind = FN_FNET_TIE_CELLS, .column = c };
    for (uint32_t kind = FN_FNET_TENDERS; kind < FN_FNET_COLUMN; kind++, n++)
        if (directory) directory[n].kind = kind;
    for (size_t c = 0; c < columns; c++) {
        const fn_column *column =
            c < firm_columns ? net->firm_columns->column[c] : net->tie_columns->column[c - firm_columns];
        uint32_t last = column->type == FN_COLUMN_TEXT ? FN_FNET_TEXT_BYTES : FN_FNET_CELLS;
        for (uint32_t kind = FN_FNET_COLUMN; kind <= last; kind++, n++)
            if (directory) directory[n] = (fn_fnet_section){ .kind = kind, .column = (uint32_t) c };
    }
    for (uint32_t kind = FN_FNET_ACCOUNT_LINES; kind <= FN_FNET_ACCOUNT_SUMS; kind++, n++)
        if (directory) directory[n].kind = kind;
    return n;
}

static uint64_t aligned(uint64_t bytes)
{
    return (bytes + FN_FNET_ALIGN - 1) / FN_FNET_ALIGN * FN_FNET_ALIGN;
}

static fn_status put_gap(fn_fnet_writer *writer)
{
    static const char zeros[FN_FNET_ALIGN] = { 0 };
    return fn_fnet_put(writer, zeros, (size_t) (aligned(writer->bytes) - writer->bytes));
}

static void start_measuring(fn_fnet_writer *writer)
{
    writer->output = NULL;
    writer->bytes = 0;
    writer->in_block = 0;
    XXH3_64bits_reset(&writer->block);
    XXH3_64bits_reset(&writer->section);
}

static uint64_t measured_checksum(fn_fnet_writer *writer)
{
    if (writer->in_block) fn_fnet_end_block(writer);
    return XXH3_64bits_digest(&writer->section);
}

/* Places, sizes and checksums of all sections; returns the size of the file by *end. */
static fn_status measure(fn_fnet_writer *writer, const fn_net *net, fn_fnet_section *directory, size_t sections,
                         uint64_t *end)
{
    fn_status status = FN_OK;
    *end = (1 + sections) * FN_FNET_ALIGN;
    for (size_t s = 0; !status && s < sections; s++) {
        start_measuring(writer);
        status = fn_fnet_put_section(writer, net, directory[s].kind, directory[s].column);
        directory[s].offset = *end;
        directory[s].bytes = writer->bytes;
        directory[s].checksum = measured_checksum(writer);
        *end = aligned(*end + writer->bytes);
        if (!status) status = fn_progress(writer->run, "adding up checksums", -1);
    }
    return status;
}

static fn_status write_fnet(fn_run *run, fn_output *output, fn_export *export_)
{
    const fn_net *net = export_->net;
    size_t sections = list_sections(net, NULL);
    uint64_t end = 0;
    fn_fnet_section *directory = fn_alloc(run, sections, sizeof *directory);
    if (!directory) return FN_ENOMEM;
    list_sections(net, directory);
    fn_fnet_writer writer = { .run = run };
    fn_fnet_settle_ties(&writer, net);
    fn_status status = measure(&writer, net, directory, sections, &end);
    fn_fnet_header header = { .version = FN_FNET_VERSION,
                              .byte_order = FN_FNET_BYTE_ORDER,
                              .file_bytes = end,
                              .sections = sections,
                              .directory_checksum = XXH3_64bits(directory, sections * sizeof *directory) };
    memcpy(header.magic, FN_FNET_MAGIC, sizeof header.magic);
    header.checksum = XXH3_64bits(&header, sizeof header - sizeof header.checksum);
    writer.output = output;
    writer.bytes = 0;
    if (!status) status = fn_fnet_put(&writer, &header, sizeof header);
    if (!status) status = fn_fnet_put(&writer, directory, sections * sizeof *directory);
    for (size_t s = 0; !status && s < sections; s++) {
        status = fn_fnet_put_section(&writer, net, directory[s].kind, directory[s].column);
        if (!status) status = put_gap(&writer);
        if (!status) status = fn_progress(run, "writing the network", (double) writer.bytes / (double) end);
    }
    fn_free(directory);
    return status;
}

/* Nearly all of the magic counts, so that a damaged file is called that, and not text of an unknown kind. */
static int sniff_fnet(const char *head, size_t length)
{
    int same = 0;
    for (size_t i = 0; i < 8 && i < length; i++) same += head[i] == FN_FNET_MAGIC[i];
    return same == 8 ? 100 : same >= 6 || (length < 8 && length > 1 && (size_t) same == length) ? 50 : 0;
}

const fn_format fn_format_fnet = { .name = "fnet",
                                   .suffixes = ".fnet,.fnet.gz",
                                   .text = "firmnet's own network file: everything, checksummed",
                                   .sniff = sniff_fnet,
                                   .read = fn_fnet_read,
                                   .write = write_fnet };
