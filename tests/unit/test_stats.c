/* test_stats.c - rates, scatter and quantiles against SciPy and NumPy (tests/oracle). */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/base.h"
#include "stats/stats.h"

enum { MAX_CELLS = 8, MAX_VALUES = 4096 };

/* Visit the rows of a reference table; each cell is a text. Returns the number of rows. */
static int each_row(const char *name, void (*fn)(char **cell)) {
    char path[512];
    snprintf(path, sizeof path, "%s/tests/oracle/%s", MYO_SOURCE_DIR, name);
    FILE *f = fopen(path, "r");
    ck_assert_ptr_nonnull(f);
    char *line = NULL;
    size_t cap = 0;
    int n = 0;
    while (getline(&line, &cap, f) > 0) {
        char *cell[MAX_CELLS] = {0}, *save = NULL;
        line[strcspn(line, "\n")] = '\0';
        int c = 0;
        for (char *s = strtok_r(line, "\t", &save); s && c < MAX_CELLS; c++) {
            cell[c] = s;
            s = strtok_r(NULL, "\t", &save);
        }
        if (n++ > 0) {
            fn(cell);
        }
    }
    free(line);
    fclose(f);
    return n - 1;
}

static size_t parse_list(char *s, double *x) {
    size_t n = 0;
    char *save = NULL;
    for (char *v = strtok_r(s, " ", &save); v; v = strtok_r(NULL, " ", &save)) {
        ck_assert_uint_lt(n, MAX_VALUES);
        x[n++] = atof(v);
    }
    return n;
}

static void assert_close(double got, double want, double rel) {
    ck_assert_msg(fabs(got - want) <= rel * fabs(want) + 1e-300, "got %.17g, want %.17g", got,
                  want);
}

static void check_limits(char **cell) {
    double lo, hi;
    myo_poisson_limits(atoll(cell[0]), atof(cell[1]), &lo, &hi);
    assert_close(lo, atof(cell[2]), 1e-9);
    assert_close(hi, atof(cell[3]), 1e-9);
}

START_TEST(poisson_limits_equal_scipy) {
    ck_assert_int_eq(each_row("poisson_limits.tsv", check_limits), 285);
}
END_TEST

START_TEST(poisson_limits_refuse_nonsense) {
    double lo, hi;
    myo_poisson_limits(-1, 0.95, &lo, &hi);
    ck_assert(isnan(lo) && isnan(hi));
    myo_poisson_limits(1, 1.0, &lo, &hi);
    ck_assert(isnan(lo) && isnan(hi));
    myo_poisson_limits(1, NAN, &lo, &hi);
    ck_assert(isnan(lo) && isnan(hi));
}
END_TEST

/* Every count up to 20000: limits rise by about one an event, so neither method jumps or fails. */
START_TEST(poisson_limits_rise_without_a_jump) {
    double last_lo, last_hi;
    myo_poisson_limits(0, 0.95, &last_lo, &last_hi);
    for (int64_t n = 1; n <= 20000; n++) {
        double lo, hi;
        myo_poisson_limits(n, 0.95, &lo, &hi);
        const double slope = 1.2 / sqrt((double)n); /* d sqrt(n) z / dn = z / (2 sqrt(n)) */
        ck_assert_msg(fabs(lo - last_lo - 1.0) <= slope + 1e-9, "low limit of %ld", (long)n);
        ck_assert_msg(fabs(hi - last_hi - 1.0) <= slope + 1e-9, "high limit of %ld", (long)n);
        last_lo = lo;
        last_hi = hi;
    }
}
END_TEST

START_TEST(a_rate_is_per_hour_of_exposure) {
    const myo_rate r = myo_rate_of(10, 1800.0);
    assert_close(r.per_h, 20.0, 1e-15);
    assert_close(r.low, 2 * 4.795389, 1e-6);
    assert_close(r.high, 2 * 18.390356, 1e-6);
}
END_TEST

START_TEST(no_event_is_a_result_too) {
    const myo_rate r = myo_rate_of(0, 3600.0);
    ck_assert(r.per_h == 0.0 && r.low == 0.0);
    assert_close(r.high, 3.6888794541139363, 1e-9);
}
END_TEST

