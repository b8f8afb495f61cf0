/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include <xxhash.h>
#include "io/ocds_inside.h"

/* Merging by the routine of the standard (OCDS 1.1, "Merging"): objects field by field, null removes a field, lists of
 * objects by `id`, other lists and scalars as a whole. Beyond it: items without id never match (but equal ones of the
 * lists marked FN_OCDS_ONCE are one), ids 1 and "1" are the same, a later null removes whole objects, too. */

/* ---- items of a list by hash ---- */

struct fn_ocds_index {
    uint64_t *hash;
    fn_ocds_node **item;
    size_t slots, used;
};

static const fn_ocds_node *id_of(const fn_ocds_node *item)
{
    const fn_ocds_node *id = fn_ocds_child(item, "id");
    return id && (id->type == FN_OCDS_TEXT || id->type == FN_OCDS_NUMBER) && id->length ? id : NULL;
}

static uint64_t item_hash(const fn_ocds_node *item)
{
    const fn_ocds_node *id = id_of(item);
    return id ? XXH3_64bits_withSeed(id->bytes, id->length, 1) : fn_ocds_hash(item);
}

static void index_put(struct fn_ocds_index *index, uint64_t hash, fn_ocds_node *item)
{
    size_t slot = hash & (index->slots - 1);
    while (index->item[slot]) slot = (slot + 1) & (index->slots - 1);
    index->hash[slot] = hash;
    index->item[slot] = item;
    index->used++;
}

static fn_status index_grow(fn_run *run, fn_arena *arena, struct fn_ocds_index *index)
{
    struct fn_ocds_index grown = { .slots = index->slots ? index->slots * 2 : 16 };
    grown.hash = fn_arena_take(run, arena, grown.slots, sizeof *grown.hash);
    grown.item = fn_arena_take(run, arena, grown.slots, sizeof *grown.item);
    if (!grown.hash || !grown.item) return FN_ENOMEM;
    for (size_t slot = 0; slot < index->slots; slot++)
        if (index->item[slot]) index_put(&grown, index->hash[slot], index->item[slot]);
    *index = grown;
    return FN_OK;
}

static fn_status list_append(fn_run *run, fn_arena *arena, fn_ocds_node *list, fn_ocds_node *item, uint64_t hash)
{
    if (!list->index && !(list->index = fn_arena_take(run, arena, 1, sizeof *list->index))) return FN_ENOMEM;
    if (2 * (list->index->used + 1) > list->index->slots && index_grow(run, arena, list->index)) return FN_ENOMEM;
    index_put(list->index, hash, item);
    if (list->last) list->last->next = item;
    else list->first = item;
    list->last = item;
    return FN_OK;
}

/* The item of a list with the same id or, for an item without one, the equal item. */
static fn_ocds_node *list_find(const fn_ocds_node *list, const fn_ocds_node *item, uint64_t hash)
{
    const struct fn_ocds_index *index = list->index;
    if (!index || !index->slots) return NULL;
    const fn_ocds_node *id = id_of(item);
    for (size_t slot = hash & (index->slots - 1); index->item[slot]; slot = (slot + 1) & (index->slots - 1)) {
        fn_ocds_node *other = index->item[slot];
        if (index->hash[slot] != hash) continue;
        const fn_ocds_node *other_id = id_of(other);
        if (id ? other_id && fn_ocds_equal(id, other_id) : !other_id && fn_ocds_equal(item, other)) return other;
    }
    return NULL;
}

/* ---- folding ---- */

static void remark(fn_ocds_merge *merge, enum fn_ocds_merge_remark which, const char *example, size_t length)
{
    fn_ocds_count *count = &merge->remark[which];
    if (!count->count++) {
        count->example = example;
        count->example_length = length;
    }
}

static fn_ocds_node *field_of(const fn_ocds_node *tree, const fn_ocds_field *field)
{
    fn_ocds_node *child = tree->first;
    while (child && child->field != field) child = child->next;
    return child;
}

static void remove_field(fn_ocds_node *tree, const fn_ocds_field *field)
{
    fn_ocds_node *before = NULL;
    for (fn_ocds_node *child = tree->first; child; before = child, child = child->next) {
        if (child->field != field) continue;
        if (before) before->next = child->next;
        else tree->first = child->next;
        if (tree->last == child) tree->last = before;
        return;
    }
}

static void set_field(fn_ocds_node *tree, fn_ocds_node *child)
{
    remove_field(tree, child->field);
    child->next = NULL;
    if (tree->last) tree->last->next = child;
    else tree->first = child;
    tree->last = child;
}

/* A value that is taken over whole: its nulls say nothing. */
static void strip_nulls(fn_ocds_node *node)
{
    fn_ocds_node *child = node->first, *next;
    node->first = node->last = NULL;
    for (; child; child = next) {
        next = child->next;
        if (child->type == FN_OCDS_NULL) continue;
        strip_nulls(child);
        child->next = NULL;
        if (node->last) node->last->next = child;
        else node->first = child;
        node->last = child;
    }
}

/* Whether one list holds an item (by id, else by equality) that the other lacks; *common: they share one. */
static bool lists_differ(const fn_ocds_node *indexed, const fn_ocds_node *other, bool *common)
{
    size_t found = 0, count = 0, missing = 0;
    for (const fn_ocds_node *item = other->first; item; item = item->next) {
        if (item->type != FN_OCDS_TREE) continue;
        if (list_find(indexed, item, item_hash(item))) found++;
        else missing++;
    }
    for (const fn_ocds_node *item = indexed->first; item; item = item->next) count++;
    *common = found > 0;
    return missing || found < count;
}

