/* One attempt: taken at the relay, looked at whether it is still to be made, signed, sent, kept, and what comes next. */
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/same_target.h"
#include "tui/retrier_parts.h"
#include "tui/retry_ask.h"
#include "tui/retry_step.h"

/* Where neither policy nor options say how long an answer may take. */
#define TOTAL_MS 30000
/* What an attempt may take beside the app's answer: asking the relay, connecting, telling the relay. */
#define BESIDE_MS 30000

void chore_free(struct chore *chore) {
	struct retrier *retrier = chore->retrier;
	struct chore **at = &retrier->chores;
	while (*at != chore) {
		at = &(*at)->next;
	}
	*at = chore->next;
	retrier->busy--;
	if (chore->due) {
		chore->due->chore = NULL;
	}
	free(chore->retry);
	free(chore->event);
	free(chore->attempt);
	anew_clear(&chore->anew);
	buffer_clear(&chore->reason);
	buffer_clear(&chore->head);
	buffer_clear(&chore->body);
	free(chore);
}

static void complain(const struct chore *chore, const struct error *err, const char *what) {
	if (err && err->code != ERROR_NO) {
		struct error told = *err;
		error_prefix(&told, "%s", what);
		retrier_trouble(chore->retrier, &told);
	}
}

/* Before it was taken. */
static void give_up(struct chore *chore, const struct error *err, const char *what) {
	struct retrier *retrier = chore->retrier;
	struct due *due = chore->due;
	complain(chore, err, what);
	chore_free(chore);
	retrier_hold(retrier, due);
}

/* --- what came of it --- */

/* The relay has answered. What it tells those who watch mostly comes before that. */
static void release(struct chore *chore) {
	if (--chore->answers > 0) {
		return;
	}
	struct retrier *retrier = chore->retrier;
	struct due *due = chore->due;
	bool waits = due && (chore->failed || due->retry->tries < chore->retry->tries);
	chore_free(chore);
	if (waits) {
		retrier_hold(retrier, due);
	} else {
		retrier_look(retrier);
	}
}

/* Somebody cancelled it during the attempt: that is no trouble. */
static void on_settled(void *data, const struct cJSON *answer, const struct error *err) {
	struct chore *chore = data;
	(void)answer;
	if (err && err->code != ERROR_NO) {
		retrier_trouble(chore->retrier, err);
	}
	release(chore);
}

/* It stays as it was, and is not taken any more. */
static void put_back(struct chore *chore, const struct error *err, const char *what) {
	complain(chore, err, what);
	chore->failed = true;
	chore->answers = 1;
	retry_ask_put(
		chore->retrier->client, chore->retry, chore->retrier->claim, false, on_settled, chore);
}

/* Tells the relay what comes next. */
static void settle(struct chore *chore, const struct schedule_step *step) {
	struct retrier *retrier = chore->retrier;
	if (step->outcome != SCHEDULE_AGAIN) {
		retry_ask_remove(retrier->client, chore->retry, retrier->claim, span_text(step->reason),
			on_settled, chore);
		return;
	}
	buffer_reset(&chore->reason);
	buffer_append_text(&chore->reason, step->reason);
	chore->retry->reason = buffer_span(&chore->reason);
	retry_ask_put(retrier->client, chore->retry, retrier->claim, false, on_settled, chore);
}

static void on_stored(void *data, const struct client_stored *stored, const struct error *err) {
	struct chore *chore = data;
	struct retrier *retrier = chore->retrier;
	chore->attempt->seq = stored->seq;
	chore->attempt->number = stored->number;
	chore->attempt->late = stored->late;
	retrier->events.attempted(retrier->data, chore->attempt, err);
	release(chore);
}

/* The attempt first: if we end in between, what is stored says that it was made. */
static void on_delivered(void *data, const struct delivery *delivery) {
	struct chore *chore = data;
	struct schedule_step step =
		retry_step(chore->retry, &chore->policy, &delivery->attempt, delivery->answer_head);
	chore->answers = 2;
	chore->attempt = attempt_copy(&delivery->attempt);
	client_store_attempt(chore->retrier->client, &delivery->attempt, delivery->answer_head,
		delivery->answer_body, on_stored, chore);
	settle(chore, &step);
}

/* Connections of a target, as its route has them now. */
static struct place *place_for(
	struct retrier *retrier, const struct route *route, struct error *err) {
	const struct deliver_options options = route_deliver(route, &retrier->options);
	struct place *place = retrier->places;
	while (place && !target_same_text(place->target.url, route->target.url)) {
		place = place->next;
	}
	if (place && deliver_pending(place->deliver) == 0) {
		deliver_change(place->deliver, &options);
	}
	if (place) {
		return place;
	}
	struct deliver *deliver = deliver_new(retrier->loop, &options, err);
	if (!deliver) {
		return NULL;
	}
	place = alloc_zero(1, sizeof *place);
	place->deliver = deliver;
	target_copy(&place->target, &route->target);
	place->next = retrier->places;
	retrier->places = place;
	return place;
}

