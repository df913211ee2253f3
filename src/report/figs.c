/* figs.c - the figures, one row each. */
#include <string.h>
#include "report/close.h"
#include "report/figs.h"

static const myo_rep_figure *const figures[] = {&myo_fig_effect, &myo_fig_slopes, &myo_fig_arms,
                                                &myo_fig_trend, &myo_fig_rates};
enum { N_FIGURES = sizeof figures / sizeof figures[0] };

void myo_rep_draw(myo_rep *r, const char *section) {
    for (int i = 0; i < N_FIGURES; i++) {
        if (strcmp(figures[i]->section, section) == 0 && figures[i]->has(r)) {
            figures[i]->draw(r, &r->page);
        }
    }
}

bool myo_rep_has_figure(myo_rep *r, const char *section) {
    for (int i = 0; i < N_FIGURES; i++) {
        if (strcmp(figures[i]->section, section) == 0 && figures[i]->has(r)) {
            return true;
        }
    }
    return false;
}

static const myo_close_figure *const close_figures[] = {&myo_fig_overview, &myo_fig_gallery};

myo_err myo_close_draw(const myo_close *c, myo_page *p) {
    for (size_t i = 0; i < sizeof close_figures / sizeof close_figures[0]; i++) {
        MYO_TRY(close_figures[i]->draw(c, p));
    }
    return MYO_OK;
}
