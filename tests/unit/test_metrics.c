/* What Prometheus reads is well formed, whatever was counted. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/signature/provider.h"
#include "relay/admin/metrics.h"
#include "relay/context.h"
#include "relay/waiting.h"
#include "tests/unit/store_bed.h"
#include "tests/unit/unit.h"

static struct store_bed bed;
static struct catalogue *catalogue;
static struct vault *vault;
static struct lws_context *context;
static struct waiting *waiting;
static struct deliveries deliveries;
static struct metrics_sources sources;
static struct buffer out;

static void start_ingest(void) {
	struct error err = {0};
	struct ingest_options options = {
		.listener = {
			.name = "ingest", .limits = {.http = http_limits_default(), .connections = 4}}};
	assert_true(listen_address_parse(&options.listener.address, "127.0.0.1:0", &err));
	sources.ingest = ingest_new(
		context, &bed.loop, &options, bed.store, sources.endpoints, sources.hub, waiting, &err);
	assert_string_equal(err.text, "");
}

static void start_stream(void) {
	struct error err = {0};
	struct stream_options options = {0};
	assert_true(listen_address_parse(&options.address, "127.0.0.1:0", &err));
	sources.stream = stream_new(context, &options, sources.hub, bed.store, sources.endpoints, &err);
	assert_string_equal(err.text, "");
}

static int make(void **state) {
	(void)state;
	struct error err = {0};
	store_bed_make(&bed, true);
	store_bed_open(&bed, NULL);
	vault = vault_open(NULL, NULL);
	catalogue = catalogue_new();
	deliveries_init(&deliveries);
	store_observe(bed.store, deliveries_observe, &deliveries);
	sources = (struct metrics_sources){.store = bed.store, .deliveries = &deliveries};
	sources.endpoints = endpoints_new(bed.store, vault, catalogue, &err);
	assert_string_equal(err.text, "");
	sources.hub = hub_new(bed.store, sources.endpoints);
	context = context_new(&bed.loop, 512, false, &err);
	assert_string_equal(err.text, "");
	waiting = waiting_new(&bed.loop, &(struct waiting_limits){0});
	sources.waiting = waiting;
	start_ingest();
	start_stream();
	return 0;
}

static int take_away(void **state) {
	(void)state;
	stream_free(sources.stream);
	ingest_stop(sources.ingest);
	endpoints_stop(sources.endpoints);
	store_bed_close(&bed);
	hub_free(sources.hub);
	ingest_free(sources.ingest);
	waiting_free(waiting);
	endpoints_free(sources.endpoints);
	context_free(context);
	store_bed_remove(&bed);
	vault_free(vault);
	catalogue_free(catalogue);
	deliveries_clear(&deliveries);
	buffer_clear(&out);
	return 0;
}

static const char *metrics(void) {
	buffer_reset(&out);
	metrics_append(&out, &sources);
	return buffer_text(&out);
}

static size_t name_len(const char *text) {
	size_t len = 0;
	while (isalnum((unsigned char)text[len]) || text[len] == '_' || text[len] == ':') {
		len++;
	}
	return len;
}

/* The end of {name="value",...}, or NULL when it is not well formed. */
static const char *behind_labels(const char *at) {
	do {
		at++;
		size_t len = name_len(at);
		if (len == 0 || strncmp(at + len, "=\"", 2) != 0) {
			return NULL;
		}
		for (at += len + 2; *at && *at != '"' && *at != '\n'; at++) {
			if (*at == '\\' && !strchr("\\\"n", *++at)) {
				return NULL;
			}
		}
		at += *at == '"';
	} while (*at == ',');
	return *at == '}' ? at + 1 : NULL;
}

static bool is_sample(const char *line) {
	const char *at = line + name_len(line);
	if (at == line || strncmp(line, "hookline_", 9) != 0) {
		return false;
	}
	at = *at == '{' ? behind_labels(at) : at;
	char *end = NULL;
	if (!at || *at != ' ') {
		return false;
	}
	strtod(at + 1, &end);
	return end > at + 1 && *end == '\n';
}

static void check_lines(const char *text) {
	while (*text) {
		if (strncmp(text, "# HELP hookline_", 16) != 0 &&
			strncmp(text, "# TYPE hookline_", 16) != 0 && !is_sample(text)) {
			fail_msg("not a line of metrics: %.*s", (int)strcspn(text, "\n"), text);
		}
		text = strchr(text, '\n') + 1;
	}
}

static size_t count_of(const char *text, const char *part) {
	size_t count = 0;
	for (; (text = strstr(text, part)); text++) {
		count++;
	}
	return count;
}

static void every_metric_has_its_name_once(void **state) {
	(void)state;
	static const char *const names[] = {"events_received_total counter",
		"event_body_bytes histogram", "ingest_seconds histogram", "ingest_refused_total counter",
		"store_commit_seconds summary", "store_group_entries summary", "store_bytes gauge",
		"store_errors_total counter", "screens gauge", "screen_lag_entries summary",
		"deliveries_total counter", "delivery_seconds histogram",
		"tls_not_after_timestamp_seconds gauge", "build_info gauge"};
	const char *text = metrics();
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char line[128];
		snprintf(line, sizeof line, "# TYPE hookline_%s\n", names[i]);
		if (count_of(text, line) != 1) {
			fail_msg("not there once: %s", line);
		}
	}
	assert_non_null(
		strstr(text, "hookline_build_info{version=\"" HOOKLINE_VERSION "\",store=\"sqlite\"} 1\n"));
	check_lines(text);
}

