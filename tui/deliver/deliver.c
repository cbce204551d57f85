#include "tui/deliver/deliver.h"

#include <curl/curl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/alloc.h"
#include "common/message.h"
#include "tui/deliver/answer.h"
#include "tui/deliver/connection.h"
#include "tui/deliver/request.h"

/* How often deadlines are looked at. */
#define TICK_MS 50
/* What a request is longer than its capture, mostly: Host and target. */
#define CHANGED_BYTES 256

/* One request that waits or is under way. */
struct job {
	struct job *next;
	struct target target;
	struct event *event; /* its facts */
	struct buffer request, changes;
	struct error refused; /* set: it is not sent */
	enum cause cause;
	int64_t total_ms;
	struct deliver_fault fault;
	size_t body_len; /* of the request */
	size_t given;    /* bytes of the request handed to the connection */
	bool to_head;
	delivered_fn *delivered;
	void *data;
	int64_t started_at_ns;
	uint64_t started_hr;
};

/* A connection, with the job it works on, or kept for the next. */
struct carrier {
	struct deliver *deliver;
	struct connection *connection;
	char *base;
	struct job *job; /* NULL: kept */
	struct answer answer;
	uint64_t deadline_ms; /* of the job, or of being kept; uv_now */
};

struct deliver {
	uv_loop_t *loop;
	struct deliver_options options;
	char *who, *ca_file;
	struct job *first, **last; /* waiting */
	int64_t pending;
	size_t pending_bytes;
	struct carrier *carriers[DELIVER_CONCURRENCY_MAX];
	size_t carrier_count;
	uv_timer_t *tick;
	uv_timer_t *soon; /* for what must not be called back from within deliver_send */
};

static void timer_closed(uv_handle_t *handle) {
	free(handle);
}

static uv_timer_t *timer_new(struct deliver *deliver) {
	uv_timer_t *timer = alloc_zero(1, sizeof *timer);
	uv_timer_init(deliver->loop, timer);
	timer->data = deliver;
	return timer;
}

static void take_default(int64_t *value, int64_t fallback) {
	*value = *value > 0 ? *value : fallback;
}

static char *copy_text(const char *text) {
	return text ? alloc_text(text, strlen(text)) : NULL;
}

static void take_options(struct deliver *deliver, const struct deliver_options *options) {
	char *who = copy_text(options->who ? options->who : ""), *ca_file = copy_text(options->ca_file);
	free(deliver->who);
	free(deliver->ca_file);
	deliver->who = who;
	deliver->ca_file = ca_file;
	deliver->options = *options;
	take_default(&deliver->options.connect_ms, 2000);
	take_default(&deliver->options.total_ms, 30000);
	take_default(&deliver->options.answer_bytes, 1024 * 1024);
	take_default(&deliver->options.answer_read_bytes, 16 * 1024 * 1024);
	take_default(&deliver->options.answer_head_bytes, 65536);
	take_default(&deliver->options.concurrency, 16);
	take_default(&deliver->options.idle_ms, 2000);
	if (deliver->options.concurrency > DELIVER_CONCURRENCY_MAX) {
		deliver->options.concurrency = DELIVER_CONCURRENCY_MAX;
	}
}

struct deliver *deliver_new(
	uv_loop_t *loop, const struct deliver_options *options, struct error *err) {
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		error_set(err, ERROR_IO, "libcurl does not start");
		return NULL;
	}
	struct deliver *deliver = alloc_zero(1, sizeof *deliver);
	deliver->loop = loop;
	take_options(deliver, options);
	deliver->last = &deliver->first;
	deliver->tick = timer_new(deliver);
	deliver->soon = timer_new(deliver);
	return deliver;
}

static void job_free(struct job *job) {
	target_clear(&job->target);
	buffer_clear(&job->request);
	buffer_clear(&job->changes);
	free(job->event);
	free(job);
}

static void carrier_free(struct carrier *carrier) {
	struct deliver *deliver = carrier->deliver;
	for (size_t i = 0; i < deliver->carrier_count; i++) {
		if (deliver->carriers[i] == carrier) {
			deliver->carriers[i] = deliver->carriers[--deliver->carrier_count];
			break;
		}
	}
	connection_free(carrier->connection);
	answer_clear(&carrier->answer);
	free(carrier->base);
	free(carrier);
}

int64_t deliver_longest_ms(const struct deliver *deliver) {
	return deliver->options.connect_ms + deliver->options.total_ms;
}

