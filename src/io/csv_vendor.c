/* csv_vendor.c - what recording programs write above their tables. */
#include <inttypes.h>
#include <math.h>
#include <strings.h>
#include "io/csv.h"

/* --- single values in lines of text --- */

static csv_field line_field(const csv_line *line) {
    return (csv_field){line->s, line->n};
}

/* Where `what` ends in f, NULL if it is not there; case does not matter. */
static const char *after(csv_field f, const char *what) {
    const size_t n = strlen(what);
    for (size_t i = 0; i + n <= f.n; i++) {
        if (strncasecmp(f.s + i, what, n) == 0) {
            return f.s + i + n;
        }
    }
    return NULL;
}

static csv_field rest_of(csv_field f, const char *p) {
    csv_field rest = {p, (size_t)(f.s + f.n - p)};
    while (rest.n > 0 && strchr(" \t\"", rest.s[0]) != NULL) {
        rest.s++;
        rest.n--;
    }
    return rest;
}

/* The words that announce a sampling rate; what stands behind them up to = or : is passed over. */
static csv_field rate_text(csv_field f) {
    static const char *const keys[] = {
        "sampling rate",    "sample rate",        "samplingrate",       "samplerate",
        "sample_rate",      "sampling_rate",      "sampling frequency", "samplingfrequency",
        "sample frequency", "sampling_frequency", "scan rate"};
    const char *p = f.n > 9 && strncasecmp(f.s, "frequency", 9) == 0 ? f.s + 9 : NULL;
    for (size_t i = 0; p == NULL && i < sizeof keys / sizeof keys[0]; i++) {
        p = after(f, keys[i]);
    }
    if (p == NULL) {
        return (csv_field){f.s, 0};
    }
    const char *end = f.s + f.n, *mark = p;
    while (mark < end && strchr("=:", *mark) == NULL) {
        mark++;
    }
    for (const char *cell = p; mark == end && cell < end; cell++) { /* the next cell may hold it */
        mark = strchr(";,\t", *cell) != NULL ? cell : end;
    }
    while (mark < end && strchr("=:;,\t", *mark) != NULL) {
        mark++;
    }
    return rest_of(f, mark < end ? mark : p);
}

/* What may stand behind the number: a unit, a remark; not a decimal comma or letters of another
 * number. */
static bool ends_rate(csv_field rest) {
    if (rest.n == 0 || strchr(" \t;(\"", rest.s[0]) != NULL) {
        return true;
    }
    if (rest.s[0] == ',') {
        return rest.n == 1 || rest.s[1] < '0' || rest.s[1] > '9';
    }
    return csv_is(rest, "hz") || csv_is(rest, "khz");
}

/* Hz from "1000.00", "250 Hz", "2 kHz"; false if it is none. */
static bool rate_value(csv_field f, double *fs) {
    size_t n = 0;
    while (n < f.n && strchr("+-.0123456789eE", f.s[n]) != NULL && f.s[n] != '\0') {
        n++;
    }
    const csv_field rest = {f.s + n, f.n - n}, unit = rest_of(f, f.s + n);
    if (!myo_parse_f64(f.s, n, fs) || !ends_rate(rest)) {
        return false;
    }
    *fs *= unit.n >= 3 && strncasecmp(unit.s, "khz", 3) == 0 ? 1000 : 1;
    return true;
}

/* "... at 100 Hz ..." in a sentence. */
static double rate_in_sentence(csv_field f) {
    const char *p = after(f, " at ");
    double fs = 0;
    if (p == NULL) {
        return 0;
    }
    const csv_field rest = rest_of(f, p);
    size_t n = 0;
    while (n < rest.n && strchr(".0123456789", rest.s[n]) != NULL && rest.s[n] != '\0') {
        n++;
    }
    const bool hz = rest.n >= n + 3 && strncasecmp(rest.s + n, " hz", 3) == 0;
    return hz && myo_parse_f64(rest.s, n, &fs) ? fs : 0;
}

static myo_err check_rate(double fs, const csv_line *line, const myo_reader *r) {
    if (fs >= CSV_RATE_MIN && fs <= MYO_MAX_RATE) {
        return MYO_OK;
    }
    char shown[32];
    myo_format_g(shown, sizeof shown, fs, 6);
    return myo_fail(r->d, MYO_ERR_RANGE,
                    "line %" PRId64 ", column 1: sampling rate (found %s Hz, allowed 0.001 to 1e6)",
                    line->no, shown);
}

/* A stated rate must be one; in free text above a table a word that only looks like the key is
 * passed over. */
static myo_err take_rate(csv_layout *l, const csv_line *line, const myo_reader *r) {
    const csv_field f = line_field(line), text = rate_text(f);
    double fs = 0;
    if (text.n > 0 || (text.s != f.s && csv_comment(line))) {
        if (rate_value(text, &fs)) {
            MYO_TRY(check_rate(fs, line, r));
        } else if (csv_comment(line)) {
            return csv_damaged(r, line, 1, "sampling rate is not a number", text);
        }
    } else {
        fs = rate_in_sentence(f);
    }
    l->fs = l->fs > 0 ? l->fs : fs;
    return MYO_OK;
}

