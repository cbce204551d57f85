/* A code for a camera and tips, in every size; where they do not fit that is said, or they are left out. */
#include <string.h>

#include "tests/unit/unit.h"
#include "tests/unit/view_bed.h"
#include "tui/screen/update.h"

/* Not one a camera would read, but as large as that of a usual address. */
static void take(struct model *model, const char *text) {
	static unsigned char modules[25 * 25];
	for (size_t i = 0; i < sizeof modules; i++) {
		modules[i] = (unsigned char)((i % 25) * (i / 25) % 3 == 0);
	}
	const struct msg_qr qr = {25, modules};
	view_bed_events(model);
	update(model, &(struct msg){.type = MSG_QR, .text = span_text(text), .qr = &qr});
}

static void usual(struct model *model) {
	take(model, "https://hooks.example.com/e/stripe");
}

static void light(struct model *model) {
	model->theme = THEME_LIGHT;
	take(model, "https://hooks.example.com/e/\xe4\xbd\xa0\xe5\xa5\xbd\x1b[2J");
}

static void ascii(struct model *model) {
	model->ascii = true;
	usual(model);
}

static void a_code_stands_on_the_screen(void **state) {
	(void)state;
	view_bed_screens("qr", usual);
	view_bed_screens("qr_light", light);
	view_bed_screen("qr_ascii", ascii, 120, 40, false);
}

static void one_that_is_too_large_is_told(void **state) {
	struct model model;
	static unsigned char modules[101 * 101];
	const struct msg_qr qr = {101, modules};
	(void)state;
	view_bed_begin(&model, 80, 24);
	update(&model, &(struct msg){.type = MSG_QR, .text = span_text("x"), .qr = &qr});
	assert_true(model.note.bad);
	assert_int_equal(model.dialog.kind, DIALOG_NONE);
	model_clear(&model);
}

static void tip(struct model *model) {
	view_bed_events(model);
	model->tips.on = true;
}

static void tip_of_signature(struct model *model) {
	tip(model);
	model->window.rows[model->cursor].event->verdict = VERDICT_INVALID;
	view_bed_open(model, PANE_PAYLOAD);
}

static void a_tip_stands_in_place_of_the_hints(void **state) {
	(void)state;
	view_bed_screens("tip", tip);
	view_bed_screens("tip_signature", tip_of_signature);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_code_stands_on_the_screen),
		cmocka_unit_test(one_that_is_too_large_is_told),
		cmocka_unit_test(a_tip_stands_in_place_of_the_hints),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
