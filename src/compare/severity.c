/* severity.c - what tables of events say of a person: how bad the jerks were, when they began. */
#include <string.h>
#include "base/base.h"
#include "compare/arms.h"
#include "compare/events.h"

/* The limits of science.md 6.4. */
static const double MODERATE_S = 2.0, SEVERE_S = 10.0, SEVERE_G = 0.5;
enum { MUSCLE, SENSOR, N_KIND, MODERATE_CHANNELS = 2, SEVERE_CHANNELS = 3, MILD_EVENTS = 2 };

static bool is_small(const myo_severity *s, const double q1[N_KIND]) {
    for (int k = 0; k < N_KIND; k++) {
        if (!isnan(s->area[k]) && !(s->area[k] < q1[k])) {
            return false;
        }
    }
    return !isnan(s->area[MUSCLE]) || !isnan(s->area[SENSOR]);
}

int myo_severity_grade(const myo_severity *s, const double q1[2]) {
    if (s->n == 0) {
        return 0;
    }
    if (s->n_channels >= SEVERE_CHANNELS || s->busy_s > SEVERE_S || s->peak_g >= SEVERE_G) {
        return 3;
    }
    if (s->n_channels >= MODERATE_CHANNELS || s->busy_s >= MODERATE_S) {
        return 2;
    }
    return s->n <= MILD_EVENTS || is_small(s, q1) ? 1 : 2;
}

/* Everybody's tables, one person after the other. */
typedef struct scan {
    myo_comparison *c;
    myo_arms *arms;
    int graded; /* class; -1: not in the data */
    myo_severity *severity;
    bool *complete; /* by person: recordings, and all of them with their table */
    bool *fired;    /* by channel and kind: had a graded event of the person at hand */
    double *area;   /* room for quartiles */
} scan;

/* --- one person --- */

typedef struct person_scan {
    scan *all;
    int who;
} person_scan;

static void add_graded(void *user, const myo_marks *r, const myo_mark *m, bool counts,
                       double from) {
    const person_scan *p = user;
    myo_severity *s = &p->all->severity[p->who];
    const int kind = m->in_g ? SENSOR : MUSCLE;
    (void)r;
    s->n += counts;
    s->busy_s += fmax(0.0, m->off - from);
    s->peak_g = m->in_g ? fmax(s->peak_g, m->peak) : s->peak_g;
    if (!isnan(m->area)) {
        s->area[kind] = m->area + (isnan(s->area[kind]) ? 0.0 : s->area[kind]);
    }
    if (m->channel >= 0) {
        p->all->fired[m->channel * N_KIND + kind] = true;
    }
}

static int count_channels(const scan *a) {
    int n[N_KIND] = {0};
    for (int i = 0; i < a->c->channels.n * N_KIND; i++) {
        n[i % N_KIND] += a->fired[i];
    }
    return n[MUSCLE] > n[SENSOR] ? n[MUSCLE] : n[SENSOR];
}

/* Where time begins in the recording, s from its first sample. */
static double zero_of(const scan *a, size_t row) {
    const double minutes = a->c->results.recordings.row[row].minutes_from_dose;
    return a->arms->from_dose ? -60.0 * minutes : 0.0;
}

/* The first event of each class, in the person's first recording. */
static void take_onsets(scan *a, int who, const myo_marks *r) {
    myo_person *p = &a->arms->person[who];
    const double zero = zero_of(a, r->row), watched_s = r->start_s + r->length_s - zero;
    p->watched_s = watched_s > 0.0 ? watched_s : NAN;
    for (size_t i = r->n; i-- > 0;) {
        if (r->mark[i].type >= 0 && r->mark[i].on >= zero) {
            p->onset_s[r->mark[i].type] = r->mark[i].on - zero;
        }
    }
}

static void scan_recordings(scan *a, int who, const myo_side *side, int *n) {
    const myo_wanted w = {.channel = -1, .type = a->graded, .all = true};
    for (size_t i = 0; i < side->n_recordings; i++) {
        if (a->graded >= 0) {
            myo_marks_visit(&side->recording[i], &w, add_graded, &(person_scan){a, who});
        }
        if ((*n)++ == 0) {
            take_onsets(a, who, &side->recording[i]);
        }
    }
}

