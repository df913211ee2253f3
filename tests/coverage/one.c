/* one.c - one person, two sessions: the headline of design rates. */
#include <math.h>
#include <stdio.h>
#include "compare/single.h"
#include "coverage.h"

enum { MAX_EVENTS = 4096 };

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
    s->marks = (myo_marks){.length_s = length_s, .mark = s->mark, .n = n};
    s->side = (myo_side){&s->marks, 1, false};
    s->measure = (myo_measure){.n = (int64_t)n, .exposure_s = length_s, .unit = ""};
    s->cell = cov_cell(0, 0, (int64_t)n, hours, cov_fano(s->onset, n, length_s));
    s->cell.measure = &s->measure;
}

static void ask(cov_bench *b, const session *ref, const session *con) {
    const myo_outcome o = {.metric = MYO_METRIC_RATE, .role = MYO_EXPLORATORY};
    const myo_wanted w = {.all = false};
    myo_single q = {.c = &b->c,
                    .o = &o,
                    .contrast = 1,
                    .ref = &ref->cell,
                    .con = &con->cell,
                    .ref_side = &ref->side,
                    .con_side = &con->side,
                    .has_events = true,
                    .mdc = NAN};
    if (myo_series_of(q.ref_side, &w, q.ref, &q.ref_series) != MYO_OK ||
        myo_series_of(q.con_side, &w, q.con, &q.con_series) != MYO_OK ||
        myo_single_rate(&q) != MYO_OK) {
        cov_stop("one person", "no memory");
    }
    myo_series_clear(&q.ref_series);
    myo_series_clear(&q.con_series);
}

static cov_trial trial(const cov_case *c, myo_rng *r) {
    static _Thread_local session ref, con;
    cov_bench b;
    cov_bench_init(&b, "some");
    session_draw(&ref, r, c->law_ref, c->n_ref, c->hours_ref);
    session_draw(&con, r, c->law, c->n_con, c->hours_con);
    ask(&b, &ref, &con);
    const cov_trial t = cov_bench_take(&b, MYO_METRIC_RATE, c->ratio);
    cov_bench_clear(&b);
    return t;
}

/* n: events expected in the reference session. */
static void add(cov_list *l, const char *how, cov_law law_ref, cov_law law, double n, double ratio,
                double hours_ref, double hours_con) {
    cov_case c = {.table = "one",
                  .method = "rate ratio",
                  .law = law,
                  .law_ref = law_ref,
                  .n_ref = n,
                  .n_con = n * ratio * hours_con / hours_ref,
                  .ratio = ratio,
                  .hours_ref = hours_ref,
                  .hours_con = hours_con,
                  .tells_wide = true,
                  .trial = trial};
    snprintf(c.name, sizeof c.name, "%s, %.0f events", how, n);
    cov_add(l, &c);
}

static void add_alike(cov_list *l, cov_law law, const char *how, double hours_ref,
                      double hours_con) {
    static const double n[] = {10.0, 20.0, 40.0}, ratio[] = {1.0, 0.5, 0.25};
    char text[48];
    snprintf(text, sizeof text, "%s%s", cov_law_name[law], how);
    for (int i = 0; i < 9; i++) {
        add(l, text, law, law, n[i / 3], ratio[i % 3], hours_ref, hours_con);
    }
}

void cov_cases_one(cov_list *l) {
    static const double n[] = {10.0, 20.0, 40.0}, ratio[] = {1.0, 0.5, 0.25};
    for (int law = 0; law < COV_N_LAW; law++) {
        add_alike(l, (cov_law)law, "", 1.0, 1.0);
    }
    for (int law = 0; law < COV_N_LAW; law++) {
        add_alike(l, (cov_law)law, ", 20 min", 1.0 / 3.0, 1.0 / 3.0);
        add_alike(l, (cov_law)law, ", 1 h and 1/2 h", 1.0, 0.5);
    }
    for (int i = 0; i < 9; i++) {
        add(l, "clusters before only", COV_GEOMETRIC, COV_POISSON, n[i / 3], ratio[i % 3], 1.0,
            1.0);
        add(l, "clusters after only", COV_POISSON, COV_GEOMETRIC, n[i / 3], ratio[i % 3], 1.0, 1.0);
    }
}