/* The way it takes now; the table may have changed since it was sent last. */
static const struct route *route_of(const struct chore *chore) {
	return chore->retrier->forward
	           ? forward_route(chore->retrier->forward, chore->retry->target, chore->event,
					 buffer_span(&chore->head), buffer_span(&chore->body))
	           : NULL;
}

static void dispatch(struct chore *chore) {
	struct error err = {0};
	const struct route *route = route_of(chore);
	struct place *place = route ? place_for(chore->retrier, route, &err) : NULL;
	if (!place) {
		put_back(chore, &err, "send what is to be tried again");
		return;
	}
	const struct resign resign = anew_resign(&chore->anew);
	const struct request_options options = route_request(route);
	const struct deliver_order order = {.target = &place->target,
		.event = chore->event,
		.head = buffer_span(&chore->head),
		.body = buffer_span(&chore->body),
		.options = &options,
		.resign = &resign,
		.total_ms = chore->policy.timeout_ms > 0 ? chore->policy.timeout_ms : route->total_ms,
		.cause = CAUSE_RETRY};
	deliver_send_order(place->deliver, &order, on_delivered, chore);
}

/* --- whether it is still to be made --- */

static void on_event(void *data, const struct event *event, const struct client_bytes *bytes) {
	struct chore *chore = data;
	free(chore->event);
	chore->event = event_copy(event);
	buffer_reset(&chore->head);
	buffer_reset(&chore->body);
	buffer_append_span(&chore->head, bytes->head);
	buffer_append_span(&chore->body, bytes->body);
}

/* A success of anybody ends it; a failure counts when it was a delivery of the schedule, whose outcome was lost. */
static void on_attempt(
	void *data, const struct attempt *attempt, const struct client_bytes *bytes) {
	struct chore *chore = data;
	bool ours = attempt->cause == CAUSE_RETRY || attempt->cause == CAUSE_FORWARD;
	bool answered = attempt->error.len == 0 && schedule_is_success(&chore->policy, attempt->status);
	if (retry_has_missed(chore->retry, attempt) && (ours || answered) &&
		!(chore->has_missed && chore->missed.outcome == SCHEDULE_DELIVERED)) {
		chore->missed = retry_step(chore->retry, &chore->policy, attempt, bytes->head);
		chore->has_missed = true;
	}
}

static void on_got(void *data, const struct error *err) {
	struct chore *chore = data;
	chore->answers = 1;
	if (err && err->code == ERROR_NO) {
		struct schedule_step gone = {.outcome = SCHEDULE_FINAL, .reason = "the event is gone"};
		settle(chore, &gone);
	} else if (err || !chore->event) {
		put_back(chore, err, "fetch what is to be tried again");
	} else if (chore->has_missed) {
		settle(chore, &chore->missed);
	} else {
		dispatch(chore);
	}
}

/* --- beginning --- */

static void on_anew(void *data, const struct anew *anew, const struct error *err) {
	struct chore *chore = data;
	const struct event_ref ref = {.by_id = true, .id = chore->retry->event};
	const struct client_receiver receiver = {
		.event = on_event, .attempt = on_attempt, .done = on_got, .data = chore};
	if (err) {
		put_back(chore, err, "sign what is to be tried again");
		return;
	}
	buffer_append_span(&chore->anew.lines, buffer_span(&anew->lines));
	buffer_append_span(&chore->anew.how, buffer_span(&anew->how));
	client_get(chore->retrier->client, &ref, &receiver);
}

static void on_taken(void *data, const struct cJSON *answer, const struct error *err) {
	struct chore *chore = data;
	const struct event_ref ref = {.by_id = true, .id = chore->retry->event};
	(void)answer;
	if (err) {
		give_up(chore, err, "take what is to be tried again");
		return;
	}
	anew_ask(chore->retrier->client, &ref, on_anew, chore);
}

static int64_t longest_ms(const struct chore *chore) {
	int64_t ms = chore->retrier->options.total_ms;
	ms = chore->policy.timeout_ms > ms ? chore->policy.timeout_ms : ms;
	return (ms > 0 ? ms : TOTAL_MS) + BESIDE_MS;
}

void chore_begin(struct retrier *retrier, struct due *due) {
	struct error err = {0};
	struct chore *chore = alloc_zero(1, sizeof *chore);
	chore->retrier = retrier;
	chore->due = due;
	chore->retry = retry_copy(due->retry);
	chore->next = retrier->chores;
	retrier->chores = chore;
	retrier->busy++;
	due->chore = chore;
	if (!schedule_policy_parse(&chore->policy, chore->retry->policy, &err)) {
		give_up(chore, &err, "what is due has a policy of a newer hookline");
		return;
	}
	retry_ask_take(
		retrier->client, chore->retry, retrier->claim, longest_ms(chore), on_taken, chore);
}
