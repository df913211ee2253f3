/* forest.c - design forest: the primary outcomes of several compared studies, together (science.md
 * 6.4). Exploratory, whether or not they are seen to differ in more than chance. */
#include <string.h>
#include "base/base.h"
#include "compare/designs.h"
#include "compare/words.h"
#include "stats/meta.h"
#include "stats/tail.h"

static const double LEVEL = 0.95;
#define TABLE_BYTES ((size_t)64 << 20)
enum { STUDIES_MAX = 1000, WORD = 32 };

/* Columns of comparison.tsv that are read back. */
enum { ROLE, TYPE, CHANNEL, METRIC, REFERENCE, CONTRAST, NAME, TEST, DESIGN, N_TEXT };
static const char *const text_names[N_TEXT] = {"role",      "trial_type", "channel",     "metric",
                                               "reference", "contrast",   "effect_name", "test", "design"};
enum {
    N_REF,
    N_CON,
    EV_REF,
    EV_CON,
    H_REF,
    H_CON,
    EST_REF,
    EST_CON,
    EFFECT,
    LOW,
    HIGH,
    CI,
    P,
    N_NUM
};
static const char *const num_names[N_NUM] = {"n_reference",
                                             "n_contrast",
                                             "events_reference",
                                             "events_contrast",
                                             "exposure_reference_h",
                                             "exposure_contrast_h",
                                             "estimate_reference",
                                             "estimate_contrast",
                                             "effect",
                                             "ci_low",
                                             "ci_high",
                                             "ci_level",
                                             "p_value"};

/* The primary row of one study. Texts are the comparison's. */
typedef struct study {
    const char *name;
    char hash[65]; /* of its comparison.tsv */
    bool counted;  /* its ratio is from counts with 1/2 added, as an interval has no end */
    const char *why_not; /* it has no weight because ...; NULL: it has */
    const char *text[N_TEXT];
    double num[N_NUM];
} study;

typedef struct forest {
    myo_comparison *c;
    study *study;
    myo_2x2 *table;
    myo_effect *effect;
    size_t n;
    bool tables; /* every study counts people with and without the event */
} forest;

/* --- the studies' tables --- */

/* Last part of a folder's path. */
static const char *study_name(myo_comparison *c, const char *dir) {
    size_t end = strlen(dir);
    while (end > 1 && dir[end - 1] == '/') {
        end--;
    }
    size_t begin = end;
    while (begin > 0 && dir[begin - 1] != '/') {
        begin--;
    }
    return myo_compare_text(c, "%.*s", (int)(end - begin), dir + begin);
}

static myo_err take_row(myo_comparison *c, const myo_tsv *t, size_t row, study *s, myo_diag *d) {
    for (int i = 0; i < N_TEXT; i++) {
        int col = -1;
        MYO_TRY(myo_tsv_need(t, text_names[i], &col, d));
        s->text[i] = myo_compare_text(c, "%s", myo_tsv_cell(t, row, col));
    }
    for (int i = 0; i < N_NUM; i++) {
        int col = -1;
        MYO_TRY(myo_tsv_need(t, num_names[i], &col, d));
        MYO_TRY(myo_tsv_f64(t, row, col, true, &s->num[i], d));
    }
    return MYO_OK;
}

static myo_err take_primary(myo_comparison *c, const myo_tsv *t, study *s, myo_diag *d) {
    int role = -1;
    size_t found = 0, at = 0;
    MYO_TRY(myo_tsv_need(t, "role", &role, d));
    for (size_t i = 0; i < t->n_rows; i++) {
        if (strcmp(myo_tsv_cell(t, i, role), "primary") == 0) {
            at = i;
            found++;
        }
    }
    if (found != 1) {
        return myo_fail(d, MYO_ERR_INPUT,
                        "primary rows (found %zu, allowed 1: two arms or conditions)", found);
    }
    return take_row(c, t, at, s, d);
}

static myo_err read_study(myo_comparison *c, const char *dir, study *s) {
    myo_diag own = {0};
    myo_tsv t = {0};
    myo_buf path = {0};
    s->name = study_name(c, dir);
    myo_buf_printf(&path, "%s/comparison.tsv", dir);
    myo_err e = path.failed ? MYO_ERR_NOMEM : myo_tsv_read(&t, path.s, TABLE_BYTES, &own);
    if (e == MYO_OK) {
        myo_tsv_unguard(&t);
        e = take_primary(c, &t, s, &own);
        e = e == MYO_OK ? myo_file_sha256(path.s, s->hash, &own) : e;
    }
    if (e != MYO_OK) {
        myo_fail(c->d, e, "%s/comparison.tsv: %s", dir, own.code ? own.message : myo_err_text(e));
    }
    myo_buf_clear(&path);
    myo_tsv_clear(&t);
    myo_diag_clear(&own);
    return e;
}

