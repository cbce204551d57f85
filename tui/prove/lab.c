#include "tui/prove/lab.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/alloc.h"
#include "common/json.h"
#include "common/moment.h"
#include "tui/prove/shell_job.h"

/* An attempt on its way to the relay. */
struct keeping {
	struct keeping *next;
	struct lab *lab;
	client_request request;
};

/* A request on its way to the app. */
struct sending {
	struct sending *next;
	struct lab *lab;
	delivered_fn *delivered;
	void *data;
};

/* Something the relay was asked; one at a time of each kind. */
struct asked {
	client_request request;
	void *data;
};

struct lab {
	uv_loop_t *loop;
	struct client *client;
	struct deliver *deliver;

	struct asked fetch, sign;
	lab_fetched_fn *fetched;
	lab_signed_fn *signed_fn;
	struct specimen *specimen; /* being fetched, */
	struct error unreadable;   /* and what is wrong with it */

	struct sending *sendings;

	struct keeping *keepings;
	struct error lost; /* the first attempt that could not be kept */
	void (*flushed)(void *data, const struct error *err);
	void *flushed_data;

	uv_timer_t *timer, *soon;
	void (*waited)(void *data);
	void *waited_data;

	struct shell_job *job;
	shell_job_done_fn *job_done;
	void *job_data;
};

int64_t lab_now_ms(void) {
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / MOMENT_NS_PER_MS;
}

/* --- specimens --- */

void specimen_clear(struct specimen *specimen) {
	free(specimen->event);
	buffer_clear(&specimen->head);
	buffer_clear(&specimen->body);
	message_clear(&specimen->message);
	*specimen = (struct specimen){0};
}

static bool fill(struct specimen *specimen, const struct event *event, struct span head,
	struct span body, struct error *err) {
	specimen->event = event_copy(event);
	buffer_append_span(&specimen->head, head);
	buffer_append_span(&specimen->body, body);
	return message_parse(
		&specimen->message, buffer_span(&specimen->head), buffer_span(&specimen->body), err);
}

bool specimen_from_bytes(
	struct specimen *specimen, struct span head, struct span body, struct error *err) {
	struct event event = {.endpoint = span_text("file")};
	return fill(specimen, &event, head, body, err);
}

static void on_event(void *data, const struct event *event, const struct client_bytes *bytes) {
	struct lab *lab = data;
	struct error err = {0};
	if (!lab->specimen->event && !fill(lab->specimen, event, bytes->head, bytes->body, &err)) {
		lab->unreadable = err;
	}
}

static void on_fetched(void *data, const struct error *err) {
	struct lab *lab = data;
	struct error wrong = {0};
	lab->fetch.request = 0;
	if (!err && !lab->specimen->event) {
		error_set(&wrong, ERROR_NO, "the relay has said nothing of the event");
		err = &wrong;
	} else if (!err && lab->unreadable.code != ERROR_NONE) {
		wrong = lab->unreadable;
		err = &wrong;
	}
	lab->specimen = NULL;
	lab->unreadable = (struct error){0};
	lab->fetched(lab->fetch.data, err);
}

void lab_fetch(struct lab *lab, const struct event_ref *ref, struct specimen *specimen,
	lab_fetched_fn *fetched, void *data) {
	struct client_receiver receiver = {.event = on_event, .done = on_fetched, .data = lab};
	lab->specimen = specimen;
	lab->fetched = fetched;
	lab->fetch.data = data;
	lab->fetch.request = client_get(lab->client, ref, &receiver);
}

/* --- signing --- */

static void append_how(struct buffer *how, bool wrong, struct span secret, int64_t at_ms) {
	struct buffer at = {0};
	moment_append(&at, at_ms * MOMENT_NS_PER_MS);
	struct span seconds = buffer_span(&at);
	seconds.len = span_find(seconds, '.');
	buffer_printf(how, "signed anew with %ssecret %.*s at %.*sZ", wrong ? "another than " : "",
		(int)secret.len, secret.data, (int)seconds.len, seconds.data);
	buffer_clear(&at);
}

static bool read_signature(const struct cJSON *answer, bool wrong, struct lab_signature *signature,
	struct buffer *lines, struct buffer *how, struct buffer *id_header, struct error *err) {
	struct span headers, secret, at, verdict, id = {0};
	int64_t at_ns = 0;
	if (!cJSON_GetObjectItemCaseSensitive(answer, "verdict")) {
		return error_set(err, ERROR_REFUSED, "this relay is too old to sign for a proof");
	}
	if (!json_get_text(answer, "headers", &headers, err) ||
		!json_get_text(answer, "secret", &secret, err) ||
		!json_get_text(answer, "signed_at", &at, err) ||
		!json_get_text(answer, "verdict", &verdict, err) ||
		!json_get_text_opt(answer, "id_header", &id, err)) {
		return false;
	}
	int judged = verdict_from_name(verdict);
	if (!json_bytes_from_text(lines, headers) || !moment_parse(&at_ns, at) || judged < 0) {
		return error_set(err, ERROR_REFUSED, "the relay's answer is not one");
	}
	buffer_append_span(id_header, id);
	append_how(how, wrong, secret, at_ns / MOMENT_NS_PER_MS);
	*signature = (struct lab_signature){.made = true,
		.lines = buffer_span(lines),
		.how = buffer_span(how),
		.at_ms = at_ns / MOMENT_NS_PER_MS,
		.verdict = (enum verdict)judged,
		.id_header = buffer_text(id_header)};
	return true;
}

