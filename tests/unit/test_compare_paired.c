/* test_compare_paired.c - the same people under two conditions, against R (tests/oracle/make_compare.R). */
#include "stats/rank.h"
#include "study_kit.h"

enum { PEOPLE = 12 };
static const int n_pre[] = {40, 25, 61, 18, 33, 52, 9, 71, 28, 45, 15, 37};
static const int n_post[] = {22, 14, 25, 13, 20, 21, 7, 30, 31, 19, 4, 18};
static const double h_pre[] = {1, 1.1, 0.9, 1, 1.2, 1, 0.8, 1, 1, 1.05, 0.95, 1};
static const double h_post[] = {1.02, 1, 1, 1.1, 0.98, 1, 1, 0.97, 1, 1, 1, 1.03};
static const double b_pre[] = {12, 8, 20, 5, 10, 16, 3, 22, 9, 14, 4, 11};
static const double b_post[] = {7, 5, 9, 4, 6.5, 7, 3, 10, 9.6, 6.2, 1.1, 5.3};

static const char *who(int i)
{
    static char name[4][16];
    static int k;
    char *s = name[k++ % 4];
    snprintf(s, sizeof name[0], "p%02d", i + 1);
    return s;
}

static void person(int i, const char *pre_cells, const char *post_cells)
{
    kit_recording(who(i), "1", "pre", pre_cells, "done");
    kit_recording(who(i), "2", "post", post_cells, "done");
    kit_sum(who(i), "1", (kit_row){.n = n_pre[i], .hours = h_pre[i], .burden = b_pre[i], .n_indeterminate = 3});
    kit_sum(who(i), "2", (kit_row){.n = n_post[i], .hours = h_post[i], .burden = b_post[i], .n_indeterminate = 5});
}

static void people(int n)
{
    kit_begin("");
    for (int i = 0; i < n; i++) {
        person(i, "", "");
    }
    kit_end();
}

static tsv *compare(void)
{
    const myo_compare_job job = kit_job();
    return kit_compare(&job);
}

/* Log of the rate of n events where events cluster threefold and `expected` are expected. */
static double log_rate(int n, double hours, double expected)
{
    return log((n + 1.0 / (2.0 / 3.0 + 1.0 / expected)) / hours);
}

