/* trend.c - design trend: sessions against dose, serum magnesium or time (science.md 6.5).
 *
 * Each person's sessions give a slope; the slopes of several people are then put together, so that
 * differences between people are not taken for an effect of the dose. */
#include <string.h>
#include "base/base.h"
#include "compare/course.h"
#include "compare/designs.h"
#include "compare/mdc.h"
#include "compare/pairs.h"
#include "compare/words.h"
#include "stats/rank.h"
#include "stats/shares.h"
#include "stats/trend.h"

static const double LEVEL = 0.95;
/* Two sessions give a person's slope; three are needed to test one. */
enum { SLOPE_MIN = 2, SESSIONS_MIN = 3 };

/* What sessions are ordered by, unless --by says it; the first that varies. */
static const char *const usual[] = {"serum_mg_mmol_l", "dose_mmol", "minutes_from_dose"};

/* Sessions of somebody: x as the manifest has it, y on the metric's scale. */
typedef struct points {
    double *x, *y, *h, *count; /* h: exposure, hours; count: events */
    size_t n;
    int64_t events;
    double exposure_h;
} points;

/* What is in no slope. */
typedef struct left_out {
    int units, mixed;                  /* sessions: in another unit; with several x */
    int no_event, too_few; /* people */
} left_out;

typedef struct trend {
    myo_comparison *c;
    const char *by;
    double *x, x_range; /* of each recording, NaN: none; from the least to the most of them */
    const myo_outcome *o;
    points p;      /* room for all recordings */
    myo_measure *session; /* room for all recordings */
    const char *unit;     /* of the person's peaks */
    left_out left, told;  /* while points are gathered; of all people, once */
    double *slope; /* room for all people */
    size_t n_slopes;
    myo_session_count *counted; /* the sessions of those with a slope */
    size_t n_counted;
    bool uneven; /* rates: their logs would mislead (pairs.c) */
    int64_t events; /* of the people with a slope */
    double exposure_h;
} trend;

/* --- what sessions are ordered by --- */

static myo_err read_column(trend *t, const char *name, bool *varies) {
    const myo_tsv *table = &t->c->results.recordings.table;
    const int col = myo_tsv_find(table, name);
    double first = NAN;
    *varies = false;
    for (size_t i = 0; col >= 0 && i < table->n_rows; i++) {
        MYO_TRY(myo_tsv_f64(table, i, col, true, &t->x[i], t->c->d));
        first = isnan(first) ? t->x[i] : first;
        *varies = *varies || (!isnan(t->x[i]) && t->x[i] != first);
    }
    return MYO_OK;
}

static myo_err choose_column(trend *t) {
    const char *asked = t->c->job->by;
    bool varies = false;
    if (asked) {
        t->by = asked;
        if (myo_tsv_find(&t->c->results.recordings.table, asked) < 0) {
            return myo_fail(t->c->d, MYO_ERR_USAGE, "--by: recordings.tsv has no column %.100s",
                            asked);
        }
        return read_column(t, asked, &varies);
    }
    for (size_t i = 0; i < sizeof usual / sizeof usual[0] && !varies; i++) {
        t->by = usual[i];
        MYO_TRY(read_column(t, usual[i], &varies));
    }
    return varies ? MYO_OK
                  : myo_fail(t->c->d, MYO_ERR_USAGE,
                             "design trend: no column to order sessions by (allowed --by COLUMN, "
                             "or numbers "
                             "that vary in serum_mg_mmol_l, dose_mmol or minutes_from_dose)");
}

static double range_of(const double *x, size_t n) {
    double least = NAN, most = NAN;
    for (size_t i = 0; i < n; i++) {
        least = fmin(least, x[i]);
        most = fmax(most, x[i]);
    }
    return most - least;
}

/* --- points --- */

static void add_point(trend *t, double x, double y, const myo_pooled *p) {
    t->p.x[t->p.n] = x;
    t->p.h[t->p.n] = p->exposure_s / 3600.0;
    t->p.count[t->p.n] = (double)p->n;
    t->p.y[t->p.n++] = y;
    t->p.events += p->n;
    t->p.exposure_h += p->exposure_s / 3600.0;
}

