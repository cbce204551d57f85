#include "tui/retrier.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/alloc.h"
#include "common/json.h"
#include "common/moment.h"
#include "common/signature/provider_read.h"
#include "tui/retrier_parts.h"
#include "tui/retry_ask.h"
#include "tui/retry_step.h"

/* The clock may be set, and a machine may sleep: looked at so often at least. */
#define LOOK_MS 10000
/* One that could not be taken, or not be done, is left alone for so long. */
#define HOLD_MS 1000

int64_t retrier_now_ns(void) {
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * MOMENT_NS_PER_S + now.tv_nsec;
}

/* --- what is known --- */

static size_t bucket_of(const struct uuid *event) {
	return (event->bytes[14] * 256u + event->bytes[15]) % RETRIER_BUCKETS;
}

static struct due *find(const struct retrier *retrier, const struct retry *retry) {
	struct due *due = retrier->buckets[bucket_of(&retry->event)];
	while (due && !retry_is_same(due->retry, retry)) {
		due = due->next;
	}
	return due;
}

static void due_free(struct retrier *retrier, struct due *due) {
	struct due **at = &retrier->buckets[bucket_of(&due->retry->event)];
	while (*at != due) {
		at = &(*at)->next;
	}
	*at = due->next;
	retrier->count--;
	if (due->chore) {
		due->chore->due = NULL;
	}
	free(due->retry);
	free(due);
}

static struct due *add(struct retrier *retrier, const struct retry *retry) {
	struct due *due = alloc_zero(1, sizeof *due);
	struct due **bucket = &retrier->buckets[bucket_of(&retry->event)];
	due->next = *bucket;
	*bucket = due;
	retrier->count++;
	return due;
}

static void tell(const struct retrier *retrier, const struct retry *retry, struct span over) {
	if (retrier->events.changed) {
		retrier->events.changed(retrier->data, retry, over);
	}
}

static void on_one(void *data, const struct retry *retry, struct span over) {
	struct retrier *retrier = data;
	struct due *due = find(retrier, retry);
	if (over.data) {
		if (due) {
			due_free(retrier, due);
		}
		tell(retrier, retry, over);
		return;
	}
	due = due ? due : add(retrier, retry);
	free(due->retry);
	due->retry = retry_copy(retry);
	due->hold_until_ns = 0;
	due->round = retrier->round;
	tell(retrier, due->retry, (struct span){0});
}

/* What was there before the link broke and is not any more ended meanwhile. */
static void drop_old(struct retrier *retrier) {
	for (size_t i = 0; i < RETRIER_BUCKETS; i++) {
		struct due *due = retrier->buckets[i];
		while (due) {
			struct due *next = due->next;
			if (due->round != retrier->round) {
				tell(retrier, due->retry, span_text("it ended while the relay was away"));
				due_free(retrier, due);
			}
			due = next;
		}
	}
}

static void on_told(void *data, const struct cJSON *object, const struct error *err) {
	struct retrier *retrier = data;
	struct retry_frame frame = {0};
	struct error wrong = {0};
	bool begins = false;
	if (!err && json_get_bool_opt(object, "begin", &begins, &wrong) && begins) {
		retrier->round++;
	}
	if (!err && !retry_frame_read(&frame, object, on_one, retrier, &wrong)) {
		err = &wrong;
	}
	if (err) {
		retrier_trouble(retrier, err);
		return;
	}
	if (frame.complete) {
		drop_old(retrier);
		if (retrier->events.known) {
			retrier->events.known(retrier->data, retrier->count);
		}
	}
	retrier_look(retrier);
}

void retrier_trouble(const struct retrier *retrier, const struct error *err) {
	if (retrier->events.trouble) {
		retrier->events.trouble(retrier->data, err);
	}
}

/* --- when --- */

/* Before this it is not to be begun by us. */
static int64_t ready_ns(const struct due *due) {
	int64_t ns = due->retry->due_ns;
	ns = due->retry->taken_until_ns > ns ? due->retry->taken_until_ns : ns;
	return due->hold_until_ns > ns ? due->hold_until_ns : ns;
}

static bool is_ours(const struct retrier *retrier, const struct due *due) {
	return !due->chore && !due->retry->paused && span_is(due->retry->owner, retrier->who);
}

/* Begins what is ready; returns when the next one is, or INT64_MAX. */
static int64_t begin_ready(struct retrier *retrier, struct due *due, int64_t now_ns) {
	int64_t next_ns = INT64_MAX;
	for (; due; due = due->next) {
		int64_t at_ns = is_ours(retrier, due) ? ready_ns(due) : INT64_MAX;
		if (at_ns > now_ns) {
			next_ns = at_ns < next_ns ? at_ns : next_ns;
		} else if (retrier->busy < retrier->at_once) {
			if (retrier->forward && forward_holds(retrier->forward, due->retry->target)) {
				chore_begin(retrier, due);
			}
		}
	}
	return next_ns;
}

static void on_timer(uv_timer_t *timer) {
	struct retrier *retrier = timer->data;
	int64_t now_ns = retrier_now_ns(), next_ns = INT64_MAX;
	for (size_t i = 0; i < RETRIER_BUCKETS && retrier->count > 0; i++) {
		int64_t ns = begin_ready(retrier, retrier->buckets[i], now_ns);
		next_ns = ns < next_ns ? ns : next_ns;
	}
	if (retrier->count > 0) {
		int64_t wait_ms = next_ns == INT64_MAX
		                      ? LOOK_MS
		                      : (next_ns - now_ns + MOMENT_NS_PER_MS - 1) / MOMENT_NS_PER_MS;
		uv_timer_start(timer, on_timer, (uint64_t)(wait_ms < LOOK_MS ? wait_ms : LOOK_MS), 0);
	}
}

