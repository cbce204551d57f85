#include "tui/screen/image.h"

#include <string.h>

/* Segments in front of the one with the size that are passed over. */
#define JPEG_SEGMENTS_MAX 1000

static unsigned byte_at(struct span bytes, size_t at) {
	return at < bytes.len ? (unsigned char)bytes.data[at] : 0;
}

/* Two bytes, the greater one first; and the lesser one first. */
static unsigned big(struct span bytes, size_t at) {
	return byte_at(bytes, at) << 8 | byte_at(bytes, at + 1);
}

static unsigned little(struct span bytes, size_t at) {
	return byte_at(bytes, at) | byte_at(bytes, at + 1) << 8;
}

static bool begins(struct span bytes, size_t at, const char *text, size_t len) {
	return at + len <= bytes.len && memcmp(bytes.data + at, text, len) == 0;
}

static void append_size(struct buffer *out, const char *name, unsigned width, unsigned height) {
	buffer_printf(out, "%s image", name);
	if (width > 0 && height > 0) {
		buffer_printf(out, ", %u x %u", width, height);
	}
}

static void append_png(struct buffer *out, struct span bytes) {
	bool small = big(bytes, 16) < 0x8000 && big(bytes, 20) < 0x8000;
	unsigned width = big(bytes, 16) << 16 | big(bytes, 18);
	unsigned height = big(bytes, 20) << 16 | big(bytes, 22);
	bool known = small && begins(bytes, 12, "IHDR", 4) && bytes.len >= 24;
	append_size(out, "PNG", known ? width : 0, known ? height : 0);
}

/* Whether a marker begins a frame: its size follows. */
static bool begins_frame(unsigned marker) {
	return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

static void append_jpeg(struct buffer *out, struct span bytes) {
	size_t at = 2;
	for (int i = 0; i < JPEG_SEGMENTS_MAX && at + 9 < bytes.len; i++) {
		if (byte_at(bytes, at) != 0xff) {
			break;
		}
		unsigned marker = byte_at(bytes, at + 1);
		if (begins_frame(marker)) {
			append_size(out, "JPEG", big(bytes, at + 7), big(bytes, at + 5));
			return;
		}
		at += marker == 0xff ? 1 : 2 + (size_t)big(bytes, at + 2);
	}
	append_size(out, "JPEG", 0, 0);
}

static void append_webp(struct buffer *out, struct span bytes) {
	unsigned width = 0, height = 0;
	if (begins(bytes, 12, "VP8X", 4) && bytes.len >= 30) {
		width = 1 + (little(bytes, 24) | byte_at(bytes, 26) << 16);
		height = 1 + (little(bytes, 27) | byte_at(bytes, 29) << 16);
	} else if (begins(bytes, 12, "VP8L", 4) && bytes.len >= 25) {
		unsigned bits = little(bytes, 21) | little(bytes, 23) << 16;
		width = 1 + (bits & 0x3fff);
		height = 1 + (bits >> 14 & 0x3fff);
	} else if (begins(bytes, 12, "VP8 ", 4) && bytes.len >= 30) {
		width = little(bytes, 26) & 0x3fff;
		height = little(bytes, 28) & 0x3fff;
	}
	append_size(out, "WebP", width, height);
}

bool image_append(struct buffer *out, struct span bytes) {
	if (begins(bytes, 0, "\x89PNG\r\n\x1a\n", 8)) {
		append_png(out, bytes);
	} else if (begins(bytes, 0, "\xff\xd8\xff", 3)) {
		append_jpeg(out, bytes);
	} else if (begins(bytes, 0, "GIF87a", 6) || begins(bytes, 0, "GIF89a", 6)) {
		append_size(out, "GIF", little(bytes, 6), little(bytes, 8));
	} else if (begins(bytes, 0, "RIFF", 4) && begins(bytes, 8, "WEBP", 4)) {
		append_webp(out, bytes);
	} else {
		return false;
	}
	return true;
}
