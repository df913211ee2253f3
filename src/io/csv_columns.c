/* csv_columns.c - names, units and roles of a table's columns. */
#include <inttypes.h>
#include <math.h>
#include <strings.h>
#include "io/csv.h"
#include "io/units.h"

void csv_column_clear(csv_column *c) {
    *c = (csv_column){.role = CSV_SIGNAL, .kind = MYO_N_KIND, .rail_lo = NAN, .rail_hi = NAN};
}

void csv_layout_free(csv_layout *l) {
    for (size_t i = 0; l->col != NULL && i < l->n_col; i++) {
        myo_free(l->col[i].name);
        myo_free(l->col[i].unit);
    }
    myo_free(l->col);
    myo_free(l->names_text);
    *l = (csv_layout){0};
}

/* --- names --- */

static csv_field trim(csv_field f) {
    while (f.n > 0 && (f.s[0] == ' ' || f.s[0] == '\t')) {
        f.s++;
        f.n--;
    }
    while (f.n > 0 && strchr(" \t_:,", f.s[f.n - 1]) != NULL) {
        f.n--;
    }
    return f;
}

/* "name (unit)" or "name [unit]": what stands in the last pair of brackets, if the name ends with
 * it. */
static bool bracket_unit(csv_field *f, csv_field *unit) {
    if (f->n < 3 || (f->s[f->n - 1] != ')' && f->s[f->n - 1] != ']')) {
        return false;
    }
    const char open = f->s[f->n - 1] == ')' ? '(' : '[';
    int depth = 0;
    for (size_t i = f->n; i-- > 0;) {
        depth += f->s[i] == f->s[f->n - 1];
        depth -= f->s[i] == open;
        if (depth == 0) {
            *unit = (csv_field){f->s + i + 1, f->n - i - 2};
            f->n = i;
            return unit->n > 0;
        }
    }
    return false;
}

static myo_dim dimension(csv_field f) {
    char text[48];
    double scale;
    if (f.n == 0 || f.n >= sizeof text) {
        return MYO_DIM_NONE;
    }
    memcpy(text, f.s, f.n);
    text[f.n] = '\0';
    return myo_unit_find(text, &scale);
}

/* "emg_mV", "time ms", "EMG 1,uV": the last word, if it is a unit of voltage, acceleration or time.
 */
static bool suffix_unit(csv_field *f, csv_field *unit) {
    size_t i = f->n;
    while (i > 0 && strchr("_ ,", f->s[i - 1]) == NULL) {
        i--;
    }
    const csv_field word = {f->s + i, f->n - i};
    const myo_dim dim = i > 1 ? dimension(word) : MYO_DIM_NONE;
    if (dim != MYO_DIM_VOLT && dim != MYO_DIM_ACCEL && dim != MYO_DIM_TIME) {
        return false;
    }
    *unit = word;
    f->n = i - 1;
    return true;
}

static bool one_of(csv_field f, const char *const *list, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (csv_is(f, list[i])) {
            return true;
        }
    }
    return false;
}

/* Is this what a column of time is called, whatever its unit? */
static bool names_time(csv_field f) {
    static const char *const names[] = {
        "time",         "times",        "t",          "ts",
        "datetime",     "date_time",    "date time",  "elapsed",
        "elapsed_time", "elapsed time", "sec",        "secs",
        "second",       "seconds",      "ms",         "msec",
        "millis",       "milliseconds", "unix",       "unixtime",
        "unix_time",    "epoch",        "epoch_ms",   "zeit",
        "tiempo",       "temps",        "tempo",      "sampletime",
        "sample time",  "sample_time",  "latency",    "time stamp",
        "time_stamp",   "rel_time",     "local_time", "time_ms",
        "time_us",      "loggingtime",
    };
    if (one_of(f, names, sizeof names / sizeof names[0]) || csv_has(f, "timestamp")) {
        return true;
    }
    return f.n > 4 && strncasecmp(f.s, "time", 4) == 0 && strchr(" _[(:,", f.s[4]) != NULL;
}

