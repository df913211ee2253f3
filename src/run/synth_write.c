/* synth_write.c - the recording's file: EDF, CSV or 32-bit float WAV, all of the same quantised
 * samples. */
#include <errno.h>
#include <math.h>
#include <string.h>
#include "run/synth.h"

enum { EDF_MAX_RECORD_S = 60, TEXT_ROWS = 512 };

struct syn_file {
    const syn_world *w;
    myo_outfile out;
    myo_err (*put)(syn_file *f, int n, float *const *x);
    double lsb;
    int lo, hi;         /* converter's range */
    int64_t done;       /* frames written */
    int16_t *record;    /* EDF: [column][frame] */
    int rec_len, rec_n; /* frames of a record, and in it so far */
    myo_buf text;       /* CSV rows */
    int decimals;
    double ten;    /* 10^decimals */
    float *frames; /* WAV: interleaved */
    size_t cap_frames;
    myo_rng missing;
    double p_missing;
    char *stem; /* folder/stem of the sidecar */
};

static int quantise(const syn_file *f, float v) {
    const double k = nearbyint(v / f->lsb);
    return k <= f->lo ? f->lo : k >= f->hi ? f->hi : (int)k;
}

static myo_err wrote(const syn_file *f, size_t got, size_t want) {
    (void)f;
    return got == want ? MYO_OK : MYO_ERR_OUTPUT;
}

/* --- EDF: plain, no annotations; a record is the fewest whole seconds that hold whole samples ---
 */

static void edf_field(myo_buf *b, int width, const char *s) {
    char buf[81];
    snprintf(buf, sizeof buf, "%-*.*s", width, width, s);
    myo_buf_put(b, buf, (size_t)width);
}

static void edf_number(myo_buf *b, int width, double v) {
    char buf[32];
    myo_format_g(buf, sizeof buf, v, 7);
    edf_field(b, width, buf);
}

static void edf_header(const syn_file *f, int record_s, int64_t n_records, myo_buf *b) {
    const int n = f->w->n_cols;
    char name[16];
    edf_field(b, 8, "0");
    edf_field(b, 80, "X X X X");
    edf_field(b, 80, "Startdate 01-JAN-2020 X X myotab_synth");
    edf_field(b, 8, "01.01.20");
    edf_field(b, 8, "00.00.00");
    edf_number(b, 8, 256.0 * (n + 1));
    edf_field(b, 44, "");
    edf_number(b, 8, (double)n_records);
    edf_number(b, 8, record_s);
    edf_number(b, 4, n);
    const struct {
        int width;
        const char *text;
        double v;
    } field[] = {
        {80, "synthetic", 0},
        {8, f->w->acc ? "g" : "uV", 0},
        {8, NULL, f->lo * f->lsb},
        {8, NULL, f->hi * f->lsb},
        {8, NULL, f->lo},
        {8, NULL, f->hi},
        {80, "", 0},
        {8, NULL, f->rec_len},
        {32, "", 0},
    };
    for (int c = 0; c < n; c++) {
        edf_field(b, 16, syn_col_name(f->w, c, name));
    }
    for (size_t i = 0; i < sizeof field / sizeof field[0]; i++) {
        for (int c = 0; c < n; c++) {
            if (field[i].text) {
                edf_field(b, field[i].width, field[i].text);
            } else {
                edf_number(b, field[i].width, field[i].v);
            }
        }
    }
}

static myo_err edf_put(syn_file *f, int n, float *const *x) {
    const size_t all = (size_t)f->w->n_cols * (size_t)f->rec_len;
    for (int from = 0; from < n;) {
        const int m = n - from < f->rec_len - f->rec_n ? n - from : f->rec_len - f->rec_n;
        for (int c = 0; c < f->w->n_cols; c++) {
            int16_t *to = f->record + (size_t)c * (size_t)f->rec_len + f->rec_n;
            for (int i = 0; i < m; i++) {
                const uint16_t v = (uint16_t)quantise(f, x[c][from + i]);
                const unsigned char le[2] = {(unsigned char)(v & 0xff), (unsigned char)(v >> 8)};
                memcpy(&to[i], le, 2);
            }
        }
        from += m;
        f->rec_n += m;
        if (f->rec_n == f->rec_len) {
            MYO_TRY(wrote(f, fwrite(f->record, sizeof *f->record, all, f->out.f), all));
            f->rec_n = 0;
        }
    }
    return MYO_OK;
}

