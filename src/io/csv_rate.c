/* csv_rate.c - which column tells time, at what rate, and which signals go with it. */
#include <inttypes.h>
#include <math.h>
#include <strings.h>
#include "io/csv.h"
#include "io/units.h"

static csv_field field_at(const csv_line *line, char delim, size_t column) {
    const char *p = line->s;
    csv_field f = {line->s, 0};
    for (size_t i = 0; p != NULL && i <= column; i++) {
        f = (csv_field){line->s, 0};
        if (!csv_field_next(&p, line->s + line->n, delim, &f)) {
            break;
        }
    }
    return f;
}

/* --- one time column --- */

static bool is_iso(csv_field f) {
    int64_t day;
    double sec;
    int decimals;
    bool has_date;
    return csv_iso(f, &day, &sec, &decimals, &has_date);
}

static void add_stamp(csv_time *t, csv_stamps *s, csv_field f, char point, int64_t line,
                      double sec) {
    double value;
    if (s->n == 0 && csv_value(f, point, &value, NULL) == CSV_NUMBER) {
        s->first = value;
    }
    s->integer = s->integer && t->clock == CSV_CLOCK_NUMBER && sec == floor(sec);
    s->row[s->n] = line;
    s->t[s->n++] = sec;
}

/* The first stamps of column c, as many as a buffer holds; passes over what it cannot read,
 * since the rows are judged again when they are delivered. */
static myo_err gather(const csv_layout *l, csv_source *src, size_t c, csv_time *t, csv_stamps *s) {
    csv_line line;
    csv_source_seek(src, l->data_off, l->data_line);
    for (int64_t bytes = 0; s->n < s->cap && bytes < CSV_BUFFER; bytes += (int64_t)line.n + 1) {
        MYO_TRY(csv_source_next(src, &line));
        if (line.s == NULL || (l->ends_at_blank && csv_blank(&line))) {
            break;
        }
        if (csv_blank(&line) || csv_comment(&line)) {
            continue;
        }
        const csv_field f = field_at(&line, l->dialect.delim, c);
        double sec;
        if (s->n == 0) {
            t->clock = is_iso(f) ? CSV_CLOCK_ISO : CSV_CLOCK_NUMBER;
        }
        if (csv_time_stamp(t, f, l->dialect.point, &sec)) {
            add_stamp(t, s, f, l->dialect.point, line.no, sec);
        }
    }
    return MYO_OK;
}

/* s per unit of the column, from its unit or from a name that is a unit; 0 if neither says. */
static double unit_seconds(const csv_column *c) {
    const double stated = c->unit != NULL ? myo_time_unit(c->unit) : 0;
    double scale = 0;
    const bool short_name =
        c->name != NULL && strlen(c->name) > 1; /* a column named "s" or "t" says nothing */
    if (stated > 0 || !short_name) {
        return stated;
    }
    return strpbrk(c->name, " _") == NULL ? myo_time_unit(c->name)
           : myo_unit_find(c->name, &scale) == MYO_DIM_TIME ? scale : 0;
}

static bool says_nothing(const char *unit) {
    return unit[strspn(unit, " -_?")] == '\0' || strcasecmp(unit, "n/a") == 0 || strcasecmp(unit, "none") == 0;
}

static void tell_start(csv_layout *l, const csv_time *t, const csv_stamps *s) {
    const double seconds = s->first * t->unit;
    if (t->clock == CSV_CLOCK_ISO && t->day0 != 0) {
        csv_iso_format(l->start, t->day0, t->zero, false);
    } else if (t->clock == CSV_CLOCK_NUMBER && t->unit <= 1 && seconds >= 1e8 && seconds < 1e11) {
        csv_iso_format(l->start, (int64_t)(seconds / 86400), fmod(seconds, 86400), true);
    }
}

static myo_err fit_column(myo_reader *r, csv_source *src, size_t c, double told, csv_time *t,
                          csv_fit *what) {
    csv_layout *l = &((csv_priv *)r->priv)->layout;
    const csv_column *col = &l->col[c];
    csv_stamps s = {.column = c + 1,
                    .integer = true,
                    .named = col->role == CSV_TIME,
                    .told_fs = told,
                    .unit_s = unit_seconds(col),
                    .unit = col->unit != NULL && !says_nothing(col->unit) ? col->unit : NULL,
                    .names = l->names_line};
    *t = (csv_time){.unit = 1};
    csv_time_reset(t);
    s.cap = r->size / 2 < CSV_STAMPS_MAX ? (size_t)(r->size / 2 + 1) : CSV_STAMPS_MAX;
    s.t = myo_alloc(s.cap, sizeof *s.t);
    s.row = myo_alloc(s.cap, sizeof *s.row);
    myo_err err = s.t != NULL && s.row != NULL ? gather(l, src, c, t, &s) : MYO_ERR_NOMEM;
    if (err == MYO_OK) {
        s.unit_s = t->clock == CSV_CLOCK_ISO ? 1 : s.unit_s;
        s.quantum = csv_time_quantum(t);
        err = csv_time_fit(t, &s, r, what);
    }
    if (err == MYO_OK && *what == CSV_FIT_TIME) {
        tell_start(l, t, &s);
    }
    myo_free(s.row);
    myo_free(s.t);
    csv_time_reset(t);
    return err == MYO_ERR_NOMEM ? myo_fail(r->d, err, "no memory for time stamps") : err;
}

