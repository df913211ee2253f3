/* spec.c - multitaper spectra and the search for a tremor peak. */
#include <math.h>
#include <string.h>
#include "base/base.h"
#include "dsp/fft.h"
#include "dsp/spec.h"
#include "kern/kern.h"

/* A sine taper is the difference of two complex exponentials that lie on the grid of a transform twice as long as the
 * window: so with Z the plain spectrum of the samples at 1 .. N of 2 (N + 1), taper k's is (Z(j - k) - Z(j + k)) / 2i, and one
 * transform serves all tapers. Two stretches go through a complex transform as its real and imaginary part. */
struct myo_spec {
    double fs;
    int n, n_fft, n_tapers, bins;
    const myo_fft *real, *complex;  /* the second is made when it is needed */
    float *z, *w;                   /* the samples, twice n_fft, the second half always zeros; their spectrum */
    float *part;                    /* its real and imaginary parts, n_fft each */
    float *re, *im;                 /* Z of one stretch at bins -n_tapers .. bins + n_tapers - 1 */
};

static bool is_smooth(int n)
{
    static const int primes[] = {2, 3, 5};
    for (int i = 0; i < 3; i++) {
        while (n % primes[i] == 0) {
            n /= primes[i];
        }
    }
    return n == 1;
}

int myo_spec_good(int n)
{
    int power = 8;
    while (power < 0.95 * (n + 1)) {
        power *= 2;
    }
    return power <= 1.05 * (n + 1) ? power - 1 : n;
}

myo_err myo_spec_new(myo_spec **out, double fs, int n, int n_tapers, double f_max)
{
    myo_spec *s = myo_alloc(1, sizeof *s);
    if (!s) {
        return MYO_ERR_NOMEM;
    }
    s->fs = fs;
    s->n = n;
    while (!is_smooth(s->n + 1)) {
        s->n--;
    }
    s->n_tapers = n_tapers;
    s->n_fft = 2 * (s->n + 1);
    s->bins = (int)fmin(s->n_fft / 2 + 1, floor(f_max / myo_spec_df(s)) + 1.0);
    const size_t z = 2 * (size_t)s->n_fft, all = (size_t)(s->bins + 2 * n_tapers);
    s->z = myo_alloc_aligned(z, sizeof(float));
    s->w = myo_alloc_aligned(z, sizeof(float));
    s->part = myo_alloc_aligned(z, sizeof(float));
    s->re = myo_alloc(all, sizeof(float));
    s->im = myo_alloc(all, sizeof(float));
    if (!s->z || !s->w || !s->part || !s->re || !s->im || myo_fft_get_forward(&s->real, s->n_fft, false) != MYO_OK ||
        myo_fft_get_forward(&s->complex, s->n_fft, true) != MYO_OK) {
        myo_spec_free(&s);
        return MYO_ERR_NOMEM;
    }
    *out = s;
    return MYO_OK;
}

void myo_spec_free(myo_spec **s)
{
    if (*s) {
        myo_free((*s)->z);
        myo_free((*s)->w);
        myo_free((*s)->part);
        myo_free((*s)->re);
        myo_free((*s)->im);
        myo_free(*s);
        *s = NULL;
    }
}

int myo_spec_bins(const myo_spec *s)
{
    return s->bins;
}

double myo_spec_df(const myo_spec *s)
{
    return s->fs / s->n_fft;
}

/* Power of all tapers together, from Z at re and im. */
static void add_power(const myo_spec *s, double *psd)
{
    const double scale = 2.0 / (s->fs * s->n_tapers) / s->n_fft; /* a taper's energy is 1: sqrt(2 / (N + 1)) sin() */
    myo_kern()->taper_power(psd, s->re + s->n_tapers, s->im + s->n_tapers, scale, s->n_tapers, s->bins);
}

static float mean_of(const myo_spec *s, const float *x)
{
    return (float)(myo_kern()->total(x, s->n) / s->n);
}

/* Bins of Z that the tapers need, as far as they are there; the others mirror them. */
static int wanted(const myo_spec *s)
{
    const int end = s->bins + s->n_tapers, half = s->n_fft / 2 + 1;
    return end < half ? end : half;
}

