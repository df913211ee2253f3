/* cells.c - the known columns of a manifest: their types, their ranges, what stands where nothing
 * does. */
#include <math.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>
#include "io/channels.h"
#include "io/units.h"
#include "myotab/params.h"
#include "study/study_in.h"

enum { SHOWN = 60 };

typedef enum kind { ID, LABEL, PATH, PRESET, CHANNELS, UNIT, YES_NO, NUMBER, STEM } kind;

typedef struct field {
    const char *name;
    size_t offset; /* in myo_study_row */
    kind kind;
    double unsaid; /* NUMBER: the value of an empty cell */
    double lo, hi; /* NUMBER: allowed, both included */
    bool not_zero;
    const char *allowed;
} field;

#define TEXT_FIELD(name, member, kind)                                                             \
    { name, offsetof(myo_study_row, member), kind, 0, 0, 0, false, "" }
#define NUMBER_FIELD(name, member, unsaid, lo, hi, not_zero, allowed)                              \
    { name, offsetof(myo_study_row, member), NUMBER, unsaid, lo, hi, not_zero, allowed }

enum {
    F_PATH,
    F_PARTICIPANT,
    F_SESSION,
    F_START,
    F_END,
    F_REST_START,
    F_REST_END,
    F_STEM,
    F_OTHERS
};

static const field fields[] = {
    [F_PATH] = TEXT_FIELD("path", path, PATH),
    [F_PARTICIPANT] = TEXT_FIELD("participant_id", participant, ID),
    [F_SESSION] = TEXT_FIELD("session_id", session, ID),
    [F_START] = NUMBER_FIELD("start_s", start_s, NAN, 0, INFINITY, false, "a number >= 0"),
    [F_END] = NUMBER_FIELD("end_s", end_s, NAN, 0, INFINITY, true, "a number > start_s"),
    [F_REST_START] =
        NUMBER_FIELD("rest_start_s", rest_start_s, NAN, 0, INFINITY, false, "a number >= 0"),
    [F_REST_END] =
        NUMBER_FIELD("rest_end_s", rest_end_s, NAN, 0, INFINITY, true, "a number > rest_start_s"),
    [F_STEM] = TEXT_FIELD("stem", stem, STEM),
    [F_OTHERS] = TEXT_FIELD("condition", condition, LABEL),
    TEXT_FIELD("group", group, LABEL),
    TEXT_FIELD("task", task, LABEL),
    TEXT_FIELD("run", run, LABEL),
    TEXT_FIELD("preset", preset, PRESET),
    TEXT_FIELD("channels", channels, CHANNELS),
    TEXT_FIELD("unit", unit, UNIT),
    TEXT_FIELD("incidence", incidence, YES_NO),
    NUMBER_FIELD("fs", fs, 0, 1e-3, MYO_MAX_RATE, false, "0.001 to 1000000 Hz"),
    NUMBER_FIELD("scale", scale, 0, -INFINITY, INFINITY, true, "a number, not 0"),
    NUMBER_FIELD("dose_mmol", dose_mmol, NAN, 0, INFINITY, false, "a number >= 0"),
    NUMBER_FIELD("serum_mg_mmol_l", serum_mg_mmol_l, NAN, 0, INFINITY, true, "a number > 0"),
    NUMBER_FIELD("minutes_from_dose", minutes_from_dose, NAN, -INFINITY, INFINITY, false,
                 "a number"),
    NUMBER_FIELD("grade", grade, NAN, 0, INFINITY, false, "a number >= 0"),
};
enum { N_FIELDS = sizeof fields / sizeof fields[0] };

/* One reading of a table. */
typedef struct reading {
    myo_study *s;
    myo_form form;
    bool allow_outside;
    int *field_of;     /* column -> field, -1 for a column that is only passed on */
    int col[N_FIELDS]; /* field -> column, -1 */
    myo_names names;
    myo_diag *d;
} reading;

const char *myo_study_where(const myo_study *s, size_t row, char dst[MYO_WHERE_MAX]) {
    if (s->is_bids) {
        const char *path = s->row[row].path;
        const size_t n = strlen(path), most = MYO_WHERE_MAX - 4;
        snprintf(dst, MYO_WHERE_MAX, "%s%s", n > most ? "..." : "",
                 path + (n > most ? n - most : 0));
    } else {
        snprintf(dst, MYO_WHERE_MAX, "line %zu", row + 2);
    }
    return dst;
}

static myo_err wrong(const reading *r, size_t row, int f, const char *what, const char *allowed) {
    char where[MYO_WHERE_MAX], place[32] = "column";
    const int col = r->col[f];
    if (!r->s->is_bids) { /* a dataset's table is nowhere to be seen */
        snprintf(place, sizeof place, "column %d", col + 1);
    }
    return myo_fail(r->d, MYO_ERR_MANIFEST, "%s, %s (%s): %s (found \"%.*s\", allowed %s)",
                    myo_study_where(r->s, row, where), place, fields[f].name, what, SHOWN,
                    myo_tsv_cell(&r->s->table, row, col), allowed);
}

