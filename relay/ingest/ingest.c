#include "relay/ingest/ingest.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/alloc.h"
#include "relay/ingest/receipt.h"
#include "relay/ingest/route.h"
#include "relay/log.h"
#include "relay/stream/hub.h"

static bool is_options_for_all(const struct message *message) {
	return span_is(message->target, "*");
}

/* The endpoint, and where the path that is handed on begins. */
static struct endpoint *find_endpoint(
	const struct ingest *ingest, const struct message *message, size_t *path_offset) {
	struct route route = route_find(message);
	*path_offset = route.path_start;
	struct endpoint *endpoint = endpoints_find_host(ingest->endpoints, route.host);
	if (endpoint) {
		return endpoint;
	}
	endpoint = route.name.len > 0 ? endpoints_find(ingest->endpoints, route.name) : NULL;
	if (endpoint) {
		*path_offset = route.behind_name;
		return endpoint;
	}
	return ingest->options.catch_all ? endpoints_find(ingest->endpoints, span_text("default"))
	                                 : NULL;
}

static int check(void *data, const struct message *message, const char **reason) {
	const struct ingest *ingest = data;
	if (ingest->gave_up) {
		*reason = "the disk fails, nothing can be stored";
		return 503;
	}
	if (store_backlog(ingest->store).bytes > ingest->options.backlog_bytes) {
		*reason = "too much waits for the disk, try again later";
		return 503;
	}
	size_t path_offset;
	if (!is_options_for_all(message) && !find_endpoint(ingest, message, &path_offset)) {
		*reason = "there is no endpoint for this path";
		return 404;
	}
	return 0;
}

static struct uuid make_id(struct ingest *ingest, int64_t now_ms) {
	if (ingest->random_used + 10 > RANDOM_BYTES) {
		if (uv_random(NULL, NULL, ingest->random, RANDOM_BYTES, 0, NULL) != 0) {
			abort(); /* ids must not repeat */
		}
		ingest->random_used = 0;
	}
	struct uuid id = uuid_make(now_ms, ingest->random + ingest->random_used);
	ingest->random_used += 10;
	return id;
}

static void fill_event(struct receipt *receipt, const struct message *message, size_t path_offset) {
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	int64_t now_ns = now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
	struct description *description = &receipt->description;
	endpoint_describe(receipt->endpoint, message, now_ns / 1000000, description);
	receipt->is_handshake = endpoint_answer_handshake(receipt->endpoint, message, description);
	receipt->event = (struct event){
		.id = make_id(receipt->ingest, now_ns / 1000000),
		.endpoint = endpoint_name(receipt->endpoint),
		.received_at_ns = now_ns,
		.peer = connection_peer(receipt->connection),
		.method = message->method,
		.target = message->target,
		.path_offset = (int64_t)path_offset,
		.head_len = (int64_t)message->head.len,
		.body_len = (int64_t)message->body.len,
		.trailers_len = (int64_t)message->trailers.len,
		.provider = span_text(description->provider ? description->provider->name : ""),
		.type = buffer_span(&description->type),
		.provider_id = buffer_span(&description->id),
		.verdict = description->judgement.verdict,
		.reason = span_text(description->judgement.reason),
		.secret = span_text(description->judgement.secret),
		.recipe = span_text(description->recipe),
		.handshake = span_text(description->handshake.words),
		.answer = buffer_span(&description->exchange),
	};
}

static void on_stored(void *data, struct entry *entry, const struct error *err) {
	struct receipt *receipt = data;
	struct ingest *ingest = receipt->ingest;
	uint64_t begun_ns = connection_begun_ns(receipt->connection);
	if (err) {
		receipt_not_stored(receipt, err);
		return;
	}
	hub_publish(ingest->hub, entry);
	ingest_counts_event(&ingest->counts, entry->endpoint,
		receipt->description.provider ? receipt->description.provider->name : "",
		receipt->event.verdict);
	histogram_add(&ingest->counts.body_bytes, (double)receipt->event.body_len);
	histogram_add(&ingest->counts.seconds, (double)(uv_hrtime() - begun_ns) / 1e9);
	receipt_stored(receipt); /* the receipt may be gone now */
}