/* --- BioSPPy: "# Labels:= a<tab>b", "# Units:= m/s^2", "# Resolution:= 12" --- */

static myo_err take_labels(csv_layout *l, csv_field rest) {
    const char *p = rest.s;
    for (size_t i = 0; i < l->n_col && p != NULL && rest.n > 0; i++) {
        csv_field f;
        if (!csv_field_next(&p, rest.s + rest.n, '\t', &f)) {
            break;
        }
        if (l->names_line == 0) {
            MYO_TRY(csv_column_name(&l->col[i], f));
        }
    }
    return MYO_OK;
}

/* One unit for all columns, or one each. */
static myo_err take_units(csv_layout *l, csv_field rest) {
    const char *p = rest.s;
    csv_field f = {0};
    for (size_t i = 0; i < l->n_col && rest.n > 0; i++) {
        if (p != NULL && !csv_field_next(&p, rest.s + rest.n, '\t', &f)) {
            break;
        }
        if (l->col[i].unit == NULL && (l->col[i].unit = csv_copy(f)) == NULL) {
            return MYO_ERR_NOMEM;
        }
    }
    return MYO_OK;
}

static void take_resolution(csv_layout *l, csv_field rest) {
    double bits;
    if (!myo_parse_f64(rest.s, rest.n, &bits) || bits < 1 || bits > 32) {
        return;
    }
    for (size_t i = 0; i < l->n_col; i++) {
        l->col[i].rail_lo = 0;
        l->col[i].rail_hi = ldexp(1, (int)bits) - 1;
        l->col[i].lsb = 1;
    }
}

static myo_err biosppy_line(csv_layout *l, csv_field f) {
    const char *p;
    if ((p = after(f, "labels:=")) != NULL) {
        return take_labels(l, rest_of(f, p));
    }
    if ((p = after(f, "units:=")) != NULL) {
        return take_units(l, rest_of(f, p));
    }
    if ((p = after(f, "resolution:=")) != NULL) {
        take_resolution(l, rest_of(f, p));
    }
    return MYO_OK;
}

/* --- Delsys EMGworks: "Label: NAME Sampling frequency: F Number of points: N start: S Unit: U
 * Domain Unit: s" --- */

static csv_field between(csv_field f, const char *from, const char *to) {
    const char *a = after(f, from);
    if (a == NULL) {
        return (csv_field){f.s, 0};
    }
    const csv_field rest = rest_of(f, a);
    const char *b = after(rest, to);
    size_t n = b != NULL ? (size_t)(b - rest.s) - strlen(to) : rest.n;
    while (n > 0 && rest.s[n - 1] == ' ') {
        n--;
    }
    return (csv_field){rest.s, n};
}

static myo_err delsys_line(csv_layout *l, csv_field f, const csv_line *line, const myo_reader *r) {
    const csv_field label = between(f, "Label:", "Sampling frequency:");
    const csv_field rate = between(f, "Sampling frequency:", "Number of points:");
    const csv_field unit = between(f, " Unit:", "Domain Unit:");
    double fs;
    if (!myo_parse_f64(rate.s, rate.n, &fs)) {
        return csv_damaged(r, line, 1, "Sampling frequency is not a number", rate);
    }
    MYO_TRY(check_rate(fs, line, r));
    for (size_t i = 0; i < l->n_col; i++) {
        csv_column *c = &l->col[i];
        if (c->name != NULL && c->fs == 0 && csv_is(label, c->name)) {
            c->fs = fs;
            myo_free(c->unit);
            c->unit = csv_copy(unit);
            return c->unit != NULL ? MYO_OK : MYO_ERR_NOMEM;
        }
    }
    return MYO_OK;
}

/* --- ActiLife: "--- Data File Created By ActiGraph GT3X+ ... at 100 Hz ...", "Start Time", "Start
 * Date" --- */

static myo_err actigraph(csv_layout *l) {
    snprintf(l->format, sizeof l->format, "CSV (ActiLife)");
    for (size_t i = 0; i < l->n_col; i++) {
        csv_column *c = &l->col[i];
        const csv_field name = {c->name != NULL ? c->name : "",
                                c->name != NULL ? strlen(c->name) : 0};
        if (c->unit == NULL && csv_has(name, "accelerometer") &&
            (c->unit = myo_strdup("g")) == NULL) {
            return MYO_ERR_NOMEM;
        }
    }
    return MYO_OK;
}

/* Date and time of day from two header lines, either may be missing. */
static void start_from(csv_layout *l, csv_field date, csv_field clock) {
    char both[64];
    int64_t day;
    double sec;
    int decimals;
    bool has_date;
    if (date.n == 0 || clock.n == 0 || date.n + clock.n + 2 > sizeof both) {
        return;
    }
    memcpy(both, date.s, date.n);
    both[date.n] = ' ';
    memcpy(both + date.n + 1, clock.s, clock.n);
    const csv_field f = {both, date.n + 1 + clock.n};
    if (csv_iso(f, &day, &sec, &decimals, &has_date) && has_date) {
        csv_iso_format(l->start, day, sec, false);
    }
}

