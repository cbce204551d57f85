/* The overview in every size: charts over time, cards of bars, and how long the app took. */
#include <stdio.h>

#include "common/business_key.h"
#include "common/key_tally.h"
#include "common/moment.h"
#include "common/rollup.h"
#include "tests/unit/unit.h"
#include "tests/unit/view_bed.h"
#include "tui/screen/update.h"

#define NOW_NS (VIEW_BED_NOW_MS * MOMENT_NS_PER_MS)

static struct rollup_event event(int64_t age_s, const char *provider, const char *type) {
	return (struct rollup_event){.received_at_ns = NOW_NS - age_s * MOMENT_NS_PER_S,
		.endpoint = span_text("shop"),
		.provider = span_text(provider),
		.type = span_text(type),
		.verdict = VERDICT_VALID};
}

/* A day that grows busier, with an hour in which the app was away, and forged signatures now and then. */
static void a_day(struct rollup *rollup) {
	static const char *const providers[] = {
		"stripe", "stripe", "stripe", "github", "postpress", ""};
	static const char *const types[] = {
		"invoice.paid", "charge.failed", "charge.succeeded", "push", "order.shipped", ""};
	static const int64_t took_us[] = {800, 4200, 12000, 35000, 90000, 1200000, 31000000};
	for (int64_t i = 0; i < 3000; i++) {
		int64_t age_s = i * i / 104 % 86000;
		struct rollup_event one = event(age_s, providers[i % 6], types[i % 6]);
		bool away = age_s > 20000 && age_s < 24000;
		one.verdict = i % 41 == 0   ? VERDICT_INVALID
		              : i % 97 == 0 ? VERDICT_UNSIGNED
		                            : VERDICT_VALID;
		rollup_add(rollup, &one,
			away         ? COUNTS_FAILED
			: i % 6 == 1 ? COUNTS_5XX
			: i % 7 == 0 ? COUNTS_NONE
						 : COUNTS_2XX);
		if (!away && i % 7 != 0) {
			rollup_took(rollup, one.provider, one.received_at_ns, took_us[i % 13 % 7]);
		}
	}
}

static void tell(struct model *model, const struct rollup *rollup) {
	struct counts counts = {.span = model->overview.span};
	rollup_read(rollup, NOW_NS, NULL, NULL, &counts);
	update(model, &(struct msg){.type = MSG_STATS, .counts = &counts});
	counts_clear(&counts);
}

static void with(struct model *model, void (*fill)(struct rollup *), const char *span) {
	struct rollup *rollup = rollup_new();
	view_bed_events(model);
	fill(rollup);
	update(model,
		&(struct msg){.type = MSG_ACTION, .action = ACTION_OVERVIEW, .text = span_text(span)});
	tell(model, rollup);
	rollup_free(rollup);
}

static void day(struct model *model) {
	with(model, a_day, "24h");
}

static void hour(struct model *model) {
	with(model, a_day, "1h");
}

static void week(struct model *model) {
	with(model, a_day, "7d");
}

static void press(struct model *model, uint32_t key, size_t times) {
	for (size_t i = 0; i < times; i++) {
		update(model, &(struct msg){.type = MSG_KEY, .key = key});
	}
}

static void a_type(struct model *model) {
	day(model);
	press(model, KEY_TAB, 4);
	press(model, 'j', 1);
}

static void a_time(struct model *model) {
	day(model);
	press(model, KEY_BACK_TAB, 1);
	press(model, 'l', 9);
}

static void ascii(struct model *model) {
	day(model);
	model->ascii = true;
}

static void fill_hostile(struct rollup *rollup) {
	struct rollup_event one =
		event(60, "\x1b[31mred\xff\x9b", "\u6ce8\u6587\u304c\u6765\u305f\u3088");
	rollup_add(rollup, &one, COUNTS_5XX);
	one = event(30, "e\u0301\u202egnp", "a\nb\tc");
	rollup_add(rollup, &one, COUNTS_NONE);
	rollup_took(rollup, one.provider, one.received_at_ns, INT64_MAX);
}

static void hostile(struct model *model) {
	with(model, fill_hostile, "1h");
	press(model, KEY_TAB, 1);
}

static void add_key(
	struct key_tally *tally, const char *name, const char *value, size_t times, size_t failed) {
	struct buffer keys = {0};
	buffer_append_text(&keys, name);
	buffer_append_byte(&keys, '\0');
	buffer_append_text(&keys, value);
	buffer_append_byte(&keys, '\0');
	for (size_t i = 0; i < times; i++) {
		struct key_tally_event one = {
			.received_at_ns = NOW_NS, .keys = buffer_span(&keys), .failed = i < failed};
		key_tally_add(tally, &one);
	}
	buffer_clear(&keys);
}