/* "time_min", "t/h", "Time samples": behind the name of a time column a word that would be a minimum elsewhere. */
static bool suffix_time(csv_field *f, csv_field *unit) {
    static const char apart[] = "_ ,/:-";
    char text[24];
    size_t i = f->n;
    while (i > 0 && strchr(apart, f->s[i - 1]) == NULL) {
        i--;
    }
    csv_field rest = {f->s, i};
    while (rest.n > 0 && strchr(apart, rest.s[rest.n - 1]) != NULL) {
        rest.n--;
    }
    const csv_field word = {f->s + i, f->n - i};
    if (word.n == 0 || word.n >= sizeof text || !(names_time(rest) || csv_has(rest, "time"))) {
        return false;
    }
    memcpy(text, word.s, word.n);
    text[word.n] = '\0';
    if (!(myo_time_unit(text) > 0) && !myo_is_tick(text)) {
        return false;
    }
    *unit = word;
    *f = rest;
    return true;
}

myo_err csv_column_name(csv_column *c, csv_field f) {
    csv_field unit = {0};
    const csv_field whole = f;
    if (!bracket_unit(&f, &unit) && !suffix_unit(&f, &unit) && !suffix_time(&f, &unit)) {
        f = whole;
    }
    myo_free(c->name);
    c->name = csv_copy(trim(f).n > 0 ? trim(f) : trim(whole));
    if (unit.n > 0) {
        myo_free(c->unit);
        c->unit = csv_copy(unit);
    }
    return c->name == NULL || (unit.n > 0 && c->unit == NULL) ? MYO_ERR_NOMEM : MYO_OK;
}

/* --- roles --- */

static csv_field text_field(const char *s) {
    return s != NULL ? (csv_field){s, strlen(s)} : (csv_field){"", 0};
}

static bool is_time_name(const csv_column *c) {
    const csv_field f = text_field(c->name);
    if (names_time(f)) {
        return true;
    }
    const bool unit = c->unit != NULL && myo_time_unit(c->unit) > 0;
    return unit && (csv_is(f, "x") || csv_has(f, "time")); /* X[s]; "EMG 1 Time Series (s)" */
}

static bool is_counter_name(const csv_column *c) {
    static const char *const names[] = {
        "nseq",
        "seq",
        "seqno",
        "seq no",
        "sequence",
        "frame",
        "frames",
        "frame number",
        "frame_number",
        "sub frame",
        "subframe",
        "sample",
        "samples",
        "sample index",
        "sample_index",
        "sample number",
        "sample_number",
        "sampleno",
        "index",
        "idx",
        "n",
        "no",
        "no.",
        "nr",
        "#",
        "counter",
        "count",
        "cnt",
        "packet",
        "packetcounter",
        "packet counter",
        "packet_counter",
        "row",
        "rownames",
        "unnamed: 0",
        "field",
    };
    return one_of(text_field(c->name), names, sizeof names / sizeof names[0]);
}

/* Names, units, types from the rows of _channels.tsv, which stand for the columns in order. */
static myo_err name_from_sidecar(csv_layout *l, const myo_reader *r, const myo_sidecar *side) {
    for (size_t i = 0; i < l->n_col; i++) {
        const myo_side_row *row = &side->row[i];
        l->col[i].name = myo_strdup(row->name);
        l->col[i].unit = row->units[0] != '\0' ? myo_strdup(row->units) : NULL;
        if (l->col[i].name == NULL) {
            return myo_fail(r->d, MYO_ERR_NOMEM, "no memory for column names");
        }
        if (strcasecmp(row->type, "LATENCY") == 0) {
            l->col[i].role = CSV_TIME;
            l->col[i].named_time = true;
        }
    }
    return MYO_OK;
}

static bool ends_with(const char *s, const char *end) {
    const size_t n = strlen(s), k = strlen(end);
    return n >= k && strcmp(s + n - k, end) == 0;
}

