/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "tests/suite.h"

Suite *suite_ties(void);

Suite *suite_ties(void)
{
    Suite *suite = suite_create("ties");
    return suite;
}