/* A day with keys among them, wide and hostile ones, too. */
static void tell_keys(struct model *model, int64_t from_ns, int64_t short_by) {
	static const uint64_t secret[2] = {1, 2};
	struct rollup *rollup = rollup_new();
	struct key_tally *tally = key_tally_new(secret);
	struct counts counts = {.span = model->overview.span};
	a_day(rollup);
	key_tally_advance(tally, NOW_NS);
	add_key(tally, "customer", "cus_9s6XKzkNRiz8i3", 812, 40);
	add_key(tally, "order", "42", 97, 0);
	add_key(tally, "order", "\u6ce8\u6587\u304c\u6765\u305f\u3088", 41, 1);
	add_key(tally, "repository", "acme/a-repository-with-a-long-name", 40, 0);
	add_key(tally, "email", "e\u0301\u202egnp\xff\x9b\"", 12, 12);
	for (size_t i = 0; i < 60; i++) {
		char value[8];
		snprintf(value, sizeof value, "%zu", 100 + i);
		add_key(tally, "invoice", value, 1, 0);
	}
	rollup_read(rollup, NOW_NS, NULL, NULL, &counts);
	key_tally_top(tally, &counts);
	counts.keys_from_ns = from_ns;
	counts.keys_short_by = short_by;
	update(model, &(struct msg){.type = MSG_STATS, .counts = &counts});
	counts_clear(&counts);
	key_tally_free(tally);
	rollup_free(rollup);
}

static void open_overview(struct model *model) {
	view_bed_events(model);
	update(model,
		&(struct msg){.type = MSG_ACTION, .action = ACTION_OVERVIEW, .text = span_text("24h")});
}

static void keys(struct model *model) {
	open_overview(model);
	tell_keys(model, 0, 0);
	press(model, KEY_TAB, 5);
	press(model, 'j', 2);
}

static void keys_in_part(struct model *model) {
	open_overview(model);
	tell_keys(model, NOW_NS - 3600 * MOMENT_NS_PER_S, 3);
	press(model, KEY_TAB, 5);
}

static void keys_ascii(struct model *model) {
	keys(model);
	model->ascii = true;
}

static void a_latency(struct model *model) {
	day(model);
	press(model, KEY_BACK_TAB, 1);
	press(model, 'l', 3);
}

static void the_latency_in_ascii(struct model *model) {
	a_latency(model);
	model->ascii = true;
}

static void fill_nothing(struct rollup *rollup) {
	(void)rollup;
}

static void nothing(struct model *model) {
	with(model, fill_nothing, "1h");
}

static void counting(struct model *model) {
	struct rollup *rollup = rollup_new();
	view_bed_events(model);
	a_day(rollup);
	update(model, &(struct msg){.type = MSG_ACTION, .action = ACTION_OVERVIEW});
	struct counts counts = {.span = COUNTS_HOUR};
	rollup_read(rollup, NOW_NS, NULL, NULL, &counts);
	counts.complete_from_ns = NOW_NS;
	update(model, &(struct msg){.type = MSG_STATS, .counts = &counts});
	counts_clear(&counts);
	rollup_free(rollup);
}

static void refused(struct model *model) {
	struct error err = {0};
	view_bed_events(model);
	update(model, &(struct msg){.type = MSG_ACTION, .action = ACTION_OVERVIEW});
	error_set(&err, ERROR_USAGE, "this relay knows no request of type \"stats\"");
	update(model, &(struct msg){.type = MSG_STATS, .error = &err});
}

static void the_overview_fills_every_screen(void **state) {
	(void)state;
	view_bed_screens("overview", day);
	view_bed_screens("overview_hour", hour);
	view_bed_screens("overview_week", week);
	view_bed_screen("overview_ascii", ascii, 80, 24, false);
}

static void the_chosen_bar_is_marked_and_told(void **state) {
	(void)state;
	view_bed_screens("overview_type", a_type);
	view_bed_screens("overview_time", a_time);
}

static void a_full_bar_is_still_seen_when_it_is_chosen(void **state) {
	(void)state;
	view_bed_screen("overview_latency", a_latency, 80, 24, true);
	view_bed_screen("overview_latency_ascii", the_latency_in_ascii, 80, 24, false);
}

static void the_busiest_keys_have_a_card(void **state) {
	(void)state;
	view_bed_screens("overview_keys", keys);
	view_bed_screen("overview_keys_ascii", keys_ascii, 80, 24, false);
	view_bed_screen("overview_keys_in_part", keys_in_part, 120, 40, false);
	view_bed_screen("overview_keys_in_part", keys_in_part, 40, 10, false);
}

static void hostile_names_stay_in_their_place(void **state) {
	(void)state;
	view_bed_screens("overview_hostile", hostile);
}

static void what_is_missing_is_said(void **state) {
	(void)state;
	view_bed_screens("overview_nothing", nothing);
	view_bed_screens("overview_counting", counting);
	view_bed_screens("overview_refused", refused);
}

static void no_size_breaks_it(void **state) {
	(void)state;
	for (size_t columns = 1; columns <= 160; columns += columns < 20 ? 1 : 13) {
		for (size_t rows = 1; rows <= 50; rows += rows < 24 ? 1 : 7) {
			view_bed_paint(day, columns, rows, DIALOG_OVERVIEW);
			view_bed_paint(a_time, columns, rows, DIALOG_OVERVIEW);
			view_bed_paint(keys, columns, rows, DIALOG_OVERVIEW);
		}
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_overview_fills_every_screen),
		cmocka_unit_test(the_chosen_bar_is_marked_and_told),
		cmocka_unit_test(a_full_bar_is_still_seen_when_it_is_chosen),
		cmocka_unit_test(the_busiest_keys_have_a_card),
		cmocka_unit_test(hostile_names_stay_in_their_place),
		cmocka_unit_test(what_is_missing_is_said),
		cmocka_unit_test(no_size_breaks_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
