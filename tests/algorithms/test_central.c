/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "tests/suite.h"

Suite *suite_central(void);

Suite *suite_central(void)
{
    Suite *suite = suite_create("central");
    return suite;
}
