/* avx2.c - the kernels for one instruction set: avx2, flags in CMakeLists.txt. */
#if defined(__x86_64__)
#define MYO_ISA avx2
#define MYO_ISA_LEVEL 2
#include "kern/scan_body.h"
#include "kern/body.h"
#endif