/* The same where the user gave the rate: a column that tells no time is left out with a warning. */
static myo_err fit_leniently(myo_reader *r, csv_source *src, size_t c, double told, csv_time *t,
                             csv_fit *what) {
    if (!(r->opts->fs > 0)) {
        return fit_column(r, src, c, told, t, what);
    }
    myo_diag own = {0}, *outer = r->d;
    r->d = &own;
    const myo_err err = fit_column(r, src, c, told, t, what);
    r->d = outer;
    for (int i = 0; i < own.n_warnings; i++) {
        myo_warn(outer, "%s", own.warnings[i]);
    }
    if (err == MYO_ERR_DAMAGED || err == MYO_ERR_TOO_SHORT) {
        myo_warn(outer, "time column not used: %s", own.message);
        *what = CSV_FIT_NONE;
    } else if (err != MYO_OK) {
        myo_fail(outer, err, "%s", own.message);
    }
    myo_diag_clear(&own);
    return err == MYO_ERR_DAMAGED || err == MYO_ERR_TOO_SHORT ? MYO_OK : err;
}

/* --- channels --- */

static double sensible_unit_rails(const csv_column *c, double rail) {
    double scale;
    const bool physical = c->unit != NULL && myo_unit_find(c->unit, &scale) != MYO_DIM_COUNTS &&
                          myo_unit_find(c->unit, &scale) != MYO_DIM_NONE;
    return physical ? NAN : rail; /* a resolution in bits says nothing about values in volts */
}

static void fill_channel(myo_channel *ch, const csv_column *c, int number, double fs) {
    if (c->name != NULL && c->name[0] != '\0') {
        snprintf(ch->label, sizeof ch->label, "%s", c->name);
    } else {
        snprintf(ch->label, sizeof ch->label, "ch%d", number + 1);
    }
    snprintf(ch->file_unit, sizeof ch->file_unit, "%s", c->unit != NULL ? c->unit : "");
    snprintf(ch->muscle, sizeof ch->muscle, "%s", c->muscle);
    ch->kind = c->kind;
    ch->fs = fs;
    ch->rail_lo = sensible_unit_rails(c, c->rail_lo);
    ch->rail_hi = sensible_unit_rails(c, c->rail_hi);
    ch->lsb = isnan(ch->rail_lo) ? 0 : c->lsb;
}

/* Channels in the order of their columns; owner[column] is the stream of each. */
static myo_err make_channels(myo_reader *r, const int *owner) {
    const csv_priv *v = r->priv;
    const csv_layout *l = &v->layout;
    int64_t n = 0;
    for (size_t i = 0; i < l->n_col; i++) {
        n += l->col[i].role == CSV_SIGNAL;
    }
    if (n == 0) {
        return myo_fail(r->d, MYO_ERR_NO_CHANNEL,
                        "line %" PRId64 ": no column is a signal (found %zu columns of time or "
                        "counters)",
                        l->data_line + 1, l->n_col);
    }
    MYO_TRY(myo_info_channels(r, n));
    for (size_t i = 0, c = 0; i < l->n_col; i++) {
        if (l->col[i].role == CSV_SIGNAL) {
            fill_channel(&r->info->ch[c], &l->col[i], (int)c, v->stream[owner[i]].fs);
            c++;
        }
    }
    return MYO_OK;
}

/* What each column means to stream number k. */
static myo_err make_jobs(myo_reader *r, int k, const int *owner) {
    csv_priv *v = r->priv;
    const csv_layout *l = &v->layout;
    csv_stream *s = &v->stream[k];
    s->job = myo_alloc(l->n_col, sizeof *s->job);
    s->last = myo_alloc((size_t)r->info->n_ch, sizeof *s->last);
    if (s->job == NULL || s->last == NULL) {
        return myo_fail(r->d, MYO_ERR_NOMEM, "no memory for %zu columns", l->n_col);
    }
    bool has_clock = false;
    for (size_t i = 0, c = 0; i < l->n_col; i++) {
        const csv_role role = l->col[i].role;
        const bool mine = owner[i] == k;
        s->job[i] = role == CSV_COUNTER ? CSV_JOB_CHECK : CSV_JOB_SKIP;
        if (role == CSV_SIGNAL) {
            s->job[i] = mine ? (int)c : CSV_JOB_SKIP;
            c++;
        } else if (role == CSV_TIME && mine && s->has_time) {
            s->job[i] = has_clock ? CSV_JOB_OTHER_TIME : CSV_JOB_TIME;
            has_clock = true;
        }
    }
    return MYO_OK;
}

