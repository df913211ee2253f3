/* gravity.c - a sensor at rest feels 1 g, whatever its file says (contract.md 4, reliability.md 4.2). */
#include <math.h>
#include <stdbool.h>
#include <string.h>
#include "base/base.h"
#include "io/channels.h"
#include "io/units.h"
#include "run/gravity.h"

/* ---- counts ---- */

/* Median length of a kept sample about (m, m, m), and the median distance from it. */
static double length_about(const myo_gravity *g, double m, float *work, double *spread)
{
    for (int64_t i = 0; i < g->n_kept; i++) {
        double ss = 0.0;
        for (int a = 0; a < MYO_MAX_AXES; a++) {
            const double x = (double)g->kept[a][i] - m;
            ss += x * x;
        }
        work[i] = (float)sqrt(ss);
    }
    myo_sort_f32(work, (size_t)g->n_kept);
    const double median = (double)work[g->n_kept / 2];
    for (int64_t i = 0; i < g->n_kept; i++) {
        work[i] = fabsf(work[i] - (float)median);
    }
    myo_sort_f32(work, (size_t)g->n_kept);
    *spread = (double)work[g->n_kept / 2];
    return median;
}

/* Whole numbers from 0 to 2 m - 1 on every axis, about m, and 1 g being between a fortieth and 0.8 of m? */
static bool may_be_zero(const myo_gravity *g, double m, double length)
{
    for (int a = 0; a < MYO_MAX_AXES; a++) {
        if (g->lo[a] < 0.0f || (double)g->hi[a] > 2.0 * m - 1.0 || fabs(g->mean[a] - m) > 0.5 * m || g->least_step[a] < 1.0f) {
            return false;
        }
    }
    return length > m / 40.0 && length < 0.8 * m;
}

/* The middle of a converter that knows no negative numbers, where the samples lie about it; 0 else. Where the sensor was
 * turned, the right zero also keeps |a| steadier. */
static double middle_zero(const myo_gravity *g)
{
    static const int bits[] = {8, 10, 12, 14, 16, 24};
    float *work = g->n_kept > 0 ? myo_alloc((size_t)g->n_kept, sizeof *work) : NULL;
    double zero = 0.0, plain = 0.0;
    for (size_t k = 0; work && k < sizeof bits / sizeof bits[0] && zero == 0.0; k++) {
        const double m = ldexp(1.0, bits[k] - 1);
        double spread;
        if (may_be_zero(g, m, length_about(g, m, work, &spread))) {
            length_about(g, 0.0, work, &plain);
            zero = plain < 0.7 * spread ? 0.0 : m;
        }
    }
    myo_free(work);
    return zero;
}

/* Sensors and programs that take gravity off say so. */
static bool is_linear(const char *label)
{
    char lower[MYO_LABEL_MAX];
    size_t i = 0;
    for (; label[i] && i + 1 < sizeof lower; i++) {
        lower[i] = label[i] >= 'A' && label[i] <= 'Z' ? (char)(label[i] - 'A' + 'a') : label[i];
    }
    lower[i] = '\0';
    return strstr(lower, "linear") || strstr(lower, "linacc") || strstr(lower, "useracc");
}

static void scale_counts(myo_plan_lane *l, const myo_gravity *g, myo_diag *d)
{
    const double zero = middle_zero(g);
    double one_g = g->norm_sum / (double)g->norm_n;
    if (zero > 0.0) {
        double sum = 0.0;
        for (int64_t i = 0; i < g->n_kept; i++) {
            const double x = (double)g->kept[0][i] - zero, y = (double)g->kept[1][i] - zero, z = (double)g->kept[2][i] - zero;
            sum += sqrt(x * x + y * y + z * z);
        }
        one_g = sum / (double)g->n_kept;
    }
    if (!(one_g > 0.0)) {
        return;
    }
    for (int a = 0; a < MYO_MAX_AXES; a++) {
        l->cfg.prior.offset[a] = zero;
    }
    l->cfg.prior.scale = 1.0 / one_g;
    l->cfg.calibrated = true;
    snprintf(l->unit, sizeof l->unit, "g");
    myo_plan_flag(l, "scale_from_gravity");
    if (zero > 0.0) {
        myo_plan_flag(l, "zero_at_middle");
        myo_warn(d, "channel %s: scale found from gravity (%g file units are 1 g, %g is 0, the middle of its range); "
                 "amplitudes are in g", l->name, one_g, zero);
    } else {
        myo_warn(d, "channel %s: scale found from gravity (%g file units are 1 g); amplitudes are in g", l->name, one_g);
    }
}

