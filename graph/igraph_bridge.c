/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "graph/igraph_bridge.h"

/* igraph's handlers carry no user pointer: the run that called it is kept here. */
static fn_run *caller;

static void on_error(const char *reason, const char *file, int line, igraph_error_t code)
{
    /* The first call names the cause; those on the way up, with "" for a reason, come too late to be recorded. */
    if (caller && code != IGRAPH_INTERRUPTED)
        fn_fail(caller, code == IGRAPH_ENOMEM ? FN_ENOMEM : FN_EIGRAPH, "igraph: %s (%s:%d)", reason, file, line);
    IGRAPH_FINALLY_FREE();
}

static void on_warning(const char *reason, const char *file, int line)
{
    (void) file;
    (void) line;
    if (caller) fn_warn(caller, "igraph: %s", reason);
}

static bool stop_wanted(void)
{
    return caller && fn_progress(caller, "calculating with igraph", -1) != FN_OK;
}

FN_IG_INTERRUPTION_HANDLER(on_interruption, stop_wanted())

void fn_igraph_enter(fn_run *run)
{
    static bool set_up;
    if (!set_up) {
        fn_ig_setup();
        set_up = true;
    }
    caller = run;
    igraph_set_error_handler(on_error);
    igraph_set_warning_handler(on_warning);
    igraph_set_interruption_handler(on_interruption);
}

fn_status fn_igraph_leave(fn_run *run, igraph_error_t code)
{
    caller = NULL;
    switch (code) {
    case IGRAPH_SUCCESS: return FN_OK;
    case IGRAPH_INTERRUPTED: return fn_fail(run, FN_ECANCEL, "cancelled");
    case IGRAPH_ENOMEM: return fn_fail(run, FN_ENOMEM, "out of memory in igraph");
    case IGRAPH_PARSEERROR: return fn_fail(run, FN_EPARSE, "igraph: %s", igraph_strerror(code));
    default: return fn_fail(run, FN_EIGRAPH, "igraph: %s", igraph_strerror(code));
    }
}

fn_status fn_igraph_seed(fn_run *run, uint64_t stream)
{
    return FN_IGRAPH(run, igraph_rng_seed(igraph_rng_default(), (igraph_uint_t) fn_random(run->seed, stream, 0)));
}
