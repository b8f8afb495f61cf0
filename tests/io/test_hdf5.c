/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef HAVE_HDF5
#include <hdf5.h>
#endif
#include "graph/memory.h"
#include "io/output_place.h"
#include "tests/io/edgelist_support.h"

Suite *suite_hdf5(void);

static fn_status write_to(fn_run *run, const char *path, fn_export *what)
{
    return fn_format_find("hdf5")->write_path(run, path, what);
}

#ifdef HAVE_HDF5

/* ---- reading back ---- */

static hid_t open_file(const char *path)
{
    hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    ck_assert(file >= 0);
    return file;
}

static size_t rows_of(hid_t file, const char *name)
{
    hid_t dataset = H5Dopen2(file, name, H5P_DEFAULT);
    ck_assert_msg(dataset >= 0, "no dataset %s", name);
    hid_t space = H5Dget_space(dataset);
    hssize_t rows = H5Sget_simple_extent_npoints(space);
    H5Sclose(space);
    H5Dclose(dataset);
    return (size_t) rows;
}

static void read_numbers(hid_t file, const char *name, size_t bytes, double *values)
{
    hid_t dataset = H5Dopen2(file, name, H5P_DEFAULT);
    ck_assert_msg(dataset >= 0, "no dataset %s", name);
    hid_t type = H5Dget_type(dataset);
    ck_assert_uint_eq(H5Tget_size(type), bytes);
    ck_assert(H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
    H5Tclose(type);
    H5Dclose(dataset);
}

/* The texts of a dataset or of an attribute, with ";" behind each. */
static const char *read_texts(hid_t file, const char *name, const char *attribute)
{
    static char all[8192];
    static char *texts[64];
    size_t rows = 0, n = 0;
    hid_t object = H5Oopen(file, name, H5P_DEFAULT);
    ck_assert_msg(object >= 0, "no %s", name);
    hid_t held = attribute ? H5Aopen(object, attribute, H5P_DEFAULT) : object;
    ck_assert_msg(held >= 0, "%s has no %s", name, attribute);
    hid_t type = attribute ? H5Aget_type(held) : H5Dget_type(held),
          space = attribute ? H5Aget_space(held) : H5Dget_space(held);
    ck_assert(H5Tget_class(type) == H5T_STRING && H5Tget_cset(type) == H5T_CSET_UTF8);
    rows = (size_t) H5Sget_simple_extent_npoints(space);
    ck_assert_uint_le(rows, 64);
    all[0] = '\0';
    if (H5Tis_variable_str(type)) {
        if (rows)
            ck_assert((attribute ? H5Aread(held, type, texts)
                                 : H5Dread(held, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, texts)) >= 0);
        for (size_t r = 0; r < rows; r++) n += (size_t) snprintf(all + n, sizeof all - n, "%s;", texts[r]);
        if (rows) H5Dvlen_reclaim(type, space, H5P_DEFAULT, texts);
    } else {
        size_t size = H5Tget_size(type);
        char *bytes = calloc(rows + 1, size);
        if (rows) ck_assert(H5Dread(held, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes) >= 0);
        for (size_t r = 0; r < rows; r++)
            n += (size_t) snprintf(all + n, sizeof all - n, "%.*s;", (int) size, bytes + r * size);
        free(bytes);
    }
    H5Sclose(space);
    H5Tclose(type);
    if (attribute) H5Aclose(held);
    H5Oclose(object);
    return all;
}

static double read_missing(hid_t file, const char *name)
{
    double value;
    hid_t dataset = H5Dopen2(file, name, H5P_DEFAULT), attribute = H5Aopen(dataset, "missing_value", H5P_DEFAULT);
    ck_assert(attribute >= 0 && H5Aread(attribute, H5T_NATIVE_DOUBLE, &value) >= 0);
    H5Aclose(attribute);
    H5Dclose(dataset);
    return value;
}

/* The links of a group in the order in which they were made, with ";" behind each. */
static const char *links_of(hid_t file, const char *name)
{
    static char all[4096];
    char link[256];
    size_t n = 0;
    H5G_info_t about;
    ck_assert(H5Gget_info_by_name(file, name, &about, H5P_DEFAULT) >= 0);
    for (hsize_t i = 0; i < about.nlinks; i++) {
        ck_assert(H5Lget_name_by_idx(file, name, H5_INDEX_CRT_ORDER, H5_ITER_INC, i, link, sizeof link, H5P_DEFAULT) >=
                  0);
        n += (size_t) snprintf(all + n, sizeof all - n, "%s;", link);
    }
    return all;
}

/* ---- tests ---- */

static fn_net *small_net(void)
{
    return edges_read_good("from,to,value,currency,count,date,layer,product,lot,share\n"
                           "Acme,Bolt,12.5,EUR,2,2020-02-29,supply,45000000,7,0.5\n"
                           "Bolt,Caf\xc3\xa9,3,EUR,1,,supply,,,\n"
                           "Acme,Bolt,,,5000000000,,cobid,,9,\n",
                           &edges_plain);
}

START_TEST(every_column_of_ties_is_a_dataset)
{
    fn_run run = support_run();
    fn_net *net = small_net();
    const char *path = support_scratch("net.h5");
    fn_export what = { .net = net, .provenance = "firmnet, made by a test" };
    ck_assert_int_eq(write_to(&run, path, &what), FN_OK);
    hid_t file = open_file(path);
    double values[3];
    ck_assert_str_eq(links_of(file, "/"), "firms;ties;");
    ck_assert_str_eq(links_of(file, "/ties"),
                     "from;to;from_row;to_row;layer;symmetric;value;currency;count;first;last;product;lot;share;");
    ck_assert_str_eq(read_texts(file, "/", "provenance"), "firmnet, made by a test;");
    ck_assert_str_eq(read_texts(file, "/", "firmnet"), PACKAGE_VERSION ";");
    ck_assert_str_eq(read_texts(file, "/ties", "currencies"), ";EUR;");
    ck_assert_str_eq(read_texts(file, "/firms/firm", NULL), "Acme;Bolt;Caf\xc3\xa9;");
    ck_assert_str_eq(read_texts(file, "/ties/from", NULL), "Acme;Acme;Bolt;");
    ck_assert_str_eq(read_texts(file, "/ties/to", NULL), "Bolt;Bolt;Caf\xc3\xa9;");
    ck_assert_str_eq(read_texts(file, "/ties/layer", NULL), "supply;cobid;supply;");
    ck_assert_str_eq(read_texts(file, "/ties/currency", NULL), "EUR;;EUR;");
    ck_assert_str_eq(read_texts(file, "/ties/product", NULL), "45000000;;;");
    ck_assert_str_eq(read_texts(file, "/ties/first", "unit"), "days since 1970-01-01;");
    ck_assert_str_eq(read_texts(file, "/ties/from", "missing_value"), ";");
    read_numbers(file, "/ties/from_row", 4, values);
    ck_assert(values[0] == 1 && values[1] == 1 && values[2] == 2);
    read_numbers(file, "/ties/to_row", 4, values);
    ck_assert(values[0] == 2 && values[1] == 2 && values[2] == 3);
    read_numbers(file, "/ties/value", 8, values);
    ck_assert(values[0] == 12.5 && isnan(values[1]) && values[2] == 3);
    ck_assert(isnan(read_missing(file, "/ties/value")));
    read_numbers(file, "/ties/count", 8, values); /* 5000000000 needs 64 bits */
    ck_assert(values[0] == 2 && values[1] == 5e9 && values[2] == 1);
    ck_assert(read_missing(file, "/ties/count") == -9223372036854775808.0);
    read_numbers(file, "/ties/symmetric", 1, values);
    ck_assert(values[0] == 0 && values[1] == 1 && values[2] == 0);
    read_numbers(file, "/ties/first", 4, values);
    ck_assert(values[0] == 18321 && values[1] == INT32_MIN);
    read_numbers(file, "/ties/lot", 4, values);
    ck_assert(values[0] == 7 && values[1] == 9 && values[2] == INT32_MIN);
    ck_assert(read_missing(file, "/ties/lot") == INT32_MIN);
    read_numbers(file, "/ties/share", 8, values);
    ck_assert(values[0] == 0.5 && isnan(values[1]));
    H5Fclose(file);
    unlink(path);
    fn_net_free(net);
}
END_TEST

START_TEST(what_was_found_of_firms_stands_beside_what_the_data_says)
{
    fn_run run = support_run();
    fn_net *net;
    const char *path = edges_scratch("ties", "a,b,1\n", 6),
               *tables[] = { edges_scratch("firms", "firm,name,size,country\nb,Bolt,12,KZ\n", 36), NULL };
    fn_read_options options = edges_plain;
    options.firms = tables;
    ck_assert_int_eq(fn_read(&run, &path, 1, &options, &net, NULL, NULL), FN_OK);
    fn_table *found;
    fn_column *country, *size, *mark, *slash, *many;
    ck_assert_int_eq(fn_table_new(&run, 2, &found), FN_OK);
    ck_assert_int_eq(fn_table_add(&run, found, "country", FN_COLUMN_TEXT, &country), FN_OK);
    ck_assert_int_eq(fn_table_add(&run, found, "size", FN_COLUMN_REAL, &size), FN_OK);
    ck_assert_int_eq(fn_table_add(&run, found, "is_central", FN_COLUMN_BOOL, &mark), FN_OK);
    ck_assert_int_eq(fn_table_add(&run, found, "a/b", FN_COLUMN_INT, &slash), FN_OK);
    ck_assert_int_eq(fn_table_add(&run, found, "a_b", FN_COLUMN_INT, &many), FN_OK);
    ck_assert_int_eq(fn_column_set_text(&run, country, 0, "found", 5), FN_OK);
    size->real[1] = 2.5;
    mark->boolean[1] = 1;
    fn_export what = { .net = net, .firms = found };
    ck_assert_int_eq(write_to(&run, support_scratch("firms.h5"), &what), FN_OK);
    hid_t file = open_file(support_scratch("firms.h5"));
    double values[2];
    ck_assert_str_eq(links_of(file, "/firms"), "firm;country;drawn_size;is_central;a_b;a_b_2;name;size;");
    ck_assert_str_eq(read_texts(file, "/firms/country", NULL), "found;;");
    ck_assert_str_eq(read_texts(file, "/firms/name", NULL), ";Bolt;");
    read_numbers(file, "/firms/size", 4, values);
    ck_assert(values[0] == INT32_MIN && values[1] == 12);
    read_numbers(file, "/firms/drawn_size", 8, values);
    ck_assert(isnan(values[0]) && values[1] == 2.5);
    read_numbers(file, "/firms/is_central", 1, values);
    ck_assert(values[0] == -1 && values[1] == 1);
    H5Fclose(file);
    unlink(support_scratch("firms.h5"));
    unlink(path);
    unlink(tables[0]);
    fn_table_free(found);
    fn_net_free(net);
}
END_TEST

START_TEST(a_selection_of_ties_is_written_with_its_weights)
{
    fn_run run = support_run();
    fn_net *net = small_net();
    const uint32_t tie[] = { 0, 2 };
    const double weight[] = { 0.25, 4 };
    fn_export what = { .net = net, .tie = tie, .tie_count = 2, .weight = weight };
    const char *path = support_scratch("selection.h5");
    ck_assert_int_eq(write_to(&run, path, &what), FN_OK);
    hid_t file = open_file(path);
    double values[2];
    ck_assert_str_eq(read_texts(file, "/ties/to", NULL), "Bolt;Caf\xc3\xa9;");
    read_numbers(file, "/ties/weight", 8, values);
    ck_assert(values[0] == 0.25 && values[1] == 4);
    read_numbers(file, "/ties/lot", 4, values);
    ck_assert(values[0] == 7 && values[1] == INT32_MIN);
    ck_assert_uint_eq(rows_of(file, "/firms/firm"), 3);
    H5Fclose(file);
    unlink(path);
    fn_net_free(net);
}
END_TEST

START_TEST(odd_texts_are_replaced_visibly_and_ids_stay_different)
{
    fn_run run = support_run();
    fn_net *net;
    uint32_t firm;
    ck_assert_int_eq(fn_net_new(&run, &net), FN_OK);
    ck_assert_int_eq(fn_net_firm(&run, net, "a\0", 2, &firm), FN_OK);
    ck_assert_int_eq(fn_net_firm(&run, net, "\xff", 1, &firm), FN_OK);
    ck_assert_int_eq(fn_net_firm(&run, net, "", 0, &firm), FN_OK);
    ck_assert_int_eq(fn_net_firm(&run, net, "~3", 2, &firm), FN_OK);
    char giant[301];
    memset(giant, 'x', sizeof giant);
    ck_assert_int_eq(fn_net_set_firm_text(&run, net, 1, "note", giant, sizeof giant), FN_OK);
    ck_assert_int_eq(fn_net_set_firm_text(&run, net, 3, "note", "a\xfe", 2), FN_OK);
    ck_assert_int_eq(fn_net_freeze(&run, net), FN_OK);
    fn_export what = { .net = net };
    const char *path = support_scratch("odd.h5");
    ck_assert_int_eq(write_to(&run, path, &what), FN_OK);
    ck_assert_int_eq(what.replaced, 3);
    ck_assert_ptr_nonnull(strstr(support_warning(), "3 characters"));
    hid_t file = open_file(path);
    ck_assert_str_eq(read_texts(file, "/firms/firm", NULL), "a\xef\xbf\xbd~1;\xef\xbf\xbd~2;~3~;~3;");
    const char *note = read_texts(file, "/firms/note", NULL); /* too long for texts of one length */
    ck_assert(note[0] == ';' && strlen(note) == 1 + 302 + 1 + 5);
    ck_assert_str_eq(note + strlen(note) - 5, "a\xef\xbf\xbd;");
    ck_assert_uint_eq(rows_of(file, "/ties/from"), 0);
    H5Fclose(file);
    unlink(path);
    fn_net_free(net);
}
END_TEST

static char *bytes_of(const char *path, size_t *length)
{
    struct stat about;
    ck_assert(!stat(path, &about));
    char *bytes = malloc((size_t) about.st_size);
    FILE *file = fopen(path, "rb");
    *length = fread(bytes, 1, (size_t) about.st_size, file);
    fclose(file);
    return bytes;
}

START_TEST(the_same_bytes_come_on_any_run_and_way)
{
    char *first = NULL;
    size_t length = 0, again;
    for (int way = 0; way < 4; way++) {
        fn_run run = support_run();
        run.threads = 1 + way % 3;
        fn_net *net = support_random_net(&run, 7, 500, 70000, true);
        fn_export what = { .net = net, .provenance = "p" };
        const char *path = support_scratch("same.h5");
        fn_place_named_only(way == 3);
        fn_status status = write_to(&run, path, &what);
        fn_place_named_only(false);
        ck_assert_msg(status == FN_OK, "%s", run.error.message);
        char *bytes = bytes_of(path, &again);
        ck_assert_uint_gt(again, 100000); /* several chunks */
        if (!first) {
            first = bytes;
            length = again;
        } else {
            ck_assert_uint_eq(length, again);
            ck_assert(memcmp(first, bytes, length) == 0);
            free(bytes);
        }
        unlink(path);
        fn_net_free(net);
        sleep(way == 0); /* a time in the file would be another now */
    }
    free(first);
}
END_TEST

START_TEST(large_columns_come_back)
{
    fn_run run = support_run();
    fn_net *net = support_random_net(&run, 3, 400, 150000, true);
    fn_export what = { .net = net };
    const char *path = support_scratch("large.h5");
    ck_assert_int_eq(write_to(&run, path, &what), FN_OK);
    hid_t file = open_file(path);
    size_t ties = fn_net_ties(net);
    ck_assert_uint_gt(ties, 70000);
    ck_assert_uint_eq(rows_of(file, "/ties/value"), ties);
    double *value = malloc(ties * sizeof *value), *to = malloc(ties * sizeof *to);
    read_numbers(file, "/ties/value", 8, value);
    read_numbers(file, "/ties/to_row", 4, to);
    for (size_t e = 0; e < ties; e++) {
        const fn_tie tie = fn_net_tie_at(net, e);
        ck_assert(value[e] == tie.value && to[e] == tie.to + 1.0);
    }
    free(value);
    free(to);
    H5Fclose(file);
    unlink(path);
    fn_net_free(net);
}
END_TEST

START_TEST(every_failing_allocation_is_an_error_and_leaves_no_file)
{
    fn_net *net = small_net();
    const char *path = support_scratch("failing.h5");
    fn_status status = FN_ENOMEM;
    for (long k = 0; status; k++) {
        fn_run run = support_run();
        fn_export what = { .net = net, .provenance = "p" };
        fn_memory_fail_at(k, false);
        status = write_to(&run, path, &what);
        fn_memory_fail_at(-1, false);
        ck_assert(status == FN_OK || (status == FN_ENOMEM && access(path, F_OK)));
        ck_assert_int_lt(k, 500);
    }
    unlink(path);
    fn_net_free(net);
}
END_TEST

/* A full disk in small: no file may be longer than so many bytes. (Where not even 256 fit, libhdf5 loses memory of its
 * own.) */
START_TEST(an_output_that_has_no_room_is_an_error_and_the_old_file_stays)
{
    fn_run run = support_run();
    fn_net *net = support_random_net(&run, 7, 500, 20000, true);
    const char *path = support_scratch("full.h5");
    FILE *old = fopen(path, "w");
    fputs("old", old);
    fclose(old);
    const struct rlimit small = { .rlim_cur = (rlim_t) (1 << (8 + 2 * _i)), .rlim_max = RLIM_INFINITY };
    signal(SIGXFSZ, SIG_IGN);
    ck_assert(!setrlimit(RLIMIT_FSIZE, &small));
    fn_export what = { .net = net };
    fn_status status = write_to(&run, path, &what);
    const struct rlimit none = { .rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY };
    setrlimit(RLIMIT_FSIZE, &none);
    ck_assert_int_eq(status, FN_EIO);
    ck_assert_ptr_nonnull(strstr(run.error.message, "File too large"));
    size_t length;
    char *bytes = bytes_of(path, &length);
    ck_assert(length == 3 && memcmp(bytes, "old", 3) == 0);
    free(bytes);
    unlink(path);
    fn_net_free(net);
}
END_TEST

START_TEST(writing_can_be_stopped_and_only_files_are_written)
{
    fn_net *net = small_net();
    const char *path = support_scratch("stopped.h5");
    fn_run run = support_run();
    fn_export what = { .net = net };
    run.progress = support_stop;
    ck_assert_int_eq(write_to(&run, path, &what), FN_ECANCEL);
    ck_assert_int_ne(access(path, F_OK), 0);
    run = support_run();
    ck_assert_int_eq(write_to(&run, "/dev/null", &what), FN_EINVAL);
    ck_assert_ptr_nonnull(strstr(run.error.message, "needs a file"));
    run = support_run();
    ck_assert_int_eq(write_to(&run, "-", &what), FN_EINVAL);
    fn_net_free(net);
}
END_TEST

#else

START_TEST(a_firmnet_without_hdf5_says_what_to_install)
{
    fn_run run = support_run();
    fn_net *net = edges_read_good("a,b,1\n", &edges_plain);
    fn_export what = { .net = net };
    ck_assert_int_eq(write_to(&run, support_scratch("no.h5"), &what), FN_EINVAL);
    ck_assert_ptr_nonnull(strstr(run.error.message, "without HDF5"));
    ck_assert_ptr_nonnull(strstr(run.error.hint, "libhdf5-dev"));
    ck_assert_int_ne(access(support_scratch("no.h5"), F_OK), 0);
    fn_net_free(net);
}
END_TEST

#endif

START_TEST(a_name_for_gzip_is_refused)
{
    fn_run run = support_run();
    fn_net *net = edges_read_good("a,b,1\n", &edges_plain);
    fn_export what = { .net = net };
    ck_assert_ptr_eq(fn_format_for_output("x.h5"), fn_format_find("hdf5"));
    ck_assert_int_eq(write_to(&run, "x.h5.gz", &what), FN_EINVAL);
    ck_assert_ptr_nonnull(strstr(run.error.hint, "-o x.h5"));
    fn_net_free(net);
}
END_TEST

Suite *suite_hdf5(void)
{
    Suite *suite = suite_create("hdf5");
    TCase *tests = tcase_create("hdf5");
#ifdef HAVE_HDF5
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, every_column_of_ties_is_a_dataset);
    tcase_add_test(tests, what_was_found_of_firms_stands_beside_what_the_data_says);
    tcase_add_test(tests, a_selection_of_ties_is_written_with_its_weights);
    tcase_add_test(tests, odd_texts_are_replaced_visibly_and_ids_stay_different);
    tcase_add_test(tests, the_same_bytes_come_on_any_run_and_way);
    tcase_add_test(tests, large_columns_come_back);
    tcase_add_test(tests, every_failing_allocation_is_an_error_and_leaves_no_file);
    tcase_add_loop_test(tests, an_output_that_has_no_room_is_an_error_and_the_old_file_stays, 0, 5);
    tcase_add_test(tests, writing_can_be_stopped_and_only_files_are_written);
#else
    tcase_add_test(tests, a_firmnet_without_hdf5_says_what_to_install);
#endif
    tcase_add_test(tests, a_name_for_gzip_is_refused);
    suite_add_tcase(suite, tests);
    return suite;
}