static void tell_unsigned(struct lab *lab, const char *why) {
	struct buffer how = {0};
	buffer_printf(&how, "not signed anew: %s", why);
	lab->signed_fn(lab->sign.data,
		&(struct lab_signature){
			.how = buffer_span(&how), .verdict = VERDICT_UNVERIFIED, .id_header = ""},
		NULL);
	buffer_clear(&how);
}

static void take_answer(struct lab *lab, const struct cJSON *answer, bool wrong) {
	struct buffer lines = {0}, how = {0}, id_header = {0};
	struct lab_signature signature = {0};
	struct error err = {0};
	bool ok = read_signature(answer, wrong, &signature, &lines, &how, &id_header, &err);
	lab->signed_fn(lab->sign.data, ok ? &signature : NULL, ok ? NULL : &err);
	buffer_clear(&lines);
	buffer_clear(&how);
	buffer_clear(&id_header);
}

static void take_signed(
	struct lab *lab, const struct cJSON *answer, bool wrong, const struct error *err) {
	lab->sign.request = 0;
	if (err && err->code == ERROR_NO) {
		tell_unsigned(lab, err->text);
	} else if (err) {
		lab->signed_fn(lab->sign.data, NULL, err);
	} else {
		take_answer(lab, answer, wrong);
	}
}

static void on_signed(void *data, const struct cJSON *answer, const struct error *err) {
	take_signed(data, answer, false, err);
}

static void on_signed_wrong(void *data, const struct cJSON *answer, const struct error *err) {
	take_signed(data, answer, true, err);
}

static void ask_relay(
	struct lab *lab, const struct specimen *specimen, int64_t at_ms, bool wrong_secret) {
	struct buffer object = {0};
	char id[UUID_TEXT_LEN + 1];
	uuid_format(&specimen->event->id, id);
	buffer_printf(&object, "{\"type\":\"sign\",\"ref\":\"%s\"", id);
	if (at_ms) {
		buffer_append_text(&object, ",\"at\":\"");
		moment_append(&object, at_ms * MOMENT_NS_PER_MS);
		buffer_append_byte(&object, '"');
	}
	if (wrong_secret) {
		json_member_bool(&object, "wrong_secret", true);
	}
	buffer_append_byte(&object, '}');
	lab->sign.request = client_ask(
		lab->client, buffer_span(&object), wrong_secret ? on_signed_wrong : on_signed, lab);
	buffer_clear(&object);
}

static void sign_here(
	struct lab *lab, const struct specimen *specimen, int64_t at_ms, bool wrong_secret) {
	struct sign_anew anew = {0};
	struct buffer id = {0}, how = {0};
	struct error err = {0};
	unsigned char random[SIGNATURE_ID_RANDOM] = {0};
	RAND_bytes(random, sizeof random);
	signature_append_id(&id, random);
	int64_t now_ms = lab_now_ms();
	struct sign_anew_order order = {.at_ms = at_ms ? at_ms : now_ms,
		.now_ms = now_ms,
		.made_id = buffer_span(&id),
		.instead_of = wrong_secret ? specimen->secret : NULL};
	if (sign_anew(specimen->keyring, &specimen->message, &order, &anew, &err)) {
		append_how(&how, wrong_secret, span_text(specimen->secret->label), order.at_ms);
		lab->signed_fn(lab->sign.data,
			&(struct lab_signature){true, buffer_span(&anew.lines), buffer_span(&how), order.at_ms,
				anew.judgement.verdict, anew.id_header},
			NULL);
	} else {
		tell_unsigned(lab, err.text);
	}
	sign_anew_clear(&anew);
	buffer_clear(&id);
	buffer_clear(&how);
}

void lab_sign(struct lab *lab, const struct specimen *specimen, int64_t at_ms, bool wrong_secret,
	lab_signed_fn *signed_fn, void *data) {
	lab->signed_fn = signed_fn;
	lab->sign.data = data;
	if (specimen->keyring) {
		sign_here(lab, specimen, at_ms, wrong_secret);
	} else if (lab->client) {
		ask_relay(lab, specimen, at_ms, wrong_secret);
	} else {
		tell_unsigned(lab, "no --secret-file");
	}
}

/* --- keeping --- */

static void on_soon(uv_timer_t *timer) {
	struct lab *lab = timer->data;
	void (*flushed)(void *data, const struct error *err) = lab->flushed;
	if (flushed && !lab->keepings) {
		lab->flushed = NULL;
		flushed(lab->flushed_data, lab->lost.code != ERROR_NONE ? &lab->lost : NULL);
	}
}

