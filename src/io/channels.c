/* channels.c - who is who: labels, kinds, units of a recording's channels. */
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <strings.h>
#include "base/base.h"
#include "io/bids.h"
#include "io/channels.h"
#include "io/channels_in.h"
#include "io/labels.h"
#include "io/units.h"

/* --- labels --- */

/* Earlier channels called `label`, or `label#k`. */
static int namesakes(const myo_recinfo *info, int before, const char *label) {
    const size_t n = strlen(label);
    int same = 0;
    for (int c = 0; c < before; c++) {
        const char *other = info->ch[c].label;
        same += strncmp(other, label, n) == 0 && (other[n] == '\0' || other[n] == '#');
    }
    return same;
}

static bool taken(const myo_recinfo *info, int before, const char *label) {
    for (int c = 0; c < before; c++) {
        if (strcmp(info->ch[c].label, label) == 0) {
            return true;
        }
    }
    return false;
}

/* "name", "name#2", "name#3"; the name is cut where the number would not fit. */
static void make_unique(const myo_recinfo *info, int c, myo_diag *d) {
    char label[MYO_LABEL_MAX], base[MYO_LABEL_MAX - 16];
    if (!taken(info, c, info->ch[c].label)) {
        return;
    }
    myo_printable(base, sizeof base, info->ch[c].label);
    int k = namesakes(info, c, base);
    do {
        k++;
        snprintf(label, sizeof label, "%s#%d", base, k);
    } while (taken(info, c, label));
    myo_warn(d, "channel %d: label '%s' comes twice; named '%s'", c + 1, info->ch[c].label, label);
    memcpy(info->ch[c].label, label, sizeof label);
}

static void clean_labels(myo_reader *r) {
    for (int c = 0; c < r->info->n_ch; c++) {
        myo_channel *ch = &r->info->ch[c];
        char raw[MYO_LABEL_MAX];
        memcpy(raw, ch->label, sizeof raw);
        raw[sizeof raw - 1] = '\0';
        myo_printable(ch->label, sizeof ch->label, raw);
        if (ch->label[0] == '\0') {
            snprintf(ch->label, sizeof ch->label, "ch%d", c + 1);
        }
        memcpy(raw, ch->file_unit, sizeof ch->file_unit);
        myo_unit_show(ch->file_unit, sizeof ch->file_unit, raw);
        make_unique(r->info, c, r->d);
    }
}

/* --- what the sidecars say --- */

/* A recording without names, as audio is, has those of the sidecar's rows, where these are as many. */
static void take_names(myo_reader *r, const myo_sidecar *side) {
    myo_recinfo *info = r->info;
    bool nameless = side->n_row == (size_t)info->n_ch;
    for (int c = 0; nameless && c < info->n_ch; c++) {
        nameless = myo_is_numbered(info->ch[c].label) && myo_side_row_of(side, info->ch[c].label) == NULL;
    }
    for (int c = 0; nameless && c < info->n_ch; c++) {
        if (side->row[c].name[0] != '\0') {
            myo_printable(info->ch[c].label, sizeof info->ch[c].label, side->row[c].name);
            make_unique(info, c, r->d);
        }
    }
}

static void apply_sidecar(myo_reader *r, const myo_sidecar *side, int c, myo_known *k) {
    myo_channel *ch = &r->info->ch[c];
    if (k->row == NULL) {
        return;
    }
    if (k->row->units[0] != '\0') {
        snprintf(ch->file_unit, sizeof ch->file_unit, "%s", "");
        myo_unit_show(ch->file_unit, sizeof ch->file_unit, k->row->units);
    }
    if (k->row->type[0] != '\0') {
        const myo_kind kind = myo_kind_from_type(k->row->type);
        ch->kind = kind != MYO_N_KIND ? kind : MYO_KIND_OTHER;
    }
    if (k->row->bad) {
        myo_warn(r->d, "channel '%s': marked bad in %s; not analysed", ch->label, side->tsv_name);
        ch->kind = MYO_KIND_OTHER;
    }
    if (k->row->muscle[0] != '\0') {
        memcpy(ch->muscle, k->row->muscle, sizeof ch->muscle);
    } else if (ch->kind == MYO_KIND_ACC) {
        myo_printable(ch->muscle, sizeof ch->muscle, k->row->point);
    }
}

/* --- what the user says: "label=KIND[:unit[:muscle]],...", or bare labels to choose --- */