/* Beyond both ends the spectrum of a real signal goes on as its mirror image. */
static void mirror(const myo_spec *s)
{
    float *re = s->re + s->n_tapers, *im = s->im + s->n_tapers;
    for (int i = 1; i <= s->n_tapers; i++) {
        re[-i] = re[i];
        im[-i] = -im[i];
    }
    for (int i = wanted(s); i < s->bins + s->n_tapers; i++) {
        re[i] = re[s->n_fft - i];
        im[i] = -im[s->n_fft - i];
    }
}

void myo_spec_add(myo_spec *s, const float *x, double *psd)
{
    const float mean = mean_of(s, x);
    s->z[0] = 0.0f;
    for (int i = 0; i < s->n; i++) {
        s->z[i + 1] = x[i] - mean;
    }
    memset(s->z + s->n + 1, 0, sizeof *s->z * (size_t)(s->n_fft - s->n - 1));
    myo_fft_forward(s->real, s->z, s->w);
    myo_kern()->unzip(s->re + s->n_tapers, s->im + s->n_tapers, s->w, wanted(s));
    mirror(s);
    add_power(s, psd);
}

/* Z of one of two real stretches: own, the part (real or imaginary) of the transform that it went in as, and the other one. */
static void unpack(const myo_spec *s, const float *own, const float *other)
{
    const int n = wanted(s);
    float *re = s->re + s->n_tapers, *im = s->im + s->n_tapers;
    re[0] = own[0];
    im[0] = 0.0f;
    myo_kern()->mirrored(re + 1, own + 1, own + s->n_fft - 1, 1.0f, n - 1);
    myo_kern()->mirrored(im + 1, other + 1, other + s->n_fft - 1, -1.0f, n - 1);
    mirror(s);
}

void myo_spec_add_two(myo_spec *s, const float *x, const float *y, double *p, double *q)
{
    const float x0 = mean_of(s, x), y0 = mean_of(s, y);
    s->z[0] = s->z[1] = 0.0f;
    for (int i = 0; i < s->n; i++) {
        s->z[2 * i + 2] = x[i] - x0;
        s->z[2 * i + 3] = y[i] - y0;
    }
    myo_fft_complex(s->complex, s->z, s->w);
    float *wr = s->part, *wi = s->part + s->n_fft;
    const int n = wanted(s), behind = s->n_fft - n;
    myo_kern()->unzip(wr, wi, s->w, n); /* the frequencies wanted, and their negatives */
    myo_kern()->unzip(wr + behind, wi + behind, s->w + 2 * (int64_t)behind, n);
    unpack(s, wr, wi);
    add_power(s, p);
    unpack(s, wi, wr); /* but for the sign of its imaginary part */
    add_power(s, q);
}

/* ---- the tremor peak ---- */

/* Bins within 1 Hz of a peak and its harmonics: [lo, hi) of each, ascending and apart. */
typedef struct harmonics { int lo[3], hi[3]; } harmonics;

static harmonics harmonics_of(double f, double df)
{
    harmonics h;
    for (int k = 0; k < 3; k++) {
        const int first = (int)ceil(((k + 1) * f - 1.0) / df), end = (int)floor(((k + 1) * f + 1.0) / df) + 1;
        h.lo[k] = k > 0 && first < h.hi[k - 1] ? h.hi[k - 1] : first < 0 ? 0 : first;
        h.hi[k] = end < h.lo[k] ? h.lo[k] : end;
    }
    return h;
}

static double sum_band(const double *psd, int bins, double df, double lo, double hi)
{
    double s = 0.0;
    for (int b = (int)ceil(lo / df); b <= (int)floor(hi / df) && b < bins; b++) {
        s += b >= 0 ? psd[b] * df : 0.0;
    }
    return s;
}

static int count_low(const double *v, int n, double most)
{
    int64_t low = 0; /* as wide as what is compared */
    for (int i = 0; i < n; i++) {
        low += v[i] <= most;
    }
    return (int)low;
}