START_TEST(no_exposure_gives_no_rate) {
    const myo_rate r = myo_rate_of(0, 0.0);
    ck_assert(isnan(r.per_h) && isnan(r.low) && isnan(r.high));
    ck_assert(isnan(myo_rate_of(3, NAN).per_h));
}
END_TEST

static void check_fano(char **cell) {
    static double x[MAX_VALUES];
    const size_t n = parse_list(cell[0], x);
    assert_close(myo_fano(x, NULL, n), atof(cell[1]), 1e-12);
}

START_TEST(fano_equals_numpy) {
    ck_assert_int_eq(each_row("fano.tsv", check_fano), 4);
}
END_TEST

START_TEST(fano_weighs_unequal_exposure) {
    /* counts proportional to exposure scatter not at all */
    const double count[] = {1, 2, 4, 9}, exposure[] = {10, 20, 40, 0};
    ck_assert_double_eq_tol(myo_fano(count, exposure, 4), 0.0, 1e-12);
}
END_TEST

START_TEST(fano_needs_bins_and_events) {
    const double none[] = {0, 0, 0}, one[] = {5};
    ck_assert(isnan(myo_fano(none, NULL, 3)));
    ck_assert(isnan(myo_fano(one, NULL, 1)));
    ck_assert(isnan(myo_fano(NULL, NULL, 0)));
}
END_TEST

static void check_quantiles(char **cell) {
    static double x[MAX_VALUES];
    const size_t n = parse_list(cell[0], x);
    myo_dist d = {0};
    for (size_t i = 0; i < n; i++) {
        ck_assert_int_eq(myo_dist_add(&d, x[i]), MYO_OK);
    }
    const myo_quartiles q = myo_quartiles_of(x, n);
    assert_close(q.q1, atof(cell[1]), 1e-12);
    assert_close(q.median, atof(cell[2]), 1e-12);
    assert_close(q.q3, atof(cell[3]), 1e-12);
    ck_assert(myo_dist_quantile(&d, 0.25) == q.q1 && myo_dist_quantile(&d, 0.75) == q.q3);
    assert_close(d.mean, atof(cell[4]), 1e-12);
    if (n > 1) {
        assert_close(myo_dist_sd(&d), atof(cell[5]), 1e-12);
        assert_close(myo_dist_cv(&d), atof(cell[5]) / atof(cell[4]), 1e-12);
    } else {
        ck_assert(isnan(myo_dist_sd(&d)));
    }
    myo_dist_clear(&d);
}

START_TEST(quantiles_equal_numpy) {
    ck_assert_int_eq(each_row("quantiles.tsv", check_quantiles), 8);
}
END_TEST

START_TEST(an_empty_distribution_has_no_quantile) {
    myo_dist d = {0};
    ck_assert(isnan(myo_dist_quantile(&d, 0.5)) && isnan(myo_dist_sd(&d)));
    ck_assert_int_eq(myo_dist_add(&d, NAN), MYO_OK);
    ck_assert_int_eq(d.n, 0);
    ck_assert(isnan(myo_quartiles_of(NULL, 0).median));
    myo_dist_clear(&d);
}
END_TEST

/* Log-uniform over 12 decades: the widest spread that the bins must carry. */
START_TEST(many_values_keep_a_thousandth) {
    enum { N = 200000 };
    double *x = malloc(N * sizeof *x);
    myo_dist d = {0};
    myo_rng r;
    myo_rng_seed(&r, 7, 1);
    for (int i = 0; i < N; i++) {
        x[i] = pow(10.0, -5.0 + 12.0 * myo_rng_uniform(&r));
        ck_assert_int_eq(myo_dist_add(&d, x[i]), MYO_OK);
    }
    ck_assert_ptr_null(d.x);
    (void)myo_quartiles_of(x, N); /* sorts */
    for (int i = 0; i <= 100; i++) {
        const double p = i / 100.0;
        assert_close(myo_dist_quantile(&d, p), myo_quantile_sorted(x, N, p), 5e-4);
    }
    free(x);
    myo_dist_clear(&d);
}
END_TEST

