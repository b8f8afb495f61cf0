/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "io/format.h"

extern const fn_format fn_format_graphml;
const fn_format fn_format_graphml = { .name = "graphml" };
