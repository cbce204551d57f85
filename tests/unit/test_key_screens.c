/*
 * What every key and every message changes on the screen, in four sizes: tests/screens/keys and tests/screens/messages hold the
 * lines that are others afterwards (the screens before are saved whole by test_view).
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/saved_screen.h"
#include "tests/unit/dialog_bed.h"
#include "tests/unit/unit.h"
#include "tui/screen/update.h"
#include "tui/screen/view.h"

static const size_t sizes[][2] = {{40, 10}, {80, 24}, {120, 40}, {200, 60}};

#define SIZES (sizeof sizes / sizeof *sizes)

static void dump(struct buffer *out, struct model *model) {
	struct canvas canvas;
	while (update_idle(model, 65536)) {
		/* what comes of a key in the end */
	}
	canvas_init(&canvas, model->columns, model->rows, model->ascii);
	view(model, &canvas);
	canvas_dump(out, &canvas, false);
	canvas_clear(&canvas);
}

/* The lines of `after` that are not those of `before`, with their numbers. */
static void append_changes(struct buffer *out, struct span before, struct span after) {
	bool any = false;
	for (size_t number = 1; after.len > 0 || before.len > 0; number++) {
		struct span was = span_cut(&before, '\n'), is = span_cut(&after, '\n');
		if (!span_equal(was, is)) {
			buffer_printf(out, "%3zu|%.*s\n", number, (int)is.len, is.len > 0 ? is.data : "");
			any = true;
		}
	}
	if (!any) {
		buffer_append_text(out, "nothing on the screen changes\n");
	}
}

typedef void happen_fn(struct model *model, const void *what);

/* Lets it happen in each size, to the list or to the open event. */
static void changes_are(const char *name, bool open, happen_fn *happen, const void *what) {
	struct buffer text = {0};
	for (size_t i = 0; i < SIZES; i++) {
		struct model model;
		struct buffer before = {0}, after = {0};
		view_bed_begin(&model, sizes[i][0], sizes[i][1]);
		view_bed_events(&model);
		if (open) {
			view_bed_open(&model, PANE_PAYLOAD);
		}
		dump(&before, &model);
		happen(&model, what);
		dump(&after, &model);
		buffer_printf(&text, "%s%zux%zu\n", i > 0 ? "\n" : "", sizes[i][0], sizes[i][1]);
		append_changes(&text, buffer_span(&before), buffer_span(&after));
		buffer_clear(&before);
		buffer_clear(&after);
		model_clear(&model);
	}
	saved_text_is(buffer_span(&text), name);
	buffer_clear(&text);
}

/* --- keys --- */

static void press(struct model *model, const void *what) {
	update(model, &(struct msg){.type = MSG_KEY, .key = *(const uint32_t *)what});
}

/* "keys/list_Ctrl-F", "keys/detail_x2b". */
static void name_of_key(char name[64], const char *place, uint32_t key) {
	char text[16];
	key_name(text, key);
	if (!text[1] && !isalnum((unsigned char)*text)) {
		snprintf(text, sizeof text, "x%02x", (unsigned)key);
	} else if (!text[1] && isupper((unsigned char)*text)) {
		snprintf(text, sizeof text, "Shift-%c", (int)key); /* some file systems know no case */
	}
	snprintf(name, 64, "keys/%s_%s", place, text);
}

static void press_all_of(unsigned place, const char *place_name) {
	for (size_t i = 0; i < binding_count; i++) {
		if ((bindings[i].places & place) && bindings[i].keys[0]) {
			char name[64];
			name_of_key(name, place_name, bindings[i].keys[0]);
			changes_are(name, place == PLACE_DETAIL, press, &bindings[i].keys[0]);
		}
	}
}

static void every_key_of_the_list(void **state) {
	(void)state;
	press_all_of(PLACE_LIST, "list");
}

static void every_key_of_an_open_event(void **state) {
	(void)state;
	press_all_of(PLACE_DETAIL, "detail");
}

/* --- keys of the other panes, and of dialogs: at one size, all of a place in one file --- */

/* Takes them all out. */
static size_t count_effects(struct model *model) {
	struct effect effect;
	size_t count = 0;
	while (effects_take(&model->effects, &effect)) {
		effect_clear(&effect);
		count++;
	}
	return count;
}

