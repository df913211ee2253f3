/* floor.c - what any analysis of this kind must do: hash the input, decode it, and filter by FFT. */
#include <string.h>
#include "base/base.h"
#include "bench/measure.h"
#include "bench/parts.h"
#include "dsp/fft.h"
#include "dsp/fir.h"
#include "myotab/stop.h"

enum { BLOCK = 4096, TAPS = 501, STEP = BLOCK - TAPS + 1 };

/* One channel's block in the making; all share the filter and the spectrum. */
typedef struct filter {
    const myo_fft *fft;
    float *response, *spec, *out;
    float **x;                /* BLOCK samples of each channel */
    int *have;
    int n_ch;
} filter;

static void filter_free(filter *f)
{
    for (int c = 0; f->x && c < f->n_ch; c++) {
        myo_free(f->x[c]);
    }
    myo_free(f->x);
    myo_free(f->have);
    myo_free(f->response);
    myo_free(f->spec);
    myo_free(f->out);
}

/* The response of a filter about its middle is real; twice over, for real and imaginary parts. */
static void set_response(filter *f)
{
    float taps[TAPS];
    myo_fir_bandpass(taps, TAPS, 2000.0, 20.0, 450.0);
    memset(f->out, 0, sizeof *f->out * BLOCK);
    for (int i = 0; i < TAPS; i++) {
        f->out[(i - TAPS / 2 + BLOCK) % BLOCK] = taps[i];
    }
    myo_fft_forward(f->fft, f->out, f->spec);
    for (int k = 0; k <= BLOCK / 2; k++) {
        f->response[2 * k] = f->response[2 * k + 1] = f->spec[2 * k] / BLOCK;
    }
}

static myo_err filter_new(filter *f, int n_ch)
{
    MYO_TRY(myo_fft_get(&f->fft, BLOCK));
    f->n_ch = n_ch;
    f->response = myo_alloc_aligned(BLOCK + 2, sizeof(float));
    f->spec = myo_alloc_aligned(BLOCK + 2, sizeof(float));
    f->out = myo_alloc_aligned(BLOCK, sizeof(float));
    f->x = myo_alloc((size_t)n_ch, sizeof *f->x);
    f->have = myo_alloc((size_t)n_ch, sizeof *f->have);
    if (!f->response || !f->spec || !f->out || !f->x || !f->have) {
        return MYO_ERR_NOMEM;
    }
    for (int c = 0; c < n_ch; c++) {
        f->x[c] = myo_alloc_aligned(BLOCK, sizeof(float));
        if (!f->x[c]) {
            return MYO_ERR_NOMEM;
        }
    }
    set_response(f);
    return MYO_OK;
}

static void filter_push(filter *f, int c, const float *x, int64_t n)
{
    while (n > 0) {
        const int room = BLOCK - f->have[c], take = n < room ? (int)n : room;
        memcpy(f->x[c] + f->have[c], x, sizeof *x * (size_t)take);
        f->have[c] += take;
        x += take;
        n -= take;
        if (f->have[c] == BLOCK) {
            myo_fft_forward(f->fft, f->x[c], f->spec);
            myo_kern()->multiply(f->spec, f->response, BLOCK + 2);
            myo_fft_inverse(f->fft, f->spec, f->out);
            memmove(f->x[c], f->x[c] + STEP, sizeof *x * (BLOCK - STEP));
            f->have[c] = BLOCK - STEP;
        }
    }
}

/* Reads the recording through; with a filter, also filters every channel. */
static myo_err read_through(myo_rec *rec, double chunk_s, filter *f, int64_t *n_samples)
{
    *n_samples = 0;
    MYO_TRY(myo_rec_seek(rec, 0.0));
    for (;;) {
        myo_block b;
        MYO_TRY(myo_stop_requested() ? MYO_ERR_STOPPED : myo_rec_read(rec, chunk_s, &b));
        if (b.n_ch == 0) {
            return MYO_OK;
        }
        for (int c = 0; c < b.n_ch; c++) {
            *n_samples += b.n[c];
            if (f) {
                filter_push(f, c, b.x[c], b.n[c]);
            }
        }
    }
}

static myo_err times(myo_rec *rec, double chunk_s, filter *f, double *seconds, double *sha_seconds, double *decode_seconds,
                     int64_t *n_samples)
{
    char hex[65];
    const double from = myo_cpu_s();
    MYO_TRY(myo_rec_sha256(rec, hex));
    const double hashed = myo_cpu_s();
    MYO_TRY(read_through(rec, chunk_s, NULL, n_samples));
    const double decoded = myo_cpu_s();
    MYO_TRY(read_through(rec, chunk_s, f, n_samples));
    *sha_seconds = hashed - from;
    *decode_seconds = decoded - hashed;
    *seconds = *sha_seconds + (myo_cpu_s() - decoded);
    return MYO_OK;
}

myo_err myo_bench_floor(const myo_bench_job *job, double *seconds, double *sha_seconds, double *decode_seconds,
                        int64_t *n_samples, myo_diag *d)
{
    myo_rec *rec = NULL;
    filter f = {0};
    MYO_TRY(myo_rec_open(&rec, job->input, &job->open, d));
    myo_err err = filter_new(&f, myo_rec_info(rec)->n_ch);
    err = err == MYO_OK ? times(rec, job->params->run_chunk_s, &f, seconds, sha_seconds, decode_seconds, n_samples) : err;
    filter_free(&f);
    myo_rec_close(&rec);
    return err == MYO_OK || d->code != MYO_OK ? err : myo_fail(d, err, "%s", myo_err_text(err));
}
