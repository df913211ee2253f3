/* synth_conf.c - scenarios: the built-in ones, JSON files, and "key=value" on top. */
#include <ctype.h>
#include <math.h>
#include <stddef.h>
#include <string.h>
#include <jansson.h>
#include "myotab/run.h"
#include "run/synth.h"

enum { MAX_JSON = 1 << 20 };

static const struct setting {
    const char *key, *unit;
    double def, lo, hi;
    size_t offset;
    const char *help;
} k_settings[] = {
#define S(key, unit, def, lo, hi, help) {#key, unit, def, lo, hi, offsetof(syn_conf, key), help},
#include "run/synth.def"
#undef S
};
enum { N_SETTINGS = sizeof k_settings / sizeof k_settings[0] };

static const struct scenario {
    const char *name, *help;
    const char *settings[24];
} k_scenarios[] = {
    {"emg-mixed",
     "all six kinds of EMG event on two muscles, 5 min, SNR about 14 dB",
     {"jerk_per_min=5", "tremor_per_min=0.4", "cramp_per_min=0.2", "tetany_per_min=0.2",
      "voluntary_per_min=1", "fasciculation_per_min=0.3", "episode_max_s=25"}},
    {"emg-jerks",
     "jerks of every type, some in several of three muscles, 5 min",
     {"n_channels=3", "jerk_per_min=15"}},
    {"emg-clean",
     "all six kinds, SNR about 22 dB, low noise",
     {"jerk_per_min=5", "tremor_per_min=0.4", "cramp_per_min=0.2", "tetany_per_min=0.2",
      "voluntary_per_min=1", "fasciculation_per_min=0.3", "episode_max_s=25", "snr_db=22",
      "noise_uv=1.5"}},
    {"emg-hard",
     "all six kinds from units of 30-180 uV at most, floor 7-14 uV, drifting hum, heart in half",
     {"jerk_per_min=5", "tremor_per_min=0.4", "cramp_per_min=0.2", "tetany_per_min=0.2",
      "voluntary_per_min=1", "fasciculation_per_min=0.3", "episode_max_s=25", "unit_lo_uv=30",
      "unit_hi_uv=180", "noise_uv=7", "noise_hi_uv=14", "mains_uv=32", "mains_drift_hz=0.2",
      "ecg_share=0.5", "ecg_lo_uv=20", "ecg_uv=300", "ecg_ectopic=0.02", "ecg_breath=0.1"}},
    {"emg-noise",
     "nothing but the noise floor, 30 min: every event found is a false alarm",
     {"duration_s=1800"}},
    {"emg-artefacts",
     "hum, heart, wander, cable movements, pops and dropouts, no muscle, 10 min",
     {"duration_s=600", "mains_uv=20", "ecg_uv=60", "wander_uv=200", "cable_per_min=3",
      "pop_per_min=3", "dropout_per_min=1", "noise_uv=4"}},
    {"emg-tremor",
     "tremor of 3.5-11 Hz, agonist and antagonist, among some jerks and contractions, 10 min",
     {"duration_s=600", "tremor_per_min=1", "jerk_per_min=1", "voluntary_per_min=0.5",
      "episode_max_s=40"}},
    {"emg-cramp",
     "cramps and tetany among contractions, 15 min",
     {"duration_s=900", "cramp_per_min=0.3", "tetany_per_min=0.15", "voluntary_per_min=1"}},
    {"emg-trains",
     "tremor, rhythmic jerks, tetany and single units like clocks, 10 min",
     {"duration_s=600", "tremor_per_min=0.5", "tetany_per_min=0.3", "rhythm_per_min=0.3",
      "unit_per_min=0.3", "voluntary_per_min=0.5", "episode_max_s=25", "snr_db=18"}},
    {"emg-clonus",
     "runs of clonus of 4.7-7 Hz among jerks and contractions, 10 min",
     {"duration_s=600", "clonus_per_min=1", "jerk_per_min=1", "voluntary_per_min=1",
      "episode_max_s=30", "snr_db=18"}},
    {"legs",
     "two legs in sleep: periodic and single leg movements, fragmentary myoclonus, 2 h",
     {"duration_s=7200", "series_per_min=0.04", "leg_per_min=0.06", "fragment_per_min=0.3",
      "snr_db=22", "noise_uv=1.5"}},
    {"acc-mixed",
     "accelerometer: jerks, tremor and reaches, with turns of posture, 10 min",
     {"acc=1", "duration_s=600", "jerk_per_min=6", "tremor_per_min=0.8", "voluntary_per_min=1.5",
      "turn_per_min=0.5", "episode_max_s=30"}},
    {"acc-hard",
     "accelerometer: weak jerks and tremor with taps, walking and turns, 20 min",
     {"acc=1", "duration_s=1200", "jerk_per_min=4", "tremor_per_min=0.5", "voluntary_per_min=1",
      "turn_per_min=1", "tap_per_min=1", "walk_per_min=0.2", "jerk_g_lo=0.04", "jerk_g_hi=0.4",
      "tremor_g_lo=0.02", "tremor_g_hi=0.2", "episode_max_s=30", "noise_ug=300"}},
    {"acc-moving",
     "accelerometer: jerks and tremor of people who reach, turn and walk, 10 min",
     {"acc=1", "duration_s=600", "jerk_per_min=5", "tremor_per_min=0.6", "voluntary_per_min=1.5",
      "turn_per_min=1", "walk_per_min=0.2", "walk_heel_g=0.3", "jerk_g_lo=0.12", "jerk_g_hi=2.5",
      "episode_max_s=30"}},
    {"acc-noise", "accelerometer at rest, 30 min", {"acc=1", "duration_s=1800"}},
    {"acc-artefacts",
     "accelerometer at rest that is tapped, turned, driven about and slips, 30 min",
     {"acc=1", "duration_s=1800", "tap_per_min=1", "turn_per_min=1", "vehicle_per_min=0.1",
      "slip_per_min=0.2", "episode_max_s=40"}},
    {"pre-post",
     "two recordings of one person, jerk rate halved in the second, with a manifest",
     {"sessions=2", "duration_s=600", "n_channels=1", "jerk_per_min=8", "voluntary_per_min=0.5"}},
    {"day",
     "24 h of eight muscles at 2 kHz, 2.8 GB",
     {"duration_s=86400", "n_channels=8", "jerk_per_min=0.5", "tremor_per_min=0.02",
      "cramp_per_min=0.005", "tetany_per_min=0.002", "voluntary_per_min=0.5",
      "fasciculation_per_min=0.02"}},
};
enum { N_SCENARIOS = sizeof k_scenarios / sizeof k_scenarios[0] };