/* --- one rate for all --- */

static void compare_rates(const myo_reader *r, double fs, double other, const char *what) {
    if (other > 0 && fabs(fs / other - 1) > 0.01) {
        char a[32], b[32];
        myo_format_g(a, sizeof a, fs, 7);
        myo_format_g(b, sizeof b, other, 7);
        myo_warn(r->d, "sampling rates differ: %s Hz used, %s says %s Hz", a, what, b);
    }
}

static myo_err check_fs(const myo_reader *r, double fs) {
    if (fs >= CSV_RATE_MIN && fs <= MYO_MAX_RATE) {
        return MYO_OK;
    }
    if (fs == 0) {
        return myo_fail(r->d, MYO_ERR_INPUT,
                        "no time column and no sampling rate in the file; give the rate with --fs");
    }
    char shown[32];
    myo_format_g(shown, sizeof shown, fs, 6);
    return myo_fail(r->d, MYO_ERR_RANGE, "sampling rate (found %s Hz, allowed 0.001 to 1e6)",
                    shown);
}

/* The column to try: the one by name, or the first of a table without names. */
static size_t time_candidate(const csv_layout *l) {
    const size_t named = l->col[0].time_col;
    if (named < l->n_col) {
        return named;
    }
    const bool nameless = l->col[0].name == NULL || l->col[0].name[0] == '\0';
    return nameless && l->n_col > 1 && l->col[0].role == CSV_SIGNAL && l->col[0].kind == MYO_N_KIND
               ? 0
               : l->n_col;
}

static void note_column(csv_layout *l, size_t c, csv_fit what, myo_diag *d) {
    csv_column *col = &l->col[c];
    if (what == CSV_FIT_TIME) {
        col->role = CSV_TIME;
    } else if (what == CSV_FIT_COUNTER) {
        myo_warn(d, "column %zu counts the samples; it tells no time and is no signal", c + 1);
        col->role = CSV_COUNTER;
    } else if (col->role == CSV_TIME) {
        col->role = CSV_LABEL;
    }
}

/* Rows of two rates give none to a table, which has one. */
static myo_err check_rows(const myo_reader *r) {
    const myo_sidecar *side = &r->side;
    if (side->odd_row == 0) {
        return MYO_OK;
    }
    const myo_side_row *a = &side->row[side->fs_row], *b = &side->row[side->odd_row];
    return myo_fail(r->d, MYO_ERR_DAMAGED,
                    "sidecar %s: rows of a table state different sampling rates (found %g Hz in line %" PRId64
                    ", %g Hz in line %" PRId64 ", allowed one); give the rate with --fs",
                    side->tsv_name, a->fs, a->line, b->fs, b->line);
}

static myo_err single_rate(myo_reader *r) {
    csv_priv *v = r->priv;
    csv_layout *l = &v->layout;
    csv_stream *s = &v->stream[0];
    const double header = l->fs > 0 ? l->fs : myo_sidecar_rate(&r->side);
    const size_t c = time_candidate(l);
    csv_fit what = CSV_FIT_NONE;
    if (c < l->n_col) {
        MYO_TRY(
            fit_leniently(r, &s->src, c, r->opts->fs > 0 ? r->opts->fs : header, &s->time, &what));
        note_column(l, c, what, r->d);
    }
    s->has_time = what == CSV_FIT_TIME;
    const double told = s->has_time ? 1 / s->time.dt : header;
    s->fs = r->opts->fs > 0 ? r->opts->fs : told;
    r->side.gave_fs = !(r->opts->fs > 0) && !s->has_time && !(l->fs > 0);
    if (s->fs == 0) {
        MYO_TRY(check_rows(r));
    }
    MYO_TRY(check_fs(r, s->fs));
    compare_rates(r, s->fs, s->has_time ? 1 / s->time.dt : 0, "the time column");
    if (l->fs > 0 || r->opts->fs > 0) { /* else the channels are compared with what names their sidecars */
        compare_rates(r, s->fs, header, l->fs > 0 ? "the header" : "the sidecar");
    }
    int *owner = myo_alloc(l->n_col, sizeof *owner); /* all 0: one stream */
    if (owner == NULL) {
        return myo_fail(r->d, MYO_ERR_NOMEM, "no memory for %zu columns", l->n_col);
    }
    v->n_streams = 1;
    myo_err err = make_channels(r, owner);
    err = err == MYO_OK ? make_jobs(r, 0, owner) : err;
    myo_free(owner);
    return err;
}

