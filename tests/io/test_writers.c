/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "tests/suite.h"

Suite *suite_writers(void);

Suite *suite_writers(void)
{
    Suite *suite = suite_create("writers");
    return suite;
}
