/*
 * The events of a bulk replay, one after the other in its order: those a filter finds, a page at a time, or those that were
 * named. Of a filter no more than a page is held, however many it finds.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/error.h"
#include "common/event.h"
#include "common/span.h"
#include "tui/bulk_settings.h"
#include "tui/client.h"

/* Events of a filter that are held at once. */
#define BULK_PAGE 256

struct bulk_source_options {
	struct span filter, endpoint;  /* copied; not looked at when events are named */
	const struct event_ref *named; /* copied */
	size_t named_count;
	enum bulk_order order; /* BULK_LISTED of a filter is oldest first */
	const char *target;    /* what its attempts came to is told with each event; copied */
};

struct bulk_source_events {
	/* There is another event, or the end has come. */
	void (*ready)(void *data);
	/* A named event that is not there. */
	void (*missing)(void *data, const struct event_ref *ref, const struct error *err);
	/* The relay does not go on; bulk_source_again asks once more. */
	void (*failed)(void *data, const struct error *err);
};

struct bulk_source;

/* Asks for nothing before bulk_source_next. */
struct bulk_source *bulk_source_new(struct client *client,
	const struct bulk_source_options *options, const struct bulk_source_events *events, void *data);
/* To be called before client_free; no callback comes any more. */
void bulk_source_free(struct bulk_source *source);

/*
 * The next event, with delivered_at and answered_at; it stays the next one until bulk_source_pass. NULL: `ready` comes when
 * there is one, unless bulk_source_ended. No callback comes from within it.
 */
const struct event *bulk_source_next(struct bulk_source *source);
/* The one `far` behind the next one; NULL: not at hand, and nothing is asked for. */
const struct event *bulk_source_peek(const struct bulk_source *source, size_t far);
void bulk_source_pass(struct bulk_source *source);
bool bulk_source_ended(const struct bulk_source *source);

/* Of a filter: nothing behind this position. Before the first bulk_source_next. */
void bulk_source_limit(struct bulk_source *source, int64_t upto);
/* From the beginning; what was named is not looked up again. */
void bulk_source_rewind(struct bulk_source *source);
/* After `failed`: goes on where it was. */
void bulk_source_again(struct bulk_source *source);

/* The ids of what was named, in order, when all of it was looked up: `*count` of them, borrowed; those not there left out. */
const struct event *const *bulk_source_named(const struct bulk_source *source, size_t *count);
