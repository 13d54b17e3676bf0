// VPDPBUSD adds to the int32 of Y(ACC) the products of four uint8 in Y(A) and four
// int8 in Y(B). Go's assembler has only the encoding of AVX-512, so here is that of
// VEX.256.66.0F38.W0 50 /r: ACC is the register of the last byte, of which the
// first one has the high bit, inverted; so is A, in the third byte's middle.
#define VPDPBUSD(B, A, ACC) \
	BYTE $0xc4                                     \
	BYTE $(0xe2 ^ (((ACC)>>3)<<7) ^ (((B)>>3)<<5))   \
	BYTE $(0x05 | (15-(A))<<3)                     \
	BYTE $0x50                                     \
	BYTE $(0xc0 | ((ACC)&7)<<3 | ((B)&7))
