/* fft.c - the FFTW plan cache. */
#include <fftw3.h>
#include <pthread.h>
#include "base/base.h"
#include "dsp/fft.h"

struct myo_fft {
    int n;
    bool complex;
    fftwf_plan forward, inverse;
    struct myo_fft *next;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct myo_fft *cache;

/* a, b: aligned scratch for n complex numbers, which planning may overwrite. */
static void plan(struct myo_fft *f, float *a, float *b)
{
    fftwf_complex *z = (fftwf_complex *)a, *w = (fftwf_complex *)b;
    if (f->complex) {
        f->forward = fftwf_plan_dft_1d(f->n, z, w, FFTW_FORWARD, FFTW_ESTIMATE | FFTW_PRESERVE_INPUT);
        f->inverse = fftwf_plan_dft_1d(f->n, w, z, FFTW_BACKWARD, FFTW_ESTIMATE | FFTW_PRESERVE_INPUT);
    } else {
        f->forward = fftwf_plan_dft_r2c_1d(f->n, a, w, FFTW_ESTIMATE | FFTW_PRESERVE_INPUT);
        f->inverse = fftwf_plan_dft_c2r_1d(f->n, w, a, FFTW_ESTIMATE);
    }
}

static myo_err make(struct myo_fft **out, int n, bool complex)
{
    struct myo_fft *f = myo_alloc(1, sizeof *f);
    float *a = myo_alloc_aligned(2 * (size_t)n, sizeof *a);
    float *b = myo_alloc_aligned(2 * (size_t)n + 2, sizeof *b);
    if (f && a && b) {
        f->n = n;
        f->complex = complex;
        plan(f, a, b);
    }
    myo_free(a);
    myo_free(b);
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

static myo_err get(const myo_fft **out, int n, bool complex)
{
    myo_err err = MYO_OK;
    pthread_mutex_lock(&lock);
    struct myo_fft *f = cache;
    while (f && (f->n != n || f->complex != complex)) {
        f = f->next;
    }
    if (!f) {
        err = make(&f, n, complex);
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

myo_err myo_fft_get(const myo_fft **out, int n)
{
    return get(out, n, false);
}

myo_err myo_fft_get_complex(const myo_fft **out, int n)
{
    return get(out, n, true);
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

/* Here too FFTW promises to keep its input. */
void myo_fft_complex(const myo_fft *f, const float *z, float *w)
{
    fftwf_execute_dft(f->forward, (fftwf_complex *)(uintptr_t)z, (fftwf_complex *)w);
}

void myo_fft_complex_inverse(const myo_fft *f, const float *w, float *z)
{
    fftwf_execute_dft(f->inverse, (fftwf_complex *)(uintptr_t)w, (fftwf_complex *)z);
}

const char *myo_fft_version(void)
{
    return fftwf_version;
}
