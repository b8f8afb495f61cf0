/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include <xxhash.h>
#include "io/ocds_inside.h"

/* Merging by the routine of the standard (OCDS 1.1, "Merging"): objects field by field, null removes a field, lists of
 * objects by `id`, other lists and scalars as a whole. Beyond it: items without id never match, but in the
 * lists marked FN_OCDS_ONCE equal ones are one, and so are organisations of one name if one of both has no id; ids 1
 * and "1" are the same; a later null removes whole objects, too. */

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

static const fn_ocds_node *name_of(const fn_ocds_node *item)
{
    const fn_ocds_node *name = fn_ocds_child(item, "name");
    return name && name->type == FN_OCDS_TEXT && name->length ? name : NULL;
}

/* An item stands in the index by its id, by its name and, where it has neither, by all it holds. */
static uint64_t text_hash(const fn_ocds_node *text, bool id)
{
    return XXH3_64bits_withSeed(text->bytes, text->length, id ? 1 : 2);
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

static fn_status index_add(fn_run *run, fn_arena *arena, fn_ocds_node *list, uint64_t hash, fn_ocds_node *item)
{
    if (!list->index && !(list->index = fn_arena_take(run, arena, 1, sizeof *list->index))) return FN_ENOMEM;
    if (2 * (list->index->used + 1) > list->index->slots && index_grow(run, arena, list->index)) return FN_ENOMEM;
    index_put(list->index, hash, item);
    return FN_OK;
}

/* Whether an item of this name is there: only the first can be the one that an item without id means. */
static bool name_taken(const fn_ocds_node *list, const fn_ocds_node *name)
{
    const struct fn_ocds_index *index = list->index;
    uint64_t hash = text_hash(name, false);
    if (!index || !index->slots) return false;
    for (size_t slot = hash & (index->slots - 1); index->item[slot]; slot = (slot + 1) & (index->slots - 1)) {
        const fn_ocds_node *other = index->hash[slot] == hash ? name_of(index->item[slot]) : NULL;
        if (other && fn_ocds_equal(name, other)) return true;
    }
    return false;
}

static fn_status index_item(fn_run *run, fn_arena *arena, fn_ocds_node *list, fn_ocds_node *item)
{
    const fn_ocds_node *id = id_of(item), *name = name_of(item);
    fn_status status = FN_OK;
    if (id) status = index_add(run, arena, list, text_hash(id, true), item);
    if (!status && name && !name_taken(list, name))
        status = index_add(run, arena, list, text_hash(name, false), item);
    if (!status && !id && !name) status = index_add(run, arena, list, fn_ocds_hash(item), item);
    return status;
}

static void list_append(fn_ocds_node *list, fn_ocds_node *item)
{
    if (list->last) list->last->next = item;
    else list->first = item;
    list->last = item;
}

typedef enum match { BY_ID, BY_NAME, BY_ALL } match;

static bool matches(const fn_ocds_node *item, const fn_ocds_node *other, match how)
{
    const fn_ocds_node *a = id_of(item), *b = id_of(other);
    if (how == BY_ID) return b && fn_ocds_equal(a, b);
    if (how == BY_ALL) return !b && fn_ocds_equal(item, other);
    if (a && b) return false;
    a = name_of(item);
    b = name_of(other);
    return a && b && fn_ocds_equal(a, b);
}

static fn_ocds_node *index_find(const fn_ocds_node *list, const fn_ocds_node *item, uint64_t hash, match how)
{
    const struct fn_ocds_index *index = list->index;
    if (!index || !index->slots) return NULL;
    for (size_t slot = hash & (index->slots - 1); index->item[slot]; slot = (slot + 1) & (index->slots - 1))
        if (index->hash[slot] == hash && matches(item, index->item[slot], how)) return index->item[slot];
    return NULL;
}

/* The item of a list that this one is: of the same id; if one of both has none (OCDS 1.0 beside 1.1), of the same name;
 * without id and name, the equal one. */
static fn_ocds_node *list_find(const fn_ocds_node *list, const fn_ocds_node *item)
{
    const fn_ocds_node *id = id_of(item), *name = name_of(item);
    fn_ocds_node *found = id ? index_find(list, item, text_hash(id, true), BY_ID) : NULL;
    if (!found && name) found = index_find(list, item, text_hash(name, false), BY_NAME);
    if (!found && !id && !name) found = index_find(list, item, fn_ocds_hash(item), BY_ALL);
    return found;
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
        if (list_find(indexed, item)) found++;
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
    fn_ocds_node *old = NULL;
    fn_status status;
    if (!id) strip_nulls(item);
    if (id || (field->marks & FN_OCDS_ONCE)) old = list_find(list, item);
    if (old) {
        bool named_only = !id_of(old);
        if (!id) remark(merge, FN_OCDS_REPEATED, field->name, strlen(field->name));
        else if (old->stamp == merge->stamp) remark(merge, FN_OCDS_DUPLICATE_ID, id->bytes, id->length);
        else if ((field->marks & FN_OCDS_REUSE) && merge->award_tag && award_is_another(old, item))
            remark(merge, FN_OCDS_AWARD_ID_REUSE, id->bytes, id->length);
        old->stamp = merge->stamp;
        if (!id && !name_of(item)) return FN_OK;
        status = fold_tree(run, merge, old, item);
        if (!status && named_only && id_of(old))
            status = index_add(run, merge->arena, list, text_hash(id_of(old), true), old);
        return status;
    }
    if ((status = fn_ocds_node_new(run, merge->arena, NULL, FN_OCDS_TREE, &old))) return status;
    old->stamp = merge->stamp;
    if ((status = fold_tree(run, merge, old, item))) return status;
    list_append(list, old);
    return index_item(run, merge->arena, list, old);
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
