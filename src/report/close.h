/* close.h - one recording, close up: its channels, events and bursts, for the figures that show it.
 */
#ifndef MYO_REPORT_CLOSE_H
#define MYO_REPORT_CLOSE_H

#include "report/report.h"

/* A row of STEM_channels.tsv. */
typedef struct myo_close_lane {
    const char *name, *kind, *unit, *flags;
    double duration_s, usable_s, masked_s, gap_s;
} myo_close_lane;

/* A row of STEM_events.tsv. */
typedef struct myo_close_event {
    double on, off; /* s from the file's first sample */
    int type;       /* myo_class */
    int lane;
    double confidence; /* NaN: none */
    int64_t id;
} myo_close_event;

/* A row of STEM_bursts.tsv. */
typedef struct myo_close_burst {
    double on, off;
    int lane;
} myo_close_burst;

typedef struct myo_signal myo_signal;

typedef struct myo_close {
    const myo_rep *r;
    const myo_rep_rec *rec;
    size_t index;         /* of the recording */
    myo_close_lane *lane; /* in the order of the table */
    int n_lanes;
    myo_close_event *event; /* by onset */
    size_t n_events;
    myo_close_burst *burst; /* by onset */
    size_t n_bursts;
    double start_s, duration_s; /* of what was analysed */
    size_t n_of[MYO_N_CLASS];   /* events of each class, all channels */
    myo_tsv channels, events, bursts;
    myo_signal *signal; /* NULL: not to be had */
} myo_close;

/* Reads the tables. *found false (and MYO_OK) if one is not there; an error names the damaged one.
 */
myo_err myo_close_read(myo_rep *r, size_t rec, myo_close *c, bool *found);
/* As myo_close_read, but a damaged table is the recording's reason, told once, and *found false
 * (damage.c). */
myo_err myo_rep_try_close(myo_rep *r, size_t rec, myo_close *c, bool *found);
void myo_close_clear(myo_close *c);

/* A figure of one recording, one file and one row in figs.c. */
typedef struct myo_close_figure {
    myo_err (*draw)(const myo_close *c, myo_page *p);
} myo_close_figure;
extern const myo_close_figure myo_fig_overview, myo_fig_gallery;
myo_err myo_close_draw(const myo_close *c, myo_page *p);

#endif
