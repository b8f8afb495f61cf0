/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "graph/memory.h"
#include "io/hdf5.h"
#include "io/hdf5_format.h"
#include "io/output_place.h"

/* The network as an HDF5 file: a group `firms` and a group `ties`, a dataset a column, all of one length. Of a tie,
 * from and to are ids, from_row and to_row the rows of the firms, from 1. Dates are days since 1970-01-01. The groups
 * list their columns in the order in which they were made. */

enum { LAYOUT = 1 };

typedef struct writer {
    fn_hdf5 h;
    const fn_export *what;
    const fn_net *net;
    size_t ties;
    char *id;               /* room for an id that is not a key */
    size_t id_capacity;
} writer;

static size_t number_of(const writer *w, size_t row)
{
    return w->what->tie ? w->what->tie[row] : row;
}

/* ---- ids ---- */

/* The key, where it can be written as it is; else what can be, `~` and the firm's number, as in the other exports; `~`
 * more keep it from being another firm's key. */
static void get_id(const writer *w, uint32_t firm, fn_hdf5_cell *cell)
{
    const fn_names *keys = fn_net_keys(w->net);
    int64_t replaced = 0;
    cell->text = fn_names_text(keys, firm, &cell->length);
    size_t length = fn_hdf5_clean(cell->text, cell->length, NULL, &replaced);
    if (cell->length && !replaced) return;
    fn_hdf5_clean(cell->text, cell->length, w->id, NULL);
    length += (size_t) snprintf(w->id + length, 16, "~%u", firm + 1);
    while (length + 1 < w->id_capacity && fn_names_find(keys, w->id, length) != FN_NONE) w->id[length++] = '~';
    cell->text = w->id;
    cell->length = length;
}

/* Room for the longest of them. */
static fn_status make_room_for_ids(writer *w)
{
    const fn_names *keys = fn_net_keys(w->net);
    size_t longest = 0, length;
    for (uint32_t f = 0; f < fn_names_count(keys); f++) {
        const char *key = fn_names_text(keys, f, &length);
        int64_t replaced = 0;
        fn_hdf5_clean(key, length, NULL, &replaced);
        w->h.replaced += replaced;
        if (length > longest) longest = length;
    }
    w->id_capacity = 3 * longest + 64;
    w->id = fn_alloc(w->h.run, w->id_capacity, 1);
    return w->id ? FN_OK : FN_ENOMEM;
}

/* ---- columns of tables ---- */

static void get_table_cell(const fn_column *column, size_t row, fn_hdf5_cell *cell)
{
    *cell = (fn_hdf5_cell){ .text = "", .real = NAN, .integer = FN_INT_NONE };
    bool there = row < column->rows;
    switch (column->type) {
    case FN_COLUMN_INT: if (there) cell->integer = column->integer[row]; break;
    case FN_COLUMN_REAL: if (there) cell->real = column->real[row]; break;
    case FN_COLUMN_DATE: cell->integer = there ? column->date[row] : FN_DAY_NONE; break;
    case FN_COLUMN_BOOL: cell->integer = there ? column->boolean[row] : -1; break;
    case FN_COLUMN_TEXT: if (there) cell->text = fn_column_text(column, row, &cell->length); break;
    }
}

static void get_by_row(const fn_hdf5_column *column, size_t row, fn_hdf5_cell *cell)
{
    get_table_cell(column->of, row, cell);
}

/* A column of the net's ties, of which only some are written. */
typedef struct by_tie {
    const writer *w;
    const fn_column *column;
} by_tie;

static void get_by_tie(const fn_hdf5_column *column, size_t row, fn_hdf5_cell *cell)
{
    const by_tie *of = column->of;
    get_table_cell(of->column, number_of(of->w, row), cell);
}

static const char *unit_of(const fn_column *column)
{
    return column->type == FN_COLUMN_DATE ? "days since 1970-01-01" : column->unit ? column->unit : "";
}

static bool among(const char *name, const char *const *list)
{
    while (*list && strcmp(*list, name) != 0) list++;
    return *list != NULL;
}

static void put_column(writer *w, hid_t group, size_t rows, const char *name, const fn_column *column, bool through_tie)
{
    by_tie of = { w, column };
    fn_hdf5_column put = { .name = name, .unit = unit_of(column), .type = column->type, .rows = rows,
                           .get = through_tie ? get_by_tie : get_by_row,
                           .of = through_tie ? (const void *) &of : (const void *) column };
    fn_hdf5_put(&w->h, group, &put);
}

/* ---- firms ---- */

static void get_firm(const fn_hdf5_column *column, size_t row, fn_hdf5_cell *cell)
{
    get_id(column->of, (uint32_t) row, cell);
}

/* What was found of the firms stands before what the data says of them, and in place of what it says by the same name;
 * but a firm's own size (its staff, say) is not the size it is drawn with. */
