/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "graph/memory.h"
#include "io/hdf5.h"

enum { CHUNK_BYTES = 1 << 20, CHUNK_ROWS_MOST = 65536, FIXED_MOST = 255, LEVEL = 4, NAME_MOST = 1024 };
#define REPLACEMENT "\xef\xbf\xbd"

/* ---- errors ---- */

/* What libhdf5 says about the lowest cause; a message of the system has its number in the words. */
static herr_t look_at_error(unsigned depth, const H5E_error2_t *error, void *user)
{
    char *words = user;
    if (error->desc && (depth == 0 || strstr(error->desc, "errno = "))) snprintf(words, 256, "%s", error->desc);
    return 0;
}

hid_t fn_hdf5_take(fn_hdf5 *h, hid_t answer)
{
    char words[256] = ""; /* the driver for stdio has no errno in its own */
    if (answer >= 0 || h->status) return answer;
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, look_at_error, words);
    const char *number = strstr(words, "errno = ");
    int cause = number                                                 ? atoi(number + strlen("errno = "))
                : errno == ENOSPC || errno == EFBIG || errno == EDQUOT ? errno
                                                                       : 0;
    if (cause == ENOMEM || strstr(words, "memory allocation failed"))
        h->status = fn_fail(h->run, FN_ENOMEM, "out of memory while writing HDF5");
    else
        h->status = fn_fail_at(h->run, FN_EIO, h->name, 0, -1, "can't be written: %s", cause ? strerror(cause) : words);
    return answer;
}

/* ---- text ---- */

size_t fn_hdf5_clean(const char *text, size_t length, char *to, int64_t *replaced)
{
    size_t out = 0;
    for (size_t i = 0, step; i < length; i += step) {
        step = text[i] ? fn_utf8_length(text + i, length - i) : 0;
        const char *piece = step ? text + i : REPLACEMENT;
        size_t piece_length = step ? step : 3;
        if (to) memcpy(to + out, piece, piece_length);
        out += piece_length;
        if (step) continue;
        step = 1;
        if (replaced) ++*replaced;
    }
    return out;
}

static hid_t text_type(fn_hdf5 *h, size_t size)
{
    hid_t type = fn_hdf5_take(h, H5Tcopy(H5T_C_S1));
    if (h->status) return type;
    fn_hdf5_take(h, H5Tset_size(type, size));
    fn_hdf5_take(h, H5Tset_cset(type, H5T_CSET_UTF8));
    fn_hdf5_take(h, H5Tset_strpad(type, size == H5T_VARIABLE ? H5T_STR_NULLTERM : H5T_STR_NULLPAD));
    return type;
}

static void close_type(hid_t type)
{
    if (type >= 0) H5Tclose(type);
}

/* ---- attributes ---- */

static void put_attribute(fn_hdf5 *h, hid_t object, const char *name, hid_t type, hsize_t count, const void *value)
{
    if (h->status) return;
    hid_t space = fn_hdf5_take(h, count ? H5Screate_simple(1, &count, NULL) : H5Screate(H5S_SCALAR));
    if (h->status) return;
    hid_t attribute = fn_hdf5_take(h, H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT));
    if (attribute >= 0) {
        fn_hdf5_take(h, H5Awrite(attribute, type, value));
        H5Aclose(attribute);
    }
    H5Sclose(space);
}

/* One text, of any length: what Python and Julia read as text, not as bytes. */
static void put_text(fn_hdf5 *h, hid_t object, const char *name, const char *text)
{
    hid_t type = text_type(h, H5T_VARIABLE);
    put_attribute(h, object, name, type, 0, &text);
    close_type(type);
}

void fn_hdf5_note(fn_hdf5 *h, hid_t group, const char *name, const char *text)
{
    if (h->status || !text) return;
    size_t length = strlen(text);
    char *clean = fn_alloc(h->run, length * 3 + 1, 1);
    if (clean) {
        fn_hdf5_clean(text, length, clean, &h->replaced);
        put_text(h, group, name, clean);
    } else {
        h->status = FN_ENOMEM;
    }
    fn_free(clean);
}

