/* coherence.h - which channels tremble together: STEM_coherence.tsv. */
#ifndef MYO_RUN_COHERENCE_H
#define MYO_RUN_COHERENCE_H

#include "run/tremor.h"

/* Every pair of channels, of their common time in tremor or other trains: a row for each stretch of it and one for all
 * of it, where there are segments enough. Needs the lanes' measured episodes. Rows by onset, then channel. */
myo_err myo_coherence_write(const myo_link_job *job, myo_table *t);

#endif
