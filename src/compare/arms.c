/* arms.c - people in parallel groups: which arm, what the clinician saw, what there is to ask. */
#include <string.h>
#include <strings.h>
#include "base/base.h"
#include "compare/arms.h"
#include "compare/mdc.h"
#include "compare/words.h"

/* --- what stands in recordings.tsv --- */

/* 0/1 or yes/no; -1: nothing said. */
static myo_err read_incidence(const myo_comparison *c, size_t row, int col, int *out) {
    static const struct {
        const char *word;
        int value;
    } words[] = {{"0", 0}, {"no", 0}, {"1", 1}, {"yes", 1}, {"n/a", -1}, {"", -1}};
    const char *cell = myo_tsv_cell(&c->results.recordings.table, row, col);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcasecmp(cell, words[i].word) == 0) {
            *out = words[i].value;
            return MYO_OK;
        }
    }
    myo_diag own = {0};
    const myo_err e =
        myo_tsv_fail(&c->results.recordings.table, row, col, "0, 1, no, yes, n/a", &own);
    myo_fail(c->d, e, "recordings.tsv: %s", own.message);
    myo_diag_clear(&own);
    return e;
}

/* Tables of recordings and people, and what was found doubtful in them. */
typedef struct reading {
    myo_comparison *c;
    myo_arms *arms;
    int incidence_col;           /* -1: none */
    bool *in_two;                /* by person: named in more than one group */
    int candidate;               /* condition that may be the baseline; -1: none */
    bool *baseline, *afterwards; /* by person: has that condition, another one */
    bool has_incidence, has_grade;
} reading;

static int person_of(const reading *r, size_t row) {
    return r->c->rec_participant[row];
}

static void take_group(reading *r, size_t row) {
    const int who = person_of(r, row);
    const int group = myo_labels_find(&r->c->groups, r->c->results.recordings.row[row].group);
    int *known = &r->arms->person[who].group;
    r->in_two[who] = r->in_two[who] || (*known >= 0 && group >= 0 && group != *known);
    *known = *known < 0 ? group : *known;
}

static void take_condition(reading *r, size_t row) {
    const bool first = r->c->rec_condition[row] == (r->candidate >= 0 ? r->candidate : 0);
    bool *has = first ? r->baseline : r->afterwards;
    has[person_of(r, row)] = true;
}

/* What the clinician saw counts whatever became of the recording. */
static myo_err take_clinician(reading *r, size_t row) {
    const myo_study_row *rec = &r->c->results.recordings.row[row];
    myo_person *p = &r->arms->person[person_of(r, row)];
    int seen = -1;
    if (r->c->rec_condition[row] == r->arms->baseline) {
        return MYO_OK;
    }
    if (r->incidence_col >= 0) {
        MYO_TRY(read_incidence(r->c, rec->index, r->incidence_col, &seen));
    }
    seen = seen < 0 && !isnan(rec->grade) ? rec->grade > 0.0 : seen;
    p->incidence = seen > p->incidence ? seen : p->incidence;
    p->grade = fmax(p->grade, rec->grade); /* of a number and NaN: the number */
    r->has_incidence = r->has_incidence || seen >= 0;
    r->has_grade = r->has_grade || !isnan(rec->grade);
    return MYO_OK;
}

/* --- who is in which arm, and what is left out --- */

/* "after, later": the conditions that are compared. */
static const char *others(myo_comparison *c, int baseline) {
    const char *s = "";
    for (int i = 0; i < c->conditions.n; i++) {
        if (i != baseline) {
            s = myo_compare_text(c, "%s%s%s", s, s[0] ? ", " : "", c->conditions.name[i]);
        }
    }
    return s;
}

static void note(const reading *r, const char *text) {
    r->c->job->say(r->c->job->user, MYO_LEVEL_NOTE, r->c->job->dirs[0], text);
}

/* The condition that may be the baseline: as asked, or the first. */
static myo_err candidate(reading *r) {
    const myo_comparison *c = r->c;
    const char *asked = c->job->baseline;
    r->candidate = !asked ? 0 : strcmp(asked, "NONE") == 0 ? -1 : myo_labels_find(&c->conditions, asked);
    if (asked && r->candidate < 0 && strcmp(asked, "NONE") != 0) {
        return myo_fail(c->d, MYO_ERR_USAGE,
                        "--baseline: no such condition in the data (found %.80s, allowed NONE, %.200s)",
                        asked, others(r->c, -1));
    }
    return MYO_OK;
}

