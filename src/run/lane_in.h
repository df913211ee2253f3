/* lane_in.h - the inside of a lane, shared by lane.c (stages, epochs), lane_push.c (samples that come in), lane_floor.c (masked
 * spans, floor) and hunt.c (bursts of an epoch). */
#ifndef MYO_RUN_LANE_IN_H
#define MYO_RUN_LANE_IN_H

#include "base/base.h"
#include "detect/mark.h"
#include "detect/msce.h"
#include "detect/part.h"
#include "detect/refine.h"
#include "dsp/beat.h"
#include "detect/runs.h"
#include "detect/silence.h"
#include "dsp/mask.h"
#include "dsp/ovs.h"
#include "dsp/spec.h"
#include "run/lane.h"
#include "run/track.h"

/* A parted burst that waits for its right neighbour (they may have to be joined). */
typedef struct myo_pending {
    bool is;
    int64_t on, off;             /* refined edges, frames */
    double mean;                 /* mean of u between them */
    bool joined;                 /* no gap to the burst before */
    bool several;                /* of more than one part */
} myo_pending;

/* The search for leg movements (legs.c), in steps of 10 ms. */
enum { MYO_LEG_REST = 1024 };    /* steps that legs.rest_s may take */
typedef struct myo_legs {
    int64_t next;                /* step */
    int64_t on, under;           /* frame where it began, and where it fell under the lower level; -1: not */
    int64_t n_steps, n_masked;
    int n_over;                  /* of the last steps */
    bool over[MYO_LEG_REST], solid, too_long;
} myo_legs;

struct myo_lane {
    myo_lane_cfg cfg;
    myo_lane_sink sink;
    const myo_kind_params *k;
    myo_lane_totals totals;
    /* stages */
    float *taps;
    int n_taps;
    double *rho;                 /* the filter's autocorrelation at n_rho lags */
    int n_rho;
    myo_repeat *repeat;          /* accelerometers: what the masks take for equal */
    myo_mask *mask[MYO_MAX_AXES];
    myo_ovs *filter[MYO_MAX_AXES];
    myo_mains *mains[MYO_MAX_AXES];
    myo_beat *beat;              /* EMG where the heart shows */
    float *scratch, *still, *scaled; /* without hum; without the heart; in the lane's unit */
    size_t cap_scratch, cap_still, cap_scaled;
    /* the present segment; frames count from its start */
    bool in_segment, too_short;
    bool held, resumed;          /* all samples are kept; their epochs are to be searched */
    double seg_start;            /* s */
    int64_t seg_n;
    int64_t n_lost;              /* samples missing since the last one */
    bool time_broke;             /* among them */
    int64_t seg_bridged;         /* that a line stands for */
    float last[MYO_MAX_AXES];    /* that one, in the lane's unit */
    /* First frame into the masks and the stages for hum, heart and band: 0 unless entered. */
    int64_t entry, mains_from, beat_from, filter_from;
    int64_t mask_out[MYO_MAX_AXES], mains_out[MYO_MAX_AXES], beat_out[MYO_MAX_AXES]; /* next frame out of each */
    int64_t watched;             /* frames handed to a watch */
    myo_track x[MYO_MAX_AXES], raw[MYO_MAX_AXES];
    myo_span *spans;
    size_t n_spans, cap_spans;
    myo_beat_mark *beats;        /* that were subtracted */
    size_t n_beats, cap_beats;
    /* floor */
    int64_t block, per_epoch, epoch; /* samples, blocks, samples */
    double block_dof;
    float *blocks, *floor_work;
    size_t n_blocks, cap_blocks;
    int64_t n_blocks_done, next_epoch;
    double floor_before, floor;  /* energies at the start and end of the epoch in hand */
    /* hunt: u and marks to the epoch's end; the search to `pos`, half a parting window less */
    myo_msce msce;
    myo_marker *marker;
    myo_part_rule part_rule;
    int part_w;                  /* samples */
    double gate_u;               /* least peak of a burst: gate_sigma squared, more where the noise has fewer degrees of freedom */
    int64_t gap_n, min_n, merge_n, peak_w, ring_n; /* ring_n: reach of a ring-down */
    myo_track u, p;              /* energy over noise; its centred mean over part_w, in activities only */
    myo_marks marks;
    float *gain;                 /* of the epoch, one for each word of marks */
    float *work;                 /* moving sums */
    size_t cap_work;
    int64_t pos;                 /* next frame to search */
    myo_runs runs;
    myo_part part;
    bool parting, part_forced;   /* inside an activity; its present segment began at a forced cut */
    int64_t part_pos;            /* next frame to feed to the parting */
    int64_t part_rise;           /* where its present segment rose out of the noise; -1: not yet */
    int64_t act_end;             /* end of the activity before the one in hand */
    int64_t last_off;            /* end of the last burst handed on; -1: none */
    bool at_end;                 /* the segment's end is reached */
    myo_pending pending;
    myo_templates templates;
    myo_legs legs;
    myo_err err;                 /* from inside callbacks */
    myo_silence *silence;        /* EMG; NULL: nobody asks */
    /* rhythm */
    myo_spec *spec;
    double *psd;
    float *gait_work, *drawn;      /* drawn: sizes of a window's samples, then its axes drawn in */
    myo_track env;               /* EMG: averaged |x|, in steps of env_step frames */
    int env_step;
    int64_t win_n, win_hop;      /* window and hop in rhythm samples */
    int64_t win_next;            /* start of the next window, in the same steps */
    int64_t slow_next;           /* slow values handed on */
};

