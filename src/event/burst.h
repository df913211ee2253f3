/* burst.h - one detected burst with its numbers, and one window of the rhythm track. */
#ifndef MYO_EVENT_BURST_H
#define MYO_EVENT_BURST_H

#include <stdint.h>
#include "dsp/gait.h"

/* Amplitudes in the channel's delivered unit (uV, g or au). Times in s from the file's first sample. */
typedef struct myo_burst {
    double on, off, peak_at;
    int64_t event;          /* number of its event in the lane, -1 before grouping */
    uint32_t flags;         /* MYO_FLAG_* */
    float peak;             /* largest |x|, filtered */
    float rms;              /* over on..off */
    float area;             /* integral of |x|, unit x ms */
    float noise;            /* floor rms */
    float snr_db;           /* 10 lg(variance ratio - 1) over on..off */
    float rise_ms, fall_ms; /* 10-90 % of the smoothed energy's flanks (rms envelope) */
    float mdf_hz;           /* median frequency; NaN if too short */
    float turns;            /* alternations larger than 3 x floor rms */
    float crest;            /* peak / rms */
    float template_corr;    /* best correlation with the 5 bursts before, lag <= 5 ms; 0 for none */
    float multiplet;        /* highest repeat of the burst's own shape at 2..25 ms; 0..1 */
    float repeat_ms;        /* after which time; 0 without a repeat */
    float plets;            /* times the burst's largest wave comes again at 2..20 ms, itself included */
    float low_share;        /* share of raw energy under 20 Hz (EMG); 0 if not measured */
    float line_share;       /* share of the energy over the noise at the line and its harmonics (EMG); 0 if not measured */
    float spike;            /* share of the raw energy about it in two samples (EMG); 0 if not measured */
    float likeness;         /* highest correlation with itself 55-125 ms later (EMG); 0 if not measured */
    float step;             /* how much of its largest jump stays over a period of the line (EMG), 0..1; 0 if not measured */
    float one_way;          /* by how much its largest raw change in 2 ms outdoes the largest against it (EMG), 0..1 */
    float around;           /* EMG: what the 0.6 s before and behind it have over the floor's energy, for certain; else 0 */
    float beat;             /* EMG: 1 if it is what the subtraction of a heart beat left; else 0 */
    float onset_sd_ms;      /* standard error of the onset */
    float end_sd_ms;        /* and of the end */
    float masked;           /* share of on..off under a mask */
    float brink;            /* EMG: how near a mask begins or ends to either edge: 1 at it, 0 from 40 ms on; else 0 */
    float clipped;          /* share at a rail */
    float joined;           /* 1: continues the burst before without a gap (a tonic burst comes in pieces) */
    float fill;             /* EMG: energy over the floor's between the burst before and this one where it never falls silent */
    float sharp;            /* accelerometer: shortest time that holds 80 % of the unfiltered movement's energy, over what a
                               blow on the sensor takes at this rate; else 0 */
    float lift;             /* accelerometer: rms of |a| about gravity, of fewer than three axes that of the burst; else 0 */
    float before[3], after[3]; /* accelerometer: mean of the axes over the 0.5 s before and behind; else 0 */
    float profile[8];       /* share of the energy over noise in each eighth of on..off */
} myo_burst;

/* A silent period in tonic EMG: a negative jerk, if what surrounds it is no rhythm. Amplitudes are rms. */
typedef struct myo_lapse {
    double on, off;         /* s */
    float tone, after;      /* over 0.5 s before and 0.3 s behind */
    float core, rest;       /* inside; the noise floor */
} myo_lapse;

/* A leg movement by the amplitude rules of sleep medicine. */
typedef struct myo_leg {
    double on, off;         /* s */
    uint32_t flags;
} myo_leg;

/* A window of the rhythm track: the tremor peak in [on, off), all 0 if there is none. */
typedef struct myo_window {
    double on, off;         /* s */
    float freq_hz, height_db, width_hz, share, below_db;
    float focus;            /* largest share of the energy in one eighth of the window: a lone jerk's ring-down has most */
    float lead;             /* s from on to where its energy begins, in eighths of the window */
    float amp;              /* rms of the peak, delivered unit (ACC); of the envelope (EMG) */
    myo_gait gait;          /* accelerometer; else 0 */
} myo_window;

#endif
