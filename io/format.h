/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_FORMAT_H
#define FN_IO_FORMAT_H

#include "graph/net.h"
#include "io/output.h"
#include "io/source.h"

/* How to read, from the command line. Zeroed = defaults. */
typedef struct fn_read_options {
    const char *format;       /* NULL: told from the content */
    const char *columns;      /* edge list without header: "from,to,weight,date" */
    const char *map;          /* file that names columns that are called otherwise: `from = Seller Id` lines */
    const char *const *firms; /* firm tables, NULL-ended or NULL */
    bool keep_going;          /* tables: set bad rows aside instead of stopping */
    bool strict;              /* tender data: stop at the first bad record */
    const char *rejects;      /* file for rows set aside, NULL: none */
    fn_output **rejects_sealed; /* out: that file, for the caller to commit when all else went well; NULL: put in place
                               * at once */
    int32_t since, until;     /* leave out records outside the period; FN_DAY_NONE = open */
    uint32_t max_bidders;     /* competitions with more are not projected to co-bid ties; 0 = 100 */
    bool suppliers_latest;    /* of a corrected award only the last release's suppliers */
    bool include_pending;     /* pending awards count, too */
    const char *value_basis;  /* auto, award, contract, none; NULL = auto */
    const char *separator;    /* tables: tab, comma, semicolon, pipe, blanks; NULL: told from the first line */
    const char *tie_layer;    /* layer of rows that name none; NULL = supply */
    fn_period_unit apart;     /* rows and records of different periods are different ties; FN_PERIOD_NONE: one tie */
    bool check;               /* network files: also what takes longer to check than to read */
} fn_read_options;

/* What a reader fills. One import reads any number of inputs as one data set. */
typedef struct fn_tender_book fn_tender_book; /* tender events of all inputs, before ties are derived (io/tender.h) */
typedef struct fn_import {
    const fn_read_options *options;
    fn_net *net;
    fn_account *account;      /* = fn_net_account(net) */
    fn_tender_book *book;     /* made by the first tender reader, finished after the last input */
    fn_output *rejects;       /* NULL: not asked for */
    size_t *row_record;       /* which records came from rows of tables: pairs of first and behind-last number */
    size_t row_records, row_record_capacity;
    int64_t *place;           /* where a table says its firms stand, by firm; 0: not said */
    size_t places;
    bool places_differ;       /* it says two places of one firm */
    fn_names *loose;          /* tie columns read as text whose type is told when all is read */
    bool only;                /* no other input comes: the net may be used where the file lies (network files) */
    uint64_t digest, bytes;   /* of this input where the reader knows better than the source, 0: it does not */
} fn_import;

/* What a writer gets: results are columns, so writers know no algorithm. Firm columns that writers look for by name:
 * x, y, size (real), color (text #rrggbb), cluster (int). All tables may be NULL. */
typedef struct fn_export {
    const fn_net *net;
    const fn_table *firms;        /* one row a firm */
    const fn_table *ties;         /* rows parallel to tie[] */
    const uint32_t *tie;          /* tie numbers to write, ascending; NULL: all ties, ties->rows = fn_net_ties */
    size_t tie_count;
    const double *weight;         /* kernel weight of each written tie, parallel to tie[]; NULL: value, count or 1 */
    const char *provenance;       /* command, version, seed, digests: for the file's description; NULL: none */
    int64_t replaced;             /* out: illegal characters replaced */
} fn_export;

typedef struct fn_format {
    const char *name;      /* "edgelist", "ocds", "gexf", … */
    const char *suffixes;  /* ".gexf,.gexf.gz"; for the name of an output */
    const char *text;      /* one line for `firmnet list` */
    bool plain;            /* takes the network alone: columns of results have no place in it */
    int (*sniff)(const char *head, size_t length);  /* 0 = no … 100 = certain; NULL: never guessed */
    fn_status (*read)(fn_run *run, fn_source *source, fn_import *import);           /* NULL: can't be read */
    fn_status (*write)(fn_run *run, fn_output *output, fn_export *export_);          /* NULL: can't be written */
    fn_status (*write_path)(fn_run *run, const char *path, fn_export *export_);      /* formats of several files */
} fn_format;

/* NULL-ended. */
extern const fn_format *const fn_formats[];
const fn_format *fn_format_find(const char *name);
/* The writable format for an output name, by its longest matching suffix. NULL: none. */
const fn_format *fn_format_for_output(const char *path);

/* Read every input into one frozen net. digests (one per path, may be NULL) receive the XXH3-64 of each input's text,
 * and bytes its size; of a network file (from version 2 on) the XXH3-64 of its header and directory, which hold the
 * checksums of all the rest: so it differs, too, as soon as any byte does, and the file is not gone through once
 * more. */
fn_status fn_read(fn_run *run, const char *const *paths, size_t count, const fn_read_options *options,
                  fn_net **net, uint64_t *digests, uint64_t *bytes);

#endif
