/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "tests/suite.h"

Suite *suite_economy(void);

Suite *suite_economy(void)
{
    Suite *suite = suite_create("economy");
    return suite;
}
