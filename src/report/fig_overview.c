/* fig_overview.c - a whole recording at a glance: a lane for each channel with its signal, where
 * that is known, and its events, each class in a row of its own. */
#include <math.h>
#include <string.h>
#include "report/axis.h"
#include "report/close.h"
#include "report/esc.h"
#include "report/paint.h"
#include "report/signal.h"

enum { MAX_LANES = 64, COLUMNS = 1560 }; /* columns of half a pixel: what is closer is one mark */
static const double WIDTH = 960.0, LEFT = 150.0, RIGHT = 916.0, LEGEND_H = 18.0;
static const double SLOT_H = 7.0, STRIP_H = 30.0, LANE_PAD = 5.0, FOOT_H = 34.0;

typedef struct overview {
    const myo_close *c;
    myo_scale x;
    int slot[MYO_N_CLASS]; /* row of a class within a lane; -1: not in this recording */
    int n_slots, n_lanes;
    double strip_h, lane_h, height;
    double top;
} overview;

static void draw_key(myo_buf *b, int type, const char *text, double x, double y) {
    char cls[16];
    snprintf(cls, sizeof cls, "k %s", myo_paint_class((myo_class)type));
    myo_svg_group(b, cls);
    myo_svg_rect(b, "ev", x, y + 4.0, 12.0, 10.0);
    myo_svg_group_end(b);
    myo_svg_text(b, "s", MYO_LEFT, x + 17.0, y + 13.0, text);
}

/* Classes and their counts, on as many lines as they need; returns its height. b NULL: only
 * measured. */
static double legend(myo_buf *b, const overview *f) {
    double x = LEFT, y = 0.0;
    for (int type = 0; type < MYO_N_CLASS; type++) {
        char text[64];
        if (f->slot[type] < 0) {
            continue;
        }
        snprintf(text, sizeof text, "%s (%zu)", myo_class_name((myo_class)type), f->c->n_of[type]);
        const double w = 33.0 + myo_svg_text_width(text, 11.0);
        if (x + w > RIGHT) {
            x = LEFT;
            y += LEGEND_H;
        }
        if (b) {
            draw_key(b, type, text, x, y);
        }
        x += w;
    }
    if (f->n_slots == 0 && b) {
        myo_svg_text(b, "s so", MYO_LEFT, LEFT, 13.0, "no event of any class in any channel");
    }
    return y + LEGEND_H;
}

static void lay_out(overview *f) {
    const double end = f->c->start_s + f->c->duration_s;
    f->x = myo_scale_exact(f->c->start_s, end, LEFT, RIGHT);
    for (int k = 0; k < MYO_N_CLASS; k++) {
        f->slot[k] = f->c->n_of[k] > 0 ? f->n_slots++ : -1;
    }
    f->n_lanes = f->c->n_lanes < MAX_LANES ? f->c->n_lanes : MAX_LANES;
    f->strip_h = f->c->signal ? STRIP_H : 0.0;
    f->top = legend(NULL, f) + 10.0;
    f->lane_h = f->strip_h + fmax(f->n_slots * SLOT_H, f->c->signal ? 0.0 : 14.0) + 2.0 * LANE_PAD;
    f->height = f->top + f->n_lanes * f->lane_h + FOOT_H;
}

/* ---- marks ---- */

static int column(const overview *f, double t) {
    const double share = (myo_scale_at(&f->x, t) - LEFT) / (RIGHT - LEFT);
    return (int)fmin(share * COLUMNS, COLUMNS - 1);
}