static int find_label(const myo_recinfo *info, const char *s, size_t n) {
    for (int c = 0; c < info->n_ch; c++) {
        if (strlen(info->ch[c].label) == n && memcmp(info->ch[c].label, s, n) == 0) {
            return c;
        }
    }
    int64_t number;
    return myo_parse_i64(s, n, &number) && number >= 1 && number <= info->n_ch ? (int)number - 1
                                                                               : -1;
}

static myo_err unknown_channel(const myo_reader *r, const char *s, size_t n) {
    char list[240] = "";
    size_t used = 0;
    for (int c = 0; c < r->info->n_ch && used + 4 < sizeof list; c++) {
        const size_t room = sizeof list - used;
        const int k = snprintf(list + used, room, "%s%s", c > 0 ? ", " : "", r->info->ch[c].label);
        used = k > 0 && (size_t)k < room ? used + (size_t)k : sizeof list;
    }
    return myo_fail(r->d, MYO_ERR_NO_CHANNEL,
                    "channels: no channel '%.*s' (the recording has %d: %s)",
                    (int)(n < 60 ? n : 60), s, r->info->n_ch, list);
}

/* What stands behind '=': KIND[:unit[:muscle]]. */
static myo_err take_user(const myo_reader *r, const char *s, size_t n, myo_channel *ch, myo_known *k) {
    char text[160], *unit = NULL, *muscle = NULL;
    snprintf(text, sizeof text, "%.*s", (int)n, s);
    if ((unit = strchr(text, ':')) != NULL) {
        *unit++ = '\0';
        if ((muscle = strchr(unit, ':')) != NULL) {
            *muscle++ = '\0';
        }
    }
    const myo_kind kind =
        strcasecmp(text, "OTHER") == 0 ? MYO_KIND_OTHER : myo_kind_from_type(text);
    if (kind == MYO_N_KIND) {
        return myo_fail(r->d, MYO_ERR_PARAM,
                        "channels: kind of '%s' (found '%s', allowed EMG, ACC, OTHER)", ch->label,
                        text);
    }
    if (k->own_kind && ch->kind != kind) {
        return myo_fail(r->d, MYO_ERR_PARAM, "channels: '%s' comes twice (found %s and %s, allowed one kind)",
                        ch->label, myo_kind_name(ch->kind), myo_kind_name(kind));
    }
    k->own_kind = true;
    ch->kind = kind;
    double scale;
    if (unit != NULL && unit[0] != '\0') {
        if (myo_unit_find(unit, &scale) == MYO_DIM_NONE) {
            return myo_fail(r->d, MYO_ERR_PARAM,
                            "channels: unit of '%s' (found '%s', allowed uV, mV, V, g, mg, m/s^2, "
                            "counts)",
                            ch->label, unit);
        }
        snprintf(k->unit, sizeof k->unit, "%.*s", MYO_UNIT_MAX - 1, unit);
    }
    if (muscle != NULL) {
        myo_printable(ch->muscle, sizeof ch->muscle, muscle);
    }
    return MYO_OK;
}

/* One item of the list; a bare label only chooses. */
static myo_err user_item(const myo_reader *r, const char *s, size_t n, myo_known *k, bool *chosen,
                         bool *choosing) {
    const char *equals = NULL;
    for (size_t i = 0; i < n; i++) {
        equals = s[i] == '=' ? s + i : equals;
    }
    size_t label = equals != NULL ? (size_t)(equals - s) : n;
    int c = find_label(r->info, s, n);
    if (c >= 0) {
        equals = NULL; /* a label may itself hold '=' */
    } else {
        c = find_label(r->info, s, label);
    }
    if (c < 0) {
        return unknown_channel(r, s, label);
    }
    chosen[c] = true;
    *choosing = *choosing || equals == NULL;
    return equals != NULL ? take_user(r, equals + 1, n - label - 1, &r->info->ch[c], &k[c])
                          : MYO_OK;
}

static myo_err apply_user(const myo_reader *r, myo_known *k) {
    const char *s = r->opts->channels;
    if (s == NULL || s[0] == '\0') {
        return MYO_OK;
    }
    bool *chosen = myo_alloc((size_t)r->info->n_ch, sizeof *chosen);
    if (chosen == NULL) {
        return myo_fail(r->d, MYO_ERR_NOMEM, "no memory for %d channels", r->info->n_ch);
    }
    bool choosing = false;
    myo_err err = MYO_OK;
    while (err == MYO_OK && *s != '\0') {
        while (*s == ' ') {
            s++;
        }
        size_t n = strcspn(s, ",");
        const char *next = s + n + (s[n] == ',');
        while (n > 0 && s[n - 1] == ' ') {
            n--;
        }
        err = n > 0 ? user_item(r, s, n, k, chosen, &choosing) : MYO_OK;
        s = next;
    }
    for (int c = 0; choosing && c < r->info->n_ch; c++) {
        if (!chosen[c]) {
            r->info->ch[c].kind = MYO_KIND_OTHER;
        }
    }
    myo_free(chosen);
    return err;
}

