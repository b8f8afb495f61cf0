/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "tests/suite.h"

Suite *suite_layout(void);

Suite *suite_layout(void)
{
    Suite *suite = suite_create("layout");
    return suite;
}
