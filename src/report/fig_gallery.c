/* fig_gallery.c - a few events of each class as the detector saw them: the raw signal, the filtered
 * one with its envelope and threshold, and the edges that were found. */
#include <math.h>
#include <string.h>
#include "report/axis.h"
#include "report/close.h"
#include "report/esc.h"
#include "report/paint.h"
#include "report/signal.h"

enum { PER_CLASS = 3, COLUMNS = 260 };
static const double WIDTH = 960.0, PANEL_W = 250.0, GAP = 62.0, LEFT = 52.0;
static const double HEAD_H = 46.0, RAW_H = 56.0, FILTERED_H = 88.0, INNER = 22.0, FOOT_H = 34.0;
static const double LEAST_MARGIN_S = 0.05, MOST_MARGIN_S = 2.0, MOST_SPAN_S = 30.0;

/* ---- which events ---- */

static int by_confidence(const void *a, const void *b) {
    const myo_close_event *p = *(const myo_close_event *const *)a,
                          *q = *(const myo_close_event *const *)b;
    const double cp = isnan(p->confidence) ? -1.0 : p->confidence;
    const double cq = isnan(q->confidence) ? -1.0 : q->confidence;
    if (cp != cq) {
        return cp > cq ? -1 : 1;
    }
    return (p->id > q->id) - (p->id < q->id);
}

/* The most certain, the middle and the least certain event of a class: the typical and the
 * doubtful. -1 without memory. */
static int choose(const myo_close *c, int type, const myo_close_event **out) {
    const myo_close_event **all = myo_alloc(c->n_of[type] + 1, sizeof *all);
    size_t n = 0;
    int chosen = 0;
    for (size_t i = 0; all && i < c->n_events; i++) {
        if (c->event[i].type == type) {
            all[n++] = &c->event[i];
        }
    }
    if (n > 0) {
        myo_sort_in_place(all, n, sizeof *all, by_confidence);
        const size_t at[PER_CLASS] = {0, n / 2, n - 1};
        for (int k = 0; k < PER_CLASS; k++) {
            if (k == 0 || at[k] != at[k - 1]) {
                out[chosen++] = all[at[k]];
            }
        }
    }
    const int found = all ? chosen : -1;
    myo_free(all);
    return found;
}

/* ---- one event ---- */

typedef struct panel {
    const myo_close *c;
    const myo_close_event *e;
    myo_trace cut;
    bool found;
    myo_scale x, raw, filtered;
    double left, top;
    int place; /* 0 most certain, 1 middle, 2 least */
} panel;

static double raw_top(const panel *p) {
    return p->top + HEAD_H;
}

static double filtered_top(const panel *p) {
    return raw_top(p) + RAW_H + INNER;
}

static double base(const panel *p) {
    return filtered_top(p) + FILTERED_H;
}

static void meet_all(myo_range *r, const float *v, int64_t n) {
    for (int64_t i = 0; v && i < n; i++) {
        myo_range_meet(r, (double)v[i]);
    }
}

static double time_of(const panel *p, int64_t i) {
    return p->cut.start_s + (double)i / p->cut.fs - p->e->on;
}

static void make_scales(panel *p) {
    myo_range raw = {0}, filtered = {0};
    meet_all(&raw, p->cut.raw, p->cut.n);
    meet_all(&filtered, p->cut.filtered, p->cut.n);
    meet_all(&filtered, p->cut.envelope, p->cut.n);
    p->x = myo_scale_exact(time_of(p, 0), time_of(p, p->cut.n - 1), p->left, p->left + PANEL_W);
    p->raw = myo_scale_over(MYO_LINEAR, &raw, raw_top(p) + RAW_H, raw_top(p));
    p->filtered = myo_scale_over(MYO_LINEAR, &filtered, base(p), filtered_top(p));
}

/* Samples as a line; where several share a pixel, from their least to their largest. Missing ones
 * break it. */
