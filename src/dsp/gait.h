/* gait.h - does a movement repeat itself only after a whole step? Walking does, tremor repeats itself many times in that
 * time, single movements never. Made of products of a sample with a later one, summed over the axes, which no orientation
 * of the sensor changes. */
#ifndef MYO_DSP_GAIT_H
#define MYO_DSP_GAIT_H

#include <stddef.h>
#include <stdint.h>

typedef struct myo_gait {
    float step_s;   /* lag of the best repetition between 0.36 and 1.7 s, s; 0 for none */
    float step_r;   /* its correlation, -1 to 1 */
    float again_r;  /* the highest near twice that lag: a third time the same */
    float beat_r;   /* best repetition at a tremor's lags, up to 0.34 s; 0 for none */
    float fill;     /* how evenly the energy lies in the window: 1 in every sixteenth alike, 1/16 all in one */
    float trough;   /* energy of the quietest fifth of the 0.2 s about, over the mean */
} myo_gait;

/* Floats of work that myo_gait_measure needs. */
size_t myo_gait_work(int64_t n, double fs, int n_axes);
/* x[a][0..n) of each axis at fs Hz, without slow drift; n >= 3 s of them. */
void myo_gait_measure(myo_gait *g, const float *const *x, int n_axes, int64_t n, double fs, float *work);

#endif
