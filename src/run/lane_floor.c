/* lane_floor.c - what of a lane is no signal, and the noise floor of the rest. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "dsp/noise.h"
#include "kern/kern.h"
#include "run/lane_in.h"

static const double BRINK_S = 0.04;

/* ---- masked spans ---- */

myo_err myo_lane_take_spans(myo_lane *l, int a)
{
    int n;
    const myo_span *s = myo_mask_spans(l->mask[a], &n);
    MYO_TRY(myo_grow((void **)&l->spans, &l->cap_spans, l->n_spans + (size_t)n, sizeof *l->spans));
    for (int i = 0; i < n; i++) {
        const myo_span at = {s[i].on + l->entry, s[i].off + l->entry, s[i].kind};
        l->spans[l->n_spans++] = at;
        if (at.kind == MYO_MASK_CLIP) {
            continue;
        }
        if (l->mains[a]) {
            MYO_TRY(myo_mains_skip(l->mains[a], at.on, at.off));
        }
        if (l->sink.watch) {
            MYO_TRY(l->sink.watch->masked(l->sink.watch->user, at.on, at.off));
        }
    }
    myo_mask_drop_spans(l->mask[a], n);
    return MYO_OK;
}

/* Does a span count: clips, masks, or (want < 0) both? */
static bool counts(const myo_span *s, int want)
{
    return want < 0 || (s->kind == MYO_MASK_CLIP) == (want == 1);
}

/* Where the spans over `at` end (at: none is there), and *next, the start of the next one before `off`. Spans of several
 * axes may overlap: a walk goes along their union. */
static int64_t span_end(const myo_lane *l, int64_t at, int64_t off, int want, int64_t *next)
{
    int64_t end = at;
    *next = off;
    for (size_t i = 0; i < l->n_spans; i++) {
        const myo_span *s = &l->spans[i];
        if (!counts(s, want)) {
            continue;
        }
        if (s->on <= at && s->off > end) {
            end = s->off;
        } else if (s->on > at && s->on < *next) {
            *next = s->on;
        }
    }
    return end < off ? end : off;
}

/* Frames of [on, off) under spans. */
static int64_t covered(const myo_lane *l, int64_t on, int64_t off, int want)
{
    int64_t total = 0;
    for (int64_t at = on, next; at < off;) {
        const int64_t end = span_end(l, at, off, want, &next);
        total += end - at;
        at = end > at ? end : next;
    }
    return total;
}

/* Stretches of [on, off) under no span. */
static myo_err tell_usable(const myo_lane *l, int64_t on, int64_t off)
{
    for (int64_t at = on, next; at < off;) {
        const int64_t end = span_end(l, at, off, -1, &next);
        if (end == at) {
            MYO_TRY(l->sink.usable(l->sink.user, l->seg_start + (double)at / l->cfg.fs,
                                   l->seg_start + (double)next / l->cfg.fs));
        }
        at = end > at ? end : next;
    }
    return MYO_OK;
}

int64_t myo_lane_overlap(const myo_lane *l, int64_t on, int64_t off, bool clips)
{
    return covered(l, on, off, clips ? 1 : 0);
}

double myo_lane_brink(const myo_lane *l, int64_t on, int64_t off)
{
    /* The mask holds back the 40 ms before a span until it knows it: farther ones may not be known yet. */
    int64_t least = (int64_t)ceil(BRINK_S * l->cfg.fs);
    for (size_t i = 0; i < l->n_spans; i++) {
        const myo_span *s = &l->spans[i];
        if (counts(s, 0)) {
            const int64_t ahead = llabs(s->on - off), behind = llabs(on - s->off), near = ahead < behind ? ahead : behind;
            least = near < least ? near : least;
        }
    }
    return fmax(0.0, 1.0 - (double)least / (BRINK_S * l->cfg.fs));
}

