/* fft.c - the FFTW plan cache. */
#include <fftw3.h>
#include <pthread.h>
#include "base/base.h"
#include "dsp/fft.h"

struct myo_fft {
    int n;
    fftwf_plan forward, inverse;
    struct myo_fft *next;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct myo_fft *cache;

static myo_err make(struct myo_fft **out, int n)
{
    struct myo_fft *f = myo_alloc(1, sizeof *f);
    float *x = myo_alloc_aligned((size_t)n, sizeof *x);
    float *spec = myo_alloc_aligned((size_t)n + 2, sizeof *spec);
    if (f && x && spec) {
        f->n = n;
        f->forward = fftwf_plan_dft_r2c_1d(n, x, (fftwf_complex *)spec,
                                           FFTW_ESTIMATE | FFTW_PRESERVE_INPUT);
        f->inverse = fftwf_plan_dft_c2r_1d(n, (fftwf_complex *)spec, x, FFTW_ESTIMATE);
    }
    myo_free(x);
    myo_free(spec);
    if (!f || !f->forward || !f->inverse) {
        if (f && f->forward) {
            fftwf_destroy_plan(f->forward);
        }
        myo_free(f);
        return MYO_ERR_NOMEM;
    }
    *out = f;
    return MYO_OK;
}

myo_err myo_fft_get(const myo_fft **out, int n)
{
    myo_err err = MYO_OK;
    pthread_mutex_lock(&lock);
    struct myo_fft *f = cache;
    while (f && f->n != n) {
        f = f->next;
    }
    if (!f) {
        err = make(&f, n);
        if (err == MYO_OK) {
            f->next = cache;
            cache = f;
        }
    }
    pthread_mutex_unlock(&lock);
    if (err == MYO_OK) {
        *out = f;
    }
    return err;
}

void myo_fft_forward(const myo_fft *f, const float *x, float *spec)
{
    /* FFTW takes the input without const but keeps it (FFTW_PRESERVE_INPUT). */
    fftwf_execute_dft_r2c(f->forward, (float *)(uintptr_t)x, (fftwf_complex *)spec);
}

void myo_fft_inverse(const myo_fft *f, float *spec, float *x)
{
    fftwf_execute_dft_c2r(f->inverse, (fftwf_complex *)spec, x);
}

const char *myo_fft_version(void)
{
    return fftwf_version;
}
