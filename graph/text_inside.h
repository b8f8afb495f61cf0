/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_GRAPH_TEXT_INSIDE_H
#define FN_GRAPH_TEXT_INSIDE_H

#include <locale.h>

/* The "C" locale for what printf and strtod do; made once, on whatever thread asks first. */
locale_t fn_locale_c(void);

#endif
