/* A client of the stream's bed that notes all it is told. */
#pragma once

#include "tests/unit/stream_bed.h"
#include "tui/client.h"

/* A client and what it was told. */
struct watcher {
	struct client *client;
	int64_t lives, downs, events, attempts, caught_up, dones, gaps, judged, stored, leased, answers,
		leases, skipped, annotated;
	int64_t seen; /* events that were told or passed over */
	int64_t last_seq, last_position, last_status;
	char order[128]; /* "shop#3 shop#2 ": the events of the last watcher_list */
	int64_t gap_from, gap_to, judged_changed, number;
	bool in_order, mine, marked;
	int64_t body_bytes;
	size_t held;
	int64_t resumed, resumed_from, behind;
	char head[128], body[64], holder[64], text[256];
	struct error err;
	int64_t retry_ms;
};

/* `watcher` is overwritten. Tries again after 10 ms. */
void watcher_connect(struct stream_bed *bed, struct watcher *watcher);
void watcher_connect_with(
	struct stream_bed *bed, struct watcher *watcher, const char *token_file, bool once);

struct client_receiver watcher_receiver(struct watcher *watcher);
client_request watcher_follow(struct watcher *watcher, const struct client_query *query);
/* Lists and waits for the end. */
void watcher_list(
	struct stream_bed *bed, struct watcher *watcher, const struct client_query *query);
/* Asks and waits for the answer: `text` or `err`. */
void watcher_ask(struct stream_bed *bed, struct watcher *watcher, const char *object);

/* Keeps `from` as text, cut to `size`. */
void watcher_keep(char *to, size_t size, struct span from);