void retrier_look(struct retrier *retrier) {
	uv_update_time(retrier->loop);
	uv_timer_start(retrier->timer, on_timer, 0, 0);
}

void retrier_hold(struct retrier *retrier, struct due *due) {
	if (due) {
		due->hold_until_ns = retrier_now_ns() + HOLD_MS * MOMENT_NS_PER_MS;
	}
	retrier_look(retrier);
}

/* --- what a forward tells --- */

static const struct provider *provider_of(const struct retrier *retrier, struct span name) {
	char text[PROVIDER_NAME_LEN + 1];
	if (name.len == 0 || name.len > PROVIDER_NAME_LEN) {
		return NULL;
	}
	memcpy(text, name.data, name.len);
	text[name.len] = '\0';
	return catalogue_find(retrier->catalogue, text, NULL);
}

static void on_put(void *data, const struct cJSON *answer, const struct error *err) {
	struct retrier *retrier = data;
	(void)answer;
	if (err) {
		struct error told = *err;
		error_prefix(&told, "keep at the relay what is to be tried again");
		retrier_trouble(retrier, &told);
	}
}

/* What is said of the route, else of all; resolved for the provider. */
static void policy_of(struct schedule_policy *resolved, const struct retrier *retrier,
	const struct route *route, struct span provider) {
	struct schedule_policy policy = retrier->policy;
	if (route && *route->retry) {
		schedule_policy_parse(&policy, span_text(route->retry), NULL);
	}
	schedule_resolve(resolved, &policy, provider_of(retrier, provider));
}

bool retrier_tried(struct retrier *retrier, const struct forward_tried *tried) {
	const struct attempt *attempt = &tried->delivery->attempt;
	struct schedule_policy policy;
	policy_of(&policy, retrier, tried->route, tried->provider);
	struct retry retry = {.event = attempt->event,
		.endpoint = attempt->endpoint,
		.event_seq = attempt->event_seq,
		.target = attempt->target,
		.owner = span_text(retrier->who)};
	struct schedule_step step = retry_step(&retry, &policy, attempt, tried->delivery->answer_head);
	if (step.outcome != SCHEDULE_AGAIN) {
		return false;
	}
	struct buffer text = {0};
	schedule_policy_append(&text, &policy);
	retry.policy = buffer_span(&text);
	retry.reason = span_text(step.reason);
	retry_ask_put(retrier->client, &retry, "", true, on_put, retrier);
	buffer_clear(&text);
	return true;
}

bool retrier_tries_again(
	const struct retrier *retrier, const struct uuid *event, const struct target *target) {
	return find(retrier, &(struct retry){.event = *event, .target = span_text(target->url)}) !=
	       NULL;
}

int64_t retrier_total_ms(
	const struct retrier *retrier, const struct route *route, const struct event *event) {
	struct schedule_policy policy;
	policy_of(&policy, retrier, route, event->provider);
	return policy.timeout_ms;
}

/* --- beginning and end --- */

static void timer_closed(uv_handle_t *handle) {
	free(handle);
}

struct retrier *retrier_new(uv_loop_t *loop, struct client *client,
	const struct deliver_options *options, struct catalogue *catalogue,
	const struct retrier_events *events, void *data) {
	struct retrier *retrier = alloc_zero(1, sizeof *retrier);
	const char *who = options->who ? options->who : "";
	retrier->loop = loop;
	retrier->client = client;
	retrier->catalogue = catalogue;
	retrier->who = alloc_text(who, strlen(who));
	retrier->options = *options;
	retrier->options.who = retrier->who;
	retrier->events = *events;
	retrier->data = data;
	retrier->at_once = options->concurrency > 0 ? (size_t)options->concurrency : 1;
	uint64_t random[2];
	uv_random(NULL, NULL, random, sizeof random, 0, NULL);
	snprintf(retrier->claim, sizeof retrier->claim, "%016llx%016llx", (unsigned long long)random[0],
		(unsigned long long)random[1]);
	retrier->timer = alloc_zero(1, sizeof *retrier->timer);
	uv_timer_init(loop, retrier->timer);
	retrier->timer->data = retrier;
	retrier->watch = retry_ask_list(client, true, on_told, retrier);
	return retrier;
}

void retrier_use(
	struct retrier *retrier, struct forward *forward, const struct schedule_policy *policy) {
	retrier->forward = forward;
	retrier->policy = *policy;
	retrier_look(retrier);
}

void retrier_free(struct retrier *retrier) {
	if (!retrier) {
		return;
	}
	client_cancel(retrier->client, retrier->watch);
	while (retrier->places) {
		struct place *place = retrier->places;
		retrier->places = place->next;
		deliver_free(place->deliver);
		target_clear(&place->target);
		free(place);
	}
	while (retrier->chores) {
		chore_free(retrier->chores);
	}
	for (size_t i = 0; i < RETRIER_BUCKETS; i++) {
		while (retrier->buckets[i]) {
			due_free(retrier, retrier->buckets[i]);
		}
	}
	uv_close((uv_handle_t *)retrier->timer, timer_closed);
	catalogue_free(retrier->catalogue);
	free(retrier->who);
	free(retrier);
}
