/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_OCDS_INSIDE_H
#define FN_IO_OCDS_INSIDE_H

#include "io/arena.h"
#include "io/json.h"
#include "io/tender.h"

/* The OCDS reader from the inside. The way of a release:
 *   ocds_shape.c    finds releases in whatever holds them (packages, records, lines, arrays, wrappers), streamed
 *   ocds_project.c  keeps of each only the fields of a table, as compact bytes
 *   ocds_store.c    holds these of all inputs and counts what became of each
 *   ocds_spill.c    puts them into a temporary file where they are many
 *   ocds_tree.c     unpacks them
 *   ocds_compile.c  finds the releases of each ocid and puts them in order
 *   ocds_merge.c    folds the releases of one ocid into one tree by the standard's rules
 *   ocds_process.c  makes the fn_process that fn_tender_add takes
 *   ocds.c          the format: sniff, read, finish */

/* ---- fields ---- */

typedef enum fn_ocds_kind {
    FN_OCDS_SCALAR, /* text, number, true, false; the newest wins */
    FN_OCDS_WORDS,  /* list of texts; the newest list wins */
    FN_OCDS_OBJECT, /* merged field by field */
    FN_OCDS_BY_ID,  /* list of objects, those of equal `id` merged */
    FN_OCDS_WHOLE   /* list of objects; the newest list wins */
} fn_ocds_kind;

enum { /* marks of a field */
    FN_OCDS_ONCE = 1,      /* items without id that are equal are one */
    FN_OCDS_SUPPLIERS = 2, /* a list whose change is noticed; before OCDS 1.1 the newest list wins */
    FN_OCDS_REUSE = 4      /* awards: an id used again for something else is noticed */
};

typedef struct fn_ocds_field {
    const char *name;                   /* NULL ends a table of at most 64 */
    fn_ocds_kind kind;
    const struct fn_ocds_field *inner;  /* of an object or of the items of a list */
    unsigned marks;
} fn_ocds_field;

enum { FN_OCDS_ROOT_OCID, FN_OCDS_ROOT_ID, FN_OCDS_ROOT_DATE, FN_OCDS_ROOT_TAG, FN_OCDS_ROOT_PARTIES };
extern const fn_ocds_field fn_ocds_release[];

/* ---- projection ---- */

enum fn_ocds_repair {
    FN_OCDS_DUPLICATE_KEY = FN_JSON_REPAIRS, FN_OCDS_OBJECT_AS_LIST, FN_OCDS_LIST_AS_OBJECT, FN_OCDS_TEXT_AS_LIST,
    FN_OCDS_OBJECT_AS_TEXT, FN_OCDS_WRONG_TYPE, FN_OCDS_REPAIRS
};

typedef struct fn_ocds_bytes { char *data; size_t length, capacity; } fn_ocds_bytes;

/* What a projection notices on its way. */
typedef struct fn_ocds_notes {
    int64_t repairs[FN_OCDS_REPAIRS]; /* those of JSON stay in the reader */
    bool versioned;                   /* values come as histories: a versioned release */
    size_t most;                      /* bytes of a projection; more sets FN_JSON_TOO_LARGE */
} fn_ocds_notes;

/* The number of a key in a table, -1: not there. */
int fn_ocds_field_find(const fn_ocds_field *fields, const char *name, size_t length);
/* After its key: read the value of fields[number] and append number and value. Ends early on FN_JSON_BROKEN. */
fn_status fn_ocds_project(fn_run *run, fn_json *json, const fn_ocds_field *fields, int number, fn_ocds_bytes *out,
                          fn_ocds_notes *notes);

/* ---- trees ---- */

typedef enum fn_ocds_type {
    FN_OCDS_NULL, FN_OCDS_TEXT, FN_OCDS_NUMBER, FN_OCDS_TRUE, FN_OCDS_FALSE, FN_OCDS_TREE, FN_OCDS_LIST
} fn_ocds_type;

typedef struct fn_ocds_node {
    const fn_ocds_field *field;        /* NULL: an item of a list */
    struct fn_ocds_node *next, *first, *last;
    const char *bytes;                 /* of a text or number; a number without bytes is missing (NaN) */
    uint32_t length;
    uint32_t stamp;                    /* the release that touched it last */
    fn_ocds_type type;
    bool changed;                      /* its list of suppliers differs between releases */
    struct fn_ocds_index *index;       /* of a long list */
} fn_ocds_node;

typedef struct fn_ocds_count { int64_t count; const char *example; size_t example_length; } fn_ocds_count;

enum fn_ocds_merge_remark {
    FN_OCDS_NULL_DELETES, FN_OCDS_DUPLICATE_ID, FN_OCDS_REPEATED, FN_OCDS_AWARD_ID_REUSE, FN_OCDS_MERGE_REMARKS
};

/* Folding the releases of one process. */
typedef struct fn_ocds_merge {
    fn_arena *arena;
    const fn_ocds_field *fields;
    bool whole_suppliers;              /* OCDS 1.0, or asked for */
    bool award_tag;                    /* the release at hand brings new awards (tag `award`) */
    uint32_t stamp;                    /* number of the release at hand, from 1 */
    fn_ocds_count remark[FN_OCDS_MERGE_REMARKS];
} fn_ocds_merge;