/* Studies are put together only if they ask the same question in the same way. */
static myo_err check_alike(const forest *f) {
    static const int same[] = {TYPE, METRIC, NAME};
    for (size_t i = 1; i < f->n; i++) {
        for (size_t k = 0; k < sizeof same / sizeof same[0]; k++) {
            const char *a = f->study[0].text[same[k]], *b = f->study[i].text[same[k]];
            if (strcmp(a, b) != 0) {
                return myo_fail(f->c->d, MYO_ERR_USAGE,
                                "studies with different primary outcomes (found %s %.60s in %.60s "
                                "and %.60s in %.60s)",
                                text_names[same[k]], a, f->study[0].name, b, f->study[i].name);
            }
        }
    }
    const char *name = f->study[0].text[NAME];
    const size_t n = strlen(name);
    return n >= 5 && strcmp(name + n - 5, "ratio") == 0
               ? MYO_OK
               : myo_fail(f->c->d, MYO_ERR_USAGE, "the primary outcome is no ratio (found %.60s)",
                          name);
}

/* A study whose reference is another's contrast would turn the ratio round; one given twice would count
 * twice. */
static myo_err check_pair(const forest *f, const study *a, const study *b) {
    if (strcmp(a->hash, b->hash) == 0) {
        return myo_fail(f->c->d, MYO_ERR_USAGE, "%.80s and %.80s are the same comparison", a->name,
                        b->name);
    }
    if (strcmp(a->text[REFERENCE], b->text[CONTRAST]) == 0 ||
        strcmp(a->text[CONTRAST], b->text[REFERENCE]) == 0) {
        return myo_fail(f->c->d, MYO_ERR_USAGE,
                        "studies in opposite directions (found %.40s against %.40s in %.60s, %.40s "
                        "against %.40s in %.60s): compare again with --reference",
                        a->text[CONTRAST], a->text[REFERENCE], a->name, b->text[CONTRAST],
                        b->text[REFERENCE], b->name);
    }
    return MYO_OK;
}

static myo_err check_pairs(const forest *f) {
    for (size_t i = 0; i < f->n; i++) {
        for (size_t k = 0; k < i; k++) {
            MYO_TRY(check_pair(f, &f->study[k], &f->study[i]));
        }
    }
    return MYO_OK;
}

/* Two folders of one name are told apart by their paths. */
static void name_apart(forest *f) {
    for (size_t i = 1; i < f->n; i++) {
        for (size_t k = 0; k < i; k++) {
            if (strcmp(f->study[i].name, f->study[k].name) == 0) {
                f->study[i].name = f->c->job->dirs[i];
                f->study[k].name = f->c->job->dirs[k];
            }
        }
    }
}

/* --- effects --- */

static bool is_count(double x) {
    return x >= 0.0 && x <= 1e9 && x == floor(x);
}

/* Risks of people: events are people with the event. */
static bool table_of(const study *s, myo_2x2 *t) {
    const double *x = s->num;
    if (strcmp(s->text[NAME], "risk_ratio") != 0 || !is_count(x[N_REF]) || !is_count(x[N_CON]) ||
        !is_count(x[EV_REF]) || !is_count(x[EV_CON])) {
        return false;
    }
    *t = (myo_2x2){(int64_t)x[EV_CON], (int64_t)x[N_CON], (int64_t)x[EV_REF], (int64_t)x[N_REF]};
    return true;
}

/* Counts over exposures, 1/2 added to both counts: for a ratio of 0 or without end. */
static myo_effect effect_of_counts(const study *s) {
    const double *x = s->num;
    const double con = x[EV_CON] + 0.5, ref = x[EV_REF] + 0.5;
    return (myo_effect){.log = log(con / x[H_CON]) - log(ref / x[H_REF]),
                        .se = sqrt(1.0 / con + 1.0 / ref)};
}

/* ln of a ratio and its standard error, from its interval. An interval of few people is one of order
 * statistics, far from normal: it says too little of a standard error. */
