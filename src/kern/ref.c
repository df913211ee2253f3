/* ref.c - the kernels for one instruction set: plain C, the reference. */
#define MYO_ISA ref
#include "kern/body.h"
