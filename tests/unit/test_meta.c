/* test_meta.c - pooled studies and adjusted p-values against R (tests/oracle/make_exact.R). */
#include <check.h>
#include "base/base.h"
#include "oracle_case.h"
#include "stats/adjust.h"
#include "stats/meta.h"

static const double REL = 1e-9;

enum { MOST_STUDIES = 64 };

static void check_one(const oracle_case *c, size_t from, const myo_test *t, bool with_estimate) {
    ck_assert_msg(!t->why, "%s: %s", c->call, t->why);
    if (with_estimate) {
        oracle_is(c, from++, t->estimate, REL);
    }
    oracle_is(c, from, t->low, REL);
    oracle_is(c, from + 1, t->high, REL);
    oracle_is(c, from + 2, t->p, REL);
}

static void check_meta(const oracle_case *c, const myo_meta *m) {
    check_one(c, 0, &m->fixed, true);
    check_one(c, 4, &m->random, true);
    check_one(c, 8, &m->hk, false);
    ck_assert_double_eq(m->hk.estimate, m->random.estimate);
    oracle_is(c, 11, m->q, REL);
    oracle_is(c, 12, m->q_p, REL);
    oracle_is(c, 13, m->tau2, REL);
    oracle_is(c, 14, m->i2, REL);
    oracle_is(c, 15, m->i2_low, REL);
    oracle_is(c, 16, m->i2_high, REL);
}

static void check_tables(const oracle_case *c) {
    const size_t k = (c->n_arg - 1) / 4;
    myo_2x2 table[MOST_STUDIES];
    myo_effect study[MOST_STUDIES];
    myo_meta m;
    ck_assert_uint_le(k, MOST_STUDIES);
    for (size_t i = 0; i < k; i++) {
        const double *a = c->arg + 1 + i;
        table[i] = (myo_2x2){(int64_t)a[0], (int64_t)a[k], (int64_t)a[2 * k], (int64_t)a[3 * k]};
    }
    const myo_hk hk = c->arg[0] > 0.0 ? MYO_HK_SAFE : MYO_HK_PLAIN;
    ck_assert_int_eq(myo_meta_tables(table, k, 0.95, hk, study, &m, NULL), MYO_OK);
    check_meta(c, &m);
}

static void check_effects(const oracle_case *c) {
    const size_t k = (c->n_arg - 1) / 2;
    myo_effect study[MOST_STUDIES];
    myo_meta m;
    ck_assert_uint_le(k, MOST_STUDIES);
    for (size_t i = 0; i < k; i++) {
        study[i] = (myo_effect){.log = c->arg[1 + i], .se = c->arg[1 + k + i]};
    }
    myo_meta_effects(study, k, 0.95, c->arg[0] > 0.0 ? MYO_HK_SAFE : MYO_HK_PLAIN, &m);
    check_meta(c, &m);
}

START_TEST(pooled_studies_equal_r) {
    ck_assert_int_eq(oracle_each("meta_tables", check_tables), 14);
    ck_assert_int_eq(oracle_each("meta_effects", check_effects), 10);
}
END_TEST

static const myo_2x2 five[] = {
    {0, 20, 0, 21}, {3, 30, 6, 30}, {0, 25, 4, 26}, {9, 22, 9, 20}, {12, 60, 15, 58}};

START_TEST(studies_without_event_are_left_out) {
    myo_effect study[5], rest[4];
    myo_meta all, four;
    ck_assert_int_eq(myo_meta_tables(five, 5, 0.95, MYO_HK_SAFE, study, &all, NULL), MYO_OK);
    ck_assert_int_eq(myo_meta_tables(five + 1, 4, 0.95, MYO_HK_SAFE, rest, &four, NULL), MYO_OK);
    ck_assert(all.k == 4 && all.left_out == 1 && four.left_out == 0);
    ck_assert(!study[0].used && isnan(study[0].log) && study[0].w_fixed == 0.0);
    ck_assert(study[2].used && study[2].corrected && !study[1].corrected);
    ck_assert_double_eq(all.fixed.estimate, four.fixed.estimate);
    ck_assert_double_eq(all.hk.high, four.hk.high);
}
END_TEST