static void put_firms(writer *w, hid_t group)
{
    const fn_table *found = w->what->firms, *own = fn_net_firm_columns(w->net);
    size_t rows = fn_net_firms(w->net);
    fn_hdf5_column ids = { .name = "firm", .type = FN_COLUMN_TEXT, .rows = rows, .get = get_firm, .of = w };
    fn_hdf5_put(&w->h, group, &ids);
    for (size_t c = 0; found && c < found->columns; c++) {
        const fn_column *column = found->column[c];
        bool is_key = column->type == FN_COLUMN_TEXT && column->pool == fn_net_keys(w->net);
        bool drawn = strcmp(column->name, "size") == 0;
        if (!is_key) put_column(w, group, rows, drawn ? "drawn_size" : column->name, column, false);
    }
    for (size_t c = 0; c < own->columns; c++) {
        const char *name = own->column[c]->name;
        if (found && strcmp(name, "size") != 0 && fn_table_find(found, name)) continue;
        put_column(w, group, rows, name, own->column[c], false);
    }
}

/* ---- ties ---- */

enum {
    FROM, TO, FROM_ROW, TO_ROW, LAYER, SYMMETRIC, VALUE, CURRENCY, COUNT, FIRST, LAST, NEWMAN, PRODUCT, WEIGHT, FIELDS
};

static const struct field {
    const char *name, *unit;
    fn_column_type type;
    bool seldom; /* left out where no tie has it */
} fields[FIELDS] = {
    { "from", "", FN_COLUMN_TEXT, false },       { "to", "", FN_COLUMN_TEXT, false },
    { "from_row", "", FN_COLUMN_INT, false },    { "to_row", "", FN_COLUMN_INT, false },
    { "layer", "", FN_COLUMN_TEXT, false },      { "symmetric", "", FN_COLUMN_BOOL, true },
    { "value", "", FN_COLUMN_REAL, false },      { "currency", "", FN_COLUMN_TEXT, false },
    { "count", "", FN_COLUMN_INT, false },       { "first", "days since 1970-01-01", FN_COLUMN_DATE, false },
    { "last", "days since 1970-01-01", FN_COLUMN_DATE, false }, { "newman_weight", "", FN_COLUMN_REAL, true },
    { "product", "", FN_COLUMN_TEXT, true },     { "weight", "", FN_COLUMN_REAL, true },
};
static const char *const known_tie[] = { "from", "to", "layer", "value", "currency", "count", "first", "last",
                                         "newman_weight", "product", NULL };

static void get_field(const fn_hdf5_column *column, size_t row, fn_hdf5_cell *cell)
{
    const writer *w = column->of;
    const fn_tie tie = fn_net_tie_at(w->net, number_of(w, row));
    switch (column->field) {
    case FROM: get_id(w, tie.from, cell); break;
    case TO: get_id(w, tie.to, cell); break;
    case FROM_ROW: cell->integer = (int64_t) tie.from + 1; break;
    case TO_ROW: cell->integer = (int64_t) tie.to + 1; break;
    case LAYER: cell->text = fn_names_text(fn_net_layers(w->net), tie.layer, &cell->length); break;
    case SYMMETRIC: cell->integer = !fn_net_layer_directed(tie.layer); break;
    case VALUE: cell->real = tie.value; break;
    case CURRENCY: cell->text = fn_names_text(fn_net_currencies(w->net), tie.currency, &cell->length); break;
    case COUNT: cell->integer = tie.count; break;
    case FIRST: cell->integer = tie.first; break;
    case LAST: cell->integer = tie.last; break;
    case NEWMAN: cell->real = tie.weight; break;
    case PRODUCT:
        cell->text = "";
        cell->length = 0;
        if (tie.product != FN_NONE) cell->text = fn_names_text(fn_net_products(w->net), tie.product, &cell->length);
        break;
    case WEIGHT: cell->real = w->what->weight[row]; break;
    }
}

static void find_seldom(const writer *w, bool has[FIELDS])
{
    has[WEIGHT] = w->what->weight != NULL;
    for (size_t row = 0; row < w->ties; row++) {
        const fn_tie tie = fn_net_tie_at(w->net, number_of(w, row));
        has[SYMMETRIC] |= !fn_net_layer_directed(tie.layer);
        has[NEWMAN] |= !isnan(tie.weight);
        has[PRODUCT] |= tie.product != FN_NONE;
    }
}

static void put_ties(writer *w, hid_t group)
{
    const fn_table *found = w->what->ties, *own = fn_net_tie_columns(w->net);
    bool has[FIELDS] = { false };
    find_seldom(w, has);
    for (int f = 0; f < FIELDS; f++) {
        if (fields[f].seldom && !has[f]) continue;
        fn_hdf5_column put = { .name = fields[f].name, .unit = fields[f].unit, .type = fields[f].type, .rows = w->ties,
                               .get = get_field, .of = w, .field = f };
        fn_hdf5_put(&w->h, group, &put);
    }
    for (size_t c = 0; found && c < found->columns; c++)
        if (!among(found->column[c]->name, known_tie))
            put_column(w, group, w->ties, found->column[c]->name, found->column[c], false);
    for (size_t c = 0; c < own->columns; c++)
        if (!found || !fn_table_find(found, own->column[c]->name))
            put_column(w, group, w->ties, own->column[c]->name, own->column[c], true);
}

