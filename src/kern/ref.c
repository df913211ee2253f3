/* ref.c - the kernels for one instruction set: plain C, the reference. */
#define MYO_ISA ref
#include "kern/scan_ref.h"
#include "kern/body.h"
