/* test_compare.c - what the designs share: pooling, outcomes, families, choice of design, wrong use. */
#include "compare/compare.h"
#include "study_kit.h"

/* --- labels --- */

START_TEST(labels_keep_their_order)
{
    static char names[300][16];
    myo_labels l = {0};
    int k = -1;
    ck_assert_int_eq(myo_labels_find(&l, "a"), -1);
    for (int i = 0; i < 300; i++) {
        snprintf(names[i], sizeof names[0], "n%d", i);
        ck_assert_int_eq(myo_labels_add(&l, names[i], &k), MYO_OK);
        ck_assert_int_eq(k, i);
    }
    ck_assert_int_eq(myo_labels_add(&l, "n7", &k), MYO_OK);
    ck_assert_int_eq(k, 7);
    ck_assert_int_eq(l.n, 300);
    ck_assert_int_eq(myo_labels_find(&l, "n299"), 299);
    ck_assert_int_eq(myo_labels_find(&l, "n300"), -1);
    myo_labels_clear(&l);
}
END_TEST

/* --- pooling --- */

static myo_diag d;
static myo_compare_job job;
static myo_comparison c;

static myo_err pool(void)
{
    job = kit_job();
    d = (myo_diag){0};
    c = (myo_comparison){.job = &job, .d = &d};
    const myo_err e = myo_results_read(&c.results, kit_dir, &d);
    return e == MYO_OK ? myo_compare_pool(&c) : e;
}

static void unpool(void)
{
    myo_free(c.rec_participant);
    myo_free(c.rec_condition);
    myo_free(c.cell);
    myo_free(c.measure);
    myo_free(c.outcome);
    myo_labels_clear(&c.participants);
    myo_labels_clear(&c.conditions);
    myo_labels_clear(&c.groups);
    myo_labels_clear(&c.channels);
    myo_labels_clear(&c.types);
    myo_results_clear(&c.results);
    myo_diag_clear(&d);
    kit_clear();
}

START_TEST(recordings_of_a_condition_are_one)
{
    kit_begin("\tgroup");
    kit_recording("a", "1", "pre", "\tM", "done");
    kit_recording("a", "2", "pre", "\tM", "done");
    kit_recording("a", "3", "post", "\tM", "done");
    kit_sum("a", "1", (kit_row){.channel = "x", .n = 10, .hours = 1, .burden = 30, .fano = 1, .duration = 40, .peak = 100, .unit = "uV", .n_indeterminate = 1});
    kit_sum("a", "2", (kit_row){.channel = "x", .n = 30, .hours = 3, .burden = 10, .fano = 3, .duration = 60, .peak = 200, .unit = "uV", .n_indeterminate = 2});
    kit_sum("a", "3", (kit_row){.channel = "x", .n = 0, .hours = 2});
    kit_end();
    ck_assert_int_eq(pool(), MYO_OK);
    ck_assert_uint_eq(c.n_cells, 2);
    const myo_pooled *p = myo_compare_cell(&c, 0, 0, 0, 0);
    ck_assert_ptr_nonnull(p);
    ck_assert_int_eq(p->n_recordings, 2);
    ck_assert_int_eq(p->n, 40);
    ck_assert_int_eq(p->n_indeterminate, 3);
    ck_assert_int_eq(p->group, 0);
    ck_assert_double_eq_tol(p->exposure_s, 4 * 3600, 1e-9);
    ck_assert_double_eq_tol(p->burden_s, 60, 1e-9);
    ck_assert_double_eq_tol(p->fano, 2.5, 1e-12);
    ck_assert_double_eq_tol(p->duration_ms_median, 55, 1e-12);
    ck_assert_double_eq_tol(p->peak_median, 175, 1e-12);
    ck_assert_double_nan(p->freq_hz_median);
    ck_assert_double_eq_tol(myo_pooled_value(p, MYO_METRIC_RATE), 10, 1e-12);
    ck_assert_double_eq_tol(myo_pooled_value(p, MYO_METRIC_BURDEN), 15, 1e-12);
    ck_assert_ptr_null(myo_compare_cell(&c, 0, 1, 0, 1));
    ck_assert(myo_compare_has(&c, 0, 1));
    unpool();
}
END_TEST

