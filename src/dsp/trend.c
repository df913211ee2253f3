/* trend.c - slow changes of a block fitted together with the tones it holds. */
#include <math.h>
#include <stdbool.h>
#include "base/base.h"
#include "dsp/trend.h"
#include "kern/kern.h"

/* v without its projection on u, of energy 1 / scale; returns their product. */
static double take_out(double *v, const float *u, double scale, int n)
{
    double dot = 0.0;
    for (int i = 0; i < n; i++) {
        dot += v[i] * (double)u[i];
    }
    for (int i = 0; i < n; i++) {
        v[i] -= scale * dot * (double)u[i];
    }
    return dot;
}

static double legendre(int degree, double t)
{
    return degree == 1 ? t : degree == 2 ? 1.5 * t * t - 0.5 : (2.5 * t * t - 1.5) * t;
}

/* Polynomial d and what it has beside the tones and the lower ones. False: next to nothing, as where the tones have but
 * few periods in a block. */
static bool make(myo_trends *t, int d, const float *const *tone, int n_tones, double (*of)[MYO_TRENDS], double *v)
{
    const int n = t->block;
    double whole = 0.0, left = 0.0;
    for (int i = 0; i < n; i++) {
        v[i] = legendre(d + 1, (2.0 * i + 1.0) / n - 1.0);
        whole += v[i] * v[i];
    }
    for (int k = 0; k < n_tones; k++) {
        of[k][d] = 2.0 / n * take_out(v, tone[k], 2.0 / n, n);
    }
    for (int e = 0; e < d; e++) {
        t->mix[d][e] = take_out(v, t->wave[e], 1.0, n);
    }
    for (int i = 0; i < n; i++) {
        left += v[i] * v[i];
    }
    if (left < 0.5 * whole) {
        return false;
    }
    t->mix[d][d] = sqrt(left);
    for (int i = 0; i < n; i++) {
        t->wave[d][i] = (float)(v[i] / t->mix[d][d]);
    }
    return true;
}

myo_err myo_trends_new(myo_trends *t, int block, const float *const *tone, int n_tones, double (*of)[MYO_TRENDS])
{
    double *v = myo_alloc((size_t)block, sizeof *v);
    *t = (myo_trends){.block = block};
    bool room = v != NULL;
    for (int d = 0; d < MYO_TRENDS; d++) {
        t->wave[d] = myo_alloc_aligned((size_t)block, sizeof(float));
        room = room && t->wave[d];
    }
    while (room && t->n < MYO_TRENDS && make(t, t->n, tone, n_tones, of, v)) {
        t->n++;
    }
    myo_free(v);
    if (!room) {
        myo_trends_clear(t);
    }
    return room ? MYO_OK : MYO_ERR_NOMEM;
}

double myo_trends_fit(const myo_trends *t, const float *x, double much[MYO_TRENDS])
{
    double energy = 0.0;
    for (int d = t->n - 1; d >= 0; d--) {
        const double along = (double)myo_kern()->dot(x, t->wave[d], t->block);
        energy += along * along;
        much[d] = along;
        for (int above = d + 1; above < t->n; above++) {
            much[d] -= much[above] * t->mix[above][d];
        }
        much[d] /= t->mix[d][d];
    }
    return energy;
}

void myo_trends_clear(myo_trends *t)
{
    for (int d = 0; d < MYO_TRENDS; d++) {
        myo_free(t->wave[d]);
    }
    *t = (myo_trends){0};
}
