/* trust.c - the calibrated probability of a verdict. */
#include <math.h>
#include "classify/trust.h"

const myo_trust_row myo_trust_rows[MYO_N_TRUST] = {
#define E(id, unit, meaning) {#id, unit, meaning},
    MYO_TRUSTS
#undef E
};

static const double weights[][MYO_N_TRUST] = {
#define W(kind, id, weight) [MYO_KIND_##kind][MYO_TRUST_##id] = weight,
#include "classify/calibration.def"
#undef W
};

static const double MARGIN_MOST = 3.0, FIT_LEAST = -8.0, FAINT_DB = 12.0;
static const double AROUND_ALL_DB = 8.0, AROUND_NONE_DB = 16.0, AROUND_MOST = 0.5;

void myo_trust_look(double x[MYO_N_TRUST], const myo_cand *c, double share, double fit)
{
    const double snr = (double)c->f[MYO_F_SNR];
    x[MYO_TRUST_START] = 1.0;
    x[MYO_TRUST_MARGIN] = fmin(log(share / fmax(1.0 - share, 1e-6)), MARGIN_MOST);
    x[MYO_TRUST_FIT] = fmin(fmax(fit, FIT_LEAST), 0.0);
    x[MYO_TRUST_FAINT] = c->f[MYO_F_N] > 0.0f ? fmax(0.0, FAINT_DB - snr) : 0.0;
    x[MYO_TRUST_NEAR] = log1p(fmax(0.0, (double)c->f[MYO_F_NEAR]));
    const double faint = fmin(1.0, fmax(0.0, (AROUND_NONE_DB - snr) / (AROUND_NONE_DB - AROUND_ALL_DB)));
    x[MYO_TRUST_AROUND] = c->form == MYO_FORM_SINGLE ? faint * fmin((double)c->f[MYO_F_AROUND], AROUND_MOST) : 0.0;
    x[MYO_TRUST_EPISODE] = c->form == MYO_FORM_SINGLE ? 0.0 : 1.0;
}

double myo_trust_weight(myo_kind kind, myo_trust_id id)
{
    return weights[kind][id];
}

double myo_trust(const double x[MYO_N_TRUST], myo_kind kind)
{
    double log_odds = 0.0;
    for (int i = 0; i < MYO_N_TRUST; i++) {
        log_odds += weights[kind][i] * x[i];
    }
    return 1.0 / (1.0 + exp(-log_odds));
}