START_TEST(failed_and_left_are_not_used)
{
    kit_begin("");
    kit_recording("a", "1", "pre", "", "done");
    kit_recording("a", "2", "pre", "", "failed");
    kit_recording("a", "3", "pre", "", "left");
    kit_recording("b", "1", "pre", "", "failed");
    kit_recording("c", "1", "pre", "", "done");
    kit_sum("a", "1", (kit_row){.n = 1, .hours = 1});
    kit_sum("a", "2", (kit_row){.n = 100, .hours = 1});
    kit_end();
    ck_assert_int_eq(pool(), MYO_OK);
    ck_assert_int_eq(myo_compare_cell(&c, 0, 0, 0, 0)->n, 1);
    ck_assert_uint_eq(c.n_failed, 2);
    ck_assert_uint_eq(c.n_left, 1);
    ck_assert_uint_eq(c.n_silent, 1);
    ck_assert_int_eq(c.participants.n, 3);
    ck_assert(!myo_compare_has(&c, 1, 0));
    unpool();
}
END_TEST

START_TEST(units_that_differ_have_no_peak)
{
    kit_begin("");
    kit_recording("a", "1", "pre", "", "done");
    kit_recording("a", "2", "pre", "", "done");
    kit_sum("a", "1", (kit_row){.channel = "x", .n = 1, .hours = 1, .peak = 5, .unit = "uV"});
    kit_sum("a", "2", (kit_row){.channel = "x", .n = 1, .hours = 1, .peak = 5, .unit = "au"});
    kit_end();
    ck_assert_int_eq(pool(), MYO_OK);
    ck_assert_ptr_null(myo_compare_cell(&c, 0, 0, 0, 0)->unit);
    ck_assert_double_nan(myo_compare_cell(&c, 0, 0, 0, 0)->peak_median);
    unpool();
}
END_TEST

START_TEST(a_row_twice_is_damage)
{
    kit_begin("");
    kit_recording("a", "1", "pre", "", "done");
    kit_sum("a", "1", (kit_row){.n = 1, .hours = 1});
    kit_sum("a", "1", (kit_row){.n = 1, .hours = 1});
    kit_end();
    ck_assert_int_eq(pool(), MYO_ERR_DAMAGED);
    ck_assert_ptr_nonnull(strstr(d.message, "twice"));
    unpool();
}
END_TEST

START_TEST(a_stem_nobody_knows_is_damage)
{
    kit_begin("");
    kit_recording("a", "1", "pre", "", "done");
    kit_sum("z", "1", (kit_row){.n = 1, .hours = 1});
    kit_end();
    ck_assert_int_eq(pool(), MYO_ERR_DAMAGED);
    ck_assert_ptr_nonnull(strstr(d.message, "line 2"));
    unpool();
}
END_TEST

START_TEST(negative_numbers_are_damage)
{
    kit_begin("");
    kit_recording("a", "1", "pre", "", "done");
    kit_sum("a", "1", (kit_row){.n = -1, .hours = 1});
    kit_end();
    ck_assert_int_eq(pool(), MYO_ERR_DAMAGED);
    ck_assert_ptr_nonnull(strstr(d.message, "whole number"));
    unpool();
}
END_TEST

/* --- outcomes --- */

static void two_people(void)
{
    static const char *const types[] = {"jerk", "tremor", "artefact", "indeterminate"};
    kit_begin("");
    for (int i = 0; i < 4; i++) {
        const char *who = i / 2 ? "b" : "a", *session = i % 2 ? "2" : "1";
        kit_recording(who, session, i % 2 ? "post" : "pre", "", "done");
        for (int k = 0; k < 4; k++) {
            kit_sum(who, session, (kit_row){.channel = "x", .type = types[k], .n = 5 + i, .hours = 1, .duration = 40, .peak = 9, .unit = "uV", .freq = k == 1 ? 5 : 0});
        }
        for (int k = 0; k < 4; k++) {
            kit_sum(who, session, (kit_row){.type = types[k], .n = 5 + i + k, .hours = 1, .duration = 40});
        }
    }
    kit_end();
}