static void append_key(struct buffer *text, view_bed_setup_fn *setup, uint32_t key) {
	struct model model;
	struct buffer before = {0}, after = {0};
	char name[16];
	key_name(name, key);
	view_bed_begin(&model, 80, 24);
	setup(&model);
	dump(&before, &model);
	count_effects(&model);
	press(&model, &key);
	dump(&after, &model);
	size_t effects = count_effects(&model);
	buffer_printf(text, "%s%s\n", text->len > 0 ? "\n" : "", name);
	append_changes(text, buffer_span(&before), buffer_span(&after));
	if (effects > 0) {
		buffer_printf(text, "asked of the world: %zu\n", effects);
	}
	buffer_clear(&before);
	buffer_clear(&after);
	model_clear(&model);
}

static void raw(struct model *model) {
	view_bed_headers(model);
	bed_type(model, "6");
}

static void every_key_of_every_other_pane(void **state) {
	static const struct {
		const char *name;
		view_bed_setup_fn *setup;
	} panes[] = {{"keys/pane_headers", view_bed_headers},
		{"keys/pane_signature", view_bed_signature}, {"keys/pane_attempts", view_bed_attempts},
		{"keys/pane_raw", raw}};
	(void)state;
	for (size_t i = 0; i < sizeof panes / sizeof *panes; i++) {
		struct buffer text = {0};
		for (size_t row = 0; row < binding_count; row++) {
			for (size_t k = 0; (bindings[row].places & PLACE_DETAIL) && bindings[row].keys[k];
				 k++) {
				append_key(&text, panes[i].setup, bindings[row].keys[k]);
			}
		}
		saved_text_is(buffer_span(&text), panes[i].name);
		buffer_clear(&text);
	}
}

static void every_key_of_every_dialog(void **state) {
	(void)state;
	for (size_t i = 0; i < dialog_bed_count; i++) {
		struct buffer text = {0};
		char name[64];
		uint32_t key;
		struct span keys = span_text(dialog_beds[i].keys);
		while (keys.len > 0) {
			assert_true(key_parse(span_cut(&keys, ' '), &key));
			append_key(&text, dialog_beds[i].setup, key);
		}
		snprintf(name, sizeof name, "keys/dialog_%s", dialog_beds[i].name);
		saved_text_is(buffer_span(&text), name);
		buffer_clear(&text);
	}
}

static void no_dialog_is_forgotten(void **state) {
	bool there[DIALOG_QUIT + 1] = {[DIALOG_NONE] = true};
	(void)state;
	for (size_t i = 0; i < dialog_bed_count; i++) {
		struct model model;
		view_bed_begin(&model, 80, 24);
		dialog_beds[i].setup(&model);
		assert_int_equal(model.dialog.kind, dialog_beds[i].kind);
		there[model.dialog.kind] = true;
		model_clear(&model);
	}
	for (size_t kind = 0; kind <= DIALOG_QUIT; kind++) {
		assert_true(there[kind]);
	}
}

/* --- messages --- */

static void tell(struct model *model, const void *what) {
	const struct msg *msg = what;
	if (msg->type == MSG_FORWARD_AWAY || msg->type == MSG_FORWARD_LEASE ||
		msg->type == MSG_FORWARD_SENT || msg->type == MSG_MISSED) {
		view_bed_text(model->forward.target, sizeof model->forward.target, "localhost:3000");
		model->forward.state = FORWARD_ON;
	}
	struct msg copy = *msg;
	copy.page = model->page.number;
	update(model, &copy);
}

static const struct error refused = {ERROR_UNREACHABLE, "connection refused"};
static const struct error nobody = {
	ERROR_APP, "connection refused: nothing listens on 127.0.0.1:3000"};

/* The newest event of the bed; a macro, for it stands in constant initialisers. */
#define NEWEST                                                                                     \
	{                                                                                              \
		{ 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 12 }                                        \
	}

static const struct uuid newest = NEWEST;

#define TEXT(literal)                                                                              \
	{ literal, sizeof(literal) - 1 }

static const struct msg_live live = {.relay_url = TEXT("wss://relay.example.com"),
	.ingest_url = TEXT("https://hooks.example.com"),
	.version = TEXT("0.1.0")};
static const struct event event = {.id = {{9}},
	.endpoint = TEXT("stripe"),
	.seq = 1043,
	.position = 99,
	.received_at_ns = VIEW_BED_NOW_MS * 1000000,
	.method = TEXT("POST"),
	.target = TEXT("/e/stripe/hooks"),
	.path_offset = 9,
	.body_len = 2200,
	.provider = TEXT("stripe"),
	.type = TEXT("charge.refunded"),
	.verdict = VERDICT_INVALID};
static const struct attempt attempt = {.event = NEWEST,
	.endpoint = TEXT("stripe"),
	.event_seq = 1042,
	.number = 1,
	.target = TEXT("http://localhost:3000/hooks"),
	.status = 503,
	.took_us = 12000};