void myo_synth_list(FILE *f) {
    for (int i = 0; i < N_SCENARIOS; i++) {
        fprintf(f, "%-14s %s\n", k_scenarios[i].name, k_scenarios[i].help);
    }
}

void myo_synth_settings(FILE *f) {
    fprintf(f, "Settings (--set key=value; key, default, unit, meaning):\n");
#define S(key, unit, def, lo, hi, help) fprintf(f, "%-21s %-6g %-7s %s\n", #key, (double)(def), unit, help);
#include "run/synth.def"
#undef S
}

static double *field(syn_conf *c, const struct setting *s) {
    return (double *)(void *)((char *)c + s->offset);
}

/* A setting by its name, or by its name per hour instead of per minute. */
static const struct setting *find_setting(const char *key, size_t n, double *divide) {
    static const char per_h[] = "_per_h", per_min[] = "_per_min";
    char name[64];
    *divide = 1.0;
    if (n >= sizeof name - sizeof per_min) {
        return NULL;
    }
    memcpy(name, key, n);
    name[n] = '\0';
    const size_t tail = sizeof per_h - 1;
    if (n > tail && strcmp(name + n - tail, per_h) == 0) {
        memcpy(name + n - tail, per_min, sizeof per_min);
        *divide = 60.0;
    }
    for (int i = 0; i < N_SETTINGS; i++) {
        if (strcmp(k_settings[i].key, name) == 0) {
            return &k_settings[i];
        }
    }
    return NULL;
}

