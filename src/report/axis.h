/* axis.h - from values to pixels, and ticks a reader can use. */
#ifndef MYO_REPORT_AXIS_H
#define MYO_REPORT_AXIS_H

#include "report/svg.h"

/* MYO_SQRT shows 0 and still spreads small values: for counts and rates. */
typedef enum myo_scale_kind { MYO_LINEAR, MYO_LOG, MYO_SQRT } myo_scale_kind;

typedef struct myo_scale {
    myo_scale_kind kind;
    double lo, hi; /* values at the ends, lo < hi; MYO_LOG: lo > 0; MYO_SQRT: lo = 0 */
    double a, b;   /* pixels of lo and hi; a > b on a vertical axis */
} myo_scale;

/* A scale over what was met, widened to whole ticks. Zero-initialise the range, meet values (not
 * finite ones are passed over; MYO_LOG passes over those not > 0), then make the scale; without any
 * value it is 0 to 1 (MYO_LOG: 0.1 to 10). */
typedef struct myo_range {
    double lo, hi;
    bool any;
} myo_range;
void myo_range_meet(myo_range *r, double v);
myo_scale myo_scale_over(myo_scale_kind kind, const myo_range *r, double a, double b);
/* From lo to hi exactly, as for time. */
myo_scale myo_scale_exact(double lo, double hi, double a, double b);

/* Pixel of v; beyond the ends it is the end's, NaN gives NaN. */
double myo_scale_at(const myo_scale *s, double v);
/* -1 below the axis, 1 above it, 0 on it (and for NaN). */
int myo_scale_off(const myo_scale *s, double v);

enum { MYO_MAX_TICKS = 24 };
typedef struct myo_ticks {
    double v[MYO_MAX_TICKS];
    int n;
} myo_ticks;
/* Nice values, at least `room` pixels apart. */
myo_ticks myo_ticks_of(const myo_scale *s, double room);

/* The axis along y (bottom), its tick labels and its name; grid lines up to y_top where y_top < y.
 */
void myo_axis_x(myo_buf *b, const myo_scale *s, double y, double y_top, const char *name);
/* The axis along x (left), grid lines to x_right; the name stands above its top end. */
void myo_axis_y(myo_buf *b, const myo_scale *s, double x, double x_right, const char *name);
/* Seconds, labelled in ms, s, min or h. */
void myo_axis_time(myo_buf *b, const myo_scale *s, double y, double y_top);

/* Labels beside marks, along y. */
enum { MYO_LABELS_MAX = 64 };
typedef struct myo_label_at {
    const char *text;
    double want, y; /* where its mark is; where the label goes */
} myo_label_at;
/* Sorts labels (MYO_LABELS_MAX at most) by `want` and sets y: in that order, `apart` from each
 * other, between top and bottom where there is room, and as near to their marks as that allows
 * (least squares). */
void myo_labels_spread(myo_label_at *l, size_t n, double apart, double top, double bottom);

#endif
