/* stop.c - the one thing a signal handler may do: note that we should end. */
#include <signal.h>
#include "myotab/stop.h"

static volatile sig_atomic_t stop_signal;

void myo_stop_request(int sig) {
    stop_signal = sig;
}

bool myo_stop_requested(void) {
    return stop_signal != 0;
}

int myo_stop_signal(void) {
    return stop_signal;
}
