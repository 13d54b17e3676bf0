// One step of a tile's sums, for the files that define STEP, which adds a
// product, with T to spare: ROWSpxr adds r rows' values times p vectors of b.
//
// R8 R9 R10 R11 rows 0, 4, 8 and 12 of a, R12 from one row to the next, R13
// 3*R12. Z0.. sums of row 0, row 1, ...; Z28 Z29 Z30 b; Z31 a; Z24 Z26 Z27 spare.

// STEP1 adds one product to each sum of a row.
#define STEP1(A, S0) \
	VBROADCASTSS A, Z31 \
	STEP(Z31, Z28, Z26, S0)

#define ROWS1x1 STEP1((R8), Z0)
#define ROWS1x2 ROWS1x1; STEP1((R8)(R12*1), Z1)
#define ROWS1x3 ROWS1x2; STEP1((R8)(R12*2), Z2)
#define ROWS1x4 ROWS1x3; STEP1((R8)(R13*1), Z3)
#define ROWS1x5 ROWS1x4; STEP1((R9), Z4)
#define ROWS1x6 ROWS1x5; STEP1((R9)(R12*1), Z5)
#define ROWS1x7 ROWS1x6; STEP1((R9)(R12*2), Z6)
#define ROWS1x8 ROWS1x7; STEP1((R9)(R13*1), Z7)
#define ROWS1x9 ROWS1x8; STEP1((R10), Z8)
#define ROWS1x10 ROWS1x9; STEP1((R10)(R12*1), Z9)
#define ROWS1x11 ROWS1x10; STEP1((R10)(R12*2), Z10)
#define ROWS1x12 ROWS1x11; STEP1((R10)(R13*1), Z11)
#define ROWS1x13 ROWS1x12; STEP1((R11), Z12)
#define ROWS1x14 ROWS1x13; STEP1((R11)(R12*1), Z13)
#define ROWS1x15 ROWS1x14; STEP1((R11)(R12*2), Z14)
#define ROWS1x16 ROWS1x15; STEP1((R11)(R13*1), Z15)

// STEP2 adds one product to each sum of a row.
#define STEP2(A, S0, S1) \
	VBROADCASTSS A, Z31 \
	STEP(Z31, Z28, Z26, S0) \
	STEP(Z31, Z29, Z27, S1)

#define ROWS2x1 STEP2((R8), Z0, Z1)
#define ROWS2x2 ROWS2x1; STEP2((R8)(R12*1), Z2, Z3)
#define ROWS2x3 ROWS2x2; STEP2((R8)(R12*2), Z4, Z5)
#define ROWS2x4 ROWS2x3; STEP2((R8)(R13*1), Z6, Z7)
#define ROWS2x5 ROWS2x4; STEP2((R9), Z8, Z9)
#define ROWS2x6 ROWS2x5; STEP2((R9)(R12*1), Z10, Z11)
#define ROWS2x7 ROWS2x6; STEP2((R9)(R12*2), Z12, Z13)
#define ROWS2x8 ROWS2x7; STEP2((R9)(R13*1), Z14, Z15)
#define ROWS2x9 ROWS2x8; STEP2((R10), Z16, Z17)
#define ROWS2x10 ROWS2x9; STEP2((R10)(R12*1), Z18, Z19)
#define ROWS2x11 ROWS2x10; STEP2((R10)(R12*2), Z20, Z21)
#define ROWS2x12 ROWS2x11; STEP2((R10)(R13*1), Z22, Z23)

// STEP3 adds one product to each sum of a row.
#define STEP3(A, S0, S1, S2) \
	VBROADCASTSS A, Z31 \
	STEP(Z31, Z28, Z26, S0) \
	STEP(Z31, Z29, Z27, S1) \
	STEP(Z31, Z30, Z24, S2)

#define ROWS3x1 STEP3((R8), Z0, Z1, Z2)
#define ROWS3x2 ROWS3x1; STEP3((R8)(R12*1), Z3, Z4, Z5)
#define ROWS3x3 ROWS3x2; STEP3((R8)(R12*2), Z6, Z7, Z8)
#define ROWS3x4 ROWS3x3; STEP3((R8)(R13*1), Z9, Z10, Z11)
#define ROWS3x5 ROWS3x4; STEP3((R9), Z12, Z13, Z14)
#define ROWS3x6 ROWS3x5; STEP3((R9)(R12*1), Z15, Z16, Z17)
#define ROWS3x7 ROWS3x6; STEP3((R9)(R12*2), Z18, Z19, Z20)
#define ROWS3x8 ROWS3x7; STEP3((R9)(R13*1), Z21, Z22, Z23)