static myo_err scan_person(scan *a, int who) {
    const size_t n_fired = (size_t)a->c->channels.n * N_KIND;
    bool missing = false;
    int n = 0;
    memset(a->fired, 0, n_fired * sizeof *a->fired);
    a->severity[who] = (myo_severity){.peak_g = NAN, .area = {NAN, NAN}};
    for (int k = 0; k < a->c->conditions.n; k++) {
        myo_side side = {0};
        if (k == a->arms->baseline) {
            continue;
        }
        MYO_TRY(myo_side_read(a->c, who, k, &side));
        missing = missing || side.missing;
        scan_recordings(a, who, &side, &n);
        myo_side_clear(&side);
    }
    a->severity[who].n_channels = count_channels(a);
    a->complete[who] = n > 0 && !missing;
    a->arms->n_several += n > 1;
    a->arms->has_events = a->arms->has_events || a->complete[who];
    a->arms->person[who].watched_s = missing ? NAN : a->arms->person[who].watched_s;
    return MYO_OK;
}

/* --- everybody --- */

/* The dose is time zero if every recording holds it. */
static bool all_hold_dose(const myo_comparison *c, const myo_arms *arms) {
    size_t n = 0;
    for (size_t i = 0; i < c->results.recordings.n_rows; i++) {
        if (c->results.status[i] == MYO_ROW_DONE && c->rec_condition[i] != arms->baseline) {
            if (!(c->results.recordings.row[i].minutes_from_dose <= 0.0)) {
                return false;
            }
            n++;
        }
    }
    return n > 0;
}

static double first_quartile(const scan *a, int kind) {
    size_t n = 0;
    for (int i = 0; i < a->c->participants.n; i++) {
        if (a->arms->person[i].group >= 0 && a->complete[i] && !isnan(a->severity[i].area[kind])) {
            a->area[n++] = a->severity[i].area[kind];
        }
    }
    return myo_quartiles_of(a->area, n).q1;
}

static void give_grades(const scan *a) {
    const double q1[N_KIND] = {first_quartile(a, MUSCLE), first_quartile(a, SENSOR)};
    for (int i = 0; i < a->c->participants.n; i++) {
        if (a->complete[i]) {
            a->arms->person[i].signal_grade = myo_severity_grade(&a->severity[i], q1);
        }
    }
}

static myo_err scan_all(scan *a) {
    const int n_types = a->c->types.n;
    for (int i = 0; i < a->c->participants.n; i++) {
        a->arms->person[i].onset_s = &a->arms->onset_s[(size_t)i * (size_t)n_types];
        for (int t = 0; t < n_types; t++) {
            a->arms->person[i].onset_s[t] = NAN;
        }
        if (a->arms->person[i].group >= 0) {
            MYO_TRY(scan_person(a, i));
        }
    }
    give_grades(a);
    return MYO_OK;
}

myo_err myo_arms_events(myo_comparison *c, myo_arms *arms) {
    const size_t people = (size_t)c->participants.n + 1;
    scan a = {.c = c,
              .arms = arms,
              .graded = myo_labels_find(&c->types, MYO_GRADED_TYPE),
              .severity = myo_alloc(people, sizeof *a.severity),
              .complete = myo_alloc(people, sizeof *a.complete),
              .fired = myo_alloc((size_t)c->channels.n * N_KIND + 1, sizeof *a.fired),
              .area = myo_alloc(people, sizeof *a.area)};
    arms->from_dose = all_hold_dose(c, arms);
    arms->onset_s = myo_alloc(people * ((size_t)c->types.n + 1), sizeof *arms->onset_s);
    const bool room = a.severity && a.complete && a.fired && a.area && arms->onset_s;
    const myo_err e = room ? scan_all(&a) : MYO_ERR_NOMEM;
    myo_free(a.severity);
    myo_free(a.complete);
    myo_free(a.fired);
    myo_free(a.area);
    return e;
}
