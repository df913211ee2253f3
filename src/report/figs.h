/* figs.h - the figures: one file each, one row each in figs.c. */
#ifndef MYO_REPORT_FIGS_H
#define MYO_REPORT_FIGS_H

#include "report/report.h"

extern const myo_rep_figure myo_fig_effect, myo_fig_slopes, myo_fig_arms, myo_fig_trend,
    myo_fig_rates;

#endif
