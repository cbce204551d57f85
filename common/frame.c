#include "common/frame.h"

#include <string.h>

#define KEPT_CAPACITY 65536

void frame_header_write(char out[FRAME_HEADER_LEN], const struct frame_header *header) {
	uint32_t request = header->request;
	const unsigned char bytes[FRAME_HEADER_LEN] = {(unsigned char)header->kind,
		header->last ? 1 : 0, 0, 0, (unsigned char)(request >> 24), (unsigned char)(request >> 16),
		(unsigned char)(request >> 8), (unsigned char)request};
	memcpy(out, bytes, sizeof bytes);
}

bool frame_header_read(
	struct frame_header *header, struct span *payload, struct span message, struct error *err) {
	if (message.len < FRAME_HEADER_LEN || message.len > FRAME_HEADER_LEN + FRAME_CHUNK) {
		return error_set(err, ERROR_USAGE, "expected a binary message of %d to %d bytes, not %zu",
			FRAME_HEADER_LEN, FRAME_HEADER_LEN + FRAME_CHUNK, message.len);
	}
	const unsigned char *at = (const unsigned char *)message.data;
	if (at[0] < FRAME_HEAD || at[0] > FRAME_TRAILERS) {
		return error_set(err, ERROR_USAGE, "expected kind 1, 2 or 3 of bytes, not %u", at[0]);
	}
	header->kind = (enum frame_kind)at[0];
	header->last = at[1] & 1;
	header->request =
		(uint32_t)at[4] << 24 | (uint32_t)at[5] << 16 | (uint32_t)at[6] << 8 | (uint32_t)at[7];
	*payload = span_after(message, FRAME_HEADER_LEN);
	return true;
}

enum frame_progress frame_assembly_add(
	struct frame_assembly *assembly, const struct frame_piece *piece) {
	if (piece->first) {
		assembly->binary = piece->binary;
	}
	if (piece->fragment_begin && ++assembly->fragments > FRAME_FRAGMENTS) {
		return FRAME_TOO_LARGE;
	}
	size_t room = FRAME_MESSAGE - assembly->bytes.len;
	if (piece->bytes.len > room || piece->remaining > room - piece->bytes.len) {
		return FRAME_TOO_LARGE;
	}
	buffer_append_span(&assembly->bytes, piece->bytes);
	return piece->final_fragment && piece->remaining == 0 ? FRAME_WHOLE : FRAME_MORE;
}

void frame_assembly_next(struct frame_assembly *assembly) {
	assembly->fragments = 0;
	if (assembly->bytes.capacity > KEPT_CAPACITY) {
		buffer_clear(&assembly->bytes);
	} else {
		buffer_reset(&assembly->bytes);
	}
}

void frame_assembly_clear(struct frame_assembly *assembly) {
	buffer_clear(&assembly->bytes);
	*assembly = (struct frame_assembly){0};
}

static int64_t missing(const struct frame_content *content, size_t part) {
	return content->expected[part] - (int64_t)content->parts[part].len;
}

/* The kind that is incomplete, or FRAME_KINDS. */
static size_t next_part(const struct frame_content *content) {
	size_t part = 0;
	while (part < FRAME_KINDS && missing(content, part) == 0) {
		part++;
	}
	return part;
}

bool frame_content_begin(struct frame_content *content, uint32_t request,
	const int64_t lens[FRAME_KINDS], int64_t most, struct error *err) {
	for (size_t i = 0; i < FRAME_KINDS; i++) {
		int64_t limit = i + 1 == FRAME_BODY ? most : FRAME_HEAD_MAX;
		if (lens[i] < 0 || lens[i] > limit) {
			return error_set(err, ERROR_USAGE, "expected at most %lld bytes, not %lld",
				(long long)limit, (long long)lens[i]);
		}
	}
	frame_content_clear(content);
	content->request = request;
	memcpy(content->expected, lens, sizeof content->expected);
	content->open = next_part(content) < FRAME_KINDS;
	return true;
}

bool frame_content_add(struct frame_content *content, const struct frame_header *header,
	struct span payload, struct error *err) {
	size_t part = (size_t)header->kind - 1;
	if (!content->open || header->request != content->request || part != next_part(content)) {
		frame_content_clear(content);
		return error_set(err, ERROR_USAGE, "bytes came that nothing announced");
	}
	int64_t left = missing(content, part) - (int64_t)payload.len;
	if (payload.len == 0 || left < 0 || header->last != (left == 0)) {
		frame_content_clear(content);
		return error_set(err, ERROR_USAGE, "other bytes came than were announced");
	}
	buffer_append_span(&content->parts[part], payload);
	content->open = next_part(content) < FRAME_KINDS;
	return true;
}

struct span frame_content_part(const struct frame_content *content, enum frame_kind kind) {
	struct span part = buffer_span(&content->parts[(size_t)kind - 1]);
	return part.data ? part : (struct span){"", 0};
}

void frame_content_clear(struct frame_content *content) {
	for (size_t i = 0; i < FRAME_KINDS; i++) {
		buffer_clear(&content->parts[i]);
	}
	*content = (struct frame_content){0};
}

static const struct {
	enum error_code code;
	const char *name;
} codes[] = {
	{ERROR_USAGE, "usage"},
	{ERROR_CONFIG, "config"},
	{ERROR_IO, "io"},
	{ERROR_REFUSED, "refused"},
	{ERROR_NO, "no"},
	{ERROR_FULL, "full"},
};

const char *frame_error_name(enum error_code code) {
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
		if (codes[i].code == code) {
			return codes[i].name;
		}
	}
	return "io";
}

enum error_code frame_error_code(struct span name) {
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
		if (span_is(name, codes[i].name)) {
			return codes[i].code;
		}
	}
	return ERROR_REFUSED;
}