/* The recordings of one session are one point. A session whose recordings differ in x has none. */
static bool same_session(const myo_comparison *c, const myo_measure *a, const myo_measure *b) {
    const myo_study_row *row = c->results.recordings.row;
    return strcmp(row[a->row].session, row[b->row].session) == 0;
}

static bool is_wanted(const trend *t, const myo_measure *m, int participant) {
    return m->participant == participant && m->channel == t->o->channel &&
           m->type == t->o->type && m->exposure_s > 0.0 && !isnan(t->x[m->row]);
}

/* Measures of the session that m begins; 0 if an earlier one began it, or x is not one number. */
static size_t take_session(trend *t, size_t m, size_t first, int participant) {
    const myo_comparison *c = t->c;
    size_t n = 0;
    bool one_x = true;
    for (size_t i = first; i < m; i++) {
        if (is_wanted(t, &c->measure[i], participant) &&
            same_session(c, &c->measure[i], &c->measure[m])) {
            return 0;
        }
    }
    for (size_t i = m; i < c->n_measures && c->measure[i].participant == participant; i++) {
        if (is_wanted(t, &c->measure[i], participant) &&
            same_session(c, &c->measure[i], &c->measure[m])) {
            one_x = one_x && t->x[c->measure[i].row] == t->x[c->measure[m].row];
            t->session[n++] = c->measure[i];
        }
    }
    t->left.mixed += !one_x;
    return one_x ? n : 0;
}

/* Peaks in another unit than the person's first are no points of the same line. */
static bool fits_unit(trend *t, const myo_pooled *p) {
    if (t->o->metric != MYO_METRIC_PEAK || isnan(p->peak_median)) {
        return true;
    }
    t->unit = t->unit ? t->unit : p->unit;
    return t->unit && p->unit && strcmp(t->unit, p->unit) == 0;
}

static void add_session(trend *t, size_t n) {
    const myo_pooled one = myo_pool_measures(t->c, t->session, n);
    const bool is_rate = t->o->metric == MYO_METRIC_RATE;
    const double y = is_rate ? (double)one.n : myo_metric_scaled(&one, t->o->metric);
    if (!fits_unit(t, &one)) {
        t->left.units++;
    } else if (isfinite(y)) {
        add_point(t, t->x[t->session[0].row], y, &one);
    }
}

/* Counts as log rates. Half an event in the mean exposure is added to each rate, the same for long and
 * short sessions: ln((n + 1/2) / T) where all are of one length (science.md 6.3). */
static void take_logs(points *p) {
    double hours = 0.0;
    for (size_t i = 0; i < p->n; i++) {
        hours += p->h[i];
    }
    for (size_t i = 0; i < p->n; i++) {
        p->y[i] = log(p->y[i] / p->h[i] + 0.5 * (double)p->n / hours);
    }
}

/* The sessions of one person. Without any event there is no rate to follow anything: only the
 * lengths of the sessions would be left. */
static void gather(trend *t, int participant) {
    const myo_comparison *c = t->c;
    size_t first = 0;
    t->p.n = 0;
    t->p.events = 0;
    t->p.exposure_h = 0.0;
    t->unit = NULL;
    while (first < c->n_measures && c->measure[first].participant != participant) {
        first++;
    }
    for (size_t i = first; i < c->n_measures && c->measure[i].participant == participant; i++) {
        const size_t n = is_wanted(t, &c->measure[i], participant)
                             ? take_session(t, i, first, participant)
                             : 0;
        if (n > 0) {
            add_session(t, n);
        }
    }
    if (t->o->metric == MYO_METRIC_RATE) {
        t->left.no_event += t->p.n > 0 && t->p.events == 0;
        t->p.n = t->p.events > 0 ? t->p.n : 0;
        take_logs(&t->p);
    }
}

static bool x_varies(const points *p) {
    return !myo_all_equal(p->x, p->n);
}

/* --- rows --- */

