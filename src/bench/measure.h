/* measure.h - times and medians. All times are of the processor (CLOCK_PROCESS_CPUTIME_ID) unless they say wall: a busy
 * machine hurts them least. */
#ifndef MYO_BENCH_MEASURE_H
#define MYO_BENCH_MEASURE_H

#include "bench/cases.h"

enum { MYO_RUNS = 5 };            /* medians are of so many runs */

double myo_cpu_s(void);
double myo_wall_s(void);
/* Of n <= MYO_RUNS numbers; orders them. */
double myo_median_of(double *v, int n);
/* Nanoseconds a sample of a kernel on each of n_isa sets, on MYO_CASE_N samples; the sets take turns. */
myo_err myo_measure_case(const myo_kern_case *c, const myo_kernels *const *isa, int n_isa, double *ns);

#endif