/* --- kinds --- */

/* x, y, z alone, one of each, are an accelerometer's axes. */
static bool bare_axes(const myo_recinfo *info) {
    int n[3] = {0};
    for (int c = 0; c < info->n_ch; c++) {
        const char *s = info->ch[c].label;
        const int axis = strlen(s) == 1 ? (s[0] | 0x20) - 'x' : -1;
        if (axis >= 0 && axis < 3) {
            n[axis]++;
        }
    }
    return n[0] == 1 && n[1] == 1 && n[2] == 1;
}

static bool is_bare_axis(const char *label) {
    return strlen(label) == 1 && strchr("xyzXYZ", label[0]) != NULL;
}

/* Unit first, as it is the stronger word, unless the label names something else that is measured
 * so. */
static myo_kind kind_from_unit(const char *unit, myo_kind by_label) {
    double scale;
    switch (myo_unit_find(unit, &scale)) {
    case MYO_DIM_VOLT:
        return by_label != MYO_N_KIND ? by_label : MYO_KIND_EMG;
    case MYO_DIM_ACCEL:
        return by_label == MYO_N_KIND || by_label == MYO_KIND_ACC ? MYO_KIND_ACC : MYO_KIND_OTHER;
    case MYO_DIM_OTHER: /* G is gauss, but for an accelerometer it is meant as g */
        return strcmp(unit, "G") == 0 && by_label == MYO_KIND_ACC ? MYO_KIND_ACC : MYO_KIND_OTHER;
    case MYO_DIM_TIME:
        return MYO_KIND_OTHER;
    case MYO_DIM_NONE:
    case MYO_DIM_COUNTS:
        break;
    }
    return by_label;
}

enum { GUESS_HZ = 400 }; /* contract.md 4: from here up a nameless channel is EMG */

/* A recording of the head: half of its channels carry names of EEG sites. */
static bool of_the_head(const myo_recinfo *info) {
    int sites = 0;
    for (int c = 0; c < info->n_ch; c++) {
        sites += myo_is_eeg_site(info->ch[c].label);
    }
    return sites * 2 >= info->n_ch;
}

static void decide_kind(myo_reader *r, int c, bool axes, const myo_known *k) {
    myo_channel *ch = &r->info->ch[c];
    if (ch->kind != MYO_N_KIND) {
        return;
    }
    myo_kind by_label = myo_kind_from_label(ch->label);
    if (by_label == MYO_N_KIND && axes && is_bare_axis(ch->label)) {
        by_label = MYO_KIND_ACC;
    }
    if (by_label == MYO_N_KIND && of_the_head(r->info)) {
        by_label = MYO_KIND_OTHER; /* mastoids, references: microvolts beside EEG are no EMG unless they say so */
    }
    ch->kind = kind_from_unit(k->unit, by_label);
    if (ch->kind == MYO_KIND_OTHER && by_label == MYO_KIND_EMG) {
        myo_warn(r->d, "channel '%s': unit '%s' does not fit EMG; listed as other", ch->label,
                 k->unit);
    }
    if (ch->kind == MYO_N_KIND && r->opts->unit != NULL) {
        ch->kind = kind_from_unit(r->opts->unit, MYO_N_KIND);
    }
    if (ch->kind == MYO_N_KIND) {
        ch->kind = ch->fs >= GUESS_HZ ? MYO_KIND_EMG : MYO_KIND_ACC;
        ch->guessed = true;
    }
}

/* --- units --- */

static bool fits(myo_kind kind, myo_dim dim) {
    return (kind == MYO_KIND_EMG && dim == MYO_DIM_VOLT) ||
           (kind == MYO_KIND_ACC && dim == MYO_DIM_ACCEL);
}

/* The unit that counts: the user's for this channel, the file's or its _channels.tsv, a plain
 * sidecar's. */
static void choose_unit(const myo_reader *r, const myo_sidecar *side, const myo_channel *ch,
                        myo_known *k) {
    const double scale = r->opts->scale;
    k->scale = scale > 0 || scale < 0 ? scale : side->scale > 0 ? side->scale : 1;
    k->own_unit = k->unit[0] != '\0';
    if (!k->own_unit) {
        snprintf(k->unit, sizeof k->unit, "%s",
                 ch->file_unit[0] != '\0' ? ch->file_unit : side->unit);
    }
}

