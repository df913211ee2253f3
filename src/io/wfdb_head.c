/* wfdb_head.c - the header (.hea) of a WFDB record, after header(5) of the WFDB Applications Guide.
 *
 *   record[/segments] signals [fs[/counter[(base)]] [frames [time [date]]]]
 *   file format[xspf][:skew][+prolog] [gain[(baseline)][/unit] [bits [zero [first [sum [block
 * [description]]]]]]] */
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include "base/base.h"
#include "io/wfdb.h"

enum { HEAD_BYTES = 1 << 20 };

static const wfdb_format formats[] = {
    {16, 16, -32768}, {24, 24, -8388608}, {32, 32, INT32_MIN},
    {61, 16, -32768}, {80, 8, -128},      {212, 12, -2048},
};

/* A place in the text: what is left of the line at hand. */
typedef struct cursor {
    const char *s, *end; /* of the line */
    const char *next;    /* after its newline */
    const char *stop;    /* of the text */
    int line;
} cursor;

static bool next_line(cursor *c) {
    while (c->next < c->stop) {
        c->s = c->next;
        const char *nl = memchr(c->s, '\n', (size_t)(c->stop - c->s));
        c->end = nl != NULL ? nl : c->stop;
        c->next = nl != NULL ? nl + 1 : c->stop;
        c->line++;
        while (c->end > c->s && (c->end[-1] == '\r' || c->end[-1] == ' ' || c->end[-1] == '\t')) {
            c->end--;
        }
        while (c->s < c->end && (*c->s == ' ' || *c->s == '\t')) {
            c->s++;
        }
        if (c->s < c->end && *c->s != '#') {
            return true;
        }
    }
    return false;
}

/* Next word of the line into dst; false if there is none. A longer word is cut, which no field
 * survives. */
static bool word(cursor *c, char *dst, size_t cap) {
    while (c->s < c->end && (*c->s == ' ' || *c->s == '\t')) {
        c->s++;
    }
    size_t n = 0;
    for (; c->s < c->end && *c->s != ' ' && *c->s != '\t'; c->s++) {
        if (n + 1 < cap) {
            dst[n++] = *c->s != '\0' ? *c->s : '\1';
        }
    }
    dst[n] = '\0';
    return n > 0;
}

static myo_err bad(const myo_reader *r, const cursor *c, myo_err code, const char *field,
                   const char *found, const char *allowed) {
    char shown[160];
    return myo_fail(r->d, code, "line %d: field %s: not valid (found '%s', allowed %s)", c->line,
                    field, myo_printable(shown, sizeof shown, found), allowed);
}

static bool integer(const char *s, size_t n, int64_t lo, int64_t hi, int64_t *out) {
    return n > 0 && myo_parse_i64(s, n, out) && *out >= lo && *out <= hi;
}

/* --- record line --- */

static myo_err record_rate(myo_reader *r, cursor *c, wfdb_head *h) {
    char w[256];
    h->fs = 250; /* the format's default */
    if (!word(c, w, sizeof w)) {
        myo_warn(r->d, "line %d: no sampling rate: 250 Hz, the format's default", c->line);
        return MYO_OK;
    }
    if (!myo_parse_f64(w, strcspn(w, "/"), &h->fs) ||
        !(h->fs >= MYO_MIN_RATE && h->fs <= MYO_MAX_RATE)) {
        return bad(r, c, MYO_ERR_RANGE, "sampling rate", w, "0.0001 to 1000000 Hz");
    }
    return MYO_OK;
}

