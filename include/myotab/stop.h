/* stop.h - ask running jobs to end soon; they drop what is unfinished and return MYO_ERR_STOPPED.
 */
#ifndef MYOTAB_STOP_H
#define MYOTAB_STOP_H

#include <stdbool.h>

/* Safe in a signal handler. sig is remembered for the exit code (128 + sig); 0 takes the request
 * back. */
void myo_stop_request(int sig);
/* Cheap: jobs poll it between blocks. */
bool myo_stop_requested(void);
/* The signal of the request, 0 if there is none. */
int myo_stop_signal(void);

#endif
