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
static fftwf_plan plan(int n, bool complex, bool inverse, float *a, float *b)
{
    fftwf_complex *z = (fftwf_complex *)a, *w = (fftwf_complex *)b;
    if (complex) {
        return fftwf_plan_dft_1d(n, z, w, inverse ? FFTW_BACKWARD : FFTW_FORWARD, FFTW_ESTIMATE | FFTW_PRESERVE_INPUT);
    }
    return inverse ? fftwf_plan_dft_c2r_1d(n, w, a, FFTW_ESTIMATE)
                   : fftwf_plan_dft_r2c_1d(n, a, w, FFTW_ESTIMATE | FFTW_PRESERVE_INPUT);
}

/* The plans that are missing; what there is stays, untouched: others may be at work with it. */
static myo_err complete(struct myo_fft *f, bool inverse)
{
    float *a = myo_alloc_aligned(2 * (size_t)f->n, sizeof *a);
    float *b = myo_alloc_aligned(2 * (size_t)f->n + 2, sizeof *b);
    if (a && b && !f->forward) {
        f->forward = plan(f->n, f->complex, false, a, b);
    }
    if (a && b && inverse && !f->inverse) {
        f->inverse = plan(f->n, f->complex, true, a, b);
    }
    myo_free(a);
    myo_free(b);
    return f->forward && (f->inverse || !inverse) ? MYO_OK : MYO_ERR_NOMEM;
}

static myo_err make(struct myo_fft **out, int n, bool complex, bool inverse)
{
    struct myo_fft *f = myo_alloc(1, sizeof *f);
    if (!f) {
        return MYO_ERR_NOMEM;
    }
    *f = (struct myo_fft){.n = n, .complex = complex, .next = cache};
    if (complete(f, inverse) != MYO_OK) {
        if (f->forward) {
            fftwf_destroy_plan(f->forward);
        }
        myo_free(f);
        return MYO_ERR_NOMEM;
    }
    cache = *out = f;
    return MYO_OK;
}

static myo_err get(const myo_fft **out, int n, bool complex, bool inverse)
{
    pthread_mutex_lock(&lock);
    struct myo_fft *f = cache;
    while (f && (f->n != n || f->complex != complex)) {
        f = f->next;
    }
    const bool there = f && f->forward && (f->inverse || !inverse);
    const myo_err err = !f ? make(&f, n, complex, inverse) : there ? MYO_OK : complete(f, inverse);
    pthread_mutex_unlock(&lock);
    if (err == MYO_OK) {
        *out = f;
    }
    return err;
}

myo_err myo_fft_get(const myo_fft **out, int n)
{
    return get(out, n, false, true);
}

myo_err myo_fft_get_complex(const myo_fft **out, int n)
{
    return get(out, n, true, true);
}

myo_err myo_fft_get_forward(const myo_fft **out, int n, bool complex)
{
    return get(out, n, complex, false);
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
