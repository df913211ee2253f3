/* avx512.c - the kernels for one instruction set: avx512, flags in CMakeLists.txt. */
#if defined(__x86_64__)
#define MYO_ISA avx512
#include "kern/body.h"
#endif
