/* rawstat.h - what a first look at a lane's raw samples tells: rails, steps, dead axes, gravity, the line's spectrum. */
#ifndef MYO_RUN_RAWSTAT_H
#define MYO_RUN_RAWSTAT_H

#include "dsp/spec.h"
#include "run/plan.h"
#include "run/stall.h"
#include "run/tilt.h"

enum { MYO_RAWSTAT_LEVELS = 256 };

/* Raw statistics of one axis. */
typedef struct myo_rawstat_axis {
    float lo, hi;            /* extremes */
    int64_t run_lo, run_hi;  /* longest runs at them */
    int64_t at_lo, at_hi;    /* present runs */
    int64_t n, n_equal;
    bool sums;               /* gravity is asked for the mean */
    double sum;
    float least_step;        /* smallest difference that is not 0 */
    float *step;             /* |x[i + 2 ms] - x[i]|, thinned */
    int64_t n_step;
    float level[MYO_RAWSTAT_LEVELS]; /* some of the samples, evenly spread */
    int n_level;
    float last;
    double usual_step, middle; /* medians of step and level, 0 where there are none: myo_rawstat_conclude() takes them */
} myo_rawstat_axis;

typedef struct myo_rawstat {
    myo_rawstat_axis axis[MYO_MAX_AXES];
    int lag;                 /* samples in 2 ms */
    int64_t thin;            /* every thin-th difference is kept */
    double fs, f_max;        /* f_max: of the spectrum, Hz */
    myo_spec *spec;          /* EMG only */
    double *log_psd, *psd;
    double *product;         /* of n_factors spectra whose logarithm is still to be taken */
    int n_factors;
    int64_t n_spectra;
    bool later;              /* the spectrum waits for a second look */
    float *window;           /* samples for the next spectrum */
    int64_t in_window, window_n;
    myo_tilt *tilt;          /* EMG from 1000 Hz up */
    double norm_sum;         /* of |a|, three-axis accelerometer */
    int64_t norm_n;
    float *kept[MYO_MAX_AXES]; /* every thin-th sample of such a one */
    int64_t n_kept;
    myo_stall stall;         /* accelerometer */
    bool seen[MYO_MAX_AXES]; /* the axis has a sample that is not missing */
} myo_rawstat;

/* s zeroed; seconds: how much it may see. Clear it always. */
myo_err myo_rawstat_init(myo_rawstat *s, const myo_plan_lane *l, double seconds);
void myo_rawstat_clear(myo_rawstat *s);
/* n samples of each axis, NaN where one is missing. */
myo_err myo_rawstat_see(myo_rawstat *s, const myo_plan_lane *l, const float *const *x, int64_t n);
/* Whether a second look can show hum, and what it sees: n samples; apart: they do not follow the last. */
bool myo_rawstat_may_hum(const myo_rawstat *s, const myo_params *p);
myo_err myo_rawstat_see_again(myo_rawstat *s, const float *x, int64_t n, bool apart);
/* Takes axes that never had a sample, or never another one, off the lane; true: it did, and what was seen is of no use. */
bool myo_rawstat_drop_dead(myo_plan_lane *l, const myo_rawstat *s, const myo_recinfo *info, myo_diag *d);
/* Fills the lane's prior but its floor. MYO_ERR_NOMEM. */
myo_err myo_rawstat_conclude(myo_plan_lane *l, myo_rawstat *s, const myo_recinfo *info, const myo_params *p, myo_diag *d);

#endif
