/* cohere.h - coherence of two signals from short segments (science.md 4.7).
 *
 * A segment is transformed where its samples are, at frequencies common to all channels, so channels of any two rates
 * and starts go together without resampling:
 *
 *   segment      |<------------ 2 s ------------>|
 *   channel 1    . . . . . . . . . . . . . . . . .      X(f) = sum w x exp(-2 pi i f (t - t0)), t0 the segment's start
 *   channel 2      .     .     .     .     .     .      Y(f) alike; S_xy = mean of conj(X) Y */
#ifndef MYO_DSP_COHERE_H
#define MYO_DSP_COHERE_H

#include <stdint.h>
#include "myotab/err.h"

#define MYO_SEGMENT_S 2.0
#define MYO_SEGMENT_DF 0.5   /* Hz from bin to bin */
enum { MYO_SEGMENT_FIRST = 4, MYO_SEGMENT_BINS = 47 }; /* 2 to 25 Hz */

/* Tables for one rate; may be shared by channels. */
typedef struct myo_segmenter myo_segmenter;
myo_err myo_segmenter_new(myo_segmenter **out, double fs);
int myo_segmenter_length(const myo_segmenter *s); /* samples a segment has */
void myo_segmenter_free(myo_segmenter **s);

typedef struct myo_transform {
    double re[MYO_SEGMENT_BINS], im[MYO_SEGMENT_BINS];
} myo_transform;
/* Of x[0..length), less its mean, under a Hann window; x[0] is `late` s after the segment's start. */
void myo_segment_transform(const myo_segmenter *s, const float *x, double late, myo_transform *out);

/* Sums over segments. Zero-initialise; two of them may be added. */
typedef struct myo_cross {
    double xx[MYO_SEGMENT_BINS], yy[MYO_SEGMENT_BINS], re[MYO_SEGMENT_BINS], im[MYO_SEGMENT_BINS];
    double n;                  /* segments */
    double independent;        /* what they are worth, half overlap counted */
} myo_cross;
/* follows: the segment before, half of which this one shares, was added last. */
void myo_cross_add(myo_cross *c, const myo_transform *x, const myo_transform *y, int follows);
void myo_cross_join(myo_cross *c, const myo_cross *other);
double myo_cross_coherence(const myo_cross *c, int bin);
double myo_cross_phase(const myo_cross *c, int bin);       /* of y before x, radians */

/* Coherence that `alpha` of unrelated pairs exceed at one frequency, n independent segments (Rosenberg and others
 * 1989); 1 for n <= 1. */
double myo_coherence_limit(double alpha, double n);
/* Half width of the phase's 95 % interval, radians, at most pi. */
double myo_phase_reach(double coherence, double n);

typedef struct myo_coherence {
    double freq;               /* Hz, of the greatest cross-spectral density in [lo, hi]; 0: nothing there */
    double coherence, limit;
    int n_bins;                /* bins in a row about it over the limit */
    double phase, reach;       /* of y before x, radians: negative where y comes later */
} myo_coherence;
void myo_coherence_of(const myo_cross *c, double lo, double hi, double alpha, myo_coherence *out);

#endif
