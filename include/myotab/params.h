/* params.h - the settings of an analysis, generated from params.def.
 *
 * Filled by defaults <- preset <- file <- command line (the caller's order of calls), then checked once by
 * myo_params_check(). */
#ifndef MYOTAB_PARAMS_H
#define MYOTAB_PARAMS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include "myotab/err.h"

typedef double myo_param_REAL;
typedef int64_t myo_param_INT;
typedef int64_t myo_param_BOOL;

/* The parameters that EMG and accelerometer both have, each with its own value. */
typedef struct myo_kind_params {
#define K(key, kind, unit, emg, acc, lo, hi, help) myo_param_##kind key;
#include "params.def"
#undef K
} myo_kind_params;

typedef struct myo_params {
    myo_kind_params emg, acc;
#define P(group, key, kind, unit, def, lo, hi, help) myo_param_##kind group##_##key;
#include "params.def"
#undef P
} myo_params;

typedef enum myo_param_kind { MYO_PARAM_REAL, MYO_PARAM_INT, MYO_PARAM_BOOL } myo_param_kind;

/* One row of the table, for help, docs and provenance. */
typedef struct myo_param_row {
    const char *name;        /* "emg.band_lo" */
    const char *unit, *help;
    myo_param_kind kind;
    double def, lo, hi;
    size_t offset;           /* into myo_params */
} myo_param_row;

extern const myo_param_row myo_param_rows[];
extern const int myo_n_params;

typedef struct myo_preset { const char *name, *help; const char *const *settings; /* "name=value", NULL-ended */ } myo_preset;
extern const myo_preset myo_presets[];
extern const int myo_n_presets;

void myo_params_defaults(myo_params *p);
/* MYO_ERR_PARAM with name, value, unit and bounds in d. */
myo_err myo_params_set(myo_params *p, const char *name, const char *value, myo_diag *d);
myo_err myo_params_preset(myo_params *p, const char *name, myo_diag *d);
/* JSON object, {"emg.band_lo": 30} or nested {"emg": {"band_lo": 30}}; unknown keys are errors with line. */
myo_err myo_params_load(myo_params *p, const char *path, myo_diag *d);
/* Rules across fields (lo < hi and so on). */
myo_err myo_params_check(const myo_params *p, myo_diag *d);
double myo_param_get(const myo_params *p, const myo_param_row *row);

#endif
