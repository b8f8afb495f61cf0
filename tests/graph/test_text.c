/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "tests/suite.h"

Suite *suite_text(void);

Suite *suite_text(void)
{
    Suite *suite = suite_create("text");
    return suite;
}
