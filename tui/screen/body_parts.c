#include "tui/screen/body_parts.h"

#include <stdlib.h>

#include "common/alloc.h"

struct body_parts *body_parts_new(struct span body, struct span boundary) {
	if (boundary.len == 0) {
		return NULL;
	}
	struct body_parts *parts = alloc_zero(1, sizeof *parts);
	multipart_begin(&parts->multipart, body, boundary);
	return parts;
}

void body_parts_free(struct body_parts *parts) {
	if (parts) {
		multipart_clear(&parts->multipart);
		free(parts);
	}
}

bool body_parts_read(struct body_parts *parts, size_t budget) {
	while (!parts->complete && budget > 0) {
		struct part *part = &parts->list[parts->count];
		enum multipart_found found =
			multipart_next(&parts->multipart, &budget, &part->head, &part->body);
		parts->count += found == MULTIPART_PART;
		parts->complete = found == MULTIPART_END || parts->count == BODY_PARTS_MAX;
	}
	return parts->complete;
}

size_t body_parts_left(const struct body_parts *parts) {
	const struct multipart *multipart = &parts->multipart;
	bool more = multipart->begun && multipart->rest.len > multipart->delimiter_len + 4;
	return more ? multipart->rest.len : 0;
}