/* The user's unit for all channels counts where it fits the kind. */
static void override_unit(const myo_reader *r, const myo_channel *ch, myo_known *k) {
    const char *all = r->opts->unit;
    double scale;
    if (k->own_unit || all == NULL || all[0] == '\0') {
        return;
    }
    const myo_dim dim = myo_unit_find(all, &scale);
    if (dim == MYO_DIM_COUNTS || fits(ch->kind, dim)) {
        snprintf(k->unit, sizeof k->unit, "%.*s", MYO_UNIT_MAX - 1, all);
    }
}

static void scale_channel(myo_channel *ch, const myo_known *k) {
    double to_canonical;
    const bool capital = ch->kind == MYO_KIND_ACC && strcmp(k->unit, "G") == 0;
    const myo_dim dim = myo_unit_find(capital ? "g" : k->unit, &to_canonical);
    ch->scale *= k->scale;
    const bool same = (dim == MYO_DIM_VOLT || dim == MYO_DIM_ACCEL) && fabs(to_canonical - 1) < 1e-12;
    if (fits(ch->kind, dim) || (ch->kind == MYO_KIND_OTHER && same)) { /* another spelling of it */
        ch->scale *= to_canonical;
        snprintf(ch->unit, sizeof ch->unit, "%s", myo_unit_canonical(dim));
    } else if (ch->kind == MYO_KIND_OTHER && dim != MYO_DIM_NONE && dim != MYO_DIM_COUNTS) {
        myo_unit_show(ch->unit, sizeof ch->unit, k->unit); /* listed, not analysed: as it is stated */
    } else {
        snprintf(ch->unit, sizeof ch->unit, "au");
    }
    const double lo = ch->rail_lo * ch->scale, hi = ch->rail_hi * ch->scale;
    ch->rail_lo = ch->scale < 0 ? hi : lo;
    ch->rail_hi = ch->scale < 0 ? lo : hi;
    ch->lsb *= fabs(ch->scale);
}

static myo_err check_opts(const myo_reader *r) {
    double scale;
    if (r->opts->unit != NULL && r->opts->unit[0] != '\0' &&
        myo_unit_find(r->opts->unit, &scale) == MYO_DIM_NONE) {
        return myo_fail(r->d, MYO_ERR_PARAM,
                        "unit (found '%s', allowed uV, mV, V, nV, g, mg, m/s^2, counts)",
                        r->opts->unit);
    }
    if (!isfinite(r->opts->scale)) {
        return myo_fail(r->d, MYO_ERR_PARAM, "scale is not a number");
    }
    return MYO_OK;
}

/* --- all together --- */

static myo_err identify(myo_reader *r, const myo_sidecar *side, myo_known *k) {
    take_names(r, side);
    MYO_TRY(myo_channels_rows(r, k));
    for (int c = 0; c < r->info->n_ch; c++) {
        apply_sidecar(r, side, c, &k[c]);
    }
    myo_channels_rates(r, k);
    MYO_TRY(apply_user(r, k));
    const bool axes = bare_axes(r->info);
    for (int c = 0; c < r->info->n_ch; c++) {
        choose_unit(r, side, &r->info->ch[c], &k[c]);
        decide_kind(r, c, axes, &k[c]);
        override_unit(r, &r->info->ch[c], &k[c]);
        scale_channel(&r->info->ch[c], &k[c]);
        if (r->info->ch[c].muscle[0] == '\0' && r->info->ch[c].kind == MYO_KIND_EMG) {
            myo_label_muscle(r->info->ch[c].muscle, sizeof r->info->ch[c].muscle,
                             r->info->ch[c].label);
        }
    }
    MYO_TRY(myo_sensors_find(r->info, r->d));
    myo_channels_doubt(r, k);
    return MYO_OK;
}

myo_err myo_channels_identify(myo_reader *r) {
    MYO_TRY(check_opts(r));
    myo_known *k = myo_alloc((size_t)r->info->n_ch, sizeof *k);
    if (k == NULL) {
        return myo_fail(r->d, MYO_ERR_NOMEM, "no memory for %d channels", r->info->n_ch);
    }
    clean_labels(r);
    myo_err err = myo_sidecar_load(&r->side, r->path, r->d);
    err = err == MYO_OK ? identify(r, &r->side, k) : err;
    myo_free(k);
    return err;
}