/* --- one cell --- */

static bool is_said(const char *cell) {
    return cell[0] != '\0' && strcmp(cell, "n/a") != 0;
}

/* C0, DEL and, in UTF-8, C1. */
static bool has_control(const char *s) {
    for (; *s; s++) {
        const unsigned char c = (unsigned char)*s;
        if (c < 0x20 || c == 0x7F || (c == 0xC2 && (unsigned char)s[1] < 0xA0)) {
            return true;
        }
    }
    return false;
}

static bool climbs(const char *path) {
    for (const char *c = path; c; c = strchr(c, '/')) {
        c += *c == '/';
        if (strncmp(c, "..", 2) == 0 && (c[2] == '/' || c[2] == '\0')) {
            return true;
        }
    }
    return false;
}

static myo_err check_path(const reading *r, size_t row, int f, const char *cell) {
    if (has_control(cell)) {
        return wrong(r, row, f, "control character", "printable text");
    }
    if (r->form != MYO_FORM_RESULTS && !r->allow_outside && (cell[0] == '/' || climbs(cell))) {
        return wrong(r, row, f, "path leaves the manifest's folder",
                     "relative without \"..\", or --allow-outside");
    }
    return MYO_OK;
}

static myo_err check_label(const reading *r, size_t row, int f, const char *cell) {
    return strlen(cell) <= MYO_ID_MAX ? MYO_OK : wrong(r, row, f, "too long", "255 bytes");
}

static myo_err check_preset(const reading *r, size_t row, int f, const char *cell) {
    char known[200] = "";
    for (int i = 0; i < myo_n_presets; i++) {
        if (strcmp(cell, myo_presets[i].name) == 0) {
            return MYO_OK;
        }
        const size_t n = strlen(known);
        snprintf(known + n, sizeof known - n, "%s%s", n ? ", " : "", myo_presets[i].name);
    }
    return wrong(r, row, f, "unknown preset", known);
}

/* Who compares results read back says it there, if the column is used at all. */
static myo_err check_yes_no(const reading *r, size_t row, int f, const char *cell) {
    static const char *const words[] = {"0", "1", "no", "yes"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcasecmp(cell, words[i]) == 0) {
            return MYO_OK;
        }
    }
    return r->form == MYO_FORM_RESULTS ? MYO_OK
                                       : wrong(r, row, f, "wrong value", "0, 1, no, yes or n/a");
}

/* KIND[:unit[:muscle]], n bytes. */
static bool is_channel_spec(const char *s, size_t n) {
    char word[MYO_LABEL_MAX];
    if (n >= sizeof word) {
        return false;
    }
    memcpy(word, s, n);
    word[n] = '\0';
    char *unit = strchr(word, ':');
    if (unit) {
        *unit++ = '\0';
        unit[strcspn(unit, ":")] = '\0';
    }
    double scale;
    return (strcasecmp(word, "OTHER") == 0 || myo_kind_from_type(word) != MYO_N_KIND) &&
           (!unit || !*unit || myo_unit_find(unit, &scale) != MYO_DIM_NONE);
}

/* Whether the recording has these channels is seen when it is read. */
static myo_err check_channels(const reading *r, size_t row, int f, const char *cell) {
    for (const char *s = cell; *s;) {
        size_t n = strcspn(s, ",");
        const char *next = s + n + (s[n] == ',');
        while (n > 0 && s[n - 1] == ' ') {
            n--;
        }
        const char *equals = memrchr(s, '=', n);
        if (equals && !is_channel_spec(equals + 1, n - (size_t)(equals + 1 - s))) {
            return wrong(r, row, f, "wrong value",
                         "label=KIND[:unit[:muscle]],... with KIND EMG, ACC or OTHER");
        }
        s = next;
    }
    return MYO_OK;
}

static myo_err take_number(const reading *r, size_t row, int f, const char *cell, double *out) {
    const field *k = &fields[f];
    double v = k->unsaid;
    if (is_said(cell) && (!myo_parse_f64(cell, strlen(cell), &v) || v < k->lo || v > k->hi ||
                          (k->not_zero && v == 0))) {
        return wrong(r, row, f, "wrong value", k->allowed);
    }
    *out = v;
    return MYO_OK;
}

/* A name that we made, and from which file names are made again: nothing that leads elsewhere. */
static bool is_stem(const char *s) {
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._%-";
    const size_t n = strlen(s);
    return n > 0 && n < MYO_STEM_MAX && strspn(s, allowed) == n && strcmp(s, ".") != 0 &&
           strcmp(s, "..") != 0;
}

