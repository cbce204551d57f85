/* The menu of samples, and where they go, in all sizes. */
#include "tests/unit/unit.h"
#include "tests/unit/view_bed.h"
#include "tui/screen/samples.h"

static void providers(struct model *model) {
	view_bed_events(model);
	model->dialog.kind = DIALOG_SAMPLES;
}

static void types_to_the_app(struct model *model) {
	providers(model);
	model->dialog.provider = samples_row(NULL, 3)->provider;
	model->samples_to_app = true;
	view_bed_text(model->replay_target, sizeof model->replay_target,
		"http://localhost:3000/hooks/\xe2\x82\xac\x1b[31m/\xe4\xbd\xa0\xe5\xa5\xbd");
}

static void the_menu_says_where_a_sample_goes(void **state) {
	(void)state;
	view_bed_screens("samples", providers);
	view_bed_screens("samples_to_app", types_to_the_app);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_menu_says_where_a_sample_goes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
