/* sensors.c - which accelerometer channels are the axes of one sensor: those declared with one place,
 * those whose labels differ in the axis letter alone, and three that nothing names. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/base.h"
#include "io/labels.h"

/* An accelerometer channel, and its label without its axis letter. */
typedef struct candidate {
    myo_channel *ch;
    int axis;                /* -1: its label names none */
    char key[MYO_LABEL_MAX]; /* axis letter replaced by a byte that no label holds */
} candidate;

/* The accelerometer channels in file order; some of them as one sensor. */
typedef struct candidates {
    candidate *k;
    int n;
} candidates;

enum { AXES = 3 };

typedef struct axes {
    const candidate *of[AXES];
    int n; /* more than there is room for are no sensor */
} axes;

static int axis_of(char c) {
    const int lower = tolower((unsigned char)c);
    return lower >= 'x' && lower <= 'z' ? lower - 'x' : -1;
}

static bool alnum(char c) {
    return isalnum((unsigned char)c) != 0;
}

/* "acc", "accel", "accelerometer" right before s[i]? Or "a", as in "ax". */
static bool after_acc(const char *s, size_t i) {
    static const char *const stems[] = {"acc",          "accel", "accelerometer",
                                        "acceleration", "a",     "linacc"};
    for (size_t k = 0; k < sizeof stems / sizeof stems[0]; k++) {
        const size_t n = strlen(stems[k]);
        if (i >= n && strncasecmp(s + i - n, stems[k], n) == 0 &&
            (i == n || !isalpha((unsigned char)s[i - n - 1]))) {
            return true;
        }
    }
    return false;
}

/* Index of the axis letter: standing alone ("acc_x", "ACC.X 10"), or behind "acc" ("accX1"); -1 if
 * none. The last one counts, as names of devices come first. */
static int axis_place(const char *s) {
    for (size_t i = strlen(s); i-- > 0;) {
        if (axis_of(s[i]) < 0) {
            continue;
        }
        const bool right = !isalpha((unsigned char)s[i + 1]);
        const bool left = i == 0 || !alnum(s[i - 1]);
        const bool camel =
            i > 0 && islower((unsigned char)s[i - 1]) && isupper((unsigned char)s[i]);
        if (right && (left || camel || after_acc(s, i))) {
            return (int)i;
        }
    }
    return -1;
}

static void make_candidate(candidate *k, myo_channel *ch) {
    const int at = axis_place(ch->label);
    *k = (candidate){.ch = ch, .axis = at < 0 ? -1 : axis_of(ch->label[at])};
    snprintf(k->key, sizeof k->key, "%s", ch->label);
    if (at >= 0) {
        k->key[at] = '\1';
    }
}

/* "acc_" of "acc_x", "ACC 10" of "ACC.X 10", "acc" of "x". */
static void sensor_name(char dst[MYO_LABEL_MAX], const char *key) {
    size_t n = 0;
    for (size_t i = 0; key[i] != '\0'; i++) {
        if (key[i] != '\1') {
            dst[n++] = key[i];
            continue;
        }
        const bool separated = n > 0 && strchr("_-. :", dst[n - 1]) != NULL;
        const bool more = key[i + 1] != '\0' && strchr("_-. :)", key[i + 1]) != NULL;
        n -= separated && (more || key[i + 1] == '\0');
        while (key[i + 1] == '\0' && n > 0 && strchr("_-. :", dst[n - 1]) != NULL) {
            n--;
        }
    }
    dst[n] = '\0';
    size_t first = 0;
    while (first < n && strchr("_-. :", dst[first]) != NULL) {
        first++;
    }
    memmove(dst, dst + first, n - first + 1);
    if (dst[0] == '\0') {
        memcpy(dst, "acc", 4);
    }
}

/* A sensor's name may be no other sensor's and no lone channel's. */
static bool name_taken(const myo_recinfo *info, const char *name) {
    for (int c = 0; c < info->n_ch; c++) {
        const myo_channel *ch = &info->ch[c];
        if (strcmp(ch->sensor, name) == 0 || strcmp(ch->label, name) == 0) {
            return true;
        }
    }
    return false;
}

static void unique_name(const myo_recinfo *info, char name[MYO_LABEL_MAX]) {
    char base[MYO_LABEL_MAX - 16];
    myo_printable(base, sizeof base, name);
    for (int k = 2; name_taken(info, name); k++) {
        snprintf(name, MYO_LABEL_MAX, "%s#%d", base, k);
    }
}

/* --- sets of axes --- */

/* Of one rate and unit; of units nobody knows, as the file says them. */
static bool alike(const myo_channel *a, const myo_channel *b) {
    return a->fs == b->fs && strcmp(a->unit, b->unit) == 0 &&
           (strcmp(a->unit, "au") != 0 || strcmp(a->file_unit, b->file_unit) == 0);
}

