/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "graph/account.h"
#include "graph/text.h"
#include "io/report.h"

/* A unit comes once, however many lines it has: lines are ordered by unit. */
static bool unit_starts(const fn_account *account, size_t index)
{
    if (index == 0) return true;
    return strcmp(fn_account_line_at(account, index)->unit, fn_account_line_at(account, index - 1)->unit) != 0;
}

static fn_status json_field(fn_run *run, fn_output *output, const char *name, const char *text)
{
    fn_status status = fn_output_format(run, output, "\"%s\": ", name);
    return status ? status : fn_output_json(run, output, text, strlen(text));
}

static fn_status json_units(fn_run *run, fn_output *output, const fn_account *account)
{
    fn_status status = fn_output_text(run, output, "  \"units\": [");
    const char *between = "\n";
    for (size_t i = 0; i < fn_account_lines(account) && !status; i++) {
        const char *unit = fn_account_line_at(account, i)->unit;
        if (!unit_starts(account, i)) continue;
        if ((status = fn_output_format(run, output, "%s    {", between))) break;
        if ((status = json_field(run, output, "unit", unit))) break;
        status = fn_output_format(run, output, ", \"read\": %" PRId64 ", \"kept\": %" PRId64 ", \"merged\": %" PRId64
                                  ", \"rejected\": %" PRId64 "}",
                                  fn_account_total(account, unit, FN_READ, NULL),
                                  fn_account_total(account, unit, FN_KEPT, NULL),
                                  fn_account_total(account, unit, FN_MERGED, NULL),
                                  fn_account_total(account, unit, FN_REJECTED, NULL));
        between = ",\n";
    }
    return status ? status : fn_output_text(run, output, "\n  ],\n");
}

static const char *outcome_name(fn_outcome outcome)
{
    static const char *const names[] = { "read", "kept", "merged", "rejected", "remark" };
    return names[outcome];
}

static fn_status json_reason(fn_run *run, fn_output *output, const fn_account_line *line)
{
    fn_status status;
    if ((status = json_field(run, output, "unit", line->unit))) return status;
    if ((status = fn_output_format(run, output, ", \"outcome\": \"%s\", ", outcome_name(line->outcome)))) return status;
    if ((status = json_field(run, output, "reason", line->reason))) return status;
    if ((status = fn_output_format(run, output, ", \"count\": %" PRId64 ", ", line->count))) return status;
    if ((status = json_field(run, output, "text", line->text))) return status;
    if ((status = fn_output_text(run, output, ", "))) return status;
    if ((status = json_field(run, output, "file", line->file))) return status;
    if (line->line > 0) status = fn_output_format(run, output, ", \"line\": %" PRId64 ", ", line->line);
    else status = fn_output_text(run, output, ", \"line\": null, ");
    return status ? status : json_field(run, output, "example", line->example);
}

static fn_status json_reasons(fn_run *run, fn_output *output, const fn_account *account)
{
    fn_status status = fn_output_text(run, output, "  \"reasons\": [");
    const char *between = "\n";
    for (size_t i = 0; i < fn_account_lines(account) && !status; i++) {
        const fn_account_line *line = fn_account_line_at(account, i);
        if (!*line->reason) continue;
        if ((status = fn_output_format(run, output, "%s    {", between))) break;
        if ((status = json_reason(run, output, line))) break;
        status = fn_output_text(run, output, "}");
        between = ",\n";
    }
    return status ? status : fn_output_text(run, output, "\n  ],\n");
}

/* The exact sum where there is one, with two decimals at least. */
static void amount_format(const fn_sum *sum, char text[64])
{
    if (sum->rest != 0 || sum->carry != 0) {
        text[fn_real_format(fn_sum_value(sum), text)] = '\0';
        return;
    }
    bool negative = sum->units < 0;
    unsigned __int128 units = negative ? -(unsigned __int128) sum->units : (unsigned __int128) sum->units;
    unsigned parts = (unsigned) (units % 10000);
    char digits[48];
    size_t at = sizeof digits;
    unsigned __int128 whole = units / 10000;
    digits[--at] = '\0';
    do {
        digits[--at] = (char) ('0' + (int) (whole % 10));
        whole /= 10;
    } while (whole);
    if (parts % 100) snprintf(text, 64, "%s%s.%04u", negative ? "-" : "", digits + at, parts);
    else snprintf(text, 64, "%s%s.%02u", negative ? "-" : "", digits + at, parts / 100);
}

