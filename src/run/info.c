/* info.c - myotab info: what is in a file, as text for people or as JSON. */
#include <jansson.h>
#include <math.h>
#include <string.h>
#include "myotab/run.h"
#include "run/info.h"

enum { CELL_MAX = 320 };

static double share(int64_t part, const myo_chan_stat *s) {
    return s->n > 0 ? (double)part / (double)s->n : (double)NAN;
}

static void put_text(char *cell, const char *s) {
    snprintf(cell, CELL_MAX, "%s", s[0] != '\0' ? s : "-");
}

static void put_percent(char *cell, double v) {
    myo_format_fixed(cell, CELL_MAX, 100.0 * v, 2);
}

/* The table's columns: head, and how one channel fills its cell. */
typedef void (*cell_fn)(char *cell, const myo_channel *c, const myo_chan_stat *s);

#define CELL(name, body)                                                                           \
    static void cell_##name(char *cell, const myo_channel *c, const myo_chan_stat *s) {            \
        (void)c;                                                                                   \
        (void)s;                                                                                   \
        body;                                                                                      \
    }
CELL(label, put_text(cell, c->label))
CELL(kind, snprintf(cell, CELL_MAX, "%s%s", myo_kind_name(c->kind), c->guessed ? "?" : ""))
CELL(unit, put_text(cell, c->unit))
CELL(file_unit, put_text(cell, c->file_unit))
CELL(rate, myo_format_g(cell, CELL_MAX, c->fs, 9))
CELL(samples, snprintf(cell, CELL_MAX, "%lld", (long long)s->n))
CELL(duration, myo_format_fixed(cell, CELL_MAX, (double)s->n / c->fs, 3))
CELL(muscle, put_text(cell, c->muscle))
CELL(sensor, put_text(cell, c->sensor))
CELL(lo, myo_format_g(cell, CELL_MAX, s->lo, 6))
CELL(hi, myo_format_g(cell, CELL_MAX, s->hi, 6))
CELL(missing, put_percent(cell, share(s->missing, s)))
CELL(flat, put_percent(cell, share(s->flat, s)))
CELL(clipped,
     put_percent(cell, isnan(c->rail_lo) && isnan(c->rail_hi) ? (double)NAN : share(s->clipped, s)))
#undef CELL

static const struct {
    const char *head;
    cell_fn fill;
} columns[] = {
    {"channel", cell_label},
    {"kind", cell_kind},
    {"unit", cell_unit},
    {"file_unit", cell_file_unit},
    {"rate_hz", cell_rate},
    {"samples", cell_samples},
    {"duration_s", cell_duration},
    {"muscle", cell_muscle},
    {"sensor", cell_sensor},
    {"min", cell_lo},
    {"max", cell_hi},
    {"missing_%", cell_missing},
    {"flat_%", cell_flat},
    {"clipped_%", cell_clipped},
};
enum { N_COLUMNS = sizeof columns / sizeof columns[0] };

/* Characters of valid UTF-8, continuation bytes left out. */
static int width(const char *s) {
    int n = 0;
    for (; *s != '\0'; s++) {
        n += ((unsigned char)*s & 0xC0) != 0x80;
    }
    return n;
}

static void widths(int w[N_COLUMNS], const myo_info_stats *s) {
    char cell[CELL_MAX];
    for (int k = 0; k < N_COLUMNS; k++) {
        w[k] = width(columns[k].head);
        for (int c = 0; c < s->info->n_ch; c++) {
            columns[k].fill(cell, &s->info->ch[c], &s->ch[c]);
            w[k] = width(cell) > w[k] ? width(cell) : w[k];
        }
    }
}

static void put_cell(myo_buf *b, const char *cell, int w, bool last) {
    myo_buf_puts(b, cell);
    myo_buf_printf(b, "%*s", last ? 0 : w - width(cell) + 2, "");
}

static void put_table(myo_buf *b, const myo_info_stats *s) {
    int w[N_COLUMNS];
    char cell[CELL_MAX];
    widths(w, s);
    for (int c = -1; c < s->info->n_ch; c++) {
        for (int k = 0; k < N_COLUMNS; k++) {
            if (c < 0) {
                put_text(cell, columns[k].head);
            } else {
                columns[k].fill(cell, &s->info->ch[c], &s->ch[c]);
            }
            put_cell(b, cell, w[k], k + 1 == N_COLUMNS);
        }
        myo_buf_puts(b, "\n");
    }
}

static void put_gaps(myo_buf *b, const myo_info_stats *s) {
    char at[32], length[32];
    myo_format_fixed(length, sizeof length, s->gap_s, 3);
    myo_buf_printf(b, "gaps         %lld", (long long)s->n_gaps);
    if (s->n_gaps > 0) {
        myo_buf_printf(b, ", %s s in all:", length);
    }
    for (int i = 0; i < s->n_gaps && i < MYO_INFO_GAPS; i++) {
        myo_format_fixed(at, sizeof at, s->gaps[i].at_s, 3);
        myo_format_fixed(length, sizeof length, s->gaps[i].length_s, 3);
        myo_buf_printf(b, " %s+%s", at, length);
    }
    myo_buf_puts(b, s->n_gaps > MYO_INFO_GAPS ? " ...\n" : "\n");
}

