/* axis.c - scales, ticks and axes. */
#include <math.h>
#include <string.h>
#include "report/axis.h"
#include "report/esc.h"

static const double ROOM_X = 52.0, ROOM_Y = 26.0; /* pixels between ticks, for their labels */
static const double TICK = 4.0;                   /* length, pixels */

/* ---- ranges and scales ---- */

void myo_range_meet(myo_range *r, double v) {
    if (!isfinite(v)) {
        return;
    }
    r->lo = !r->any || v < r->lo ? v : r->lo;
    r->hi = !r->any || v > r->hi ? v : r->hi;
    r->any = true;
}

/* 1, 2 or 5 times a power of ten, not less than v > 0. */
static double nice_above(double v) {
    const double power = pow(10.0, floor(log10(v)));
    const double m = v / power * (1.0 - 1e-9);
    return power * (m <= 1.0 ? 1.0 : m <= 2.0 ? 2.0 : m <= 5.0 ? 5.0 : 10.0);
}

/* A round value not far above v > 0: the end of an axis need not be a tick. */
static double close_above(double v) {
    static const double round_ones[] = {1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0};
    const double power = pow(10.0, floor(log10(v)));
    for (size_t i = 0; i < sizeof round_ones / sizeof round_ones[0]; i++) {
        if (v / power <= round_ones[i] * (1.0 + 1e-9)) {
            return power * round_ones[i];
        }
    }
    return 10.0 * power;
}

static double nice_below(double v) {
    return 1.0 / nice_above(1.0 / v);
}

static void widen_linear(myo_scale *s) {
    if (!(s->hi > s->lo)) {
        const double half = s->lo != 0.0 ? 0.5 * fabs(s->lo) : 0.5;
        s->lo -= half;
        s->hi += half;
    }
    const double step = nice_above((s->hi - s->lo) / 8.0);
    s->lo = step * floor(s->lo / step * (1.0 + (s->lo < 0.0 ? -1e-9 : 1e-9)));
    s->hi = step * ceil(s->hi / step * (1.0 + (s->hi < 0.0 ? 1e-9 : -1e-9)));
}

static void widen_log(myo_scale *s) {
    const double least = 1e-12, most = 1e12; /* no effect is further away */
    s->lo = nice_below(fmin(fmax(s->lo, least), most));
    s->hi = nice_above(fmin(fmax(s->hi, least), most));
    if (s->hi < 1.9 * s->lo) {
        s->lo = nice_below(s->lo / 1.5);
        s->hi = nice_above(s->hi * 1.5);
    }
}

myo_scale myo_scale_over(myo_scale_kind kind, const myo_range *r, double a, double b) {
    myo_scale s = {kind, r->any ? r->lo : 0.0, r->any ? r->hi : 1.0, a, b};
    if (kind == MYO_LOG) {
        s.lo = r->any && r->hi > 0.0 ? r->lo : 0.1;
        s.hi = r->any && r->hi > 0.0 ? r->hi : 10.0;
        widen_log(&s);
    } else if (kind == MYO_SQRT) {
        s.lo = 0.0;
        s.hi = s.hi > 0.0 ? close_above(1.03 * s.hi) : 1.0;
    } else {
        widen_linear(&s);
    }
    return s;
}

myo_scale myo_scale_exact(double lo, double hi, double a, double b) {
    return (myo_scale){MYO_LINEAR, lo, hi > lo ? hi : lo + 1.0, a, b};
}

int myo_scale_off(const myo_scale *s, double v) {
    return v < s->lo ? -1 : v > s->hi;
}

double myo_scale_at(const myo_scale *s, double v) {
    if (isnan(v)) {
        return NAN;
    }
    const double x = v < s->lo ? s->lo : v > s->hi ? s->hi : v;
    double share = 0.0;
    switch (s->kind) {
    case MYO_LINEAR:
        share = (x - s->lo) / (s->hi - s->lo);
        break;
    case MYO_LOG:
        share = log(x / s->lo) / log(s->hi / s->lo);
        break;
    case MYO_SQRT:
        share = sqrt(x / s->hi);
        break;
    }
    return s->a + share * (s->b - s->a);
}

/* ---- ticks ---- */

static void add_tick(myo_ticks *t, const myo_scale *s, double v, double room) {
    const double px = myo_scale_at(s, v);
    if (t->n < MYO_MAX_TICKS && myo_scale_off(s, v) == 0 &&
        (t->n == 0 || fabs(px - myo_scale_at(s, t->v[t->n - 1])) >= room)) {
        t->v[t->n++] = v;
    }
}

static myo_ticks linear_ticks(const myo_scale *s, double room) {
    myo_ticks t = {.n = 0};
    const double fit = fmax(1.0, floor(fabs(s->b - s->a) / room));
    const double step = nice_above((s->hi - s->lo) / fmin(fit, MYO_MAX_TICKS - 2));
    const double first = ceil(s->lo / step - 1e-9);
    for (double i = first; i * step <= s->hi + 1e-9 * step && t.n < MYO_MAX_TICKS; i += 1.0) {
        t.v[t.n++] = fabs(i) < 0.5 ? 0.0 : i * step;
    }
    return t;
}

/* Values of the series 1 2 5 10 ... from lo on, as close as the room allows: 1-2-5, else decades,
 * else every so many decades. */
