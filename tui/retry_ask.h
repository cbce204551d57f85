/* The requests about retries, as the relay takes them (docs/protocol.md, `retry.*`), and what it tells of them. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/retry.h"
#include "tui/client.h"

/*
 * All are asked again when the link breaks before the answer, which changes nothing. `answered` gets NULL or why not: ERROR_NO when
 * it is over, or not ours to do.
 */

/* What became of it, or (`fresh`) a new one. `claim` is that of retry_ask_take, or "". */
client_request retry_ask_put(struct client *client, const struct retry *retry, const char *claim,
	bool fresh, client_answer_fn *answered, void *data);
/* Before an attempt: nobody else makes it for so long. */
client_request retry_ask_take(struct client *client, const struct retry *retry, const char *claim,
	int64_t for_ms, client_answer_fn *answered, void *data);
/*
 * Before an attempt beside the schedule; 0 ms gives it back. `answered` has `held`. Not asked again: a link that breaks is
 * ERROR_UNREACHABLE.
 */
client_request retry_ask_hold(struct client *client, const struct uuid *event, struct span target,
	const char *claim, int64_t for_ms, client_answer_fn *answered, void *data);
/* `paused`: 1, 0, or -1: as it is. `due_ns`: 0: as it is. */
client_request retry_ask_change(struct client *client, const struct retry *retry, int paused,
	int64_t due_ns, client_answer_fn *answered, void *data);
client_request retry_ask_remove(struct client *client, const struct retry *retry, const char *claim,
	struct span reason, client_answer_fn *answered, void *data);

/* Everything there is, and with `watch` what changes, also after a reconnect: frames for retry_frame_read. */
client_request retry_ask_list(
	struct client *client, bool watch, client_answer_fn *told, void *data);

/* One of a frame; `over.data` NULL: it is there, else why it is gone. Valid during the call. */
typedef void retry_told_fn(void *data, const struct retry *retry, struct span over);
struct retry_frame {
	bool begin;    /* what was told before counts no more */
	bool complete; /* all there was has been told now */
};
/* Calls `told` for each of the frame. False: the relay speaks what we do not understand. */
bool retry_frame_read(struct retry_frame *frame, const struct cJSON *object, retry_told_fn *told,
	void *data, struct error *err);
