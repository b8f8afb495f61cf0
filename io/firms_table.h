/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_FIRMS_TABLE_H
#define FN_IO_FIRMS_TABLE_H

#include "io/format.h"

/* Read the firm tables of the options (--firms): delimited text with a header that has a column `firm` (or `id`); the
 * others become firm columns, named in lower_snake_case. name, kind, country, region and industry are text; size and
 * patents numbers >= 0, lat and lon degrees; the rest is typed by its content. A firm that no tie names is a firm, too.
 * What a table says replaces what other data says of the firm. A firm named twice in one table is a warning; two
 * different values for one cell are an error that names both lines, also between tables. To be called after every
 * input is read and before the freeze. Rows are counted as unit "firm_row". */
fn_status fn_firms_tables_read(fn_run *run, fn_import *import);

#endif
