/* people.c - one outcome of a study by person and condition. */
#include <math.h>
#include <stddef.h>
#include <string.h>
#include "report/people.h"
#include "stats/stats.h"

/* ---- what is compared ---- */

bool myo_rep_by_group(const myo_rep *r) {
    return r->n_cmps > 0 && strcmp(r->cmp[0].design, "parallel") == 0;
}

const char *myo_rep_label(const myo_rep *r, const myo_rep_rec *rec) {
    return myo_rep_by_group(r) ? rec->group : rec->condition;
}

static void add_side(myo_people *p, const char *label) {
    for (int s = 0; s < p->n_sides; s++) {
        if (strcmp(p->side[s], label) == 0) {
            return;
        }
    }
    if (p->n_sides < MYO_SIDES) {
        p->side[p->n_sides++] = label;
    } else {
        p->more_sides = true;
    }
}

/* Single people and a trend have no sides to join. */
static void choose_sides(const myo_rep *r, myo_people *p) {
    const myo_rep_cmp *c = r->n_cmps > 0 ? &r->cmp[0] : NULL;
    p->by_group = myo_rep_by_group(r);
    if (c && (!c->reference[0] || !c->contrast[0] || strcmp(c->design, "trend") == 0)) {
        return;
    }
    if (c) {
        add_side(p, c->reference);
        add_side(p, c->contrast);
    }
    for (size_t i = 0; i < r->n_recs; i++) {
        const char *label = myo_rep_label(r, &r->rec[i]);
        if (label[0]) {
            add_side(p, label);
        }
    }
}

static int side_of(const myo_rep *r, const myo_people *p, const myo_rep_rec *rec) {
    const char *label = myo_rep_label(r, rec);
    for (int s = 0; s < p->n_sides; s++) {
        if (strcmp(p->side[s], label) == 0) {
            return s;
        }
    }
    return -1;
}

/* ---- pooling ---- */

/* at: where each person stands in p, one more; 0: nowhere yet. NULL without memory. */
static myo_person *person_of(myo_people *p, const myo_rep_rec *rec, size_t *at) {
    size_t *k = &at[rec->person];
    void *people = p->person;
    if (*k > 0) {
        return &p->person[*k - 1];
    }
    if (myo_grow(&people, &p->cap, p->n + 1, sizeof *p->person) != MYO_OK) {
        return NULL;
    }
    p->person = people;
    p->person[p->n] = (myo_person){.id = rec->participant, .group = rec->group};
    *k = ++p->n;
    return &p->person[p->n - 1];
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

static myo_err find_median(myo_people *p, int side) {
    double *v = myo_alloc(p->n + 1, sizeof *v);
    size_t n = 0;
    for (size_t i = 0; v && i < p->n; i++) {
        if (isfinite(p->person[i].value[side])) {
            v[n++] = p->person[i].value[side];
        }
    }
    p->median[side] = n > 0 ? myo_quartiles_of(v, n).median : NAN;
    const myo_err e = v ? MYO_OK : MYO_ERR_NOMEM;
    myo_free(v);
    return e;
}

/* Medians, and how many people have a value everywhere. */
static myo_err sum_up(myo_people *p) {
    for (size_t i = 0; i < p->n; i++) {
        int known = 0;
        for (int s = 0; s < p->n_sides; s++) {
            known += isfinite(p->person[i].value[s]);
        }
        p->n_whole += known == p->n_sides;
    }
    for (int s = 0; s < p->n_sides; s++) {
        MYO_TRY(find_median(p, s));
    }
    return MYO_OK;
}

static myo_err finish(myo_people *p, const char *metric) {
    for (size_t i = 0; i < p->n; i++) {
        for (int s = 0; s < MYO_SIDES; s++) {
            p->person[i].value[s] = value_of(&p->person[i].side[s], metric);
        }
    }
    return sum_up(p);
}

myo_err myo_people_of_group(const myo_people *all, const char *group, myo_people *out) {
    *out = *all;
    out->n = out->n_whole = 0;
    out->cap = all->n;
    out->person = myo_alloc(all->n + 1, sizeof *out->person);
    for (size_t i = 0; out->person && i < all->n; i++) {
        if (strcmp(all->person[i].group, group) == 0) {
            out->person[out->n++] = all->person[i];
        }
    }
    return out->person ? sum_up(out) : MYO_ERR_NOMEM;
}

static myo_err pool_all(const myo_rep *r, const myo_rep_outcome *o, myo_people *out, size_t *at) {
    for (size_t i = 0; i < r->n_recs; i++) {
        const int side = side_of(r, out, &r->rec[i]);
        const myo_rep_sum *s = side < 0 ? NULL : myo_rep_sum_of(r, i, o->channel, o->type);
        if (!s) {
            continue;
        }
        myo_person *person = person_of(out, &r->rec[i], at);
        if (!person) {
            return MYO_ERR_NOMEM;
        }
        add(&person->side[side], s, o->metric);
    }
    return finish(out, o->metric);
}

myo_err myo_people_pool(const myo_rep *r, const myo_rep_outcome *o, myo_people *out) {
    *out = (myo_people){.n = 0};
    choose_sides(r, out);
    size_t *at = myo_alloc(r->n_people + 1, sizeof *at);
    const myo_err e = at ? pool_all(r, o, out, at) : MYO_ERR_NOMEM;
    myo_free(at);
    if (e != MYO_OK) {
        myo_people_clear(out);
    }
    return e;
}

void myo_people_clear(myo_people *p) {
    myo_free(p->person);
    *p = (myo_people){.n = 0};
}

double myo_value_of(const myo_rep_sum *s, const char *metric) {
    myo_pool_sum one = {0};
    add(&one, s, metric);
    return value_of(&one, metric);
}

void myo_outcome_name(const myo_rep_outcome *o, bool sqrt_axis, char dst[160]) {
    const char *unit = myo_metric_unit(o->metric);
    snprintf(dst, 160, "%s: %.60s%s%s%s", myo_class_name((myo_class)o->type),
             myo_metric_word(o->metric), unit[0] ? ", " : "", unit,
             sqrt_axis ? " (square-root axis)" : "");
}
