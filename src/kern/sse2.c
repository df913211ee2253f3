/* sse2.c - the kernels for one instruction set: sse2, flags in CMakeLists.txt. */
#if defined(__x86_64__)
#define MYO_ISA sse2
#define MYO_ISA_LEVEL 1
#include "kern/scan_body.h"
#include "kern/body.h"
#endif
