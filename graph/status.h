/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_GRAPH_STATUS_H
#define FN_GRAPH_STATUS_H

/* What a function that can fail returns. The words that go with it stand in run->error (graph/run.h). */
typedef enum fn_status {
    FN_OK = 0,
    FN_EINVAL,  /* a parameter or an option that can't be (usage) */
    FN_EPARSE,  /* the data is wrong */
    FN_EIO,     /* a file could not be read or written */
    FN_ENOMEM,  /* out of memory */
    FN_ENOCONV, /* an iteration did not converge */
    FN_ECANCEL, /* the caller asked to stop */
    FN_EIGRAPH, /* igraph refused */
    FN_EPIPE    /* the reader of our standard output went away: end quietly */
} fn_status;

#endif
