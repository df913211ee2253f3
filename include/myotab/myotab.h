/* myotab.h - the library: recordings of muscle activity and movement in, tables of events out. */
#ifndef MYOTAB_H
#define MYOTAB_H

#include "myotab/bench.h"
#include "myotab/err.h"
#include "myotab/event.h"
#include "myotab/params.h"
#include "myotab/rec.h"
#include "myotab/run.h"
#include "myotab/stop.h"
#include "myotab/study.h"
#include "myotab/table.h"
#include "myotab/text.h"

#define MYO_VERSION "0.1.0"

#endif
