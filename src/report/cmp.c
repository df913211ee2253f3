/* cmp.c - comparison.tsv read back. */
#include <math.h>
#include <stddef.h>
#include <string.h>
#include "report/report.h"

static const struct {
    const char *name;
    size_t at;
} numbers[] = {
    {"n_reference", offsetof(myo_rep_cmp, n_reference)},
    {"n_contrast", offsetof(myo_rep_cmp, n_contrast)},
    {"events_reference", offsetof(myo_rep_cmp, events_reference)},
    {"events_contrast", offsetof(myo_rep_cmp, events_contrast)},
    {"exposure_reference_h", offsetof(myo_rep_cmp, exposure_reference_h)},
    {"exposure_contrast_h", offsetof(myo_rep_cmp, exposure_contrast_h)},
    {"estimate_reference", offsetof(myo_rep_cmp, estimate_reference)},
    {"estimate_contrast", offsetof(myo_rep_cmp, estimate_contrast)},
    {"effect", offsetof(myo_rep_cmp, effect)},
    {"ci_low", offsetof(myo_rep_cmp, low)},
    {"ci_high", offsetof(myo_rep_cmp, high)},
    {"ci_level", offsetof(myo_rep_cmp, level)},
    {"p_value", offsetof(myo_rep_cmp, p)},
    {"p_adjusted", offsetof(myo_rep_cmp, p_adjusted)},
    {"seed", offsetof(myo_rep_cmp, seed)},
    {"resamples", offsetof(myo_rep_cmp, resamples)},
    {"mdc", offsetof(myo_rep_cmp, mdc)},
};
static const struct {
    const char *name;
    size_t at;
    bool may_miss; /* the column: tables made by hand, older versions */
} texts[] = {
    {"design", offsetof(myo_rep_cmp, design), false},
    {"trial_type", offsetof(myo_rep_cmp, type), false},
    {"channel", offsetof(myo_rep_cmp, channel), false},
    {"metric", offsetof(myo_rep_cmp, metric), false},
    {"reference", offsetof(myo_rep_cmp, reference), false},
    {"contrast", offsetof(myo_rep_cmp, contrast), false},
    {"effect_name", offsetof(myo_rep_cmp, effect_name), false},
    {"adjustment", offsetof(myo_rep_cmp, adjustment), false},
    {"test", offsetof(myo_rep_cmp, test), false},
    {"warning", offsetof(myo_rep_cmp, warning), false},
    {"indeterminate", offsetof(myo_rep_cmp, indeterminate), true},
    {"participant_id", offsetof(myo_rep_cmp, participant), true},
    {"sentence", offsetof(myo_rep_cmp, sentence), true},
    {"study", offsetof(myo_rep_cmp, study), true},
};
enum { N_NUMBERS = sizeof numbers / sizeof numbers[0], N_TEXTS = sizeof texts / sizeof texts[0] };

typedef struct columns {
    int number[N_NUMBERS], text[N_TEXTS], role;
} columns;

static myo_err find_columns(const myo_tsv *t, columns *c, myo_diag *d) {
    for (int i = 0; i < N_NUMBERS; i++) {
        MYO_TRY(myo_tsv_need(t, numbers[i].name, &c->number[i], d));
    }
    for (int i = 0; i < N_TEXTS; i++) {
        c->text[i] = myo_tsv_find(t, texts[i].name);
        if (!texts[i].may_miss) {
            MYO_TRY(myo_tsv_need(t, texts[i].name, &c->text[i], d));
        }
    }
    c->role = myo_tsv_find(t, "role");
    return MYO_OK;
}

/* A role nobody here knows claims nothing. */
static myo_rep_role role_of(const char *name) {
    for (int i = 0; i < MYO_REP_N_ROLE; i++) {
        if (strcmp(name, myo_role_word((myo_rep_role)i)) == 0) {
            return (myo_rep_role)i;
        }
    }
    return MYO_REP_EXPLORATORY;
}

