/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_IDENTITY_INSIDE_H
#define FN_IO_IDENTITY_INSIDE_H

#include "io/identity.h"

/* For identity*.c only. Numbers are those of the name tables beside them; FN_NONE: none. */

typedef struct mention {
    size_t first_id;       /* in id_list: good identifiers, the main one first */
    uint32_t ids;
    uint32_t loose;        /* identifier without scheme */
    uint32_t spelling, legal_spelling;
    uint32_t country, region, town, class_scheme, class_id, scale;
    unsigned roles;
    int64_t times;         /* processes it stands in */
    uint32_t last_process;
    uint32_t who;
} mention;

typedef struct numbered_id {
    size_t scheme;         /* length of the scheme part, 0: loose */
    uint32_t scope;        /* of a loose one: publisher, in texts */
    bool leads;            /* somewhere the first of its party */
    bool nobody;           /* shared by unlike names, or not proven stable */
    int64_t processes;
    uint32_t last_process;
    uint32_t group;        /* union-find: parent */
    uint32_t next;         /* ring of its group's members */
} numbered_id;

typedef struct spelling {
    uint32_t key, bare;    /* in name_keys; bare: without legal form */
    const char *kind, *kind_of_buyer; /* NULL: no evidence */
    bool group;            /* bids as a group of firms */
} spelling;

struct fn_identity {
    fn_names *mention_texts, *ids, *spellings, *name_keys, *texts, *keys;
    mention *mention;
    size_t mention_capacity;
    uint32_t *id_list;
    size_t id_count, id_capacity;
    numbered_id *id;
    size_t id_rows;
    spelling *spelling;
    size_t spelling_rows;
    fn_bytes scratch;
    /* after resolving */
    fn_basis *basis;       /* of each organisation */
    uint32_t *member;      /* mentions by organisation, ascending within */
    size_t *first_member;  /* count + 1 */
    bool resolved;
};

#endif
