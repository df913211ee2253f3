/* sniff.h - what a file that we do not read looks like. */
#ifndef MYO_IO_SNIFF_H
#define MYO_IO_SNIFF_H

#include "io/readers.h"

/* If the beginning of the file is that of a known foreign content, fail with one line that names it
 * and the way out; else MYO_OK. */
myo_err myo_sniff_foreign(const myo_probe *p, myo_diag *d);

/* No reader wants it: always fails, saying what there is to say. */
myo_err myo_sniff_unknown(const myo_probe *p, myo_diag *d);

#endif