void myo_info_text(myo_buf *b, const myo_info_stats *s) {
    const myo_recinfo *i = s->info;
    char path[CELL_MAX], duration[32];
    myo_format_fixed(duration, sizeof duration, i->duration_s >= 0 ? i->duration_s : s->end_s, 3);
    myo_buf_printf(b, "file         %s\nformat       %s%s\n",
                   myo_printable(path, sizeof path, i->path), i->format,
                   i->truncated ? " (truncated)" : "");
    myo_buf_printf(b, "start        %s\nduration     %s s\n",
                   i->start[0] != '\0' ? i->start : "unknown", duration);
    put_gaps(b, s);
    myo_buf_printf(b, "annotations  %lld\n\n", (long long)i->n_annotations);
    put_table(b, s);
}

static json_t *real(double v) {
    return isfinite(v) ? json_real(v) : json_null();
}

static json_t *channel_json(const myo_channel *c, const myo_chan_stat *s) {
    const bool rails = !isnan(c->rail_lo) || !isnan(c->rail_hi);
    return json_pack(
        "{s:s, s:s, s:b, s:s, s:s, s:o, s:I, s:o, s:s, s:s, s:i, s:o, s:o, s:o, s:o, s:o}", "label",
        c->label, "kind", myo_kind_name(c->kind), "guessed", c->guessed, "unit", c->unit,
        "file_unit", c->file_unit, "rate_hz", real(c->fs), "samples", (json_int_t)s->n,
        "duration_s", real((double)s->n / c->fs), "muscle", c->muscle, "sensor", c->sensor, "axis",
        c->axis, "min", real(s->lo), "max", real(s->hi), "missing", real(share(s->missing, s)),
        "flat", real(share(s->flat, s)), "clipped",
        real(rails ? share(s->clipped, s) : (double)NAN));
}

static json_t *channels_json(const myo_info_stats *s) {
    json_t *list = json_array();
    for (int c = 0; c < s->info->n_ch; c++) {
        json_array_append_new(list, channel_json(&s->info->ch[c], &s->ch[c]));
    }
    return list;
}

static json_t *gaps_json(const myo_info_stats *s) {
    json_t *list = json_array();
    for (int i = 0; i < s->n_gaps && i < MYO_INFO_GAPS; i++) {
        json_array_append_new(list, json_pack("{s:f, s:f}", "at_s", s->gaps[i].at_s, "length_s",
                                              s->gaps[i].length_s));
    }
    return list;
}

static json_t *warnings_json(const myo_diag *d) {
    json_t *list = json_array();
    for (int i = 0; d != NULL && i < d->n_warnings; i++) {
        json_array_append_new(list, json_string(d->warnings[i]));
    }
    return list;
}

static json_t *info_json(const myo_info_stats *s, const myo_diag *warnings) {
    const myo_recinfo *i = s->info;
    char path[2 * CELL_MAX];
    return json_pack("{s:s, s:s, s:b, s:s, s:o, s:I, s:f, s:o, s:I, s:o, s:o}", "file",
                     myo_printable(path, sizeof path, i->path), "format", i->format, "truncated",
                     i->truncated, "start", i->start, "duration_s",
                     real(i->duration_s >= 0 ? i->duration_s : s->end_s), "n_gaps",
                     (json_int_t)s->n_gaps, "gap_s", s->gap_s, "gaps", gaps_json(s),
                     "n_annotations", (json_int_t)i->n_annotations, "channels", channels_json(s),
                     "warnings", warnings_json(warnings));
}

static int to_buf(const char *text, size_t n, void *user) {
    myo_buf *b = user;
    myo_buf_put(b, text, n);
    return b->failed ? -1 : 0;
}

/* One line an object: several files in a row are JSON lines. */
myo_err myo_info_json(myo_buf *b, const myo_info_stats *s, const myo_diag *warnings) {
    json_t *root = info_json(s, warnings);
    const int failed = root == NULL || json_dump_callback(root, to_buf, b,
                                                          JSON_COMPACT | JSON_ENSURE_ASCII |
                                                              JSON_REAL_PRECISION(15)) != 0;
    json_decref(root);
    myo_buf_puts(b, "\n");
    return failed ? MYO_ERR_NOMEM : MYO_OK;
}

static myo_err describe(myo_rec *r, int json, myo_buf *b, myo_diag *d) {
    myo_info_stats s = {0};
    myo_err e = myo_info_scan(&s, r, d);
    if (e == MYO_OK && json) {
        e = myo_info_json(b, &s, d);
    } else if (e == MYO_OK) {
        myo_info_text(b, &s);
    }
    myo_free(s.ch);
    return b->failed ? MYO_ERR_NOMEM : e;
}

/* Written only once all is known: a file that fails leaves no half description. */
myo_err myo_info(const char *path, const myo_open_opts *o, int json, FILE *f, myo_diag *d) {
    myo_rec *r = NULL;
    myo_buf b = {0};
    myo_err e = myo_rec_open(&r, path, o, d);
    if (e == MYO_OK) {
        e = describe(r, json, &b, d);
    }
    if (e == MYO_OK && fwrite(b.s, 1, b.n, f) != b.n) {
        e = myo_fail(d, MYO_ERR_OUTPUT, "description cannot be written");
    } else if (e != MYO_OK) {
        myo_fail(d, e, "%s", myo_err_text(e));
    }
    myo_buf_clear(&b);
    myo_rec_close(&r);
    return e;
}
