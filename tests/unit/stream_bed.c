#include "tests/unit/stream_bed.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/alloc.h"
#include "relay/context.h"
#include "tests/unit/unit.h"

static struct store_bed_entry newest; /* for stream_bed_attempt */

int64_t stream_bed_endpoint(struct stream_bed *bed, const char *name) {
	int64_t id = store_bed_endpoint(&bed->store, name);
	fake_endpoints_add(bed->endpoints, name, id);
	return id;
}

void stream_bed_make(struct stream_bed *bed) {
	*bed = (struct stream_bed){0};
	store_bed_make(&bed->store, false);
	store_bed_open(&bed->store, NULL);
	bed->endpoints = fake_endpoints_new();
	bed->shop = stream_bed_endpoint(bed, "shop");
	bed->hub = hub_new(bed->store.store, bed->endpoints);
}

void stream_bed_remove(struct stream_bed *bed) {
	stream_bed_stop(bed);
	hub_free(bed->hub);
	store_bed_close(&bed->store);
	store_bed_remove(&bed->store);
	fake_endpoints_free(bed->endpoints);
}

int stream_bed_set_up(void **state) {
	struct stream_bed *bed = alloc_zero(1, sizeof *bed);
	stream_bed_make(bed);
	*state = bed;
	return 0;
}

int stream_bed_tear_down(void **state) {
	stream_bed_remove(*state);
	free(*state);
	return 0;
}

void stream_bed_start(struct stream_bed *bed, const struct stream_options *given) {
	struct error err = {0};
	struct stream_options options = given ? *given : (struct stream_options){0};
	char address[32];
	bed->context = context_new(&bed->store.loop, 1024, false, &err);
	assert_string_equal(err.text, "");
	snprintf(address, sizeof address, "127.0.0.1:%d", bed->port);
	options.ingest_url = "http://127.0.0.1:8080";
	assert_true(listen_address_parse(&options.address, address, &err));
	bed->stream =
		stream_new(bed->context, &options, bed->hub, bed->store.store, bed->endpoints, &err);
	assert_string_equal(err.text, "");
	assert_non_null(bed->stream);
	bed->port = stream_port(bed->stream);
	snprintf(bed->url, sizeof bed->url, "ws://127.0.0.1:%d", bed->port);
}

static bool port_is_free(int port) {
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	int yes = 1;
	struct sockaddr_in address = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
	bool is_free = !bind(fd, (struct sockaddr *)&address, sizeof address);
	close(fd);
	return is_free;
}

void stream_bed_stop(struct stream_bed *bed) {
	stream_free(bed->stream);
	bed->stream = NULL;
	context_free(bed->context);
	while (bed->context && !port_is_free(bed->port)) {
		uv_run(&bed->store.loop, UV_RUN_ONCE);
	}
	bed->context = NULL;
}

static void on_stored(void *data, struct entry *entry, const struct error *err) {
	struct stream_bed *bed = data;
	assert_null(err);
	hub_publish(bed->hub, entry);
}

static void append(struct stream_bed *bed, struct entry *entry, const int64_t *seq) {
	store_append(bed->store.store, entry, on_stored, bed);
	while (!*seq) {
		uv_run(&bed->store.loop, UV_RUN_ONCE);
	}
}

int64_t stream_bed_events(struct stream_bed *bed, int64_t endpoint, int count, struct span body) {
	for (int i = 0; i < count; i++) {
		store_bed_event(&newest, endpoint, "");
		newest.entry.event = &newest.event;
		newest.entry.body = body;
		newest.event.head_len = (int64_t)newest.entry.head.len;
		newest.event.body_len = (int64_t)body.len;
		newest.event.endpoint = endpoint_name(endpoints_find_id(bed->endpoints, endpoint));
		append(bed, &newest.entry, &newest.event.seq);
	}
	return newest.event.seq;
}

int64_t stream_bed_attempt(struct stream_bed *bed) {
	struct store_bed_entry made;
	store_bed_attempt(&made, &newest, 200);
	made.entry.attempt = &made.attempt;
	made.attempt.endpoint = newest.event.endpoint;
	made.attempt.answer_head_len = (int64_t)made.entry.head.len;
	made.attempt.answer_body_len = (int64_t)made.entry.body.len;
	append(bed, &made.entry, &made.attempt.seq);
	return made.attempt.seq;
}

static void on_late(uv_timer_t *timer) {
	*(bool *)timer->data = true;
}

static void turn(struct stream_bed *bed, const int64_t *value, int64_t least, int64_t ms) {
	bool late = false;
	uv_timer_t timer;
	uv_timer_init(&bed->store.loop, &timer);
	timer.data = &late;
	/* Repeats: one that fired at the beginning of a turn would leave the loop waiting without a bound. */
	uv_timer_start(&timer, on_late, (uint64_t)ms, 1);
	while (!late && (!value || *value < least)) {
		uv_run(&bed->store.loop, UV_RUN_ONCE);
	}
	uv_close((uv_handle_t *)&timer, NULL);
	uv_run(&bed->store.loop, UV_RUN_NOWAIT);
	if (value && *value < least) {
		fail_msg("waited for %lld, got to %lld", (long long)least, (long long)*value);
	}
}

void stream_bed_until(struct stream_bed *bed, const int64_t *value, int64_t least) {
	turn(bed, value, least, 10000);
}

void stream_bed_turn(struct stream_bed *bed, int64_t ms) {
	turn(bed, NULL, 0, ms);
}

void stream_bed_token(const char *file, const char *text) {
	FILE *out = fopen(file, "w");
	assert_non_null(out);
	fputs(text, out);
	fclose(out);
	chmod(file, 0600);
}