/* First frame into each stage. */
typedef struct myo_entrance {
    int64_t mask, mains, beat, filter;
} myo_entrance;
/* Segments (lane.c), and n samples of the axes from x[a][from] on into the present one. */
myo_err myo_lane_start_segment(myo_lane *l, double start_s);
myo_err myo_lane_end_segment(myo_lane *l);
myo_err myo_lane_feed(myo_lane *l, const float *const *x, int64_t from, int64_t n);
/* All stages as new, from these frames on. */
void myo_lane_start(myo_lane *l, const myo_entrance *from);
/* n masked samples of axis a lie behind those of its raw track: on through the other stages. */
myo_err myo_lane_masked(myo_lane *l, int a, int64_t n);
/* Does the lane look for the floor only, and never search? */
bool myo_lane_only_scouts(const myo_lane *l);
/* The segment's end: what the stages of axis a still hold. */
myo_err myo_lane_drain(myo_lane *l, int a);
/* First frame that is not filtered yet on every axis. */
int64_t myo_lane_filtered(const myo_lane *l);
/* Spans that the mask of axis a found go to the lane's, and to whom they concern. */
myo_err myo_lane_take_spans(myo_lane *l, int a);
/* Energies of the floor's blocks that are filtered, and the floor of epoch e from them. */
myo_err myo_lane_measure_blocks(myo_lane *l);
void myo_lane_next_floor(myo_lane *l, int64_t e);
myo_err myo_hunt_alloc(myo_lane *l);
void myo_hunt_free(myo_lane *l);
void myo_hunt_reset(myo_lane *l);
/* Bursts of epoch [on, end) of the segment; last: nothing follows. */
myo_err myo_hunt_epoch(myo_lane *l, int64_t on, int64_t end, bool last);
/* Mean energy over the floor's of [on, off) where all of it is active, however weakly; 0: silent, or longer than this. */
#define MYO_FILL_MAX_S 1.5
double myo_lane_fill(const myo_lane *l, int64_t on, int64_t off);
/* What is about a burst: energy over the floor's, less 1 and a standard error, median of pieces of the 0.6 s before and behind; 0
 * where that is less than nothing, and of accelerometers. */
double myo_lane_around(const myo_lane *l, int64_t on, int64_t off);
/* Is a burst of this mean square over the floor what the subtraction of a beat left: inside its QRS complex, and a small
 * part of what was taken? */
bool myo_lane_is_beat(const myo_lane *l, int64_t on, int64_t off, double power);
/* Rhythm windows that are complete within the filtered samples before `end` (rhythm.c). */
myo_err myo_rhythm_alloc(myo_lane *l);
void myo_rhythm_reset(myo_lane *l);
myo_err myo_rhythm_run(myo_lane *l, int64_t end);
void myo_rhythm_free(myo_lane *l);
/* Hands on the slow values that are complete within `have` rhythm samples (slow_lane.c). */
myo_err myo_slow_run(myo_lane *l, int64_t have);
int64_t myo_rhythm_next(const myo_lane *l); /* frame where the next window starts */
int64_t myo_rhythm_needs(const myo_lane *l); /* first frame of x that windows still need */
/* Silent periods within tonic activity, as far as u reaches: frames [on, end), each once (silences.c). */
myo_err myo_silences_alloc(myo_lane *l);
void myo_silences_reset(myo_lane *l);
myo_err myo_silences_run(myo_lane *l, int64_t on, int64_t end, bool last);
/* Noise rms at a frame of the epoch in hand. */
double myo_lane_floor_rms(const myo_lane *l, int64_t frame);
/* Frames of [on, off) under masks (clips = false) or clipping (true). */
int64_t myo_lane_overlap(const myo_lane *l, int64_t on, int64_t off, bool clips);
/* How near a mask begins or ends to either edge of [on, off): 1 at it, 0 from 40 ms on. */
double myo_lane_brink(const myo_lane *l, int64_t on, int64_t off);
/* The masks over [on, off) are final: they leave the exposure. */
myo_err myo_lane_account_spans(myo_lane *l, int64_t on, int64_t off);
void myo_lane_forget_spans(myo_lane *l, int64_t before);

#endif
