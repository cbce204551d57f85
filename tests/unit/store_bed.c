#include "tests/unit/store_bed.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/alloc.h"
#include "tests/unit/unit.h"

void store_bed_make(struct store_bed *bed, bool in_memory) {
	*bed = (struct store_bed){0};
	assert_int_equal(uv_loop_init(&bed->loop), 0);
	if (in_memory) {
		snprintf(bed->url, sizeof bed->url, "sqlite::memory:");
		return;
	}
	snprintf(bed->folder, sizeof bed->folder, "/tmp/test_store.XXXXXX");
	assert_non_null(mkdtemp(bed->folder));
	snprintf(bed->file, sizeof bed->file, "%s/store.db", bed->folder);
	snprintf(bed->url, sizeof bed->url, "sqlite:%s", bed->file);
}

void store_bed_remove(struct store_bed *bed) {
	static const char *const endings[] = {"", "-wal", "-shm", ".lock"};
	if (bed->store) {
		store_bed_close(bed);
	}
	uv_run(&bed->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&bed->loop), 0);
	for (size_t i = 0; bed->file[0] && i < sizeof endings / sizeof *endings; i++) {
		char path[128];
		snprintf(path, sizeof path, "%s%s", bed->file, endings[i]);
		unlink(path);
	}
	if (bed->folder[0]) {
		assert_int_equal(rmdir(bed->folder), 0);
	}
}

static int make_open(void **state, bool in_memory) {
	struct store_bed *bed = *state;
	store_bed_make(bed, in_memory);
	store_bed_open(bed, NULL);
	return 0;
}

int store_bed_in_file(void **state) {
	return make_open(state, false);
}

int store_bed_in_memory(void **state) {
	return make_open(state, true);
}

int store_bed_take_away(void **state) {
	store_bed_remove(*state);
	return 0;
}

void store_bed_open(struct store_bed *bed, const struct store_options *options) {
	struct error err = {0};
	bed->store = store_open(&bed->loop, bed->url, options, &err);
	assert_string_equal(err.text, "");
	assert_non_null(bed->store);
}

struct error store_bed_refused(struct store_bed *bed) {
	struct error err = {0};
	assert_null(store_open(&bed->loop, bed->url, NULL, &err));
	assert_int_not_equal(err.code, ERROR_NONE);
	return err;
}

static void on_closed(void *data) {
	*(bool *)data = true;
}

void store_bed_close(struct store_bed *bed) {
	bool closed = false;
	store_close(bed->store, on_closed, &closed);
	store_bed_wait(bed, &closed);
	bed->store = NULL;
}

void store_bed_wait(struct store_bed *bed, const bool *done) {
	while (!*done) {
		assert_true(uv_run(&bed->loop, UV_RUN_ONCE) != 0 || *done);
	}
}

struct put {
	int64_t id;
	bool done;
};

static void on_put(void *data, int64_t id, const struct error *err) {
	struct put *put = data;
	assert_null(err);
	*put = (struct put){id, true};
}

int64_t store_bed_endpoint(struct store_bed *bed, const char *name) {
	struct endpoint_record record = {.name = span_text(name), .settings = span_text("{}")};
	struct put put = {0};
	store_put_endpoint(bed->store, &record, on_put, &put);
	store_bed_wait(bed, &put.done);
	return put.id;
}

static struct uuid new_id(void) {
	static uint32_t count;
	uint8_t random[10] = {(uint8_t)getpid(), (uint8_t)(getpid() >> 8)};
	count++;
	memcpy(random + 4, &count, sizeof count);
	return uuid_make(1700000000000 + count / 16, random);
}

void store_bed_event(struct store_bed_entry *made, int64_t endpoint, const char *body) {
	*made = (struct store_bed_entry){.event = {.id = new_id(),
										 .received_at_ns = 1700000000123456789,
										 .peer = span_text("203.0.113.7:51034"),
										 .method = span_text("POST"),
										 .target = span_text("/e/shop/hook?a=1"),
										 .path_offset = 7,
										 .answer_status = 200}};
	made->entry = (struct entry){.kind = ENTRY_EVENT,
		.endpoint = endpoint,
		.event = &made->event,
		.head = span_text("POST /e/shop/hook?a=1 HTTP/1.1\r\nHost: x\r\n\r\n"),
		.body = span_text(body)};
}

void store_bed_attempt(
	struct store_bed_entry *made, const struct store_bed_entry *event, int64_t status) {
	*made = (struct store_bed_entry){.attempt = {.id = new_id(),
										 .event = event->event.id,
										 .cause = CAUSE_REPLAY,
										 .target = span_text("http://127.0.0.1:3000/hook"),
										 .changes = span_text("Host"),
										 .status = status,
										 .answer_body_total = 5000,
										 .error = span_text(status ? "" : "connection refused"),
										 .started_at_ns = 1700000001000000000,
										 .took_us = 1234,
										 .who = span_text("alice@laptop")}};
	made->entry = (struct entry){.kind = ENTRY_ATTEMPT,
		.endpoint = event->entry.endpoint,
		.attempt = &made->attempt,
		.head = span_text(status ? "HTTP/1.1 200 OK\r\n\r\n" : ""),
		.body = span_text(status ? "fine" : "")};
}