/* Runs of marked columns as one path; a run is as wide as its events, one pixel at least. */
static void draw_runs(myo_buf *b, const unsigned char *mark, double y) {
    const double px = (RIGHT - LEFT) / COLUMNS;
    myo_svg_path p;
    myo_svg_path_start(&p, b, "ev");
    for (int i = 0; i < COLUMNS; i++) {
        if (!mark[i]) {
            continue;
        }
        int end = i + 1;
        while (end < COLUMNS && mark[end]) {
            end++;
        }
        const double x = LEFT + px * i, w = fmax(px * (end - i), 1.2), h = SLOT_H - 1.0;
        myo_svg_path_move(&p, x, y);
        myo_svg_path_line(&p, x + w, y);
        myo_svg_path_line(&p, x + w, y + h);
        myo_svg_path_line(&p, x, y + h);
        i = end;
    }
    myo_svg_path_end(&p);
}

static void draw_slot(myo_buf *b, const overview *f, const unsigned char *mark, int type,
                      double y) {
    char cls[16];
    if (!memchr(mark, 1, COLUMNS)) {
        return;
    }
    snprintf(cls, sizeof cls, "k %s", myo_paint_class((myo_class)type));
    myo_svg_group(b, cls);
    draw_runs(b, mark, y + f->slot[type] * SLOT_H);
    myo_svg_group_end(b);
}

/* marks[(lane * n_slots + slot) * COLUMNS + column] */
static void find_marks(const overview *f, unsigned char *marks) {
    for (size_t i = 0; i < f->c->n_events; i++) {
        const myo_close_event *e = &f->c->event[i];
        if (e->lane < f->n_lanes) {
            const size_t row = (size_t)(e->lane * f->n_slots + f->slot[e->type]);
            const int from = column(f, e->on), to = column(f, e->off);
            memset(marks + row * COLUMNS + from, 1, (size_t)(to - from + 1));
        }
    }
}

/* ---- signals ---- */

enum { BINS = 780 }; /* one a pixel */

/* Half the height stands for `half`: the largest value either side of the middle. */
static double middle_of(const myo_overview *s, double *half) {
    myo_range range = {0};
    for (int i = 0; i < s->n_bins; i++) {
        myo_range_meet(&range, (double)s->lo[i]);
        myo_range_meet(&range, (double)s->hi[i]);
    }
    *half = 0.5 * (range.hi - range.lo);
    return 0.5 * (range.hi + range.lo);
}

/* A bar from the least to the largest value of each span, as one path. */
static void draw_bars(myo_buf *b, const overview *f, const myo_overview *s, double middle,
                      double half, double y) {
    const double h = STRIP_H - 4.0, step = (s->to_s - s->from_s) / s->n_bins;
    myo_svg_path p;
    myo_svg_path_start(&p, b, "strip");
    for (int i = 0; i < s->n_bins && half > 0.0; i++) {
        if (isfinite(s->lo[i]) && isfinite(s->hi[i])) {
            const double x = myo_scale_at(&f->x, s->from_s + (i + 0.5) * step);
            const double top = y + h * (0.5 - ((double)s->hi[i] - middle) / (2.0 * half));
            const double low = y + h * (0.5 - ((double)s->lo[i] - middle) / (2.0 * half));
            myo_svg_path_move(&p, x, top);
            myo_svg_path_line(&p, x, fmax(low, top + 0.5));
        }
    }
    myo_svg_path_end(&p);
}

static myo_err draw_strip(myo_buf *b, const overview *f, int lane, double y) {
    myo_overview s;
    bool found = false;
    MYO_TRY(myo_signal_overview(f->c->signal, f->c->lane[lane].name, BINS, &s, &found));
    if (found) {
        char text[32 + MYO_UNIT_MAX];
        double half = 0.0;
        const double middle = middle_of(&s, &half);
        draw_bars(b, f, &s, middle, half, y);
        myo_esc_number(text, 2.0 * half, 3);
        snprintf(text + strlen(text), MYO_UNIT_MAX, " %s", s.unit);
        myo_svg_text(b, "s so", MYO_RIGHT, LEFT - 10.0, y + (STRIP_H - 4.0) / 2.0 + 17.0, text);
    }
    return MYO_OK;
}

/* ---- lanes ---- */