static void draw_trace(myo_buf *b, const panel *p, const myo_scale *y, const float *v,
                       const char *cls) {
    const int64_t n = p->cut.n, columns = n < 2 * COLUMNS ? n : COLUMNS;
    bool open = false;
    myo_svg_path path;
    myo_svg_path_start(&path, b, cls);
    for (int64_t k = 0; v && k < columns; k++) {
        const int64_t from = k * n / columns, to = (k + 1) * n / columns;
        myo_range r = {0};
        for (int64_t i = from; i < to; i++) {
            myo_range_meet(&r, (double)v[i]);
        }
        const double x = myo_scale_at(&p->x, time_of(p, from));
        if (r.any && !open) {
            myo_svg_path_move(&path, x, myo_scale_at(y, r.lo));
        } else if (r.any) {
            myo_svg_path_line(&path, x, myo_scale_at(y, r.lo));
        }
        if (r.any && r.hi > r.lo) {
            myo_svg_path_line(&path, x, myo_scale_at(y, r.hi));
        }
        open = r.any;
    }
    myo_svg_path_end(&path);
}

static void draw_edges(myo_buf *b, const panel *p) {
    char cls[16];
    snprintf(cls, sizeof cls, "k %s", myo_paint_class((myo_class)p->e->type));
    myo_svg_group(b, cls);
    const double on = myo_scale_at(&p->x, 0.0), off = myo_scale_at(&p->x, p->e->off - p->e->on);
    myo_svg_rect(b, "sh", on, raw_top(p), fmax(off - on, 0.8), base(p) - raw_top(p));
    for (size_t i = 0; i < p->c->n_bursts; i++) {
        const myo_close_burst *u = &p->c->burst[i];
        const double from = u->on - p->e->on, to = u->off - p->e->on;
        if (u->lane == p->e->lane && to >= p->x.lo && from <= p->x.hi) {
            myo_svg_rect(b, "ev", myo_scale_at(&p->x, from), base(p) - 4.0,
                         fmax(myo_scale_at(&p->x, to) - myo_scale_at(&p->x, from), 0.8), 4.0);
        }
    }
    myo_svg_group_end(b);
}

static void draw_y(myo_buf *b, const panel *p, const myo_scale *y, const char *name) {
    const myo_ticks t = myo_ticks_of(y, 18.0);
    myo_svg_line(b, "ax", p->left, y->a, p->left, y->b);
    for (int i = 0; i < t.n; i++) {
        char text[32];
        const double at = myo_scale_at(y, t.v[i]);
        myo_format_g(text, sizeof text, t.v[i], 6);
        myo_svg_line(b, "ax", p->left - 3.0, at, p->left, at);
        myo_svg_text(b, "tk", MYO_RIGHT, p->left - 5.0, at + 4.0, text);
    }
    myo_svg_text(b, "s so", MYO_RIGHT, p->left + PANEL_W, fmin(y->a, y->b) - 4.0, name);
}

static void draw_heading(myo_buf *b, const panel *p) {
    static const char *const places[PER_CLASS] = {"most certain", "middle", "least certain"};
    char text[400], v[32];
    myo_format_fixed(v, sizeof v, p->e->on, 2);
    snprintf(text, sizeof text, "%s %lld at %s s, %.255s", myo_class_name((myo_class)p->e->type),
             (long long)p->e->id, v, p->c->lane[p->e->lane].name);
    myo_svg_fit(b, "b", MYO_LEFT, p->left, p->top + 12.0, PANEL_W, 12.0, text);
    const double percent = 100.0 * p->e->confidence;
    myo_format_g(v, sizeof v, fmin(percent, 99.9), 3); /* nothing is quite sure */
    snprintf(text, sizeof text, "%s: %s%s %% sure", places[p->place], percent > 99.9 ? "over " : "",
             v);
    myo_svg_text(b, "s so", MYO_LEFT, p->left, p->top + 27.0, text);
}

static void draw_panel(myo_buf *b, panel *p) {
    char name[64];
    make_scales(p);
    draw_heading(b, p);
    draw_edges(b, p);
    snprintf(name, sizeof name, "raw, %.24s", p->cut.unit);
    draw_y(b, p, &p->raw, name);
    draw_trace(b, p, &p->raw, p->cut.raw, "raw");
    snprintf(name, sizeof name, "filtered, %.24s", p->cut.unit);
    draw_y(b, p, &p->filtered, name);
    draw_trace(b, p, &p->filtered, p->cut.filtered, "fil");
    draw_trace(b, p, &p->filtered, p->cut.envelope, "env");
    draw_trace(b, p, &p->filtered, p->cut.threshold, "thr");
    myo_axis_time(b, &p->x, base(p), base(p));
}

/* ---- all of them ---- */

typedef struct gallery {
    panel panel[MYO_N_CLASS * PER_CLASS]; /* by class, then certainty */
    int n;
} gallery;