static bool disjoint_words(const fn_ocds_node *a, const fn_ocds_node *b)
{
    if (!a || !b) return false;
    for (const fn_ocds_node *x = a->first; x; x = x->next)
        for (const fn_ocds_node *y = b->first; y; y = y->next)
            if (fn_ocds_equal(x, y)) return false;
    return a->first && b->first;
}

/* An award id used again for another award: other suppliers and other lots or items. */
static bool award_is_another(const fn_ocds_node *old, const fn_ocds_node *award)
{
    bool common = false;
    const fn_ocds_node *before = fn_ocds_child(old, "suppliers"), *now = fn_ocds_child(award, "suppliers");
    if (!before || !now || !before->first || !now->first) return false;
    lists_differ(before, now, &common);
    if (common) return false;
    if (disjoint_words(fn_ocds_child(old, "relatedLots"), fn_ocds_child(award, "relatedLots"))) return true;
    before = fn_ocds_child(old, "items");
    now = fn_ocds_child(award, "items");
    if (!before || !now || !before->first || !now->first) return false;
    lists_differ(before, now, &common);
    return !common;
}

static fn_status fold_tree(fn_run *run, fn_ocds_merge *merge, fn_ocds_node *out, fn_ocds_node *in);

static fn_status fold_item(fn_run *run, fn_ocds_merge *merge, const fn_ocds_field *field, fn_ocds_node *list,
                           fn_ocds_node *item)
{
    const fn_ocds_node *id = id_of(item);
    if (!id) strip_nulls(item);
    uint64_t hash = item_hash(item);
    fn_ocds_node *old = NULL;
    if (id || (field->marks & FN_OCDS_ONCE)) old = list_find(list, item, hash);
    if (old && !id) {
        remark(merge, FN_OCDS_REPEATED, field->name, strlen(field->name));
        return FN_OK;
    }
    if (old) {
        if (old->stamp == merge->stamp) remark(merge, FN_OCDS_DUPLICATE_ID, id->bytes, id->length);
        else if ((field->marks & FN_OCDS_REUSE) && merge->award_tag && award_is_another(old, item))
            remark(merge, FN_OCDS_AWARD_ID_REUSE, id->bytes, id->length);
        old->stamp = merge->stamp;
        return fold_tree(run, merge, old, item);
    }
    fn_status status = fn_ocds_node_new(run, merge->arena, NULL, FN_OCDS_TREE, &old);
    if (status) return status;
    old->stamp = merge->stamp;
    if ((status = fold_tree(run, merge, old, item))) return status;
    return list_append(run, merge->arena, list, old, id ? hash : item_hash(old));
}

static fn_status fold_list(fn_run *run, fn_ocds_merge *merge, fn_ocds_node *out, fn_ocds_node *in)
{
    const fn_ocds_field *field = in->field;
    fn_ocds_node *list = field_of(out, field);
    fn_status status = FN_OK;
    if (!in->first) return FN_OK;
    bool suppliers = field->marks & FN_OCDS_SUPPLIERS;
    if (list && list->stamp != merge->stamp && suppliers) {
        bool common;
        if (merge->whole_suppliers) list = NULL;
        else if (lists_differ(list, in, &common)) out->changed = true;
    }
    if (!list) {
        if ((status = fn_ocds_node_new(run, merge->arena, field, FN_OCDS_LIST, &list))) return status;
        set_field(out, list);
    }
    list->stamp = merge->stamp;
    for (fn_ocds_node *item = in->first, *next; item && !status; item = next) {
        next = item->next;
        if (item->type == FN_OCDS_TREE) status = fold_item(run, merge, field, list, item);
    }
    return status;
}

static fn_status fold_field(fn_run *run, fn_ocds_merge *merge, fn_ocds_node *out, fn_ocds_node *in)
{
    const fn_ocds_field *field = in->field;
    if (in->type == FN_OCDS_NULL) {
        if (field_of(out, field)) remark(merge, FN_OCDS_NULL_DELETES, field->name, strlen(field->name));
        remove_field(out, field);
        return FN_OK;
    }
    if (in->type == FN_OCDS_TREE) {
        fn_ocds_node *tree = field_of(out, field);
        if (tree) return fold_tree(run, merge, tree, in);
        fn_status status = fn_ocds_node_new(run, merge->arena, field, FN_OCDS_TREE, &tree);
        if (status || (status = fold_tree(run, merge, tree, in))) return status;
        if (tree->first) set_field(out, tree);
        return FN_OK;
    }
    if (field->kind == FN_OCDS_BY_ID) return fold_list(run, merge, out, in);
    strip_nulls(in);
    set_field(out, in);
    return FN_OK;
}

static fn_status fold_tree(fn_run *run, fn_ocds_merge *merge, fn_ocds_node *out, fn_ocds_node *in)
{
    fn_status status = FN_OK;
    for (fn_ocds_node *child = in->first, *next; child && !status; child = next) {
        next = child->next;
        status = fold_field(run, merge, out, child);
    }
    return status;
}

fn_status fn_ocds_fold(fn_run *run, fn_ocds_merge *merge, fn_ocds_node *out, fn_ocds_node *release)
{
    merge->stamp++;
    merge->award_tag = false;
    const fn_ocds_node *tag = fn_ocds_child(release, "tag");
    for (const fn_ocds_node *word = tag ? tag->first : NULL; word; word = word->next)
        merge->award_tag |= fn_ocds_word_is(word, "award");
    return fold_tree(run, merge, out, release);
}