static void settle_flush(struct lab *lab) {
	if (lab->flushed && !lab->keepings) {
		uv_timer_start(lab->soon, on_soon, 0, 0);
	}
}

void lab_flush(struct lab *lab, void (*flushed)(void *data, const struct error *err), void *data) {
	lab->flushed = flushed;
	lab->flushed_data = data;
	settle_flush(lab);
}

static void on_kept(void *data, const struct client_stored *stored, const struct error *err) {
	struct keeping *keeping = data;
	struct lab *lab = keeping->lab;
	struct keeping **at = &lab->keepings;
	(void)stored;
	while (*at != keeping) {
		at = &(*at)->next;
	}
	*at = keeping->next;
	free(keeping);
	if (err && lab->lost.code == ERROR_NONE) {
		lab->lost = *err;
		error_prefix(&lab->lost, "keep the attempt at the relay");
	}
	settle_flush(lab);
}

static void keep(struct lab *lab, const struct delivery *delivery) {
	struct keeping *keeping = alloc_zero(1, sizeof *keeping);
	*keeping = (struct keeping){.next = lab->keepings, .lab = lab};
	lab->keepings = keeping;
	keeping->request = client_store_attempt(lab->client, &delivery->attempt, delivery->answer_head,
		delivery->answer_body, on_kept, keeping);
}

/* --- sending --- */

static void on_delivered(void *data, const struct delivery *delivery) {
	struct sending *sending = data;
	struct lab *lab = sending->lab;
	struct sending told = *sending, **at = &lab->sendings;
	while (*at != sending) {
		at = &(*at)->next;
	}
	*at = sending->next;
	free(sending);
	if (lab->client && delivery->attempt.event_seq > 0) {
		keep(lab, delivery);
	}
	told.delivered(told.data, delivery);
}

void lab_send(struct lab *lab, const struct target *target, const struct lab_shot *shot,
	delivered_fn *delivered, void *data) {
	struct sending *sending = alloc_zero(1, sizeof *sending);
	*sending = (struct sending){lab->sendings, lab, delivered, data};
	lab->sendings = sending;
	struct resign how = {.how = shot->how};
	struct deliver_order order = {.target = target,
		.event = shot->specimen->event,
		.head = shot->head,
		.body = shot->body,
		.resign = &how,
		.cause = CAUSE_TEST,
		.fault = shot->fault};
	deliver_send_order(lab->deliver, &order, on_delivered, sending);
}

/* --- waiting and running --- */

static void on_time(uv_timer_t *timer) {
	struct lab *lab = timer->data;
	lab->waited(lab->waited_data);
}

void lab_wait(struct lab *lab, int64_t ms, void (*waited)(void *data), void *data) {
	lab->waited = waited;
	lab->waited_data = data;
	uv_update_time(lab->loop);
	uv_timer_start(lab->timer, on_time, ms > 0 ? (uint64_t)ms : 0, 0);
}

static void on_job(void *data, const struct shell_job_result *result) {
	struct lab *lab = data;
	lab->job = NULL;
	lab->job_done(lab->job_data, result);
}

bool lab_run(
	struct lab *lab, const char *command, shell_job_done_fn *done, void *data, struct error *err) {
	lab->job_done = done;
	lab->job_data = data;
	lab->job = shell_job_start(lab->loop, command, on_job, lab, err);
	return lab->job != NULL;
}

/* --- beginning and end --- */

static void timer_closed(uv_handle_t *handle) {
	free(handle);
}

static uv_timer_t *timer_new(struct lab *lab) {
	uv_timer_t *timer = alloc_zero(1, sizeof *timer);
	uv_timer_init(lab->loop, timer);
	timer->data = lab;
	return timer;
}

struct lab *lab_new(uv_loop_t *loop, struct client *client, const struct deliver_options *options,
	struct error *err) {
	struct deliver *deliver = deliver_new(loop, options, err);
	if (!deliver) {
		return NULL;
	}
	struct lab *lab = alloc_zero(1, sizeof *lab);
	lab->loop = loop;
	lab->client = client;
	lab->deliver = deliver;
	lab->timer = timer_new(lab);
	lab->soon = timer_new(lab);
	return lab;
}

static void cancel(struct lab *lab, client_request request) {
	if (request) {
		client_cancel(lab->client, request);
	}
}

void lab_free(struct lab *lab) {
	if (!lab) {
		return;
	}
	cancel(lab, lab->fetch.request);
	cancel(lab, lab->sign.request);
	while (lab->keepings) {
		struct keeping *keeping = lab->keepings;
		lab->keepings = keeping->next;
		cancel(lab, keeping->request);
		free(keeping);
	}
	deliver_free(lab->deliver);
	while (lab->sendings) {
		struct sending *sending = lab->sendings;
		lab->sendings = sending->next;
		free(sending);
	}
	shell_job_stop(lab->job);
	uv_close((uv_handle_t *)lab->timer, timer_closed);
	uv_close((uv_handle_t *)lab->soon, timer_closed);
	free(lab);
}