static bool choose_all(gallery *g, const myo_close *c) {
    for (int type = 0; type < MYO_N_CLASS; type++) {
        const myo_close_event *chosen[PER_CLASS];
        const int n = choose(c, type, chosen);
        if (n < 0) {
            return false;
        }
        for (int k = 0; k < n; k++) {
            g->panel[g->n++] = (panel){.c = c,
                                       .e = chosen[k],
                                       .top = 2.0,
                                       .left = LEFT + k * (PANEL_W + GAP),
                                       .place = k == n - 1 && k > 0 ? PER_CLASS - 1 : k};
        }
    }
    return true;
}

static int by_onset(const void *a, const void *b) {
    const myo_close_event *p = (*(panel *const *)a)->e, *q = (*(panel *const *)b)->e;
    if (p->on != q->on) {
        return p->on < q->on ? -1 : 1;
    }
    return (p->id > q->id) - (p->id < q->id);
}

/* As much before and after as the event is long, within limits. */
static myo_err read_one(panel *p) {
    const double length = fmin(p->e->off - p->e->on, MOST_SPAN_S);
    const double margin = fmin(fmax(length, LEAST_MARGIN_S), MOST_MARGIN_S);
    const double end = p->c->start_s + p->c->duration_s;
    const double from = fmax(p->e->on - margin, p->c->start_s);
    const double to = fmin(p->e->on + length + margin, end);
    MYO_TRY(
        myo_signal_trace(p->c->signal, p->c->lane[p->e->lane].name, from, to, &p->cut, &p->found));
    p->found = p->found && p->cut.n > 1;
    return MYO_OK;
}

/* In the order of time, as a text can only be read forwards. */
static myo_err read_all(gallery *g) {
    panel *order[MYO_N_CLASS * PER_CLASS];
    for (int i = 0; i < g->n; i++) {
        order[i] = &g->panel[i];
    }
    myo_sort_in_place(order, (size_t)g->n, sizeof order[0], by_onset);
    for (int i = 0; i < g->n; i++) {
        MYO_TRY(read_one(order[i]));
    }
    return MYO_OK;
}

/* A line of the gallery: the panels of one class. */
static void draw_class(myo_page *page, gallery *g, int type) {
    const double height = HEAD_H + RAW_H + INNER + FILTERED_H + FOOT_H;
    char title[80];
    bool any = false;
    snprintf(title, sizeof title, "Events of class %s", myo_class_name((myo_class)type));
    for (int i = 0; i < g->n; i++) {
        if (g->panel[i].e->type != type || !g->panel[i].found) {
            continue;
        }
        if (!any) {
            page->n_ids++;
            myo_svg_begin(&page->b,
                          &(myo_svg_head){WIDTH, height, page->n_ids, title,
                                          "Raw and filtered signal around single events, with "
                                          "envelope, threshold and the edges found."});
            any = true;
        }
        draw_panel(&page->b, &g->panel[i]);
    }
    if (any) {
        myo_svg_end(&page->b);
    }
}

static void caption(myo_page *p) {
    myo_page_caption(p);
    myo_buf_puts(
        &p->b,
        "Of each class the event the classifier was surest of, the middle one and the one it was "
        "least sure of; time from the event's onset. Grey: raw signal, less its mean. Black: "
        "filtered signal, of a sensor its axis that moves most; blue: the envelope; dashed "
        "orange: what the envelope of a burst must exceed. The tinted band is the event, the bars "
        "at its foot are its bursts, from onset to end.");
    myo_page_figure_end(p);
}

static myo_err draw_all(gallery *g, const myo_close *c, myo_page *p) {
    if (!choose_all(g, c)) {
        return MYO_ERR_NOMEM;
    }
    MYO_TRY(read_all(g));
    myo_page_figure(p);
    for (int type = 0; type < MYO_N_CLASS; type++) {
        draw_class(p, g, type);
    }
    caption(p);
    return MYO_OK;
}

static myo_err draw(const myo_close *c, myo_page *p) {
    if (!c->signal || c->n_events == 0) {
        return MYO_OK;
    }
    gallery *g = myo_alloc(1, sizeof *g);
    const myo_err e = g ? draw_all(g, c, p) : MYO_ERR_NOMEM;
    for (int i = 0; g && i < g->n; i++) {
        myo_trace_clear(&g->panel[i].cut);
    }
    myo_free(g);
    return e;
}

const myo_close_figure myo_fig_gallery = {draw};
