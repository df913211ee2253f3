/* shape.h - how often a burst repeats one of its own waves. */
#ifndef MYO_EVENT_SHAPE_H
#define MYO_EVENT_SHAPE_H

#include <stdint.h>

/* Discharges of a multiplet in frames [on, off) of x[0..n): the wave about the largest sample, and those that follow or
 * precede one another by 2-20 ms with a correlation over 0.8 to it. 1: it comes once. noise: floor rms. */
int myo_count_plets(const float *x, int64_t n, int64_t on, int64_t off, double fs, double noise);

#endif
