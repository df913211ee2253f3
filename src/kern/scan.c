/* scan.c - what a scan needs before its first frame: the terms of each window, and rings of ones. */
#include <string.h>
#include "base/base.h"
#include "kern/scan.h"

/* The powers of two in w, the longest first. */
static void set_terms(myo_scan *s, myo_scan_scale *c, int w)
{
    int64_t lag = 0;
    for (int level = MYO_SCAN_LEVELS - 1; level >= 0; level--) {
        if (w >> level & 1) {
            c->term[c->n_terms++] = (myo_scan_term){level, lag};
            s->read[level] = true;
            lag += (int64_t)1 << level;
        }
    }
}

/* How far back level k is read, -1 for not at all: its own doubling, and the windows' terms. */
static int64_t depth_of(const myo_scan *s, int k)
{
    int64_t depth = k < s->n_levels - 1 ? (int64_t)1 << k : -1;
    for (int i = 0; i < s->n_scales; i++) {
        const myo_scan_scale *c = &s->scale[i];
        for (int t = 0; t < c->n_terms; t++) {
            depth = c->term[t].level == k && c->term[t].lag > depth ? c->term[t].lag : depth;
        }
    }
    return depth;
}

static int64_t ring_size(int64_t depth)
{
    int64_t size = 2 * MYO_SCAN_BLOCK;
    while (size < depth + MYO_SCAN_BLOCK) {
        size *= 2;
    }
    return size;
}

void myo_scan_reset(myo_scan *s)
{
    for (int k = 0; k < s->n_levels; k++) {
        for (int64_t i = 0; s->ring[k] && i <= s->mask[k] + MYO_SCAN_BLOCK; i++) {
            s->ring[k][i] = (float)(1 << k);
        }
    }
    s->at = 0;
}

myo_err myo_scan_init(myo_scan *s, int n_scales, const int *w, const float *on, const float *off)
{
    int64_t depth[MYO_SCAN_LEVELS], total = 0;
    memset(s, 0, sizeof *s);
    s->n_scales = n_scales;
    for (int i = 0; i < n_scales; i++) {
        if (w[i] < 1 || w[i] >> MYO_SCAN_LEVELS) {
            return MYO_ERR_PARAM;
        }
        s->scale[i].on = on[i];
        s->scale[i].off = off[i];
        set_terms(s, &s->scale[i], w[i]);
        const int levels = s->scale[i].term[0].level + 1;
        s->n_levels = levels > s->n_levels ? levels : s->n_levels;
    }
    for (int k = 0; k < s->n_levels; k++) {
        depth[k] = depth_of(s, k);
        total += depth[k] < 0 ? 0 : ring_size(depth[k]) + MYO_SCAN_BLOCK;
    }
    s->memory = myo_alloc_aligned((size_t)total, sizeof *s->memory);
    if (!s->memory) {
        return MYO_ERR_NOMEM;
    }
    float *at = s->memory;
    for (int k = 0; k < s->n_levels; k++) {
        if (depth[k] >= 0) {
            s->ring[k] = at;
            s->mask[k] = ring_size(depth[k]) - 1;
            at += s->mask[k] + 1 + MYO_SCAN_BLOCK;
        }
    }
    myo_scan_reset(s);
    return MYO_OK;
}

void myo_scan_free(myo_scan *s)
{
    myo_free(s->memory);
    memset(s, 0, sizeof *s);
}
