/* version.h - what this program is made of, for --version and for provenance. */
#ifndef MYO_RUN_VERSION_H
#define MYO_RUN_VERSION_H

#include "out/provenance.h"

enum { MYO_N_LIBRARIES = 5 };

const char *myo_compiler(void);
/* Names and versions of the libraries in use; the texts are constant. */
void myo_libraries(myo_named list[MYO_N_LIBRARIES]);

#endif
