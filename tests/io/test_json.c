/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "tests/suite.h"

Suite *suite_json(void);

Suite *suite_json(void)
{
    Suite *suite = suite_create("json");
    return suite;
}
