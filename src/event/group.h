/* group.h - bursts to candidate events: single bursts, trains, sustained activity, rhythm.
 *
 * Bursts and rhythm windows of one lane come in time order; a cluster closes when nothing follows within
 * group.gap_s (or 2.5 median intervals). Inside a cluster, regular runs of bursts become trains, bursts without a real
 * gap sustained activity, the rest stays single. On accelerometers a run of rhythm windows is an event by itself: tremor
 * from the first sample to the last leaves no quiet to stand out from. */
#ifndef MYO_EVENT_GROUP_H
#define MYO_EVENT_GROUP_H

#include <stdbool.h>
#include "event/burst.h"
#include "myotab/params.h"
#include "myotab/rec.h"

typedef enum myo_feat {
#define F(id, unit, meaning) MYO_F_##id,
#include "myotab/features.def"
#undef F
    MYO_N_FEAT
} myo_feat;

typedef enum myo_form { MYO_FORM_SINGLE, MYO_FORM_TRAIN, MYO_FORM_SUSTAINED, MYO_FORM_RHYTHM, MYO_FORM_HEART,
                        MYO_FORM_GAIT, MYO_FORM_LEG } myo_form;

/* A candidate event of one lane. */
typedef struct myo_cand {
    double on, off;           /* s */
    int lane;
    myo_form form;
    uint32_t flags;
    int64_t n_bursts;
    float rms, area;          /* rms over the time in bursts; summed area */
    float interval_cv;        /* SD / mean of onset intervals, NaN under 3 bursts */
    float onset_sd_ms, end_sd_ms; /* standard errors of on and off; NaN without bursts */
    float f[MYO_N_FEAT];
} myo_cand;

typedef struct myo_group myo_group;
/* event: the candidate, numbered 0, 1, ... in the order of calls. burst: each burst once, in onset order, its `event`
 * set; always after its event's call. Pieces of a tonic burst come as one; those outside a sustained activity's edges do
 * not come at all. */
typedef struct myo_group_sink {
    myo_err (*event)(void *user, const myo_cand *c);
    myo_err (*burst)(void *user, const myo_burst *b);
    void *user;
} myo_group_sink;

/* calibrated: the lane's amplitudes are uV or g, so absolute limits apply. */
myo_err myo_group_new(myo_group **out, int lane, myo_kind kind, bool calibrated, const myo_params *p,
                      const myo_group_sink *sink);
myo_err myo_group_burst(myo_group *g, const myo_burst *b);
myo_err myo_group_window(myo_group *g, const myo_window *w);
myo_err myo_group_leg(myo_group *g, const myo_leg *leg);
/* No burst, window or leg movement before `until` follows; at a segment's end everything closes, unless it cuts a burst
 * (MYO_FLAG_CUT_END) that the next segment goes on with at once (MYO_FLAG_CUT_START): one movement is one event. */
myo_err myo_group_advance(myo_group *g, double until, int segment_end);
myo_err myo_group_finish(myo_group *g); /* behind the last segment */
void myo_group_free(myo_group **g);

#endif