/* Median density of [lo, hi] Hz without the harmonics; -1 if it is over `most`. */
static double surroundings(const double *psd, int bins, double df, double lo, double hi, const harmonics *h, double most)
{
    enum { MAX = 1024 };
    double v[MAX];
    const int end = (int)fmin(floor(hi / df) + 1.0, bins);
    int n = 0, low = 0, from = (int)ceil(lo / df);
    for (int k = 0; k <= 3; k++) {
        const int upto = k < 3 && h->lo[k] < end ? h->lo[k] : end;
        const int m = upto - from < MAX - n ? upto - from : MAX - n;
        if (m > 0) {
            memcpy(v + n, psd + from, sizeof *v * (size_t)m);
            low += count_low(v + n, m, most);
            n += m;
        }
        from = k < 3 && h->hi[k] > from ? h->hi[k] : from;
    }
    if (n == 0) {
        return 0.0;
    }
    return low > n / 2 ? myo_select_f64(v, (size_t)n, (size_t)(n / 2)) : -1.0;
}

/* Power from 2 Hz on in the harmonics. */
static double in_harmonics(const double *psd, int bins, double df, double hi, const harmonics *h)
{
    double s = 0.0;
    for (int k = 0; k < 3; k++) {
        for (int b = (int)fmax(h->lo[k], ceil(2.0 / df)); b < h->hi[k] && b < bins && b * df <= hi; b++) {
            s += psd[b] * df;
        }
    }
    return s;
}

static double half_width(const double *psd, int bins, double df, int top)
{
    int l = top, r = top;
    while (l > 0 && psd[l] > psd[top] / 2.0) {
        l--;
    }
    while (r + 1 < bins && psd[r] > psd[top] / 2.0) {
        r++;
    }
    return (r - l - 1) * df;
}

/* Gravity, half-wave drives and limbs that resonate make second and third harmonics that may outgrow their fundamental:
 * where a local peak stands at half or a third of the frequency, within 6 dB, it is the rhythm. */
static int fundamental(const double *psd, int bins, double df, double lo, int top)
{
    for (int k = 2; k <= 3; k++) {
        const int from = (int)fmax(lo / df, 0.92 * top / k), to = (int)fmin(1.08 * top / k, bins - 2);
        for (int b = from < 1 ? 1 : from; b <= to; b++) {
            if (psd[b] > 0.25 * psd[top] && psd[b] >= psd[b - 1] && psd[b] > psd[b + 1]) {
                return b;
            }
        }
    }
    return top;
}

void myo_spec_peak(const double *psd, int bins, double df, double lo, double hi, double least_db, myo_peak *peak)
{
    memset(peak, 0, sizeof *peak);
    const int first = (int)ceil(lo / df), last = (int)fmin(floor(hi / df), bins - 2);
    int top = -1;
    for (int b = first > 1 ? first : 1; b <= last; b++) {
        if ((top < 0 || psd[b] > psd[top]) && psd[b] >= psd[b - 1] && psd[b] > psd[b + 1]) { /* the rarest first */
            top = b;
        }
    }
    if (top < 0 || psd[top] <= 0.0) {
        return;
    }
    top = fundamental(psd, bins, df, lo, top);
    const double l = log(psd[top - 1] + 1e-300), c = log(psd[top]), r = log(psd[top + 1] + 1e-300);
    const double bend = l - 2.0 * c + r;
    const double f = (top + (bend < 0.0 ? 0.5 * (l - r) / bend : 0.0)) * df;
    const harmonics h = harmonics_of(f, df);
    const double base = surroundings(psd, bins, df, lo - 0.5, hi + 5.0, &h, psd[top] * pow(10.0, -least_db / 10.0));
    const double height = base > 0.0 ? 10.0 * log10(psd[top] / base) : 60.0;
    if (base < 0.0 || height < least_db) {
        return;
    }
    const double all = sum_band(psd, bins, df, 2.0, hi + 5.0), in_peak = in_harmonics(psd, bins, df, hi + 5.0, &h);
    double slow = 0.0;
    for (int b = 1; b < bins && b * df <= fmin(0.6 * f, 0.95 * lo); b++) {
        slow = b * df >= 0.7 && psd[b] > slow ? psd[b] : slow;
    }
    peak->freq = f;
    peak->height_db = height;
    peak->width_hz = half_width(psd, bins, df, top);
    peak->share = all > 0.0 ? in_peak / all : 0.0;
    peak->power = sum_band(psd, bins, df, f - 1.0, f + 1.0);
    peak->below_db = slow > 0.0 ? 10.0 * log10(slow / psd[top]) : -60.0;
}