fn_status fn_account_write_json(fn_run *run, fn_output *output, const fn_account *account)
{
    fn_status status = fn_output_text(run, output, "{\n");
    if (!status) status = json_units(run, output, account);
    if (!status) status = json_reasons(run, output, account);
    if (!status) status = fn_output_text(run, output, "  \"sums\": [");
    for (size_t i = 0; i < fn_account_sums(account) && !status; i++) {
        const fn_account_sum *sum = fn_account_sum_at(account, i);
        char amount[64] = "null";
        if (isfinite(fn_sum_value(&sum->sum))) amount_format(&sum->sum, amount);
        if ((status = fn_output_text(run, output, i ? ",\n    {" : "\n    {"))) break;
        if ((status = json_field(run, output, "label", sum->label))) break;
        if ((status = fn_output_text(run, output, ", "))) break;
        if ((status = json_field(run, output, "currency", sum->currency))) break;
        status = fn_output_format(run, output, ", \"amount\": %s, \"count\": %" PRId64 "}", amount, sum->sum.terms);
    }
    return status ? status : fn_output_text(run, output, "\n  ]\n}\n");
}

static fn_status text_unit(fn_run *run, fn_output *output, const fn_account *account, const char *unit)
{
    return fn_output_format(run, output, "%-12s %12" PRId64 " read = %12" PRId64 " kept + %10" PRId64 " merged + %10"
                            PRId64 " rejected\n", unit, fn_account_total(account, unit, FN_READ, NULL),
                            fn_account_total(account, unit, FN_KEPT, NULL),
                            fn_account_total(account, unit, FN_MERGED, NULL),
                            fn_account_total(account, unit, FN_REJECTED, NULL));
}

/* One reason: how often, of what, why, and the first place where it was seen. */
static fn_status text_reason(fn_run *run, fn_output *output, const fn_account_line *line)
{
    fn_status status;
    const char *why = *line->text ? line->text : line->reason;
    status = fn_output_format(run, output, "%12" PRId64 " %-10s %s: %s", line->count, line->unit,
                              outcome_name(line->outcome), why);
    if (!status && *line->text) status = fn_output_format(run, output, " [%s]", line->reason);
    if (!status && (*line->file || *line->example)) status = fn_output_text(run, output, "; first: ");
    if (!status && *line->file) status = fn_output_text(run, output, line->file);
    if (!status && *line->file && line->line > 0) status = fn_output_format(run, output, ":%" PRId64, line->line);
    if (!status && *line->file && *line->example) status = fn_output_text(run, output, ": ");
    if (!status && *line->example) {
        char quoted[FN_QUOTE_TEXT];
        status = fn_output_text(run, output, fn_quote(line->example, strlen(line->example), quoted));
    }
    return status ? status : fn_output_text(run, output, "\n");
}

fn_status fn_account_write_text(fn_run *run, fn_output *output, const fn_account *account)
{
    fn_status status = FN_OK;
    size_t lines = fn_account_lines(account), sums = fn_account_sums(account);
    for (size_t i = 0; i < lines && !status; i++) {
        const char *unit = fn_account_line_at(account, i)->unit;
        if (unit_starts(account, i) &&
            (fn_account_total(account, unit, FN_READ, NULL) || fn_account_total(account, unit, FN_KEPT, NULL)))
            status = text_unit(run, output, account, unit);
    }
    for (size_t i = 0; i < lines && !status; i++) {
        const fn_account_line *line = fn_account_line_at(account, i);
        if (*line->reason) status = text_reason(run, output, line);
    }
    for (size_t i = 0; i < sums && !status; i++) {
        const fn_account_sum *sum = fn_account_sum_at(account, i);
        char amount[64];
        amount_format(&sum->sum, amount);
        status = fn_output_format(run, output, "%-16s %20s %-4s in %" PRId64 " amounts\n", sum->label, amount,
                                  *sum->currency ? sum->currency : "?", sum->sum.terms);
    }
    return status;
}
