/* bodypart.h - where on the body a channel is: side, part, and the level that drives the muscle. */
#ifndef MYO_IO_BODYPART_H
#define MYO_IO_BODYPART_H

typedef enum myo_side { MYO_SIDE_NONE, MYO_SIDE_LEFT, MYO_SIDE_RIGHT } myo_side;
typedef enum myo_part { MYO_PART_NONE, MYO_PART_HEAD, MYO_PART_NECK, MYO_PART_TRUNK, MYO_PART_ARM, MYO_PART_LEG } myo_part;

/* Main level of a muscle, down the neuraxis: 1 cranial V, 2 cranial VII, 3.. C1-C8, 11.. T1-T12, 23.. L1-L5, 28.. S1-S2. */
typedef struct myo_bodypart {
    myo_side side;
    myo_part part;
    int level;          /* 0: not known */
} myo_bodypart;

/* From a label or a muscle's name, as "L biceps", "RTA", "left arm"; all 0 where nothing tells. */
myo_bodypart myo_bodypart_of(const char *label);

#endif