START_TEST(shares_sum_to_one) {
    myo_effect study[5];
    myo_meta m;
    ck_assert_int_eq(myo_meta_tables(five, 5, 0.95, MYO_HK_SAFE, study, &m, NULL), MYO_OK);
    double fixed = 0.0, random = 0.0;
    for (size_t i = 0; i < 5; i++) {
        fixed += study[i].w_fixed;
        random += study[i].w_random;
    }
    ck_assert_double_eq_tol(fixed, 1.0, 1e-14);
    ck_assert_double_eq_tol(random, 1.0, 1e-14);
}
END_TEST

START_TEST(one_study_is_itself) {
    const myo_2x2 t = {6, 25, 18, 25};
    const myo_test r = myo_risk_ratio_katz(t, 0.95);
    myo_effect study[1];
    myo_meta m;
    ck_assert_int_eq(myo_meta_tables(&t, 1, 0.95, MYO_HK_SAFE, study, &m, NULL), MYO_OK);
    ck_assert_double_eq_tol(m.fixed.estimate, r.estimate, 1e-14);
    ck_assert_double_eq_tol(m.fixed.low, r.low, 1e-12); /* the variances agree for one table */
    ck_assert_double_eq_tol(m.random.high, r.high, 1e-12);
    ck_assert_str_eq(m.hk.why, "a single study");
    ck_assert(m.k == 1 && isnan(m.q) && isnan(m.i2) && m.tau2 == 0.0);
}
END_TEST

START_TEST(no_study_says_why) {
    const myo_2x2 t = {0, 25, 0, 25};
    myo_effect study[1];
    myo_meta m;
    ck_assert_int_eq(myo_meta_tables(&t, 1, 0.95, MYO_HK_SAFE, study, &m, NULL), MYO_OK);
    ck_assert(m.k == 0 && m.left_out == 1 && isnan(m.tau2));
    ck_assert_str_eq(m.fixed.why, "no study with a ratio");
    ck_assert_str_eq(m.random.why, "no study with a ratio");
    myo_meta_effects(study, 0, 0.95, MYO_HK_SAFE, &m);
    ck_assert(m.k == 0 && m.fixed.why);
}
END_TEST

START_TEST(an_arm_without_any_event_has_no_fixed_ratio) {
    const myo_2x2 t[] = {{0, 25, 3, 25}, {0, 30, 2, 30}};
    myo_effect study[2];
    myo_meta m;
    ck_assert_int_eq(myo_meta_tables(t, 2, 0.95, MYO_HK_SAFE, study, &m, NULL), MYO_OK);
    ck_assert_str_eq(m.fixed.why, "no event in one of the arms of any study");
    ck_assert(!m.random.why && m.random.high > m.random.estimate && isfinite(m.random.high));
}
END_TEST

START_TEST(tables_that_are_none_are_refused) {
    const myo_2x2 t[] = {{6, 25, 18, 25}, {26, 25, 18, 25}};
    myo_effect study[2];
    myo_meta m;
    myo_diag d = {0};
    ck_assert_int_eq(myo_meta_tables(t, 2, 0.95, MYO_HK_SAFE, study, &m, &d), MYO_ERR_RANGE);
    ck_assert_ptr_nonnull(strstr(d.message, "study 2"));
    myo_diag_clear(&d);
}
END_TEST

/* Studies that agree entirely: Hartung-Knapp's plain interval shrinks to nothing, the safe one does
 * not. */
START_TEST(agreeing_studies_need_the_safeguard) {
    myo_effect study[3] = {
        {.log = -0.5, .se = 0.25}, {.log = -0.5, .se = 0.25}, {.log = -0.5, .se = 0.5}};
    myo_meta plain, safe;
    myo_meta_effects(study, 3, 0.95, MYO_HK_PLAIN, &plain);
    myo_meta_effects(study, 3, 0.95, MYO_HK_SAFE, &safe);
    ck_assert(plain.hk.high - plain.hk.low < 1e-6);
    ck_assert(safe.hk.high - safe.hk.low > safe.random.high - safe.random.low);
    ck_assert(safe.tau2 == 0.0 && safe.i2 == 0.0);
}
END_TEST