/* The first condition is a baseline if most people have it and another one. Its place in the
 * manifest is all that speaks for it, so what is compared is always told. */
static void find_baseline(reading *r) {
    myo_comparison *c = r->c;
    int people = 0, both = 0;
    for (int i = 0; i < c->participants.n; i++) {
        people += r->arms->person[i].group >= 0;
        both += r->arms->person[i].group >= 0 && r->baseline[i] && r->afterwards[i];
    }
    const bool taken = r->candidate >= 0 && (c->job->baseline || 2 * both > people);
    r->arms->baseline = taken ? r->candidate : -1;
    if (taken) {
        const char *name = c->conditions.name[r->candidate];
        note(r, myo_compare_text(c, "baseline %s, left out; compared: %s%s", name,
                                 others(c, r->candidate),
                                 c->job->baseline ? "" : " (--baseline LABEL chooses another)"));
        if (!c->job->baseline) {
            myo_warn(c->d,
                     "condition %s is taken as a baseline and left out (%d of %d people have others "
                     "too)",
                     name, both, people);
        }
    } else if (c->conditions.n > 1) {
        note(r, myo_compare_text(c, "no baseline; compared: %s together", others(c, -1)));
        if (both > 0) {
            myo_warn(c->d, "%d of %d people have several conditions, taken together", both, people);
        }
    }
}

/* Cells of the baseline outlive the merging of conditions. */
static myo_err keep_before(const reading *r) {
    const myo_comparison *c = r->c;
    myo_arms *a = r->arms;
    a->before = myo_alloc(c->n_cells + 1, sizeof *a->before);
    for (size_t i = 0; a->before && i < c->n_cells; i++) {
        if (c->cell[i].condition == a->baseline) {
            a->before[a->n_before] = c->cell[i];
            a->before[a->n_before++].measure = NULL;
        }
    }
    return a->before ? MYO_OK : MYO_ERR_NOMEM;
}

static void warn_groups(const reading *r) {
    const myo_comparison *c = r->c;
    int none = 0, two = 0;
    for (int i = 0; i < c->participants.n; i++) {
        if (r->in_two[i]) {
            r->arms->person[i].group = -1;
            two++;
        } else {
            none += r->arms->person[i].group < 0;
        }
    }
    if (none > 0) {
        myo_warn(c->d, "%d of %d people in no group, left out", none, c->participants.n);
    }
    if (two > 0) {
        myo_warn(c->d, "%d of %d people in more than one group, left out", two, c->participants.n);
    }
}

static void warn_contradictions(const reading *r) {
    int n = 0;
    for (int i = 0; i < r->c->participants.n; i++) {
        const myo_person *p = &r->arms->person[i];
        n += !isnan(p->grade) && p->incidence >= 0 && p->incidence != (p->grade > 0.0);
    }
    if (n > 0) {
        myo_warn(r->c->d, "incidence and grade contradict each other in %s",
                 myo_say_people(r->c, n));
    }
}

static myo_err read_people(reading *r) {
    const size_t n = r->c->results.recordings.n_rows;
    MYO_TRY(candidate(r));
    for (size_t i = 0; i < n; i++) {
        take_group(r, i);
        take_condition(r, i);
    }
    warn_groups(r);
    find_baseline(r);
    for (size_t i = 0; i < n; i++) {
        MYO_TRY(take_clinician(r, i));
    }
    warn_contradictions(r);
    MYO_TRY(keep_before(r));
    return myo_compare_merge_conditions(r->c, r->arms->baseline);
}

/* --- what there is to ask --- */

static void add_extra(myo_comparison *c, int channel, int type, myo_metric_id metric) {
    c->extra[c->n_extra++] = (myo_outcome){.channel = channel, .type = type, .metric = metric};
}

static myo_err add_clinician(const reading *r) {
    myo_comparison *c = r->c;
    int channel = 0, type = 0;
    if (!r->has_incidence) {
        return MYO_OK;
    }
    MYO_TRY(myo_labels_add(&c->channels, MYO_CLINICIAN, &channel));
    MYO_TRY(myo_labels_add(&c->types, MYO_GRADED_TYPE, &type));
    add_extra(c, channel, type, MYO_METRIC_INCIDENCE);
    if (r->has_grade) {
        add_extra(c, channel, type, MYO_METRIC_GRADE);
    }
    return MYO_OK;
}

