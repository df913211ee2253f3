/* avx512.c - the kernels for one instruction set: avx512, flags in CMakeLists.txt. */
#if defined(__x86_64__)
#define MYO_ISA avx512
#define MYO_ISA_LEVEL 3
#include "kern/scan_body.h"
#include "kern/body.h"
#endif