static myo_ticks log_ticks(const myo_scale *s, double room) {
    static const double steps[] = {1.0, 2.0, 5.0};
    myo_ticks t = {.n = 0};
    const double per_decade = fabs(s->b - s->a) / log10(s->hi / s->lo);
    const int first = (int)floor(log10(s->lo) + 1e-9), last = (int)ceil(log10(s->hi) - 1e-9);
    const int n_steps = per_decade * log10(2.0) >= 0.75 * room ? 3 : 1;
    const int stride = (int)fmax(1.0, ceil(room / per_decade));
    for (int e = first; e <= last; e++) {
        for (int k = 0; k < n_steps && (e % stride) == 0; k++) {
            const double v = steps[k] * pow(10.0, e);
            if (v >= s->lo * (1.0 - 1e-9) && v <= s->hi * (1.0 + 1e-9) && t.n < MYO_MAX_TICKS) {
                t.v[t.n++] = v;
            }
        }
    }
    return t;
}

/* 0 and the 1-2-5 series, taken from the top down where there is room, then turned round. */
static myo_ticks sqrt_ticks(const myo_scale *s, double room) {
    static const double steps[] = {5.0, 2.0, 1.0};
    myo_ticks down = {.n = 0}, t = {.v = {0.0}, .n = 1};
    double power = pow(10.0, floor(log10(s->hi) + 1e-9));
    for (int decade = 0; decade < 6; decade++, power /= 10.0) {
        for (int k = 0; k < 3; k++) {
            const double v = steps[k] * power;
            if (v <= s->hi * (1.0 + 1e-9) && fabs(myo_scale_at(s, v) - s->a) >= room) {
                add_tick(&down, s, fmin(v, s->hi), room);
            }
        }
    }
    for (int i = down.n - 1; i >= 0 && t.n < MYO_MAX_TICKS; i--) {
        t.v[t.n++] = down.v[i];
    }
    return t;
}

myo_ticks myo_ticks_of(const myo_scale *s, double room) {
    switch (s->kind) {
    case MYO_LOG:
        return log_ticks(s, room);
    case MYO_SQRT:
        return sqrt_ticks(s, room);
    case MYO_LINEAR:
        break;
    }
    return linear_ticks(s, room);
}

/* ---- axes ---- */

static void label(char dst[32], double v) {
    myo_format_g(dst, 32, v, 6);
}

void myo_axis_x(myo_buf *b, const myo_scale *s, double y, double y_top, const char *name) {
    const myo_ticks t = myo_ticks_of(s, ROOM_X);
    myo_svg_line(b, "ax", s->a, y, s->b, y);
    for (int i = 0; i < t.n; i++) {
        char text[32];
        const double x = myo_scale_at(s, t.v[i]);
        label(text, t.v[i]);
        if (y_top < y) {
            myo_svg_line(b, "gr", x, y, x, y_top);
        }
        myo_svg_line(b, "ax", x, y, x, y + TICK);
        myo_svg_text(b, "tk", MYO_MIDDLE, x, y + 17.0, text);
    }
    if (name && name[0]) {
        myo_svg_text(b, "an", MYO_MIDDLE, 0.5 * (s->a + s->b), y + 35.0, name);
    }
}

void myo_axis_y(myo_buf *b, const myo_scale *s, double x, double x_right, const char *name) {
    const myo_ticks t = myo_ticks_of(s, ROOM_Y);
    myo_svg_line(b, "ax", x, s->a, x, s->b);
    for (int i = 0; i < t.n; i++) {
        char text[32];
        const double y = myo_scale_at(s, t.v[i]);
        label(text, t.v[i]);
        if (x_right > x) {
            myo_svg_line(b, "gr", x, y, x_right, y);
        }
        myo_svg_line(b, "ax", x - TICK, y, x, y);
        myo_svg_text(b, "tk", MYO_RIGHT, x - 7.0, y + 4.0, text);
    }
    if (name && name[0]) {
        myo_svg_text(b, "an", MYO_LEFT, x - 40.0, fmin(s->a, s->b) - 14.0, name);
    }
}

/* Steps of time that people count in, s. */
static double time_step(double least) {
    static const double steps[] = {1,   2,   5,    10,   15,   30,    60,    120,   300,
                                   600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        if (steps[i] >= least) {
            return steps[i];
        }
    }
    return 86400.0 * nice_above(least / 86400.0);
}

static void time_tick(myo_buf *b, const myo_scale *s, double v, double unit, double y,
                      double y_top) {
    char text[32];
    const double x = myo_scale_at(s, v);
    label(text, v / unit);
    if (y_top < y) {
        myo_svg_line(b, "gr", x, y, x, y_top);
    }
    myo_svg_line(b, "ax", x, y, x, y + TICK);
    myo_svg_text(b, "tk", MYO_MIDDLE, x, y + 17.0, text);
}

void myo_axis_time(myo_buf *b, const myo_scale *s, double y, double y_top) {
    const double span = s->hi - s->lo, fit = fmax(1.0, floor(fabs(s->b - s->a) / (1.5 * ROOM_X)));
    const double step = span / fit < 1.0 ? nice_above(span / fit) : time_step(span / fit);
    const double unit = step >= 3600.0 ? 3600.0 : step >= 60.0 ? 60.0 : step >= 0.5 ? 1.0 : 1e-3;
    const double first = ceil(s->lo / step - 1e-9);
    double last = s->a;
    myo_svg_line(b, "ax", s->a, y, s->b, y);
    for (int i = 0; (first + i) * step <= s->hi + 1e-9 * step && i < 4 * MYO_MAX_TICKS; i++) {
        const double v = fabs(first + i) < 0.5 ? 0.0 : (first + i) * step;
        time_tick(b, s, v, unit, y, y_top);
        last = myo_scale_at(s, v);
    }
    const char *name = unit == 3600.0 ? "h" : unit == 60.0 ? "min" : unit == 1.0 ? "s" : "ms";
    const bool room = s->b - last > 34.0;
    myo_svg_text(b, "tk", room ? MYO_RIGHT : MYO_LEFT, room ? s->b : s->b + 12.0, y + 17.0, name);
}
