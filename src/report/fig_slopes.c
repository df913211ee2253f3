/* fig_slopes.c - each person's outcome under the two conditions, joined by a line: who went down,
 * who went up, and on how much recorded time each value stands. */
#include <math.h>
#include <string.h>
#include "report/axis.h"
#include "report/esc.h"
#include "report/figs.h"
#include "report/people.h"

enum {
    MAX_NAMED = 24,  /* names beside the lines; more would only overlap */
    MEDIAN_LEAST = 3 /* people, for a median to say more than they do */
};
static const double WIDTH = 960.0, LEFT = 70.0, X0 = 150.0, X1 = 500.0, TOP = 40.0, NOTE_X = 700.0;
static const double DOT_MAX = 6.5, DOT_MIN = 2.0, NAME_H = 14.0;

typedef struct slopes {
    myo_people people;
    myo_rep_outcome outcome;
    myo_scale y;
    double bottom, height;
    double most_s;   /* longest exposure of a dot */
    size_t n_dir[3]; /* down, same, up */
} slopes;

static bool is_rate(const char *metric) {
    return strcmp(metric, "rate_per_h") == 0 || strcmp(metric, "burden_s_per_h") == 0 ||
           strcmp(metric, "n") == 0;
}

static int direction(const myo_person *p) {
    return p->value[1] < p->value[0] ? 0 : p->value[1] > p->value[0] ? 2 : 1;
}

static bool has_both(const myo_person *p) {
    return isfinite(p->value[0]) && isfinite(p->value[1]);
}

static double radius(const slopes *f, double exposure_s) {
    return f->most_s > 0.0 ? fmax(DOT_MAX * sqrt(exposure_s / f->most_s), DOT_MIN) : DOT_MIN;
}

static void measure(slopes *f) {
    myo_range range = {0};
    for (size_t i = 0; i < f->people.n; i++) {
        const myo_person *p = &f->people.person[i];
        for (int s = 0; s < MYO_SIDES; s++) {
            myo_range_meet(&range, p->value[s]);
            f->most_s = fmax(f->most_s, p->side[s].exposure_s);
        }
        f->n_dir[direction(p)] += has_both(p);
    }
    const double tall = f->people.n > MAX_NAMED ? 460.0 : fmax(320.0, NAME_H * (double)f->people.n);
    f->bottom = TOP + tall;
    f->height = f->bottom + 52.0;
    f->y =
        myo_scale_over(is_rate(f->outcome.metric) ? MYO_SQRT : MYO_LINEAR, &range, f->bottom, TOP);
}

/* ---- drawing ---- */

static void draw_person(myo_buf *b, const slopes *f, const myo_person *p) {
    static const char *const classes[] = {"down dot", "same dot", "up dot"};
    const double x[MYO_SIDES] = {X0, X1};
    char tip[400], v[2][32];
    myo_esc_number(v[0], p->value[0], 4);
    myo_esc_number(v[1], p->value[1], 4);
    snprintf(tip, sizeof tip, "%.255s: %s, then %s", p->id, v[0], v[1]);
    myo_svg_group(b, has_both(p) ? classes[direction(p)] : "same dot");
    myo_svg_tip(b, tip);
    if (has_both(p)) {
        myo_svg_line(b, "", X0, myo_scale_at(&f->y, p->value[0]), X1,
                     myo_scale_at(&f->y, p->value[1]));
    }
    for (int s = 0; s < MYO_SIDES; s++) {
        if (isfinite(p->value[s])) {
            myo_svg_mark(b, "", MYO_CIRCLE, x[s], myo_scale_at(&f->y, p->value[s]),
                         radius(f, p->side[s].exposure_s));
        }
    }
    myo_svg_group_end(b);
}

/* The larger groups first, so that the few lines that go another way lie on top. */
static void draw_people(myo_buf *b, const slopes *f) {
    int order[3] = {0, 1, 2};
    for (int i = 0; i < 3; i++) {
        for (int k = i + 1; k < 3; k++) {
            if (f->n_dir[order[k]] > f->n_dir[order[i]]) {
                const int swap = order[i];
                order[i] = order[k];
                order[k] = swap;
            }
        }
    }
    for (int k = 0; k < 3; k++) {
        for (size_t i = 0; i < f->people.n; i++) {
            if (direction(&f->people.person[i]) == order[k]) {
                draw_person(b, f, &f->people.person[i]);
            }
        }
    }
}

static void draw_names(myo_buf *b, const slopes *f) {
    myo_label_at names[MAX_NAMED];
    size_t n = 0;
    for (size_t i = 0; i < f->people.n && f->people.n <= MAX_NAMED; i++) {
        const myo_person *p = &f->people.person[i];
        const double v = isfinite(p->value[1]) ? p->value[1] : p->value[0];
        if (isfinite(v)) {
            names[n++] = (myo_label_at){p->id, myo_scale_at(&f->y, v), 0.0};
        }
    }
    myo_labels_spread(names, n, NAME_H, TOP, f->bottom);
    for (size_t i = 0; i < n; i++) {
        myo_svg_line(b, "sep", X1 + 11.0, names[i].want, X1 + 24.0, names[i].y);
        myo_svg_fit(b, "s", MYO_LEFT, X1 + 28.0, names[i].y + 4.0, NOTE_X - X1 - 40.0, 11.0,
                    names[i].text);
    }
}

static void draw_medians(myo_buf *b, const slopes *f) {
    const double x[MYO_SIDES] = {X0, X1};
    if (f->people.n < MEDIAN_LEAST) {
        return;
    }
    for (int s = 0; s < MYO_SIDES; s++) {
        const double median = f->people.median[s];
        if (isfinite(median)) {
            const double y = myo_scale_at(&f->y, median);
            myo_svg_line(b, "med", x[s] - 22.0, y, x[s] + 22.0, y);
        }
    }
}