void deliver_free(struct deliver *deliver) {
	if (!deliver) {
		return;
	}
	while (deliver->carrier_count > 0) {
		struct carrier *carrier = deliver->carriers[0];
		if (carrier->job) {
			job_free(carrier->job);
		}
		carrier_free(carrier);
	}
	while (deliver->first) {
		struct job *job = deliver->first;
		deliver->first = job->next;
		job_free(job);
	}
	uv_close((uv_handle_t *)deliver->tick, timer_closed);
	uv_close((uv_handle_t *)deliver->soon, timer_closed);
	free(deliver->who);
	free(deliver->ca_file);
	free(deliver);
	curl_global_cleanup();
}

void deliver_change(struct deliver *deliver, const struct deliver_options *options) {
	take_options(deliver, options);
	for (size_t i = deliver->carrier_count; i > 0; i--) {
		if (!deliver->carriers[i - 1]->job) {
			carrier_free(deliver->carriers[i - 1]);
		}
	}
}

int64_t deliver_pending(const struct deliver *deliver) {
	return deliver->pending;
}

size_t deliver_pending_bytes(const struct deliver *deliver) {
	return deliver->pending_bytes;
}

static int64_t now_ns(void) {
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

struct uuid deliver_fresh_id(void) {
	uint8_t random[10];
	if (uv_random(NULL, NULL, random, sizeof random, 0, NULL) != 0) {
		abort(); /* the kernel has no random bytes: nothing of ours can be trusted */
	}
	return uuid_make(now_ns() / 1000000, random);
}

static void start_waiting(struct deliver *deliver);

/* The one way a job ends. `err` is why there was no (whole) answer; `answer` may be NULL. */
static void finish(struct deliver *deliver, struct job *job, const struct answer *answer,
	bool connected, const struct error *err) {
	struct delivery delivery = {.connected = connected};
	struct attempt *attempt = &delivery.attempt;
	if (job->started_at_ns == 0) {
		job->started_at_ns = now_ns();
		job->started_hr = uv_hrtime();
	}
	attempt->id = deliver_fresh_id();
	attempt->event = job->event->id;
	attempt->endpoint = job->event->endpoint;
	attempt->event_seq = job->event->seq;
	attempt->cause = job->cause;
	attempt->target = span_text(job->target.url);
	attempt->changes = buffer_span(&job->changes);
	attempt->who = span_text(deliver->who);
	attempt->started_at_ns = job->started_at_ns;
	attempt->took_us = (int64_t)(uv_hrtime() - job->started_hr) / 1000;
	if (answer && answer->status > 0) {
		attempt->status = answer->status;
		delivery.answer_head = buffer_span(&answer->head);
		delivery.answer_body = buffer_span(&answer->body);
		attempt->answer_body_total = (int64_t)answer->body_total;
	}
	attempt->answer_head_len = (int64_t)delivery.answer_head.len;
	attempt->answer_body_len = (int64_t)delivery.answer_body.len;
	attempt->error = err ? span_text(err->text) : (struct span){0};
	deliver->pending--;
	deliver->pending_bytes -= job->request.len;
	job->delivered(job->data, &delivery);
	job_free(job);
}

static void run_tick(struct deliver *deliver);

/* The carrier's job is over; a connection that may be used again is kept. */
static void complete(struct carrier *carrier, bool connected, const struct error *err) {
	struct deliver *deliver = carrier->deliver;
	struct job *job = carrier->job;
	bool keep = !err && carrier->answer.keep_alive && connection_is_sent(carrier->connection) &&
	            job->given == job->request.len;
	struct answer answer = carrier->answer;
	carrier->answer = (struct answer){0};
	carrier->job = NULL;
	if (keep) {
		carrier->deadline_ms = uv_now(deliver->loop) + (uint64_t)deliver->options.idle_ms;
	} else {
		carrier_free(carrier);
	}
	finish(deliver, job, &answer, connected, err);
	answer_clear(&answer);
	start_waiting(deliver);
}

static const char *host_of(const struct carrier *carrier) {
	return strstr(carrier->base, "://") + 3;
}

static void on_answer(struct carrier *carrier, enum answer_event event) {
	struct error err = {0};
	switch (event) {
	case ANSWER_MORE:
		connection_expect_more(carrier->connection);
		return;
	case ANSWER_BAD:
		error_set(&err, ERROR_APP, "%s: %s", host_of(carrier), carrier->answer.reason);
		complete(carrier, true, &err);
		return;
	case ANSWER_CUT:
	case ANSWER_DONE:
		complete(carrier, true, NULL);
		return;
	}
}

static void on_received(void *data, const char *bytes, size_t len) {
	struct carrier *carrier = data;
	if (!carrier->job) {
		carrier_free(carrier); /* it spoke without being asked */
		return;
	}
	on_answer(carrier, answer_feed(&carrier->answer, bytes, len));
}

static void on_ended(void *data, bool connected, const struct error *err) {
	struct carrier *carrier = data;
	if (!carrier->job) {
		carrier_free(carrier);
	} else if (!connected) {
		complete(carrier, false, err);
	} else if (err && (carrier->answer.status > 0 || carrier->answer.head.len > 0)) {
		struct error told = *err;
		error_prefix(&told, "%s: the answer broke off", host_of(carrier));
		complete(carrier, true, &told);
	} else if (err) {
		struct error told = {0};
		error_set(
			&told, ERROR_APP, "%s: closed without an answer (%s)", host_of(carrier), err->text);
		complete(carrier, true, &told);
	} else {
		on_answer(carrier, answer_end(&carrier->answer));
	}
}

/* A kept connection to the same place that is still good. */
static struct carrier *find_kept(struct deliver *deliver, const char *base) {
	size_t i = 0;
	while (i < deliver->carrier_count) {
		struct carrier *carrier = deliver->carriers[i];
		if (carrier->job || strcmp(carrier->base, base) != 0) {
			i++;
		} else if (connection_is_usable(carrier->connection)) {
			return carrier;
		} else {
			carrier_free(carrier); /* another one stands in its place now */
		}
	}
	return NULL;
}

/* Makes room by closing a connection that is kept for elsewhere. */
static bool make_room(struct deliver *deliver) {
	for (size_t i = 0; i < deliver->carrier_count; i++) {
		if (deliver->carrier_count < (size_t)deliver->options.concurrency) {
			break;
		}
		if (!deliver->carriers[i]->job) {
			carrier_free(deliver->carriers[i]);
			break;
		}
	}
	return deliver->carrier_count < (size_t)deliver->options.concurrency;
}

static struct carrier *carrier_new(struct deliver *deliver, const char *base, struct error *err) {
	static const struct connection_events events = {on_received, on_ended};
	struct connection_options options = {.connect_ms = deliver->options.connect_ms,
		.anywhere = deliver->options.anywhere,
		.insecure = deliver->options.insecure,
		.ca_file = deliver->ca_file};
	struct carrier *carrier = alloc_zero(1, sizeof *carrier);
	carrier->deliver = deliver;
	carrier->base = alloc_text(base, strlen(base));
	carrier->connection = connection_new(deliver->loop, base, &options, &events, carrier, err);
	deliver->carriers[deliver->carrier_count++] = carrier;
	if (!carrier->connection) {
		carrier_free(carrier);
		return NULL;
	}
	return carrier;
}

/* Hands on what may be sent by now; all of it but for faults. */
static void send_due(struct carrier *carrier) {
	struct job *job = carrier->job;
	uint64_t elapsed_ms = (uv_hrtime() - job->started_hr) / 1000000;
	size_t due = fault_allows(&job->fault, job->request.len, job->body_len, elapsed_ms);
	if (due > job->given && connection_is_sent(carrier->connection)) {
		struct span bytes = {job->request.data + job->given, due - job->given};
		job->given = due;
		connection_send(carrier->connection, bytes);
	}
}

/* Whether the request was to be cut off, and all before that is on its way. */
static bool is_cut(const struct carrier *carrier) {
	const struct job *job = carrier->job;
	return job->fault.cut &&
	       job->given == fault_end(&job->fault, job->request.len, job->body_len) &&
	       connection_is_sent(carrier->connection);
}

static void cut_off(struct carrier *carrier) {
	struct error err = {0};
	error_set(&err, ERROR_APP, "%s: cut off on purpose after %zu of %zu bytes", host_of(carrier),
		carrier->job->given, carrier->job->request.len);
	complete(carrier, true, &err);
}

static void begin(struct carrier *carrier, struct job *job) {
	struct deliver *deliver = carrier->deliver;
	struct answer_limits limits = {.head_bytes = (size_t)deliver->options.answer_head_bytes,
		.keep_bytes = (size_t)deliver->options.answer_bytes,
		.read_bytes = (uint64_t)deliver->options.answer_read_bytes};
	answer_init(&carrier->answer, &limits, job->to_head);
	carrier->job = job;
	carrier->deadline_ms = uv_now(deliver->loop) + (uint64_t)job->total_ms;
	job->started_at_ns = now_ns();
	job->started_hr = uv_hrtime();
	send_due(carrier);
	run_tick(deliver);
}

static void on_soon(uv_timer_t *timer);

/* Starts what waits, in order, as far as there is room. Calls nobody back. */
static void start_waiting(struct deliver *deliver) {
	while (deliver->first) {
		struct job *job = deliver->first;
		if (job->refused.code != ERROR_NONE) {
			uv_timer_start(deliver->soon, on_soon, 0, 0);
			return;
		}
		struct carrier *carrier = find_kept(deliver, job->target.base);
		if (!carrier && !make_room(deliver)) {
			return;
		}
		if (!carrier && !(carrier = carrier_new(deliver, job->target.base, &job->refused))) {
			continue;
		}
		deliver->first = job->next;
		deliver->last = deliver->first ? deliver->last : &deliver->first;
		begin(carrier, job);
	}
}

/* The first that waits cannot be sent: it is told now. */
static void on_soon(uv_timer_t *timer) {
	struct deliver *deliver = timer->data;
	struct job *job = deliver->first;
	if (job && job->refused.code != ERROR_NONE) {
		deliver->first = job->next;
		deliver->last = deliver->first ? deliver->last : &deliver->first;
		finish(deliver, job, NULL, true, &job->refused);
	}
	start_waiting(deliver);
}

static void time_out(struct carrier *carrier) {
	struct error err = {0};
	int64_t ms = carrier->job->total_ms;
	const char *what = carrier->answer.status > 0 ? "the answer had no end" : "no answer";
	error_set(&err, ERROR_APP, "%s: %s within %" PRId64 "%s", host_of(carrier), what,
		ms % 1000 ? ms : ms / 1000, ms % 1000 ? " ms" : " s");
	complete(carrier, true, &err);
}

static void on_tick(uv_timer_t *timer) {
	struct deliver *deliver = timer->data;
	uint64_t now = uv_now(deliver->loop);
	size_t i = 0;
	while (i < deliver->carrier_count) {
		struct carrier *carrier = deliver->carriers[i];
		if (carrier->job && is_cut(carrier)) {
			cut_off(carrier);
			i = 0;
		} else if (now < carrier->deadline_ms) {
			if (carrier->job) {
				send_due(carrier);
			}
			i++;
		} else if (carrier->job) {
			time_out(carrier);
			i = 0; /* others have come and gone meanwhile */
		} else {
			carrier_free(carrier);
		}
	}
	if (deliver->carrier_count == 0) {
		uv_timer_stop(timer);
	}
}

static void run_tick(struct deliver *deliver) {
	if (!uv_is_active((uv_handle_t *)deliver->tick)) {
		uv_timer_start(deliver->tick, on_tick, TICK_MS, TICK_MS);
	}
}

static void build(struct job *job, const struct deliver_order *order) {
	struct message message = {0};
	struct error err = {0};
	if (!message_parse(&message, order->head, order->body, &err)) {
		error_set(
			&job->refused, ERROR_NO, "not sent: the captured head cannot be read: %s", err.text);
	} else {
		buffer_reserve(&job->request, order->head.len + order->body.len + CHANGED_BYTES);
		request_build(&job->request, &job->changes, &job->target, &message,
			(size_t)order->event->path_offset, order->options, order->resign, &job->refused);
		job->to_head = span_is(message.method, "HEAD");
	}
	message_clear(&message);
}

void deliver_send_order(struct deliver *deliver, const struct deliver_order *order,
	delivered_fn *delivered, void *data) {
	struct job *job = alloc_zero(1, sizeof *job);
	target_copy(&job->target, order->target);
	job->event = event_copy(order->event);
	job->cause = order->cause;
	job->total_ms = order->total_ms > 0 ? order->total_ms : deliver->options.total_ms;
	job->fault = order->fault ? *order->fault : (struct deliver_fault){0};
	job->body_len = order->body.len;
	job->delivered = delivered;
	job->data = data;
	build(job, order);
	*deliver->last = job;
	deliver->last = &job->next;
	deliver->pending++;
	deliver->pending_bytes += job->request.len;
	start_waiting(deliver);
}

void deliver_send_anew(struct deliver *deliver, const struct target *target,
	const struct event *event, struct span head, struct span body, const struct resign *resign,
	enum cause cause, delivered_fn *delivered, void *data) {
	const struct deliver_order order = {.target = target,
		.event = event,
		.head = head,
		.body = body,
		.resign = resign,
		.cause = cause};
	deliver_send_order(deliver, &order, delivered, data);
}

void deliver_send(struct deliver *deliver, const struct target *target, const struct event *event,
	struct span head, struct span body, enum cause cause, delivered_fn *delivered, void *data) {
	deliver_send_anew(deliver, target, event, head, body, NULL, cause, delivered, data);
}

void deliver_drop_waiting(struct deliver *deliver, void (*dropped)(void *data)) {
	struct job *job = deliver->first;
	deliver->first = NULL;
	deliver->last = &deliver->first;
	while (job) {
		struct job *next = job->next;
		void *data = job->data;
		deliver->pending--;
		deliver->pending_bytes -= job->request.len;
		job_free(job);
		dropped(data);
		job = next;
	}
}
