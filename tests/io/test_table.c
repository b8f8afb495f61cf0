/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "tests/suite.h"

Suite *suite_table(void);

Suite *suite_table(void)
{
    Suite *suite = suite_create("table");
    return suite;
}