static myo_err set_name(syn_conf *c, const char *value, myo_diag *d) {
    const size_t n = strlen(value);
    bool ok = n > 0 && n < sizeof c->name && value[0] != '.';
    for (size_t i = 0; i < n; i++) {
        ok = ok && (isalnum((unsigned char)value[i]) || strchr("-_.", value[i]));
    }
    if (!ok) {
        return myo_fail(d, MYO_ERR_PARAM, "name is '%s' (allowed: 1-%zu letters, digits, - _ .)",
                        value, sizeof c->name - 1);
    }
    memcpy(c->name, value, n + 1);
    return MYO_OK;
}

static myo_err set_format(syn_conf *c, const char *value, myo_diag *d) {
    if (strcmp(value, "edf") != 0 && strcmp(value, "csv") != 0 && strcmp(value, "wav") != 0) {
        return myo_fail(d, MYO_ERR_PARAM, "format is '%s' (allowed: edf, csv, wav)", value);
    }
    memcpy(c->format, value, strlen(value) + 1);
    return MYO_OK;
}

static myo_err set_one(syn_conf *c, const char *key, size_t n, const char *value, myo_diag *d) {
    if (n == 4 && strncmp(key, "name", n) == 0) {
        return set_name(c, value, d);
    }
    if (n == 6 && strncmp(key, "format", n) == 0) {
        return set_format(c, value, d);
    }
    double divide, v;
    const struct setting *s = find_setting(key, n, &divide);
    if (!s) {
        return myo_fail(d, MYO_ERR_PARAM, "no setting '%.*s' in a scenario", (int)(n < 60 ? n : 60),
                        key);
    }
    if (!myo_parse_f64(value, strlen(value), &v) || !(v / divide >= s->lo && v / divide <= s->hi)) {
        return myo_fail(d, MYO_ERR_PARAM, "%.*s is '%.40s' (allowed %g to %g%s%s)", (int)n, key,
                        value, s->lo * divide, s->hi * divide, s->unit[0] ? " " : "",
                        divide > 1.0 ? "1/h" : s->unit);
    }
    *field(c, s) = v / divide;
    return MYO_OK;
}

static myo_err set_pair(syn_conf *c, const char *pair, myo_diag *d) {
    const char *eq = strchr(pair, '=');
    if (!eq) {
        return myo_fail(d, MYO_ERR_PARAM, "'%.60s' is no key=value", pair);
    }
    return set_one(c, pair, (size_t)(eq - pair), eq + 1, d);
}

static const struct scenario *find_scenario(const char *name) {
    for (int i = 0; i < N_SCENARIOS; i++) {
        if (strcmp(k_scenarios[i].name, name) == 0) {
            return &k_scenarios[i];
        }
    }
    return NULL;
}

static myo_err apply_builtin(syn_conf *c, const struct scenario *s, myo_diag *d) {
    memcpy(c->name, s->name, strlen(s->name) + 1);
    for (int i = 0; s->settings[i]; i++) {
        MYO_TRY(set_pair(c, s->settings[i], d));
    }
    return MYO_OK;
}

static myo_err apply_json_value(syn_conf *c, const char *key, const json_t *v, myo_diag *d) {
    char text[40];
    if (strcmp(key, "base") == 0) {
        return MYO_OK;
    }
    if (json_is_string(v)) {
        return set_one(c, key, strlen(key), json_string_value(v), d);
    }
    if (json_is_boolean(v)) {
        return set_one(c, key, strlen(key), json_is_true(v) ? "1" : "0", d);
    }
    if (!json_is_number(v)) {
        return myo_fail(d, MYO_ERR_PARAM, "%.60s is neither a number nor text", key);
    }
    myo_format_g(text, sizeof text, json_number_value(v), 17);
    return set_one(c, key, strlen(key), text, d);
}

static myo_err apply_json(syn_conf *c, const json_t *root, myo_diag *d) {
    if (!json_is_object(root)) {
        return myo_fail(d, MYO_ERR_PARAM,
                        "a scenario is a JSON object, {\"base\": \"emg-mixed\", \"fs\": 1000}");
    }
    const json_t *base = json_object_get(root, "base");
    if (base) {
        const struct scenario *s =
            json_is_string(base) ? find_scenario(json_string_value(base)) : NULL;
        if (!s) {
            return myo_fail(d, MYO_ERR_PARAM, "base is no built-in scenario");
        }
        MYO_TRY(apply_builtin(c, s, d));
    }
    const char *key;
    json_t *v;
    json_object_foreach((json_t *)(uintptr_t)root, key, v) {
        MYO_TRY(apply_json_value(c, key, v, d));
    }
    return MYO_OK;
}