START_TEST(clusters_add_more_than_half_an_event)
{
    enum { FEW_PEOPLE = 7 };
    double n = 0, hours = 0, d[FEW_PEOPLE];
    kit_begin("");
    for (int i = 0; i < FEW_PEOPLE; i++) {
        kit_recording(who(i), "1", "pre", "", "done");
        kit_recording(who(i), "2", "post", "", "done");
        kit_sum(who(i), "1", (kit_row){.n = n_pre[i], .hours = h_pre[i], .fano = 3.5});
        kit_sum(who(i), "2", (kit_row){.n = n_post[i], .hours = h_pre[i], .fano = 2.5});
        n += n_pre[i] + n_post[i];
        hours += 2.0 * h_pre[i];
    }
    kit_end();
    for (int i = 0; i < FEW_PEOPLE; i++) {
        const double expected = n / hours * h_pre[i];
        d[i] = log_rate(n_post[i], h_pre[i], expected) - log_rate(n_pre[i], h_pre[i], expected);
    }
    myo_signed_ranks s;
    ck_assert_int_eq(myo_signed_rank(d, FEW_PEOPLE, 0.95, &s), MYO_OK);
    tsv *t = compare();
    kit_near(t, kit_primary(t), "effect", exp(s.test.estimate));
    kit_near(t, kit_primary(t), "ci_low", exp(s.test.low));
    kit_near(t, kit_primary(t), "ci_high", exp(s.test.high));
    kit_holds(t, kit_primary(t), "warning", "events cluster (variance over mean of counts 3)");
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(headline_is_of_signed_ranks)
{
    people(PEOPLE);
    tsv *t = compare();
    const int r = kit_primary(t);
    ck_assert_int_eq(r, 1);
    kit_text(t, r, "design", "paired");
    kit_text(t, r, "reference", "pre");
    kit_text(t, r, "contrast", "post");
    kit_text(t, r, "effect_name", "rate_ratio");
    kit_text(t, r, "n_reference", "12");
    kit_text(t, r, "n_contrast", "12");
    kit_text(t, r, "events_reference", "434");
    kit_text(t, r, "events_contrast", "224");
    kit_near(t, r, "exposure_reference_h", 12.0);
    kit_near(t, r, "exposure_contrast_h", 12.1);
    kit_near(t, r, "estimate_reference", kit_expected("paired.median_pre"));
    kit_near(t, r, "estimate_contrast", kit_expected("paired.median_post"));
    kit_near(t, r, "effect", kit_expected("paired.effect"));
    kit_near(t, r, "ci_low", kit_expected("paired.low"));
    kit_near(t, r, "ci_high", kit_expected("paired.high"));
    kit_near(t, r, "ci_level", kit_expected("paired.level"));
    kit_near(t, r, "p_value", kit_expected("paired.p"));
    kit_near(t, r, "p_adjusted", kit_expected("paired.p"));
    kit_text(t, r, "adjustment", "primary");
    kit_text(t, r, "seed", "n/a");
    kit_text(t, r, "resamples", "n/a");
    kit_text(t, r, "indeterminate", "excluded");
    kit_text(t, r, "participant_id", "n/a");
    kit_holds(t, r, "test", "Wilcoxon signed-rank (exact)");
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(sentence_says_the_interval)
{
    people(PEOPLE);
    tsv *t = compare();
    kit_text(t, kit_primary(t), "sentence",
             "Jerk rate was 47 % lower under post than pre (rate ratio 0.53, 95.8 % interval 0.42 to 0.67, "
             "12 people, 434 events in 12.0 h under pre, 224 events in 12.1 h under post): fewer jerks.");
    for (int i = 2; i < t->n_rows; i++) {
        kit_text(t, i, "sentence", "n/a");
    }
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(sign_flip_supports)
{
    people(PEOPLE);
    tsv *t = compare();
    const int r = kit_find(t, "jerk", "rate_per_h", "all", "supporting", 0);
    kit_near(t, r, "effect", kit_expected("paired.mean"));
    kit_near(t, r, "p_value", kit_expected("paired.flip_p"));
    kit_text(t, r, "p_adjusted", "n/a");
    kit_text(t, r, "adjustment", "none");
    kit_text(t, r, "seed", "n/a"); /* all 2^12 flips: nothing drawn */
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(indeterminate_events_in)
{
    people(PEOPLE);
    tsv *t = compare();
    const int r = kit_find(t, "jerk", "rate_per_h", "all", "supporting", 1);
    kit_text(t, r, "indeterminate", "included");
    kit_text(t, r, "events_reference", "470");
    kit_text(t, r, "events_contrast", "284");
    kit_near(t, r, "effect", kit_expected("paired.in_effect"));
    kit_near(t, r, "p_value", kit_expected("paired.in_p"));
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(burden_is_a_difference)
{
    people(PEOPLE);
    tsv *t = compare();
    const int r = kit_find(t, "jerk", "burden_s_per_h", "all", "exploratory", 0);
    kit_text(t, r, "effect_name", "burden_difference");
    kit_near(t, r, "effect", kit_expected("burden.effect"));
    kit_near(t, r, "ci_low", kit_expected("burden.low"));
    kit_near(t, r, "ci_high", kit_expected("burden.high"));
    kit_near(t, r, "p_value", kit_expected("burden.p"));
    kit_holds(t, r, "warning", "1 of 12 people did not change");
    kit_text(t, r, "adjustment", "bh");
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(five_people_are_too_few)
{
    people(5);
    tsv *t = compare();
    const int r = kit_primary(t);
    kit_near(t, r, "effect", kit_expected("five.effect"));
    kit_near(t, r, "ci_low", kit_expected("five.low"));
    kit_near(t, r, "ci_high", kit_expected("five.high"));
    kit_near(t, r, "p_value", kit_expected("five.p"));
    kit_text(t, r, "ci_level", "0.9375");
    kit_holds(t, r, "warning", "5 people cannot give an interval of 95 %: attained 93.8 %");
    kit_holds(t, r, "sentence", "Too few people to say whether jerk rate differs");
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(two_people_get_what_two_deserve)
{
    people(2);
    tsv *t = compare();
    const int r = kit_primary(t);
    kit_text(t, r, "ci_level", "0.5");
    kit_text(t, r, "p_value", "0.5");
    kit_holds(t, r, "sentence", "Too few people");
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(one_pair_is_described)
{
    people(1);
    myo_compare_job job = kit_job();
    job.design = "paired";
    tsv *t = kit_compare(&job);
    const int r = kit_primary(t);
    kit_near(t, r, "effect", (22.5 / 1.02) / 40.5);
    kit_text(t, r, "p_value", "n/a");
    kit_text(t, r, "ci_low", "n/a");
    kit_text(t, r, "ci_level", "n/a");
    kit_holds(t, r, "warning", "one pair: described, not tested");
    kit_holds(t, r, "sentence", "Not tested: jerk rate");
    kit_holds(t, r, "sentence", ", described only (1 person, 40 events in 1.00 h under pre, 22 events in 1.02 h under post; one pair");
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(no_pair_has_its_row)
{
    kit_begin("");
    kit_recording("a", "1", "pre", "", "done");
    kit_recording("b", "1", "post", "", "done");
    kit_sum("a", "1", (kit_row){.n = 5, .hours = 1});
    kit_sum("b", "1", (kit_row){.n = 7, .hours = 1});
    kit_end();
    myo_compare_job job = kit_job();
    job.design = "paired";
    tsv *t = kit_compare(&job);
    const int r = kit_primary(t);
    kit_text(t, r, "n_reference", "0");
    kit_text(t, r, "effect", "n/a");
    kit_text(t, r, "p_value", "n/a");
    kit_holds(t, r, "warning", "no pair");
    kit_holds(t, r, "warning", "2 of 2 people with one of the two conditions only");
    tsv_free(t);
    kit_clear();
}
END_TEST

/* Without events d would be ln(T_ref / T_con), and twelve shorter sessions a "significant" rise. */
START_TEST(exposure_alone_is_no_change)
{
    kit_begin("");
    for (int i = 0; i < PEOPLE; i++) {
        kit_recording(who(i), "1", "pre", "", "done");
        kit_recording(who(i), "2", "post", "", "done");
        kit_sum(who(i), "1", (kit_row){.n = 0, .hours = 2});
        kit_sum(who(i), "2", (kit_row){.n = 0, .hours = 1});
    }
    kit_end();
    tsv *t = compare();
    const int r = kit_primary(t);
    kit_text(t, r, "p_value", "n/a");
    kit_text(t, r, "effect", "n/a");
    kit_text(t, r, "estimate_reference", "0");
    kit_text(t, r, "events_contrast", "0");
    kit_holds(t, r, "warning", "no event");
    const int b = kit_find(t, "jerk", "burden_s_per_h", "all", "exploratory", 0);
    kit_text(t, b, "p_value", "n/a");
    ck_assert_str_ne(tsv_text(t, b, "warning"), "n/a");
    tsv_free(t);
    kit_clear();
}
END_TEST

/* Few events in times that differ: ranks of log rates said "79 % higher", p 0.004. */
static void few_events(double pre_h, double post_h)
{
    static const int pre[] = {1, 0, 2, 1, 1, 1, 0, 1, 1, 2}, post[] = {0, 0, 1, 0, 0, 1, 1, 0, 0, 1};
    kit_begin("");
    for (int i = 0; i < 10; i++) {
        kit_recording(who(i), "1", "pre", "", "done");
        kit_recording(who(i), "2", "post", "", "done");
        kit_sum(who(i), "1", (kit_row){.n = pre[i], .hours = pre_h});
        kit_sum(who(i), "2", (kit_row){.n = post[i], .hours = post_h});
    }
    kit_end();
}

START_TEST(few_events_in_times_that_differ)
{
    few_events(4, 1);
    tsv *t = compare();
    const int r = kit_primary(t);
    kit_near(t, r, "effect", (4 / 1.0) / (10 / 4.0)); /* one ratio for all: that of the sums */
    ck_assert_double_gt(tsv_number(t, r, "p_value"), 0.3);
    ck_assert_double_lt(tsv_number(t, r, "ci_low"), 1.0);
    ck_assert_double_gt(tsv_number(t, r, "ci_high"), 1.0);
    kit_text(t, r, "ci_level", "0.95");
    kit_holds(t, r, "test", "binomial given each person's events");
    kit_holds(t, r, "warning", "usable times differ 4-fold between the conditions and one has 0.4 events a person only");
    kit_holds(t, r, "sentence", "No difference shown in jerk rate");
    for (int i = 2; i < t->n_rows; i++) {
        ck_assert_ptr_null(strstr(tsv_text(t, i, "test"), "sign-flip"));
    }
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(no_event_in_the_shorter_time)
{
    kit_begin("");
    for (int i = 0; i < 8; i++) {
        kit_recording(who(i), "1", "pre", "", "done");
        kit_recording(who(i), "2", "post", "", "done");
        kit_sum(who(i), "1", (kit_row){.n = i, .hours = 2});
        kit_sum(who(i), "2", (kit_row){.n = 0, .hours = 0.5});
    }
    kit_end();
    tsv *t = compare();
    const int r = kit_primary(t);
    kit_text(t, r, "effect", "0");
    kit_text(t, r, "ci_low", "0");
    /* 28 events under pre: score limit z^2 / 28 of the rates' ratio, 4 times as long */
    kit_near(t, r, "ci_high", 4 * 1.959963985 * 1.959963985 / 28);
    kit_near(t, r, "p_value", 0.00815097158); /* z = 28 * 0.2 / sqrt(28 * 0.16) */
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(few_events_in_equal_times)
{
    few_events(2, 2);
    tsv *t = compare();
    kit_holds(t, kit_primary(t), "test", "Wilcoxon signed-rank");
    ck_assert_int_gt(kit_find(t, "jerk", "rate_per_h", "all", "supporting", 0), 0);
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(quiet_baselines_give_no_mdc)
{
    kit_begin("");
    for (int i = 0; i < 8; i++) {
        for (int k = 1; k <= 2; k++) {
            kit_recording(who(i), k == 1 ? "1" : "2", "pre", "", "done");
            kit_sum(who(i), k == 1 ? "1" : "2", (kit_row){.n = 0, .hours = k});
        }
        kit_recording(who(i), "3", "post", "", "done");
        kit_sum(who(i), "3", (kit_row){.n = i, .hours = 3});
    }
    kit_end();
    tsv *t = compare();
    kit_text(t, kit_primary(t), "mdc", "n/a");
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(equal_people_cannot_be_ranked)
{
    kit_begin("");
    for (int i = 0; i < 8; i++) {
        kit_recording(who(i), "1", "pre", "", "done");
        kit_recording(who(i), "2", "post", "", "done");
        kit_sum(who(i), "1", (kit_row){.n = 4 + i, .hours = 1});
        kit_sum(who(i), "2", (kit_row){.n = 4 + i, .hours = 1});
    }
    kit_end();
    tsv *t = compare();
    const int r = kit_primary(t);
    kit_text(t, r, "p_value", "n/a");
    kit_text(t, r, "ci_low", "n/a");
    ck_assert_str_ne(tsv_text(t, r, "warning"), "n/a");
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(people_without_exposure_are_left_out)
{
    kit_begin("");
    for (int i = 0; i < PEOPLE; i++) {
        person(i, "", "");
    }
    kit_recording("x", "1", "pre", "", "done");
    kit_recording("x", "2", "post", "", "done");
    kit_sum("x", "1", (kit_row){.n = 0, .hours = 0});
    kit_sum("x", "2", (kit_row){.n = 9, .hours = 1});
    kit_end();
    tsv *t = compare();
    const int r = kit_primary(t);
    kit_text(t, r, "n_reference", "12");
    kit_near(t, r, "effect", kit_expected("paired.effect"));
    kit_holds(t, r, "warning", "1 of 13 people without usable time");
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(channels_may_differ_between_people)
{
    kit_begin("");
    for (int i = 0; i < PEOPLE; i++) {
        const char *channel = i < 7 ? "biceps" : "calf";
        person(i, "", "");
        kit_sum(who(i), "1", (kit_row){.channel = channel, .n = n_pre[i], .hours = h_pre[i], .peak = 100, .unit = "uV"});
        kit_sum(who(i), "2", (kit_row){.channel = channel, .n = n_post[i], .hours = h_post[i], .peak = 50 + i, .unit = i ? "uV" : "au"});
    }
    kit_end();
    tsv *t = compare();
    const int b = kit_find(t, "jerk", "rate_per_h", "biceps", "exploratory", 0);
    const int k = kit_find(t, "jerk", "rate_per_h", "calf", "exploratory", 0);
    kit_text(t, b, "n_reference", "7");
    kit_text(t, k, "n_reference", "5");
    const int p = kit_find(t, "jerk", "peak_median", "biceps", "exploratory", 0);
    kit_text(t, p, "effect_name", "peak_ratio");
    kit_holds(t, p, "warning", "1 of 7 people with recordings that differ in unit");
    ck_assert_int_eq(kit_find(t, "jerk", "peak_median", "all", NULL, 0), 0);
    tsv_free(t);
    kit_clear();
}
END_TEST

static void crossover_study(const char *column, const char *cells[2][2])
{
    kit_begin(column);
    for (int i = 0; i < PEOPLE; i++) {
        person(i, cells[i % 2][0], cells[i % 2][1]);
    }
    kit_end();
}

static int crossover_row(const tsv *t)
{
    for (int i = 1; i < t->n_rows; i++) {
        if (strstr(tsv_text(t, i, "test"), "Hills-Armitage")) {
            return i;
        }
    }
    return 0;
}

static void check_crossover(void)
{
    tsv *t = compare();
    const int r = crossover_row(t);
    ck_assert_int_gt(r, 0);
    kit_near(t, r, "effect", kit_expected("crossover.effect"));
    kit_near(t, r, "ci_low", kit_expected("crossover.low"));
    kit_near(t, r, "ci_high", kit_expected("crossover.high"));
    kit_near(t, r, "p_value", kit_expected("crossover.p"));
    kit_text(t, r, "role", "supporting");
    tsv_free(t);
    kit_clear();
}

START_TEST(crossover_by_period)
{
    const char *cells[2][2] = {{"\t1", "\t2"}, {"\t2", "\t1"}};
    crossover_study("\tperiod", cells);
    check_crossover();
}
END_TEST

START_TEST(crossover_by_sequence)
{
    const char *cells[2][2] = {{"\tAB", "\tAB"}, {"\tBA", "\tBA"}};
    crossover_study("\tsequence", cells);
    check_crossover();
}
END_TEST

START_TEST(crossover_in_one_order_has_a_reason)
{
    const char *cells[2][2] = {{"\t1", "\t2"}, {"\t1", "\t2"}};
    crossover_study("\torder", cells);
    tsv *t = compare();
    const int r = crossover_row(t);
    kit_text(t, r, "p_value", "n/a");
    kit_holds(t, r, "warning", "same order");
    kit_holds(t, kit_primary(t), "warning", "order and condition are mixed up: 12 people had pre first, 0 second");
    tsv_free(t);
    kit_clear();
}
END_TEST

/* Eight had pre first, four post. */
START_TEST(unequal_orders_adjust_the_headline)
{
    kit_begin("\tsequence");
    for (int i = 0; i < PEOPLE; i++) {
        const char *cell = i % 3 ? "\tAB" : "\tBA";
        person(i, cell, cell);
    }
    kit_end();
    tsv *t = compare();
    const int r = kit_primary(t), w = kit_find(t, "jerk", "rate_per_h", "all", "supporting", 0);
    ck_assert_int_eq(r, crossover_row(t));
    ck_assert_int_eq(kit_find(t, NULL, NULL, NULL, "primary", 1), 0);
    kit_holds(t, r, "sentence", "Jerk rate was ");
    kit_text(t, r, "adjustment", "primary");
    kit_holds(t, w, "test", "Wilcoxon signed-rank");
    kit_text(t, w, "sentence", "n/a");
    kit_holds(t, w, "warning", "order and condition are mixed up: see the period-adjusted row (");
    kit_near(t, w, "effect", kit_expected("paired.effect"));
    tsv_free(t);
    kit_clear();
}
END_TEST

/* Each second session has twice the events of the first, whichever condition. */
START_TEST(a_clear_period_is_told)
{
    kit_begin("\tperiod");
    for (int i = 0; i < 8; i++) {
        const int n = 10 + 3 * i, later = 2 * n + i % 3;
        kit_recording(who(i), "1", "pre", i % 2 ? "\t1" : "\t2", "done");
        kit_recording(who(i), "2", "post", i % 2 ? "\t2" : "\t1", "done");
        kit_sum(who(i), "1", (kit_row){.n = i % 2 ? n : later, .hours = 1});
        kit_sum(who(i), "2", (kit_row){.n = i % 2 ? later : n, .hours = 1});
    }
    kit_end();
    tsv *t = compare();
    kit_holds(t, kit_primary(t), "test", "Wilcoxon");
    kit_holds(t, kit_primary(t), "warning", "(4 people had pre first, 4 second; period p ");
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(no_order_no_crossover_row)
{
    people(PEOPLE);
    tsv *t = compare();
    ck_assert_int_eq(crossover_row(t), 0);
    tsv_free(t);
    kit_clear();
}
END_TEST

/* The second pair of baselines is more alike than counts can be. */
START_TEST(repeated_baselines_give_the_mdc)
{
    static const char *const key[] = {"mdc.rate", "mdc.alike"};
    static const int n2_of[2][6] = {{88, 10, 66, 12, 60, 23}, {44, 21, 66, 25, 30, 47}}, events[] = {693, 667};
    const int *n2 = n2_of[_i];
    static const double h2[] = {1, 1, 1, 1.1, 1, 0.9};
    kit_begin("");
    for (int i = 0; i < PEOPLE; i++) {
        person(i, "", "");
    }
    for (int i = 0; i < 6; i++) {
        kit_recording(who(i), "0", "pre", "", "done");
        kit_sum(who(i), "0", (kit_row){.n = n2[i], .hours = h2[i]});
    }
    kit_end();
    tsv *t = compare();
    const int r = kit_primary(t);
    ck_assert_double_eq_tol(tsv_number(t, r, "mdc"), kit_expected(key[_i]), 0.01);
    kit_near(t, r, "events_reference", events[_i]); /* sessions of one condition are pooled */
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(three_conditions_are_two_contrasts)
{
    kit_begin("");
    for (int i = 0; i < PEOPLE; i++) {
        person(i, "", "");
        kit_recording(who(i), "3", "late", "", "done");
        kit_sum(who(i), "3", (kit_row){.n = n_pre[i] + 1, .hours = h_pre[i]});
    }
    kit_end();
    tsv *t = compare();
    const int a = kit_find(t, NULL, NULL, NULL, "primary", 0), b = kit_find(t, NULL, NULL, NULL, "primary", 1);
    kit_text(t, a, "contrast", "post");
    kit_text(t, b, "contrast", "late");
    kit_text(t, b, "reference", "pre");
    kit_text(t, a, "adjustment", "holm"); /* the one question asked twice */
    kit_near(t, b, "p_value", 2.0 / 4096); /* all twelve rose */
    kit_near(t, b, "p_adjusted", 4.0 / 4096);
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(reference_turns_the_ratio)
{
    people(PEOPLE);
    myo_compare_job job = kit_job();
    job.reference = "post";
    tsv *t = kit_compare(&job);
    kit_near(t, kit_primary(t), "effect", 1.0 / kit_expected("paired.effect"));
    kit_text(t, kit_primary(t), "contrast", "pre");
    kit_holds(t, kit_primary(t), "sentence", "89 % higher under pre than post");
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(no_difference_says_what_is_left)
{
    kit_begin("");
    for (int i = 0; i < PEOPLE; i++) {
        kit_recording(who(i), "1", "pre", "", "done");
        kit_recording(who(i), "2", "post", "", "done");
        kit_sum(who(i), "1", (kit_row){.n = 100, .hours = 1});
        kit_sum(who(i), "2", (kit_row){.n = 82 + 3 * i + i % 3, .hours = 1});
    }
    kit_end();
    tsv *t = compare();
    kit_holds(t, kit_primary(t), "sentence", "No difference shown in jerk rate, post against pre: rate ratio");
    kit_holds(t, kit_primary(t), "sentence", "a rate lower by more than 8.96 %");
    kit_holds(t, kit_primary(t), "sentence", " or higher by more than 7.59 %");
    kit_holds(t, kit_primary(t), "sentence", "is not compatible with these data");
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(draws_tell_their_seed)
{
    kit_begin("");
    for (int i = 0; i < 24; i++) {
        kit_recording(who(i), "1", "pre", "", "done");
        kit_recording(who(i), "2", "post", "", "done");
        kit_sum(who(i), "1", (kit_row){.n = 20 + 7 * i % 11, .hours = 1});
        kit_sum(who(i), "2", (kit_row){.n = 15 + 5 * i % 13, .hours = 1});
    }
    kit_end();
    myo_compare_job job = kit_job();
    job.seed = 7;
    job.resamples = 999;
    tsv *t = kit_compare(&job);
    const int r = kit_find(t, "jerk", "rate_per_h", "all", "supporting", 0);
    kit_text(t, r, "seed", "7");
    kit_text(t, r, "resamples", "999");
    kit_text(t, kit_primary(t), "seed", "n/a");
    tsv_free(t);
    kit_clear();
}
END_TEST

int main(void)
{
    Suite *s = suite_create("compare, paired");
    TCase *c = tcase_create("paired");
    tcase_add_test(c, headline_is_of_signed_ranks);
    tcase_add_test(c, clusters_add_more_than_half_an_event);
    tcase_add_test(c, sentence_says_the_interval);
    tcase_add_test(c, sign_flip_supports);
    tcase_add_test(c, indeterminate_events_in);
    tcase_add_test(c, burden_is_a_difference);
    tcase_add_test(c, five_people_are_too_few);
    tcase_add_test(c, two_people_get_what_two_deserve);
    tcase_add_test(c, one_pair_is_described);
    tcase_add_test(c, no_pair_has_its_row);
    tcase_add_test(c, exposure_alone_is_no_change);
    tcase_add_test(c, few_events_in_times_that_differ);
    tcase_add_test(c, no_event_in_the_shorter_time);
    tcase_add_test(c, few_events_in_equal_times);
    tcase_add_test(c, quiet_baselines_give_no_mdc);
    tcase_add_test(c, equal_people_cannot_be_ranked);
    tcase_add_test(c, people_without_exposure_are_left_out);
    tcase_add_test(c, channels_may_differ_between_people);
    tcase_add_test(c, crossover_by_period);
    tcase_add_test(c, crossover_by_sequence);
    tcase_add_test(c, crossover_in_one_order_has_a_reason);
    tcase_add_test(c, unequal_orders_adjust_the_headline);
    tcase_add_test(c, a_clear_period_is_told);
    tcase_add_test(c, no_order_no_crossover_row);
    tcase_add_loop_test(c, repeated_baselines_give_the_mdc, 0, 2);
    tcase_add_test(c, three_conditions_are_two_contrasts);
    tcase_add_test(c, reference_turns_the_ratio);
    tcase_add_test(c, no_difference_says_what_is_left);
    tcase_add_test(c, draws_tell_their_seed);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    const int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
