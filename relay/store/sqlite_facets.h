/*
 * Events that agree in endpoint, provider, verdict and last status are a facet: few facets, each in order in an index. A
 * filter that fits little is answered from the facets it may fit, without a look at the rest.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/error.h"
#include "common/filter.h"
#include "relay/store/sqlite_reader.h"
#include "relay/store/sqlite_scan.h"

/* With more facets to read from, or to choose from, looking at the events themselves is no worse. */
#define FACETS_MAX 256
#define FACETS_SEEN_MAX 4096

struct sqlite_facets;

/* For events with positions above `low` and below `high`; `endpoint` 0: of all. The filter stays the caller's. */
struct sqlite_facets *sqlite_facets_new(struct sqlite_reader *reader, const struct filter *filter,
	int64_t endpoint, bool newest_first, int64_t low, int64_t high);
void sqlite_facets_free(struct sqlite_facets *facets);

/* Leaves out what comes before `position`, in the direction of the scan. */
bool sqlite_facets_seek(struct sqlite_facets *facets, int64_t position, struct error *err);

enum sqlite_scan sqlite_facets_next(
	struct sqlite_facets *facets, uint64_t deadline, int64_t *position, struct error *err);