/* ---- what the marks mean, beside the plot ---- */

/* Releases the text; returns where the next line goes. */
static double note(myo_buf *b, const char *cls, double y, myo_buf *text) {
    myo_svg_fit_buf(b, cls, MYO_LEFT, NOTE_X + 34.0, y, WIDTH - NOTE_X - 34.0, 12.0, text);
    return y + 22.0;
}

static double note_lines(myo_buf *b, const slopes *f, double y) {
    static const char *const classes[] = {"down", "same", "up"};
    static const char *const words[] = {"lower", "the same", "higher"};
    for (int k = 0; k < 3; k++) {
        myo_buf t = {0};
        myo_buf_printf(&t, "%zu %s %s in %s", f->n_dir[k], f->n_dir[k] == 1 ? "person" : "people",
                       words[k], f->people.side[1]);
        myo_svg_group(b, classes[k]);
        myo_svg_line(b, "", NOTE_X, y - 4.0, NOTE_X + 26.0, y - 4.0);
        myo_svg_group_end(b);
        y = note(b, "", y, &t);
    }
    return y;
}

static double note_medians(myo_buf *b, const slopes *f, double y) {
    myo_buf t = {0};
    char v[2][32];
    for (int s = 0; s < MYO_SIDES; s++) {
        myo_esc_number(v[s], f->people.median[s], 3);
    }
    myo_buf_printf(&t, "median: %s, then %s", v[0], v[1]);
    myo_svg_line(b, "med", NOTE_X, y - 4.0, NOTE_X + 26.0, y - 4.0);
    return note(b, "", y, &t);
}

/* The longest exposure's dot, and one of a quarter of it. */
static double note_exposure(myo_buf *b, const slopes *f, double y) {
    myo_svg_text(b, "so", MYO_LEFT, NOTE_X + 34.0, y + 10.0, "area of a dot: recorded time");
    y += 32.0;
    for (int k = 0; k < 2 && f->most_s > 0.0; k++) {
        const double s = k == 0 ? f->most_s : 0.25 * f->most_s;
        myo_buf t = {0};
        myo_esc_span(&t, s);
        myo_svg_group(b, "gl");
        myo_svg_mark(b, "", MYO_CIRCLE, NOTE_X + 13.0, y - 4.0, radius(f, s));
        myo_svg_group_end(b);
        y = note(b, "so", y, &t);
    }
    return y;
}

static void draw_plot(myo_buf *b, const slopes *f) {
    char name[160];
    const double x[MYO_SIDES] = {X0, X1};
    myo_outcome_name(&f->outcome, f->y.kind == MYO_SQRT, name);
    myo_axis_y(b, &f->y, LEFT, X1 + 60.0, name);
    for (int s = 0; s < MYO_SIDES; s++) {
        myo_svg_line(b, "gr", x[s], TOP, x[s], f->bottom);
        myo_svg_fit(b, "b", MYO_MIDDLE, x[s], f->bottom + 24.0, 220.0, 12.0, f->people.side[s]);
    }
    draw_people(b, f);
    draw_medians(b, f);
    draw_names(b, f);
    double y = note_lines(b, f, TOP + 14.0);
    y = f->people.n < MEDIAN_LEAST ? y : note_medians(b, f, y + 10.0);
    note_exposure(b, f, y);
}

static void caption(myo_page *p, const slopes *f) {
    const size_t single = f->people.n - f->people.n_both;
    myo_page_caption(p);
    myo_buf_puts(&p->b,
                 "Each line is one person; recordings of one person and condition are pooled. ");
    if (f->people.n > MAX_NAMED) {
        myo_buf_printf(
            &p->b,
            "With %zu people the lines carry no names; a pointer that rests on a line shows "
            "its own. ",
            f->people.n);
    }
    if (single > 0) {
        myo_buf_printf(&p->b, "%zu of %zu people %s no value on both sides and so no line.", single,
                       f->people.n, single == 1 ? "has" : "have");
    }
    myo_page_figure_end(p);
}

static void draw_all(myo_page *p, slopes *f) {
    char desc[700];
    measure(f);
    snprintf(desc, sizeof desc,
             "%zu people lower, %zu the same, %zu higher in %.255s than in %.255s.", f->n_dir[0],
             f->n_dir[1], f->n_dir[2], f->people.side[1], f->people.side[0]);
    myo_page_figure(p);
    myo_svg_begin(&p->b, &(myo_svg_head){WIDTH, f->height, p->n_ids,
                                         "Each person under both conditions", desc});
    draw_plot(&p->b, f);
    myo_svg_end(&p->b);
    caption(p, f);
}

static bool is_paired(const myo_people *p) {
    return p->side[0] && p->side[1] && !p->by_group && p->n > 0;
}

static bool has(myo_rep *r) {
    myo_people p;
    const myo_rep_outcome o = myo_rep_outcome_of(r);
    if (!r->is_study) {
        return false;
    }
    if (myo_people_pool(r, &o, &p) != MYO_OK) {
        r->page.b.failed = true;
        return false;
    }
    const bool any = is_paired(&p);
    myo_people_clear(&p);
    return any;
}

static void draw(const myo_rep *r, myo_page *p) {
    slopes f = {.outcome = myo_rep_outcome_of(r)};
    if (myo_people_pool(r, &f.outcome, &f.people) != MYO_OK) {
        p->b.failed = true;
        return;
    }
    draw_all(p, &f);
    myo_people_clear(&f.people);
}

const myo_rep_figure myo_fig_slopes = {"people", has, draw};
