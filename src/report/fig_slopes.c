/* fig_slopes.c - each person's outcome under the two conditions, joined by a line: who went down,
 * who went up, and on how much recorded time each value stands. */
#include <math.h>
#include <string.h>
#include "report/axis.h"
#include "report/esc.h"
#include "report/figs.h"
#include "report/people.h"

enum {
    MAX_GROUPS = 6,  /* a figure each */
    MAX_NAMED = 24,  /* names beside the lines; more would only overlap */
    MEDIAN_LEAST = 3 /* people, for a median to say more than they do */
};
static const double WIDTH = 960.0, LEFT = 70.0, X0 = 150.0, X1 = 500.0, TOP = 40.0, NOTE_X = 700.0;
static const double DOT_MAX = 6.5, DOT_MIN = 2.0, NAME_H = 14.0;

typedef struct slopes {
    myo_people people;
    const char *group; /* of these people; NULL: everybody */
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

/* From the reference to the last condition. */
static int direction(const slopes *f, const myo_person *p) {
    const double last = p->value[f->people.n_sides - 1];
    return last < p->value[0] ? 0 : last > p->value[0] ? 2 : 1;
}

static bool has_both(const slopes *f, const myo_person *p) {
    return isfinite(p->value[0]) && isfinite(p->value[f->people.n_sides - 1]);
}

static double column(const slopes *f, int side) {
    return X0 + (X1 - X0) * side / (f->people.n_sides - 1);
}

static double radius(const slopes *f, double exposure_s) {
    return f->most_s > 0.0 ? fmax(DOT_MAX * sqrt(exposure_s / f->most_s), DOT_MIN) : DOT_MIN;
}

/* `all`: everybody, so that figures of several groups have one axis. */
static void measure(slopes *f, const myo_people *all) {
    myo_range range = {0};
    for (size_t i = 0; i < all->n; i++) {
        for (int s = 0; s < all->n_sides; s++) {
            myo_range_meet(&range, all->person[i].value[s]);
            f->most_s = fmax(f->most_s, all->person[i].side[s].exposure_s);
        }
    }
    for (size_t i = 0; i < f->people.n; i++) {
        const myo_person *p = &f->people.person[i];
        f->n_dir[direction(f, p)] += has_both(f, p);
    }
    const double tall = f->people.n > MAX_NAMED ? 460.0 : fmax(320.0, NAME_H * (double)f->people.n);
    f->bottom = TOP + tall;
    f->height = f->bottom + 52.0;
    f->y =
        myo_scale_over(is_rate(f->outcome.metric) ? MYO_SQRT : MYO_LINEAR, &range, f->bottom, TOP);
}

/* ---- drawing ---- */

/* "p01: 438, then 222" */
static void put_tip(myo_buf *b, const slopes *f, const myo_person *p) {
    char tip[600], v[32];
    int n = snprintf(tip, sizeof tip, "%.255s: ", p->id);
    for (int s = 0; s < f->people.n_sides; s++) {
        myo_esc_number(v, p->value[s], 4);
        n += snprintf(tip + n, sizeof tip - (size_t)n, "%s%s", s > 0 ? ", then " : "", v);
    }
    myo_svg_tip(b, tip);
}

static void draw_person(myo_buf *b, const slopes *f, const myo_person *p) {
    static const char *const classes[] = {"down dot", "same dot", "up dot"};
    myo_svg_group(b, has_both(f, p) ? classes[direction(f, p)] : "same dot");
    put_tip(b, f, p);
    for (int s = 0, last = -1; s < f->people.n_sides; s++) {
        if (isfinite(p->value[s]) && last >= 0) {
            myo_svg_line(b, "", column(f, last), myo_scale_at(&f->y, p->value[last]), column(f, s),
                         myo_scale_at(&f->y, p->value[s]));
        }
        last = isfinite(p->value[s]) ? s : last;
    }
    for (int s = 0; s < f->people.n_sides; s++) {
        if (isfinite(p->value[s])) {
            myo_svg_mark(b, "", MYO_CIRCLE, column(f, s), myo_scale_at(&f->y, p->value[s]),
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
            if (direction(f, &f->people.person[i]) == order[k]) {
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
        double v = NAN; /* the last one known */
        for (int s = 0; s < f->people.n_sides; s++) {
            v = isfinite(p->value[s]) ? p->value[s] : v;
        }
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
    if (f->people.n < MEDIAN_LEAST) {
        return;
    }
    for (int s = 0; s < f->people.n_sides; s++) {
        const double median = f->people.median[s];
        if (isfinite(median)) {
            const double y = myo_scale_at(&f->y, median);
            const double x = column(f, s);
            myo_svg_line(b, "med", x - 22.0, y, x + 22.0, y);
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
                       words[k], f->people.side[f->people.n_sides - 1]);
        if (f->people.n_sides > 2) {
            myo_buf_printf(&t, " %s in %s", k == 1 ? "as" : "than", f->people.side[0]);
        }
        myo_svg_group(b, classes[k]);
        myo_svg_line(b, "", NOTE_X, y - 4.0, NOTE_X + 26.0, y - 4.0);
        myo_svg_group_end(b);
        y = note(b, "", y, &t);
    }
    return y;
}

static double note_medians(myo_buf *b, const slopes *f, double y) {
    myo_buf t = {0};
    for (int s = 0; s < f->people.n_sides; s++) {
        char v[32];
        myo_esc_number(v, f->people.median[s], 3);
        myo_buf_printf(&t, "%s%s", s == 0 ? "median: " : ", then ", v);
    }
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
    myo_outcome_name(&f->outcome, f->y.kind == MYO_SQRT, name);
    myo_axis_y(b, &f->y, LEFT, X1 + 60.0, name);
    for (int s = 0; s < f->people.n_sides; s++) {
        const double x = column(f, s);
        myo_svg_line(b, "gr", x, TOP, x, f->bottom);
        myo_svg_fit(b, "b", MYO_MIDDLE, x, f->bottom + 24.0,
                    fmin(220.0, column(f, 1) - column(f, 0) - 8.0), 12.0, f->people.side[s]);
    }
    if (f->group) {
        myo_svg_fit(b, "h", MYO_LEFT, NOTE_X, 18.0, WIDTH - NOTE_X, 13.0,
                    f->group[0] ? f->group : "no group");
    }
    draw_people(b, f);
    draw_medians(b, f);
    draw_names(b, f);
    double y = note_lines(b, f, TOP + 14.0);
    y = f->people.n < MEDIAN_LEAST ? y : note_medians(b, f, y + 10.0);
    note_exposure(b, f, y);
}

static void caption(myo_page *p, const slopes *f) {
    const size_t single = f->people.n - f->people.n_whole;
    myo_page_caption(p);
    if (f->group) {
        myo_buf_puts(&p->b, "Group ");
        myo_page_name(p, f->group[0] ? f->group : "not given");
        myo_buf_puts(&p->b, ", on the same axis as the others. ");
    }
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
        myo_buf_printf(&p->b, "%zu of %zu %s %s no value under every condition, and so no whole line.", single,
                       f->people.n, f->people.n == 1 ? "person" : "people",
                       single == 1 ? "has" : "have");
    }
    if (f->people.more_sides) {
        myo_buf_printf(&p->b, " Shown are the first %d conditions.", (int)MYO_SIDES);
    }
    myo_page_figure_end(p);
}

static void draw_all(myo_page *p, slopes *f, const myo_people *all) {
    char desc[700];
    measure(f, all);
    snprintf(desc, sizeof desc,
             "%zu %s lower, %zu the same, %zu higher in %.255s than in %.255s.", f->n_dir[0],
             f->n_dir[0] == 1 ? "person" : "people", f->n_dir[1], f->n_dir[2], f->people.side[f->people.n_sides - 1], f->people.side[0]);
    myo_page_figure(p);
    myo_svg_begin(&p->b, &(myo_svg_head){WIDTH, f->height, p->n_ids,
                                         "Each person under each condition", desc});
    draw_plot(&p->b, f);
    myo_svg_end(&p->b);
    caption(p, f);
}

static bool is_paired(const myo_people *p) {
    return p->n_sides > 1 && !p->by_group && p->n > 0;
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

/* Those of the people; one more than MAX_GROUPS: too many for a figure each. */
static int find_groups(const myo_people *all, const char *group[MAX_GROUPS + 1]) {
    int n = 0;
    for (size_t i = 0; i < all->n && n <= MAX_GROUPS; i++) {
        int k = 0;
        while (k < n && strcmp(group[k], all->person[i].group) != 0) {
            k++;
        }
        if (k == n) {
            group[n++] = all->person[i].group;
        }
    }
    return n;
}

static void draw_group(myo_page *p, const myo_rep_outcome *o, const myo_people *all,
                       const char *group) {
    slopes f = {.outcome = *o, .group = group};
    if (myo_people_of_group(all, group, &f.people) != MYO_OK) {
        p->b.failed = true;
    } else {
        draw_all(p, &f, all);
    }
    myo_people_clear(&f.people);
}

static void draw(const myo_rep *r, myo_page *p) {
    const myo_rep_outcome o = myo_rep_outcome_of(r);
    const char *group[MAX_GROUPS + 1];
    myo_people all;
    if (myo_people_pool(r, &o, &all) != MYO_OK) {
        p->b.failed = true;
        return;
    }
    const int n = find_groups(&all, group);
    if (n < 2 || n > MAX_GROUPS) {
        slopes f = {.outcome = o, .people = all};
        draw_all(p, &f, &all);
    }
    for (int i = 0; n >= 2 && n <= MAX_GROUPS && i < n; i++) {
        draw_group(p, &o, &all, group[i]);
    }
    myo_people_clear(&all);
}

const myo_rep_figure myo_fig_slopes = {"people", has, draw};
