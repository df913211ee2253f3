/* info.h - what one pass over a recording tells about its channels. */
#ifndef MYO_RUN_INFO_H
#define MYO_RUN_INFO_H

#include "base/base.h"
#include "myotab/rec.h"

enum { MYO_INFO_GAPS = 20 }; /* breaks kept with their place; the others are only counted */

typedef struct myo_chan_stat {
    int64_t n, missing, flat, clipped; /* samples */
    double lo, hi;                     /* of the samples there are; NaN if none */
    float last; /* value and length of the run of equal samples in progress */
    int64_t run;
    double rail_lo, rail_hi; /* myo_rail_limits() */
} myo_chan_stat;

typedef struct myo_info_gap {
    double at_s, length_s;
} myo_info_gap;

typedef struct myo_info_stats {
    const myo_recinfo *info;
    myo_chan_stat *ch; /* info->n_ch of them */
    int64_t n_gaps;
    double gap_s; /* all gaps together */
    myo_info_gap gaps[MYO_INFO_GAPS];
    double end_s;   /* end of the latest block */
    double flat_s;  /* equal samples for this long are flat */
    int64_t clip_n; /* this many at a rail are clipped */
    bool started;
} myo_info_stats;

/* Reads r to its end in blocks of bounded size. Free s->ch with myo_free. */
myo_err myo_info_scan(myo_info_stats *s, myo_rec *r, myo_diag *d);

/* Append to b: text for people; one JSON object and a newline. Both check b->failed only at the
 * end. */
void myo_info_text(myo_buf *b, const myo_info_stats *s);
myo_err myo_info_json(myo_buf *b, const myo_info_stats *s, const myo_diag *warnings);

#endif