START_TEST(outcomes_have_their_roles)
{
    two_people();
    ck_assert_int_eq(pool(), MYO_OK);
    ck_assert_int_eq(myo_compare_outcomes(&c), MYO_OK);
    ck_assert_int_eq(c.outcome[0].role, MYO_PRIMARY);
    ck_assert_str_eq(c.channels.name[c.outcome[0].channel], "all");
    ck_assert_int_eq(c.outcome[1].role, MYO_CONFIRMATORY);
    ck_assert_str_eq(c.types.name[c.outcome[1].type], "tremor");
    int confirmatory = 0, peaks_of_all = 0;
    for (int i = 0; i < c.n_outcomes; i++) {
        confirmatory += c.outcome[i].role == MYO_CONFIRMATORY;
        peaks_of_all += c.outcome[i].metric == MYO_METRIC_PEAK && strcmp(c.channels.name[c.outcome[i].channel], "all") == 0;
    }
    ck_assert_int_eq(confirmatory, 1);
    ck_assert_int_eq(peaks_of_all, 0);
    /* all: 4 types x (rate, burden, duration); x: 4 x (those and the peak), and tremor's frequency */
    ck_assert_int_eq(c.n_outcomes, 12 + 16 + 1);
    unpool();
}
END_TEST

START_TEST(primary_may_be_another)
{
    two_people();
    ck_assert_int_eq(pool(), MYO_OK);
    job.primary = "tremor:peak_median:x";
    ck_assert_int_eq(myo_compare_outcomes(&c), MYO_OK);
    ck_assert_int_eq(c.outcome[0].metric, MYO_METRIC_PEAK);
    int confirmatory = 0;
    for (int i = 0; i < c.n_outcomes; i++) {
        confirmatory += c.outcome[i].role == MYO_CONFIRMATORY;
    }
    ck_assert_int_eq(confirmatory, 2); /* the jerks' rate is one of the others now */
    unpool();
}
END_TEST

/* --- families --- */

START_TEST(families_are_adjusted_apart)
{
    static const double p[] = {0.02, 0.01, 0.04, 0.03, 0.2, 0.01, 0.04, 0.03, 0.2, 0.001};
    static const myo_role role[] = {MYO_PRIMARY, MYO_CONFIRMATORY, MYO_CONFIRMATORY, MYO_CONFIRMATORY, MYO_CONFIRMATORY,
                                    MYO_EXPLORATORY, MYO_EXPLORATORY, MYO_EXPLORATORY, MYO_EXPLORATORY, MYO_SUPPORTING};
    d = (myo_diag){0};
    c = (myo_comparison){.job = &job, .d = &d};
    for (int i = 0; i < 10; i++) {
        myo_cmp_row r = myo_cmp_row_none();
        r.p = p[i];
        r.role = role[i];
        ck_assert_int_eq(myo_compare_add(&c, &r), MYO_OK);
    }
    ck_assert_int_eq(myo_compare_adjust(&c), MYO_OK);
    ck_assert_double_eq_tol(c.row[0].p_adjusted, 0.02, 1e-12);
    ck_assert_str_eq(c.row[0].adjustment, "primary");
    ck_assert_double_eq_tol(c.row[2].p_adjusted, kit_expected("holm.2"), 1e-12);
    ck_assert_str_eq(c.row[2].adjustment, "holm");
    ck_assert_double_eq_tol(c.row[6].p_adjusted, kit_expected("bh.2"), 1e-12);
    ck_assert_str_eq(c.row[6].adjustment, "bh");
    ck_assert_double_nan(c.row[9].p_adjusted);
    ck_assert_str_eq(c.row[9].adjustment, "none");
    myo_free(c.row);
}
END_TEST

/* --- rows --- */

START_TEST(a_row_prints_no_infinity_and_no_zero_p)
{
    d = (myo_diag){0};
    c = (myo_comparison){.job = &job, .d = &d};
    myo_cmp_row r = myo_cmp_row_none();
    r.effect = r.high = INFINITY;
    r.low = -INFINITY;
    r.p = 0.0;
    ck_assert_int_eq(myo_compare_add(&c, &r), MYO_OK);
    ck_assert_double_nan(c.row[0].effect);
    ck_assert_double_nan(c.row[0].low);
    ck_assert_double_nan(c.row[0].high);
    ck_assert_double_gt(c.row[0].p, 0.0);
    ck_assert_ptr_nonnull(strstr(c.row[0].warning, "no finite effect"));
    ck_assert_ptr_nonnull(strstr(c.row[0].warning, "; p is below"));
    for (size_t i = 0; i < c.n_text; i++) {
        myo_free(c.text[i]);
    }
    myo_free(c.text);
    myo_free(c.row);
}
END_TEST

/* --- the whole --- */

