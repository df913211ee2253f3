/* group_in.h - the inside of a group, shared by the files that cut its clusters. */
#ifndef MYO_EVENT_GROUP_IN_H
#define MYO_EVENT_GROUP_IN_H

#include "event/cand.h"

enum { RUN_MIN = 5 };         /* bursts of a regular run */

#define MYO_SLOW_HZ 2.6f      /* median frequency under which a limb is led, not jerked */

struct myo_group {
    int lane;
    myo_kind kind;
    const myo_kind_params *k;
    bool calibrated;
    float tremor_amp;         /* least rms of a tremor's peak, g; 0 for EMG */
    double gap_s, join_s;     /* cluster gap; gap that a sustained activity may have */
    bool waits;               /* the segment ended in its last burst: for what the next one begins with */
    myo_group_sink sink;
    myo_burst *b;             /* bursts of the open cluster */
    size_t n, cap_b;
    myo_window *w;            /* windows that may still matter */
    size_t n_w, cap_w;
    myo_leg *legs;            /* movements that wait for their cluster */
    size_t n_legs, cap_legs;
    myo_burst *limb;          /* the bursts of one */
    size_t cap_limb;
    int64_t n_events;         /* handed on */
    myo_part_of *parts;       /* the cluster cut into events */
    size_t n_parts, cap_parts;
    myo_burst *beats;         /* the heart's, taken out of the cluster */
    size_t n_beats, cap_beats;
    myo_burst *done;          /* the cluster's bursts with their events, to go out by onset */
    size_t n_done, cap_done;
};

/* Does the window show tremor? (group: a myo_group) */
bool myo_shows_tremor(const void *group, const myo_window *w);
/* Does it show steps? Then the rhythm is theirs. */
bool myo_shows_steps(const myo_window *w);
/* Does it show so clear a rhythm that no burst is needed? */
bool myo_clear_tremor(const myo_window *w);
bool myo_likely_tremor(const myo_window *w);
/* Time a window speaks for: a second about its middle, s. */
double myo_window_middle(const myo_window *w);

/* Are the beats so weak that the detector must miss some? */
bool myo_weak_beats(const myo_group *g, size_t from, size_t to);

/* Bursts [first, last) become a part. */
myo_err myo_group_part(myo_group *g, size_t first, size_t last, myo_form form);
double myo_group_interval(const myo_group *g, size_t i); /* onset i to onset i + 1, s */
double myo_group_median_interval(const myo_group *g, size_t first, size_t last);
/* End of the run that begins at `first`; `first` itself if there is none. */
size_t myo_regular_run(const myo_group *g, size_t first, size_t end);
size_t myo_joined_run(const myo_group *g, size_t first, size_t end);
bool myo_has_gaps(const myo_group *g, size_t first, size_t last);

/* Cut bursts [first, end) into parts; the whole cluster, rhythm first. */
myo_err myo_group_cut(myo_group *g, size_t first, size_t end);
myo_err myo_cut_with_rhythm(myo_group *g, double end);
/* Move the heart's beats from b to beats. */
myo_err myo_take_heart(myo_group *g);

/* Put together what was cut too finely. */
void myo_mend_trains(myo_group *g);
void myo_mend_contractions(myo_group *g);

#endif
