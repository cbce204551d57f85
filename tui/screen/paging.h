/* A pane on its way to $PAGER: as text, a piece at a time, however long it is. */
#pragma once

#include "common/buffer.h"
#include "common/uuid.h"
#include "tui/screen/document.h"

/* Of a longer one the beginning is shown, and that it was cut is said. */
#define PAGING_BYTES_MAX ((size_t)32 * 1024 * 1024)

struct paging {
	bool running;
	const struct document *document; /* that is written; another one ends it */
	struct uuid event;
	size_t columns, line; /* the next one */
	struct buffer text;
};
