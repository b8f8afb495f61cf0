/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_TESTS_SUITE_H
#define FN_TESTS_SUITE_H

#include <check.h>
#include <stdbool.h>
#include <stdlib.h>
#include "tests/support.h"

/* Check tells the parent process the place of every assertion that holds. Tests hold millions of them, and took most of
 * their time for telling: here each place tells once, which is enough to find where a test died. */
#define _mark_point(file, line) \
    ({ static bool told_place; if (!told_place) { told_place = true; (_mark_point)(file, line); } })

/* Run a table of suites. Nothing parallel may run here, before the tests fork: libgomp does not survive a fork. */
static inline int suites_run(Suite *(*const suites[])(void))
{
    support_sweep();
    SRunner *runner = srunner_create(suites[0]());
    for (int i = 1; suites[i]; i++) srunner_add_suite(runner, suites[i]());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