static myo_cmp_row row_of(const trend *t) {
    myo_cmp_row r = myo_cmp_row_of(t->c, t->o, NULL, t->by);
    r.x_range = t->x_range;
    const myo_metric *m = &myo_metrics[t->o->metric];
    r.effect_name =
        myo_compare_text(t->c, "%s_per_unit", m->ratio_name ? m->ratio_name : m->diff_name);
    return r;
}

static void put_test(trend *t, myo_cmp_row *r, const myo_test *test) {
    if (myo_metrics[t->o->metric].ratio_name) {
        myo_cmp_row_log_test(t->c, r, test);
    } else {
        myo_cmp_row_test(t->c, r, test);
    }
}

static void put_counts(const trend *t, myo_cmp_row *r) {
    r->n_contrast = (int64_t)t->p.n;
    r->events_contrast = t->p.events;
    r->exposure_contrast_h = t->p.exposure_h;
}

static void tell_left_out(const trend *t, myo_cmp_row *r) {
    const struct {
        int n;
        const char *one, *many, *what;
    } all[] = {
        {t->told.too_few, "person", "people", "with one session, or one value of it, only: in no slope"},
        {t->told.no_event, "person", "people", "without any event, which tells nothing about a ratio"},
        {t->told.mixed, "session", "sessions", "whose recordings differ in it, left out"},
        {t->told.units, "session", "sessions", "in another unit, left out"},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (all[i].n > 0) {
            myo_cmp_row_warn(t->c, r, "%s %s", myo_say_count(t->c, all[i].n, all[i].one, all[i].many),
                             all[i].what);
        }
    }
}

/* One line through sessions cannot do without logs. */
static void describe_only(trend *t, myo_cmp_row *r) {
    if (t->uneven) {
        r->low = r->high = r->level = r->p = NAN;
        myo_cmp_row_warn(t->c, r, "sessions differ in length and events are few, so that logs of rates mislead");
    }
}

static myo_err add_slope(trend *t, const char *whose, myo_role role) {
    myo_trend s;
    myo_cmp_row r = row_of(t);
    MYO_TRY(myo_theil_sen(t->p.x, t->p.y, t->p.n, LEVEL, &s));
    r.participant = whose;
    r.role = role;
    r.test = s.exact ? "Theil-Sen slope, Mann-Kendall (exact)"
                     : "Theil-Sen slope, Mann-Kendall (normal)";
    put_counts(t, &r);
    put_test(t, &r, &s.test);
    if (role != MYO_SUPPORTING) {
        tell_left_out(t, &r);
        describe_only(t, &r);
    }
    if (!isnan(r.level) && r.level < LEVEL - 1e-9) {
        myo_cmp_row_warn(t->c, &r,
                         "%zu sessions cannot give an interval of 95 %%: attained %.1f %%", t->p.n,
                         100.0 * r.level);
    }
    return myo_compare_add(t->c, &r);
}

static myo_err add_spearman(trend *t, const char *whose) {
    myo_trend s;
    myo_cmp_row r = row_of(t);
    MYO_TRY(myo_spearman(t->p.x, t->p.y, t->p.n, LEVEL, &s));
    r.participant = whose;
    r.role = MYO_SUPPORTING;
    r.effect_name = "spearman_rho";
    r.test = s.exact ? "Spearman (exact)" : "Spearman (t)";
    put_counts(t, &r);
    myo_cmp_row_test(t->c, &r, &s.test);
    return myo_compare_add(t->c, &r);
}

static bool has_slope(const points *p) {
    return p->n >= SLOPE_MIN && x_varies(p);
}

/* One person's slope, and a row of it with the rank correlation where it can be tested. Alone, the
 * person's slope is the answer. */
