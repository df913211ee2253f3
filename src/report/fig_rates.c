/* fig_rates.c - the rate of every recording with its exact interval, one panel a type of event,
 * people down the side. */
#include <math.h>
#include <string.h>
#include "report/axis.h"
#include "report/esc.h"
#include "report/figs.h"
#include "report/paint.h"
#include "report/people.h"

enum {
    MAX_RECS = 160,     /* in the figure; the table has all */
    MAX_CONDITIONS = 4, /* with a mark of their own */
    PER_LINE = 3        /* panels side by side */
};
static const double WIDTH = 960.0, LABEL_W = 150.0, PANEL_W = 232.0, PANEL_GAP = 36.0;
static const double ROW_H = 9.0, BAND_PAD = 7.0, HEAD_H = 34.0, FOOT_H = 54.0, LEGEND_H = 26.0;

/* A line of the figure: one recording. */
typedef struct line_at {
    size_t rec;
    double y;   /* within the panel */
    bool first; /* of its person */
    double band_y, band_h;
} line_at;

typedef struct rates {
    const myo_rep *r;
    line_at line[MAX_RECS];
    int n_lines;
    size_t n_usable; /* recordings that could be drawn */
    double rows_h;
    const char *condition[MAX_CONDITIONS + 1];
    int n_conditions; /* MAX_CONDITIONS + 1: others */
    int type[MYO_N_CLASS];
    double events[MYO_N_CLASS];
    int n_types;
} rates;

static const char CHANNEL[] = "all";

/* ---- what is drawn ---- */

static bool is_drawn(const myo_rep *r, size_t rec) {
    return myo_rep_sum_of(r, rec, CHANNEL, MYO_JERK) || myo_rep_sum_of(r, rec, CHANNEL, MYO_TREMOR);
}

static int condition_of(const rates *f, const char *name) {
    for (int i = 0; i < f->n_conditions; i++) {
        if (strcmp(f->condition[i], name) == 0) {
            return i;
        }
    }
    return f->n_conditions > MAX_CONDITIONS ? MAX_CONDITIONS : f->n_conditions;
}

static void meet_condition(rates *f, const char *name) {
    if (f->n_conditions <= MAX_CONDITIONS && condition_of(f, name) == f->n_conditions) {
        f->condition[f->n_conditions] = f->n_conditions == MAX_CONDITIONS ? "other" : name;
        f->n_conditions++;
    }
}

/* Every type that was seen, and the one the study is about in any case. */
static void find_types(rates *f) {
    const int outcome = myo_rep_outcome_of(f->r).type;
    double events[MYO_N_CLASS] = {0};
    for (size_t i = 0; i < f->r->n_sums; i++) {
        const myo_rep_sum *s = &f->r->sum[i];
        events[s->type] += strcmp(s->channel, CHANNEL) == 0 ? s->n : 0.0;
    }
    for (int c = 0; c < MYO_N_CLASS; c++) {
        if (events[c] > 0.0 || c == outcome) {
            f->events[f->n_types] = events[c];
            f->type[f->n_types++] = c;
        }
    }
}

static void add_line(rates *f, size_t rec) {
    const myo_rep_rec *of = &f->r->rec[rec];
    const line_at *last = f->n_lines > 0 ? &f->line[f->n_lines - 1] : NULL;
    const bool first = !last || f->r->rec[last->rec].person != of->person;
    f->rows_h += first ? BAND_PAD : 0.0;
    f->line[f->n_lines++] = (line_at){rec, f->rows_h + ROW_H / 2.0, first, 0.0, 0.0};
    f->rows_h += ROW_H;
    meet_condition(f, myo_rep_label(f->r, of));
}

/* The band of a person: from the first of their lines to the last, a name's height at least. */
static void find_bands(rates *f) {
    for (int i = 0; i < f->n_lines; i++) {
        int last = i;
        while (last + 1 < f->n_lines && !f->line[last + 1].first) {
            last++;
        }
        f->line[i].band_y = f->line[i].y - (ROW_H + BAND_PAD) / 2.0;
        f->line[i].band_h = f->line[last].y - f->line[i].y + ROW_H + BAND_PAD;
        i = last;
    }
}

