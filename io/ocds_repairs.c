/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "io/ocds_inside.h"

/* What was repaired while reading, in the words of the import report. */

static const struct { const char *reason, *words; } repair_names[FN_OCDS_REPAIRS] = {
    [FN_JSON_LEADING_ZERO] = { "leading_zero", "numbers with leading zeros" },
    [FN_JSON_NUMBER_WORD] = { "not_a_number", "NaN or Infinity for a number: taken as missing" },
    [FN_JSON_RAW_CONTROL] = { "raw_control", "control characters in texts that JSON wants escaped" },
    [FN_JSON_LONE_SURROGATE] = { "lone_surrogate", "half a surrogate pair: replaced by U+FFFD" },
    [FN_JSON_NUL_DROPPED] = { "nul_dropped", "\\u0000 in a text: dropped" },
    [FN_JSON_BYTE_ORDER_MARK] = { "byte_order_mark", "byte order marks: dropped" },
    [FN_OCDS_DUPLICATE_KEY] = { "duplicate_key", "keys given twice in one object: the last one counts" },
    [FN_OCDS_OBJECT_AS_LIST] = { "object_as_list", "one object where a list belongs: read as a list of one" },
    [FN_OCDS_LIST_AS_OBJECT] = { "list_as_object", "a list where one object belongs: its first is read" },
    [FN_OCDS_TEXT_AS_LIST] = { "text_as_list", "one text where a list belongs: read as a list of one" },
    [FN_OCDS_OBJECT_AS_TEXT] = { "object_as_text", "objects in a list of texts: their ids are read" },
    [FN_OCDS_WRONG_TYPE] = { "wrong_type", "values of a type that their field can't have: left out" },
};

fn_status fn_ocds_tell_repairs(fn_run *run, fn_ocds *ocds, const fn_json *json, const fn_ocds_notes *notes,
                               int64_t told[FN_OCDS_REPAIRS], fn_ocds_entry where)
{
    size_t length = 0;
    const char *ocid = fn_names_text(ocds->ocids, where.ocid, &length);
    for (int repair = 0; repair < FN_OCDS_REPAIRS; repair++) {
        int64_t count = (repair < FN_JSON_REPAIRS ? json->repairs[repair] : notes->repairs[repair]) - told[repair];
        if (!count) continue;
        told[repair] += count;
        fn_status status = fn_ocds_remark(run, ocds, "release", repair_names[repair].reason, repair_names[repair].words,
                                          count, where.file, where.line, ocid, length);
        if (status) return status;
    }
    return FN_OK;
}
