/* ovs.c - overlap-save filter stage. */
#include <string.h>
#include "base/base.h"
#include "dsp/fft.h"
#include "dsp/ovs.h"
#include "kern/kern.h"

struct myo_ovs {
    int n_fft, half;      /* FFT length; D */
    const myo_fft *fft;
    float *response;      /* spectrum of the taps / n_fft */
    float *buf;           /* n_fft samples of the extended stream */
    float *spec, *time;
    float *tail;          /* D samples: the reflected end */
    int fill;             /* samples in buf */
    int64_t n_in;         /* real samples so far */
};

static int fft_length(int n_taps)
{
    int n = 1024;
    while (n < 8 * n_taps && n < (1 << 16)) {
        n *= 2;
    }
    while (n < 2 * n_taps) {
        n *= 2;
    }
    return n;
}

static void set_response(myo_ovs *o, const float *taps, int n_taps)
{
    memset(o->time, 0, sizeof *o->time * (size_t)o->n_fft);
    for (int i = 0; i < n_taps; i++) {
        o->time[i] = taps[i] / (float)o->n_fft;
    }
    myo_fft_forward(o->fft, o->time, o->response);
}

myo_err myo_ovs_new(myo_ovs **out, const float *taps, int n_taps)
{
    myo_ovs *o = myo_alloc(1, sizeof *o);
    if (!o) {
        return MYO_ERR_NOMEM;
    }
    o->n_fft = fft_length(n_taps);
    o->half = n_taps / 2;
    const size_t n = (size_t)o->n_fft;
    o->response = myo_alloc_aligned(n + 2, sizeof(float));
    o->buf = myo_alloc_aligned(n, sizeof(float));
    o->spec = myo_alloc_aligned(n + 2, sizeof(float));
    o->time = myo_alloc_aligned(n, sizeof(float));
    o->tail = myo_alloc((size_t)o->half, sizeof(float));
    if (!o->tail || !o->response || !o->buf || !o->spec || !o->time ||
        myo_fft_get(&o->fft, o->n_fft) != MYO_OK) {
        myo_ovs_free(&o);
        return MYO_ERR_NOMEM;
    }
    set_response(o, taps, n_taps);
    myo_ovs_reset(o);
    *out = o;
    return MYO_OK;
}

void myo_ovs_free(myo_ovs **o)
{
    if (*o) {
        myo_free((*o)->response);
        myo_free((*o)->buf);
        myo_free((*o)->spec);
        myo_free((*o)->time);
        myo_free((*o)->tail);
        myo_free(*o);
        *o = NULL;
    }
}

void myo_ovs_reset(myo_ovs *o)
{
    o->fill = o->half; /* room for the reflected start */
    o->n_in = 0;
}

int myo_ovs_min_length(const myo_ovs *o)
{
    return o->half + 1;
}

int myo_ovs_step(const myo_ovs *o)
{
    return o->n_fft - 2 * o->half;
}

int64_t myo_ovs_bound(const myo_ovs *o, int64_t n)
{
    return n + o->n_fft;
}

/* Filter the block in buf; its samples 2D .. fill-1 of the circular product are the valid ones. */
static int block(myo_ovs *o, float *out)
{
    memset(o->buf + o->fill, 0, sizeof *o->buf * (size_t)(o->n_fft - o->fill));
    myo_fft_forward(o->fft, o->buf, o->spec);
    myo_kern()->cmul(o->spec, o->response, o->n_fft / 2 + 1);
    myo_fft_inverse(o->fft, o->spec, o->time);
    const int valid = o->fill - 2 * o->half;
    memcpy(out, o->time + 2 * o->half, sizeof *out * (size_t)valid);
    memmove(o->buf, o->buf + valid, sizeof *o->buf * (size_t)(2 * o->half));
    o->fill = 2 * o->half;
    return valid;
}

static int64_t append(myo_ovs *o, const float *x, int64_t n, float *out)
{
    int64_t done = 0;
    while (n > 0) {
        const int room = o->n_fft - o->fill;
        const int take = n < room ? (int)n : room;
        memcpy(o->buf + o->fill, x, sizeof *x * (size_t)take);
        o->fill += take;
        x += take;
        n -= take;
        if (o->fill == o->n_fft) {
            done += block(o, out + done);
        }
    }
    return done;
}

/* Before the start is complete: reflect x[1..D] in front of x[0] once D + 1 samples are there. */
static int64_t take_start(myo_ovs *o, const float *x, int64_t n)
{
    const int64_t want = o->half + 1 - o->n_in;
    const int64_t take = n < want ? n : want;
    memcpy(o->buf + o->fill, x, sizeof *x * (size_t)take);
    o->fill += (int)take;
    o->n_in += take;
    if (o->n_in == o->half + 1) {
        for (int i = 0; i < o->half; i++) {
            o->buf[i] = o->buf[2 * o->half - i];
        }
    }
    return take;
}

int64_t myo_ovs_push(myo_ovs *o, const float *x, int64_t n, float *out)
{
    int64_t used = 0;
    if (n > 0 && o->n_in <= o->half) {
        used = take_start(o, x, n);
    }
    o->n_in += n - used;
    return append(o, x + used, n - used, out);
}

int64_t myo_ovs_finish(myo_ovs *o, float *out)
{
    if (o->n_in <= o->half) {
        return -1;
    }
    for (int i = 0; i < o->half; i++) {
        o->tail[i] = o->buf[o->fill - 2 - i];
    }
    int64_t done = append(o, o->tail, o->half, out);
    if (o->fill > 2 * o->half) {
        done += block(o, out + done);
    }
    return done;
}
