/* cohere.c - transforms of segments, cross-spectra, and what they say. */
#include <math.h>
#include "base/base.h"
#include "dsp/cohere.h"

struct myo_segmenter {
    int n;
    double *taper;             /* n */
    double *cosine, *sine;     /* n x MYO_SEGMENT_BINS */
};

static double bin_hz(int bin)
{
    return (MYO_SEGMENT_FIRST + bin) * MYO_SEGMENT_DF;
}

myo_err myo_segmenter_new(myo_segmenter **out, double fs)
{
    const int n = (int)(MYO_SEGMENT_S * fs + 0.5);
    myo_segmenter *s = myo_alloc(1, sizeof *s);
    if (!s) {
        return MYO_ERR_NOMEM;
    }
    s->n = n;
    s->taper = myo_alloc((size_t)n, sizeof *s->taper);
    s->cosine = myo_alloc((size_t)n * MYO_SEGMENT_BINS, sizeof *s->cosine);
    s->sine = myo_alloc((size_t)n * MYO_SEGMENT_BINS, sizeof *s->sine);
    if (!s->taper || !s->cosine || !s->sine) {
        myo_segmenter_free(&s);
        return MYO_ERR_NOMEM;
    }
    for (int i = 0; i < n; i++) {
        s->taper[i] = 0.5 - 0.5 * cos(2.0 * M_PI * i / n);
        for (int b = 0; b < MYO_SEGMENT_BINS; b++) {
            const double angle = 2.0 * M_PI * bin_hz(b) * i / fs;
            s->cosine[i * MYO_SEGMENT_BINS + b] = cos(angle);
            s->sine[i * MYO_SEGMENT_BINS + b] = sin(angle);
        }
    }
    *out = s;
    return MYO_OK;
}

int myo_segmenter_length(const myo_segmenter *s)
{
    return s->n;
}

void myo_segmenter_free(myo_segmenter **s)
{
    if (*s) {
        myo_free((*s)->taper);
        myo_free((*s)->cosine);
        myo_free((*s)->sine);
        myo_free(*s);
        *s = NULL;
    }
}

void myo_segment_transform(const myo_segmenter *s, const float *x, double late, myo_transform *out)
{
    double mean = 0.0;
    for (int i = 0; i < s->n; i++) {
        mean += (double)x[i];
    }
    mean /= s->n;
    *out = (myo_transform){{0.0}, {0.0}};
    for (int i = 0; i < s->n; i++) {
        const double v = ((double)x[i] - mean) * s->taper[i];
        const double *c = s->cosine + (size_t)i * MYO_SEGMENT_BINS, *d = s->sine + (size_t)i * MYO_SEGMENT_BINS;
        for (int b = 0; b < MYO_SEGMENT_BINS; b++) {
            out->re[b] += v * c[b];
            out->im[b] -= v * d[b];
        }
    }
    for (int b = 0; b < MYO_SEGMENT_BINS; b++) {
        const double angle = -2.0 * M_PI * bin_hz(b) * late, c = cos(angle), d = sin(angle), re = out->re[b];
        out->re[b] = re * c - out->im[b] * d;
        out->im[b] = re * d + out->im[b] * c;
    }
}

void myo_cross_add(myo_cross *c, const myo_transform *x, const myo_transform *y, int follows)
{
    for (int b = 0; b < MYO_SEGMENT_BINS; b++) {
        c->xx[b] += x->re[b] * x->re[b] + x->im[b] * x->im[b];
        c->yy[b] += y->re[b] * y->re[b] + y->im[b] * y->im[b];
        c->re[b] += x->re[b] * y->re[b] + x->im[b] * y->im[b];
        c->im[b] += x->re[b] * y->im[b] - x->im[b] * y->re[b];
    }
    c->n += 1.0;
    /* Hann segments of white noise that share a half correlate by 1/6: each is worth 1 / (1 + 2/36) = 0.947. */
    c->independent += follows ? 18.0 / 19.0 : 1.0;
}

void myo_cross_join(myo_cross *c, const myo_cross *other)
{
    for (int b = 0; b < MYO_SEGMENT_BINS; b++) {
        c->xx[b] += other->xx[b];
        c->yy[b] += other->yy[b];
        c->re[b] += other->re[b];
        c->im[b] += other->im[b];
    }
    c->n += other->n;
    c->independent += other->independent;
}

static double cross_power(const myo_cross *c, int bin)
{
    return c->re[bin] * c->re[bin] + c->im[bin] * c->im[bin];
}

double myo_cross_coherence(const myo_cross *c, int bin)
{
    const double all = c->xx[bin] * c->yy[bin];
    return all > 0.0 ? cross_power(c, bin) / all : 0.0;
}

double myo_cross_phase(const myo_cross *c, int bin)
{
    return atan2(c->im[bin], c->re[bin]);
}

double myo_coherence_limit(double alpha, double n)
{
    return n > 1.0 ? 1.0 - pow(alpha, 1.0 / (n - 1.0)) : 1.0;
}

double myo_phase_reach(double coherence, double n)
{
    return coherence > 0.0 && n > 0.0 ? fmin(M_PI, 1.96 * sqrt((1.0 / coherence - 1.0) / (2.0 * n))) : M_PI;
}

/* The top of a parabola through three logarithms, in bins. */
static double vertex(const myo_cross *c, int top)
{
    const double least = 1e-300;
    if (top == 0 || top == MYO_SEGMENT_BINS - 1) {
        return top;
    }
    const double l = log(cross_power(c, top - 1) + least), r = log(cross_power(c, top + 1) + least);
    const double bend = l - 2.0 * log(cross_power(c, top) + least) + r;
    return top + (bend < 0.0 ? 0.5 * (l - r) / bend : 0.0);
}

void myo_coherence_of(const myo_cross *c, double lo, double hi, double alpha, myo_coherence *out)
{
    *out = (myo_coherence){0};
    int top = -1;
    for (int b = 0; b < MYO_SEGMENT_BINS; b++) {
        if (bin_hz(b) >= lo && bin_hz(b) <= hi && (top < 0 || cross_power(c, b) > cross_power(c, top))) {
            top = b;
        }
    }
    if (top < 0 || !(cross_power(c, top) > 0.0)) {
        return;
    }
    int from = top, to = top;
    out->limit = myo_coherence_limit(alpha, c->independent);
    out->coherence = myo_cross_coherence(c, top);
    out->phase = myo_cross_phase(c, top);
    out->reach = myo_phase_reach(out->coherence, c->independent);
    out->freq = (MYO_SEGMENT_FIRST + vertex(c, top)) * MYO_SEGMENT_DF;
    if (out->coherence > out->limit) {
        while (from > 0 && myo_cross_coherence(c, from - 1) > out->limit) {
            from--;
        }
        while (to + 1 < MYO_SEGMENT_BINS && myo_cross_coherence(c, to + 1) > out->limit) {
            to++;
        }
        out->n_bins = to - from + 1;
    }
}
