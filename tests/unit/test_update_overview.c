/* The overview: asked for while it is open, moved in, and left for what a bar counts. */
#include "common/attempt_filter.h"
#include "common/key_tally.h"
#include "common/moment.h"
#include "common/rollup.h"
#include "tests/unit/screen_bed.h"
#include "tests/unit/unit.h"

/* The clock of a bed stands at 100 s after 1970: far from the beginning of time, for the counts' sake. */
#define NOW_NS (INT64_C(1767268800) * MOMENT_NS_PER_S)
#define MINUTE (60 * MOMENT_NS_PER_S)

static void add(struct rollup *rollup, int64_t at_ns, const char *provider, const char *type,
	enum counts_status status) {
	struct rollup_event event = {.received_at_ns = at_ns,
		.endpoint = span_text("shop"),
		.provider = span_text(provider),
		.type = span_text(type),
		.verdict = VERDICT_VALID};
	rollup_add(rollup, &event, status);
	rollup_took(rollup, event.provider, at_ns, 12000);
}

static void tell(struct model *model, const struct rollup *rollup, int64_t now_ns) {
	struct counts counts = {.span = model->overview.span};
	rollup_read(rollup, now_ns, NULL, NULL, &counts);
	update(model, &(struct msg){.type = MSG_STATS, .counts = &counts});
	counts_clear(&counts);
}

static struct rollup *three_events(void) {
	struct rollup *rollup = rollup_new();
	add(rollup, NOW_NS, "stripe", "invoice.paid", COUNTS_2XX);
	add(rollup, NOW_NS, "stripe", "invoice.paid", COUNTS_2XX);
	add(rollup, NOW_NS - 2 * MINUTE, "github", "a \"quoted\" one", COUNTS_5XX);
	return rollup;
}

static void open_panel(struct model *model) {
	struct rollup *rollup = three_events();
	bed_begin(model, 3, false);
	bed_key(model, 'o');
	tell(model, rollup, NOW_NS);
	rollup_free(rollup);
}

static void assert_goes_to(struct model *model, const char *filter) {
	bed_has_effect(model, EFFECT_QUIT);
	bed_key(model, KEY_ENTER_KEY);
	assert_int_equal(model->dialog.kind, DIALOG_NONE);
	assert_string_equal(buffer_text(&model->filter), filter);
	model_clear(model);
}

static void opening_asks_for_the_numbers(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_key(&model, 'o');
	assert_int_equal(model.dialog.kind, DIALOG_OVERVIEW);
	struct effect effect = bed_effect(&model, EFFECT_STATS);
	assert_string_equal(buffer_text(&effect.text), "1h");
	assert_string_equal(
		command_log_newest(&model.command_log, 0)->text, "hookline stats --span 1h");
	effect_clear(&effect);
	bed_key(&model, 'o');
	assert_int_equal(model.dialog.kind, DIALOG_NONE);
	model_clear(&model);
}

static void it_is_asked_for_again_only_while_it_is_open(void **state) {
	(void)state;
	struct model model;
	open_panel(&model);
	bed_asks_again(&model, EFFECT_STATS);
	struct rollup *rollup = three_events();
	tell(&model, rollup, NOW_NS);
	rollup_free(rollup);
	bed_key(&model, KEY_ESCAPE);
	bed_tick(&model, 120000);
	assert_false(bed_has_effect(&model, EFFECT_STATS));
	model_clear(&model);
}

static void keys_choose_the_span(void **state) {
	(void)state;
	static const struct {
		uint32_t key;
		const char *span;
	} keys[] = {{'2', "24h"}, {'7', "7d"}, {' ', "1h"}, {' ', "24h"}, {'1', "1h"}};
	struct model model;
	open_panel(&model);
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		bed_has_effect(&model, EFFECT_QUIT);
		bed_key(&model, keys[i].key);
		struct effect effect = bed_effect(&model, EFFECT_STATS);
		assert_string_equal(buffer_text(&effect.text), keys[i].span);
		effect_clear(&effect);
	}
	bed_type(&model, ":overview 1y");
	model_clear(&model);
}

static void a_bar_over_time_leads_to_its_minute(void **state) {
	(void)state;
	struct model model;
	open_panel(&model);
	bed_key(&model, KEY_LEFT_ARROW);
	bed_key(&model, 'h');
	assert_goes_to(&model, "since:2026-01-01T11:58:00Z until:2026-01-01T11:59:00Z");
}

static void the_newest_bar_stays_now_and_an_older_one_its_minute(void **state) {
	(void)state;
	struct model model;
	struct rollup *rollup = three_events();
	open_panel(&model);
	tell(&model, rollup, NOW_NS + MINUTE);
	assert_int_equal(model.overview.at[OVERVIEW_TIME], 59);
	bed_key(&model, 'h');
	tell(&model, rollup, NOW_NS + 3 * MINUTE);
	assert_int_equal(model.overview.at[OVERVIEW_TIME], 56);
	tell(&model, rollup, NOW_NS + 120 * MINUTE);
	assert_int_equal(model.overview.at[OVERVIEW_TIME], 0);
	rollup_free(rollup);
	model_clear(&model);
}

static void bars_of_cards_lead_to_their_events(void **state) {
	(void)state;
	static const struct {
		size_t tabs, downs;
		const char *filter;
	} ways[] = {
		{1, 0, "provider:\"stripe\" since:2026-01-01T11:01:00Z"},
		{1, 1, "provider:\"github\" since:2026-01-01T11:01:00Z"},
		{2, 1, "status:5xx since:2026-01-01T11:01:00Z"},
		{3, 0, "verdict:valid since:2026-01-01T11:01:00Z"},
		{4, 9, "type:\"invoice.paid\" since:2026-01-01T11:01:00Z"},
	};
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		struct model model;
		open_panel(&model);
		for (size_t k = 0; k < ways[i].tabs; k++) {
			bed_key(&model, KEY_TAB);
		}
		for (size_t k = 0; k < ways[i].downs; k++) {
			bed_key(&model, KEY_DOWN_ARROW);
		}
		assert_goes_to(&model, ways[i].filter);
	}
}

