/* paint.c - the colours of the event classes.
 *
 * The hues are those of Okabe and Ito (2008, "Color universal design"), told apart with every
 * common kind of colour vision; yellow is left out as it vanishes on white. Colour is never the
 * only sign: figures give each class a place and a name of its own as well. */
#include "report/paint.h"

static const struct {
    const char *name, *light, *dark;
} paints[MYO_N_CLASS] = {
    [MYO_JERK] = {"k0", "#d55e00", "#f0803c"},
    [MYO_CRAMP] = {"k1", "#aa3377", "#e07ab8"},
    [MYO_TREMOR] = {"k2", "#0072b2", "#4fa8dd"},
    [MYO_FASCICULATION] = {"k3", "#009e73", "#2fc79c"},
    [MYO_TETANY] = {"k4", "#c98a00", "#e6b045"},
    [MYO_VOLUNTARY] = {"k5", "#56b4e9", "#8fd0f5"},
    [MYO_ARTEFACT] = {"k6", "#8c8c8c", "#9a9a9a"},
    [MYO_INDETERMINATE] = {"k7", "#3d3d3d", "#dddddd"},
    [MYO_CLONUS] = {"k8", "#5b3a8c", "#a98bd6"},
    [MYO_LEG_MOVEMENT] = {"k9", "#7a5230", "#c79a72"},
    [MYO_PLM] = {"k10", "#8b1a1a", "#e06666"},
    [MYO_FRAGMENTARY] = {"k11", "#3f6b2a", "#8fc274"},
};

const char *myo_paint_class(myo_class c) {
    return paints[c].name;
}

void myo_paint_rules(myo_buf *b, bool dark) {
    for (int c = 0; c < MYO_N_CLASS; c++) {
        myo_buf_printf(b, ".%s{--k:%s}", paints[c].name, dark ? paints[c].dark : paints[c].light);
    }
    myo_buf_puts(b, "\n");
}