static myo_err ask_person(trend *t, int participant, bool alone) {
    const char *whose = t->c->participants.name[participant];
    const points *p = &t->p;
    gather(t, participant);
    if (!has_slope(p)) {
        return MYO_OK;
    }
    double slope = p->n == SLOPE_MIN ? (p->y[1] - p->y[0]) / (p->x[1] - p->x[0]) : NAN;
    if (p->n >= SESSIONS_MIN) {
        myo_trend s;
        MYO_TRY(myo_theil_sen(p->x, p->y, p->n, LEVEL, &s));
        slope = s.test.estimate;
    }
    if (!isfinite(slope)) {
        return MYO_OK;
    }
    t->slope[t->n_slopes++] = slope;
    for (size_t i = 0; i < p->n; i++) {
        t->counted[t->n_counted++] = (myo_session_count){p->count[i], p->h[i], p->x[i], participant};
    }
    t->events += p->events;
    t->exposure_h += p->exposure_h;
    if (p->n < SESSIONS_MIN) {
        return MYO_OK;
    }
    MYO_TRY(add_slope(t, whose, alone ? t->o->role : MYO_SUPPORTING));
    return t->o->role == MYO_PRIMARY ? add_spearman(t, whose) : MYO_OK;
}

static myo_err test_slopes(trend *t, myo_cmp_row *r) {
    myo_signed_ranks s;
    MYO_TRY(myo_signed_rank(t->slope, t->n_slopes, LEVEL, &s));
    r->test = s.exact
                  ? "Wilcoxon signed-rank of each person's Theil-Sen slope (exact), Hodges-Lehmann"
                  : "Wilcoxon signed-rank of each person's Theil-Sen slope (normal), Hodges-Lehmann";
    put_test(t, r, &s.location);
    return MYO_OK;
}

/* Where sessions differ in length and events are few, by how each person's events are shared out: of true null
 * hypotheses, 0.5, 1 and 4 h at one event an hour and 10 people, the slopes of logs rejected 26 %. */
static void test_shares(trend *t, myo_cmp_row *r) {
    const myo_test s = myo_shared_slope(t->counted, t->n_counted, LEVEL, NULL);
    r->test = "conditional Poisson slope, scatter of people";
    put_test(t, r, &s);
}

/* The slopes of all people: is their middle zero? */
static myo_err add_all(trend *t) {
    myo_cmp_row r = row_of(t);
    if (t->uneven) {
        test_shares(t, &r);
    } else {
        MYO_TRY(test_slopes(t, &r));
    }
    r.n_contrast = (int64_t)t->n_slopes;
    r.n_people = (int64_t)t->n_slopes;
    r.events_contrast = t->events;
    r.exposure_contrast_h = t->exposure_h;
    tell_left_out(t, &r);
    if (!isnan(r.level) && r.level < LEVEL - 1e-9) {
        myo_cmp_row_warn(t->c, &r, "%zu people cannot give an interval of 95 %%: attained %.1f %%",
                         t->n_slopes, 100.0 * r.level);
    }
    return myo_compare_add(t->c, &r);
}

/* Nobody has three sessions: one point for each person, which is another question, and is said to
 * be. */
static myo_err add_between(trend *t) {
    const myo_comparison *c = t->c;
    double *x = myo_alloc((size_t)c->participants.n + 1, sizeof *x);
    double *y = myo_alloc((size_t)c->participants.n + 1, sizeof *y);
    points all = {.x = x, .y = y};
    for (int i = 0; x && y && i < c->participants.n; i++) {
        gather(t, i);
        double sx = 0.0, sy = 0.0;
        for (size_t k = 0; k < t->p.n; k++) {
            sx += t->p.x[k];
            sy += t->p.y[k];
        }
        if (t->p.n > 0) {
            x[all.n] = sx / (double)t->p.n;
            y[all.n++] = sy / (double)t->p.n;
            all.events += t->p.events;
            all.exposure_h += t->p.exposure_h;
        }
    }
    myo_err e = MYO_ERR_NOMEM;
    if (x && y) {
        const points room = t->p;
        t->p = all;
        e = t->p.n < SESSIONS_MIN || !x_varies(&t->p)
                ? myo_compare_nothing(t->c, t->o, NULL, t->by,
                                      t->told.no_event ? "no event"
                                                       : "fewer than three sessions with different values")
                : add_slope(t, NULL, t->o->role);
        t->p = room;
        if (e == MYO_OK && all.n >= SESSIONS_MIN) {
            myo_cmp_row *r = &t->c->row[t->c->n_rows - 1];
            r->n_people = (int64_t)all.n;
            r->caveat = "This is between people, and says nothing of a change within a person.";
            myo_cmp_row_warn(t->c, r, "between people, one point each: says nothing of a change within a person");
        }
    }
    myo_free(x);
    myo_free(y);
    return e;
}

