/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#ifdef _OPENMP
#include <omp.h>
#endif
#include "graph/run.h"

static void record(fn_run *run, fn_status status, const char *file, int64_t line, int64_t offset, const char *format,
                   va_list arguments)
{
    if (run->error.status != FN_OK) return; /* the first cause wins */
    fn_error *error = &run->error;
    *error = (fn_error) { .status = status, .line = line, .offset = offset };
    if (file) snprintf(error->file, sizeof error->file, "%s", file);
    vsnprintf(error->message, sizeof error->message, format, arguments);
}

fn_status fn_fail(fn_run *run, fn_status status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    record(run, status, NULL, 0, -1, format, arguments);
    va_end(arguments);
    return status;
}

fn_status fn_fail_at(fn_run *run, fn_status status, const char *file, int64_t line, int64_t offset, const char *format,
                     ...)
{
    va_list arguments;
    va_start(arguments, format);
    record(run, status, file, line, offset, format, arguments);
    va_end(arguments);
    return status;
}

void fn_hint(fn_run *run, const char *format, ...)
{
    if (run->error.status == FN_OK || run->error.hint[0]) return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(run->error.hint, sizeof run->error.hint, format, arguments);
    va_end(arguments);
}

static void tell(fn_run *run, fn_level level, const char *format, va_list arguments)
{
    if (!run->log) return;
    char text[1024];
    vsnprintf(text, sizeof text, format, arguments);
    run->log(run->user, level, text);
}

void fn_warn(fn_run *run, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    tell(run, FN_LOG_WARNING, format, arguments);
    va_end(arguments);
}

void fn_note(fn_run *run, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    tell(run, FN_LOG_NOTE, format, arguments);
    va_end(arguments);
}

fn_status fn_progress(fn_run *run, const char *stage, double done)
{
    if (!run->progress || run->progress(run->user, stage, done)) return FN_OK;
    return fn_fail(run, FN_ECANCEL, "interrupted while %s", stage);
}

int fn_run_threads(const fn_run *run)
{
#ifdef _OPENMP
    return run->threads > 0 ? run->threads : omp_get_num_procs();
#else
    (void) run;
    return 1;
#endif
}
