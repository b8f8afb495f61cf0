/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "tests/suite.h"

Suite *suite_report(void);

Suite *suite_report(void)
{
    Suite *suite = suite_create("report");
    return suite;
}
