/* bursts.h - hand-made bursts and rhythm windows, and a group's events collected. */
#ifndef MYO_TEST_BURSTS_H
#define MYO_TEST_BURSTS_H

#include <check.h>
#include <math.h>
#include <string.h>
#include "base/base.h"
#include "event/group.h"

#define UNUSED_HERE __attribute__((unused))

enum { KIT_EVENTS = 12000, KIT_BURSTS = 20000 };

/* What a group handed on. */
typedef struct kit {
    myo_params p;
    myo_group *g;
    myo_cand e[KIT_EVENTS];
    myo_burst b[KIT_BURSTS];
    int n_e, n_b;
    int order;    /* calls so far, to see bursts after their events */
} kit;

static kit the; /* one test, one process */

static myo_err kit_event(void *user, const myo_cand *c)
{
    kit *k = user;
    ck_assert_int_lt(k->n_e, KIT_EVENTS);
    k->e[k->n_e++] = *c;
    return MYO_OK;
}

static myo_err kit_burst(void *user, const myo_burst *b)
{
    kit *k = user;
    ck_assert_int_lt(k->n_b, KIT_BURSTS);
    ck_assert_int_ge(b->event, 0);
    ck_assert_int_lt(b->event, k->n_e); /* always after its event's call */
    ck_assert(k->n_b == 0 || k->b[k->n_b - 1].on <= b->on);
    k->b[k->n_b++] = *b;
    return MYO_OK;
}

static UNUSED_HERE void kit_open(myo_kind kind)
{
    myo_params_defaults(&the.p);
    const myo_group_sink sink = {kit_event, kit_burst, &the};
    the.n_e = the.n_b = 0;
    ck_assert_int_eq(myo_group_new(&the.g, 3, kind, true, &the.p, &sink), MYO_OK);
}

static UNUSED_HERE void kit_advance(double until, int end)
{
    ck_assert_int_eq(myo_group_advance(the.g, until, end), MYO_OK);
}

static UNUSED_HERE void kit_close(void)
{
    myo_group_free(&the.g);
    ck_assert_ptr_null(the.g);
}

static UNUSED_HERE void kit_end(double until)
{
    kit_advance(until, 1);
    ck_assert_int_eq(myo_group_finish(the.g), MYO_OK);
    kit_close();
}

/* A plain muscle burst: 20 dB over a floor of 2 uV, even energy, its own shape. */
static UNUSED_HERE myo_burst burst_at(double on, double ms)
{
    myo_burst b = {.on = on, .off = on + ms / 1000.0, .event = -1, .peak = 60.0f, .rms = 20.0f, .noise = 2.0f,
                   .snr_db = 20.0f, .rise_ms = 10.0f, .fall_ms = 10.0f, .mdf_hz = 100.0f, .turns = 8.0f, .crest = 3.0f,
                   .area = 1.0f, .template_corr = 0.2f};
    b.peak_at = on + ms / 2000.0;
    for (int i = 0; i < 8; i++) {
        b.profile[i] = 0.125f;
    }
    return b;
}

static UNUSED_HERE void put_burst(myo_burst b)
{
    ck_assert_int_eq(myo_group_burst(the.g, &b), MYO_OK);
}

static UNUSED_HERE void put_at(double on, double ms)
{
    put_burst(burst_at(on, ms));
}

/* A 4-s window that shows a clear tremor. */
static UNUSED_HERE myo_window window_at(double on, double hz)
{
    return (myo_window){.on = on, .off = on + 4.0, .freq_hz = (float)hz, .height_db = 20.0f, .width_hz = 1.0f,
                        .share = 0.8f, .below_db = -20.0f, .focus = 0.2f, .amp = 0.1f,
                        .gait = {.step_s = 2.0f / (float)hz, .step_r = 0.8f, .again_r = 0.7f, .beat_r = 0.9f,
                                 .fill = 0.9f, .trough = 0.6f}};
}

static UNUSED_HERE void put_windows(double from, double to, double hz)
{
    for (double t = from; t < to; t += 1.0) {
        const myo_window w = window_at(t, hz);
        ck_assert_int_eq(myo_group_window(the.g, &w), MYO_OK);
    }
}

/* n bursts, one each `period`, of `ms`, jittered by +-jitter of the period. */
static UNUSED_HERE void put_train(double on, int n, double period, double ms, double jitter)
{
    myo_rng r;
    myo_rng_seed(&r, 5, 1);
    for (int i = 0; i < n; i++) {
        put_at(on + period * (i + jitter * (2.0 * myo_rng_uniform(&r) - 1.0)), ms);
    }
}

#endif
