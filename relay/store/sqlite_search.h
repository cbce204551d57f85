/*
 * What a filter asks of the bytes of one event, for as long as the loop may be held: the rest is looked at in a later turn, on a copy, so that
 * nothing of the database is held meanwhile.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/filter.h"
#include "relay/store/store.h"

struct sqlite_search;

/*
 * Whether head and body of the event at `position` are what the filter asks for; FILTER_GO_ON: that is not known by `deadline` (uv_hrtime). Where
 * it is `*search` already, it goes on, and `bytes` is not looked at; else a new one takes its place. All is copied but the filter.
 */
enum filter_scanned sqlite_search_bytes(struct sqlite_search **search, const struct filter *filter,
	const struct event *event, int64_t position, const struct entry *bytes, uint64_t deadline);
void sqlite_search_free(struct sqlite_search *search);

/* Whether it is about this event; NULL is about none. */
bool sqlite_search_is_at(const struct sqlite_search *search, int64_t position);
/* Goes on until `deadline`. FILTER_GO_ON: it is not through. */
enum filter_scanned sqlite_search_run(struct sqlite_search *search, uint64_t deadline);