static bool same_place(const candidate *a, const candidate *b) {
    return strcasecmp(a->ch->muscle, b->ch->muscle) == 0;
}

static bool one_declared_place(const candidate *a, const candidate *b) {
    return a->ch->muscle[0] != '\0' && same_place(a, b);
}

/* "acc_x" and "acc_y", unless they are declared to sit in two places. */
static bool one_label(const candidate *a, const candidate *b) {
    return a->axis >= 0 && b->axis >= 0 && strcmp(a->key, b->key) == 0 && same_place(a, b);
}

bool myo_is_numbered(const char *label) {
    const char *digits = label + (strncmp(label, "ch", 2) == 0 ? 2 : 0);
    return digits[0] != '\0' && digits[strspn(digits, "0123456789")] == '\0';
}

/* Its kind is declared, but neither a name nor a place. */
static bool is_nameless(const candidate *a) {
    return !a->ch->guessed && a->ch->muscle[0] == '\0' && myo_is_numbered(a->ch->label);
}

static bool both_nameless(const candidate *a, const candidate *b) {
    return is_nameless(a) && is_nameless(b);
}

typedef bool (*candidate_test)(const candidate *a, const candidate *b);

/* Candidate `first` and all that belong to it and to no sensor yet; none if an earlier one does. */
static axes set_of(const candidates *all, int first, candidate_test belongs) {
    const candidate *a = &all->k[first];
    axes set = {.n = 0};
    if (a->ch->sensor[0] != '\0') {
        return set;
    }
    for (int i = 0; i < all->n; i++) {
        const candidate *b = &all->k[i];
        if (b->ch->sensor[0] != '\0' || !alike(a->ch, b->ch) || !belongs(a, b)) {
            continue;
        }
        if (i < first) {
            return (axes){.n = 0};
        }
        if (set.n < AXES) {
            set.of[set.n] = b;
        }
        set.n++;
    }
    return set;
}

/* Do the labels tell them apart by the axis alone? */
static bool are_named(const axes *set) {
    int seen = 0;
    for (int i = 0; i < set->n; i++) {
        const candidate *a = set->of[i];
        if (a->axis < 0 || strcmp(a->key, set->of[0]->key) != 0 || (seen >> a->axis & 1) != 0) {
            return false;
        }
        seen |= 1 << a->axis;
    }
    return true;
}

/* Named after what the labels share, else after the place; axes by their letters, else in file order. */
static void make_sensor(const myo_recinfo *info, const axes *set) {
    char name[MYO_LABEL_MAX] = "acc";
    const bool by_label = are_named(set);
    if (by_label) {
        sensor_name(name, set->of[0]->key);
    } else if (set->of[0]->ch->muscle[0] != '\0') {
        snprintf(name, sizeof name, "%s", set->of[0]->ch->muscle);
    }
    unique_name(info, name);
    for (int i = 0; i < set->n; i++) {
        myo_channel *ch = set->of[i]->ch;
        memcpy(ch->sensor, name, sizeof ch->sensor);
        ch->axis = by_label ? set->of[i]->axis : i;
    }
}

/* What makes a sensor, the strongest word first. */
static const struct {
    candidate_test belongs;
    int least;
    bool named; /* the labels have to tell them apart by the axis */
} rules[] = {{one_declared_place, 2, false}, {one_label, 2, true}, {both_nameless, AXES, false}};

static void make_sensors(const myo_recinfo *info, const candidates *all) {
    for (size_t r = 0; r < sizeof rules / sizeof rules[0]; r++) {
        for (int i = 0; i < all->n; i++) {
            const axes set = set_of(all, i, rules[r].belongs);
            if (set.n >= rules[r].least && set.n <= AXES && (!rules[r].named || are_named(&set))) {
                make_sensor(info, &set);
            }
        }
    }
}

myo_err myo_sensors_find(myo_recinfo *info, myo_diag *d) {
    candidates all = {.k = myo_alloc((size_t)info->n_ch, sizeof *all.k)};
    if (all.k == NULL) {
        return myo_fail(d, MYO_ERR_NOMEM, "no memory for %d channels", info->n_ch);
    }
    for (int c = 0; c < info->n_ch; c++) {
        if (info->ch[c].kind == MYO_KIND_ACC) {
            make_candidate(&all.k[all.n++], &info->ch[c]);
        }
    }
    make_sensors(info, &all);
    myo_free(all.k);
    return MYO_OK;
}

int myo_sensor_axes(const myo_recinfo *info, const myo_channel *ch) {
    int n = 0;
    for (int c = 0; ch->sensor[0] != '\0' && c < info->n_ch; c++) {
        n += strcmp(info->ch[c].sensor, ch->sensor) == 0;
    }
    return n;
}
