/* signal.h - the signals of a recording, for the figures that show it: found by its path, proved by
 * its content. */
#ifndef MYO_REPORT_SIGNAL_H
#define MYO_REPORT_SIGNAL_H

#include "report/close.h"
#include "run/trace.h"

/* Opens the recording of a close-up if its folder is known, and if it and what was read beside it
 * have the SHA-256 of the result. Else *out is NULL and *why says so in a sentence for the page (""
 * where no folder was given): signals missing fail no report. Errors: no memory, stopped. */
myo_err myo_signal_open(myo_signal **out, myo_rep *r, const myo_close *c, const char **why);
/* What myo_trace_overview() and myo_trace_get() give; *found false where that fails. Errors as
 * above. */
myo_err myo_signal_overview(myo_signal *s, const char *channel, int n_bins, myo_overview *out,
                            bool *found);
myo_err myo_signal_trace(myo_signal *s, const char *channel, double from_s, double to_s,
                         myo_trace *out, bool *found);
void myo_signal_close(myo_signal **s);

#endif
