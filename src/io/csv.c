/* csv.c - the reader of text tables: CSV, TSV, blank-separated text, with or without a header. */
#include <inttypes.h>
#include <math.h>
#include <strings.h>
#include "io/csv.h"

/* --- probe --- */

static bool ends(const char *name, const char *ending) {
    const size_t n = strlen(name), k = strlen(ending);
    return n > k && strcasecmp(name + n - k, ending) == 0;
}

/* Text has hardly any control bytes; single damaged bytes are for the scanner to name. */
static int csv_probe(const myo_probe *p) {
    static const char *const endings[] = {".csv", ".tsv", ".txt", ".asc", ".tab"};
    bool named = false;
    for (size_t i = 0; p->name != NULL && i < sizeof endings / sizeof endings[0]; i++) {
        named = named || ends(p->name, endings[i]);
    }
    size_t control = 0, high = 0, digits = 0;
    for (size_t i = 0; i < p->n; i++) {
        const unsigned char c = p->head[i];
        control += (c < 0x20 && strchr("\t\n\r\f", c) == NULL) || c == 0x7F || c == 0;
        high += c >= 0x80;
        digits += c >= '0' && c <= '9';
    }
    const bool text = p->n > 0 && control == 0 && high <= p->n / 8;
    return named ? (text ? 60 : 5) : text && digits * 8 >= p->n ? 40 : 0;
}

/* --- open --- */

static void rewind_all(csv_priv *v, int n_ch) {
    for (int i = 0; i < v->n_streams; i++) {
        csv_stream *s = &v->stream[i];
        csv_source_seek(&s->src, v->layout.data_off, v->layout.data_line);
        csv_time_reset(&s->time);
        s->segment = s->offset;
        s->done = s->rows = 0;
        s->blank_line = s->n_blank = 0;
        s->judged = s->ended = false;
    }
    for (int c = 0; c < n_ch; c++) {
        v->over[c] = false;
        v->total[c] = 0;
    }
    v->position = 0;
    v->n_infinite = v->n_twice = 0;
    v->gap = false;
}

static myo_err make_arrays(myo_reader *r) {
    csv_priv *v = r->priv;
    const size_t n = (size_t)r->info->n_ch;
    v->x = myo_alloc(n, sizeof *v->x);
    v->n = myo_alloc(n, sizeof *v->n);
    v->start = myo_alloc(n, sizeof *v->start);
    v->over = myo_alloc(n, sizeof *v->over);
    v->total = myo_alloc(n, sizeof *v->total);
    v->shape = myo_alloc(v->layout.n_col, sizeof *v->shape);
    if (v->x == NULL || v->n == NULL || v->start == NULL || v->over == NULL || v->total == NULL ||
        v->shape == NULL) {
        return myo_fail(r->d, MYO_ERR_NOMEM, "no memory for %zu channels", n);
    }
    return MYO_OK;
}

/* Rows of _channels.tsv that name a column of time, counts or words: no channel has them. */
static void set_apart(const csv_layout *l, myo_sidecar *side) {
    const size_t n = side->n_row < MYO_MAX_CHANNELS ? side->n_row : MYO_MAX_CHANNELS;
    for (size_t i = 0; i < l->n_col; i++) {
        const csv_column *c = &l->col[i];
        for (size_t k = 0; k < n && c->role != CSV_SIGNAL && c->name != NULL; k++) {
            side->row[k].apart |= strcmp(side->row[k].name, c->name) == 0;
        }
    }
}

static myo_err csv_open(myo_reader *r) {
    csv_priv *v = r->priv;
    csv_layout *l = &v->layout;
    if (r->size == 0) {
        return myo_fail(r->d, MYO_ERR_TOO_SHORT, "an empty file");
    }
    MYO_TRY(myo_sidecar_load(&r->side, r->path, r->d));
    MYO_TRY(csv_source_open(&v->stream[0].src, r));
    v->n_streams = 0;
    MYO_TRY(csv_layout_read(l, &v->stream[0].src, &r->side));
    MYO_TRY(csv_rates(r));
    set_apart(l, &r->side);
    MYO_TRY(make_arrays(r));
    const bool plain = l->n_col == 1 || l->dialect.delim == ' ';
    const char *format = plain ? "text" : l->dialect.delim == '\t' ? "TSV" : "CSV";
    snprintf(r->info->format, sizeof r->info->format, "%s",
             l->format[0] != '\0' ? l->format : format);
    snprintf(r->info->start, sizeof r->info->start, "%s", l->start);
    r->info->duration_s = -1;
    r->info->can_seek = false;
    rewind_all(v, r->info->n_ch);
    return MYO_OK;
}

/* --- read --- */

/* Room for `rows` samples of every channel, within the limit for a block. */
static myo_err make_room(myo_reader *r, int64_t rows) {
    csv_priv *v = r->priv;
    if (rows <= v->capacity) {
        return MYO_OK;
    }
    float *memory = myo_alloc((size_t)rows, (size_t)r->info->n_ch * sizeof *memory);
    if (memory == NULL) {
        return myo_fail(r->d, MYO_ERR_NOMEM, "no memory for %" PRId64 " rows of %d channels", rows,
                        r->info->n_ch);
    }
    myo_free(v->memory);
    v->memory = memory;
    v->capacity = rows;
    for (int c = 0; c < r->info->n_ch; c++) {
        v->x[c] = memory + (int64_t)c * rows;
    }
    return MYO_OK;
}

static double highest_rate(const csv_priv *v) {
    double fs = 0;
    for (int i = 0; i < v->n_streams; i++) {
        fs = fmax(fs, v->stream[i].fs);
    }
    return fs;
}