static void on_stored(void *data, struct entry *entry, const struct error *err) {
	struct store_bed_entry *made = data;
	assert_ptr_equal(entry, &made->entry);
	assert_false(made->done);
	made->done = true;
	made->order = made->counter ? ++*made->counter : 1;
	if (err) {
		made->err = *err;
	}
}

void store_bed_queue(struct store_bed *bed, struct store_bed_entry *made) {
	made->entry.event = made->entry.kind == ENTRY_EVENT ? &made->event : NULL;
	made->entry.attempt = made->entry.kind == ENTRY_ATTEMPT ? &made->attempt : NULL;
	store_append(bed->store, &made->entry, on_stored, made);
}

int64_t store_bed_append(struct store_bed *bed, struct store_bed_entry *made) {
	store_bed_queue(bed, made);
	store_bed_wait(bed, &made->done);
	return made->entry.kind == ENTRY_EVENT ? made->event.seq : made->attempt.seq;
}

int64_t store_bed_add(struct store_bed *bed, int64_t endpoint, const char *body) {
	struct store_bed_entry made;
	store_bed_event(&made, endpoint, body);
	int64_t seq = store_bed_append(bed, &made);
	assert_string_equal(made.err.text, "");
	return seq;
}

static bool keep_hit(void *data, const struct entry *entry) {
	struct store_bed_hits *hits = data;
	hits->all = alloc_resize(hits->all, (hits->count + 1) * sizeof *hits->all);
	struct store_bed_hit *hit = hits->all + hits->count++;
	*hit = (struct store_bed_hit){.kind = entry->kind, .position = entry->position};
	if (entry->kind == ENTRY_EVENT) {
		hit->event = event_copy(entry->event);
	} else {
		hit->attempt = attempt_copy(entry->attempt);
	}
	buffer_append_span(&hit->head, entry->head);
	buffer_append_span(&hit->body, entry->body);
	buffer_append_span(&hit->trailers, entry->trailers);
	return true;
}

static void on_read(void *data, const struct error *err) {
	struct store_bed_hits *hits = data;
	hits->done = true;
	if (err) {
		hits->err = *err;
	}
}

struct store_bed_hits store_bed_read(struct store_bed *bed, const struct store_query *query) {
	struct store_bed_hits hits = {0};
	store_read(bed->store, query, keep_hit, on_read, &hits);
	store_bed_wait(bed, &hits.done);
	return hits;
}

void store_bed_free(struct store_bed_hits *hits) {
	for (size_t i = 0; i < hits->count; i++) {
		struct store_bed_hit *hit = hits->all + i;
		free(hit->event);
		free(hit->attempt);
		buffer_clear(&hit->head);
		buffer_clear(&hit->body);
		buffer_clear(&hit->trailers);
	}
	free(hits->all);
	*hits = (struct store_bed_hits){0};
}

const char *store_bed_order(struct store_bed *bed, const struct store_query *query) {
	static char text[4096];
	struct store_bed_hits hits = store_bed_read(bed, query);
	size_t used = 0;
	text[0] = '\0';
	for (size_t i = 0; i < hits.count && used < sizeof text - 32; i++) {
		const struct store_bed_hit *hit = hits.all + i;
		used += (size_t)snprintf(text + used, sizeof text - used, "%s%c%lld", i ? " " : "",
			hit->event ? 'e' : 'a', (long long)(hit->event ? hit->event->seq : hit->attempt->seq));
	}
	store_bed_free(&hits);
	return text;
}

void store_bed_on_done(void *data, const struct error *err) {
	struct store_bed_done *done = data;
	done->done = true;
	if (err) {
		done->err = *err;
	}
}

struct store_query store_bed_all_of(int64_t endpoint) {
	return (struct store_query){.endpoint = endpoint, .events = true, .attempts = true};
}

void store_bed_two_endpoints(struct store_bed *bed, int64_t ends[2]) {
	ends[0] = store_bed_endpoint(bed, "a");
	ends[1] = store_bed_endpoint(bed, "b");
	struct store_bed_entry event, attempt;
	store_bed_event(&event, ends[0], "first");
	store_bed_append(bed, &event);
	store_bed_add(bed, ends[1], "x");
	store_bed_attempt(&attempt, &event, 200);
	store_bed_append(bed, &attempt);
	store_bed_add(bed, ends[1], "x");
	store_bed_add(bed, ends[0], "third");
}

void store_bed_plan(const struct store_bed *bed, struct buffer *plan, const char *sql) {
	struct buffer question = {0};
	sqlite3 *db;
	sqlite3_stmt *stmt;
	assert_int_equal(sqlite3_open_v2(bed->file, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	buffer_printf(&question, "EXPLAIN QUERY PLAN %s", sql);
	assert_int_equal(sqlite3_prepare_v2(db, buffer_text(&question), -1, &stmt, NULL), SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		buffer_printf(plan, "%s\n", (const char *)sqlite3_column_text(stmt, 3));
	}
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	buffer_clear(&question);
}

int64_t store_bed_ask(const struct store_bed *bed, const char *sql) {
	sqlite3 *db;
	sqlite3_stmt *stmt;
	assert_int_equal(sqlite3_open(bed->file, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	int64_t value = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return value;
}