/* "hh:mm:ss" and "dd/mm/yyyy" to info->start; a record often holds none. */
static void record_start(myo_reader *r, cursor *c) {
    char time[64], date[64];
    unsigned v[6];
    if (!word(c, time, sizeof time) || !word(c, date, sizeof date)) {
        return;
    }
    bool good = true;
    const char *s = time;
    for (int i = 0; good && i < 6; i++) {
        const char mark = i < 2 ? ':' : i == 3 || i == 4 ? '/' : '\0';
        s = i == 3 ? date : s;
        const size_t n = strspn(s, "0123456789");
        int64_t part = 0;
        good = integer(s, n, 0, 9999, &part) && (s[n] == mark || (i == 2 && s[n] == '.'));
        v[i] = (unsigned)part;
        s += n + 1;
    }
    if (!good || v[0] > 23 || v[1] > 59 || v[2] > 59 || v[3] < 1 || v[3] > 31 || v[4] < 1 ||
        v[4] > 12 || v[5] < 1) {
        char shown[320];
        snprintf(shown, sizeof shown, "%s %s", time, date);
        char clean[320];
        myo_warn(r->d, "line %d: start time '%s' is not possible: start unknown", c->line,
                 myo_printable(clean, sizeof clean, shown));
        return;
    }
    snprintf(r->info->start, sizeof r->info->start, "%04u-%02u-%02uT%02u:%02u:%02u", v[5] % 10000,
             v[4] % 100, v[3] % 100, v[0] % 100, v[1] % 100, v[2] % 100);
}

static myo_err record_line(myo_reader *r, cursor *c, wfdb_head *h) {
    char name[256], w[256];
    int64_t n = 0;
    if (!word(c, name, sizeof name) || !word(c, w, sizeof w)) {
        return bad(r, c, MYO_ERR_FORMAT, "number of signals", "", "a whole number");
    }
    if (strchr(name, '/') != NULL) {
        return myo_fail(r->d, MYO_ERR_UNSUPPORTED,
                        "line %d: a record of several segments; name the segments' own headers",
                        c->line);
    }
    if (!integer(w, strlen(w), 1, MYO_MAX_CHANNELS, &n)) {
        return bad(r, c, MYO_ERR_RANGE, "number of signals", w, "1 to 1024");
    }
    /* A signal takes a line of its own: no room is asked for more than the file can hold. */
    if (n > r->size) {
        return bad(r, c, MYO_ERR_TRUNCATED, "number of signals", w, "as many as there are lines");
    }
    MYO_TRY(record_rate(r, c, h));
    h->n_frames = -1;
    if (word(c, w, sizeof w) && !integer(w, strlen(w), 0, MYO_MAX_SAMPLES, &h->n_frames)) {
        return bad(r, c, MYO_ERR_RANGE, "number of samples", w, "0 to 1099511627776");
    }
    if (h->n_frames == 0) {
        h->n_frames = -1; /* "0 or missing: unknown" */
    }
    record_start(r, c);
    h->n_sig = (int)n;
    return MYO_OK;
}

/* --- signal lines --- */

static bool safe_name(const char *s) {
    return s[0] != '\0' && s[0] != '-' && s[0] != '~' && s[0] != '|' && strcmp(s, ".") != 0 &&
           strcmp(s, "..") != 0 && strpbrk(s, "/\\:") == NULL;
}

static const wfdb_format *find_format(int64_t id) {
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        if (formats[i].id == id) {
            return &formats[i];
        }
    }
    return NULL;
}

/* "16x4:2+512" */
static myo_err format_field(myo_reader *r, const cursor *c, const char *w, wfdb_signal *s) {
    int64_t id = 0, skew = 0;
    size_t n = strspn(w, "0123456789");
    const char *p = w + n;
    bool good = integer(w, n, 0, 99999, &id);
    s->spf = 1;
    if (good && *p == 'x') {
        n = strspn(p + 1, "0123456789");
        good = integer(p + 1, n, 1, 100000, &s->spf);
        p += 1 + n;
    }
    if (good && *p == ':') {
        n = strspn(p + 1, "0123456789");
        good = integer(p + 1, n, 0, INT32_MAX, &skew);
        p += 1 + n;
    }
    if (good && *p == '+') {
        n = strspn(p + 1, "0123456789");
        good = integer(p + 1, n, 0, INT64_MAX / 4, &s->prolog);
        p += 1 + n;
    }
    if (!good || *p != '\0') {
        return bad(r, c, MYO_ERR_RANGE, "format", w, "like 16, 212x2, 16+24");
    }
    s->format = find_format(id);
    if (s->format == NULL) {
        return bad(r, c, MYO_ERR_UNSUPPORTED, "format", w,
                   "16, 24, 32, 61, 80, 212; convert others with `xform`");
    }
    if (skew > 0) {
        myo_warn(r->d, "line %d: skew of %" PRId64 " samples is not taken out", c->line, skew);
    }
    return MYO_OK;
}