static void request(void *data, struct connection *connection, const struct message *message) {
	struct ingest *ingest = data;
	struct receipt *receipt = connection_extra(connection);
	size_t path_offset = 0;
	if (is_options_for_all(message)) {
		connection_answer(connection, &(struct answer){.status = 204});
		return;
	}
	receipt->ingest = ingest;
	receipt->connection = connection;
	receipt->endpoint = find_endpoint(ingest, message, &path_offset);
	if (!receipt->endpoint) { /* removed since its head was read */
		connection_answer(connection, &(struct answer){.status = 404, .close = true});
		return;
	}
	fill_event(receipt, message, path_offset);
	receipt->entry = (struct entry){
		.kind = ENTRY_EVENT,
		.endpoint = endpoint_id(receipt->endpoint),
		.event = &receipt->event,
		.head = message->head,
		.body = message->body,
		.trailers = message->trailers,
	};
	receipt_decide(receipt);
	store_append(ingest->store, &receipt->entry, on_stored, receipt);
}

static void forget(void *data, void *extra) {
	struct receipt *receipt = extra;
	(void)data;
	description_clear(&receipt->description);
}

static bool may_keep_refusal(struct ingest *ingest, int64_t at_ns) {
	time_t second = (time_t)(at_ns / 1000000000);
	if (ingest->refusal_second != second) {
		ingest->refusal_second = second;
		ingest->refusals = 0;
	}
	return ingest->refusals++ < ingest->options.refusals_per_second;
}

static void refused(void *data, const struct refusal *refusal) {
	struct ingest *ingest = data;
	ingest_counts_refusal(&ingest->counts, (int)refusal->status);
	log_write(LOG_INFO, "refused status=%d peer=%.*s reason=%.*s line=%.*s", (int)refusal->status,
		(int)refusal->peer.len, refusal->peer.data, (int)refusal->reason.len, refusal->reason.data,
		(int)refusal->line.len, refusal->line.data ? refusal->line.data : "");
	if (may_keep_refusal(ingest, refusal->at_ns)) {
		store_add_refusal(ingest->store, refusal);
	}
}

struct ingest *ingest_new(struct lws_context *context, uv_loop_t *loop,
	const struct ingest_options *options, struct store *store, struct endpoints *endpoints,
	struct hub *hub, struct waiting *waiting, struct error *err) {
	struct ingest *ingest = alloc_zero(1, sizeof *ingest);
	ingest->options = *options;
	ingest->store = store;
	ingest->endpoints = endpoints;
	ingest->hub = hub;
	ingest->waiting = waiting;
	ingest->random_used = RANDOM_BYTES;
	ingest_counts_init(&ingest->counts);
	struct listener_options listener = options->listener;
	listener.data = ingest;
	listener.handler = (struct listener_handler){
		.extra_bytes = sizeof(struct receipt),
		.forget = forget,
		.check = check,
		.request = request,
		.refused = refused,
	};
	ingest->listener = listener_new(context, loop, &listener, err);
	if (!ingest->listener) {
		ingest_free(ingest);
		return NULL;
	}
	return ingest;
}

void ingest_configure(struct ingest *ingest, const struct ingest_options *options) {
	ingest->options.catch_all = options->catch_all;
	ingest->options.backlog_bytes = options->backlog_bytes;
	ingest->options.refusals_per_second = options->refusals_per_second;
	ingest->options.waiting_ms = options->waiting_ms;
	listener_set_limits(ingest->listener, &options->listener.limits);
}

struct listener *ingest_listener(struct ingest *ingest) {
	return ingest->listener;
}

const struct ingest_counts *ingest_counts(const struct ingest *ingest) {
	return &ingest->counts;
}

void ingest_drain(struct ingest *ingest) {
	listener_drain(ingest->listener);
	ingest->stopping = true;
	waiting_stop(ingest->waiting);
}

void ingest_stop(struct ingest *ingest) {
	waiting_stop(ingest->waiting);
	listener_free(ingest->listener);
	ingest->listener = NULL;
}

void ingest_free(struct ingest *ingest) {
	if (!ingest) {
		return;
	}
	ingest_counts_clear(&ingest->counts);
	buffer_clear(&ingest->headers);
	buffer_clear(&ingest->body);
	free(ingest);
}