/* --- all of them --- */

static myo_err vendor_line(csv_layout *l, const csv_line *line, const myo_reader *r,
                           csv_field *date, csv_field *clock) {
    const csv_field f = line_field(line);
    if (after(f, "Label:") != NULL && after(f, "Sampling frequency:") != NULL) {
        snprintf(l->format, sizeof l->format, "CSV (EMGworks)");
        return delsys_line(l, f, line, r);
    }
    if (csv_comment(line) && after(f, "\"sampling rate\"") != NULL &&
        memchr(f.s, '{', f.n) != NULL) {
        return csv_plux_header(l, line, r);
    }
    if (after(f, "Created By ActiGraph") != NULL) {
        MYO_TRY(actigraph(l));
    }
    if (csv_has(f, "start date ")) {
        *date = rest_of(f, after(f, "start date "));
    }
    if (csv_has(f, "start time ")) {
        *clock = rest_of(f, after(f, "start time "));
    }
    MYO_TRY(biosppy_line(l, f));
    return take_rate(l, line, r);
}

myo_err csv_vendor_header(csv_layout *l, const csv_head *h, const myo_reader *r) {
    csv_field date = {"", 0}, clock = {"", 0};
    for (size_t i = 0; i < h->first_data && !csv_vicon(h); i++) {
        if (h->line[i].no == l->names_line) {
            continue;
        }
        const myo_err err = vendor_line(l, &h->line[i], r, &date, &clock);
        if (err != MYO_OK) {
            return myo_fail(r->d, err, "line %" PRId64 ": header cannot be kept in memory",
                            h->line[i].no);
        }
    }
    start_from(l, date, clock);
    return MYO_OK;
}

/* --- Vicon Nexus --- */

bool csv_vicon(const csv_head *h) {
    const char *p = h->n > 5 ? h->line[0].s : NULL;
    csv_field f;
    return p != NULL && csv_field_next(&p, h->line[0].s + h->line[0].n, ',', &f) &&
           csv_is(f, "Devices");
}

/* "Imported Analog EMG - Voltage" stands over its first column only; a bare number needs it as a
 * name. */
static myo_err vicon_name(csv_column *c, csv_field group, csv_field name) {
    double v;
    if (group.n > 0 && csv_value(name, '.', &v, NULL) == CSV_NUMBER) {
        myo_buf b = {0};
        myo_buf_put(&b, group.s, group.n);
        myo_buf_puts(&b, " ");
        myo_buf_put(&b, name.s, name.n);
        c->name = b.failed ? NULL : myo_strdup(b.s);
        myo_buf_clear(&b);
    } else {
        c->name = csv_copy(name);
    }
    return c->name != NULL ? MYO_OK : MYO_ERR_NOMEM;
}

static myo_err vicon_rows(csv_layout *l, const csv_head *h, const myo_reader *r, csv_fields f[3]) {
    for (int i = 0; i < 3; i++) {
        MYO_TRY(csv_split(r, &h->line[2 + i], ',', &f[i]));
    }
    if (f[1].n < l->n_col) {
        return csv_damaged(r, &h->line[3], f[1].n, "fewer names than columns",
                           line_field(&h->line[3]));
    }
    csv_field group = {"", 0};
    for (size_t i = 0; i < l->n_col; i++) {
        group = i < f[0].n && f[0].f[i].n > 0 ? f[0].f[i] : group;
        MYO_TRY(vicon_name(&l->col[i], group, f[1].f[i]));
        if (i < f[2].n && f[2].f[i].n > 0 && (l->col[i].unit = csv_copy(f[2].f[i])) == NULL) {
            return MYO_ERR_NOMEM;
        }
    }
    return MYO_OK;
}

myo_err csv_vicon_header(csv_layout *l, const csv_head *h, const myo_reader *r) {
    const char *p = h->line[1].s;
    csv_field rate = {p, 0};
    csv_fields f[3] = {{0}};
    if (!csv_field_next(&p, h->line[1].s + h->line[1].n, ',', &rate) ||
        !myo_parse_f64(rate.s, rate.n, &l->fs)) {
        return csv_damaged(r, &h->line[1], 1, "sampling rate is not a number", rate);
    }
    MYO_TRY(check_rate(l->fs, &h->line[1], r));
    myo_err err = vicon_rows(l, h, r, f);
    for (int i = 0; i < 3; i++) {
        csv_fields_free(&f[i]);
    }
    snprintf(l->format, sizeof l->format, "CSV (Vicon Nexus)");
    l->ends_at_blank = true;
    l->names_line = h->line[3].no;
    return err == MYO_OK ? MYO_OK : myo_fail(r->d, err, "header cannot be kept in memory");
}