/* --- a time column for each signal --- */

static double first_stamp(const csv_layout *l, csv_source *src, size_t c) {
    csv_line line;
    double v = NAN;
    csv_source_seek(src, l->data_off, l->data_line);
    if (csv_source_next(src, &line) == MYO_OK && line.s != NULL) {
        csv_value(field_at(&line, l->dialect.delim, c), l->dialect.point, &v, NULL);
    }
    return v;
}

/* The stream with this rate and start, made if it is new; its number, or -1 if there are too many.
 */
static int stream_for(csv_priv *v, const csv_time *t, double fs, double first) {
    for (int i = 0; i < v->n_streams; i++) {
        if (v->stream[i].fs == fs && v->stream[i].offset == first) {
            return i;
        }
    }
    if (v->n_streams == CSV_STREAMS_MAX) {
        return -1;
    }
    csv_stream *s = &v->stream[v->n_streams];
    s->time = *t;
    s->has_time = true;
    s->fs = fs;
    s->offset = first;
    return v->n_streams++;
}

static myo_err pair_column(myo_reader *r, size_t c, int *owner) {
    csv_priv *v = r->priv;
    csv_layout *l = &v->layout;
    csv_time t;
    csv_fit what = CSV_FIT_NONE;
    MYO_TRY(fit_column(r, &v->stream[0].src, c, l->col[c + 1].fs, &t, &what));
    const double first = first_stamp(l, &v->stream[0].src, c) * t.unit;
    if (what != CSV_FIT_TIME || t.clock != CSV_CLOCK_NUMBER || !isfinite(first)) {
        return myo_fail(r->d, MYO_ERR_DAMAGED,
                        "line %" PRId64 ", column %zu: this time column tells no time",
                        l->data_line + 1, c + 1);
    }
    MYO_TRY(check_fs(r, 1 / t.dt));
    compare_rates(r, 1 / t.dt, l->col[c + 1].fs, "the header");
    const int k = stream_for(v, &t, 1 / t.dt, first);
    if (k < 0) {
        return myo_fail(r->d, MYO_ERR_UNSUPPORTED,
                        "line %" PRId64 ", column %zu: more than %d different rates or starts",
                        l->data_line + 1, c + 1, CSV_STREAMS_MAX);
    }
    for (size_t i = c; i < l->n_col && l->col[i].time_col == c; i++) {
        owner[i] = k;
    }
    return MYO_OK;
}

/* Streams begin at their own first stamps; the earliest is zero. */
static myo_err align_streams(const myo_reader *r) {
    csv_priv *v = r->priv;
    double zero = v->stream[0].offset, latest = zero;
    for (int i = 1; i < v->n_streams; i++) {
        zero = fmin(zero, v->stream[i].offset);
        latest = fmax(latest, v->stream[i].offset);
    }
    if (latest - zero > 86400) {
        return myo_fail(r->d, MYO_ERR_DAMAGED,
                        "line %" PRId64 ": columns begin at times more than a day apart",
                        v->layout.data_line + 1);
    }
    for (int i = 0; i < v->n_streams; i++) {
        v->stream[i].offset -= zero;
    }
    return MYO_OK;
}

static myo_err pair_rates(myo_reader *r) {
    csv_priv *v = r->priv;
    csv_layout *l = &v->layout;
    int *owner = myo_alloc(l->n_col, sizeof *owner);
    if (owner == NULL) {
        return myo_fail(r->d, MYO_ERR_NOMEM, "no memory for %zu columns", l->n_col);
    }
    if (r->opts->fs > 0) {
        myo_warn(r->d, "--fs not used: every signal has its own time column");
    }
    myo_err err = MYO_OK;
    for (size_t i = 0; err == MYO_OK && i < l->n_col; i++) {
        err = l->col[i].role == CSV_TIME ? pair_column(r, i, owner) : MYO_OK;
    }
    err = err == MYO_OK ? align_streams(r) : err;
    err = err == MYO_OK ? make_channels(r, owner) : err;
    for (int i = 0; err == MYO_OK && i < v->n_streams; i++) {
        err = i > 0 ? csv_source_open(&v->stream[i].src, r) : MYO_OK;
        v->stream[i].src.eol = v->stream[0].src.eol;
        err = err == MYO_OK ? make_jobs(r, i, owner) : err;
    }
    myo_free(owner);
    return err;
}

myo_err csv_rates(myo_reader *r) {
    return ((csv_priv *)r->priv)->layout.pairs ? pair_rates(r) : single_rate(r);
}
