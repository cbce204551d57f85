/* A QR code that is shown. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Larger ones fit on no screen. */
#define QR_SIZE_MAX 97

struct qr_panel {
	size_t size; /* modules a side */
	bool dark[QR_SIZE_MAX][QR_SIZE_MAX];
	char text[1024];
};