/* The file's own name, without folder and ending, until it says another. */
static myo_err name_from_path(syn_conf *c, const char *path, myo_diag *d) {
    const char *slash = strrchr(path, '/');
    char stem[sizeof c->name];
    snprintf(stem, sizeof stem, "%s", slash ? slash + 1 : path);
    char *dot = strrchr(stem, '.');
    if (dot && dot != stem) {
        *dot = '\0';
    }
    return set_name(c, stem, d);
}

static myo_err load_file(syn_conf *c, const char *path, myo_diag *d) {
    myo_buf b = {0};
    MYO_TRY(myo_slurp(path, MAX_JSON, &b, d));
    json_error_t e;
    json_t *root = json_loadb(b.s ? b.s : "", b.n, JSON_REJECT_DUPLICATES, &e);
    myo_buf_clear(&b);
    if (!root) {
        return myo_fail(d, MYO_ERR_PARAM, "line %d: %s", e.line, e.text);
    }
    const myo_err err = apply_json(c, root, d);
    if (err == MYO_OK && !c->name[0]) {
        json_decref(root);
        return name_from_path(c, path, d);
    }
    json_decref(root);
    return err;
}

static myo_err check_pairs(const syn_conf *c, myo_diag *d) {
    const struct {
        const char *lo, *hi;
        double a, b;
    } pair[] = {
        {"tremor_lo", "tremor_hi", c->tremor_lo, c->tremor_hi},
        {"fasc_lo", "fasc_hi", c->fasc_lo, c->fasc_hi},
        {"unit_lo_uv", "unit_hi_uv", c->unit_lo_uv, c->unit_hi_uv},
        {"ecg_lo_bpm", "ecg_hi_bpm", c->ecg_lo_bpm, c->ecg_hi_bpm},
        {"jerk_g_lo", "jerk_g_hi", c->jerk_g_lo, c->jerk_g_hi},
        {"tremor_g_lo", "tremor_g_hi", c->tremor_g_lo, c->tremor_g_hi},
    };
    for (size_t i = 0; i < sizeof pair / sizeof pair[0]; i++) {
        if (pair[i].a > pair[i].b) {
            return myo_fail(d, MYO_ERR_PARAM, "%s is %g (allowed: at most %s, %g)", pair[i].lo,
                            pair[i].a, pair[i].hi, pair[i].b);
        }
    }
    if (c->acc > 0.5 && strcmp(c->format, "wav") == 0) {
        return myo_fail(d, MYO_ERR_PARAM,
                        "an accelerometer in a WAV file (allowed: edf, csv, which name its axes)");
    }
    const double least = c->acc > 0.5 ? 25.0 : 500.0, most = c->acc > 0.5 ? 500.0 : 10000.0;
    if (c->fs != 0.0 && (c->fs < least || c->fs > most)) {
        return myo_fail(d, MYO_ERR_PARAM, "fs is %g (allowed %g to %g Hz)", c->fs, least, most);
    }
    return MYO_OK;
}

myo_err syn_conf_load(syn_conf *c, const char *scenario, const char *const *settings, myo_diag *d) {
    *c = (syn_conf){.format = "edf"};
    for (int i = 0; i < N_SETTINGS; i++) {
        *field(c, &k_settings[i]) = k_settings[i].def;
    }
    const struct scenario *s = find_scenario(scenario);
    const size_t n = strlen(scenario);
    if (!s && !(n > 5 && strcmp(scenario + n - 5, ".json") == 0)) {
        return myo_fail(d, MYO_ERR_USAGE,
                        "no scenario '%.60s' (allowed: a built-in name or a .json file)", scenario);
    }
    MYO_TRY(s ? apply_builtin(c, s, d) : load_file(c, scenario, d));
    for (int i = 0; settings && settings[i]; i++) {
        MYO_TRY(set_pair(c, settings[i], d));
    }
    return check_pairs(c, d);
}
