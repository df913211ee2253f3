/* mark.c - where the scan has to look, and the scan there. */
#include <string.h>
#include "base/base.h"
#include "detect/mark.h"
#include "kern/kern.h"
#include "kern/scan.h"

enum {
    WORD = MYO_SCAN_BLOCK,
    LEAST_GRAIN = 8,    /* frames: of smaller ones there are too many */
    BACK = 4            /* words at a time, going back along a run */
};
static const float SURE = 1.0f - 1e-4f; /* sums of floats in another order differ by far less */

struct myo_marker {
    myo_msce rule;
    int64_t gap;
    myo_scan scan;
    int64_t lead;       /* words until the scan's bits hold, after frames left out */
    uint64_t *lead_bits;
    int grain;          /* frames, 0: scan everything */
    int64_t kept;       /* grains before the next frame: as the longest window needs */
    float *grains, *sums, *work;
    size_t cap_grains, cap_sums, cap_work;
    bool *may;          /* of each word: may a window pass its upper threshold? */
    size_t cap_may;
    int64_t at;         /* next frame to feed */
    int64_t scanned;    /* next frame for the scan, if it goes on */
    int64_t live;       /* an activity may last to this frame */
    bool seen;          /* it has an upper mark */
};

static int64_t words(int64_t frames)
{
    return (frames + WORD - 1) / WORD;
}

/* Grains that a window of w frames may touch. */
static int64_t cover(const myo_marker *k, int w)
{
    return (w + k->grain - 2) / k->grain + 1;
}

static void set_grain(myo_marker *k)
{
    const int shortest = k->rule.n_scales > 0 ? k->rule.w[0] : 0;
    int grain = WORD;
    while (grain > shortest) {
        grain /= 2;
    }
    k->grain = grain >= LEAST_GRAIN ? grain : 0;
    k->kept = k->grain > 0 ? cover(k, k->rule.w_max) : 0;
}

myo_err myo_marker_new(myo_marker **out, const myo_msce *rule, int64_t gap)
{
    myo_marker *k = myo_alloc(1, sizeof *k);
    if (!k) {
        return MYO_ERR_NOMEM;
    }
    k->rule = *rule;
    k->gap = gap;
    k->lead = words(rule->w_max);
    k->lead_bits = myo_alloc((size_t)(2 * k->lead + 1), sizeof *k->lead_bits);
    set_grain(k);
    myo_err err = k->lead_bits ? myo_scan_init(&k->scan, rule->n_scales, rule->w, rule->on, rule->off) : MYO_ERR_NOMEM;
    err = err == MYO_OK ? myo_grow((void **)&k->grains, &k->cap_grains, (size_t)k->kept + 1, sizeof *k->grains) : err;
    if (err != MYO_OK) {
        myo_marker_free(&k);
        return err;
    }
    myo_marker_reset(k);
    *out = k;
    return MYO_OK;
}

void myo_marker_free(myo_marker **marker)
{
    myo_marker *k = *marker;
    if (k) {
        myo_scan_free(&k->scan);
        myo_free(k->lead_bits);
        myo_free(k->grains);
        myo_free(k->sums);
        myo_free(k->work);
        myo_free(k->may);
        myo_free(k);
        *marker = NULL;
    }
}

void myo_marker_reset(myo_marker *k)
{
    myo_scan_reset(&k->scan);
    for (int64_t i = 0; i < k->kept; i++) {
        k->grains[i] = 1.0f; /* as noise has it on the average */
    }
    k->at = k->scanned = k->live = 0;
    k->seen = false;
}

/* ---- the scan ---- */

static void scan(myo_marker *k, const float *u, int64_t n, uint64_t *on, uint64_t *off)
{
    const myo_scan_in in = {.x = {u}, .n = n};
    myo_kern()->scan(&k->scan, &in, on, off);
}

/* Words [from, to) of the call; behind a jump, the scan first sees what its windows hold. */
static void scan_words(myo_marker *k, const float *u, int64_t n, int64_t from, int64_t to, uint64_t *on, uint64_t *off)
{
    const int64_t first = k->at + from * WORD, end = to * WORD < n ? to * WORD : n;
    if (first != k->scanned) {
        int64_t lead = k->lead * WORD;
        if (lead >= first) {
            lead = first;
            myo_scan_reset(&k->scan);
        }
        scan(k, u + from * WORD - lead, lead, k->lead_bits, k->lead_bits + k->lead);
    }
    scan(k, u + from * WORD, end - from * WORD, on + from, off + from);
    k->scanned = k->at + end;
}

