/* params.c - the parameters: table, presets, text to value, checks. */
#include <string.h>
#include <strings.h>
#include "base/base.h"
#include "myotab/params.h"
#include "myotab/study.h"

#define ROW(name, unit, help, kind, def, lo, hi, field)                                            \
    {name, unit, help, MYO_PARAM_##kind, def, lo, hi, offsetof(myo_params, field)},

const myo_param_row myo_param_rows[] = {
#define K(key, kind, unit, emg_def, acc_def, lo, hi, help)                                         \
    ROW("emg." #key, unit, help, kind, emg_def, lo, hi, emg.key)
#include "myotab/params.def"
#undef K
#define K(key, kind, unit, emg_def, acc_def, lo, hi, help)                                         \
    ROW("acc." #key, unit, help, kind, acc_def, lo, hi, acc.key)
#include "myotab/params.def"
#undef K
#define P(group, key, kind, unit, def, lo, hi, help)                                               \
    ROW(#group "." #key, unit, help, kind, def, lo, hi, group##_##key)
#include "myotab/params.def"
#undef P
};
const int myo_n_params = sizeof myo_param_rows / sizeof myo_param_rows[0];

static const char *const no_settings[] = {NULL};
static const char *const noisy_settings[] = {"emg.band_lo=40", "emg.band_hi=250", NULL};

static const char *const clonus_settings[] = {"clonus.on=1", NULL};
/* WASM 2016 (Ferri); the AASM counts intervals from 5 s on. */
static const char *const legs_settings[] = {"legs.on=1", NULL};
static const char *const aasm_settings[] = {"legs.on=1", "legs.imi_lo=5", NULL};

const myo_preset myo_presets[] = {
    {"emg", "surface EMG: the defaults", no_settings},
    {"accel", "accelerometer: the defaults", no_settings},
    {"noisy", "EMG with movement artefact and broadband noise: pass band 40-250 Hz",
     noisy_settings},
    {"clonus", "spastic muscle under stretch: regular trains of 3-8 Hz are clonus", clonus_settings},
    {"sleep-legs", "tibialis anterior in sleep: leg movements, periodic series, fragmentary myoclonus (WASM)",
     legs_settings},
    {"sleep-legs-aasm", "the same by the AASM's rules: intervals of 5-90 s", aasm_settings},
};
const int myo_n_presets = sizeof myo_presets / sizeof myo_presets[0];

static void store(myo_params *p, const myo_param_row *row, double value) {
    char *field = (char *)p + row->offset;
    if (row->kind == MYO_PARAM_REAL) {
        memcpy(field, &value, sizeof value);
    } else {
        const int64_t whole = (int64_t)value;
        memcpy(field, &whole, sizeof whole);
    }
}

double myo_param_get(const myo_params *p, const myo_param_row *row) {
    const char *field = (const char *)p + row->offset;
    double value;
    int64_t whole;
    if (row->kind == MYO_PARAM_REAL) {
        memcpy(&value, field, sizeof value);
    } else {
        memcpy(&whole, field, sizeof whole);
        value = (double)whole;
    }
    return value;
}

void myo_params_defaults(myo_params *p) {
    memset(p, 0, sizeof *p);
    for (int i = 0; i < myo_n_params; i++) {
        store(p, &myo_param_rows[i], myo_param_rows[i].def);
    }
}

static const myo_param_row *find_row(const char *name) {
    for (int i = 0; i < myo_n_params; i++) {
        if (strcmp(myo_param_rows[i].name, name) == 0) {
            return &myo_param_rows[i];
        }
    }
    return NULL;
}

/* "name: wrong value (found X, allowed LO to HI unit)" */
static myo_err refuse(const myo_param_row *row, const char *found, myo_diag *d) {
    char lo[32], hi[32];
    myo_format_g(lo, sizeof lo, row->lo, 15);
    myo_format_g(hi, sizeof hi, row->hi, 15);
    if (row->kind == MYO_PARAM_BOOL) {
        return myo_fail(d, MYO_ERR_PARAM,
                        "parameter %s: wrong value (found '%.80s', allowed 0 or 1)", row->name,
                        found);
    }
    return myo_fail(d, MYO_ERR_PARAM,
                    "parameter %s: wrong value (found '%.80s', allowed %s%s to %s%s%s)", row->name,
                    found, row->kind == MYO_PARAM_INT ? "whole number " : "", lo, hi,
                    row->unit[0] != '\0' ? " " : "", row->unit);
}

static bool in_range(const myo_param_row *row, double v) {
    return v >= row->lo && v <= row->hi; /* false for NaN */
}

static bool parse_bool(const char *s, double *out) {
    static const char *const words[] = {"0", "false", "no", "off", "1", "true", "yes", "on"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcasecmp(s, words[i]) == 0) {
            *out = i >= 4;
            return true;
        }
    }
    return false;
}

static bool parse_value(const myo_param_row *row, const char *s, double *out) {
    int64_t whole;
    switch (row->kind) {
    case MYO_PARAM_BOOL:
        return parse_bool(s, out);
    case MYO_PARAM_INT:
        if (!myo_parse_i64(s, strlen(s), &whole)) {
            return false;
        }
        *out = (double)whole;
        return true;
    case MYO_PARAM_REAL:
        break;
    }
    return myo_parse_f64(s, strlen(s), out);
}

myo_err myo_params_set(myo_params *p, const char *name, const char *value, myo_diag *d) {
    const myo_param_row *row = find_row(name);
    if (row == NULL) {
        return myo_fail(d, MYO_ERR_PARAM,
                        "unknown parameter '%.80s' (allowed: see 'myotab params')", name);
    }
    double v;
    if (!parse_value(row, value, &v) || !in_range(row, v)) {
        return refuse(row, value, d);
    }
    store(p, row, v);
    return MYO_OK;
}

/* "name=value" */
static myo_err set_assignment(myo_params *p, const char *text, myo_diag *d) {
    char name[64];
    const size_t n = strcspn(text, "=");
    if (text[n] != '=' || n >= sizeof name) {
        return myo_fail(d, MYO_ERR_PARAM, "wrong setting (found '%.80s', allowed name=value)",
                        text);
    }
    memcpy(name, text, n);
    name[n] = '\0';
    return myo_params_set(p, name, text + n + 1, d);
}

static myo_err unknown_preset(const char *name, myo_diag *d) {
    myo_buf known = {0};
    for (int i = 0; i < myo_n_presets; i++) {
        myo_buf_printf(&known, "%s%s", i > 0 ? ", " : "", myo_presets[i].name);
    }
    const myo_err e = myo_fail(d, MYO_ERR_PARAM, "unknown preset (found '%.80s', allowed %s)", name,
                               known.failed ? "those of 'myotab params'" : known.s);
    myo_buf_clear(&known);
    return e;
}

myo_err myo_params_preset(myo_params *p, const char *name, myo_diag *d) {
    for (int i = 0; i < myo_n_presets; i++) {
        if (strcmp(myo_presets[i].name, name) != 0) {
            continue;
        }
        for (const char *const *s = myo_presets[i].settings; *s != NULL; s++) {
            MYO_TRY(set_assignment(p, *s, d));
        }
        return MYO_OK;
    }
    return unknown_preset(name, d);
}

/* Fails unless a < b; both named and shown. */
static myo_err need_less(const char *name_a, double a, const char *name_b, double b, myo_diag *d) {
    if (a < b) {
        return MYO_OK;
    }
    char text_a[32], text_b[32];
    myo_format_g(text_a, sizeof text_a, a, 15);
    myo_format_g(text_b, sizeof text_b, b, 15);
    return myo_fail(d, MYO_ERR_PARAM, "parameter %s: must be below %s (found %s and %s)", name_a,
                    name_b, text_a, text_b);
}

/* A band needs an octave: a filter of its length makes no narrower one. */
static myo_err need_octave(const char *group, double lo, double hi, myo_diag *d) {
    if (hi >= 2 * lo) {
        return MYO_OK;
    }
    char text_lo[32], text_hi[32], least[32];
    myo_format_g(text_lo, sizeof text_lo, lo, 15);
    myo_format_g(text_hi, sizeof text_hi, hi, 15);
    myo_format_g(least, sizeof least, 2 * lo, 15);
    return myo_fail(d, MYO_ERR_PARAM,
                    "parameter %s.band_hi: must be at least twice %s.band_lo (found %s and %s, allowed from %s)",
                    group, group, text_hi, text_lo, least);
}

#define NEED_LESS(group, k, a, b)                                                                  \
    MYO_TRY(need_less(group "." #a, (double)(k)->a, group "." #b, (double)(k)->b, d))

#define CHECK_KIND(group, k)                                                                       \
    do {                                                                                           \
        NEED_LESS(group, k, band_lo, band_hi);                                                     \
        MYO_TRY(need_octave(group, (double)(k)->band_lo, (double)(k)->band_hi, d));                \
        NEED_LESS(group, k, scale1_ms, scale2_ms);                                                 \
        NEED_LESS(group, k, scale2_ms, scale3_ms);                                                 \
        NEED_LESS(group, k, scale3_ms, scale4_ms);                                                 \
        NEED_LESS(group, k, tremor_lo, tremor_hi);                                                 \
    } while (0)

static myo_err check_bounds(const myo_params *p, myo_diag *d) {
    for (int i = 0; i < myo_n_params; i++) {
        const double v = myo_param_get(p, &myo_param_rows[i]);
        if (!in_range(&myo_param_rows[i], v)) {
            char found[32];
            myo_format_g(found, sizeof found, v, 15);
            return refuse(&myo_param_rows[i], found, d);
        }
    }
    return MYO_OK;
}

myo_err myo_params_check(const myo_params *p, myo_diag *d) {
    const double least_mains = 10.0; /* Hz; railways have 16.7 */
    MYO_TRY(check_bounds(p, d));
    CHECK_KIND("emg", &p->emg);
    CHECK_KIND("acc", &p->acc);
    MYO_TRY(need_less("negative.min_ms", p->negative_min_ms, "negative.max_ms", p->negative_max_ms, d));
    MYO_TRY(need_less("legs.off_uv", p->legs_off_uv, "legs.on_uv", p->legs_on_uv, d));
    MYO_TRY(need_less("legs.min_s", p->legs_min_s, "legs.max_s", p->legs_max_s, d));
    MYO_TRY(need_less("legs.imi_lo", p->legs_imi_lo, "legs.imi_hi", p->legs_imi_hi, d));
    if (p->mains_freq > 0.0 && p->mains_freq < least_mains) {
        char found[32];
        myo_format_g(found, sizeof found, p->mains_freq, 15);
        return myo_fail(d, MYO_ERR_PARAM,
                        "parameter mains.freq: wrong value (found %s, allowed 0 or 10 to 400 Hz)",
                        found);
    }
    return MYO_OK;
}

myo_err myo_params_from(myo_params *p, const myo_param_source *src, myo_diag *d) {
    myo_params all;
    myo_params_defaults(&all);
    if (src->preset != NULL) {
        MYO_TRY(myo_params_preset(&all, src->preset, d));
    }
    if (src->file != NULL) {
        MYO_TRY(myo_params_load(&all, src->file, d));
    }
    for (const char *const *s = src->settings; s != NULL && *s != NULL; s++) {
        MYO_TRY(set_assignment(&all, *s, d));
    }
    MYO_TRY(myo_params_check(&all, d));
    *p = all;
    return MYO_OK;
}
