/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include <strings.h>
#include <xxhash.h>
#include "graph/random.h"
#include "io/ocds_inside.h"

fn_status fn_ocds_node_new(fn_run *run, fn_arena *arena, const fn_ocds_field *field, fn_ocds_type type,
                           fn_ocds_node **node)
{
    *node = fn_arena_take(run, arena, 1, sizeof **node);
    if (!*node) return FN_ENOMEM;
    (*node)->field = field;
    (*node)->type = type;
    return FN_OK;
}

fn_ocds_node *fn_ocds_child(const fn_ocds_node *node, const char *name)
{
    if (!node) return NULL;
    for (fn_ocds_node *child = node->first; child; child = child->next)
        if (child->field && strcmp(child->field->name, name) == 0) return child->type == FN_OCDS_NULL ? NULL : child;
    return NULL;
}

bool fn_ocds_word_is(const fn_ocds_node *word, const char *text)
{
    const char *at = word->bytes;
    size_t length = word->length, wanted = strlen(text);
    while (length && (*at == ' ' || *at == '\t')) at++, length--;
    while (length && (at[length - 1] == ' ' || at[length - 1] == '\t')) length--;
    return length == wanted && strncasecmp(at, text, length) == 0;
}

/* ---- from bytes ---- */

typedef struct cursor { fn_run *run; fn_arena *arena; const char *at, *end; } cursor;

static void append(fn_ocds_node *parent, fn_ocds_node *child)
{
    if (parent->last) parent->last->next = child;
    else parent->first = child;
    parent->last = child;
}

/* Of a key given twice the last value counts: it takes the place of the first. */
static void append_field(fn_ocds_node *parent, fn_ocds_node *child)
{
    fn_ocds_node *before = NULL;
    for (fn_ocds_node *old = parent->first; old; before = old, old = old->next) {
        if (old->field != child->field) continue;
        child->next = old->next;
        if (before) before->next = child;
        else parent->first = child;
        if (parent->last == old) parent->last = child;
        return;
    }
    append(parent, child);
}

static fn_status read_node(cursor *in, const fn_ocds_field *field, const fn_ocds_field *inner, fn_ocds_node **node);

static fn_status read_fields(cursor *in, const fn_ocds_field *fields, fn_ocds_node *tree)
{
    while (in->at < in->end && *in->at != '}') {
        const fn_ocds_field *field = &fields[(unsigned char) *in->at++];
        fn_ocds_node *child;
        fn_status status = read_node(in, field, field->inner, &child);
        if (status) return status;
        append_field(tree, child);
    }
    in->at++;
    return FN_OK;
}

static void read_text(cursor *in, fn_ocds_node *node)
{
    unsigned char group = 128;
    for (unsigned shift = 0; group & 128; shift += 7) {
        group = (unsigned char) *in->at++;
        node->length |= (uint32_t) (group & 127) << shift;
    }
    node->bytes = in->at;
    in->at += node->length;
}

static fn_status read_node(cursor *in, const fn_ocds_field *field, const fn_ocds_field *inner, fn_ocds_node **node)
{
    fn_status status = fn_ocds_node_new(in->run, in->arena, field, FN_OCDS_NULL, node);
    if (status) return status;
    switch (*in->at++) {
    case 's':
        (*node)->type = FN_OCDS_TEXT;
        read_text(in, *node);
        return FN_OK;
    case '#':
        (*node)->type = FN_OCDS_NUMBER;
        read_text(in, *node);
        return FN_OK;
    case 't': (*node)->type = FN_OCDS_TRUE; return FN_OK;
    case 'f': (*node)->type = FN_OCDS_FALSE; return FN_OK;
    case '{':
        (*node)->type = FN_OCDS_TREE;
        return read_fields(in, inner, *node);
    case '[':
        (*node)->type = FN_OCDS_LIST;
        while (*in->at != ']') {
            fn_ocds_node *item;
            if ((status = read_node(in, NULL, inner, &item))) return status;
            append(*node, item);
        }
        in->at++;
        return FN_OK;
    default: return FN_OK;
    }
}

fn_status fn_ocds_tree(fn_run *run, fn_arena *arena, const fn_ocds_field *fields, const char *bytes, size_t length,
                       fn_ocds_node **tree)
{
    cursor in = { run, arena, bytes, bytes + length };
    fn_status status = fn_ocds_node_new(run, arena, NULL, FN_OCDS_TREE, tree);
    return status ? status : read_fields(&in, fields, *tree);
}

/* ---- comparing ---- */

static bool is_text(const fn_ocds_node *node)
{
    return node->type == FN_OCDS_TEXT || node->type == FN_OCDS_NUMBER;
}

/* 1 and "1" are the same; the order of fields means nothing, the order of items does. */
bool fn_ocds_equal(const fn_ocds_node *a, const fn_ocds_node *b)
{
    if (is_text(a) && is_text(b))
        return a->length == b->length && (!a->length || memcmp(a->bytes, b->bytes, a->length) == 0);
    if (a->type != b->type) return false;
    size_t count = 0;
    if (a->type == FN_OCDS_TREE) {
        for (const fn_ocds_node *child = a->first; child; child = child->next, count++) {
            const fn_ocds_node *other = b->first;
            while (other && other->field != child->field) other = other->next;
            if (!other || !fn_ocds_equal(child, other)) return false;
        }
        for (const fn_ocds_node *child = b->first; child; child = child->next) count--;
        return count == 0;
    }
    const fn_ocds_node *x = a->first, *y = b->first;
    for (; x && y; x = x->next, y = y->next)
        if (!fn_ocds_equal(x, y)) return false;
    return !x && !y;
}

uint64_t fn_ocds_hash(const fn_ocds_node *node)
{
    if (is_text(node)) return XXH3_64bits(node->length ? node->bytes : "", node->length);
    uint64_t hash = (uint64_t) node->type;
    for (const fn_ocds_node *child = node->first; child; child = child->next) {
        uint64_t inner = fn_ocds_hash(child);
        const char *name = child->field ? child->field->name : "";
        if (node->type == FN_OCDS_TREE) hash += fn_mix64(inner ^ XXH3_64bits(name, strlen(name)));
        else hash = fn_mix64(hash + inner);
    }
    return fn_mix64(hash + 1);
}
