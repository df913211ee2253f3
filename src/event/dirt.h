/* dirt.h - what of a burst no muscle can make: single samples, and waves that come again exactly. */
#ifndef MYO_EVENT_DIRT_H
#define MYO_EVENT_DIRT_H

#include "event/feature.h"

/* EMG: share of the raw energy within 4 ms of its largest sample that is in this sample and one beside it. A motor unit's
 * potential on the skin lasts 8 ms and more; a stimulus or a broken byte one or two samples. 0 under 800 samples/s and under
 * 8 floor rms, where this says nothing. */
float myo_spike_share(const myo_burst_view *v);
/* EMG: the raw signal's largest jump within 2 ms in the burst; how much of it stays, as the means of a period of the line (20
 * ms without one) before and behind it tell: all of a step, 0.6 and more of an electrode pop that decays within 20 ms and
 * later. Potentials swing both ways and leave next to nothing. Where the means are further apart than the jump, something
 * slow was under way, and the share falls again. */
float myo_step_share(const myo_burst_view *v);
/* EMG: the raw signal's largest change within 2 ms in the burst and 15 ms about it, and the largest the other way: 1 less their
 * ratio. A pop jumps once and comes back slowly, even behind a recorder's 20-Hz high-pass (0.55-0.8); potentials go up and down
 * alike (under 0.5). */
float myo_one_way(const myo_burst_view *v);
/* EMG: highest correlation of the signal about the burst with itself 55-125 ms later, noise taken off. Lines from 16 Hz on
 * and their harmonics come again so, whatever their level does; muscle is forgotten after 25 ms. 0 where single potentials
 * stand out: motor units may be regular too. */
float myo_line_likeness(const myo_burst_view *v);

#endif