/* "10000(-12)/mV" */
static myo_err gain_field(myo_reader *r, const cursor *c, const char *w, wfdb_signal *s,
                          bool *has_baseline, char *unit, size_t cap) {
    int64_t baseline = 0;
    size_t n = strcspn(w, "(/");
    const char *p = w + n;
    bool good = myo_parse_f64(w, n, &s->gain) && s->gain >= 0 && s->gain <= 1e300;
    *has_baseline = good && *p == '(';
    if (*has_baseline) {
        n = strcspn(p + 1, ")");
        good = p[1 + n] == ')' && integer(p + 1, n, INT32_MIN, INT32_MAX, &baseline);
        p += good ? n + 2 : 0;
    }
    if (good && *p == '/') {
        snprintf(unit, cap, "%s", p + 1);
    } else if (good && *p != '\0') {
        good = false;
    }
    if (!good) {
        return bad(r, c, MYO_ERR_RANGE, "gain", w, "like 200, 200(0)/mV");
    }
    s->baseline = (double)baseline;
    return MYO_OK;
}

/* The whole-number fields after the gain: bits, zero, first value, checksum, block size. */
static myo_err number_fields(myo_reader *r, cursor *c, int64_t v[5], int *n) {
    static const char *const names[5] = {"resolution", "zero", "initial value", "checksum",
                                         "block size"};
    char w[256];
    for (*n = 0; *n < 5 && word(c, w, sizeof w); ++*n) {
        if (!integer(w, strlen(w), INT32_MIN, UINT32_MAX, &v[*n])) {
            return bad(r, c, MYO_ERR_RANGE, names[*n], w, "a whole number of 32 bits");
        }
    }
    if (*n > 0 && (v[0] < 0 || v[0] > 32)) {
        snprintf(w, sizeof w, "%" PRId64, v[0]);
        return bad(r, c, MYO_ERR_RANGE, names[0], w, "0 to 32 bits");
    }
    return MYO_OK;
}

static void describe(myo_reader *r, const cursor *c, const wfdb_signal *s, const int64_t v[5],
                     int n, bool calibrated, myo_channel *ch) {
    const char *name = c->s;
    while (name < c->end && (*name == ' ' || *name == '\t')) {
        name++;
    }
    if (name < c->end) {
        snprintf(ch->label, sizeof ch->label, "%.*s", (int)(c->end - name), name);
    }
    ch->lsb = 1 / s->gain;
    if (n > 0 && v[0] > 0) {
        const double zero = n > 1 ? (double)v[1] : 0, half = ldexp(1, (int)v[0] - 1);
        ch->rail_lo = (zero - half - s->baseline) / s->gain;
        ch->rail_hi = (zero + half - 1 - s->baseline) / s->gain;
    }
    if (!calibrated) {
        myo_warn(r->d, "line %d: signal '%.40s' has no gain: samples are counts, not volts",
                 c->line, ch->label);
    }
}