static myo_err edf_begin(syn_file *f, myo_diag *d) {
    int record_s = 1;
    while (record_s <= EDF_MAX_RECORD_S && fmod(f->w->fs * record_s, 1.0) > 1e-9) {
        record_s++;
    }
    const int64_t frames = (int64_t)(f->w->fs * record_s + 0.5);
    if (record_s > EDF_MAX_RECORD_S || f->w->n % frames != 0) {
        return myo_fail(d, MYO_ERR_PARAM,
                        "EDF records cannot hold fs = %g Hz for %g s (allowed: a whole number "
                        "of samples a record; format=csv takes any rate)",
                        f->w->fs, (double)f->w->n / f->w->fs);
    }
    f->rec_len = (int)frames;
    f->record = myo_alloc((size_t)f->w->n_cols * (size_t)frames, sizeof *f->record);
    if (!f->record) {
        return MYO_ERR_NOMEM;
    }
    myo_buf b = {0};
    edf_header(f, record_s, f->w->n / frames, &b);
    const myo_err err = b.failed ? MYO_ERR_NOMEM : wrote(f, fwrite(b.s, 1, b.n, f->out.f), b.n);
    myo_buf_clear(&b);
    f->put = edf_put;
    return err;
}

/* --- CSV --- */

/* v / 10^decimals, without printf: a day has a thousand million numbers. */
static void put_decimal(myo_buf *b, int64_t v, int decimals) {
    char s[32];
    int n = (int)sizeof s, digits = 0;
    uint64_t u = v < 0 ? (uint64_t)-v : (uint64_t)v;
    do {
        s[--n] = (char)('0' + u % 10);
        u /= 10;
        if (++digits == decimals) {
            s[--n] = '.';
        }
    } while (u > 0 || digits <= decimals);
    if (v < 0) {
        s[--n] = '-';
    }
    myo_buf_put(b, s + n, sizeof s - (size_t)n);
}

static void csv_row(syn_file *f, int64_t frame, float *const *x, int i) {
    put_decimal(&f->text, (int64_t)floor((double)frame / f->w->fs * 1e6 + 0.5), 6);
    for (int c = 0; c < f->w->n_cols; c++) {
        myo_buf_put(&f->text, ",", 1);
        if (f->p_missing > 0.0 && myo_rng_uniform(&f->missing) < f->p_missing) {
            myo_buf_puts(&f->text, "n/a");
        } else {
            put_decimal(&f->text, (int64_t)nearbyint(quantise(f, x[c][i]) * f->lsb * f->ten),
                        f->decimals);
        }
    }
    myo_buf_put(&f->text, "\n", 1);
}

static myo_err csv_put(syn_file *f, int n, float *const *x) {
    for (int i = 0; i < n; i++) {
        csv_row(f, f->done + i, x, i);
        if (i + 1 == n || (i + 1) % TEXT_ROWS == 0) {
            if (f->text.failed) {
                return MYO_ERR_NOMEM;
            }
            MYO_TRY(wrote(f, fwrite(f->text.s, 1, f->text.n, f->out.f), f->text.n));
            f->text.n = 0;
        }
    }
    return MYO_OK;
}

static myo_err csv_begin(syn_file *f, myo_diag *d) {
    (void)d;
    char name[16];
    f->p_missing = f->w->conf->missing_per_min / 60.0 / f->w->fs;
    syn_rng(f->w, SYN_R_MISSING, 0, &f->missing);
    for (f->ten = 1.0; f->decimals < 9; f->decimals++, f->ten *= 10.0) {
        if (fabs(f->lsb * f->ten - nearbyint(f->lsb * f->ten)) < 1e-6 && f->lsb * f->ten > 0.5) {
            break;
        }
    }
    myo_buf_puts(&f->text, "time");
    for (int c = 0; c < f->w->n_cols; c++) {
        myo_buf_printf(&f->text, ",%s (%s)", syn_col_name(f->w, c, name), f->w->acc ? "g" : "uV");
    }
    myo_buf_puts(&f->text, "\n");
    f->put = csv_put;
    return f->text.failed ? MYO_ERR_NOMEM : MYO_OK;
}

/* --- WAV, 32-bit float in uV; the sidecar says so --- */

static void le(unsigned char *p, uint32_t v, int bytes) {
    for (int i = 0; i < bytes; i++) {
        p[i] = (unsigned char)(v >> 8 * i);
    }
}

static myo_err wav_put(syn_file *f, int n, float *const *x) {
    const size_t all = (size_t)n * (size_t)f->w->n_cols;
    void *p = f->frames;
    MYO_TRY(myo_grow(&p, &f->cap_frames, all, sizeof *f->frames));
    f->frames = p;
    for (int i = 0; i < n; i++) {
        for (int c = 0; c < f->w->n_cols; c++) {
            const float v = (float)(quantise(f, x[c][i]) * f->lsb);
            uint32_t bits;
            memcpy(&bits, &v, sizeof bits);
            le((unsigned char *)&f->frames[i * f->w->n_cols + c], bits, 4);
        }
    }
    return wrote(f, fwrite(f->frames, sizeof *f->frames, all, f->out.f), all);
}

