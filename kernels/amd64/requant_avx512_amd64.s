//go:build !purego

#include "textflag.h"
#include "requant_avx512_amd64.h"

// ·lanes puts the int32 4*i+j of a register in the place of 4*j+i: what packing
// four registers leaves in lanes of 128 bits is in order then.
DATA ·lanes+0(SB)/8, $0x0000000400000000
DATA ·lanes+8(SB)/8, $0x0000000c00000008
DATA ·lanes+16(SB)/8, $0x0000000500000001
DATA ·lanes+24(SB)/8, $0x0000000d00000009
DATA ·lanes+32(SB)/8, $0x0000000600000002
DATA ·lanes+40(SB)/8, $0x0000000e0000000a
DATA ·lanes+48(SB)/8, $0x0000000700000003
DATA ·lanes+56(SB)/8, $0x0000000f0000000b
GLOBL ·lanes(SB), RODATA|NOPTR, $64
