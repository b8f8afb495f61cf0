/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "tests/suite.h"

Suite *suite_tender(void);

Suite *suite_tender(void)
{
    Suite *suite = suite_create("tender");
    return suite;
}
