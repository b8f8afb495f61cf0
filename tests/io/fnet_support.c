/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#define XXH_INLINE_ALL
#include <xxhash.h>
#include "io/fnet.h"
#include "tests/io/fnet_support.h"
#include "tests/suite.h"

const fn_read_options fnet_plain = { .since = FN_DAY_NONE, .until = FN_DAY_NONE };

char *fnet_file_bytes(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    ck_assert_msg(file != NULL, "no %s", path);
    char *bytes = malloc(1 << 20);
    *size = fread(bytes, 1, 1 << 20, file);
    fclose(file);
    return bytes;
}

void fnet_write_bytes(const char *path, const char *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    ck_assert(file != NULL);
    ck_assert_uint_eq(fwrite(bytes, 1, size, file), size);
    fclose(file);
}

fn_status fnet_write(fn_run *run, const fn_net *net, const char *path)
{
    fn_output *output;
    fn_status status = fn_output_open(run, path, &output);
    if (status) return status;
    fn_export export_ = { .net = net };
    status = fn_format_find("fnet")->write(run, output, &export_);
    if (!status) return fn_output_commit(run, output);
    fn_output_abort(output);
    return status;
}

void fnet_must(const fn_run *run, fn_status status)
{
    ck_assert_msg(status == FN_OK, "%s (%s)", run->error.message, run->error.file);
}

static void set(fn_run *run, fn_net *net, uint32_t firm, const char *column, const char *text)
{
    fnet_must(run, fn_net_set_firm_text(run, net, firm, column, text, strlen(text)));
}

fn_net *fnet_rich_net(fn_run *run, bool frozen)
{
    static const char *const keys[] = { "a", "b", "", "n\0ul", "caf\xe9" };
    static const size_t lengths[] = { 1, 1, 0, 4, 4 };
    fn_net *net;
    fnet_must(run, fn_net_new(run, &net));
    uint32_t firm[5], product;
    uint16_t layer, currency;
    for (int f = 0; f < 5; f++) fnet_must(run, fn_net_firm(run, net, keys[f], lengths[f], &firm[f]));
    fnet_must(run, fn_net_layer(run, net, "barter", 6, &layer));
    fnet_must(run, fn_net_currency(run, net, "EUR", 3, &currency));
    fnet_must(run, fn_net_product(run, net, "45", 2, &product));
    set(run, net, 0, "name", "Acme");
    set(run, net, 3, "name", "Bolt");
    set(run, net, 1, "kind", "authority");
    fn_column *column;
    fnet_must(run, fn_table_add(run, fn_net_firm_table(net), "size", FN_COLUMN_REAL, &column));
    column->real[2] = 1.5;
    fnet_must(run, fn_table_add(run, fn_net_firm_table(net), "open", FN_COLUMN_BOOL, &column));
    column->boolean[1] = 1;
    fn_tie ties[] = {
        { 0, 1, product, FN_LAYER_SUPPLY, currency, 10.25, NAN, 2, 100, 200 },
        { 1, 0, FN_NONE, layer, 0, NAN, NAN, 1, FN_DAY_NONE, FN_DAY_NONE },
        { 3, 2, FN_NONE, FN_LAYER_COBID, 0, NAN, 0.5, 1, 5, 5 },
        { 4, 4, FN_NONE, FN_LAYER_SUPPLY, currency, 1, NAN, 1, 5, 5 },
        { 0, 1, FN_NONE, FN_LAYER_SUPPLY, currency, 0.1, NAN, 1, 50, 60 },
    };
    for (size_t e = 0; e < 5; e++) fnet_must(run, fn_net_add(run, net, &ties[e], NULL));
    fnet_must(run, fn_table_add(run, fn_net_tie_table(net), "lot", FN_COLUMN_INT, &column));
    column->integer[0] = 7;
    fnet_must(run, fn_table_add(run, fn_net_tie_table(net), "note", FN_COLUMN_TEXT, &column));
    fnet_must(run, fn_column_set_text(run, column, 2, "hello", 5));
    fnet_must(run, fn_table_add(run, fn_net_tie_table(net), "when", FN_COLUMN_DATE, &column));
    column->date[1] = 18000;
    const uint32_t bidders[] = { 0, 3 }, winners[] = { 3 };
    const fn_tender tender = {
        .buyer = 1, .product = product, .currency = currency, .bids_known = true, .day = 9, .value = 5
    };
    fnet_must(run, fn_net_add_tender(run, net, &tender, bidders, 2, winners, 1));
    fn_account *account = fn_net_account(net);
    fnet_must(run, fn_account_count(run, account, "row", FN_READ, "", "", 5, "/some/where/x.tsv.gz", 0, NULL));
    fnet_must(run, fn_account_count(run, account, "row", FN_KEPT, "", "", 4, NULL, 0, NULL));
    fnet_must(run, fn_account_count(run, account, "row", FN_MERGED, "same_tie", "merged", 1, "x.tsv", 5, "a,b"));
    fnet_must(run, fn_account_money(run, account, "awarded", "EUR", 0.1));
    fnet_must(run, fn_account_money(run, account, "awarded", "EUR", 1e300));
    if (frozen) fnet_must(run, fn_net_freeze(run, net));
    return net;
}

fn_net *fnet_read(const char *path)
{
    fn_run run = support_run();
    fn_net *net;
    fnet_must(&run, fn_read(&run, &path, 1, &fnet_plain, &net, NULL, NULL));
    return net;
}

char *fnet_rich_file(size_t *size)
{
    fn_run run = support_run();
    fn_net *net = fnet_rich_net(&run, true);
    const char *path = support_scratch("rich.fnet");
    fnet_must(&run, fnet_write(&run, net, path));
    fn_net_free(net);
    char *bytes = fnet_file_bytes(path, size);
    unlink(path);
    return bytes;
}

/* As one block: for files with sections of less than 1 MiB. */
void fnet_seal_again(char *bytes)
{
    fn_fnet_header header;
    memcpy(&header, bytes, sizeof header);
    for (uint64_t s = 0; s < header.sections; s++) {
        fn_fnet_section section;
        memcpy(&section, bytes + (1 + s) * 64, sizeof section);
        ck_assert_uint_lt(section.bytes, FN_FNET_BLOCK);
        uint64_t block = XXH3_64bits(bytes + section.offset, section.bytes);
        section.checksum = XXH3_64bits(&block, section.bytes ? sizeof block : 0);
        memcpy(bytes + (1 + s) * 64, &section, sizeof section);
    }
    header.directory_checksum = XXH3_64bits(bytes + 64, header.sections * 64);
    header.checksum = XXH3_64bits(&header, sizeof header - 8);
    memcpy(bytes, &header, sizeof header);
}

fn_status fnet_read_memory(fn_run *run, const char *bytes, size_t size, bool only, fn_net **net)
{
    fn_source *source;
    *net = NULL;
    fn_status status = fn_source_open_memory(run, "x.fnet", bytes, size, &source);
    if (!status) status = fn_net_new(run, net);
    fn_import import = { .options = &fnet_plain, .net = *net, .only = only };
    if (!status) import.account = fn_net_account(*net);
    if (!status) status = fn_format_find("fnet")->read(run, source, &import);
    fn_source_close(source);
    return status;
}