void myo_lane_forget_spans(myo_lane *l, int64_t before)
{
    size_t kept = 0;
    for (size_t i = 0; i < l->n_spans; i++) {
        if (l->spans[i].off > before) {
            l->spans[kept++] = l->spans[i];
        }
    }
    l->n_spans = kept;
    const int64_t reach = (int64_t)(MYO_BEAT_QRS_S * l->cfg.fs);
    size_t gone = 0;
    while (gone < l->n_beats && l->beats[gone].at + reach < before) {
        gone++;
    }
    l->n_beats -= gone;
    if (gone > 0 && l->n_beats > 0) {
        memmove(l->beats, l->beats + gone, sizeof *l->beats * l->n_beats);
    }
}

myo_err myo_lane_account_spans(myo_lane *l, int64_t on, int64_t off)
{
    const double masked = (double)covered(l, on, off, -1) / l->cfg.fs;
    l->totals.masked_s += masked;
    l->totals.usable_s -= masked;
    l->totals.clipped_s += (double)covered(l, on, off, 1) / l->cfg.fs;
    l->totals.flat_s += (double)covered(l, on, off, 0) / l->cfg.fs;
    return l->sink.usable ? tell_usable(l, on, off) : MYO_OK;
}

/* ---- floor ---- */

/* A mask may hold one axis back longer than the others. */
int64_t myo_lane_filtered(const myo_lane *l)
{
    int64_t end = l->x[0].base + l->x[0].n;
    for (int a = 1; a < l->cfg.n_axes; a++) {
        const int64_t other = l->x[a].base + l->x[a].n;
        end = other < end ? other : end;
    }
    return end;
}

/* Energy of the block at frame `from`, on all axes, whose sum over the first one is known. */
static float block_energy(const myo_lane *l, int64_t from, float first)
{
    double e = (double)first;
    for (int a = 1; a < l->cfg.n_axes; a++) {
        e += (double)myo_kern()->sumsq(l->x[a].v + (from - l->x[a].base), l->block);
    }
    const bool masked = l->n_spans > 0 && covered(l, from, from + l->block, -1) > 0;
    return masked ? NAN : (float)(e / (double)l->block);
}

/* Block energies as soon as the filtered samples are there; a masked block has NaN. */
myo_err myo_lane_measure_blocks(myo_lane *l)
{
    const int64_t first = l->n_blocks_done, n = myo_lane_filtered(l) / l->block - first;
    if (n <= 0) {
        return MYO_OK;
    }
    MYO_TRY(myo_grow((void **)&l->blocks, &l->cap_blocks, l->n_blocks + (size_t)n, sizeof *l->blocks));
    float *e = l->blocks + l->n_blocks;
    myo_kern()->block_energies(e, l->x[0].v + (first * l->block - l->x[0].base), l->block, n);
    for (int64_t i = 0; i < n; i++) {
        e[i] = block_energy(l, (first + i) * l->block, e[i]);
    }
    l->n_blocks += (size_t)n;
    l->n_blocks_done += n;
    return MYO_OK;
}

/* The floor of epoch e from the blocks of e-1 .. e+1 that exist; NaN if all are masked. */
static double estimate_floor(const myo_lane *l, int64_t e)
{
    const int64_t first = l->n_blocks_done - (int64_t)l->n_blocks; /* number of blocks[0] */
    int64_t lo = (e - 1) * l->per_epoch, hi = (e + 2) * l->per_epoch;
    lo = lo < first ? first : lo;
    hi = hi > l->n_blocks_done ? l->n_blocks_done : hi;
    int64_t n = 0;
    for (int64_t b = lo; b < hi; b++) {
        if (!isnan(l->blocks[b - first])) {
            l->floor_work[n++] = l->blocks[b - first];
        }
    }
    return n > 0 ? myo_floor_estimate(l->floor_work, n, l->k->floor_q, l->block_dof) : NAN;
}

void myo_lane_next_floor(myo_lane *l, int64_t e)
{
    const myo_floor_rule rule = {l->k->floor_rise / 60.0, l->cfg.prior.active ? 2.0 : l->cfg.prior.rest ? 4.0 : 12.0, l->cfg.prior.floor, l->cfg.prior.least};
    const double before = l->floor;
    l->floor = myo_floor_step(&rule, before, estimate_floor(l, e), (double)l->epoch / l->cfg.fs);
    l->floor_before = before > 0.0 ? before : l->floor;
    l->totals.floor_sum += sqrt(l->floor);
    l->totals.n_floor++;
}