/* How many times as long as the shortest session the longest is, as a logarithm. */
static double times_of(const points *p) {
    double least = INFINITY, most = 0.0;
    for (size_t i = 0; i < p->n; i++) {
        least = fmin(least, p->h[i]);
        most = fmax(most, p->h[i]);
    }
    return log(most / least);
}

/* People with a slope; none if there is only one of them, whose slope cannot be tested. */
static int n_with_slope(trend *t) {
    int n = 0, tested = 0;
    double times = 0.0, events = 0.0, sessions = 0.0;
    t->left = (left_out){0};
    for (int i = 0; i < t->c->participants.n; i++) {
        gather(t, i);
        if (has_slope(&t->p)) {
            n++;
            times += times_of(&t->p);
            events += (double)t->p.events;
            sessions += (double)t->p.n;
        }
        t->left.too_few += t->p.n > 0 && !has_slope(&t->p);
        tested += t->p.n >= SESSIONS_MIN && x_varies(&t->p);
    }
    t->told = t->left;
    t->uneven = n > 0 && t->o->metric == MYO_METRIC_RATE && myo_times_mislead(exp(times / n), events / sessions);
    return n == 1 && tested == 0 ? 0 : n;
}

static myo_err ask(trend *t) {
    const int people = n_with_slope(t);
    t->n_slopes = t->n_counted = 0;
    t->events = 0;
    t->exposure_h = 0.0;
    if (people == 0) {
        return add_between(t);
    }
    for (int i = 0; i < t->c->participants.n; i++) {
        MYO_TRY(ask_person(t, i, people == 1));
    }
    return people > 1 ? add_all(t) : MYO_OK;
}

static myo_err ask_all(trend *t) {
    myo_comparison *c = t->c;
    MYO_TRY(choose_column(t));
    t->x_range = range_of(t->x, c->results.recordings.n_rows);
    MYO_TRY(myo_compare_outcomes(c));
    if (!c->job->by) {
        c->job->say(c->job->user, MYO_LEVEL_NOTE, c->job->dirs[0],
                    myo_compare_text(c, "sessions ordered by %s", t->by));
    }
    for (int i = 0; i < c->n_outcomes; i++) {
        t->o = &c->outcome[i];
        MYO_TRY(ask(t));
    }
    return myo_compare_course(c, &c->outcome[0]);
}

myo_err myo_design_trend(myo_comparison *c) {
    const size_t n = c->results.recordings.n_rows + 1;
    trend t = {.c = c, .x = myo_alloc(n, sizeof *t.x)};
    t.p.x = myo_alloc(n, sizeof *t.p.x);
    t.p.y = myo_alloc(n, sizeof *t.p.y);
    t.p.h = myo_alloc(n, sizeof *t.p.h);
    t.p.count = myo_alloc(n, sizeof *t.p.count);
    t.counted = myo_alloc(n, sizeof *t.counted);
    t.slope = myo_alloc((size_t)c->participants.n + 1, sizeof *t.slope);
    for (size_t i = 0; t.x && i < n; i++) {
        t.x[i] = NAN;
    }
    t.session = myo_alloc(n, sizeof *t.session);
    const myo_err e =
        t.x && t.p.x && t.p.y && t.p.h && t.p.count && t.counted && t.slope && t.session ? ask_all(&t) : MYO_ERR_NOMEM;
    myo_free(t.x);
    myo_free(t.p.x);
    myo_free(t.p.y);
    myo_free(t.p.h);
    myo_free(t.p.count);
    myo_free(t.counted);
    myo_free(t.slope);
    myo_free(t.session);
    return e;
}
