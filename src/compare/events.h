/* events.h - the events of recordings read back from their tables, and counted in bins of time. */
#ifndef MYO_COMPARE_EVENTS_H
#define MYO_COMPARE_EVENTS_H

#include "compare/compare.h"
#include "stats/exact.h"

/* One event; NaN: no such number. */
typedef struct myo_mark {
    double on, off; /* s from the recording's first sample, also where it was analysed in part */
    double peak, freq_hz, area;
    bool in_g;         /* peak and area are an accelerometer's */
    int channel, type; /* labels of the comparison; -1: in none */
} myo_mark;

/* The events of one recording, by onset. */
typedef struct myo_marks {
    size_t row;               /* of c->results.recordings */
    double start_s, length_s; /* of what was analysed; NaN: not said */
    double sync_s;            /* linked events of several channels count once */
    myo_mark *mark;
    size_t n;
    bool missing;             /* there is no table of its events */
} myo_marks;

/* All recordings of one participant under one condition, in manifest order. Release with
 * myo_side_clear(). */
typedef struct myo_side {
    myo_marks *recording;
    size_t n_recordings;
    bool missing; /* a recording without an events table: there are no events to look at */
} myo_side;
myo_err myo_side_read(const myo_comparison *c, int participant, int condition, myo_side *out);
void myo_side_clear(myo_side *s);

/* Which events. */
typedef struct myo_wanted {
    int channel, type;
    bool all; /* channel all: of any channel, linked ones once */
} myo_wanted;

/* The wanted events in order of onset. counts: in channel all an event that starts with the last
 * counted one (within sync_s) or inside what is covered so far belongs to it, as in summary.tsv.
 * from: where the part of it begins that no earlier one covers (beyond m->off: none). */
typedef void (*myo_mark_fn)(void *user, const myo_marks *r, const myo_mark *m, bool counts,
                            double from);
void myo_marks_visit(const myo_marks *r, const myo_wanted *w, myo_mark_fn fn, void *user);

/* Events of a side, one after the other as summary.tsv counts them. */
typedef struct myo_series {
    double *duration_ms, *peak, *freq_hz; /* n of each; NaN: none */
    size_t n;
    double *count, *exposure_h, *burden_s; /* of n_bins bins of 30 to 60 s, in order of time */
    size_t n_bins;
    double bin_s; /* their mean length */
    myo_scatter scatter;
} myo_series;
/* cell: whose exposure it is. Gaps and masked spans are known in total only, so a recording's bins
 * share its exposure alike. */
myo_err myo_series_of(const myo_side *s, const myo_wanted *w, const myo_pooled *cell,
                      myo_series *out);
void myo_series_clear(myo_series *s);

#endif
