/* What there was, in charts (`o`): the relay's counts as groups of bars, one of which is chosen, and the filter each of them stands for. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/counts.h"

/* In the order Tab goes through them. */
enum overview_group {
	OVERVIEW_TIME,
	OVERVIEW_PROVIDERS,
	OVERVIEW_STATUSES,
	OVERVIEW_VERDICTS,
	OVERVIEW_TYPES,
	OVERVIEW_KEYS,
	OVERVIEW_LATENCY,
	OVERVIEW_GROUPS
};

/* All zero is empty. */
struct overview_panel {
	enum counts_span span;
	struct counts counts;
	bool loaded;
	bool asked; /* an answer is under way */
	int64_t asked_at_ms;
	char error[200];
	enum overview_group group;  /* that has the keys */
	size_t at[OVERVIEW_GROUPS]; /* its chosen bar; of OVERVIEW_TIME the bucket */
	size_t step;                /* buckets that stand for one bar, as wide as the screen is */
};

/* One bar; texts are borrowed from the panel or constant. */
struct overview_bar {
	struct span name, key; /* `key`: of a business key the value, else empty */
	int64_t value, failed, rejected;
	enum counts_status status; /* OVERVIEW_STATUSES */
	enum verdict verdict;      /* OVERVIEW_VERDICTS */
};

/* Takes the counts over (they are empty then); the chosen bars stay the same ones, also where they moved. */
void overview_panel_take(struct overview_panel *panel, struct counts *counts);
void overview_panel_clear(struct overview_panel *panel);

/* Bars of a group; OVERVIEW_TIME has buckets, OVERVIEW_LATENCY the places from the first to the last that matter. */
size_t overview_panel_count(const struct overview_panel *panel, enum overview_group group);
struct overview_bar overview_panel_bar(
	const struct overview_panel *panel, enum overview_group group, size_t index);

/* The first place of the histogram that is shown. */
size_t overview_panel_first_latency(const struct overview_panel *panel);

/* How long a provider of the counts waits for an answer. */
struct overview_limit {
	struct span provider;
	int64_t limit_us;
};
#define OVERVIEW_LIMITS_MAX 4
/* Those of the providers whose answers were counted and that are known, shortest first, one for each length; returns how many. */
size_t overview_panel_limits(
	const struct overview_panel *panel, struct overview_limit limits[OVERVIEW_LIMITS_MAX]);

/*
 * The filter that shows what the chosen bar counts. Of OVERVIEW_LATENCY it is one of deliveries (common/attempt_filter.h). False: there is none,
 * as of a row of all others.
 */
bool overview_panel_filter(struct buffer *out, const struct overview_panel *panel);
/* "13:45 - 13:46: 42 events, 3 failed" */
void overview_panel_caption(struct buffer *out, const struct overview_panel *panel);
