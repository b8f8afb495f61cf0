/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "io/format.h"

extern const fn_format fn_format_edgelist;
const fn_format fn_format_edgelist = { .name = "edgelist" };
