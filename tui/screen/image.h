/* What an image is, from its first bytes: nothing is decoded. Pure. */
#pragma once

#include <stdbool.h>

#include "common/buffer.h"
#include "common/span.h"

/* Appends "PNG image, 640 x 480" (width and height, where its header says them). False: it is no PNG, JPEG, GIF or WebP. */
bool image_append(struct buffer *out, struct span bytes);