static myo_err read_row(const myo_tsv *t, size_t row, const columns *c, myo_rep_cmp *out,
                        myo_diag *d) {
    char *base = (char *)out;
    for (int i = 0; i < N_NUMBERS; i++) {
        MYO_TRY(
            myo_tsv_f64(t, row, c->number[i], true, (double *)(void *)(base + numbers[i].at), d));
    }
    for (int i = 0; i < N_TEXTS; i++) {
        const char *s = c->text[i] < 0 ? "" : myo_tsv_cell(t, row, c->text[i]);
        *(const char **)(void *)(base + texts[i].at) = strcmp(s, "n/a") == 0 ? "" : s;
    }
    out->role = c->role < 0 ? MYO_REP_EXPLORATORY : role_of(myo_tsv_cell(t, row, c->role));
    return MYO_OK;
}

/* By role, and as in the table within one. */
static myo_err fill(myo_rep *r, const columns *c, myo_diag *d) {
    const myo_tsv *t = &r->comparison;
    size_t n = 0;
    for (int role = 0; role < MYO_REP_N_ROLE; role++) {
        for (size_t row = 0; row < t->n_rows; row++) {
            const myo_rep_role own =
                c->role < 0 ? MYO_REP_EXPLORATORY : role_of(myo_tsv_cell(t, row, c->role));
            if ((int)own == role) {
                MYO_TRY(read_row(t, row, c, &r->cmp[n++], d));
            }
        }
    }
    r->n_cmps = n;
    return MYO_OK;
}

/* *found: there is one that may be shown. */
static myo_err is_from_here(myo_rep *r, const char *name, bool *found) {
    myo_buf path = {0};
    myo_err e = myo_rep_path(r, NULL, name, &path);
    *found = e == MYO_OK && myo_rep_exists(path.s);
    e = *found ? myo_rep_find_origin(r, &r->origin) : e;
    if (*found && e == MYO_OK && r->origin == MYO_REP_ORIGIN_OTHER) {
        *found = false;
        myo_warn(r->d, "%s: comparison.tsv was made from other results: run compare again",
                 r->job->dir);
    }
    myo_buf_clear(&path);
    return e;
}

myo_err myo_rep_read_comparison(myo_rep *r) {
    static const char name[] = "comparison.tsv";
    bool found = false;
    columns c;
    myo_diag why = {0};
    if (!r->is_study && !r->is_comparison) {
        return MYO_OK; /* recordings without conditions: there is nothing it could be about */
    }
    if (r->is_study) {
        MYO_TRY(is_from_here(r, name, &found));
    } else { /* there are no results here that it could not be of */
        found = true;
        r->origin = MYO_REP_ORIGIN_HERE;
    }
    if (!found) {
        return MYO_OK;
    }
    MYO_TRY(myo_rep_table(r, &r->comparison, NULL, name, &found));
    r->cmp = myo_alloc(r->comparison.n_rows + 1, sizeof *r->cmp);
    if (!r->cmp) {
        return MYO_ERR_NOMEM;
    }
    myo_err e = find_columns(&r->comparison, &c, &why);
    e = e == MYO_OK ? fill(r, &c, &why) : e;
    return e == MYO_OK ? e : myo_rep_blame(r, NULL, name, e, &why);
}

bool myo_cmp_is_adjusted(const myo_rep_cmp *c) {
    return c->adjustment[0] && strcmp(c->adjustment, "none") != 0 &&
           strcmp(c->adjustment, "primary") != 0;
}

myo_claim myo_cmp_claim(const myo_rep_cmp *c) {
    return (myo_claim){.kind = myo_claim_kind_of(c->design, c->reference),
                       .none = myo_effect_none(c->effect_name),
                       .low = c->low,
                       .high = c->high,
                       .level = c->level,
                       .p = c->p,
                       .p_adjusted = c->p_adjusted,
                       .exact = myo_claim_is_exact(c->metric),
                       .least_p = myo_claim_least_p((double)c->n_reference, (double)c->n_contrast)};
}

const myo_rep_cmp *myo_rep_primary(const myo_rep *r) {
    return r->n_cmps > 0 && r->cmp[0].role == MYO_REP_PRIMARY ? &r->cmp[0] : NULL;
}

myo_rep_outcome myo_rep_outcome_of(const myo_rep *r) {
    const myo_rep_cmp *c = myo_rep_primary(r);
    const int type = c ? myo_class_from_name(c->type) : -1;
    if (type < 0) {
        return (myo_rep_outcome){MYO_JERK, "all", "rate_per_h"};
    }
    return (myo_rep_outcome){type, c->channel, c->metric};
}