/* A person's recordings together, wherever the table has them; people as they first appear. */
static bool choose(rates *f) {
    const myo_rep *r = f->r;
    bool *done = myo_alloc(r->n_people + 1, sizeof *done);
    for (size_t i = 0; done && i < r->n_recs; i++) {
        f->n_usable += is_drawn(r, i);
    }
    for (size_t i = 0; done && i < r->n_recs && f->n_lines < MAX_RECS; i++) {
        bool *seen = &done[r->rec[i].person];
        for (size_t k = i; !*seen && k != SIZE_MAX && f->n_lines < MAX_RECS; k = r->rec[k].next) {
            if (is_drawn(r, k)) {
                add_line(f, k);
            }
        }
        *seen = true;
    }
    f->rows_h += BAND_PAD;
    find_bands(f);
    find_types(f);
    const bool ok = done != NULL;
    myo_free(done);
    return ok;
}

/* ---- drawing ---- */

static void put_mark(myo_buf *b, int condition, double x, double y) {
    static const myo_shape shapes[MAX_CONDITIONS + 1] = {MYO_CIRCLE, MYO_CIRCLE, MYO_SQUARE,
                                                         MYO_DIAMOND, MYO_SQUARE};
    static const char *const classes[MAX_CONDITIONS + 1] = {"ho", "pt", "pt", "ho", "ho"};
    myo_svg_mark(b, classes[condition], shapes[condition], x, y, 3.2);
}

static void draw_rate(myo_buf *b, const rates *f, const myo_scale *s, const line_at *l, int type,
                      double top) {
    const myo_rep_sum *sum = myo_rep_sum_of(f->r, l->rec, CHANNEL, type);
    if (!sum || !isfinite(sum->rate)) {
        return;
    }
    const double y = top + l->y;
    const double lo = myo_scale_at(s, sum->low), hi = myo_scale_at(s, sum->high);
    if (isfinite(lo) && isfinite(hi)) {
        myo_svg_line(b, "wh", lo, y, hi, y);
    }
    if (myo_scale_off(s, sum->high) > 0) {
        myo_svg_arrow(b, "ar", s->b + 6.0, y, 1);
    }
    put_mark(b, condition_of(f, myo_rep_label(f->r, &f->r->rec[l->rec])),
             myo_scale_at(s, sum->rate), y);
}

/* The axis holds every rate, and the limits of zero events: an upper limit far above them all is an
 * arrow instead. */
static myo_scale scale_of(const rates *f, int type, double left) {
    myo_range rates_met = {0}, range = {0};
    for (int i = 0; i < f->n_lines; i++) {
        const myo_rep_sum *s = myo_rep_sum_of(f->r, f->line[i].rec, CHANNEL, type);
        if (s) {
            myo_range_meet(&rates_met, s->rate);
            myo_range_meet(&range, s->high);
        }
    }
    range.hi = rates_met.hi > 0.0 ? fmin(range.hi, 4.0 * rates_met.hi) : range.hi;
    return myo_scale_over(MYO_SQRT, &range, left, left + PANEL_W);
}

static void draw_bands(myo_buf *b, const rates *f, double left, double top) {
    int n = 0;
    for (int i = 0; i < f->n_lines; i++) {
        const line_at *l = &f->line[i];
        if (l->first && n++ % 2 == 0) {
            myo_svg_rect(b, "band", left, top + l->band_y, PANEL_W, l->band_h);
        }
    }
}

static void draw_names(myo_buf *b, const rates *f, double top) {
    for (int i = 0; i < f->n_lines; i++) {
        const line_at *l = &f->line[i];
        if (l->first) {
            myo_svg_fit(b, "s", MYO_RIGHT, LABEL_W - 14.0, top + l->band_y + l->band_h / 2.0 + 4.0,
                        LABEL_W - 16.0, 11.0, f->r->rec[l->rec].participant);
        }
    }
}

