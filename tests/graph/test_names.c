/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "tests/suite.h"

Suite *suite_names(void);

Suite *suite_names(void)
{
    Suite *suite = suite_create("names");
    return suite;
}
