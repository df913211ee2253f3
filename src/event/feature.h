/* feature.h - the numbers of one burst (science.md 5.1). */
#ifndef MYO_EVENT_FEATURE_H
#define MYO_EVENT_FEATURE_H

#include <stdbool.h>
#include "dsp/mains.h"
#include "event/burst.h"
#include "kern/kern.h"
#include "myotab/rec.h"

enum { MYO_TEMPLATES = 5, MYO_TEMPLATE_MAX = 512, MYO_MAX_AXES = 3 };

/* The last bursts' shapes of a lane, for template_corr. Zero-initialise. */
typedef struct myo_templates {
    float shape[MYO_TEMPLATES][MYO_TEMPLATE_MAX];
    int n[MYO_TEMPLATES];
    int next, count;
    bool tones_known;
    double twice_cos[MYO_TONES]; /* of the median frequency's tones: always the same on a lane */
} myo_templates;

/* Where the burst's samples are. Arrays start at the same frame; [on, off) lie inside them. */
typedef struct myo_burst_view {
    double fs;
    myo_kind kind;
    int n_axes;
    const float *x[MYO_MAX_AXES];    /* filtered */
    const float *raw[MYO_MAX_AXES];  /* bridged, unfiltered */
    int64_t n;                       /* frames in the arrays */
    int64_t on, off;
    double noise;                    /* floor rms at the burst, all axes together */
    double dof;                      /* degrees of freedom of a frame of noise, all axes */
    double edge_share;               /* share of the energy outside each edge */
    double band_hz;                  /* width of the pass band */
    const myo_mains_line *line;      /* the hum that was subtracted; NULL or n_harmonics = 0: none */
} myo_burst_view;

/* Fills peak, rms, area, noise, snr_db, rise/fall, mdf, turns, crest, template_corr, multiplet, low_share, line_share, onset_sd, end_sd;
 * peak_at in s after x[0]. The burst's shape joins the templates. */
void myo_burst_measure(myo_burst *b, const myo_burst_view *v, myo_templates *t);

#endif