START_TEST(studies_without_numbers_are_left_out) {
    myo_effect study[4] = {{.log = -0.5, .se = 0.25},
                           {.log = NAN, .se = 0.25},
                           {.log = 0.1, .se = 0.0},
                           {.log = 0.2, .se = INFINITY}};
    myo_meta m;
    myo_meta_effects(study, 4, 0.95, MYO_HK_SAFE, &m);
    ck_assert(m.k == 1 && m.left_out == 3);
    ck_assert_double_eq_tol(m.fixed.estimate, exp(-0.5), 1e-15);
    ck_assert(study[0].used && !study[1].used && !study[2].used && !study[3].used);
    myo_meta_effects(study, 1, 1.5, MYO_HK_SAFE, &m);
    ck_assert_ptr_nonnull(m.fixed.why);
}
END_TEST

/* --- adjust --- */

static void check_adjust(const oracle_case *c,
                         myo_err (*adjust)(const double *p, size_t n, double *out)) {
    static double out[ORACLE_MAX];
    ck_assert_int_eq(adjust(c->arg, c->n_arg, out), MYO_OK);
    for (size_t i = 0; i < c->n_arg; i++) {
        oracle_is(c, i, out[i], 1e-14);
    }
}

static void check_holm(const oracle_case *c) {
    check_adjust(c, myo_adjust_holm);
}

static void check_bh(const oracle_case *c) {
    check_adjust(c, myo_adjust_bh);
}

START_TEST(adjusted_p_equal_r) {
    ck_assert_int_eq(oracle_each("holm", check_holm), 13);
    ck_assert_int_eq(oracle_each("bh", check_bh), 13);
}
END_TEST

START_TEST(adjusting_in_place_is_allowed) {
    double p[] = {0.04, NAN, 0.01}, q[3];
    ck_assert_int_eq(myo_adjust_holm(p, 3, q), MYO_OK);
    ck_assert_int_eq(myo_adjust_holm(p, 3, p), MYO_OK);
    ck_assert(p[0] == q[0] && isnan(p[1]) && p[2] == q[2] && p[2] == 0.02);
    ck_assert_int_eq(myo_adjust_bh(p, 0, p), MYO_OK);
}
END_TEST

START_TEST(adjusting_without_memory_leaves_out_alone) {
    const double p[] = {0.04, 0.01};
    double q[] = {-1.0, -1.0};
    myo_mem_fail_at(1);
    ck_assert_int_eq(myo_adjust_bh(p, 2, q), MYO_ERR_NOMEM);
    myo_mem_fail_at(0);
    ck_assert(q[0] == -1.0 && q[1] == -1.0);
}
END_TEST

static Suite *suite(void) {
    Suite *s = suite_create("meta");
    TCase *c = tcase_create("meta");
    tcase_add_test(c, pooled_studies_equal_r);
    tcase_add_test(c, studies_without_event_are_left_out);
    tcase_add_test(c, shares_sum_to_one);
    tcase_add_test(c, one_study_is_itself);
    tcase_add_test(c, no_study_says_why);
    tcase_add_test(c, an_arm_without_any_event_has_no_fixed_ratio);
    tcase_add_test(c, tables_that_are_none_are_refused);
    tcase_add_test(c, agreeing_studies_need_the_safeguard);
    tcase_add_test(c, studies_without_numbers_are_left_out);
    tcase_add_test(c, adjusted_p_equal_r);
    tcase_add_test(c, adjusting_in_place_is_allowed);
    tcase_add_test(c, adjusting_without_memory_leaves_out_alone);
    suite_add_tcase(s, c);
    return s;
}

int main(void) {
    SRunner *sr = srunner_create(suite());
    srunner_run_all(sr, CK_NORMAL);
    const int failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed;
}
