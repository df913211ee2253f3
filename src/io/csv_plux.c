/* csv_plux.c - the JSON line of OpenSignals text files (biosignalsplux, BITalino). */
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include "io/channels.h"
#include "io/csv.h"

enum { MAX_BITS = 32 };

/* Where the columns of one device begin, and the header it came from. */
typedef struct device {
    csv_layout *l;
    const csv_line *line;
    const myo_reader *r;
    size_t first;
} device;

static myo_err complain(const device *d, const char *field, const char *what) {
    return myo_fail(d->r->d, MYO_ERR_DAMAGED,
                    "line %" PRId64 ", column 1: OpenSignals header, field '%s': %s", d->line->no,
                    field, what);
}

static const char *text_at(const json_t *array, size_t i) {
    const char *s = json_string_value(json_array_get(array, i));
    return s != NULL ? s : "";
}

/* "ch1_flexor_digitorum ch2_adductor" in the free comment: what stands behind ch<n>_. */
static void muscle_from(char dst[64], const char *comment, int64_t channel) {
    char key[32];
    snprintf(key, sizeof key, "ch%" PRId64 "_", channel);
    const char *p = comment != NULL ? strstr(comment, key) : NULL;
    if (p == NULL) {
        return;
    }
    char raw[64];
    size_t n = 0;
    for (p += strlen(key); *p != '\0' && *p != ' ' && *p != '[' && n + 1 < sizeof raw; p++) {
        raw[n++] = *p == '_' ? ' ' : *p;
    }
    raw[n] = '\0';
    myo_printable(dst, 64, raw);
}

static void converter(csv_column *c, int64_t bits) {
    if (bits >= 1 && bits <= MAX_BITS) {
        c->rail_lo = 0;
        c->rail_hi = ldexp(1, (int)bits) - 1;
        c->lsb = 1;
    }
}

/* One analogue column: sensor type, resolution, muscle. Converted values are mV (EMG) or g, says
 * the vendor. */
static myo_err analogue(csv_column *c, const json_t *dev, size_t i, size_t n_sensors) {
    const json_t *bits = json_object_get(dev, "resolution");
    const size_t skipped =
        json_array_size(bits) > n_sensors ? json_array_size(bits) - n_sensors : 0;
    const bool converted = json_integer_value(json_object_get(dev, "convertedValues")) == 1;
    c->kind = myo_kind_from_type(text_at(json_object_get(dev, "sensor"), i));
    const int64_t number = json_integer_value(json_array_get(json_object_get(dev, "channels"), i));
    if (c->kind != MYO_KIND_ACC) {
        muscle_from(c->muscle, json_string_value(json_object_get(dev, "comments")), number);
    }
    if (!converted) {
        converter(c, json_integer_value(json_array_get(bits, i + skipped)));
    }
    const char *unit = !converted                ? "counts"
                       : c->kind == MYO_KIND_EMG ? "mV"
                       : c->kind == MYO_KIND_ACC ? "g"
                                                 : NULL;
    if (unit != NULL && c->unit == NULL && (c->unit = myo_strdup(unit)) == NULL) {
        return MYO_ERR_NOMEM;
    }
    return MYO_OK;
}

/* nSeq counts, digital lines are listed as "other"; the analogue columns come last, in the order of
 * "sensor". */
static myo_err columns(const device *d, const json_t *dev, size_t n) {
    const json_t *names = json_object_get(dev, "column");
    const size_t n_sensors = json_array_size(json_object_get(dev, "sensor"));
    for (size_t i = 0; i < n; i++) {
        csv_column *c = &d->l->col[d->first + i];
        const char *name = text_at(names, i);
        MYO_TRY(csv_column_name(c, (csv_field){name, strlen(name)}));
        if (i + n_sensors >= n) {
            MYO_TRY(analogue(c, dev, i + n_sensors - n, n_sensors));
        } else {
            c->kind = MYO_KIND_OTHER;
        }
    }
    return MYO_OK;
}

static myo_err rate(const device *d, const json_t *dev) {
    const json_t *v = json_object_get(dev, "sampling rate");
    const double fs = json_number_value(v);
    if (!json_is_number(v) || !(fs >= CSV_RATE_MIN) || fs > MYO_MAX_RATE) {
        return complain(d, "sampling rate", "not a rate (allowed 0.001 to 1e6 Hz)");
    }
    if (d->l->fs > 0 && fabs(d->l->fs - fs) > 1e-9 * fs) {
        return complain(d, "sampling rate", "devices of different rates in one table");
    }
    d->l->fs = fs;
    return MYO_OK;
}

static void start(const device *d, const json_t *dev) {
    const char *date = json_string_value(json_object_get(dev, "date"));
    const char *clock = json_string_value(json_object_get(dev, "time"));
    char both[64];
    int64_t day;
    double sec;
    int decimals;
    bool has_date;
    if (date == NULL || clock == NULL || strlen(date) + strlen(clock) + 2 > sizeof both) {
        return;
    }
    const int n = snprintf(both, sizeof both, "%s %s", date, clock);
    if (csv_iso((csv_field){both, (size_t)n}, &day, &sec, &decimals, &has_date) && has_date) {
        csv_iso_format(d->l->start, day, sec, false);
    } else {
        myo_warn(d->r->d,
                 "line %" PRId64 ": start time is impossible (found '%s'); relative time used",
                 d->line->no, both);
    }
}

static myo_err devices(device *d, json_t *root) {
    const char *key;
    json_t *dev;
    json_object_foreach(root, key, dev) {
        const size_t n = json_array_size(json_object_get(dev, "column"));
        if (n == 0 || json_array_size(json_object_get(dev, "sensor")) > n ||
            n > d->l->n_col - d->first) {
            return complain(d, "column", "names do not fit the columns of the table");
        }
        MYO_TRY(rate(d, dev));
        MYO_TRY(columns(d, dev, n));
        start(d, dev);
        d->first += n;
    }
    return d->first == d->l->n_col
               ? MYO_OK
               : complain(d, "column", "names do not fit the columns of the table");
}

myo_err csv_plux_header(csv_layout *l, const csv_line *line, const myo_reader *r) {
    device d = {.l = l, .line = line, .r = r};
    const char *brace = memchr(line->s, '{', line->n);
    json_error_t e;
    json_t *root = json_loadb(brace, (size_t)(line->s + line->n - brace), 0, &e);
    if (root == NULL) {
        return myo_fail(r->d, MYO_ERR_DAMAGED,
                        "line %" PRId64 ", column %d: OpenSignals header is no JSON (%s)", line->no,
                        (int)(brace - line->s) + e.column, e.text);
    }
    snprintf(l->format, sizeof l->format, "CSV (OpenSignals)");
    const myo_err err = devices(&d, root);
    if (err == MYO_OK) {
        l->names_line = line->no;
    }
    json_decref(root);
    return err;
}
