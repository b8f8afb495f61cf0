/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "tests/suite.h"

Suite *suite_odd(void);

Suite *suite_odd(void)
{
    Suite *suite = suite_create("odd");
    return suite;
}