static void add_signal(const reading *r) {
    myo_comparison *c = r->c;
    const int all = c->n_cells > 0 ? myo_labels_find(&c->channels, "all") : -1;
    for (int type = 0; type < c->types.n && all >= 0; type++) {
        const bool graded = strcmp(c->types.name[type], MYO_GRADED_TYPE) == 0;
        if (myo_compare_movement(c->types.name[type])) {
            add_extra(c, all, type, MYO_METRIC_INCIDENCE);
        }
        if (r->arms->has_events && graded) {
            add_extra(c, all, type, MYO_METRIC_GRADE);
        }
        if (r->arms->has_events && myo_compare_movement(c->types.name[type])) {
            add_extra(c, all, type, MYO_METRIC_ONSET);
        }
    }
}

static myo_err add_extras(const reading *r) {
    myo_comparison *c = r->c;
    const size_t most = ((size_t)c->types.n + 1) * MYO_N_METRIC;
    c->extra = myo_alloc(most, sizeof *c->extra);
    if (!c->extra) {
        return MYO_ERR_NOMEM;
    }
    add_signal(r);
    return add_clinician(r);
}

/* --- */

myo_err myo_arms_of(myo_comparison *c, myo_arms *out) {
    const size_t n = (size_t)c->participants.n + 1;
    reading r = {.c = c, .arms = out};
    *out = (myo_arms){.person = myo_alloc(n, sizeof *out->person), .baseline = -1};
    r.in_two = myo_alloc(n, sizeof *r.in_two);
    r.baseline = myo_alloc(n, sizeof *r.baseline);
    r.afterwards = myo_alloc(n, sizeof *r.afterwards);
    r.incidence_col = myo_tsv_find(&c->results.recordings.table, "incidence");
    myo_err e = out->person && r.in_two && r.baseline && r.afterwards ? MYO_OK : MYO_ERR_NOMEM;
    for (size_t i = 0; e == MYO_OK && i < n; i++) {
        out->person[i] = (myo_person){
            .group = -1, .incidence = -1, .grade = NAN, .signal_grade = NAN, .watched_s = NAN};
    }
    e = e == MYO_OK ? read_people(&r) : e;
    e = e == MYO_OK && c->n_cells > 0 ? myo_arms_events(c, out) : e;
    e = e == MYO_OK ? add_extras(&r) : e;
    myo_free(r.in_two);
    myo_free(r.baseline);
    myo_free(r.afterwards);
    return e;
}

void myo_arms_clear(myo_arms *a) {
    myo_free(a->person);
    myo_free(a->onset_s);
    myo_free(a->before);
    *a = (myo_arms){0};
}

/* --- one person's values --- */

static bool is_clinical(const myo_comparison *c, const myo_outcome *o) {
    return strcmp(c->channels.name[o->channel], MYO_CLINICIAN) == 0;
}

/* How long somebody was watched is the same for all classes. */
static const myo_pooled *watched(const myo_comparison *c, int person, const myo_outcome *o) {
    const int all = myo_labels_find(&c->channels, "all");
    const bool clinical = o->metric >= MYO_N_SUMMARY_METRIC && is_clinical(c, o);
    return myo_compare_cell(c, person, 0, clinical ? all : o->channel, o->type);
}

const myo_pooled *myo_arms_cell(const myo_comparison *c, int person, const myo_outcome *o) {
    const myo_pooled *p = myo_compare_cell(c, person, 0, o->channel, o->type);
    return p && p->exposure_s > 0.0 ? p : NULL;
}

const myo_pooled *myo_arms_before(const myo_comparison *c, int person, const myo_outcome *o) {
    for (size_t i = 0; i < c->arms->n_before; i++) {
        const myo_pooled *p = &c->arms->before[i];
        if (p->participant == person && p->channel == o->channel && p->type == o->type) {
            return p->exposure_s > 0.0 ? p : NULL;
        }
    }
    return NULL;
}

static double grade_of(const myo_comparison *c, int person, const myo_outcome *o) {
    const myo_person *p = &c->arms->person[person];
    return is_clinical(c, o) ? p->grade : p->signal_grade;
}

/* When the first event came, or the watching ended. */
static double onset_of(const myo_comparison *c, int person, const myo_outcome *o) {
    const myo_person *p = &c->arms->person[person];
    return isnan(p->watched_s) || isnan(p->onset_s[o->type]) ? p->watched_s : p->onset_s[o->type];
}

