/* stage.h - drives any streaming stage (ovs.h protocol) through cuttings of its input, and sees that no push writes more
 * than its bound promised. */
#ifndef MYO_TEST_STAGE_H
#define MYO_TEST_STAGE_H

#include "sig.h"

typedef struct stage {
    void *s;
    int64_t (*bound)(const void *s, int64_t n);
    int64_t (*push)(void *s, const float *x, int64_t n, float *out);
    int64_t (*finish)(void *s, float *out);
    void (*reset)(void *s);
    int64_t finish_room;              /* frames that finish may put out beyond bound(0) */
} stage;

enum { STAGE_POISON = 8, STAGE_RANDOM = 0 };
static const float stage_poison = -12345.0f;

/* Moves `made` frames from the poisoned scratch of `room` frames to out. */
static inline void stage_take(const float *scratch, int64_t room, int64_t made, float *out)
{
    ck_assert_int_le(made, room);
    for (int i = 0; i < STAGE_POISON; i++) {
        ck_assert_msg(scratch[room + i] == stage_poison, "wrote past its bound");
    }
    memcpy(out, scratch, sizeof *out * (size_t)made);
}

static inline float *stage_scratch(int64_t room)
{
    float *s = sig_new(room + STAGE_POISON);
    for (int i = 0; i < STAGE_POISON; i++) {
        s[room + i] = stage_poison;
    }
    return s;
}

/* For a stage that holds unfinished samples in the caller's array (mask.h), one at a time: that array. */
static inline float *stage_held(void)
{
    static float held[1 << 20];
    return held;
}

/* What it finished goes to out, `left` samples stay. */
static inline int64_t stage_ready(int64_t made, int64_t left, float *out)
{
    if (made > 0) {
        memcpy(out, stage_held(), sizeof *out * (size_t)made);
        memmove(stage_held(), stage_held() + made, sizeof *out * (size_t)left);
    }
    return made;
}

/* Pushes x[0..n) in pieces of `chunk` frames (STAGE_RANDOM: 0 .. 3000 at random). Frames out so far. */
static inline int64_t stage_push(const stage *st, const float *x, int64_t n, int64_t chunk, float *out)
{
    myo_rng r;
    int64_t done = 0;
    myo_rng_seed(&r, 77, 3);
    for (int64_t i = 0; i < n;) {
        int64_t take = chunk == STAGE_RANDOM ? (int64_t)(myo_rng_u32(&r) % 3001) : chunk;
        take = take < n - i ? take : n - i;
        const int64_t room = st->bound(st->s, take);
        float *scratch = stage_scratch(room);
        const int64_t made = st->push(st->s, x + i, take, scratch);
        ck_assert_int_ge(made, 0);
        stage_take(scratch, room, made, out + done);
        done += made;
        i += take;
        ck_assert_int_le(done, i);
        myo_free(scratch);
    }
    return done;
}

/* The whole stream; -1 where finish says the stream was too short. */
static inline int64_t stage_run(const stage *st, const float *x, int64_t n, int64_t chunk, float *out)
{
    const int64_t done = stage_push(st, x, n, chunk, out);
    const int64_t room = st->bound(st->s, 0) + st->finish_room;
    float *scratch = stage_scratch(room);
    const int64_t made = st->finish(st->s, scratch);
    if (made >= 0) {
        stage_take(scratch, room, made, out + done);
    }
    myo_free(scratch);
    return made < 0 ? -1 : done + made;
}

#endif