void fn_hdf5_note_number(fn_hdf5 *h, hid_t group, const char *name, int64_t number)
{
    put_attribute(h, group, name, H5T_STD_I64LE, 0, &(int64_t){ number });
}

void fn_hdf5_note_names(fn_hdf5 *h, hid_t group, const char *name, const fn_names *names)
{
    uint32_t count = fn_names_count(names);
    size_t all = 0, used = 0, length;
    if (h->status || !count) return;
    for (uint32_t i = 0; i < count; i++) {
        fn_names_text(names, i, &length);
        all += 3 * length + 1;
    }
    char *texts = fn_alloc(h->run, all, 1);
    const char **list = fn_alloc(h->run, count, sizeof *list);
    if (!texts || !list) h->status = FN_ENOMEM;
    for (uint32_t i = 0; !h->status && i < count; i++) {
        const char *text = fn_names_text(names, i, &length);
        list[i] = texts + used;
        used += fn_hdf5_clean(text, length, texts + used, &h->replaced) + 1;
    }
    hid_t type = h->status ? -1 : text_type(h, H5T_VARIABLE);
    put_attribute(h, group, name, type, count, list);
    close_type(type);
    fn_free(list);
    fn_free(texts);
}

/* ---- datasets ---- */

/* How a column lies in the file and in memory. */
typedef struct shape {
    hid_t file_type, type;
    size_t size;       /* bytes of a cell in memory */
    size_t longest;    /* text: of all cells; it is of one length where this is FIXED_MOST or less */
    bool narrow, variable;
    size_t chunk_rows;
    char *buffer;      /* the cells of a chunk */
    char *text;        /* texts of any length of a chunk, one behind the other */
    size_t text_capacity;
} shape;

static void measure(const fn_hdf5_column *column, shape *s)
{
    fn_hdf5_cell cell;
    s->narrow = true;
    for (size_t row = 0; row < column->rows; row++) {
        if (column->type != FN_COLUMN_INT && column->type != FN_COLUMN_TEXT) return;
        column->get(column, row, &cell);
        if (column->type == FN_COLUMN_TEXT) {
            size_t length = fn_hdf5_clean(cell.text, cell.length, NULL, NULL);
            if (length > s->longest) s->longest = length;
        } else if (cell.integer != FN_INT_NONE && (cell.integer <= INT32_MIN || cell.integer > INT32_MAX)) {
            s->narrow = false;
            return;
        }
    }
}

static void choose_types(fn_hdf5 *h, const fn_hdf5_column *column, shape *s)
{
    s->file_type = s->type = -1;
    measure(column, s);
    switch (column->type) {
    case FN_COLUMN_REAL: s->file_type = H5T_IEEE_F64LE, s->type = H5T_NATIVE_DOUBLE, s->size = sizeof(double); break;
    case FN_COLUMN_BOOL: s->file_type = H5T_STD_I8LE, s->type = H5T_NATIVE_INT8, s->size = sizeof(int8_t); break;
    case FN_COLUMN_TEXT:
        s->variable = s->longest > FIXED_MOST;
        s->size = s->variable ? sizeof(char *) : s->longest ? s->longest : 1;
        s->type = s->file_type = text_type(h, s->variable ? H5T_VARIABLE : s->size);
        break;
    default:
        s->narrow |= column->type == FN_COLUMN_DATE;
        s->file_type = s->narrow ? H5T_STD_I32LE : H5T_STD_I64LE;
        s->type = s->narrow ? H5T_NATIVE_INT32 : H5T_NATIVE_INT64;
        s->size = s->narrow ? sizeof(int32_t) : sizeof(int64_t);
    }
    s->chunk_rows = CHUNK_BYTES / s->size < CHUNK_ROWS_MOST ? CHUNK_BYTES / s->size : CHUNK_ROWS_MOST;
    if (s->chunk_rows > column->rows) s->chunk_rows = column->rows;
}