static myo_err wav_begin(syn_file *f, myo_diag *d) {
    const uint32_t n = (uint32_t)f->w->n_cols, rate = (uint32_t)f->w->fs;
    const double bytes = (double)f->w->n * n * 4.0;
    if (bytes > 4.0e9) {
        return myo_fail(d, MYO_ERR_PARAM,
                        "a WAV file of %.0f bytes (allowed 4e9; format=edf has no such limit)",
                        bytes);
    }
    if (f->w->fs != floor(f->w->fs)) {
        return myo_fail(d, MYO_ERR_PARAM,
                        "a WAV file at %g Hz (allowed: whole rates; format=csv takes any)",
                        f->w->fs);
    }
    unsigned char h[58] = "RIFF....WAVEfmt ";
    le(h + 4, (uint32_t)bytes + sizeof h - 8, 4);
    le(h + 16, 18, 4);
    le(h + 20, 3, 2); /* IEEE float */
    le(h + 22, n, 2);
    le(h + 24, rate, 4);
    le(h + 28, rate * n * 4, 4);
    le(h + 32, n * 4, 2);
    le(h + 34, 32, 2);
    memcpy(h + 38, "fact", 4);
    le(h + 42, 4, 4);
    le(h + 46, (uint32_t)f->w->n, 4);
    memcpy(h + 50, "data", 4);
    le(h + 54, (uint32_t)bytes, 4);
    f->put = wav_put;
    return wrote(f, fwrite(h, 1, sizeof h, f->out.f), sizeof h);
}

/* --- all --- */

static const struct {
    const char *name;
    myo_err (*begin)(syn_file *, myo_diag *);
} k_formats[] = {{"edf", edf_begin}, {"csv", csv_begin}, {"wav", wav_begin}};

static void file_free(syn_file **f) {
    myo_free((*f)->record);
    myo_free((*f)->frames);
    myo_free((*f)->stem);
    myo_buf_clear(&(*f)->text);
    myo_free(*f);
    *f = NULL;
}

static myo_err file_begin(syn_file *f, myo_diag *d) {
    myo_buf path = {0};
    myo_buf_printf(&path, "%s.%s", f->stem, f->w->conf->format);
    myo_err err = path.failed ? MYO_ERR_NOMEM : myo_outfile_open(&f->out, path.s, d);
    myo_buf_clear(&path);
    MYO_TRY(err);
    for (size_t i = 0; i < sizeof k_formats / sizeof k_formats[0]; i++) {
        if (strcmp(k_formats[i].name, f->w->conf->format) == 0) {
            err = k_formats[i].begin(f, d);
        }
    }
    if (err != MYO_OK) {
        myo_outfile_abort(&f->out);
    }
    return err;
}

myo_err syn_file_open(syn_file **out, const syn_world *w, const char *dir, const char *stem,
                      myo_diag *d) {
    const syn_conf *c = w->conf;
    syn_file *f = myo_alloc(1, sizeof *f);
    myo_buf path = {0};
    myo_buf_printf(&path, "%s/%s", dir, stem);
    if (!f || path.failed) {
        myo_free(f);
        myo_buf_clear(&path);
        return MYO_ERR_NOMEM;
    }
    f->w = w;
    f->stem = path.s;
    f->lsb = c->lsb > 0.0 ? c->lsb : w->acc ? 0.0005 : 0.1;
    const double rail = c->rail > 0.0 ? c->rail : w->acc ? 8.0 : 1e9;
    f->hi = (int)fmin(32767.0, floor(rail / f->lsb + 0.5));
    f->lo = f->hi == 32767 ? -32768 : -f->hi;
    const myo_err err = file_begin(f, d);
    if (err != MYO_OK) {
        file_free(&f);
        return err;
    }
    *out = f;
    return MYO_OK;
}

myo_err syn_file_put(syn_file *f, int n, float *const *x, myo_diag *d) {
    const myo_err err = f->put(f, n, x);
    f->done += n;
    if (err == MYO_ERR_OUTPUT) {
        return myo_fail(d, err, "%s: cannot be written (%s)", f->out.path, strerror(errno));
    }
    return err;
}

/* WAV has no place for units. */
static myo_err sidecar(const syn_file *f, myo_diag *d) {
    myo_buf path = {0};
    myo_buf_printf(&path, "%s.json", f->stem);
    myo_outfile o;
    myo_err err = path.failed ? MYO_ERR_NOMEM : myo_outfile_open(&o, path.s, d);
    myo_buf_clear(&path);
    MYO_TRY(err);
    fprintf(o.f, "{\n    \"SamplingFrequency\": %d,\n    \"Units\": \"uV\"\n}\n", (int)f->w->fs);
    return myo_outfile_commit(&o, d);
}

myo_err syn_file_close(syn_file **f, myo_diag *d) {
    myo_err err = myo_outfile_commit(&(*f)->out, d);
    if (err == MYO_OK && (*f)->put == wav_put) {
        err = sidecar(*f, d);
    }
    file_free(f);
    return err;
}

void syn_file_abort(syn_file **f) {
    if (*f) {
        myo_outfile_abort(&(*f)->out);
        file_free(f);
    }
}
