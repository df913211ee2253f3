/* lane.h - one analysed channel (an EMG channel, or the axes of one accelerometer) from raw blocks to bursts.
 *
 *   raw -> mask -> mains -> heart -> band-pass -> x |..e-1..|== epoch e ==|..e+1..|   u = x^2 / floor -> marks -> activities
 *                                            the floor of e looks at e-1, e, e+1          -> parts -> edges -> bursts
 *
 * All work happens on a grid of epochs anchored at the start of a segment (a stretch without gap), so results do not
 * depend on how blocks are cut. Times go out in seconds from the file's first sample. */
#ifndef MYO_RUN_LANE_H
#define MYO_RUN_LANE_H

#include <stdbool.h>
#include "dsp/beat.h"
#include "dsp/mains.h"
#include "event/burst.h"
#include "event/feature.h"
#include "myotab/params.h"
#include "myotab/rec.h"
#include "run/slow.h"

/* What the scout found out about a lane. */
typedef struct myo_lane_prior {
    double scale;                      /* extra factor on samples (accelerometer counts to g); 1 else */
    double offset[MYO_MAX_AXES];       /* taken off before that; 0 else */
    double rail_lo[MYO_MAX_AXES], rail_hi[MYO_MAX_AXES]; /* after scale; NaN: none known */
    double far_lo[MYO_MAX_AXES], far_hi[MYO_MAX_AXES]; /* no signal lies beyond these; equal: none known */
    double step_sd;                    /* robust SD of the difference over 2 ms, after scale */
    double equal_share;                /* share of samples that equal the one before, the worst axis */
    /* Accelerometers (stall.h): share of quiet frames that repeat; do they for long; length of gravity at rest, equal: unknown. */
    double repeat;
    bool coarse;
    double rest_lo, rest_hi;
    double dead_step;                  /* in a dropout samples differ by no more than this, after scale */
    myo_mains_line line;
    myo_beat_shape heart;              /* EMG only */
    double width;                      /* share of the pass band that the noise fills (tilt.h); 0: unknown, as 1 */
    double floor;                      /* session's noise energy (filtered, summed over axes); 0 unknown */
    bool rest;                         /* the floor was measured at rest: every segment starts from it */
    bool active;                       /* never quiet: the floor comes from the spectrum and does not rise */
    double least;                      /* smallest believable noise energy, > 0 */
} myo_lane_prior;

typedef struct myo_lane_cfg {
    int index;                         /* lane number */
    myo_kind kind;
    double fs;
    double start_s;                    /* time of the first sample to come, for the duration */
    int n_axes;
    double band_hi;                    /* Hz, already cut to what the rate allows */
    bool calibrated;                   /* samples are uV or g */
    const myo_params *params;
    myo_lane_prior prior;
    const struct myo_lane *like;       /* another one of this kind, rate and band, whose filter's design is taken; or NULL */
} myo_lane_cfg;

/* What a lane would look at, for one who wants to see it. Frames count from the segment's start. */
typedef struct myo_lane_watch {
    myo_err (*segment)(void *user, double start_s);
    /* Frames [on, off) are no signal; told before their samples. */
    myo_err (*masked)(void *user, int64_t on, int64_t off);
    /* n samples of each axis behind the filter. */
    myo_err (*samples)(void *user, int64_t first, int64_t n, const float *const *x);
    /* Noise energy at the ends of epoch [on, end), a straight line in dB between; NULL: not wanted. */
    myo_err (*floor)(void *user, int64_t on, int64_t end, double before, double after);
    void *user;
} myo_lane_watch;