/* One stream's part of the block; its channels' counts and starts. */
static myo_err read_stream(myo_reader *r, csv_stream *s, int64_t rows, bool *gap) {
    csv_priv *v = r->priv;
    int64_t got = 0;
    MYO_TRY(csv_rows_read(r, s, rows, &got));
    if (v->gap && !s->judged) { /* the block's own first row stands behind the break */
        *gap = true;
        v->gap = false;
    }
    const double start = s->segment + (double)s->done / s->fs;
    for (size_t i = 0; i < v->layout.n_col; i++) {
        const int ch = s->job[i];
        if (ch >= 0) {
            v->n[ch] = v->layout.pairs ? v->n[ch] : got;
            v->start[ch] = start;
            v->total[ch] += v->n[ch];
        }
    }
    s->done += got;
    s->rows += got;
    return MYO_OK;
}

static void finish(myo_reader *r) {
    csv_priv *v = r->priv;
    double end = 0;
    for (int i = 0; i < v->n_streams; i++) {
        const csv_stream *s = &v->stream[i];
        end = fmax(end, s->segment + (double)s->done / s->fs);
    }
    r->info->duration_s = end;
    for (int c = 0; c < r->info->n_ch; c++) {
        r->info->ch[c].n_samples = v->total[c];
    }
    if (v->n_infinite > 0) {
        myo_warn(r->d, "%" PRId64 " infinite value%s read as missing", v->n_infinite,
                 v->n_infinite == 1 ? "" : "s");
    }
    if (v->n_twice > 1) {
        myo_warn(r->d, "%" PRId64 " rows come twice", v->n_twice);
    }
}

/* Rows that stream s owes until the block's end; one table of one rate simply counts rows. */
static int64_t rows_due(const csv_priv *v, const csv_stream *s, double max_s) {
    const double due =
        v->n_streams == 1 ? max_s * s->fs : (v->position - s->offset) * s->fs - (double)s->rows;
    return due < 0 ? 0 : (int64_t)ceil(due);
}

static bool all_ended(const csv_priv *v) {
    for (int i = 0; i < v->n_streams; i++) {
        if (!v->stream[i].ended) {
            return false;
        }
    }
    return true;
}

/* Time of the next sample of any stream, s. */
static double earliest(const csv_priv *v) {
    double at = INFINITY;
    for (int i = 0; i < v->n_streams; i++) {
        const csv_stream *s = &v->stream[i];
        at = s->ended ? at : fmin(at, s->offset + (double)s->rows / s->fs);
    }
    return at;
}

static myo_err fill(myo_reader *r, double max_s, bool *gap, int64_t *most) {
    csv_priv *v = r->priv;
    *most = 0;
    memset(v->n, 0, (size_t)r->info->n_ch * sizeof *v->n);
    v->position = fmax(v->position, earliest(v)) + max_s;
    for (int i = 0; i < v->n_streams; i++) {
        csv_stream *s = &v->stream[i];
        const int64_t due = rows_due(v, s, max_s);
        MYO_TRY(read_stream(r, s, due < v->capacity ? due : v->capacity, gap));
    }
    for (int c = 0; c < r->info->n_ch; c++) {
        *most = v->n[c] > *most ? v->n[c] : *most;
    }
    return MYO_OK;
}

static myo_err csv_read(myo_reader *r, double max_s, myo_block *b) {
    csv_priv *v = r->priv;
    const double fs = highest_rate(v);
    const double limit = (double)CSV_BLOCK_SAMPLES / (double)r->info->n_ch / fs;
    max_s = fmin(fmax(max_s, 1 / fs), fmax(limit, 1 / fs));
    bool gap = v->gap;
    v->gap = false;
    int64_t most = 0;
    const double in_file =
        (double)(r->size / (int64_t)v->layout.n_col + 2); /* rows have delimiters */
    MYO_TRY(make_room(r, (int64_t)ceil(fmin(max_s * fs, in_file)) + 1));
    while (most == 0 && !all_ended(v)) {
        MYO_TRY(fill(r, max_s, &gap, &most));
    }
    *b = (myo_block){.n_ch = most > 0 ? r->info->n_ch : 0,
                     .x = (const float *const *)v->x,
                     .n = v->n,
                     .start_s = v->start,
                     .gap = gap};
    if (most > 0) {
        return MYO_OK;
    }
    finish(r);
    if (v->stream[0].rows == 0) {
        return myo_fail(r->d, MYO_ERR_TOO_SHORT, "too short: no row of data");
    }
    return MYO_OK;
}

static myo_err csv_seek(myo_reader *r, double s) {
    if (s > 0) {
        return myo_fail(r->d, MYO_ERR_UNSUPPORTED, "text can only be read from its start");
    }
    rewind_all(r->priv, r->info->n_ch);
    return MYO_OK;
}

static void csv_close(myo_reader *r) {
    csv_priv *v = r->priv;
    for (int i = 0; i < CSV_STREAMS_MAX; i++) {
        csv_source_close(&v->stream[i].src);
        myo_free(v->stream[i].job);
        myo_free(v->stream[i].last);
    }
    myo_free(v->memory);
    myo_free(v->x);
    myo_free(v->n);
    myo_free(v->start);
    myo_free(v->over);
    myo_free(v->total);
    myo_free(v->shape);
    csv_layout_free(&v->layout);
}

extern const myo_reader_ops myo_csv_reader;
const myo_reader_ops myo_csv_reader = {
    .name = "CSV",
    .endings = "csv tsv txt asc tab",
    .priv_size = sizeof(csv_priv),
    .probe = csv_probe,
    .open = csv_open,
    .read = csv_read,
    .seek = csv_seek,
    .annotations = NULL,
    .close = csv_close,
};
