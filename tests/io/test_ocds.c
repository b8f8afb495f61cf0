/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "tests/suite.h"

Suite *suite_ocds(void);

Suite *suite_ocds(void)
{
    Suite *suite = suite_create("ocds");
    return suite;
}