static myo_effect effect_of(study *s) {
    static const double LEVEL_MIN = 0.9;
    const double *x = s->num;
    const bool finite = x[EFFECT] > 0.0 && x[LOW] > 0.0 && x[HIGH] > x[LOW] && x[CI] < 1.0;
    if (finite && x[CI] >= LEVEL_MIN) {
        return (myo_effect){.log = log(x[EFFECT]),
                            .se = (log(x[HIGH]) - log(x[LOW])) / (2.0 * myo_z_quantile(x[CI]))};
    }
    s->counted = !finite && strcmp(s->text[DESIGN], "rates") == 0 && is_count(x[EV_REF]) &&
                 is_count(x[EV_CON]) && x[EV_REF] + x[EV_CON] > 0.0 && x[H_REF] > 0.0 &&
                 x[H_CON] > 0.0;
    s->why_not = s->counted ? NULL
                 : finite   ? "its interval is of too few people to have a standard error"
                            : "its ratio has no interval on both sides";
    return s->counted ? effect_of_counts(s) : (myo_effect){.log = NAN, .se = NAN};
}

static myo_err put_together(forest *f, myo_meta *m) {
    f->tables = true;
    for (size_t i = 0; i < f->n; i++) {
        f->tables = table_of(&f->study[i], &f->table[i]) && f->tables;
        f->effect[i] = effect_of(&f->study[i]);
    }
    if (f->tables) {
        return myo_meta_tables(f->table, f->n, LEVEL, MYO_HK_SAFE, f->effect, m, f->c->d);
    }
    myo_meta_effects(f->effect, f->n, LEVEL, MYO_HK_SAFE, m);
    return MYO_OK;
}

/* --- rows --- */

static int64_t whole(double x) {
    return is_count(x) ? (int64_t)x : MYO_NO_INT;
}

static myo_err add_study(forest *f, size_t i) {
    const study *s = &f->study[i];
    const double *x = s->num;
    myo_cmp_row r = myo_cmp_row_none();
    r.study = s->name;
    r.trial_type = s->text[TYPE];
    r.channel = s->text[CHANNEL];
    r.metric = s->text[METRIC];
    r.reference = s->text[REFERENCE];
    r.contrast = s->text[CONTRAST];
    r.effect_name = s->text[NAME];
    r.test = s->text[TEST];
    r.n_reference = whole(x[N_REF]);
    r.n_contrast = whole(x[N_CON]);
    r.events_reference = whole(x[EV_REF]);
    r.events_contrast = whole(x[EV_CON]);
    r.exposure_reference_h = x[H_REF];
    r.exposure_contrast_h = x[H_CON];
    r.estimate_reference = x[EST_REF];
    r.estimate_contrast = x[EST_CON];
    r.effect = x[EFFECT];
    r.low = x[LOW];
    r.high = x[HIGH];
    r.level = x[CI];
    r.p = x[P];
    r.role = MYO_SUPPORTING;
    const myo_effect *e = &f->effect[i];
    if (e->used) {
        char fixed[WORD], random[WORD];
        myo_format_fixed(fixed, WORD, 100.0 * e->w_fixed, 1);
        myo_format_fixed(random, WORD, 100.0 * e->w_random, 1);
        myo_cmp_row_warn(f->c, &r, "weight %s %% (fixed), %s %% (random)", fixed, random);
    } else {
        myo_cmp_row_warn(f->c, &r, "left out: %s",
                         f->tables || !s->why_not ? "no event in either arm" : s->why_not);
    }
    if (s->counted && !f->tables) {
        myo_cmp_row_warn(f->c, &r, "1/2 added to both counts, as one is zero");
    }
    if (e->corrected) {
        myo_cmp_row_warn(f->c, &r, "1/2 added to each cell, as one is zero");
    }
    return myo_compare_add(f->c, &r);
}

/* Cochran's Q has little power with few studies: the usual 0.1. */
static const double DIFFER_P = 0.1;

/* "I2 62 % (0 to 90 %), Q 5.3 (p 0.07), tau2 0.2" */
static const char *scatter(myo_comparison *c, const myo_meta *m) {
    char i2[WORD], lo[WORD], hi[WORD], q[WORD], p[WORD], tau2[WORD];
    if (isnan(m->i2)) {
        return "how much studies differ cannot be told";
    }
    myo_format_fixed(i2, WORD, 100.0 * m->i2, 0);
    myo_format_fixed(lo, WORD, 100.0 * m->i2_low, 0);
    myo_format_fixed(hi, WORD, 100.0 * m->i2_high, 0);
    myo_format_g(q, WORD, m->q, 3);
    myo_format_g(p, WORD, m->q_p, 2);
    myo_format_g(tau2, WORD, m->tau2, 3);
    const char *limits = isnan(m->i2_low) ? "" : myo_compare_text(c, " (%s to %s %%)", lo, hi);
    return myo_compare_text(c, "I2 %s %%%s, Q %s (p %s), tau2 %s", i2, limits, q, p, tau2);
}

