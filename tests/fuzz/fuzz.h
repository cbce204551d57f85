/*
 * A fuzz target is a file fuzz_NAME.c with this one function. clang's libFuzzer calls it with bytes of its making
 * (meson setup -Dfuzz=true); the ordinary test run calls it with the files of corpus/NAME (replay.c). A broken
 * property ends the program.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* States a property that has to hold for every input. */
#define HOLDS(condition)                                                                           \
	do {                                                                                           \
		if (!(condition)) {                                                                        \
			fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition);         \
			abort();                                                                               \
		}                                                                                          \
	} while (0)