/* ---- the file ---- */

/* The file for the place. First the one without a name, which only the driver for stdio opens: the other asks where
 * links lead. Where a library can't, the file gets a temporary name. No locks on a file that nobody else sees. */
static hid_t open_place(writer *w, fn_place *place, hid_t creation)
{
    fn_hdf5 *h = &w->h;
    char name[FN_PLACE_NAME];
    hid_t file = -1;
    for (int unseen = 1; unseen >= 0 && file < 0 && !h->status; unseen--) {
        hid_t opening = fn_hdf5_take(h, H5Pcreate(H5P_FILE_ACCESS));
        if (!h->status) fn_hdf5_take(h, H5Pset_fclose_degree(opening, H5F_CLOSE_STRONG));
        if (!h->status && unseen) fn_hdf5_take(h, H5Pset_fapl_stdio(opening));
#if H5_VERSION_GE(1, 10, 7)
        if (!h->status) fn_hdf5_take(h, H5Pset_file_locking(opening, false, true));
#endif
        if (!h->status) h->status = fn_place_name(h->run, place, unseen, name);
        if (!h->status) file = H5Fcreate(name, H5F_ACC_TRUNC, creation, opening);
        if (!unseen) fn_hdf5_take(h, file);
        if (opening >= 0) H5Pclose(opening);
    }
    return file;
}

/* No times, links in the order in which they were made. */
static hid_t create_file(writer *w, fn_place *place)
{
    fn_hdf5 *h = &w->h;
    hid_t file = -1, creation = fn_hdf5_take(h, H5Pcreate(H5P_FILE_CREATE));
    if (!h->status)
        fn_hdf5_take(h, H5Pset_link_creation_order(creation, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED));
    if (!h->status) fn_hdf5_take(h, H5Pset_obj_track_times(creation, false));
    if (!h->status) file = open_place(w, place, creation);
    if (creation >= 0) H5Pclose(creation);
    return file;
}

static void put_everything(writer *w, hid_t file)
{
    fn_hdf5 *h = &w->h;
    fn_hdf5_note(h, file, "format", "firmnet");
    fn_hdf5_note_number(h, file, "format_version", LAYOUT);
    fn_hdf5_note(h, file, "firmnet", PACKAGE_VERSION);
    fn_hdf5_note(h, file, "provenance", w->what->provenance);
    hid_t firms = fn_hdf5_group(h, file, "firms");
    if (!h->status) put_firms(w, firms);
    if (firms >= 0) fn_hdf5_take(h, H5Gclose(firms));
    hid_t ties = fn_hdf5_group(h, file, "ties");
    fn_hdf5_note_names(h, ties, "layers", fn_net_layers(w->net));
    fn_hdf5_note_names(h, ties, "currencies", fn_net_currencies(w->net));
    if (!h->status) put_ties(w, ties);
    if (ties >= 0) fn_hdf5_take(h, H5Gclose(ties));
}

static fn_status write_file(fn_run *run, const char *path, writer *w)
{
    fn_place place;
    fn_status status = fn_place_open(run, path, &place);
    w->h.name = place.name;
    if (!status) status = make_room_for_ids(w);
    if (status) goto done;
    hid_t file = create_file(w, &place);
    if (!w->h.status) put_everything(w, file);
    if (file >= 0) fn_hdf5_take(&w->h, H5Fclose(file));
    status = w->h.status;
    if (!status) status = fn_place_sync(run, &place);
    if (!status) status = fn_place_commit(run, &place);
done:
    fn_place_free(&place);
    return status;
}

fn_status fn_hdf5_write(fn_run *run, const char *path, fn_export *what)
{
    writer w = { .h = { .run = run }, .what = what, .net = what->net };
    H5E_auto2_t printer = NULL;
    void *printer_data = NULL;
    w.ties = what->tie ? what->tie_count : fn_net_ties(what->net);
    what->replaced = 0;

    /* A file that can't be closed, for lack of space, say, makes libhdf5 crash when it cleans up at the end of the
     * program: nothing is left to clean up then. And it prints its errors unless told not to; they are ours to tell. */
    H5dont_atexit();
    H5Eget_auto2(H5E_DEFAULT, &printer, &printer_data);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    fn_status status = write_file(run, path, &w);
    H5Eset_auto2(H5E_DEFAULT, printer, printer_data);
    what->replaced = w.h.replaced;
    if (!status && what->replaced)
        fn_warn(run, "%lld characters that are not UTF-8, or NUL, were replaced by U+FFFD", (long long) what->replaced);
    fn_free(w.id);
    return status;
}
