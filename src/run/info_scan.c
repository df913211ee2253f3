/* info_scan.c - one bounded pass over a recording: shares of missing, flat and clipped samples,
 * gaps. */
#include <math.h>
#include "myotab/params.h"
#include "myotab/stop.h"
#include "run/info.h"

#define BLOCK_S 2.0 /* s; the length changes no result */

/* A run of equal samples is over: is it a flat stretch, or time at a rail? */
static void end_run(myo_chan_stat *s, const myo_channel *c, double flat_s, int64_t clip_n) {
    const bool at_rail =
        s->run > 0 && ((double)s->last <= s->rail_lo || (double)s->last >= s->rail_hi);
    if (at_rail && s->run >= clip_n) { /* comparisons with unknown rails (NaN) are false */
        s->clipped += s->run;
    } else if ((double)s->run >= flat_s * c->fs) {
        s->flat += s->run;
    }
    s->run = 0;
}

static void add_sample(myo_chan_stat *s, const myo_channel *c, const myo_info_stats *all, float x) {
    if (!isfinite(x)) {
        end_run(s, c, all->flat_s, all->clip_n);
        s->missing++;
        return;
    }
    if (s->run > 0 && x == s->last) {
        s->run++;
        return;
    }
    end_run(s, c, all->flat_s, all->clip_n);
    s->last = x;
    s->run = 1;
    s->lo = fmin(s->lo, (double)x); /* NaN, the start value, gives way */
    s->hi = fmax(s->hi, (double)x);
}

static void end_runs(myo_info_stats *s) {
    for (int c = 0; c < s->info->n_ch; c++) {
        end_run(&s->ch[c], &s->info->ch[c], s->flat_s, s->clip_n);
    }
}

static void add_gap(myo_info_stats *s, const myo_block *b) {
    const double length = fmax(0.0, b->start_s[0] - s->end_s);
    if (s->n_gaps < MYO_INFO_GAPS) {
        s->gaps[s->n_gaps] = (myo_info_gap){s->end_s, length};
    }
    s->n_gaps++;
    s->gap_s += length;
    end_runs(s);
}

static void add_block(myo_info_stats *s, const myo_block *b) {
    if (b->gap && s->started) {
        add_gap(s, b);
    }
    for (int c = 0; c < b->n_ch; c++) {
        for (int64_t i = 0; i < b->n[c]; i++) {
            add_sample(&s->ch[c], &s->info->ch[c], s, b->x[c][i]);
        }
        s->ch[c].n += b->n[c];
        s->end_s = fmax(s->end_s, b->start_s[c] + (double)b->n[c] / s->info->ch[c].fs);
    }
    s->started = true;
}

static myo_err prepare(myo_info_stats *s, const myo_recinfo *info) {
    myo_params p;
    myo_params_defaults(&p);
    *s = (myo_info_stats){.info = info, .flat_s = p.mask_flat_ms / 1000.0, .clip_n = p.mask_clip_n};
    s->ch = myo_alloc((size_t)info->n_ch, sizeof *s->ch);
    if (s->ch == NULL) {
        return MYO_ERR_NOMEM;
    }
    for (int c = 0; c < info->n_ch; c++) {
        s->ch[c].lo = s->ch[c].hi = (double)NAN;
        myo_rail_limits(&info->ch[c], &s->ch[c].rail_lo, &s->ch[c].rail_hi);
    }
    return MYO_OK;
}

myo_err myo_info_scan(myo_info_stats *s, myo_rec *r, myo_diag *d) {
    if (prepare(s, myo_rec_info(r)) != MYO_OK) {
        return myo_fail(d, MYO_ERR_NOMEM, "not enough memory for %d channels",
                        myo_rec_info(r)->n_ch);
    }
    for (;;) {
        myo_block b = {0};
        if (myo_stop_requested()) {
            return myo_fail(d, MYO_ERR_STOPPED, "stopped by a signal");
        }
        MYO_TRY(myo_rec_read(r, BLOCK_S, &b));
        if (b.n_ch == 0) {
            end_runs(s);
            return MYO_OK;
        }
        add_block(s, &b);
    }
}