/* Bytes made by fn_ocds_project, as a tree that points into them. */
fn_status fn_ocds_tree(fn_run *run, fn_arena *arena, const fn_ocds_field *fields, const char *bytes, size_t length,
                       fn_ocds_node **tree);
/* Fold a release into what the older ones made (a tree that starts empty). The release is used up. */
fn_status fn_ocds_fold(fn_run *run, fn_ocds_merge *merge, fn_ocds_node *out, fn_ocds_node *release);
fn_ocds_node *fn_ocds_child(const fn_ocds_node *node, const char *name);
/* A text, blanks around it and case aside (publishers write " procuringEntity"). */
bool fn_ocds_word_is(const fn_ocds_node *word, const char *text);
bool fn_ocds_equal(const fn_ocds_node *a, const fn_ocds_node *b);
uint64_t fn_ocds_hash(const fn_ocds_node *node);
fn_status fn_ocds_node_new(fn_run *run, fn_arena *arena, const fn_ocds_field *field, fn_ocds_type type,
                           fn_ocds_node **node);

/* ---- store ---- */

/* What became of something read. */
typedef struct fn_ocds_entry {
    uint32_t ocid, file;               /* numbers in the store's names; ocid FN_NONE: none */
    int64_t line;
    uint64_t offset;                   /* in the file */
    int64_t instant;                   /* of its date, in seconds */
    size_t at;                         /* in the store's bytes, those in the file first */
    uint32_t length;
    uint32_t sequence;
    uint32_t wild;                     /* found under an unknown key of the item of this depth + 1; 0: not */
    bool record;                       /* a record, not a release: only counted */
    bool dated, compiled, modern;      /* modern: OCDS 1.1 or later */
    bool superseded;                   /* embedded in a record whose compiled release is used */
    bool dropped;                      /* not a release after all: leaves no trace */
    const char *reason, *words;        /* rejected: code and words; NULL: not rejected */
} fn_ocds_entry;

/* Takes a merged process: fn_tender_add. */
typedef fn_status (*fn_ocds_give)(fn_run *run, fn_import *import, const fn_process *process);

enum { FN_OCDS_MEMORY_MOST = 32 * 1024 * 1024 };

typedef struct fn_ocds {
    fn_import *import;
    fn_ocds_give give;
    fn_names *ocids, *files;
    fn_ocds_entry *entry;
    size_t entries, entry_capacity, committed;
    fn_ocds_bytes bytes;               /* those not in the file */
    size_t memory_most;                /* more bytes than these go to a temporary file */
    size_t spilled;                    /* bytes in the file */
    int spill;                         /* the file, -1: none */
    size_t release_most;               /* bytes of one release's projection */
    uint32_t sequence;
    fn_arena arena, process_arena;
} fn_ocds;

fn_status fn_ocds_new(fn_run *run, fn_import *import, fn_ocds_give give, fn_ocds **ocds);
void fn_ocds_free(fn_ocds *ocds);
/* Forget the releases, so that their memory is there for what is made of them. */
void fn_ocds_empty(fn_ocds *ocds);
/* A new entry; its place may move with the next one. */
fn_status fn_ocds_store(fn_run *run, fn_ocds *ocds, fn_ocds_entry entry, const fn_ocds_bytes *bytes);
/* Take away what is dropped and the bytes of what is superseded, from entry `from` on. */
void fn_ocds_compact(fn_ocds *ocds, size_t from);
/* Everything held in memory to the end of the temporary file, which is made when it is needed. */
fn_status fn_ocds_spill(fn_run *run, fn_ocds *ocds);
/* The projection of an entry; of one from the file the bytes belong to the arena of trees. */
fn_status fn_ocds_stored(fn_run *run, fn_ocds *ocds, const fn_ocds_entry *entry, const char **bytes);
/* Count what was stored since the last commit; only releases to be merged stay. FN_EPARSE: strict, and one is bad. */
fn_status fn_ocds_commit(fn_run *run, fn_ocds *ocds);
fn_status fn_ocds_remark(fn_run *run, fn_ocds *ocds, const char *unit, const char *reason, const char *words,
                         int64_t count, uint32_t file, int64_t line, const char *example, size_t length);

/* Repairs since those already told, with the place of the item that had them. */
fn_status fn_ocds_tell_repairs(fn_run *run, fn_ocds *ocds, const fn_json *json, const fn_ocds_notes *notes,
                               int64_t told[FN_OCDS_REPAIRS], fn_ocds_entry where);

/* ---- the steps ---- */

/* Read one input into the store (fn_source_next as feed). */
fn_status fn_ocds_read(fn_run *run, fn_ocds *ocds, fn_json *json, uint32_t file, size_t *found);
/* All that is stored, process by process in the order of ocids, to give. */
fn_status fn_ocds_hand_over(fn_run *run, fn_ocds *ocds);
/* The process of a merged tree; texts point into the tree, arrays are the arena's. Dates and amounts that can't be are
 * missing and remarked. */
fn_status fn_ocds_process(fn_run *run, fn_ocds *ocds, const fn_ocds_node *tree, const fn_ocds_entry *newest,
                          fn_process *process);

#endif