START_TEST(choice_of_design)
{
    two_people();
    myo_compare_job j = kit_job();
    tsv *t = kit_compare(&j);
    kit_text(t, 1, "design", "paired");
    ck_assert_ptr_nonnull(strstr(kit_said, "design paired"));
    ck_assert_ptr_nonnull(strstr(kit_said, "reference pre, the first condition"));
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(unused_recordings_are_told)
{
    kit_begin("");
    kit_recording("a", "1", "pre", "", "done");
    kit_recording("a", "2", "post", "", "done");
    kit_recording("a", "3", "post", "", "failed");
    kit_sum("a", "1", (kit_row){.n = 5, .hours = 1});
    kit_sum("a", "2", (kit_row){.n = 5, .hours = 1});
    kit_end();
    myo_compare_job j = kit_job();
    tsv *t = kit_compare(&j);
    ck_assert_ptr_nonnull(strstr(kit_said, "W "));
    ck_assert_ptr_nonnull(strstr(kit_said, "1 of 3 recordings not used (1 failed, 0 left)"));
    kit_holds(t, kit_primary(t), "warning", "1 of 3 recordings not used");
    tsv_free(t);
    kit_clear();
}
END_TEST

static void refused(const myo_compare_job *j, myo_err expected, const char *part)
{
    char path[128];
    kit_said[0] = '\0';
    ck_assert_int_eq(myo_compare(j), expected);
    ck_assert_msg(strstr(kit_said, part) != NULL, "\"%s\" lacks \"%s\"", kit_said, part);
    snprintf(path, sizeof path, "%s/comparison.tsv", kit_dir);
    ck_assert_int_ne(access(path, F_OK), 0);
    snprintf(path, sizeof path, "%s/comparison.json", kit_dir);
    ck_assert_int_ne(access(path, F_OK), 0);
}

START_TEST(wrong_use_writes_nothing)
{
    two_people();
    const myo_compare_job good = kit_job();
    myo_compare_job j = good;
    j.design = "parallell";
    refused(&j, MYO_ERR_USAGE, "no such design (found parallell, allowed rates, paired");
    j = good;
    j.reference = "before";
    refused(&j, MYO_ERR_USAGE, "--reference: no such label in the data (found before, allowed pre, post)");
    j = good;
    j.primary = "cramp:rate_per_h";
    refused(&j, MYO_ERR_USAGE, "types jerk tremor artefact indeterminate; metrics rate_per_h");
    j.primary = "jerk";
    refused(&j, MYO_ERR_USAGE, "TYPE:METRIC[:CHANNEL]");
    j.primary = "jerk:peak_median";
    refused(&j, MYO_ERR_USAGE, "channels x all");
    j = good;
    j.resamples = 10;
    refused(&j, MYO_ERR_USAGE, "--resamples: out of range (found 10, allowed 199");
    const char *const twice[] = {kit_dir, kit_dir};
    j = good;
    j.dirs = twice;
    j.n_dirs = 2;
    refused(&j, MYO_ERR_USAGE, "too many result folders (found 2, allowed 1)");
    kit_clear();
}
END_TEST

/* Of people in groups the reference is a group; what "pre" is there, and by what it is chosen, is said. */
START_TEST(a_condition_is_no_groups_reference)
{
    kit_begin("\tgroup");
    for (int i = 0; i < 4; i++) {
        const char *const person[] = {"p1", "p2", "p3", "p4"};
        for (int after = 0; after < 2; after++) {
            kit_recording(person[i], after ? "2" : "1", after ? "post" : "pre", i < 2 ? "\tA" : "\tB", "done");
            kit_sum(person[i], after ? "2" : "1", (kit_row){.n = i, .hours = 1});
        }
    }
    kit_end();
    myo_compare_job j = kit_job();
    j.reference = "pre";
    refused(&j, MYO_ERR_USAGE, "(found pre, a condition: --baseline takes it, allowed A, B)");
    j.reference = "before";
    refused(&j, MYO_ERR_USAGE, "(found before, allowed A, B)");
    kit_clear();
}
END_TEST

START_TEST(no_results)
{
    kit_begin("");
    kit_recording("a", "1", "pre", "", "failed");
    kit_end();
    myo_compare_job j = kit_job();
    refused(&j, MYO_ERR_INPUT, "no recording is done");
    char path[128];
    snprintf(path, sizeof path, "%s/summary.tsv", kit_dir);
    unlink(path);
    refused(&j, MYO_ERR_INPUT, "no summary.tsv");
    snprintf(path, sizeof path, "%s/recordings.tsv", kit_dir);
    unlink(path);
    refused(&j, MYO_ERR_INPUT, "recordings.tsv");
    kit_clear();
}
END_TEST

START_TEST(a_damaged_summary_is_named)
{
    kit_begin("");
    kit_recording("a", "1", "pre", "", "done");
    fputs("a\ta-1\tall\tjerk\tmany\t1\t1\tn/a\tn/a\tn/a\tn/a\tn/a\t0\n", kit_summary);
    kit_end();
    myo_compare_job j = kit_job();
    refused(&j, MYO_ERR_DAMAGED, "summary.tsv: line 2, column 5 (n): wrong value (found \"many\"");
    kit_clear();
}
END_TEST

START_TEST(output_that_cannot_be)
{
    two_people();
    char path[128];
    snprintf(path, sizeof path, "%s/recordings.tsv", kit_dir);
    myo_compare_job j = kit_job();
    j.out_dir = path;
    refused(&j, MYO_ERR_OUTPUT, "not a folder");
    kit_clear();
}
END_TEST

START_TEST(same_bytes_again)
{
    char a[128], b[128];
    size_t n_a = 0, n_b = 0;
    two_people();
    myo_compare_job j = kit_job();
    tsv_free(kit_compare(&j));
    snprintf(a, sizeof a, "%s/comparison.tsv", kit_dir);
    char *first = tsv_slurp(a, &n_a);
    snprintf(b, sizeof b, "%s/again", kit_dir);
    j.out_dir = b;
    tsv_free(kit_compare(&j));
    snprintf(b, sizeof b, "%s/again/comparison.tsv", kit_dir);
    char *second = tsv_slurp(b, &n_b);
    ck_assert_uint_eq(n_a, n_b);
    ck_assert_int_eq(memcmp(first, second, n_a), 0);
    free(first);
    free(second);
    kit_clear();
}
END_TEST

/* The n-th allocation fails: an error, or the very same table (tidying up may do without); never one
 * with other numbers. */
START_TEST(memory_that_fails)
{
    size_t n = 0, n_again = 0;
    char path[128];
    two_people();
    myo_compare_job j = kit_job();
    tsv_free(kit_compare(&j));
    snprintf(path, sizeof path, "%s/comparison.tsv", kit_dir);
    char *whole = tsv_slurp(path, &n);
    int failures = 0, in_a_row = 0;
    for (int64_t k = 1; in_a_row < 20; k++) {
        unlink(path);
        kit_said[0] = '\0';
        myo_mem_fail_at(k);
        const myo_err e = myo_compare(&j);
        myo_mem_fail_at(0);
        if (e == MYO_OK) {
            char *again = tsv_slurp(path, &n_again);
            ck_assert_uint_eq(n, n_again);
            ck_assert_int_eq(memcmp(whole, again, n), 0);
            free(again);
            in_a_row++;
            continue;
        }
        ck_assert_int_ne(access(path, F_OK), 0);
        ck_assert_ptr_nonnull(strstr(kit_said, "E "));
        failures++;
        in_a_row = 0;
    }
    ck_assert_int_gt(failures, 200);
    free(whole);
    kit_clear();
}
END_TEST

int main(void)
{
    Suite *s = suite_create("compare");
    TCase *t = tcase_create("compare");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, labels_keep_their_order);
    tcase_add_test(t, recordings_of_a_condition_are_one);
    tcase_add_test(t, failed_and_left_are_not_used);
    tcase_add_test(t, units_that_differ_have_no_peak);
    tcase_add_test(t, a_row_twice_is_damage);
    tcase_add_test(t, a_stem_nobody_knows_is_damage);
    tcase_add_test(t, negative_numbers_are_damage);
    tcase_add_test(t, outcomes_have_their_roles);
    tcase_add_test(t, primary_may_be_another);
    tcase_add_test(t, families_are_adjusted_apart);
    tcase_add_test(t, a_row_prints_no_infinity_and_no_zero_p);
    tcase_add_test(t, choice_of_design);
    tcase_add_test(t, unused_recordings_are_told);
    tcase_add_test(t, wrong_use_writes_nothing);
    tcase_add_test(t, a_condition_is_no_groups_reference);
    tcase_add_test(t, no_results);
    tcase_add_test(t, a_damaged_summary_is_named);
    tcase_add_test(t, output_that_cannot_be);
    tcase_add_test(t, same_bytes_again);
    tcase_add_test(t, memory_that_fails);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    const int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
