/* cells.h - a row of the comparison as few, readable cells. */
#ifndef MYO_REPORT_CELLS_H
#define MYO_REPORT_CELLS_H

#include "report/report.h"

/* "jerk, rate per hour" and below it the channel; the row's heading. */
void myo_cell_outcome(myo_page *p, const myo_rep_cmp *c);
/* "pre: 406", below it "812 events, 2 h". side 0: reference, 1: contrast. */
void myo_cell_side(myo_page *p, const myo_rep_cmp *c, int side);
/* "rate ratio: 0.53", below it the interval with its level, and the least change that can be told.
 */
void myo_cell_effect(myo_page *p, const myo_rep_cmp *c);
/* p, below it the adjusted one with the name of the adjustment. */
void myo_cell_p(myo_page *p, const myo_rep_cmp *c);
/* How many people, test, what was counted in, whose row it is, warnings. */
void myo_cell_notes(myo_page *p, const myo_rep_cmp *c);

#endif
