/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "tests/suite.h"

Suite *suite_columns(void);

Suite *suite_columns(void)
{
    Suite *suite = suite_create("columns");
    return suite;
}