static myo_err signal_line(myo_reader *r, cursor *c, wfdb_signal *s, myo_channel *ch) {
    char w[256];
    int64_t v[5] = {0};
    int n = 0;
    bool has_baseline = false, calibrated = false;
    if (!word(c, s->file, sizeof s->file) || !safe_name(s->file)) {
        return bad(r, c, MYO_ERR_INPUT, "file", s->file, "a file name in the header's folder");
    }
    if (!word(c, w, sizeof w)) {
        return bad(r, c, MYO_ERR_FORMAT, "format", "", "16, 24, 32, 61, 80, 212");
    }
    MYO_TRY(format_field(r, c, w, s));
    if (word(c, w, sizeof w)) {
        snprintf(ch->file_unit, sizeof ch->file_unit, "mV"); /* the format's default */
        MYO_TRY(gain_field(r, c, w, s, &has_baseline, ch->file_unit, sizeof ch->file_unit));
        MYO_TRY(number_fields(r, c, v, &n));
        calibrated = s->gain > 0;
    }
    if (!calibrated) {
        s->gain = 1;
        ch->file_unit[0] = '\0';
    }
    if (!has_baseline && n > 1) {
        s->baseline = (double)v[1];
    }
    s->has_first = n > 2;
    s->has_sum = n > 3;
    s->first = v[2];
    s->sum = v[3];
    describe(r, c, s, v, n, calibrated, ch);
    return MYO_OK;
}

static myo_err parse(myo_reader *r, cursor *c, wfdb_head *h) {
    if (!next_line(c)) {
        return myo_fail(r->d, MYO_ERR_FORMAT, "line 1: no record line");
    }
    MYO_TRY(record_line(r, c, h));
    MYO_TRY(myo_info_channels(r, h->n_sig));
    h->sig = myo_alloc((size_t)h->n_sig, sizeof *h->sig);
    if (h->sig == NULL) {
        return myo_fail(r->d, MYO_ERR_NOMEM, "no memory for %d signals", h->n_sig);
    }
    for (int i = 0; i < h->n_sig; i++) {
        if (!next_line(c)) {
            return myo_fail(r->d, MYO_ERR_TRUNCATED,
                            "line %d: header ends (found %d signals, expected %d)", c->line, i,
                            h->n_sig);
        }
        MYO_TRY(signal_line(r, c, &h->sig[i], &r->info->ch[i]));
        r->info->ch[i].fs = h->fs * (double)h->sig[i].spf;
        MYO_TRY(myo_rate_check(r, r->info->ch[i].fs, i + 1));
    }
    if (next_line(c)) {
        myo_warn(r->d, "line %d: more lines than signals: ignored", c->line);
    }
    return MYO_OK;
}

myo_err wfdb_head_read(myo_reader *r, wfdb_head *h) {
    if (r->size > HEAD_BYTES) {
        return myo_fail(r->d, MYO_ERR_RANGE,
                        "header too long (found %" PRId64 " bytes, allowed %d)", r->size,
                        HEAD_BYTES);
    }
    char *text = myo_alloc((size_t)r->size + 1, 1);
    if (text == NULL) {
        return myo_fail(r->d, MYO_ERR_NOMEM, "no memory for the header");
    }
    myo_err err = myo_read_at(r, text, (size_t)r->size, 0);
    if (err == MYO_OK) {
        cursor c = {.next = text, .stop = text + r->size};
        err = parse(r, &c, h);
    }
    myo_free(text);
    return err;
}

/* The name decides where it ends in .hea; else a record line with a signal line of a known format.
 */
int wfdb_head_probe(const myo_probe *p) {
    cursor c = {.next = (const char *)p->head, .stop = (const char *)p->head + p->n};
    char w[256];
    int64_t v = 0;
    if (memchr(p->head, 0, p->n) != NULL || !next_line(&c)) {
        return 0;
    }
    if (myo_name_ends(p->name, "hea")) {
        return 90;
    }
    if (!word(&c, w, sizeof w) || !word(&c, w, sizeof w) ||
        !integer(w, strlen(w), 1, MYO_MAX_CHANNELS, &v) || !next_line(&c) ||
        !word(&c, w, sizeof w) || strstr(w, ".dat") == NULL || !word(&c, w, sizeof w)) {
        return 0;
    }
    return integer(w, strspn(w, "0123456789"), 0, 9999, &v) && find_format(v) != NULL ? 80 : 0;
}
