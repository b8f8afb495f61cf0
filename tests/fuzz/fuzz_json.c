/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "graph/text.h"
#include "io/json.h"
#include "io/source.h"
#include "tests/fuzz/fuzz.h"

static fn_status feed(fn_run *run, void *user, const char **bytes, size_t *got)
{
    return fn_source_next(run, user, bytes, got);
}

/* Brackets must pair, texts must be UTF-8 unless said otherwise, places must not go back. */
static void walk(fn_run *run, fn_json *json)
{
    size_t depth = 0;
    int64_t line = 0;
    for (;;) {
        if (fn_json_next(run, json)) return;
        switch (json->event) {
        case FN_JSON_END: return;
        case FN_JSON_OBJECT:
        case FN_JSON_ARRAY: depth++; break;
        case FN_JSON_OBJECT_END:
        case FN_JSON_ARRAY_END:
            FUZZ_MUST(depth > 0);
            depth--;
            break;
        case FN_JSON_KEY:
        case FN_JSON_TEXT:
            FUZZ_MUST((json->soft & FN_JSON_BAD_UTF8) || fn_utf8_valid(json->text, json->length));
            break;
        case FN_JSON_BROKEN: {
            bool going = false;
            FUZZ_MUST(json->message && json->reason);
            if (fn_json_recover(run, json, &going) || !going) return;
            depth = 0;
            continue;
        }
        default: break;
        }
        FUZZ_MUST(depth <= FN_JSON_DEPTH_MOST);
        FUZZ_MUST(json->line >= line);
        line = json->line;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fn_run run = FN_RUN_INIT;
    fn_source *source = NULL;
    fn_json *json = NULL;
    if (!fn_source_open_memory(&run, "input", (const char *) data, size, &source) &&
        !fn_json_new(&run, feed, source, &json)) walk(&run, json);
    fn_json_free(json);
    fn_source_close(source);
    return 0;
}

uint8_t *fuzz_own_input(size_t *size)
{
    *size = 0;
    return NULL;
}
