/* cand.h - the numbers of a candidate event from its bursts and rhythm windows. */
#ifndef MYO_EVENT_CAND_H
#define MYO_EVENT_CAND_H

#include <stdbool.h>
#include <stddef.h>
#include "event/group.h"

/* Bursts [first, last) of a cluster that make one event; on and off in s. */
typedef struct myo_part_of {
    size_t first, last;
    myo_form form;
    double on, off;
} myo_part_of;

typedef struct myo_window_view {
    const myo_window *w;
    size_t n;
    bool (*shows_tremor)(const void *user, const myo_window *w);
    const void *user;
} myo_window_view;

/* Edges of a sustained activity: where the given share of its whole energy over noise lies outside on each side
 * (science.md 8.2; its pieces know only their own). Bursts outside go. False: one piece, or no energy; nothing is changed. */
bool myo_tonic_edges(const myo_burst *b, myo_part_of *part, double share);
/* The outermost bursts end where the event does; returns where they ended themselves. */
typedef struct myo_own_ends { double on, off; } myo_own_ends;
myo_own_ends myo_shorten(myo_burst *b, const myo_part_of *part);
/* Shortened bursts, pieces united, hold their peaks again. least_s: the shortest burst. */
void myo_keep_peaks(myo_burst *first, myo_burst *last, const myo_own_ends *own, double least_s);
/* b and the piece that follows it become one burst. */
void myo_burst_append(myo_burst *b, const myo_burst *next);

/* SD over mean of the onset-to-onset intervals; NaN under 3 bursts. */
/* Is the time between burst i - 1 and i part of one weak activity? (cut.c) */
bool myo_is_filled(const myo_burst *b, size_t i);
float myo_interval_cv(const myo_burst *b, size_t n);

/* Fills everything but lane, NEAR, OTHERS, CROWD and ALIKE. MYO_ERR_NOMEM is the only failure. */
myo_err myo_cand_make(myo_cand *c, const myo_burst *b, const myo_part_of *part, const myo_window_view *windows);

#endif
