/* sensors.c - three accelerometer channels whose labels differ in the axis letter alone are one
 * sensor. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/base.h"
#include "io/labels.h"

/* One channel's label without its axis letter. */
typedef struct candidate {
    int ch, axis;
    char key[MYO_LABEL_MAX]; /* axis letter replaced by a byte that no label holds */
} candidate;

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

static bool make_candidate(candidate *k, const myo_channel *ch, int c) {
    const int at = axis_place(ch->label);
    if (ch->kind != MYO_KIND_ACC || at < 0) {
        return false;
    }
    *k = (candidate){.ch = c, .axis = axis_of(ch->label[at])};
    snprintf(k->key, sizeof k->key, "%s", ch->label);
    k->key[at] = '\1';
    return true;
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

static int by_key(const void *a, const void *b) {
    const candidate *x = a, *y = b;
    const int order = strcmp(x->key, y->key);
    return order != 0 ? order : x->ch - y->ch;
}

static int by_channel(const void *a, const void *b) {
    const int *x = a, *y = b;
    return *x - *y;
}

/* Exactly one of each axis, at one rate. */
static bool complete(const myo_recinfo *info, const candidate *k, int n) {
    int seen = 0;
    for (int i = 0; i < n; i++) {
        seen |= 1 << k[i].axis;
    }
    const double fs = info->ch[k[0].ch].fs;
    return n == 3 && seen == 7 && info->ch[k[1].ch].fs == fs && info->ch[k[2].ch].fs == fs;
}

static void name_sensor(myo_recinfo *info, const candidate *k) {
    char name[MYO_LABEL_MAX];
    sensor_name(name, k[0].key);
    unique_name(info, name);
    for (int i = 0; i < 3; i++) {
        myo_channel *ch = &info->ch[k[i].ch];
        memcpy(ch->sensor, name, sizeof ch->sensor);
        ch->axis = k[i].axis;
    }
}

myo_err myo_sensors_find(myo_recinfo *info, myo_diag *d) {
    candidate *k = myo_alloc((size_t)info->n_ch, sizeof *k);
    int(*groups)[2] =
        myo_alloc((size_t)info->n_ch, sizeof *groups); /* first channel, first candidate */
    if (k == NULL || groups == NULL) {
        myo_free(k);
        myo_free(groups);
        return myo_fail(d, MYO_ERR_NOMEM, "no memory for %d channels", info->n_ch);
    }
    int n = 0, n_groups = 0;
    for (int c = 0; c < info->n_ch; c++) {
        n += make_candidate(&k[n], &info->ch[c], c);
    }
    qsort(k, (size_t)n, sizeof *k, by_key);
    for (int i = 0, next; i < n; i = next) {
        for (next = i + 1; next < n && strcmp(k[next].key, k[i].key) == 0; next++) {
        }
        if (complete(info, k + i, next - i)) {
            groups[n_groups][0] = k[i].ch;
            groups[n_groups++][1] = i;
        }
    }
    qsort(groups, (size_t)n_groups, sizeof *groups, by_channel);
    for (int i = 0; i < n_groups; i++) {
        name_sensor(info, &k[groups[i][1]]);
    }
    myo_free(groups);
    myo_free(k);
    return MYO_OK;
}