static void draw_panel(myo_buf *b, const rates *f, int k, double left, double top) {
    char head[80];
    const int type = f->type[k];
    const double rows = top + HEAD_H;
    const myo_scale s = scale_of(f, type, left);
    snprintf(head, sizeof head, "%s: %.0f event%s", myo_class_name((myo_class)type), f->events[k],
             f->events[k] == 1.0 ? "" : "s");
    draw_bands(b, f, left, rows);
    myo_svg_text(b, "h", MYO_LEFT, left, top + 20.0, head);
    myo_axis_x(b, &s, rows + f->rows_h, rows, "events per hour");
    char cls[16];
    snprintf(cls, sizeof cls, "k %s", myo_paint_class((myo_class)type));
    myo_svg_group(b, cls);
    for (int i = 0; i < f->n_lines; i++) {
        draw_rate(b, f, &s, &f->line[i], type, rows);
    }
    myo_svg_group_end(b);
}

static void draw_legend(myo_buf *b, const rates *f) {
    double x = LABEL_W;
    char cls[16];
    snprintf(cls, sizeof cls, "k %s", myo_paint_class(MYO_INDETERMINATE));
    for (int i = 0; i < f->n_conditions && f->n_conditions > 1; i++) {
        myo_svg_group(b, cls);
        myo_svg_line(b, "wh", x, 12.0, x + 22.0, 12.0);
        put_mark(b, i, x + 11.0, 12.0);
        myo_svg_group_end(b);
        myo_svg_fit(b, "", MYO_LEFT, x + 28.0, 16.0, 120.0, 12.0, f->condition[i]);
        x += 28.0 + fmin(myo_svg_text_width(f->condition[i], 12.0), 120.0) + 26.0;
    }
}

static double panel_height(const rates *f) {
    return HEAD_H + f->rows_h + FOOT_H;
}

static void draw_panels(myo_buf *b, const rates *f) {
    for (int k = 0; k < f->n_types; k++) {
        const double top = LEGEND_H + (k / PER_LINE) * panel_height(f);
        if (k % PER_LINE == 0) {
            draw_names(b, f, top + HEAD_H);
        }
        draw_panel(b, f, k, LABEL_W + (k % PER_LINE) * (PANEL_W + PANEL_GAP), top);
    }
}

static void caption(myo_page *p, const rates *f) {
    myo_page_caption(p);
    myo_buf_puts(
        &p->b,
        "Rate of each recording in all channels together, with the exact 95 % limits of its "
        "count (Poisson; too narrow where events come in clusters). The axes are square-root "
        "axes that begin at 0, one for each type. A mark at 0 with an interval: no event was "
        "seen, and the rate is unlikely to be above the interval's end. ");
    if (f->n_usable > MAX_RECS) {
        myo_buf_printf(&p->b, "Shown are the first %d of %zu recordings; the tables have all.",
                       (int)MAX_RECS, f->n_usable);
    }
    myo_page_figure_end(p);
}

static void draw_all(myo_page *p, rates *f) {
    if (!choose(f)) {
        p->b.failed = true;
    }
    if (f->n_types == 0 || f->n_lines == 0) {
        return;
    }
    const double height = LEGEND_H + (f->n_types + PER_LINE - 1) / PER_LINE * panel_height(f);
    myo_page_figure(p);
    myo_svg_begin(&p->b, &(myo_svg_head){
                             WIDTH, height, p->n_ids, "Rates with exact intervals",
                             "A panel for each type of event, a line for each recording: rate per "
                             "hour and its 95 % limits. summary.tsv has the numbers."});
    draw_legend(&p->b, f);
    draw_panels(&p->b, f);
    myo_svg_end(&p->b);
    caption(p, f);
}

static bool has(myo_rep *r) {
    return r->is_study && r->n_sums > 0;
}

static void draw(const myo_rep *r, myo_page *p) {
    rates *f = myo_alloc(1, sizeof *f);
    if (!f) {
        p->b.failed = true;
        return;
    }
    f->r = r;
    draw_all(p, f);
    myo_free(f);
}

const myo_rep_figure myo_fig_rates = {"rates", has, draw};
