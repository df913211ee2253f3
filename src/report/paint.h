/* paint.h - one colour for each event class, defined once for every figure and legend. */
#ifndef MYO_REPORT_PAINT_H
#define MYO_REPORT_PAINT_H

#include "base/base.h"
#include "myotab/event.h"

/* Class attribute that sets the colour variable --k of what is inside: "k0" ... */
const char *myo_paint_class(myo_class c);
/* The style rules of all classes, for light (and print) or dark. */
void myo_paint_rules(myo_buf *b, bool dark);

#endif
