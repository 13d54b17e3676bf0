//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "requant_avx512_amd64.h"

#define NAME ·windowS8VNNI
#define SIZE 64

#define DOT(X, AT, S) \
	VPDPBUSD AT(R12), X, S

#include "window_s8_512_amd64.h"
