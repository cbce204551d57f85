/* The parts of a multipart body that are shown one by one: the first of them, found a slice at a time. */
#pragma once

#include "tui/screen/multipart.h"

/* Parts that are kept. */
#define BODY_PARTS_MAX 30

struct part {
	struct span head, body;
};

struct body_parts {
	struct multipart multipart;
	struct part list[BODY_PARTS_MAX];
	size_t count;
	bool complete; /* all of them are found, or as many as are kept */
};

/* `body` is borrowed until body_parts_free. NULL: `boundary` is empty. */
struct body_parts *body_parts_new(struct span body, struct span boundary);
void body_parts_free(struct body_parts *parts);

/* Looks through about `budget` bytes. True: it is complete. */
bool body_parts_read(struct body_parts *parts, size_t budget);

/* Bytes behind those that are kept, when it is complete. */
size_t body_parts_left(const struct body_parts *parts);
