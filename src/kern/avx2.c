/* avx2.c - the kernels for one instruction set: avx2, flags in CMakeLists.txt. */
#if defined(__x86_64__)
#define MYO_ISA avx2
#include "kern/body.h"
#endif