static void put_missing(fn_hdf5 *h, hid_t dataset, const fn_hdf5_column *column, const shape *s)
{
    double real = NAN;
    int64_t wide = FN_INT_NONE;
    int32_t narrow = INT32_MIN;
    int8_t boolean = -1;
    if (column->type == FN_COLUMN_TEXT) put_text(h, dataset, "missing_value", "");
    else
        put_attribute(h, dataset, "missing_value", s->type, 0,
                      column->type == FN_COLUMN_REAL   ? (const void *) &real
                      : column->type == FN_COLUMN_BOOL ? (const void *) &boolean
                      : s->narrow                      ? (const void *) &narrow
                                                       : &wide);
}

static void put_cell(char *at, const fn_hdf5_column *column, const shape *s, const fn_hdf5_cell *cell)
{
    if (column->type == FN_COLUMN_REAL) {
        double real = cell->real + 0.0;
        memcpy(at, &real, sizeof real);
    } else if (column->type == FN_COLUMN_BOOL) {
        *(int8_t *) at = (int8_t) cell->integer;
    } else if (s->narrow) {
        int32_t narrow = cell->integer == FN_INT_NONE ? INT32_MIN : (int32_t) cell->integer;
        memcpy(at, &narrow, sizeof narrow);
    } else {
        memcpy(at, &cell->integer, sizeof cell->integer);
    }
}

/* Texts of any length: first where each begins, then, when they no longer move, the pointers. */
static fn_status fill_variable(fn_hdf5 *h, const fn_hdf5_column *column, shape *s, size_t first, size_t count)
{
    fn_hdf5_cell cell;
    size_t used = 0, *begin = (size_t *) (void *) s->buffer;
    const char **pointer = (const char **) (void *) s->buffer;
    _Static_assert(sizeof(size_t) == sizeof(char *), "places and pointers share a buffer");
    for (size_t i = 0; i < count; i++) {
        column->get(column, first + i, &cell);
        char *text = fn_grow(h->run, s->text, &s->text_capacity, used + 3 * cell.length + 1, 1);
        if (!text) return FN_ENOMEM;
        s->text = text;
        begin[i] = used;
        used += fn_hdf5_clean(cell.text, cell.length, text + used, &h->replaced);
        text[used++] = '\0';
    }
    for (size_t i = 0; i < count; i++) pointer[i] = s->text + begin[i];
    return FN_OK;
}

static fn_status fill(fn_hdf5 *h, const fn_hdf5_column *column, shape *s, size_t first, size_t count)
{
    fn_hdf5_cell cell;
    if (s->variable) return fill_variable(h, column, s, first, count);
    if (column->type == FN_COLUMN_TEXT) memset(s->buffer, 0, count * s->size);
    for (size_t i = 0; i < count; i++) {
        char *at = s->buffer + i * s->size;
        column->get(column, first + i, &cell);
        if (column->type == FN_COLUMN_TEXT) fn_hdf5_clean(cell.text, cell.length, at, &h->replaced);
        else put_cell(at, column, s, &cell);
    }
    return FN_OK;
}

static void put_rows(fn_hdf5 *h, hid_t dataset, hid_t space, const fn_hdf5_column *column, shape *s)
{
    for (hsize_t first = 0, count; !h->status && first < column->rows; first += count) {
        count = column->rows - first < s->chunk_rows ? column->rows - first : s->chunk_rows;
        h->status = fn_progress(h->run, "writing", -1);
        if (!h->status) h->status = fill(h, column, s, first, count);
        if (h->status) return;
        hid_t memory = fn_hdf5_take(h, H5Screate_simple(1, &count, NULL));
        if (memory < 0) return;
        fn_hdf5_take(h, H5Sselect_hyperslab(space, H5S_SELECT_SET, &first, NULL, &count, NULL));
        if (!h->status) fn_hdf5_take(h, H5Dwrite(dataset, s->type, memory, space, H5P_DEFAULT, s->buffer));
        H5Sclose(memory);
    }
}