static myo_err take_stem(reading *r, size_t row, int f, const char *cell, char stem[MYO_STEM_MAX]) {
    if (r->form != MYO_FORM_RESULTS) {
        return MYO_OK; /* a column that is passed on */
    }
    if (!is_stem(cell)) {
        return wrong(r, row, f, "wrong value", "a file name of letters, digits . _ % -");
    }
    memcpy(stem, cell, strlen(cell) + 1);
    char claimed[MYO_STEM_MAX];
    memcpy(claimed, stem, sizeof claimed);
    MYO_TRY(myo_names_claim(&r->names, claimed, r->d));
    return strcmp(claimed, stem) == 0 ? MYO_OK : wrong(r, row, f, "stem found twice", "once");
}

typedef myo_err (*check_fn)(const reading *r, size_t row, int f, const char *cell);
static const check_fn checks[] = {
    [ID] = check_label,      [LABEL] = check_label,       [PATH] = check_path,
    [PRESET] = check_preset, [CHANNELS] = check_channels,
    [YES_NO] = check_yes_no,
};

static myo_err take_text(const reading *r, size_t row, int f, const char *cell, const char **out) {
    *out = is_said(cell) ? cell : "";
    if (**out == '\0') {
        return MYO_OK;
    }
    if (fields[f].kind == UNIT) {
        *out = myo_open_unit(cell);
        return *out ? MYO_OK
                    : wrong(r, row, f, "unknown unit", "uV, mV, V, g, mg, m/s^2 or counts");
    }
    return checks[fields[f].kind](r, row, f, cell);
}

static myo_err take_cell(reading *r, size_t row, int f, const char *cell) {
    char *member = (char *)&r->s->row[row] + fields[f].offset;
    if (fields[f].kind == STEM) {
        return take_stem(r, row, f, cell, member);
    }
    if (fields[f].kind == NUMBER) {
        double v = 0;
        MYO_TRY(take_number(r, row, f, cell, &v));
        memcpy(member, &v, sizeof v);
        return MYO_OK;
    }
    const char *text;
    MYO_TRY(take_text(r, row, f, cell, &text));
    memcpy(member, &text, sizeof text);
    return MYO_OK;
}

/* --- one row --- */

static void say_nothing(myo_study_row *row, size_t index) {
    *row = (myo_study_row){.index = index};
    for (int f = 0; f < N_FIELDS; f++) {
        char *member = (char *)row + fields[f].offset;
        const char *none = "";
        if (fields[f].kind == NUMBER) {
            memcpy(member, &fields[f].unsaid, sizeof fields[f].unsaid);
        } else if (fields[f].kind != STEM) {
            memcpy(member, &none, sizeof none);
        }
    }
}

static bool is_needed(const reading *r, int f) {
    return f == F_PARTICIPANT || (f == F_PATH && r->form != MYO_FORM_RESULTS) ||
           (f == F_SESSION && r->form == MYO_FORM_MANIFEST);
}

/* A header in the middle of the table: two manifests pasted together. */
static bool is_header_again(const reading *r, const myo_study_row *row) {
    return strcmp(row->participant, fields[F_PARTICIPANT].name) == 0 &&
           strcmp(row->session, fields[F_SESSION].name) == 0 &&
           strcmp(row->path, fields[F_PATH].name) == 0 && r->form == MYO_FORM_MANIFEST;
}

static myo_err check_needed(const reading *r, const myo_study_row *row) {
    if (is_header_again(r, row)) {
        return myo_fail(r->d, MYO_ERR_MANIFEST, "line %zu, column 1: header found twice",
                        row->index + 2);
    }
    for (int f = F_PATH; f <= F_SESSION; f++) {
        const char *text;
        memcpy(&text, (const char *)row + fields[f].offset, sizeof text);
        if (is_needed(r, f) && text[0] == '\0') {
            return wrong(r, row->index, f, "no value", "text");
        }
    }
    return MYO_OK;
}

static myo_err check_spans(const reading *r, const myo_study_row *row) {
    if (row->end_s <= (isnan(row->start_s) ? 0 : row->start_s)) {
        return wrong(r, row->index, F_END, "wrong value", fields[F_END].allowed);
    }
    if (isnan(row->rest_start_s) != isnan(row->rest_end_s)) {
        const int f = isnan(row->rest_start_s) ? F_REST_END : F_REST_START;
        return wrong(r, row->index, f, "half a span of rest",
                     "both rest_start_s and rest_end_s, or neither");
    }
    if (row->rest_end_s <= row->rest_start_s) {
        return wrong(r, row->index, F_REST_END, "wrong value", fields[F_REST_END].allowed);
    }
    return MYO_OK;
}

/* A dataset may lack sessions: then what was done tells recordings apart. */
static const char *condition_of(const myo_study_row *row) {
    const char *const choice[] = {row->condition, row->session, row->task, "all"};
    int i = 0;
    while (choice[i][0] == '\0') {
        i++;
    }
    return choice[i];
}