/* ---- a stated unit ---- */

/* Units that get mixed up, and the length of gravity where they were, in g by the stated one. */
static const struct { const char *stated, *right; double norm, size; } mixed[] = {
    {"m/s^2", "g", 1.0 / 9.80665, 1.0 / 9.80665}, {"m/s^2", "mg", 1e3 / 9.80665, 1.0 / 9.80665},
    {"g", "m/s^2", 9.80665, 1.0},                 {"g", "mg", 1e3, 1.0},
    {"mg", "g", 1e-3, 1e-3},                      {"mg", "m/s^2", 9.80665e-3, 1e-3},
};

static bool states(const myo_channel *c, double size)
{
    double scale;
    return myo_unit_find(c->file_unit, &scale) == MYO_DIM_ACCEL && fabs(scale / size - 1.0) < 1e-6;
}

static void check_unit(myo_plan_lane *l, double norm, const myo_channel *c, myo_diag *d)
{
    for (size_t i = 0; i < sizeof mixed / sizeof mixed[0]; i++) {
        if (fabs(norm / mixed[i].norm - 1.0) < 0.2 && states(c, mixed[i].size)) {
            l->cfg.prior.scale = 1.0 / mixed[i].norm;
            myo_plan_flag(l, "unit_from_gravity");
            myo_warn(d, "channel %s: gravity is %.3g %s by the stated unit, but would be right in %s; taken as %s", l->name,
                     norm / mixed[i].size, mixed[i].stated, mixed[i].right, mixed[i].right);
            return;
        }
    }
    if (norm < 0.5 || norm > 2.0) {
        myo_plan_flag(l, "gravity_implausible");
        myo_warn(d, "channel %s: gravity is not plausible (found %.3g g, expected 0.5-2 g)", l->name, norm);
    }
}

/* Fewer than three axes may lie level and feel nothing, but never feel more than all of gravity. */
static void check_some_axes(myo_plan_lane *l, const myo_gravity *g, myo_diag *d)
{
    double ss = 0.0;
    for (int a = 0; a < l->cfg.n_axes; a++) {
        ss += g->mean[a] * g->mean[a];
    }
    if (l->cfg.calibrated && sqrt(ss) > 2.0) {
        myo_plan_flag(l, "gravity_implausible");
        myo_warn(d, "channel %s: gravity is not plausible (found %.3g g, expected up to 2 g)", l->name, sqrt(ss));
    }
}

/* Does an axis that never changes make the length of gravity unknown? */
static bool has_dead_axis(const myo_plan_lane *l, const myo_gravity *g)
{
    for (int a = 0; a < l->cfg.n_axes; a++) {
        if (!(g->lo[a] < g->hi[a])) {
            return true;
        }
    }
    return false;
}

/* What was promised of a sensor with three axes, where one of them tells nothing. */
static void tell_no_scale(const myo_plan_lane *l, const myo_channel *first, const myo_recinfo *info, myo_diag *d)
{
    if (!l->cfg.calibrated && myo_sensor_axes(info, first) == MYO_MAX_AXES) {
        myo_warn(d, "channel %s: gravity cannot tell the scale without one of its axes; amplitudes are in file units",
                 l->name);
    }
}

void myo_gravity_judge(myo_plan_lane *l, const myo_gravity *g, const myo_recinfo *info, myo_diag *d)
{
    const myo_channel *first = &info->ch[l->ch[0]];
    if (l->cfg.kind != MYO_KIND_ACC) {
        return;
    }
    if (g->norm_n == 0) {
        check_some_axes(l, g, d);
        tell_no_scale(l, first, info, d);
    } else if (is_linear(first->label) || is_linear(l->name)) {
        myo_plan_flag(l, "without_gravity");
        if (!l->cfg.calibrated) {
            myo_warn(d, "channel %s: no gravity in a linear acceleration that could tell its scale; amplitudes are in file "
                     "units", l->name);
        }
    } else if (l->cfg.calibrated) {
        check_unit(l, g->norm_sum / (double)g->norm_n, first, d);
    } else if (!has_dead_axis(l, g)) {
        scale_counts(l, g, d);
    } else {
        tell_no_scale(l, first, info, d);
    }
}