static double incidence_of(const myo_comparison *c, int person, const myo_outcome *o) {
    const myo_pooled *p = myo_arms_cell(c, person, o);
    if (is_clinical(c, o)) {
        const int seen = c->arms->person[person].incidence;
        return seen < 0 ? NAN : (double)seen;
    }
    return p ? (double)(p->n > 0) : NAN;
}

double myo_arms_value(const myo_comparison *c, int person, const myo_outcome *o) {
    static double (*const own[MYO_N_METRIC])(const myo_comparison *, int, const myo_outcome *) = {
        [MYO_METRIC_INCIDENCE] = incidence_of,
        [MYO_METRIC_GRADE] = grade_of,
        [MYO_METRIC_ONSET] = onset_of,
    };
    const myo_pooled *p = myo_arms_cell(c, person, o);
    return own[o->metric] ? own[o->metric](c, person, o)
           : p            ? myo_metric_scaled(p, o->metric)
                          : NAN;
}

bool myo_arms_had(const myo_versus *q, const myo_arm *a, size_t i) {
    return q->o->metric == MYO_METRIC_ONSET
               ? !isnan(q->c->arms->person[a->who[i]].onset_s[q->o->type])
               : a->value[i] > 0.0;
}

/* --- rows --- */

/* People with the event, where each has a value once; else their events together. */
static int64_t events_of(const myo_versus *q, const myo_arm *a) {
    int64_t n = 0;
    for (size_t i = 0; i < a->n; i++) {
        const myo_pooled *p = myo_arms_cell(q->c, a->who[i], q->o);
        n += q->o->metric >= MYO_N_SUMMARY_METRIC ? myo_arms_had(q, a, i) : p ? p->n : 0;
    }
    return n;
}

static double exposure_of(const myo_versus *q, const myo_arm *a) {
    double s = 0.0;
    for (size_t i = 0; i < a->n; i++) {
        const myo_pooled *p = watched(q->c, a->who[i], q->o);
        s += p ? p->exposure_s : 0.0;
    }
    return s > 0.0 ? s / 3600.0 : NAN;
}

myo_cmp_row myo_versus_support(const myo_versus *q, const char *effect_name, const char *test) {
    myo_cmp_row r = myo_cmp_row_of(q->c, q->o, q->ref.name, q->con.name);
    r.n_reference = (int64_t)q->ref.n;
    r.n_contrast = (int64_t)q->con.n;
    r.events_reference = events_of(q, &q->ref);
    r.events_contrast = events_of(q, &q->con);
    r.exposure_reference_h = exposure_of(q, &q->ref);
    r.exposure_contrast_h = exposure_of(q, &q->con);
    r.effect_name = effect_name ? effect_name : r.effect_name;
    r.test = test;
    r.role = MYO_SUPPORTING;
    return r;
}

/* People of the group who have recordings, but none of the channel. */
static size_t lack_channel(const myo_versus *q, bool contrast) {
    const myo_comparison *c = q->c;
    const int group = myo_labels_find(&c->groups, contrast ? q->con.name : q->ref.name);
    const int all = myo_labels_find(&c->channels, "all");
    size_t n = 0;
    for (int i = 0; i < c->participants.n && q->o->channel != all; i++) {
        n += c->arms->person[i].group == group && myo_compare_has(c, i, 0) &&
             !myo_compare_cell(c, i, 0, q->o->channel, q->o->type);
    }
    return n;
}

myo_cmp_row myo_versus_row(const myo_versus *q) {
    const myo_arm *const arms[] = {&q->ref, &q->con};
    myo_cmp_row r = myo_versus_support(q, NULL, NULL);
    r.role = q->o->role;
    for (int i = 0; i < 2; i++) {
        const size_t missing = arms[i]->n_all - arms[i]->n;
        const size_t lack = q->o->metric < MYO_N_SUMMARY_METRIC ? lack_channel(q, i == 1) : 0;
        if (lack > 0) {
            myo_cmp_row_warn(q->c, &r, "%zu of %zu people under %s without channel %s", lack,
                             arms[i]->n_all, arms[i]->name, q->c->channels.name[q->o->channel]);
        }
        if (missing > 0) {
            myo_cmp_row_warn(q->c, &r, "%zu of %zu people under %s without a value, left out",
                             missing, arms[i]->n_all, arms[i]->name);
        }
    }
    return r;
}
