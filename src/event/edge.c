/* edge.c - how sure the edges of a burst are. */
#include <math.h>
#include <stdbool.h>
#include "event/edge.h"

/* What the band-pass adds to an edge: its 20-Hz corner smears a potential's slow part over some ms, on both sides alike.
 * On simulations the edges of strong bursts scatter by this much where noise no longer counts. */
static const double BLUR_MS[MYO_N_KIND] = {[MYO_KIND_EMG] = 1.0, [MYO_KIND_ACC] = 8.0};

/* Energy over noise of frame i, in units of the noise. */
static double over(const myo_burst_view *v, int64_t i)
{
    double s = 0.0;
    for (int a = 0; a < v->n_axes; a++) {
        s += (double)v->x[a][i] * v->x[a][i];
    }
    return s / (v->noise * v->noise) - 1.0;
}

/* Frames between the points where the energy, counted inwards from the margin, passes low and high. */
static double between(const myo_burst_view *v, int64_t from, int64_t to, double low, double high)
{
    const int way = from < to ? 1 : -1;
    int64_t n = 0, first = 0;
    double c = 0.0;
    bool begun = false;
    for (int64_t i = from; i != to; i += way, n++) {
        c += over(v, i);
        if (!begun && c >= low) {
            begun = true;
            first = n;
        }
        if (c >= high) {
            break;
        }
    }
    return (double)(n - first);
}

/* The edge lies where `share` of the energy T is counted. Noise moves that count: n frames of margin and edge add 2 n, and
 * the noise's product with the signal before the edge 4 share T, each over the degrees of freedom of a frame. The times at
 * which the count passes one such deviation less and more are a deviation away, however uneven the burst begins. */
static double edge_sd(const myo_burst_view *v, int64_t edge, int64_t margin, int64_t far, double total)
{
    const int64_t back = edge - 1 + margin < v->n ? edge - 1 + margin : v->n - 1;
    const int64_t from = edge > far ? back : edge > margin ? edge - margin : 0;
    const double at = v->edge_share * total;
    const double sd = sqrt((2.0 * (double)margin + 4.0 * at) / v->dof);
    return 0.5 * between(v, from, far, fmax(at - sd, 0.0), fmin(at + sd, 0.5 * total));
}

static float in_ms(const myo_burst_view *v, double frames)
{
    const double ms = 1000.0 * fmax(frames, 0.29) / v->fs; /* 0.29: a whole frame's rounding, 1 / sqrt(12) */
    return (float)sqrt(ms * ms + BLUR_MS[v->kind] * BLUR_MS[v->kind]);
}

void myo_edge_errors(myo_burst *b, const myo_burst_view *v)
{
    const int64_t margin = (int64_t)(v->kind == MYO_KIND_ACC ? 0.060 * v->fs : 0.010 * v->fs) + 1;
    double total = 0.0;
    for (int64_t i = v->on; i < v->off; i++) {
        total += over(v, i);
    }
    total = fmax(total, 1.0);
    b->onset_sd_ms = in_ms(v, edge_sd(v, v->on, margin, v->off, total));
    b->end_sd_ms = in_ms(v, edge_sd(v, v->off, margin, v->on - 1, total));
}

double myo_duration_sd_ms(double onset_sd_ms, double end_sd_ms)
{
    return sqrt(onset_sd_ms * onset_sd_ms + end_sd_ms * end_sd_ms);
}
