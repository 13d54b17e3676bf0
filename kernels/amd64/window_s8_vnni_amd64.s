//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "requant_avx512_amd64.h"

#define NAME ·windowS8VNNI
#define SIZE 64

#define DOT(X, AT, S) \
	VPDPBUSD AT(R12), X, S

#define NINE

#define KEPT(X, W, S) \
	VPDPBUSD W, X, S

#include "window_s8_512_amd64.h"
#include "window_s8_nine_amd64.h"
