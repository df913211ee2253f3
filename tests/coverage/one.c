/* one.c - one person, two sessions: the headline of design rates, by the functions that make it. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "compare/single.h"
#include "coverage.h"

enum { MAX_EVENTS = 4096, MAX_MINUTES = 1000 };
/* A user's run draws 100000; a Monte Carlo test is as exact with fewer, its interval a little
 * wider. */
enum { RESAMPLES = 1999 };

/* A comparison that holds nothing but what rows about one person are made of. */
typedef struct bench {
    myo_diag d;
    const char *dir, *label;
    myo_compare_job job;
    myo_comparison c;
} bench;

static void bench_init(bench *b, uint64_t seed) {
    *b = (bench){.dir = "", .label = "x"};
    b->job = (myo_compare_job){.dirs = &b->dir, .n_dirs = 1, .seed = seed, .resamples = RESAMPLES};
    const myo_labels one = {.name = &b->label, .n = 1};
    b->c = (myo_comparison){.job = &b->job,
                            .participants = one,
                            .conditions = one,
                            .channels = one,
                            .types = one,
                            .d = &b->d};
}

static void bench_clear(bench *b) {
    for (size_t i = 0; i < b->c.n_text; i++) {
        myo_free(b->c.text[i]);
    }
    myo_free(b->c.text);
    myo_free(b->c.row);
    myo_diag_clear(&b->d);
}

/* As summary.tsv has it: of counts in whole minutes. */
static double fano(const double *onset, size_t n, double length_s) {
    static _Thread_local double count[MAX_MINUTES];
    const size_t minutes = (size_t)(length_s / 60.0);
    memset(count, 0, sizeof count);
    for (size_t i = 0; i < n; i++) {
        count[(size_t)(onset[i] / 60.0)] += 1.0;
    }
    return myo_fano(count, NULL, minutes);
}

/* A session as a recording of that length without gaps. */
typedef struct session {
    double onset[MAX_EVENTS];
    myo_mark mark[MAX_EVENTS];
    myo_marks marks;
    myo_side side;
    myo_measure measure;
    myo_pooled cell;
} session;

static void session_draw(session *s, myo_rng *r, cov_law law, double mean, double hours) {
    const double length_s = 3600.0 * hours;
    const size_t n = cov_onsets(r, law, mean, length_s, s->onset, MAX_EVENTS);
    for (size_t i = 0; i < n; i++) {
        s->mark[i] = (myo_mark){
            .on = s->onset[i], .off = s->onset[i] + 0.1, .peak = NAN, .freq_hz = NAN, .area = NAN};
    }
    s->marks = (myo_marks){0, 0.0, length_s, 0.0, s->mark, n};
    s->side = (myo_side){&s->marks, 1, false};
    s->measure = (myo_measure){.n = (int64_t)n, .exposure_s = length_s, .unit = ""};
    s->cell = (myo_pooled){.n_recordings = 1,
                           .measure = &s->measure,
                           .n = (int64_t)n,
                           .exposure_s = length_s,
                           .fano = fano(s->onset, n, length_s),
                           .unit = ""};
}

static cov_trial headline(bench *b, session *ref, session *con, double truth) {
    const myo_outcome o = {0, 0, MYO_METRIC_RATE, MYO_EXPLORATORY};
    const myo_wanted w = {.channel = 0, .type = 0, .all = false};
    myo_single q = {.c = &b->c, .o = &o, .mdc = NAN, .has_events = true};
    q.ref = &ref->cell;
    q.con = &con->cell;
    q.ref_side = &ref->side;
    q.con_side = &con->side;
    if (myo_series_of(q.ref_side, &w, q.ref, &q.ref_series) != MYO_OK ||
        myo_series_of(q.con_side, &w, q.con, &q.con_series) != MYO_OK ||
        myo_single_rate(&q) != MYO_OK) {
        cov_stop("one person", "no memory");
    }
    myo_series_clear(&q.ref_series);
    myo_series_clear(&q.con_series);
    const myo_cmp_row *row = &b->c.row[0];
    const bool wide = !strstr(row->test, "exact");
    /* An open end is told in words and printed as n/a. */
    const bool made = !isnan(row->low) || !isnan(row->high);
    cov_trial t =
        cov_trial_of(made && isnan(row->low) ? 0.0 : row->low,
                     made && isnan(row->high) ? INFINITY : row->high, row->level, row->p, truth);
    t.wide = wide;
    return t;
}

static cov_trial trial(const cov_case *c, myo_rng *r) {
    static _Thread_local session ref, con;
    bench b;
    bench_init(&b, myo_rng_u32(r));
    session_draw(&ref, r, c->law_ref, c->n_ref, c->hours_ref);
    session_draw(&con, r, c->law, c->n_con, c->hours_con);
    const cov_trial t = headline(&b, &ref, &con, c->ratio);
    bench_clear(&b);
    return t;
}

static void add(cov_list *l, const char *how, cov_law law_ref, cov_law law, double n, double ratio,
                double hours_ref, double hours_con) {
    cov_case c = {.table = "one",
                  .method = "rate_ratio",
                  .law = law,
                  .law_ref = law_ref,
                  .n_ref = n * hours_ref,
                  .n_con = n * ratio * hours_con,
                  .ratio = ratio,
                  .hours_ref = hours_ref,
                  .hours_con = hours_con,
                  .trial = trial};
    snprintf(c.name, sizeof c.name, "%s %.0f x%.2f", how, n, ratio);
    cov_add(l, &c);
}

void cov_cases_one(cov_list *l) {
    static const double n[] = {10.0, 20.0, 40.0}, ratio[] = {1.0, 0.5, 0.25};
    char how[48];
    for (int law = 0; law < COV_N_LAW; law++) {
        for (int i = 0; i < 9; i++) {
            add(l, cov_law_name[law], (cov_law)law, (cov_law)law, n[i / 3], ratio[i % 3], 1.0, 1.0);
        }
    }
    for (int law = 0; law < COV_N_LAW; law++) {
        for (int i = 0; i < 9; i++) {
            if (law == COV_POISSON || law == COV_GEOMETRIC || law == COV_SECONDS) {
                snprintf(how, sizeof how, "%s, 1 h and 1/2 h", cov_law_name[law]);
                add(l, how, (cov_law)law, (cov_law)law, n[i / 3], ratio[i % 3], 1.0, 0.5);
            }
        }
    }
    for (int i = 0; i < 9; i++) {
        add(l, "clusters before only", COV_GEOMETRIC, COV_POISSON, n[i / 3], ratio[i % 3], 1.0,
            1.0);
        add(l, "clusters after only", COV_POISSON, COV_GEOMETRIC, n[i / 3], ratio[i % 3], 1.0, 1.0);
    }
}
