/* What relay/store/store.h promises of endpoints, secrets, verdicts and refusals, for every kind of store. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/store_bed.h"
#include "tests/unit/unit.h"

static struct store_bed bed;

struct endpoints {
	char text[256];
};

static bool list_endpoint(void *data, const struct endpoint_record *record) {
	struct endpoints *list = data;
	size_t used = strlen(list->text);
	snprintf(list->text + used, sizeof list->text - used, "%.*s%.*s@%lld(%lld) ",
		(int)record->name.len, record->name.data, (int)record->settings.len, record->settings.data,
		(long long)record->last_seq, (long long)record->events);
	return true;
}

static const char *endpoints(void) {
	static struct endpoints list;
	struct error err = {0};
	list.text[0] = '\0';
	assert_true(store_each_endpoint(bed.store, list_endpoint, &list, &err));
	return list.text;
}

struct put {
	int64_t id;
	struct store_bed_done done;
};

static void on_put(void *data, int64_t id, const struct error *err) {
	struct put *put = data;
	put->id = id;
	store_bed_on_done(&put->done, err);
}

static struct put put_endpoint(int64_t id, const char *name, const char *settings) {
	struct put put = {0};
	struct endpoint_record record = {
		.id = id, .name = span_text(name), .settings = span_text(settings)};
	store_put_endpoint(bed.store, &record, on_put, &put);
	store_bed_wait(&bed, &put.done.done);
	return put;
}

static void endpoints_are_added_changed_and_renamed(void **state) {
	(void)state;
	int64_t a = put_endpoint(0, "a", "{}").id, b = put_endpoint(0, "b", "{}").id;
	store_bed_add(&bed, b, "x");
	assert_string_equal(endpoints(), "a{}@0(0) b{}@1(1) ");
	assert_int_equal(put_endpoint(0, "a", "{\"x\":1}").id, a);
	assert_int_equal(put_endpoint(b, "c", "{}").id, b);
	assert_string_equal(endpoints(), "a{\"x\":1}@0(0) c{}@1(1) ");
	struct put put = put_endpoint(b, "a", "{}");
	assert_string_equal(put.done.err.text, "another endpoint is called \"a\"");
	assert_int_equal(put_endpoint(b + 9, "d", "{}").done.err.code, ERROR_NO);
	struct store_query query = store_bed_all_of(b);
	struct store_bed_hits hits = store_bed_read(&bed, &query);
	assert_true(span_is(hits.all[0].event->endpoint, "c"));
	store_bed_free(&hits);
}

static void a_removed_endpoint_is_gone_with_all_it_had(void **state) {
	(void)state;
	int64_t ends[2];
	store_bed_two_endpoints(&bed, ends);
	for (int i = 0; i < 300; i++) {
		store_bed_add(&bed, ends[0], "more than one chunk");
	}
	struct store_bed_entry late;
	struct store_bed_done done = {0};
	store_remove_endpoint(bed.store, ends[0], store_bed_on_done, &done);
	store_bed_event(&late, ends[0], "too late");
	store_bed_queue(&bed, &late);
	store_bed_wait(&bed, &late.done);
	assert_int_equal(done.err.code, ERROR_NONE);
	assert_int_equal(late.err.code, ERROR_NO);
	assert_string_equal(endpoints(), "b{}@2(2) ");
	struct store_query query = store_bed_all_of(0);
	assert_string_equal(store_bed_order(&bed, &query), "e1 e2");
	query.endpoint = ends[0];
	assert_string_equal(store_bed_order(&bed, &query), "");
	int64_t again = store_bed_endpoint(&bed, "a");
	assert_int_not_equal(again, ends[0]);
	assert_int_equal(store_bed_add(&bed, again, "x"), 1);
	done = (struct store_bed_done){0};
	store_remove_endpoint(bed.store, ends[0], store_bed_on_done, &done);
	store_bed_wait(&bed, &done.done);
	assert_int_equal(done.err.code, ERROR_NO);
}

static bool list_secret(void *data, const struct secret_record *record) {
	struct endpoints *list = data;
	size_t used = strlen(list->text);
	snprintf(list->text + used, sizeof list->text - used, "%.*s:%.*s=%zu@%lld ",
		(int)record->provider.len, record->provider.data, (int)record->label.len,
		record->label.data, record->sealed.len, (long long)record->added_at_ms);
	return true;
}

static const char *secrets(void) {
	static struct endpoints list;
	struct error err = {0};
	list.text[0] = '\0';
	assert_true(store_each_secret(bed.store, list_secret, &list, &err));
	return list.text;
}

static struct error put_secret(
	int64_t endpoint, const char *label, struct span sealed, int64_t at) {
	struct store_bed_done done = {0};
	struct secret_record record = {.endpoint = endpoint,
		.label = span_text(label),
		.provider = span_text("svix"),
		.sealed = sealed,
		.added_at_ms = at};
	store_put_secret(bed.store, &record, store_bed_on_done, &done);
	store_bed_wait(&bed, &done.done);
	return done.err;
}

static struct error remove_secret(int64_t endpoint, const char *label) {
	struct store_bed_done done = {0};
	store_remove_secret(bed.store, endpoint, span_text(label), store_bed_on_done, &done);
	store_bed_wait(&bed, &done.done);
	return done.err;
}

static void secrets_are_kept_replaced_and_removed(void **state) {
	(void)state;
	int64_t a = store_bed_endpoint(&bed, "a"), b = store_bed_endpoint(&bed, "b");
	put_secret(a, "old", (struct span){"\0\1\2", 3}, 10);
	put_secret(a, "new", (struct span){"\0\1\2\3", 4}, 20);
	put_secret(b, "old", (struct span){"\0", 1}, 5);
	assert_string_equal(secrets(), "svix:old=3@10 svix:new=4@20 svix:old=1@5 ");
	put_secret(a, "old", (struct span){"\0\1\2\3\4", 5}, 30);
	assert_int_equal(remove_secret(b, "old").code, ERROR_NONE);
	assert_int_equal(remove_secret(b, "old").code, ERROR_NO);
	assert_string_equal(secrets(), "svix:new=4@20 svix:old=5@30 ");
	assert_int_equal(put_secret(b + 9, "x", (struct span){"x", 1}, 1).code, ERROR_NO);
}

static void verdicts_change_together(void **state) {
	(void)state;
	int64_t shop = store_bed_endpoint(&bed, "shop");
	struct store_bed_entry made[2];
	struct verdict_change changes[3] = {{.provider = "svix"}, {.provider = ""}, {.provider = "x"}};
	for (int i = 0; i < 2; i++) {
		store_bed_event(made + i, shop, "x");
		made[i].event.provider = span_text("stripe");
		store_bed_append(&bed, made + i);
		changes[i].event = made[i].event.id;
		changes[i].judgement =
			(struct judgement){.verdict = VERDICT_VALID, .reason = "so it is", .secret = "live"};
	}
	memcpy(changes[0].recipe, "9c1e07aa", sizeof changes[0].recipe);
	struct store_bed_done done = {0};
	store_set_verdicts(bed.store, changes, 3, store_bed_on_done, &done);
	memset(changes, 0, sizeof changes);
	store_bed_wait(&bed, &done.done);
	assert_int_equal(done.err.code, ERROR_NONE);
	struct store_query query = store_bed_all_of(shop);
	struct store_bed_hits hits = store_bed_read(&bed, &query);
	for (int i = 0; i < 2; i++) {
		const struct event *event = hits.all[i].event;
		assert_int_equal(event->verdict, VERDICT_VALID);
		assert_true(span_is(event->reason, "so it is"));
		assert_true(span_is(event->secret, "live"));
		assert_true(span_is(event->recipe, i ? "" : "9c1e07aa"));
		assert_true(span_is(event->provider, i ? "stripe" : "svix"));
	}
	store_bed_free(&hits);
}

static bool count_refusal(void *data, const struct refusal *refusal) {
	int64_t *seen = data;
	if (seen[0]++ == 0) {
		seen[1] = refusal->at_ns;
		assert_true(span_is(refusal->reason, "too long"));
		assert_true(span_is(refusal->peer, "198.51.100.9:4"));
		assert_int_equal(refusal->line.len, 5);
		assert_int_equal(refusal->status, 414);
	}
	return true;
}

static void the_newest_refusals_are_kept(void **state) {
	(void)state;
	int64_t seen[2] = {0};
	struct error err = {0};
	int64_t shop = store_bed_endpoint(&bed, "shop");
	for (int64_t at = 1; at <= STORE_REFUSALS + 500; at++) {
		struct refusal refusal = {.at_ns = at,
			.peer = span_text("198.51.100.9:4"),
			.status = 414,
			.reason = span_text("too long"),
			.line = {"G\0\xff T", 5}};
		store_add_refusal(bed.store, &refusal);
		if (at % 500 == 0) {
			store_bed_add(&bed, shop, "they go with it");
		}
	}
	assert_true(store_each_refusal(bed.store, 0, count_refusal, seen, &err));
	assert_int_equal(seen[0], STORE_REFUSALS);
	assert_int_equal(seen[1], STORE_REFUSALS + 500);
	seen[0] = 0;
	assert_true(store_each_refusal(bed.store, 3, count_refusal, seen, &err));
	assert_int_equal(seen[0], 3);
}

/* Every case for every kind of store. */
#define CASE(name) STORE_BED_CASES(&bed, name)

int main(void) {
	const struct CMUnitTest tests[] = {
		CASE(endpoints_are_added_changed_and_renamed),
		CASE(a_removed_endpoint_is_gone_with_all_it_had),
		CASE(secrets_are_kept_replaced_and_removed),
		CASE(verdicts_change_together),
		CASE(the_newest_refusals_are_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
