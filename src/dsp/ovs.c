/* ovs.c - overlap-save filter stage. */
#include <string.h>
#include "base/base.h"
#include "dsp/fft.h"
#include "dsp/ovs.h"
#include "kern/kern.h"

struct myo_ovs {
    int n_fft, half;      /* FFT length; D */
    int step;             /* outputs of a block: n_fft - 2D */
    const myo_fft *fft;
    float *response;      /* spectrum of the centred taps / n_fft: real, since they are symmetric; each value twice */
    float *buf;           /* n_fft + step samples of the extended stream: two blocks */
    float *z, *spec;      /* the two blocks as re and im; their spectrum */
    float *tail;          /* D samples: the reflected end */
    int fill;             /* samples in buf */
    int64_t n_in;         /* real samples so far */
};

/* Blocks go through a complex transform in pairs. That of 2048 points, still in the first cache, is the cheapest by far
 * per sample (0.45 of a real pair of 4096); four filter lengths lose but a quarter of it to the overlap. */
static int fft_length(int n_taps)
{
    int n = 1024;
    while (n < 4 * n_taps && n < (1 << 16)) {
        n *= 2;
    }
    while (n < 2 * n_taps) {
        n *= 2;
    }
    return n;
}

/* Taps about 0 on the circle. */
static void set_response(myo_ovs *o, const float *taps)
{
    memset(o->z, 0, 2 * sizeof *o->z * (size_t)o->n_fft);
    for (int i = -o->half; i <= o->half; i++) {
        o->z[2 * (i < 0 ? i + o->n_fft : i)] = taps[i + o->half] / (float)o->n_fft;
    }
    myo_fft_complex(o->fft, o->z, o->spec);
    for (int k = 0; k < o->n_fft; k++) {
        o->response[2 * k] = o->response[2 * k + 1] = o->spec[2 * k];
    }
}

myo_err myo_ovs_new(myo_ovs **out, const float *taps, int n_taps)
{
    myo_ovs *o = myo_alloc(1, sizeof *o);
    if (!o) {
        return MYO_ERR_NOMEM;
    }
    o->n_fft = fft_length(n_taps);
    o->half = n_taps / 2;
    o->step = o->n_fft - 2 * o->half;
    const size_t n = (size_t)o->n_fft;
    o->response = myo_alloc_aligned(2 * n, sizeof(float));
    o->buf = myo_alloc_aligned(n + (size_t)o->step, sizeof(float));
    o->z = myo_alloc_aligned(2 * n, sizeof(float));
    o->spec = myo_alloc_aligned(2 * n, sizeof(float));
    o->tail = myo_alloc((size_t)o->half, sizeof(float));
    if (!o->tail || !o->response || !o->buf || !o->z || !o->spec ||
        myo_fft_get_complex(&o->fft, o->n_fft) != MYO_OK) {
        myo_ovs_free(&o);
        return MYO_ERR_NOMEM;
    }
    set_response(o, taps);
    myo_ovs_reset(o);
    *out = o;
    return MYO_OK;
}

void myo_ovs_free(myo_ovs **o)
{
    if (*o) {
        myo_free((*o)->response);
        myo_free((*o)->buf);
        myo_free((*o)->z);
        myo_free((*o)->spec);
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
    return 2 * o->step;
}

int64_t myo_ovs_bound(const myo_ovs *o, int64_t n)
{
    return n + 2 * o->step;
}

/* The valid samples of both blocks to out: all of them, or (at the end) those of what was in buf. */
static void put_out(const myo_ovs *o, float *out, int valid)
{
    const float *z = o->z + 2 * o->half;
    if (valid == 2 * o->step) {
        myo_kern()->unzip(out, out + o->step, z, o->step);
        return;
    }
    for (int i = 0; i < valid; i++) {
        out[i] = i < o->step ? z[2 * i] : z[2 * (i - o->step) + 1];
    }
}

/* Filter the two blocks in z at once: taps are real, so what is re comes out as re and im as im. D .. n_fft - D of each
 * circular product are the valid samples. */
static int pair(myo_ovs *o, float *out, int valid)
{
    myo_fft_complex(o->fft, o->z, o->spec);
    myo_kern()->multiply(o->spec, o->response, 2 * o->n_fft);
    myo_fft_complex_inverse(o->fft, o->spec, o->z);
    put_out(o, out, valid);
    return valid;
}

/* Sample i of buf and of the x behind it. */
static const float *sample(const myo_ovs *o, const float *x, int i)
{
    return i < o->fill ? o->buf + i : x + (i - o->fill);
}

/* Both blocks into z, from buf and the x behind it, which is not copied first. */
static void zip_blocks(myo_ovs *o, const float *x)
{
    const int ends[] = {o->fill - o->step, o->fill, o->n_fft}; /* the second block leaves buf, then the first, then both end */
    int i = 0;
    for (int k = 0; k < 3; k++) {
        const int end = ends[k] < o->n_fft ? ends[k] : o->n_fft;
        if (end > i) {
            myo_kern()->zip(o->z + 2 * i, sample(o, x, i), sample(o, x, i + o->step), end - i);
            i = end;
        }
    }
}

/* What both blocks leave to the next ones: the last 2 D of all their samples. */
static void keep_overlap(myo_ovs *o, const float *x)
{
    const int all = o->n_fft + o->step, from = all - 2 * o->half, in_buf = o->fill > from ? o->fill - from : 0;
    memmove(o->buf, o->buf + from, sizeof *o->buf * (size_t)in_buf);
    memcpy(o->buf + in_buf, x + (from + in_buf - o->fill), sizeof *x * (size_t)(2 * o->half - in_buf));
    o->fill = 2 * o->half;
}

static int64_t append(myo_ovs *o, const float *x, int64_t n, float *out)
{
    int64_t done = 0;
    for (;;) {
        const int room = o->n_fft + o->step - o->fill;
        if (n < room) {
            break;
        }
        zip_blocks(o, x);
        keep_overlap(o, x);
        x += room;
        n -= room;
        done += pair(o, out + done, 2 * o->step);
    }
    if (n > 0) {
        memcpy(o->buf + o->fill, x, sizeof *x * (size_t)n);
        o->fill += (int)n;
    }
    return done;
}

/* What is left in buf, zeros behind it. */
static int64_t last_pair(myo_ovs *o, float *out)
{
    const int valid = o->fill - 2 * o->half;
    memset(o->buf + o->fill, 0, sizeof *o->buf * (size_t)(o->n_fft + o->step - o->fill));
    myo_kern()->zip(o->z, o->buf, o->buf + o->step, o->n_fft);
    return pair(o, out, valid);
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
        done += last_pair(o, out + done);
    }
    return done;
}
