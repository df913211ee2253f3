/* people.c - one outcome of a study by person and condition. */
#include <math.h>
#include <stddef.h>
#include <string.h>
#include "report/people.h"
#include "stats/stats.h"

/* ---- what is compared ---- */

/* The first label that differs from the first one; NULL if all are equal. */
static void first_two(const myo_rep *r, const char *side[MYO_SIDES]) {
    for (size_t i = 0; i < r->n_recs && !side[1]; i++) {
        if (!side[0]) {
            side[0] = r->rec[i].condition;
        } else if (strcmp(side[0], r->rec[i].condition) != 0) {
            side[1] = r->rec[i].condition;
        }
    }
}

static void choose_sides(const myo_rep *r, myo_people *p) {
    const myo_rep_cmp *c = myo_rep_primary(r);
    if (!c) {
        first_two(r, p->side);
        return;
    }
    p->by_group = strcmp(c->design, "parallel") == 0;
    p->side[0] = c->reference[0] ? c->reference : NULL;
    p->side[1] = c->contrast[0] ? c->contrast : NULL;
}

static int side_of(const myo_people *p, const myo_rep_rec *rec) {
    const char *label = p->by_group ? rec->group : rec->condition;
    for (int s = 0; s < MYO_SIDES; s++) {
        if (p->side[s] && strcmp(p->side[s], label) == 0) {
            return s;
        }
    }
    return -1;
}

/* ---- pooling ---- */

/* A person's recordings mostly follow each other. */
static myo_person *person_of(myo_people *p, const myo_rep_rec *rec) {
    for (size_t i = p->n; i > 0; i--) {
        if (strcmp(p->person[i - 1].id, rec->participant) == 0) {
            return &p->person[i - 1];
        }
    }
    void *people = p->person;
    if (myo_grow(&people, &p->cap, p->n + 1, sizeof *p->person) != MYO_OK) {
        return NULL;
    }
    p->person = people;
    p->person[p->n] = (myo_person){.id = rec->participant, .group = rec->group};
    return &p->person[p->n++];
}

/* The value of a metric and what it weighs in a mean over recordings: time for what is counted by
 * time, events for what is a median of events. */
static double metric_of(const myo_rep_sum *s, const char *metric, double *weight) {
    static const struct {
        const char *name;
        size_t at;
    } medians[] = {{"duration_ms_median", offsetof(myo_rep_sum, duration)},
                   {"peak_median", offsetof(myo_rep_sum, peak)},
                   {"freq_hz_median", offsetof(myo_rep_sum, freq)}};
    *weight = s->exposure_s;
    if (strcmp(metric, "burden_s_per_h") == 0) {
        return s->burden;
    }
    for (size_t i = 0; i < sizeof medians / sizeof medians[0]; i++) {
        if (strcmp(medians[i].name, metric) == 0) {
            *weight = s->n;
            return *(const double *)(const void *)((const char *)s + medians[i].at);
        }
    }
    return NAN;
}

static void add(myo_pool_sum *to, const myo_rep_sum *s, const char *metric) {
    double weight;
    const double v = metric_of(s, metric, &weight);
    to->n += s->n;
    to->exposure_s += isfinite(s->exposure_s) ? s->exposure_s : 0.0;
    to->n_recordings++;
    if (isfinite(v) && weight > 0.0) {
        to->weighted += weight * v;
        to->weight += weight;
    }
}

static double value_of(const myo_pool_sum *s, const char *metric) {
    if (strcmp(metric, "rate_per_h") == 0) {
        return s->exposure_s > 0.0 ? 3600.0 * s->n / s->exposure_s : NAN;
    }
    if (strcmp(metric, "n") == 0) {
        return s->n_recordings > 0 ? s->n : NAN;
    }
    return s->weight > 0.0 ? s->weighted / s->weight : NAN;
}

static void finish(myo_people *p, const char *metric) {
    for (size_t i = 0; i < p->n; i++) {
        for (int s = 0; s < MYO_SIDES; s++) {
            p->person[i].value[s] = value_of(&p->person[i].side[s], metric);
        }
        p->n_both += isfinite(p->person[i].value[0]) && isfinite(p->person[i].value[1]);
    }
}

myo_err myo_people_pool(const myo_rep *r, const myo_rep_outcome *o, myo_people *out) {
    *out = (myo_people){.n = 0};
    choose_sides(r, out);
    for (size_t i = 0; i < r->n_recs; i++) {
        const int side = side_of(out, &r->rec[i]);
        const myo_rep_sum *s = side < 0 ? NULL : myo_rep_sum_of(r, i, o->channel, o->type);
        if (!s) {
            continue;
        }
        myo_person *person = person_of(out, &r->rec[i]);
        if (!person) {
            myo_people_clear(out);
            return MYO_ERR_NOMEM;
        }
        add(&person->side[side], s, o->metric);
    }
    finish(out, o->metric);
    return MYO_OK;
}

void myo_people_clear(myo_people *p) {
    myo_free(p->person);
    *p = (myo_people){.n = 0};
}

double myo_people_median(const myo_people *p, int side) {
    double *v = myo_alloc(p->n + 1, sizeof *v), median = NAN;
    size_t n = 0;
    for (size_t i = 0; v && i < p->n; i++) {
        if (isfinite(p->person[i].value[side])) {
            v[n++] = p->person[i].value[side];
        }
    }
    if (n > 0) {
        median = myo_quartiles_of(v, n).median;
    }
    myo_free(v);
    return median;
}
