/* figs.c - the figures, one row each. */
#include <string.h>
#include "report/figs.h"

static const myo_rep_figure *const figures[] = {&myo_fig_effect, &myo_fig_slopes, &myo_fig_arms,
                                                &myo_fig_rates};
enum { N_FIGURES = sizeof figures / sizeof figures[0] };

void myo_rep_draw(myo_rep *r, const char *section) {
    for (int i = 0; i < N_FIGURES; i++) {
        if (strcmp(figures[i]->section, section) == 0 && figures[i]->has(r)) {
            figures[i]->draw(r, &r->page);
        }
    }
}

bool myo_rep_has_figure(const myo_rep *r, const char *section) {
    for (int i = 0; i < N_FIGURES; i++) {
        if (strcmp(figures[i]->section, section) == 0 && figures[i]->has(r)) {
            return true;
        }
    }
    return false;
}