static const struct msg_missed missed = {
	.endpoint = TEXT("stripe"), .count = 12, .first_seq = 1030, .last_seq = 1041};
static const struct msg_gap gap = {
	.endpoint = TEXT("stripe"), .why = TEXT("removed by retention"), .from = 1, .to = 9};
static const struct msg_lease lease = {
	.target = TEXT("http://localhost:3000"), .holder = TEXT("bob@desk since 12:03")};
static const struct retry due = {.event = NEWEST,
	.endpoint = TEXT("stripe"),
	.event_seq = 1042,
	.target = TEXT("http://localhost:3000/hooks"),
	.owner = TEXT("alice@laptop"),
	.policy = TEXT("1m,4m,25m as=dropspace"),
	.tries = 1,
	.attempts = 4,
	.due_ns = (VIEW_BED_NOW_MS + 252000) * INT64_C(1000000),
	.reason = TEXT("503; attempt 2 of 4 follows")};
static const struct retry paused = {.event = NEWEST,
	.endpoint = TEXT("stripe"),
	.event_seq = 1042,
	.target = TEXT("http://localhost:3000/hooks"),
	.owner = TEXT("alice@laptop"),
	.tries = 1,
	.attempts = 4,
	.paused = true};
static const struct {
	const char *name;
	struct msg msg;
} messages[] = {
	{"paste", {MSG_PASTE, .text = TEXT("quit")}},
	{"mouse", {MSG_MOUSE, .mouse = {MOUSE_DOUBLE_CLICK, 4, 3}}},
	{"action", {MSG_ACTION, .action = ACTION_PANE_HEADERS}},
	{"tick", {MSG_TICK, .now_ms = VIEW_BED_NOW_MS + 90000}},
	{"live", {MSG_LIVE, .live = &live}},
	{"behind", {MSG_BEHIND, .number = 42}},
	{"heard", {MSG_HEARD, .number = VIEW_BED_NOW_MS - 2500}},
	{"down", {MSG_DOWN, .error = &refused, .number = 3000}},
	{"down_for_good", {MSG_DOWN, .error = &refused, .number = -1}},
	{"bye", {MSG_BYE, .text = TEXT("hookline-relay is stopping")}},
	{"leases", {MSG_LEASES, .leases = &lease, .count = 1}},
	{"event", {MSG_EVENT, .event = &event}},
	{"attempt", {MSG_ATTEMPT, .attempt = &attempt}},
	{"judged", {MSG_JUDGED, .text = TEXT("stripe"), .number = 7}},
	{"gap", {MSG_GAP, .gap = &gap}},
	{"skipped", {MSG_SKIPPED}},
	{"found", {MSG_FOUND, .event = &event}},
	{"found_failed", {MSG_FOUND, .error = &refused}},
	{"forward_lease_mine", {MSG_FORWARD_LEASE, .mine = true}},
	{"forward_lease_other", {MSG_FORWARD_LEASE, .text = TEXT("bob@desk since 12:03")}},
	{"forward_off", {MSG_FORWARD_OFF, .error = &nobody}},
	{"forward_away", {MSG_FORWARD_AWAY, .error = &nobody}},
	{"forward_sent", {MSG_FORWARD_SENT, .attempt = &attempt}},
	{"missed", {MSG_MISSED, .missed = &missed}},
	{"replay_waits", {MSG_REPLAY_WAITS, .id = &newest}},
	{"replay_begun", {MSG_REPLAY_BEGUN, .id = &newest}},
	{"replayed", {MSG_REPLAYED, .id = &newest, .attempt = &attempt}},
	{"replay_failed", {MSG_REPLAYED, .id = &newest, .error = &nobody}},
	{"kept", {MSG_KEPT, .number = 1}},
	{"retry", {MSG_RETRY, .retry = &due}},
	{"retry_paused", {MSG_RETRY, .retry = &paused}},
	{"retry_policy", {MSG_RETRY_POLICY, .text = TEXT("provider @60x")}},
	{"demo", {MSG_DEMO, .number = 12}},
	{"note", {MSG_NOTE, .text = TEXT("copied: ref")}},
	{"note_bad", {MSG_NOTE, .error = &refused}},
};

static void every_message(void **state) {
	(void)state;
	for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
		char name[64];
		snprintf(name, sizeof name, "messages/%s", messages[i].name);
		changes_are(name, false, tell, &messages[i].msg);
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_key_of_the_list),
		cmocka_unit_test(every_key_of_an_open_event),
		cmocka_unit_test(every_key_of_every_other_pane),
		cmocka_unit_test(every_key_of_every_dialog),
		cmocka_unit_test(no_dialog_is_forgotten),
		cmocka_unit_test(every_message),
	};
	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
