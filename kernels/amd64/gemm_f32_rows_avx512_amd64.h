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

// EACH1 does OP with the sums of each row, as EACH2 and EACH3 do.
#define EACH1(OP) \
	OP(Z0) \
	OP(Z1) \
	OP(Z2) \
	OP(Z3) \
	OP(Z4) \
	OP(Z5) \
	OP(Z6) \
	OP(Z7) \
	OP(Z8) \
	OP(Z9) \
	OP(Z10) \
	OP(Z11) \
	OP(Z12) \
	OP(Z13) \
	OP(Z14) \
	OP(Z15)

#define EACH2(OP) \
	OP(Z0, Z1) \
	OP(Z2, Z3) \
	OP(Z4, Z5) \
	OP(Z6, Z7) \
	OP(Z8, Z9) \
	OP(Z10, Z11) \
	OP(Z12, Z13) \
	OP(Z14, Z15) \
	OP(Z16, Z17) \
	OP(Z18, Z19) \
	OP(Z20, Z21) \
	OP(Z22, Z23)

#define EACH3(OP) \
	OP(Z0, Z1, Z2) \
	OP(Z3, Z4, Z5) \
	OP(Z6, Z7, Z8) \
	OP(Z9, Z10, Z11) \
	OP(Z12, Z13, Z14) \
	OP(Z15, Z16, Z17) \
	OP(Z18, Z19, Z20) \
	OP(Z21, Z22, Z23)

// LOOPS1 holds a loop for each number of rows, and goes to that for AX. Whoever
// includes this defines LOOP1(LABEL, ROWS), and LOOP2 and LOOP3 if it uses them.
#define LOOPS1 \
	CMPQ AX, $8 \
	JLE  few \
	CMPQ AX, $16 \
	JEQ  loop16 \
	CMPQ AX, $15 \
	JEQ  loop15 \
	CMPQ AX, $14 \
	JEQ  loop14 \
	CMPQ AX, $13 \
	JEQ  loop13 \
	CMPQ AX, $12 \
	JEQ  loop12 \
	CMPQ AX, $11 \
	JEQ  loop11 \
	CMPQ AX, $10 \
	JEQ  loop10 \
	LOOP1(loop9, ROWS1x9) \
	LOOP1(loop10, ROWS1x10) \
	LOOP1(loop11, ROWS1x11) \
	LOOP1(loop12, ROWS1x12) \
	LOOP1(loop13, ROWS1x13) \
	LOOP1(loop14, ROWS1x14) \
	LOOP1(loop15, ROWS1x15) \
	LOOP1(loop16, ROWS1x16) \
few: \
	CMPQ AX, $8 \
	JEQ  loop8 \
	CMPQ AX, $7 \
	JEQ  loop7 \
	CMPQ AX, $6 \
	JEQ  loop6 \
	CMPQ AX, $5 \
	JEQ  loop5 \
	CMPQ AX, $4 \
	JEQ  loop4 \
	CMPQ AX, $3 \
	JEQ  loop3 \
	CMPQ AX, $2 \
	JEQ  loop2 \
	LOOP1(loop1, ROWS1x1) \
	LOOP1(loop2, ROWS1x2) \
	LOOP1(loop3, ROWS1x3) \
	LOOP1(loop4, ROWS1x4) \
	LOOP1(loop5, ROWS1x5) \
	LOOP1(loop6, ROWS1x6) \
	LOOP1(loop7, ROWS1x7) \
	LOOP1(loop8, ROWS1x8)

#define LOOPS2 \
	CMPQ AX, $6 \
	JLE  few \
	CMPQ AX, $12 \
	JEQ  loop12 \
	CMPQ AX, $11 \
	JEQ  loop11 \
	CMPQ AX, $10 \
	JEQ  loop10 \
	CMPQ AX, $9 \
	JEQ  loop9 \
	CMPQ AX, $8 \
	JEQ  loop8 \
	LOOP2(loop7, ROWS2x7) \
	LOOP2(loop8, ROWS2x8) \
	LOOP2(loop9, ROWS2x9) \
	LOOP2(loop10, ROWS2x10) \
	LOOP2(loop11, ROWS2x11) \
	LOOP2(loop12, ROWS2x12) \
few: \
	CMPQ AX, $6 \
	JEQ  loop6 \
	CMPQ AX, $5 \
	JEQ  loop5 \
	CMPQ AX, $4 \
	JEQ  loop4 \
	CMPQ AX, $3 \
	JEQ  loop3 \
	CMPQ AX, $2 \
	JEQ  loop2 \
	LOOP2(loop1, ROWS2x1) \
	LOOP2(loop2, ROWS2x2) \
	LOOP2(loop3, ROWS2x3) \
	LOOP2(loop4, ROWS2x4) \
	LOOP2(loop5, ROWS2x5) \
	LOOP2(loop6, ROWS2x6)

#define LOOPS3 \
	CMPQ AX, $4 \
	JLE  few \
	CMPQ AX, $8 \
	JEQ  loop8 \
	CMPQ AX, $7 \
	JEQ  loop7 \
	CMPQ AX, $6 \
	JEQ  loop6 \
	LOOP3(loop5, ROWS3x5) \
	LOOP3(loop6, ROWS3x6) \
	LOOP3(loop7, ROWS3x7) \
	LOOP3(loop8, ROWS3x8) \
few: \
	CMPQ AX, $4 \
	JEQ  loop4 \
	CMPQ AX, $3 \
	JEQ  loop3 \
	CMPQ AX, $2 \
	JEQ  loop2 \
	LOOP3(loop1, ROWS3x1) \
	LOOP3(loop2, ROWS3x2) \
	LOOP3(loop3, ROWS3x3) \
	LOOP3(loop4, ROWS3x4)