static double lane_y(const overview *f, int lane) {
    return f->top + lane * f->lane_h;
}

static myo_err draw_lane(myo_buf *b, const overview *f, const unsigned char *marks, int lane) {
    const myo_close_lane *l = &f->c->lane[lane];
    const double y = lane_y(f, lane), events_y = y + LANE_PAD + f->strip_h;
    size_t n = 0;
    if (lane % 2 == 0) {
        myo_svg_rect(b, "band", LEFT, y, RIGHT - LEFT, f->lane_h);
    }
    const double middle = f->c->signal ? LANE_PAD + (STRIP_H - 4.0) / 2.0 : f->lane_h / 2.0;
    myo_svg_fit(b, "s", MYO_RIGHT, LEFT - 10.0, y + middle + 4.0, LEFT - 14.0, 11.0, l->name);
    if (f->c->signal) {
        MYO_TRY(draw_strip(b, f, lane, y + LANE_PAD));
    }
    for (int type = 0; type < MYO_N_CLASS; type++) {
        if (f->slot[type] >= 0) {
            const unsigned char *mark =
                marks + (size_t)(lane * f->n_slots + f->slot[type]) * COLUMNS;
            n += memchr(mark, 1, COLUMNS) != NULL;
            draw_slot(b, f, mark, type, events_y);
        }
    }
    if (n == 0 && !f->c->signal) {
        myo_svg_text(b, "s so", MYO_MIDDLE, (LEFT + RIGHT) / 2.0, y + f->lane_h / 2.0 + 4.0,
                     l->usable_s > 0.0 ? "no event" : "no usable signal");
    }
    return MYO_OK;
}

static myo_err draw_all(myo_buf *b, const overview *f, const unsigned char *marks) {
    const double base = lane_y(f, f->n_lanes);
    legend(b, f);
    for (int lane = 0; lane < f->n_lanes; lane++) {
        MYO_TRY(draw_lane(b, f, marks, lane));
    }
    myo_axis_time(b, &f->x, base, base);
    return MYO_OK;
}

static void caption(myo_page *p, const overview *f) {
    myo_page_caption(p);
    myo_buf_puts(
        &p->b,
        "Events over the whole recording, a lane for each channel, a row and a colour for each "
        "class. Time from the first sample of the file; events closer than half a pixel run "
        "together.");
    if (f->c->signal) {
        myo_buf_puts(
            &p->b,
            " Above them the filtered signal, from its least to its largest value in each "
            "pixel, blank where nothing usable was recorded; each channel on a scale of its own, "
            "whose height stands at the left.");
    }
    if (f->n_lanes < f->c->n_lanes) {
        myo_buf_printf(&p->b, " Shown are the first %d of %d channels.", f->n_lanes, f->c->n_lanes);
    }
    myo_page_figure_end(p);
}

static myo_err draw_figure(overview *f, myo_page *p) {
    lay_out(f);
    unsigned char *marks =
        myo_alloc((size_t)(f->n_lanes * f->n_slots) * COLUMNS + 1, sizeof *marks);
    if (!marks) {
        return MYO_ERR_NOMEM;
    }
    find_marks(f, marks);
    myo_page_figure(p);
    myo_svg_begin(
        &p->b, &(myo_svg_head){WIDTH, f->height, p->n_ids, "Events over time",
                               "Channels as lanes with their events as coloured marks; the table "
                               "below has their numbers."});
    const myo_err e = draw_all(&p->b, f, marks);
    myo_svg_end(&p->b);
    caption(p, f);
    myo_free(marks);
    return e;
}

static myo_err draw(const myo_close *c, myo_page *p) {
    overview f = {.c = c};
    if (c->n_lanes == 0 || !(c->duration_s > 0.0)) {
        myo_page_para(p, "note", "No channel was analysed, so there is nothing to draw.");
        return MYO_OK;
    }
    return draw_figure(&f, p);
}

const myo_close_figure myo_fig_overview = {draw};