/* Never "-", which would open the standard input. */
static char *file_of(const char *folder, const char *path) {
    const size_t n = strlen(folder) + strlen(path) + 3;
    char *file = myo_alloc(n, 1);
    if (file) {
        const char *lead = path[0] == '/' ? "" : folder[0] ? folder : path[0] == '-' ? "./" : "";
        snprintf(file, n, "%s%s", lead, path);
    }
    return file;
}

static myo_err name_files(reading *r, myo_study_row *row) {
    if (r->form != MYO_FORM_RESULTS) {
        row->file = file_of(r->s->folder, row->path);
        if (!row->file) {
            return myo_fail(r->d, MYO_ERR_NOMEM, "no memory for a study of %zu rows", r->s->n_rows);
        }
    } else if (r->col[F_STEM] >= 0 || row->path[0] == '\0') {
        return MYO_OK;
    }
    const bool plain = r->form == MYO_FORM_DATASET;
    MYO_TRY(myo_stem_of(row->path, plain ? NULL : row->participant, plain ? NULL : row->session,
                        row->stem, r->d));
    return myo_names_claim(&r->names, row->stem, r->d);
}

static myo_err take_row(reading *r, size_t index) {
    myo_study_row *row = &r->s->row[index];
    const char *cell = myo_tsv_cell(&r->s->table, index, 0);
    for (int c = 0; c < r->s->table.n_cols; c++, cell += strlen(cell) + 1) {
        if (r->field_of[c] >= 0) {
            MYO_TRY(take_cell(r, index, r->field_of[c], cell));
        }
    }
    MYO_TRY(check_needed(r, row));
    MYO_TRY(check_spans(r, row));
    row->condition = condition_of(row);
    return name_files(r, row);
}

/* --- the table --- */

/* Does a name in the header hold one of these characters? */
static bool header_holds(const myo_tsv *t, const char *set) {
    const char *name = t->text.s + t->row[0];
    for (int c = 0; c < t->n_cols; c++, name += strlen(name) + 1) {
        if (strpbrk(name, set)) {
            return true;
        }
    }
    return false;
}

/* Why a column may be missing from a table that looks right. */
static const char *hint(const myo_tsv *t) {
    if (header_holds(t, "\r")) {
        return "; lines must end in LF or CRLF";
    }
    if (t->n_cols > 1) {
        return "";
    }
    return header_holds(t, ",;|") ? "; columns must be separated by tabs"
           : header_holds(t, " ") ? "; columns must be separated by tabs, not blanks"
                                  : "";
}

static myo_err find_columns(reading *r) {
    const myo_tsv *t = &r->s->table;
    for (int c = 0; c < t->n_cols; c++) {
        r->field_of[c] = -1;
    }
    for (int f = 0; f < N_FIELDS; f++) {
        const int c = r->col[f] = myo_tsv_find(t, fields[f].name);
        if (c >= 0) {
            r->field_of[c] = f;
        } else if (is_needed(r, f)) {
            return myo_fail(r->d, MYO_ERR_MANIFEST,
                            "line 1: no column \"%s\" (found %d other column%s)%s", fields[f].name,
                            t->n_cols, t->n_cols == 1 ? "" : "s", hint(t));
        }
    }
    return MYO_OK;
}

static myo_err take_rows(reading *r) {
    myo_study *s = r->s;
    if (s->table.n_rows == 0 && r->form != MYO_FORM_RESULTS) {
        return myo_fail(r->d, MYO_ERR_MANIFEST, "line 2: no recordings (found a header alone)");
    }
    s->row = myo_alloc(s->table.n_rows + 1, sizeof *s->row);
    if (!s->row) {
        return myo_fail(r->d, MYO_ERR_NOMEM, "no memory for a study of %zu rows", s->table.n_rows);
    }
    s->n_rows = s->table.n_rows;
    for (size_t i = 0; i < s->n_rows; i++) {
        say_nothing(&s->row[i], i);
    }
    for (size_t i = 0; i < s->n_rows; i++) {
        MYO_TRY(take_row(r, i));
    }
    return MYO_OK;
}

myo_err myo_study_fill(myo_study *s, myo_form form, bool allow_outside, myo_diag *d) {
    reading r = {.s = s, .form = form, .allow_outside = allow_outside, .d = d};
    r.field_of = myo_alloc((size_t)s->table.n_cols, sizeof *r.field_of);
    if (!r.field_of) {
        return myo_fail(d, MYO_ERR_NOMEM, "no memory for %d columns", s->table.n_cols);
    }
    myo_err e = find_columns(&r);
    if (e == MYO_OK) {
        e = take_rows(&r);
    }
    myo_names_clear(&r.names);
    myo_free(r.field_of);
    return e;
}