static void labels_cannot_break_a_line(void **state) {
	(void)state;
	struct ingest_counts *counts = (struct ingest_counts *)ingest_counts(sources.ingest);
	ingest_counts_event(counts, 1, "a\"b\\c\nhookline_fake 1", VERDICT_VALID);
	const char *text = metrics();
	check_lines(text);
	assert_non_null(
		strstr(text, "provider=\"a\\\"b\\\\c\\nhookline_fake 1\",verdict=\"valid\"} 1\n"));
	assert_null(strstr(text, "\nhookline_fake"));
}

static void attempts_are_counted_by_endpoint_and_outcome(void **state) {
	(void)state;
	static const int64_t statuses[] = {200, 204, 503, 0};
	int64_t shop = store_bed_endpoint(&bed, "shop");
	struct store_bed_entry event, attempt;
	store_bed_event(&event, shop, "x");
	store_bed_append(&bed, &event);
	for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
		store_bed_attempt(&attempt, &event, statuses[i]);
		store_bed_append(&bed, &attempt);
	}
	const char *text = metrics();
	check_lines(text);
	assert_int_equal(count_of(text, "hookline_deliveries_total{"), 3);
	assert_non_null(strstr(text, ",outcome=\"2xx\"} 2\n"));
	assert_non_null(strstr(text, ",outcome=\"5xx\"} 1\n"));
	assert_non_null(strstr(text, ",outcome=\"failed\"} 1\n"));
	assert_non_null(strstr(text, "hookline_delivery_seconds_count 3\n"));
	assert_non_null(strstr(text, "\nhookline_retries{state=\"due\"} 0\n"));
	assert_non_null(strstr(text, "\nhookline_retries_overdue_seconds 0\n"));
}

static void more_endpoints_than_places_count_together(void **state) {
	(void)state;
	struct ingest_counts *counts = (struct ingest_counts *)ingest_counts(sources.ingest);
	struct attempt attempt = {.status = 999};
	struct entry entry = {.kind = ENTRY_ATTEMPT, .attempt = &attempt};
	for (int64_t id = 1; id <= 2 * DELIVERY_ENDPOINTS; id++) {
		entry.endpoint = id;
		deliveries_observe(&deliveries, &entry);
		ingest_counts_event(counts, id, "stripe", VERDICT_INVALID);
	}
	const char *text = metrics();
	check_lines(text);
	assert_int_equal(count_of(text, "hookline_deliveries_total{"), DELIVERY_ENDPOINTS + 1);
	assert_int_equal(count_of(text, "hookline_events_received_total{"), EVENT_COUNTS + 1);
	assert_non_null(
		strstr(text, "hookline_deliveries_total{endpoint=\"(other)\",outcome=\"failed\"} 1024\n"));
}

static void buckets_add_up(void **state) {
	(void)state;
	struct attempt attempt = {.status = 200, .took_us = 700};
	struct entry entry = {.kind = ENTRY_ATTEMPT, .endpoint = 1, .attempt = &attempt};
	deliveries_observe(&deliveries, &entry);
	attempt.took_us = 90000000;
	deliveries_observe(&deliveries, &entry);
	const char *text = metrics();
	assert_non_null(strstr(text, "hookline_delivery_seconds_bucket{le=\"0.0005\"} 0\n"));
	assert_non_null(strstr(text, "hookline_delivery_seconds_bucket{le=\"0.001\"} 1\n"));
	assert_non_null(strstr(text, "hookline_delivery_seconds_bucket{le=\"30\"} 1\n"));
	assert_non_null(strstr(text, "hookline_delivery_seconds_bucket{le=\"+Inf\"} 2\n"));
	assert_non_null(strstr(text, "hookline_delivery_seconds_sum 90.0007\n"));
}

static void without_tls_there_is_no_end_of_a_certificate(void **state) {
	(void)state;
	assert_int_equal(count_of(metrics(), "hookline_tls_not_after_timestamp_seconds{"), 0);
	sources.certificates[2] = "/nowhere/cert.pem";
	const char *text = metrics();
	check_lines(text);
	assert_non_null(
		strstr(text, "hookline_tls_not_after_timestamp_seconds{listener=\"admin\"} 0\n"));
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_metric_has_its_name_once, make, take_away),
		cmocka_unit_test_setup_teardown(labels_cannot_break_a_line, make, take_away),
		cmocka_unit_test_setup_teardown(
			attempts_are_counted_by_endpoint_and_outcome, make, take_away),
		cmocka_unit_test_setup_teardown(more_endpoints_than_places_count_together, make, take_away),
		cmocka_unit_test_setup_teardown(buckets_add_up, make, take_away),
		cmocka_unit_test_setup_teardown(
			without_tls_there_is_no_end_of_a_certificate, make, take_away),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