/* No times; chunks, shuffled and deflated, where there are rows. */
static hid_t dataset_properties(fn_hdf5 *h, const shape *s)
{
    hid_t list = fn_hdf5_take(h, H5Pcreate(H5P_DATASET_CREATE));
    hsize_t chunk = s->chunk_rows;
    if (list < 0) return list;
    fn_hdf5_take(h, H5Pset_obj_track_times(list, false));
    if (!chunk) return list;
    fn_hdf5_take(h, H5Pset_chunk(list, 1, &chunk));
    if (!s->variable) {
        fn_hdf5_take(h, H5Pset_shuffle(list));
        fn_hdf5_take(h, H5Pset_deflate(list, LEVEL));
    }
    return list;
}

/* The column's name as a link: UTF-8 without "/", in this group once. */
static void link_name(fn_hdf5 *h, hid_t group, const char *name, char link[NAME_MOST + 16])
{
    char clean[3 * NAME_MOST];
    size_t length = strlen(name);
    size_t size = fn_hdf5_clean(name, length < NAME_MOST ? length : NAME_MOST - 1, clean, &h->replaced);
    clean[size] = '\0';
    while (size >= NAME_MOST || (clean[size] & 0xc0) == 0x80) size--; /* never within a character */
    clean[size] = '\0';
    for (char *c = clean; *c; c++)
        if (*c == '/') *c = '_';
    if (!size || strcmp(clean, ".") == 0) strcpy(clean, "column");
    strcpy(link, clean);
    for (int number = 2; !h->status && fn_hdf5_take(h, H5Lexists(group, link, H5P_DEFAULT)) > 0; number++)
        snprintf(link, NAME_MOST + 16, "%.*s_%d", NAME_MOST, clean, number);
}

void fn_hdf5_put(fn_hdf5 *h, hid_t group, const fn_hdf5_column *column)
{
    shape s = { .size = 0 };
    char link[NAME_MOST + 16];
    hid_t dataset = -1, space = -1, list = -1, links = -1;
    hsize_t rows = column->rows;
    if (h->status) return;
    choose_types(h, column, &s);
    link_name(h, group, column->name, link);
    s.buffer = fn_alloc(h->run, s.chunk_rows, s.size);
    if (!s.buffer && !h->status) h->status = FN_ENOMEM;
    if (!h->status) space = fn_hdf5_take(h, H5Screate_simple(1, &rows, NULL));
    if (!h->status) list = dataset_properties(h, &s);
    if (!h->status) links = fn_hdf5_take(h, H5Pcreate(H5P_LINK_CREATE));
    if (!h->status) fn_hdf5_take(h, H5Pset_char_encoding(links, H5T_CSET_UTF8));
    if (!h->status) dataset = fn_hdf5_take(h, H5Dcreate2(group, link, s.file_type, space, links, list, H5P_DEFAULT));
    if (!h->status) put_rows(h, dataset, space, column, &s);
    if (!h->status && column->unit && *column->unit) fn_hdf5_note(h, dataset, "unit", column->unit);
    if (!h->status) put_missing(h, dataset, column, &s);
    if (dataset >= 0) fn_hdf5_take(h, H5Dclose(dataset));
    if (space >= 0) H5Sclose(space);
    if (list >= 0) H5Pclose(list);
    if (links >= 0) H5Pclose(links);
    if (column->type == FN_COLUMN_TEXT) close_type(s.type);
    fn_free(s.buffer);
    fn_free(s.text);
}

hid_t fn_hdf5_group(fn_hdf5 *h, hid_t file, const char *name)
{
    if (h->status) return -1;
    hid_t group = -1, list = fn_hdf5_take(h, H5Pcreate(H5P_GROUP_CREATE));
    if (list < 0) return list;
    fn_hdf5_take(h, H5Pset_link_creation_order(list, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED));
    fn_hdf5_take(h, H5Pset_obj_track_times(list, false));
    if (!h->status) group = fn_hdf5_take(h, H5Gcreate2(file, name, H5P_DEFAULT, list, H5P_DEFAULT));
    H5Pclose(list);
    return group;
}
