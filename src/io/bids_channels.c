/* bids_channels.c - the rows of a BIDS _channels.tsv. */
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <strings.h>
#include "base/base.h"
#include "io/bids_in.h"
#include "io/planes.h"

enum { ROWS_MAX = 65536 };

typedef struct cell {
    const char *s;
    size_t n;
} cell;

enum column { C_NAME, C_TYPE, C_UNITS, C_MUSCLE, C_POINT, C_COMPONENT, C_STATUS, C_FS, N_COLUMNS };

static const char *const column_names[N_COLUMNS] = {
    "name",          "type",      "units",  "target_muscle",
    "tracked_point", "component", "status", "sampling_frequency"};

/* Cell number i of the line, "" for n/a and for what is not there. */
static cell cell_at(const char *line, size_t n, int i) {
    const char *p = line, *end = line + n;
    for (; i > 0 && p != NULL; i--) {
        p = memchr(p, '\t', (size_t)(end - p));
        p = p != NULL ? p + 1 : NULL;
    }
    if (p == NULL || i < 0) {
        return (cell){"", 0};
    }
    const char *tab = memchr(p, '\t', (size_t)(end - p));
    const cell c = {p, (size_t)((tab != NULL ? tab : end) - p)};
    return c.n == 3 && strncasecmp(c.s, "n/a", 3) == 0 ? (cell){"", 0} : c;
}

static int count_cells(const char *line, size_t n) {
    int k = 1;
    for (size_t i = 0; i < n; i++) {
        k += line[i] == '\t';
    }
    return k;
}

static void copy_cell(char *dst, size_t cap, cell c) {
    char *raw = myo_sidecar_text(c.s, c.n);
    myo_printable(dst, cap, raw != NULL ? raw : "");
    myo_free(raw);
}

/* As the label of a channel is shown, so that the two compare. */
static char *take_name(cell c) {
    char shown[MYO_LABEL_MAX];
    copy_cell(shown, sizeof shown, c);
    return myo_strdup(shown);
}

static bool cell_is(cell c, const char *text) {
    return c.n == strlen(text) && strncasecmp(c.s, text, c.n) == 0;
}

/* The rate of a row, where it states one. */
static myo_err take_rate(const myo_sidecar *s, myo_side_row *row, cell c, int column, myo_diag *d) {
    double fs = 0;
    if (c.n == 0) {
        return MYO_OK;
    }
    if (!myo_parse_f64(c.s, c.n, &fs) || !(fs >= MYO_MIN_RATE && fs <= MYO_MAX_RATE)) {
        char shown[80];
        copy_cell(shown, sizeof shown, c);
        return myo_fail(d, MYO_ERR_RANGE,
                        "sidecar %s: line %" PRId64 ", column %d: field %s (found '%s', allowed " MYO_SIDE_RATES
                        ", or n/a)",
                        s->tsv_name, row->line, column + 1, column_names[C_FS], shown);
    }
    row->fs = fs;
    return MYO_OK;
}

static myo_err take_row(myo_sidecar *s, size_t *cap, const char *line, size_t n, int64_t no,
                        const int at[N_COLUMNS], myo_diag *d) {
    void *grown = s->row;
    if (myo_grow(&grown, cap, s->n_row + 1, sizeof *s->row) != MYO_OK) {
        return myo_fail(d, MYO_ERR_NOMEM, "no memory for the sidecar");
    }
    s->row = grown;
    myo_side_row *row = &s->row[s->n_row++];
    *row = (myo_side_row){.axis = -1, .line = no};
    cell c[N_COLUMNS];
    for (int i = 0; i < N_COLUMNS; i++) {
        c[i] = at[i] >= 0 ? cell_at(line, n, at[i]) : (cell){"", 0};
    }
    row->name = take_name(c[C_NAME]);
    row->type = myo_sidecar_text(c[C_TYPE].s, c[C_TYPE].n);
    row->units = myo_sidecar_text(c[C_UNITS].s, c[C_UNITS].n);
    copy_cell(row->muscle, sizeof row->muscle, c[C_MUSCLE]);
    copy_cell(row->point, sizeof row->point, c[C_POINT]);
    for (int axis = 0; axis < 3; axis++) {
        row->axis =
            cell_is(c[C_COMPONENT], (const char[2]){(char)('x' + axis), '\0'}) ? axis : row->axis;
    }
    row->bad = cell_is(c[C_STATUS], "bad");
    row->apart = cell_is(c[C_TYPE], "LATENCY");
    return row->name != NULL && row->type != NULL && row->units != NULL
               ? take_rate(s, row, c[C_FS], at[C_FS], d)
               : myo_fail(d, MYO_ERR_NOMEM, "no memory for the sidecar");
}

