#include "tui/replayer.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/same_target.h"
#include "tui/anew.h"
#include "tui/retry_ask.h"

/* An event that somebody else tries is asked for again after so long. */
#define BLOCKED_MS 200
/* What is held is held for the longest the app may take, and for this: signing, and the way to the relay and back. */
#define HELD_MORE_MS 10000

/* One event, from being asked for until its attempt is kept. */
struct errand {
	struct errand *next;
	struct replayer *replayer;
	struct event_ref ref;
	char endpoint[ENDPOINT_NAME_LEN + 1]; /* what ref.endpoint points to */
	struct target target;
	bool as_received;
	bool blocked;     /* somebody else makes an attempt of it just now: asked again in a while */
	bool waited;      /* and whoever asked for it was told */
	bool held;        /* what is due of it is held back for us */
	struct anew anew; /* empty with `as_received` */
	bool sent;        /* the delivery goes on where the fetching ended */
	bool fetched;     /* the relay will say no more of the event */
	bool stored;      /* the relay has answered to the attempt: */
	struct error trouble;     /* or why it was not sent */
	struct event *event;      /* kept until its attempts are known; then NULL again */
	struct buffer head, body; /* of `event` */
	struct replayer_seen seen;
	bool unwanted;
	struct attempt *attempt;
};

struct replayer {
	struct client *client;
	char claim[UUID_TEXT_LEN + 1]; /* under which attempts are held */
	uv_timer_t *unblock;
	struct deliver *deliver;
	struct replayer_events events;
	replayer_wanted_fn *wanted; /* NULL: all are */
	void *data;
	replayer_busy_fn *busy; /* NULL: nothing is */
	void *busy_data;
	size_t at_once, under_way, waiting;
	struct errand *first, **last; /* waiting */
	struct errand *running;
	bool starting; /* start_waiting is at work: do not begin it again within itself */
};

static void errand_free(struct errand *errand) {
	target_clear(&errand->target);
	anew_clear(&errand->anew);
	buffer_clear(&errand->head);
	buffer_clear(&errand->body);
	free(errand->event);
	free(errand->attempt);
	free(errand);
}

static void free_all(struct errand *errand) {
	while (errand) {
		struct errand *next = errand->next;
		errand_free(errand);
		errand = next;
	}
}

static void start_waiting(struct replayer *replayer);

static void unlink_running(struct errand *errand) {
	struct errand **at = &errand->replayer->running;
	while (*at != errand) {
		at = &(*at)->next;
	}
	*at = errand->next;
	errand->replayer->under_way--;
}

static void finish(struct errand *errand) {
	struct replayer *replayer = errand->replayer;
	bool failed = errand->trouble.code != ERROR_NONE;
	struct replayed replayed = {.ref = &errand->ref,
		.attempt = errand->attempt,
		.kept = errand->attempt && !failed,
		.unwanted = errand->unwanted};
	unlink_running(errand);
	replayer->events.ended(replayer->data, &replayed, failed ? &errand->trouble : NULL);
	errand_free(errand);
	start_waiting(replayer);
}

/* Whatever the relay says to it: it comes back by itself, too. */
static void on_given_back(void *data, const struct cJSON *answer, const struct error *err) {
	(void)answer;
	(void)err;
	finish(data);
}

/* It is over for others only once they may try again: whoever asked for it may end with it. */
static void end(struct errand *errand) {
	struct replayer *replayer = errand->replayer;
	if (errand->held) {
		retry_ask_hold(replayer->client, &errand->ref.id, span_text(errand->target.url),
			replayer->claim, 0, on_given_back, errand);
	} else {
		finish(errand);
	}
}

/* --- one event --- */

static void on_stored(void *data, const struct client_stored *stored, const struct error *err) {
	struct errand *errand = data;
	errand->stored = true;
	errand->attempt->seq = stored->seq;
	errand->attempt->number = stored->number;
	errand->attempt->late = stored->late;
	if (err) {
		errand->trouble = *err;
		error_prefix(&errand->trouble, "keep the attempt at the relay");
	}
	if (errand->fetched) {
		end(errand);
	}
}

static void on_delivered(void *data, const struct delivery *delivery) {
	struct errand *errand = data;
	struct replayer *replayer = errand->replayer;
	errand->attempt = attempt_copy(&delivery->attempt);
	if (replayer->events.delivered) {
		replayer->events.delivered(replayer->data, delivery);
	}
	client_store_attempt(replayer->client, &delivery->attempt, delivery->answer_head,
		delivery->answer_body, on_stored, errand);
}

