#include "common/buffer.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"

void buffer_clear(struct buffer *buffer) {
	free(buffer->data);
	*buffer = (struct buffer){0};
}

void buffer_reset(struct buffer *buffer) {
	buffer->len = 0;
}

char *buffer_reserve(struct buffer *buffer, size_t more) {
	if (more > SIZE_MAX / 2 - buffer->len) {
		abort(); /* callers bound sizes long before this */
	}
	size_t needed = buffer->len + more;
	if (needed > buffer->capacity) {
		size_t capacity = buffer->capacity ? buffer->capacity : 64;
		while (capacity < needed) {
			capacity *= 2;
		}
		buffer->data = alloc_resize(buffer->data, capacity);
		buffer->capacity = capacity;
	}
	return buffer->data + buffer->len;
}

void buffer_append(struct buffer *buffer, const void *data, size_t len) {
	if (len > 0) {
		memcpy(buffer_reserve(buffer, len), data, len);
		buffer->len += len;
	}
}

void buffer_append_span(struct buffer *buffer, struct span span) {
	buffer_append(buffer, span.data, span.len);
}

void buffer_append_text(struct buffer *buffer, const char *text) {
	buffer_append(buffer, text, strlen(text));
}

void buffer_append_byte(struct buffer *buffer, char byte) {
	*buffer_reserve(buffer, 1) = byte;
	buffer->len++;
}

void buffer_append_digits(struct buffer *buffer, uint64_t value, size_t digits) {
	char *at = buffer_reserve(buffer, digits);
	for (size_t i = digits; i-- > 0; value /= 10) {
		at[i] = (char)('0' + value % 10);
	}
	buffer->len += digits;
}

void buffer_append_int(struct buffer *buffer, int64_t value) {
	uint64_t positive = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
	size_t digits = 1;
	for (uint64_t rest = positive / 10; rest > 0; rest /= 10) {
		digits++;
	}
	if (value < 0) {
		buffer_append_byte(buffer, '-');
	}
	buffer_append_digits(buffer, positive, digits);
}

void buffer_printf(struct buffer *buffer, const char *format, ...) {
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len > 0) {
		vsnprintf(buffer_reserve(buffer, (size_t)len + 1), (size_t)len + 1, format, again);
		buffer->len += (size_t)len;
	}
	va_end(again);
}

void buffer_drop_front(struct buffer *buffer, size_t len) {
	if (len >= buffer->len) {
		buffer->len = 0;
		return;
	}
	memmove(buffer->data, buffer->data + len, buffer->len - len);
	buffer->len -= len;
}

struct span buffer_span(const struct buffer *buffer) {
	return (struct span){buffer->data, buffer->len};
}

const char *buffer_text(struct buffer *buffer) {
	*buffer_reserve(buffer, 1) = '\0';
	return buffer->data;
}
