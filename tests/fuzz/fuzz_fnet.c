/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>
#include "graph/memory.h"
#include "io/fnet.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/fuzz_fnet.h"

/* Right checksums over whatever the bytes say, as far as header and directory can be followed. */
static void seal(uint8_t *bytes, size_t size)
{
    fn_fnet_header header;
    if (size < sizeof header) return;
    memcpy(&header, bytes, sizeof header);
    memcpy(header.magic, FN_FNET_MAGIC, sizeof header.magic);
    header.byte_order = FN_FNET_BYTE_ORDER;
    header.file_bytes = size;
    if (header.sections > size / 64 - 1) return;
    for (uint64_t s = 0; s < header.sections; s++) {
        fn_fnet_section section;
        memcpy(&section, bytes + (1 + s) * 64, sizeof section);
        if (section.offset > size || section.bytes > size - section.offset || section.bytes > FN_FNET_BLOCK) continue;
        section.checksum = XXH3_64bits(bytes + section.offset, section.bytes);
        if (header.version > 1) section.checksum = XXH3_64bits(&section.checksum, section.bytes ? 8 : 0);
        memcpy(bytes + (1 + s) * 64, &section, sizeof section);
    }
    header.directory_checksum = XXH3_64bits(bytes + 64, header.sections * 64);
    header.checksum = XXH3_64bits(&header, sizeof header - 8);
    memcpy(bytes, &header, sizeof header);
}

/* From memory: as the only input, used in place, and as one of several, added. */
void fuzz_forged(const uint8_t *data, size_t size, void (*check)(fn_run *run, const fn_net *net))
{
    uint8_t *bytes = malloc(size ? size : 1);
    FUZZ_MUST(bytes != NULL);
    if (size) memcpy(bytes, data, size);
    seal(bytes, size);
    for (int only = 0; only < 2; only++) {
        fn_run run = FN_RUN_INIT;
        fn_read_options options = { .since = FN_DAY_NONE, .until = FN_DAY_NONE };
        fn_source *source = NULL;
        fn_net *net = NULL;
        FUZZ_MUST(fn_net_new(&run, &net) == FN_OK);
        fn_import import = { .options = &options, .net = net, .account = fn_net_account(net), .only = only };
        fn_status status = fn_source_open_memory(&run, "input", (const char *) bytes, size, &source);
        if (!status) status = fn_format_find("fnet")->read(&run, source, &import);
        fn_source_close(source);
        if (!status) status = fn_net_freeze(&run, net);
        if (!status && fn_account_check(&run, fn_net_account(net)) == FN_OK) check(&run, net);
        FUZZ_MUST(run.error.status == FN_OK || run.error.message[0]);
        fn_net_free(net);
    }
    free(bytes);
}
