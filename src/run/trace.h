/* trace.h - the signal of a recording as the detector saw it, for figures. */
#ifndef MYO_RUN_TRACE_H
#define MYO_RUN_TRACE_H

#include "run/analyse.h"

/* n samples each of a stretch of one channel; NaN where the recording has a gap or a missing sample. Of a sensor with
 * three axes raw and filtered show the one that moves most in the stretch; envelope and threshold are of all axes, as the
 * detector takes them. */
typedef struct myo_trace {
    int64_t n;
    double fs, start_s;         /* Hz; time of the first sample, s from the file's first sample */
    int axis;                   /* shown: 0 x, 1 y, 2 z; 0 of a lone channel */
    float *raw;                 /* as recorded, less its mean here; masked samples too */
    float *filtered;            /* behind mask, mains stage and band-pass: the detector's numbers; NaN under a mask */
    float *envelope;            /* root of the mean square over 8 ms (EMG) or 40 ms (accelerometer), centred; NaN alike */
    float *threshold;           /* what a burst's envelope must exceed; NaN alike */
    char unit[MYO_UNIT_MAX];    /* of all four */
} myo_trace;

/* Least and largest value of the filtered signal (all axes) in n_bins equal spans of [from_s, to_s); NaN where there is
 * none, or all is masked. */
typedef struct myo_overview {
    int n_bins;
    double from_s, to_s;        /* the analysed part */
    const float *lo, *hi;       /* borrowed until the next call of myo_trace_overview() */
    const char *unit;
} myo_overview;

typedef struct myo_tracer myo_tracer;

/* Opens the recording, plans and scouts as myo_analyse() does with the same job, whose stem_path, dir and preset are not
 * used; pool may be NULL. job->params and d are borrowed until the tracer is closed. */
myo_err myo_tracer_open(myo_tracer **out, const myo_analyse_job *job, myo_diag *d);
int myo_tracer_channels(const myo_tracer *t);
const char *myo_tracer_channel(const myo_tracer *t, int i);  /* its name, as in the tables */
void myo_tracer_close(myo_tracer **t);

/* The stretch [from_s, to_s) of a channel, named as in a table. The first call (or overview) reads the recording through
 * once; after that each reads only its surroundings, or, of a text, all before it: ask in order of time. MYO_ERR_RANGE for
 * a channel that was not analysed, or a stretch that is none or too long. Release with myo_trace_clear(). */
myo_err myo_trace_get(myo_tracer *t, const char *channel, double from_s, double to_s, myo_trace *out);
void myo_trace_clear(myo_trace *t);
/* Cheap once it was asked with the same n_bins (>= 1). */
myo_err myo_trace_overview(myo_tracer *t, const char *channel, int n_bins, myo_overview *out);

#endif