/* What a lane hands on, each in time order. After advance(until) no burst or window starts before `until`. */
typedef struct myo_lane_sink {
    myo_err (*burst)(void *user, const myo_burst *b);
    myo_err (*window)(void *user, const myo_window *w);
    myo_err (*advance)(void *user, double until, bool segment_end);
    /* A silent period in tonic EMG; later than bursts of the same time. NULL: nobody asks. */
    myo_err (*silence)(void *user, const myo_lapse *s);
    /* A leg movement (legs.on); NULL: nobody asks. */
    myo_err (*leg)(void *user, const myo_leg *g);
    /* A stretch that counts as exposure, s; stretches come in order and may touch. NULL: nobody asks. */
    myo_err (*usable)(void *user, double on, double off);
    /* The slow signal, before the windows and bursts that lie in it. NULL: nobody asks. */
    myo_err (*slow)(void *user, const myo_slow_block *b);
    /* Scouting: the floor's block energies of one segment (NaN: masked); a sink with this gets nothing else. */
    myo_err (*floor_blocks)(void *user, float *energy, int64_t n, double dof);
    /* Scouting: frames of a recording that the lane keeps behind its stages, to go on from there (myo_lane_resume); 0: none. */
    int64_t hold;
    /* Scouting: an EMG lane's samples without hum; first: a segment begins with them. NULL: nobody asks. */
    myo_err (*wire)(void *user, const float *x, int64_t n, bool first);
    const myo_lane_watch *watch;       /* with this it searches nothing, and gets nothing else */
    void *user;
} myo_lane_sink;

typedef struct myo_lane_totals {
    double duration_s;                 /* from start_s to the last sample's end, gaps in */
    double usable_s, masked_s, gap_s;
    double clipped_s, flat_s;
    double stuck_s[MYO_MAX_AXES];      /* an axis stood still for a minute or more while others moved */
    double floor_sum;                  /* of floor rms per epoch */
    int64_t n_floor;
    int64_t n_segments, n_missing;     /* segments analysed; missing samples */
    int64_t n_short;                   /* segments shorter than the filter, left out, and how long they are in all */
    double short_s;
    int64_t n_gaps;                    /* breaks in time, and how long they are in all */
    double lost_s;
    int64_t n_bridged, n_gaps_bridged; /* of the missing samples and of the breaks: a line stands for them, they end no segment */
} myo_lane_totals;

/* From sample `from` of n on: the first that is missing (NaN) on any axis, n for none. */
int64_t myo_axes_present(const float *const *x, int n_axes, int64_t from, int64_t n);

typedef struct myo_lane myo_lane;
myo_err myo_lane_new(myo_lane **out, const myo_lane_cfg *cfg, const myo_lane_sink *sink);
/* x[a][0..n) of each axis, start_s their time; gap: time breaks before them. Missing samples end a segment; of an accelerometer
 * up to three in a row, and 40 ms, are bridged by a straight line, and count as no exposure either. */
myo_err myo_lane_push(myo_lane *l, const float *const *x, int64_t n, double start_s, bool gap);
myo_err myo_lane_finish(myo_lane *l);
/* Did a finished lane keep all it got (one segment, no longer than `hold`)? Then with a prior that differs in its floor only
 * it goes on as if it had been made with this one and this sink, and got all that it got; finish it again. */
bool myo_lane_is_held(const myo_lane *l);
void myo_lane_resume(myo_lane *l, const myo_lane_prior *prior, const myo_lane_sink *sink);
myo_slow_rate myo_lane_slow_rate(const myo_lane *l);
/* For a watch without floor: be within a segment that began at segment_s, so that from `frame` on samples come out as if
 * all had been pushed (unless a dropout is longer than what a mask looks at). Returns the frame to push first. */
int64_t myo_lane_enter(myo_lane *l, double segment_s, int64_t frame);
/* Frames that must follow one before it comes out as if nothing ended. */
int64_t myo_lane_ahead(const myo_lane *l);
const myo_lane_totals *myo_lane_get_totals(const myo_lane *l);
int myo_lane_min_length(const myo_lane *l); /* samples a segment needs */
/* What the short-time RMS over so many frames (all axes together) must exceed for a burst, in the lane's unit. */
double myo_lane_gate(const myo_lane *l, double floor_rms);
int64_t myo_lane_gate_window(const myo_lane *l);
int64_t myo_lane_epoch(const myo_lane *l); /* frames from one floor to the next */
void myo_lane_free(myo_lane **l);

#endif
