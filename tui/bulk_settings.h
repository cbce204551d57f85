/* How a bulk replay is to be carried out, as chosen on the command line or on the screen, and what becomes of each event. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/error.h"
#include "common/span.h"
#include "tui/bulk_pace.h"

struct cJSON;

enum bulk_order {
	BULK_OLDEST, /* oldest first */
	BULK_NEWEST,
	BULK_LISTED, /* as they were named */
};

struct bulk_settings {
	enum bulk_order order;
	struct bulk_pace pace;
	int64_t concurrency; /* at once; 1 keeps the order at the app, too */
	bool as_received;    /* else signed anew where a secret is known */
	bool again;          /* also what the target has answered 2xx before */
	bool stop_on_failure;
};

/* "oldest", "newest", "listed" */
const char *bulk_order_name(enum bulk_order order);
/* ERROR_USAGE with what is allowed. */
bool bulk_order_read(enum bulk_order *order, struct span name, struct error *err);

/* Members of an object that is begun: ,"order":"oldest","rate":10,... and back. */
void bulk_settings_append_json(struct buffer *out, const struct bulk_settings *settings);
bool bulk_settings_read_json(
	struct bulk_settings *settings, const struct cJSON *object, struct error *err);

/* What is known of an event before it is sent. Positions as in struct event. */
struct bulk_facts {
	int64_t delivered_at, answered_at; /* by attempts to the target of the replay */
	bool maybe; /* a run that was cut off was sending it, and nobody knows whether it arrived */
};

enum bulk_choice {
	BULK_SEND,
	BULK_SKIP_ANSWERED, /* answered since the plan was made: by an earlier run, or by whoever else */
	BULK_SKIP_DELIVERED, /* answered 2xx before the plan was made */
	BULK_ASK,            /* it may have been sent */
};

/* `since`: the newest position there was when the plan was made. What was answered since is never sent again. */
enum bulk_choice bulk_choose(
	const struct bulk_settings *settings, const struct bulk_facts *facts, int64_t since);