static void tell_keys(struct model *model, const char *keys, size_t len) {
	static const uint64_t secret[2] = {1, 2};
	struct key_tally *tally = key_tally_new(secret);
	struct counts counts = {.span = model->overview.span};
	struct key_tally_event event = {.received_at_ns = NOW_NS, .keys = {keys, len}};
	key_tally_advance(tally, NOW_NS);
	key_tally_add(tally, &event);
	counts.from_ns = counts_from(counts.span, NOW_NS);
	key_tally_top(tally, &counts);
	update(model, &(struct msg){.type = MSG_STATS, .counts = &counts});
	counts_clear(&counts);
	key_tally_free(tally);
}

static void a_busy_key_leads_to_its_events(void **state) {
	(void)state;
	static const struct {
		const char *keys;
		size_t len;
		const char *filter;
	} ways[] = {
		{"order\00042", 9, "order:42 since:2026-01-01T11:01:00Z"},
		{"shop-id\000A \"b\"", 14, "key.shop-id:\"A \\\"b\\\"\" since:2026-01-01T11:01:00Z"},
	};
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		struct model model;
		bed_begin(&model, 3, false);
		bed_key(&model, 'o');
		tell_keys(&model, ways[i].keys, ways[i].len);
		bed_key(&model, KEY_TAB);
		while (model.overview.group != OVERVIEW_KEYS) {
			bed_key(&model, KEY_TAB);
		}
		assert_goes_to(&model, ways[i].filter);
	}
}

/* Two keys of one value are two bars. */
static void the_chosen_key_stays_chosen(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_key(&model, 'o');
	static const char two[] = "order\00042\000order\00043\000customer\00043";
	tell_keys(&model, two, sizeof two);
	while (model.overview.group != OVERVIEW_KEYS) {
		bed_key(&model, KEY_TAB);
	}
	bed_key(&model, 'j');
	bed_key(&model, 'j');
	tell_keys(&model, two + 9, sizeof two - 9);
	struct overview_bar bar =
		overview_panel_bar(&model.overview, OVERVIEW_KEYS, model.overview.at[OVERVIEW_KEYS]);
	assert_true(span_is(bar.name, "order"));
	assert_true(span_is(bar.key, "43"));
	model_clear(&model);
}

static void what_no_filter_can_say_is_told(void **state) {
	(void)state;
	struct model model;
	open_panel(&model);
	for (size_t i = 0; i < 4; i++) {
		bed_key(&model, KEY_TAB);
	}
	bed_key(&model, KEY_ENTER_KEY); /* the type with quotation marks fails, so it stands first */
	assert_int_equal(model.dialog.kind, DIALOG_OVERVIEW);
	assert_string_equal(model.note.text, "no filter shows just these");
	model_clear(&model);
}

static void a_time_leads_to_the_deliveries_that_took_it(void **state) {
	(void)state;
	struct model model;
	open_panel(&model);
	bed_key(&model, KEY_BACK_TAB);
	assert_int_equal(model.overview.group, OVERVIEW_LATENCY);
	while (
		overview_panel_bar(&model.overview, OVERVIEW_LATENCY, model.overview.at[OVERVIEW_LATENCY])
			.value == 0) {
		bed_key(&model, 'l');
	}
	bed_key(&model, KEY_ENTER_KEY);
	assert_int_equal(model.dialog.kind, DIALOG_DELIVERIES);
	assert_string_equal(buffer_text(&model.deliveries.filter),
		"took:>=10ms took:<15ms -status:failed since:2026-01-01T11:01:00Z");
	model_clear(&model);
}

static void every_filter_it_makes_is_one(void **state) {
	(void)state;
	struct model model;
	struct error err = {0};
	open_panel(&model);
	for (int group = 0; group < OVERVIEW_GROUPS; group++) {
		model.overview.group = (enum overview_group)group;
		for (size_t i = 0; i < overview_panel_count(&model.overview, model.overview.group); i++) {
			struct buffer filter = {0};
			model.overview.at[group] = i;
			if (overview_panel_filter(&filter, &model.overview)) {
				struct attempt_filter *read = attempt_filter_parse(buffer_span(&filter), &err);
				assert_non_null(read);
				attempt_filter_free(read);
			}
			buffer_clear(&filter);
		}
	}
	model_clear(&model);
}

static void another_key_closes_it_and_does_what_it_does(void **state) {
	(void)state;
	struct model model;
	open_panel(&model);
	bed_key(&model, 'D');
	assert_int_equal(model.dialog.kind, DIALOG_DELIVERIES);
	model_clear(&model);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opening_asks_for_the_numbers),
		cmocka_unit_test(it_is_asked_for_again_only_while_it_is_open),
		cmocka_unit_test(keys_choose_the_span),
		cmocka_unit_test(a_bar_over_time_leads_to_its_minute),
		cmocka_unit_test(the_newest_bar_stays_now_and_an_older_one_its_minute),
		cmocka_unit_test(bars_of_cards_lead_to_their_events),
		cmocka_unit_test(a_busy_key_leads_to_its_events),
		cmocka_unit_test(the_chosen_key_stays_chosen),
		cmocka_unit_test(what_no_filter_can_say_is_told),
		cmocka_unit_test(a_time_leads_to_the_deliveries_that_took_it),
		cmocka_unit_test(every_filter_it_makes_is_one),
		cmocka_unit_test(another_key_closes_it_and_does_what_it_does),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
