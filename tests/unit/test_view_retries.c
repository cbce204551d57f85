/* What is to be tried again, in every size: a row for each event and target, and the one under the cursor whole. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/unit/dialog_bed.h"
#include "tests/unit/unit.h"

static void press(struct model *model, const char *keys) {
	for (; *keys; keys++) {
		update(model, &(struct msg){.type = MSG_KEY, .key = (uint32_t)*keys});
	}
}

static void chosen(struct model *model) {
	dialog_bed_retries(model);
	press(model, "g j ");
}

static void narrowed(struct model *model) {
	dialog_bed_retries(model);
	press(model, "g=");
}

static void narrowing(struct model *model) {
	dialog_bed_retries(model);
	press(model, "/bob");
}

static void nothing_left(struct model *model) {
	dialog_bed_retries(model);
	press(model, "/nowhere");
	update(model, &(struct msg){.type = MSG_KEY, .key = KEY_ENTER_KEY});
}

static void nothing(struct model *model) {
	view_bed_events(model);
	press(model, "w");
}

static void cancelling(struct model *model) {
	dialog_bed_retries(model);
	model->dialog.touched = 'c';
}

static void ascii(struct model *model) {
	chosen(model);
	model->ascii = true;
}

static void hostile(struct model *model) {
	static char target[2000];
	view_bed_hostile(model);
	memset(target, 'x', sizeof target - 1);
	memcpy(target, "http://\xe4\xbd\xa0\xe5\xa5\xbd\x1b[31m\xff/", 21);
	const struct retry retry = {.event = model_current(model)->id,
		.endpoint =
			span_text("\xe6\xb3\xa8\xe6\x96\x87\xe3\x81\x8c\xe6\x9d\xa5\xe3\x81\x9f\xe3\x82\x88"),
		.event_seq = INT64_MAX,
		.target = span_text(target),
		.owner = span_text("z\xcc\x81\xe2\x80\xaegnp@\x9b"),
		.policy = span_text("\n\t5s"),
		.tries = INT64_MAX - 1,
		.attempts = INT64_MAX,
		.due_ns = INT64_MAX,
		.reason = span_text("\x1b]0;owned\x07 refused; a\r\nb")};
	update(model, &(struct msg){.type = MSG_RETRY, .retry = &retry});
	press(model, "w");
}

static void it_fills_every_screen(void **state) {
	(void)state;
	view_bed_screens("retries", dialog_bed_retries);
	view_bed_screen("retries_ascii", ascii, 80, 24, false);
}

static void what_is_chosen_is_seen_without_colours(void **state) {
	(void)state;
	view_bed_screens("retries_chosen", chosen);
	view_bed_screen("retries_cancelling", cancelling, 80, 24, true);
}

static void words_narrow_it(void **state) {
	(void)state;
	view_bed_screen("retries_narrowed", narrowed, 80, 24, false);
	view_bed_screen("retries_narrowing", narrowing, 80, 24, false);
	view_bed_screen("retries_narrowed_to_nothing", nothing_left, 80, 24, false);
}

static void nothing_to_try_again_is_said(void **state) {
	(void)state;
	view_bed_screen("retries_none", nothing, 80, 24, false);
	view_bed_screen("retries_none", nothing, 40, 10, false);
}

static void hostile_texts_stay_in_their_place(void **state) {
	(void)state;
	view_bed_screens("retries_hostile", hostile);
}

static void no_size_breaks_it(void **state) {
	(void)state;
	for (size_t columns = 1; columns <= 160; columns += columns < 20 ? 1 : 13) {
		for (size_t rows = 1; rows <= 50; rows += rows < 24 ? 1 : 7) {
			view_bed_paint(chosen, columns, rows, DIALOG_RETRIES);
			view_bed_paint(hostile, columns, rows, DIALOG_RETRIES);
		}
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_fills_every_screen),
		cmocka_unit_test(what_is_chosen_is_seen_without_colours),
		cmocka_unit_test(words_narrow_it),
		cmocka_unit_test(nothing_to_try_again_is_said),
		cmocka_unit_test(hostile_texts_stay_in_their_place),
		cmocka_unit_test(no_size_breaks_it),
	};
	setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
