/* class.c - names of the classes and flags, and which class a kind of channel can show. */
#include <stddef.h>
#include <string.h>
#include "myotab/event.h"

#define USUAL SIZE_MAX
enum { IN_EMG = 1 << MYO_KIND_EMG, IN_ACC = 1 << MYO_KIND_ACC };

/* Contract.md 3.1 (names) and 3.3 (kinds), one row a class; at: the parameter that switches a preset's class on. */
static const struct {
    const char *name;
    unsigned kinds;
    size_t at;
} rows[MYO_N_CLASS] = {
    [MYO_JERK] = {"jerk", IN_EMG | IN_ACC, USUAL},
    [MYO_CRAMP] = {"cramp", IN_EMG, USUAL},
    [MYO_TREMOR] = {"tremor", IN_EMG | IN_ACC, USUAL},
    [MYO_FASCICULATION] = {"fasciculation", IN_EMG, USUAL},
    [MYO_TETANY] = {"tetany", IN_EMG, USUAL},
    [MYO_VOLUNTARY] = {"voluntary", IN_EMG | IN_ACC, USUAL},
    [MYO_ARTEFACT] = {"artefact", IN_EMG | IN_ACC, USUAL},
    [MYO_INDETERMINATE] = {"indeterminate", IN_EMG | IN_ACC, USUAL},
    [MYO_CLONUS] = {"clonus", IN_EMG, offsetof(myo_params, clonus_on)},
    [MYO_LEG_MOVEMENT] = {"leg_movement", IN_EMG, offsetof(myo_params, legs_on)},
    [MYO_PLM] = {"plm", IN_EMG, offsetof(myo_params, legs_on)},
    [MYO_FRAGMENTARY] = {"fragmentary_myoclonus", IN_EMG, offsetof(myo_params, legs_on)},
};

static const char *const flag_names[MYO_N_FLAG] = {
    "clipped", "cut_start", "cut_end", "masked", "low_snr", "rhythm", "clonus_like", "walking",
    "emg_positive", "excessive"};

static int is_class(int c) {
    return c >= 0 && c < MYO_N_CLASS;
}

const char *myo_class_name(myo_class c) {
    return is_class((int)c) ? rows[c].name : "n/a";
}

int myo_class_from_name(const char *name) {
    for (int c = 0; name && c < MYO_N_CLASS; c++) {
        if (strcmp(rows[c].name, name) == 0) {
            return c;
        }
    }
    return -1;
}

int myo_class_in_kind(myo_class c, myo_kind kind) {
    if (!is_class((int)c) || (int)kind < 0 || kind >= MYO_N_KIND) {
        return 0;
    }
    return (rows[c].kinds >> kind & 1u) != 0;
}

int myo_class_is_usual(myo_class c) {
    return is_class((int)c) && rows[c].at == USUAL;
}

int myo_class_shown(myo_class c, myo_kind kind, const myo_params *p) {
    int64_t on = 0;
    if (!myo_class_in_kind(c, kind) || rows[c].at == USUAL) {
        return myo_class_in_kind(c, kind);
    }
    if (p) {
        memcpy(&on, (const char *)p + rows[c].at, sizeof on);
    }
    return on != 0;
}

const char *myo_flag_name(int bit) {
    return bit >= 0 && bit < MYO_N_FLAG ? flag_names[bit] : "n/a";
}
