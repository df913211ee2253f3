/* pick.h - which recordings are shown close up. */
#ifndef MYO_REPORT_PICK_H
#define MYO_REPORT_PICK_H

#include "report/report.h"

enum { MYO_PICK_MOST = 12 }; /* recordings, so that the page of a large study stays readable */

/* Marks the recordings to show: all, or those of people evenly spaced from the one with the fewest
 * events of the outcome to the one with the most, all sessions of a person together. */
myo_err myo_pick(const myo_rep *r, bool *shown, size_t *n_shown);

#endif