static myo_err use_sidecar(csv_layout *l, const myo_reader *r, const myo_sidecar *side) {
    const bool motion = ends_with(r->path, "_motion.tsv");
    if (motion && l->names_line > 0) {
        myo_warn(r->d, "line %" PRId64 ": a header, which BIDS forbids in _motion.tsv",
                 l->names_line);
    }
    if (l->names_line > 0 || side->n_row == 0) {
        return MYO_OK;
    }
    if (side->n_row == l->n_col) {
        return name_from_sidecar(l, r, side);
    }
    if (motion) {
        return myo_fail(r->d, MYO_ERR_DAMAGED,
                        "line %" PRId64 ", column %zu: %zu columns but %zu rows in %s",
                        l->data_line + 1, l->n_col, l->n_col, side->n_row, side->tsv_name);
    }
    return MYO_OK;
}

/* A first column called by its unit tells time where no other one does: beside one "minutes" may be half of a clock. */
static void name_first(csv_layout *l) {
    static const char *const units[] = {"usec", "usecs", "microseconds", "nanoseconds", "mins", "minutes", "hrs", "hours", "days"};
    csv_column *first = &l->col[0];
    for (size_t i = 0; i < l->n_col; i++) {
        if (l->col[i].role == CSV_TIME) {
            return;
        }
    }
    if (first->role == CSV_SIGNAL && one_of(text_field(first->name), units, sizeof units / sizeof units[0])) {
        first->role = CSV_TIME;
        first->named_time = true;
    }
}

/* Columns that hold times of day or dates in the first row. */
static void mark_clocks(csv_layout *l, const csv_line *line) {
    const char *p = line->s;
    for (size_t i = 0; p != NULL && i < l->n_col; i++) {
        csv_field f;
        double v;
        int64_t day;
        int decimals;
        bool has_date;
        if (!csv_field_next(&p, line->s + line->n, l->dialect.delim, &f)) {
            return;
        }
        if (csv_value(f, l->dialect.point, &v, NULL) == CSV_TEXT &&
            csv_iso(f, &day, &v, &decimals, &has_date)) {
            l->col[i].role = CSV_TIME;
        }
    }
}

/* One time column is enough: a named one before one that only looks so; the rest are labels. */
static void keep_one_clock(csv_layout *l) {
    size_t best = l->n_col;
    for (size_t i = 0; i < l->n_col; i++) {
        const csv_column *c = &l->col[i];
        if (c->role == CSV_TIME &&
            (best == l->n_col || (c->named_time && !l->col[best].named_time))) {
            best = i;
        }
    }
    for (size_t i = 0; i < l->n_col; i++) {
        if (l->col[i].role == CSV_TIME && i != best) {
            l->col[i].role = CSV_LABEL;
        }
        l->col[i].time_col = best;
    }
}

/* Time columns each followed by signals: every signal belongs to the one on its left. */
static bool are_pairs(const csv_layout *l) {
    size_t n = 0;
    for (size_t i = 0; i < l->n_col; i++) {
        const bool time = l->col[i].role == CSV_TIME;
        n += time;
        if (time && (i + 1 == l->n_col || l->col[i + 1].role == CSV_TIME)) {
            return false;
        }
    }
    return n > 1 && l->col[0].role == CSV_TIME;
}

static void pair_up(csv_layout *l) {
    size_t time = 0;
    for (size_t i = 0; i < l->n_col; i++) {
        time = l->col[i].role == CSV_TIME ? i : time;
        l->col[i].time_col = time;
    }
}

myo_err csv_columns_assign(csv_layout *l, const csv_line *first_row, const myo_reader *r,
                           const myo_sidecar *side) {
    MYO_TRY(use_sidecar(l, r, side));
    for (size_t i = 0; i < l->n_col; i++) {
        csv_column *c = &l->col[i];
        if (c->role == CSV_SIGNAL && is_time_name(c)) {
            c->role = CSV_TIME;
            c->named_time = true;
        } else if (c->role == CSV_SIGNAL && is_counter_name(c)) {
            c->role = CSV_COUNTER;
        }
    }
    mark_clocks(l, first_row);
    name_first(l);
    l->pairs = are_pairs(l);
    if (l->pairs) {
        pair_up(l);
    } else {
        keep_one_clock(l);
    }
    return MYO_OK;
}