static void deliver_event(
	struct errand *errand, const struct event *event, struct span head, struct span body) {
	struct replayer *replayer = errand->replayer;
	errand->sent = true;
	if (replayer->events.begun) {
		replayer->events.begun(replayer->data, event);
	}
	struct resign resign = anew_resign(&errand->anew);
	deliver_send_anew(replayer->deliver, &errand->target, event, head, body, &resign, CAUSE_REPLAY,
		on_delivered, errand);
}

static void on_unblock(uv_timer_t *timer);

static bool is_busy(const struct errand *errand, const struct uuid *event) {
	struct replayer *replayer = errand->replayer;
	bool busy = replayer->busy && replayer->busy(replayer->busy_data, event, errand->target.url);
	if (busy) {
		uv_timer_start(replayer->unblock, on_unblock, BLOCKED_MS, 0);
	}
	return busy;
}

/* Unless nobody wants it any more; false: it has to wait. */
static bool ask_for(
	struct errand *errand, const struct event *event, struct span head, struct span body) {
	struct replayer *replayer = errand->replayer;
	if (is_busy(errand, &event->id)) {
		return false;
	}
	enum replayer_word word =
		replayer->wanted ? replayer->wanted(replayer->data, event, &errand->seen) : REPLAYER_SEND;
	errand->unwanted = word == REPLAYER_LEAVE;
	if (word == REPLAYER_SEND) {
		deliver_event(errand, event, head, body);
	}
	return word != REPLAYER_HOLD;
}

static void keep_event(
	struct errand *errand, const struct event *event, const struct client_bytes *bytes) {
	errand->event = event_copy(event);
	buffer_append_span(&errand->head, bytes->head);
	buffer_append_span(&errand->body, bytes->body);
}

/* Its attempts come behind it: where they matter, it waits for them. */
static void on_event(void *data, const struct event *event, const struct client_bytes *bytes) {
	struct errand *errand = data;
	bool at_once = !errand->replayer->wanted || event->attempts == 0;
	if (!at_once || !ask_for(errand, event, bytes->head, bytes->body)) {
		keep_event(errand, event, bytes);
	}
}

static void on_attempt(
	void *data, const struct attempt *attempt, const struct client_bytes *bytes) {
	struct errand *errand = data;
	(void)bytes;
	if (!target_same(attempt->target, span_text(errand->target.url))) {
		return;
	}
	errand->seen.tried_at = attempt->position;
	if (attempt->status > 0) {
		errand->seen.answered_at = attempt->position;
	}
	if (attempt->status >= 200 && attempt->status < 300 && attempt->error.len == 0) {
		errand->seen.delivered_at = attempt->position;
	}
}

/* The event is kept, with what is known of it; false: it is held. */
static bool ask_for_kept(struct errand *errand) {
	if (!ask_for(errand, errand->event, buffer_span(&errand->head), buffer_span(&errand->body))) {
		return false;
	}
	free(errand->event);
	errand->event = NULL;
	return true;
}

static void on_got(void *data, const struct error *err) {
	struct errand *errand = data;
	errand->fetched = true;
	if (!errand->sent && !errand->unwanted) {
		if (err) {
			errand->trouble = *err;
		} else if (!errand->event) {
			error_set(&errand->trouble, ERROR_NO, "the relay has said nothing of the event");
		} else if (!ask_for_kept(errand)) {
			return;
		}
	}
	if (!errand->sent || errand->stored) {
		end(errand);
	}
}

void replayer_ask_again(struct replayer *replayer) {
	struct errand *next;
	for (struct errand *errand = replayer->running; errand; errand = next) {
		next = errand->next;
		if (errand->fetched && errand->event && ask_for_kept(errand) && !errand->sent) {
			end(errand);
		}
	}
}

static void fetch(struct errand *errand) {
	struct client_receiver receiver = {
		.event = on_event, .attempt = on_attempt, .done = on_got, .data = errand};
	client_get(errand->replayer->client, &errand->ref, &receiver);
}

/* The signature is made before the event is fetched: what lies between is sent at once. */
static void on_anew(void *data, const struct anew *anew, const struct error *err) {
	struct errand *errand = data;
	if (err) {
		errand->trouble = *err;
		end(errand);
		return;
	}
	buffer_append_span(&errand->anew.lines, buffer_span(&anew->lines));
	buffer_append_span(&errand->anew.how, buffer_span(&anew->how));
	fetch(errand);
}

static void prepare(struct errand *errand) {
	if (errand->as_received) {
		fetch(errand);
	} else {
		anew_ask(errand->replayer->client, &errand->ref, on_anew, errand);
	}
}

static void wait_for_end(struct errand *errand) {
	struct replayer *replayer = errand->replayer;
	errand->blocked = true;
	uv_timer_start(replayer->unblock, on_unblock, BLOCKED_MS, 0);
	if (!errand->waited && replayer->events.waits) {
		replayer->events.waits(replayer->data, &errand->ref);
	}
	errand->waited = true;
}

