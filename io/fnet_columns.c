/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "graph/memory.h"
#include "graph/net_inside.h"
#include "io/column_types.h"
#include "io/fnet_read.h"

/* Columns of firms and ties in a network file. */

static fn_status fill_texts(fn_fnet_reader *reader, uint32_t number, uint64_t count, fn_column *column)
{
    fn_fnet_names names;
    fn_status status = fn_fnet_take_names(reader, FN_FNET_TEXT_OFFSETS, number, count, &names);
    if (!status && reader->in_place)
        status = fn_fnet_lend_names(reader, &names, column->own_pool, "a text stands twice");
    for (uint32_t n = 0; !status && !reader->in_place && n < names.count; n++) {
        size_t length;
        uint32_t text;
        bool is_new;
        const char *name = fn_fnet_name(&names, n, &length);
        status = fn_names_add(reader->run, column->own_pool, name, length, &text, &is_new);
        if (!status && !is_new)
            status = fn_fnet_damaged(reader, fn_fnet_place(reader, name), "a text stands twice");
    }
    for (size_t row = 0; !status && row < column->rows; row++)
        if (column->text[row] != FN_NONE && column->text[row] >= count)
            status = fn_fnet_damaged(reader, 0, "a text that is not there");
    return status;
}

static fn_status take_column(fn_fnet_reader *reader, uint32_t number, fn_table *table)
{
    const char *bytes, *cells;
    size_t length, cells_length;
    fn_fnet_column head;
    fn_status status = fn_fnet_take(reader, FN_FNET_COLUMN, number, 0, 0, &bytes, &length);
    if (status) return status;
    uint64_t place = (uint64_t) (bytes - reader->bytes);
    if (length < sizeof head) return fn_fnet_damaged(reader, place, "a column that can't be");
    memcpy(&head, bytes, sizeof head);
    uint64_t texts = (uint64_t) head.name_length + head.unit_length;
    static const size_t size[] = {
        [FN_COLUMN_INT] = 8, [FN_COLUMN_REAL] = 8, [FN_COLUMN_DATE] = 4, [FN_COLUMN_BOOL] = 1, [FN_COLUMN_TEXT] = 4
    };
    if (head.type > FN_COLUMN_TEXT || texts != length - sizeof head || (head.type != FN_COLUMN_TEXT && head.texts) ||
        memchr(bytes + sizeof head, '\0', (size_t) texts))
        return fn_fnet_damaged(reader, place, "a column that can't be");
    status = fn_fnet_take(reader, FN_FNET_CELLS, number, table->rows, size[head.type], &cells, &cells_length);
    if (status) return status;
    char *name = fn_copy_text(reader->run, bytes + sizeof head, head.name_length);
    char *unit = fn_copy_text(reader->run, bytes + sizeof head + head.name_length, head.unit_length);
    fn_column *column = NULL;
    fn_column_type type = (fn_column_type) head.type;
    if (!name || !unit)
        status = FN_ENOMEM;
    else if (fn_table_find(table, name))
        status = fn_fnet_damaged(reader, place, "two columns of one name");
    else if (reader->in_place)
        status = fn_table_add_cells(reader->run, table, name, type, (void *) cells, &column);
    else
        status = fn_table_add(reader->run, table, name, type, &column);
    fn_free(name);
    if (status) {
        fn_free(unit);
        return status;
    }
    fn_free(column->unit);
    column->unit = unit;
    if (cells_length && !reader->in_place) memcpy(column->data, cells, cells_length);
    if (column->type == FN_COLUMN_BOOL)
        for (size_t row = 0; row < column->rows; row++)
            if (column->boolean[row] < -1 || column->boolean[row] > 1)
                return fn_fnet_damaged(reader, place, "a cell that can't be");
    return column->type == FN_COLUMN_TEXT ? fill_texts(reader, number, head.texts, column) : FN_OK;
}

/* Put the rows of from into their places in table: what stands there already stays. Columns of two types meet as
 * text. */
static fn_status spread(fn_fnet_reader *reader, fn_table *table, const fn_table *from, const uint32_t *place,
                        size_t first)
{
    fn_status status = FN_OK;
    for (size_t c = 0; !status && c < from->columns; c++) {
        const fn_column *source = from->column[c];
        fn_column *column = fn_table_find(table, source->name);
        bool settle = column && column->type != source->type;
        if (!column) status = fn_table_add(reader->run, table, source->name, FN_COLUMN_TEXT, &column);
        if (!status) status = fn_column_loosen(reader->run, column);
        for (size_t row = 0; !status && row < source->rows; row++) {
            char buffer[FN_REAL_TEXT];
            size_t length, to = place ? place[row] : first + row;
            const char *cell = fn_column_cell(source, row, buffer, &length);
            if (!fn_column_missing(source, row) && fn_column_missing(column, to))
                status = fn_column_set_text(reader->run, column, to, cell, length);
        }
        if (!status && (settle || source->type != FN_COLUMN_TEXT)) status = fn_column_settle(reader->run, column);
    }
    return status;
}

fn_status fn_fnet_take_columns(fn_fnet_reader *reader, uint32_t first, uint64_t count, uint64_t rows, fn_table *table,
                               bool fresh, const uint32_t *place, size_t first_row)
{
    fn_table *part = NULL;
    fn_status status = fn_table_new(reader->run, (size_t) rows, &part);
    for (uint64_t c = 0; !status && c < count; c++) status = take_column(reader, first + (uint32_t) c, part);
    if (!status && fresh) {
        status = fn_table_join_take(reader->run, table, part);
        part = NULL;
    } else if (!status) {
        status = spread(reader, table, part, place, first_row);
    }
    fn_table_free(part);
    return status;
}