static void add_totals(const forest *f, myo_cmp_row *r) {
    double sum[H_CON + 1] = {0};
    for (size_t i = 0; i < f->n; i++) {
        for (int k = 0; k <= H_CON; k++) {
            sum[k] += f->effect[i].used ? f->study[i].num[k] : 0.0;
        }
    }
    r->n_reference = whole(sum[N_REF]);
    r->n_contrast = whole(sum[N_CON]);
    r->events_reference = whole(sum[EV_REF]);
    r->events_contrast = whole(sum[EV_CON]);
    r->exposure_reference_h = sum[H_REF];
    r->exposure_contrast_h = sum[H_CON];
}

/* The label all studies have, else what they are called together. */
static const char *common(const forest *f, int which, const char *else_) {
    for (size_t i = 1; i < f->n; i++) {
        if (strcmp(f->study[0].text[which], f->study[i].text[which]) != 0) {
            return else_;
        }
    }
    return f->study[0].text[which];
}

static myo_err add_pooled(forest *f, const myo_meta *m, const myo_test *t, const char *method,
                          myo_role role) {
    myo_cmp_row r = myo_cmp_row_none();
    const study *s = &f->study[0];
    r.trial_type = s->text[TYPE];
    r.channel = common(f, CHANNEL, "various");
    r.metric = s->text[METRIC];
    r.reference = common(f, REFERENCE, "references");
    r.contrast = common(f, CONTRAST, "contrasts");
    r.effect_name = s->text[NAME];
    r.test = method;
    r.role = role;
    add_totals(f, &r);
    myo_cmp_row_test(f->c, &r, t);
    r.n_studies = (int64_t)m->k;
    myo_cmp_row_warn(f->c, &r, "exploratory: %s%s", myo_say_count(f->c, r.n_studies, "study", "studies"),
                     isnan(m->i2)          ? ""
                     : m->q_p < DIFFER_P ? ", which differ in more than chance"
                                           : ", not seen to differ in more than chance");
    if (m->left_out > 0) {
        myo_cmp_row_warn(f->c, &r, "%zu left out: see their rows", m->left_out);
    }
    if (strcmp(common(f, DESIGN, ""), "") == 0) {
        myo_cmp_row_warn(f->c, &r, "studies of different designs");
    }
    myo_cmp_row_warn(f->c, &r, "%s", scatter(f->c, m));
    return myo_compare_add(f->c, &r);
}

static myo_err add_rows(forest *f) {
    myo_meta m;
    MYO_TRY(put_together(f, &m));
    for (size_t i = 0; i < f->n; i++) {
        MYO_TRY(add_study(f, i));
    }
    MYO_TRY(add_pooled(f, &m, &m.hk, "random effects (DerSimonian-Laird), Hartung-Knapp interval",
                       MYO_PRIMARY));
    MYO_TRY(add_pooled(f, &m, &m.random, "random effects (DerSimonian-Laird)", MYO_SUPPORTING));
    return add_pooled(f, &m, &m.fixed,
                      f->tables ? "fixed effect (Mantel-Haenszel)"
                                : "fixed effect (inverse variance)",
                      MYO_SUPPORTING);
}

static myo_err read_all(forest *f) {
    for (size_t i = 0; i < f->n; i++) {
        MYO_TRY(read_study(f->c, f->c->job->dirs[i], &f->study[i]));
        f->study[i].name = f->study[i].name[0] ? f->study[i].name : "study";
    }
    MYO_TRY(check_alike(f));
    MYO_TRY(check_pairs(f));
    name_apart(f);
    return add_rows(f);
}

myo_err myo_design_forest(myo_comparison *c) {
    const int n = c->job->n_dirs;
    if (n > STUDIES_MAX) {
        return myo_fail(c->d, MYO_ERR_USAGE, "too many studies (found %d, allowed %d)", n,
                        (int)STUDIES_MAX);
    }
    forest f = {.c = c, .n = (size_t)n};
    f.study = myo_alloc(f.n, sizeof *f.study);
    f.table = myo_alloc(f.n, sizeof *f.table);
    f.effect = myo_alloc(f.n, sizeof *f.effect);
    const myo_err e = f.study && f.table && f.effect ? read_all(&f) : MYO_ERR_NOMEM;
    myo_free(f.study);
    myo_free(f.table);
    myo_free(f.effect);
    return e;
}