/* Only what nobody else tries just now; what is due of it waits for us. Before it is fetched: its attempts are then all there are. */
static void on_held(void *data, const struct cJSON *answer, const struct error *err) {
	struct errand *errand = data;
	errand->held = !err && !cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(answer, "held"));
	if (!err) {
		prepare(errand);
	} else if (err->code == ERROR_NO) {
		wait_for_end(errand);
	} else {
		errand->trouble = *err;
		end(errand);
	}
}

static void hold(struct errand *errand) {
	struct replayer *replayer = errand->replayer;
	errand->blocked = false;
	if (is_busy(errand, &errand->ref.id)) {
		wait_for_end(errand);
		return;
	}
	retry_ask_hold(replayer->client, &errand->ref.id, span_text(errand->target.url),
		replayer->claim, deliver_longest_ms(replayer->deliver) + HELD_MORE_MS, on_held, errand);
}

static void on_unblock(uv_timer_t *timer) {
	struct replayer *replayer = timer->data;
	struct errand *next;
	for (struct errand *errand = replayer->running; errand; errand = next) {
		next = errand->next;
		if (errand->blocked) {
			hold(errand);
		}
	}
	replayer_ask_again(replayer);
}

static void start(struct errand *errand) {
	struct replayer *replayer = errand->replayer;
	replayer->under_way++;
	errand->next = replayer->running;
	replayer->running = errand;
	if (errand->ref.by_id) {
		hold(errand);
	} else {
		prepare(errand);
	}
}

static void start_waiting(struct replayer *replayer) {
	if (replayer->starting) {
		return;
	}
	replayer->starting = true;
	while (replayer->first && replayer->under_way < replayer->at_once) {
		struct errand *errand = replayer->first;
		replayer->first = errand->next;
		replayer->last = replayer->first ? replayer->last : &replayer->first;
		replayer->waiting--;
		start(errand);
	}
	replayer->starting = false;
}

/* --- beginning and end --- */

bool replayer_add(struct replayer *replayer, const struct event_ref *ref,
	const struct target *target, bool as_received, struct error *err) {
	if (replayer->waiting >= REPLAYER_WAITING_MAX) {
		return error_set(err, ERROR_FULL,
			"%d events wait to be replayed already; try again when they are through",
			REPLAYER_WAITING_MAX);
	}
	struct errand *errand = alloc_zero(1, sizeof *errand);
	errand->replayer = replayer;
	errand->ref = *ref;
	errand->as_received = as_received;
	if (!ref->by_id) {
		memcpy(errand->endpoint, ref->endpoint.data, ref->endpoint.len);
		errand->ref.endpoint = (struct span){errand->endpoint, ref->endpoint.len};
	}
	target_copy(&errand->target, target);
	*replayer->last = errand;
	replayer->last = &errand->next;
	replayer->waiting++;
	start_waiting(replayer);
	return true;
}

size_t replayer_open(const struct replayer *replayer) {
	return replayer->waiting + replayer->under_way;
}

struct replayer *replayer_new(uv_loop_t *loop, struct client *client,
	const struct deliver_options *options, const struct replayer_events *events, void *data,
	struct error *err) {
	struct deliver *deliver = deliver_new(loop, options, err);
	if (!deliver) {
		return NULL;
	}
	struct replayer *replayer = alloc_zero(1, sizeof *replayer);
	replayer->client = client;
	replayer->deliver = deliver;
	replayer->events = *events;
	replayer->data = data;
	struct uuid claim = deliver_fresh_id();
	uuid_format(&claim, replayer->claim);
	replayer->unblock = alloc_zero(1, sizeof *replayer->unblock);
	uv_timer_init(loop, replayer->unblock);
	replayer->unblock->data = replayer;
	replayer->at_once = options->concurrency > 0 ? (size_t)options->concurrency : 1;
	replayer->last = &replayer->first;
	return replayer;
}

void replayer_ask_first(struct replayer *replayer, replayer_wanted_fn *wanted) {
	replayer->wanted = wanted;
}

void replayer_wait_while(struct replayer *replayer, replayer_busy_fn *busy, void *data) {
	replayer->busy = busy;
	replayer->busy_data = data;
}

static void timer_closed(uv_handle_t *handle) {
	free(handle);
}

void replayer_free(struct replayer *replayer) {
	if (!replayer) {
		return;
	}
	uv_close((uv_handle_t *)replayer->unblock, timer_closed);
	deliver_free(replayer->deliver);
	free_all(replayer->first);
	free_all(replayer->running);
	free(replayer);
}