/* ---- where it has to look ---- */

/* Grains of the new frames behind those kept. */
static myo_err add_grains(myo_marker *k, const float *u, int64_t n_grains)
{
    MYO_TRY(myo_grow((void **)&k->grains, &k->cap_grains, (size_t)(k->kept + n_grains), sizeof *k->grains));
    MYO_TRY(myo_grow((void **)&k->sums, &k->cap_sums, (size_t)n_grains + 1, sizeof *k->sums));
    MYO_TRY(myo_grow((void **)&k->work, &k->cap_work, (size_t)(2 * (k->kept + n_grains)) + 1, sizeof *k->work));
    myo_kern()->means(k->grains + k->kept, u, k->grain, n_grains);
    return MYO_OK;
}

/* Words with a grain at which the windows of scale i may end beyond the upper threshold. */
static void find_scale(myo_marker *k, int i, int64_t n_grains)
{
    const int64_t w = cover(k, k->rule.w[i]), each = WORD / k->grain;
    const float most = k->rule.on[i] * SURE / (float)k->grain;
    const myo_kernels *kern = myo_kern();
    myo_window_sums(k->sums, k->grains + k->kept - (w - 1), n_grains, (int)w, k->work);
    for (int64_t j = 0; (j += kern->below(k->sums + j, most, n_grains - j)) < n_grains; j = (j / each + 1) * each) {
        k->may[j / each] = true;
    }
}

/* The last word too, always: what goes on behind it must be known to its beginning. */
static myo_err find_words(myo_marker *k, const float *u, int64_t n)
{
    const int64_t n_words = words(n), n_grains = n / k->grain;
    MYO_TRY(myo_grow((void **)&k->may, &k->cap_may, (size_t)n_words, sizeof *k->may));
    MYO_TRY(add_grains(k, u, n_grains));
    /* No number compares as it should: then everything is looked at. */
    const bool all = myo_kern()->present(k->grains, k->kept + n_grains) < k->kept + n_grains;
    memset(k->may, all, (size_t)n_words * sizeof *k->may);
    for (int i = 0; i < k->rule.n_scales && !all; i++) {
        find_scale(k, i, n_grains);
    }
    k->may[n_words - 1] = true;
    memmove(k->grains, k->grains + n_grains, sizeof *k->grains * (size_t)k->kept);
    return MYO_OK;
}

/* After word w was scanned: for how long must the next ones be? */
static void go_on(myo_marker *k, int64_t w, uint64_t on, uint64_t off)
{
    k->seen = k->seen || on != 0;
    if (k->seen && off != 0) {
        k->live = k->at + (w + 1) * WORD + k->gap + 1;
    }
}

static void scan_where(myo_marker *k, const float *u, int64_t n, uint64_t *on, uint64_t *off)
{
    int64_t done = 0;
    for (int64_t w = 0; w < words(n); w++) {
        const bool live = k->at + w * WORD < k->live;
        k->seen = k->seen && live;
        if (!k->may[w] && !live) {
            continue;
        }
        int64_t from = w > done ? w - 1 : w;
        scan_words(k, u, n, from, w + 1, on, off);
        while (from > done && (off[from] & 1) != 0) {
            const int64_t to = from;
            from = from - BACK < done ? done : from - BACK;
            scan_words(k, u, n, from, to, on, off);
        }
        go_on(k, w, on[w], off[w]);
        done = w + 1;
    }
}

myo_err myo_marker_feed(myo_marker *k, const float *u, int64_t n, uint64_t *on, uint64_t *off)
{
    if (n <= 0) {
        return MYO_OK;
    }
    if (k->grain == 0 || k->rule.n_scales == 0) {
        scan(k, u, n, on, off);
        return MYO_OK;
    }
    memset(on, 0, sizeof *on * (size_t)words(n));
    memset(off, 0, sizeof *off * (size_t)words(n));
    MYO_TRY(find_words(k, u, n));
    scan_where(k, u, n, on, off);
    k->at += n;
    return MYO_OK;
}