/* One pass over the header, which may be long. */
static bool find_columns(const char *line, size_t n, int at[N_COLUMNS]) {
    for (int i = 0; i < N_COLUMNS; i++) {
        at[i] = -1;
    }
    const char *p = line, *end = line + n;
    for (int k = 0; p != NULL; k++) {
        const char *tab = memchr(p, '\t', (size_t)(end - p));
        const cell c = {p, (size_t)((tab != NULL ? tab : end) - p)};
        for (int i = 0; i < N_COLUMNS; i++) {
            at[i] = at[i] < 0 && cell_is(c, column_names[i]) ? k : at[i];
        }
        p = tab != NULL ? tab + 1 : NULL;
    }
    return at[C_NAME] >= 0 && at[C_TYPE] >= 0;
}

/* Line `no`, which is not the header's. */
static myo_err take_line(myo_sidecar *s, size_t *cap, const char *line, size_t n, int64_t no, int width,
                         const int at[N_COLUMNS], myo_diag *d) {
    const int found = count_cells(line, n);
    if (found != width || s->n_row == ROWS_MAX) {
        return myo_fail(d, MYO_ERR_DAMAGED,
                        "sidecar %s: line %" PRId64 ", column %d: row of another width "
                        "(found %d columns, allowed %d)",
                        s->tsv_name, no, (found < width ? found : width) + 1, found, width);
    }
    return take_row(s, cap, line, n, no, at, d);
}

/* The rate that the rows state, and the first row that states another. */
static void compare_rows(myo_sidecar *s) {
    for (size_t i = 0; i < s->n_row; i++) {
        const double fs = s->row[i].apart ? 0 : s->row[i].fs;
        if (fs > 0 && !(s->rows_fs > 0)) {
            s->rows_fs = fs;
            s->fs_row = i;
        } else if (fs > 0 && s->odd_row == 0 && fabs(fs / s->rows_fs - 1) > 1e-6) {
            s->odd_row = i;
        }
    }
}

double myo_sidecar_rate(const myo_sidecar *s) {
    return s->fs > 0 ? s->fs : s->odd_row == 0 ? s->rows_fs : 0;
}

myo_err myo_sidecar_rows(myo_sidecar *s, const char *p, size_t n, myo_diag *d) {
    int at[N_COLUMNS], width = 0;
    size_t cap = 0;
    int64_t no = 0;
    for (const char *end = p + n; p < end;) {
        const char *lf = memchr(p, '\n', (size_t)(end - p));
        size_t len = (size_t)((lf != NULL ? lf : end) - p);
        const char *line = p;
        p += len + (lf != NULL);
        len -= len > 0 && line[len - 1] == '\r';
        no++;
        if (memchr(line, '\0', len) != NULL) {
            return myo_fail(d, MYO_ERR_DAMAGED,
                            "sidecar %s: line %" PRId64 ", column 1: a NUL byte", s->tsv_name, no);
        }
        if (no == 1) {
            if (!find_columns(line, len, at)) {
                return myo_fail(d, MYO_ERR_DAMAGED,
                                "sidecar %s: line 1, column 1: no columns 'name' and 'type'",
                                s->tsv_name);
            }
            width = count_cells(line, len);
        } else if (len > 0) {
            MYO_TRY(take_line(s, &cap, line, len, no, width, at, d));
        }
    }
    if (s->n_row == 0) {
        myo_warn(d, "sidecar %s: no rows: it describes no channel", s->tsv_name);
    }
    compare_rows(s);
    return MYO_OK;
}