START_TEST(the_last_exact_and_the_first_counted_agree) {
    myo_dist d = {0};
    for (int i = 0; i < MYO_DIST_EXACT; i++) {
        ck_assert_int_eq(myo_dist_add(&d, 100.0 + i % 64), MYO_OK);
    }
    const double exact = myo_dist_quantile(&d, 0.5);
    ck_assert(exact == 131.5 && d.x != NULL);
    ck_assert_int_eq(myo_dist_add(&d, 131.5), MYO_OK);
    ck_assert_ptr_null(d.x);
    assert_close(myo_dist_quantile(&d, 0.5), exact, 5e-4);
    myo_dist_clear(&d);
}
END_TEST

START_TEST(extremes_are_the_least_and_greatest_seen) {
    myo_dist d = {0};
    for (int i = 0; i < 5000; i++) {
        ck_assert_int_eq(myo_dist_add(&d, i % 2 ? 1e12 : -3.0), MYO_OK);
    }
    ck_assert(myo_dist_quantile(&d, 0.0) == -3.0 && myo_dist_quantile(&d, 0.25) == -3.0);
    ck_assert(myo_dist_quantile(&d, 0.75) == 1e12 && myo_dist_quantile(&d, 1.0) == 1e12);
    myo_dist_clear(&d);
}
END_TEST

START_TEST(bin_edges_belong_above) {
    const double edges[] = {0x1p-20, 1.0, 2.0, 1024.0, 0x1p30};
    for (int k = 0; k < 5; k++) {
        myo_dist d = {0};
        for (int i = 0; i < 5001; i++) {
            ck_assert_int_eq(myo_dist_add(&d, edges[k]), MYO_OK);
        }
        ck_assert(myo_dist_quantile(&d, 0.5) == edges[k]); /* never outside of what was seen */
        myo_dist_clear(&d);
    }
}
END_TEST

START_TEST(no_memory_leaves_a_distribution_as_it_was) {
    myo_dist d = {0};
    for (int i = 0; i < MYO_DIST_EXACT; i++) {
        ck_assert_int_eq(myo_dist_add(&d, 1.0 + i), MYO_OK);
    }
    for (int n = 1; n <= 3; n++) {
        myo_mem_fail_at(n);
        ck_assert_int_eq(myo_dist_add(&d, 5.0), MYO_ERR_NOMEM);
        myo_mem_fail_at(0);
        ck_assert_int_eq(d.n, MYO_DIST_EXACT);
        ck_assert_double_eq(myo_dist_quantile(&d, 1.0), 4096.0);
    }
    ck_assert_int_eq(myo_dist_add(&d, 5.0), MYO_OK);
    ck_assert_int_eq(d.n, MYO_DIST_EXACT + 1);
    myo_dist_clear(&d);
}
END_TEST

static Suite *suite(void) {
    Suite *s = suite_create("stats");
    TCase *c = tcase_create("stats");
    tcase_add_test(c, poisson_limits_equal_scipy);
    tcase_add_test(c, poisson_limits_refuse_nonsense);
    tcase_add_test(c, poisson_limits_rise_without_a_jump);
    tcase_add_test(c, a_rate_is_per_hour_of_exposure);
    tcase_add_test(c, no_event_is_a_result_too);
    tcase_add_test(c, no_exposure_gives_no_rate);
    tcase_add_test(c, fano_equals_numpy);
    tcase_add_test(c, fano_weighs_unequal_exposure);
    tcase_add_test(c, fano_needs_bins_and_events);
    tcase_add_test(c, quantiles_equal_numpy);
    tcase_add_test(c, an_empty_distribution_has_no_quantile);
    tcase_add_test(c, many_values_keep_a_thousandth);
    tcase_add_test(c, the_last_exact_and_the_first_counted_agree);
    tcase_add_test(c, extremes_are_the_least_and_greatest_seen);
    tcase_add_test(c, bin_edges_belong_above);
    tcase_add_test(c, no_memory_leaves_a_distribution_as_it_was);
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
