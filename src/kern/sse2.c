/* sse2.c - the kernels for one instruction set: sse2, flags in CMakeLists.txt. */
#if defined(__x86_64__)
#define MYO_ISA sse2
#include "kern/body.h"
#endif
