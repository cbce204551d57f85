/* Where events go, and how it goes with each target, in every size. */
#include "tests/unit/unit.h"
#include "tests/unit/view_bed.h"
#include "tui/screen/update.h"

static struct msg_route route(
	const char *line, const char *name, const char *filter, const char *to, const char *target) {
	return (struct msg_route){.line = span_text(line),
		.name = span_text(name),
		.filter = span_text(filter),
		.to = span_text(to),
		.target = span_text(target),
		.enabled = true};
}

static void tell(struct model *model, const char *hostile) {
	struct msg_route list[] = {
		route("provider:stripe type:invoice.* => localhost:3000/stripe name=billing path=replaced",
			"billing", "provider:stripe type:invoice.*", "localhost:3000/stripe",
			"http://localhost:3000/stripe"),
		route("provider:github => 4000 disabled", "", "provider:github", "4000",
			"http://127.0.0.1:4000"),
		route("=> http://localhost:5000 header=\"X-Env: dev\"", "", hostile,
			"http://localhost:5000", "http://localhost:5000"),
		route("type:x => 6000", "", "type:x", "6000", "http://127.0.0.1:6000"),
	};
	list[1].enabled = false;
	const struct msg_routes told = {.list = list, .count = 4, .changed = true};
	update(model, &(struct msg){.type = MSG_ROUTES, .routes = &told});
}

static void forwarding(struct model *model, const char *hostile) {
	struct error err = {0};
	view_bed_events(model);
	tell(model, hostile);
	update(model, &(struct msg){.type = MSG_ACTION, .action = ACTION_FORWARD});
	static const char *const mine[] = {"http://localhost:3000/stripe", "http://localhost:5000"};
	for (size_t i = 0; i < 2; i++) {
		update(model,
			&(struct msg){.type = MSG_FORWARD_LEASE, .target = span_text(mine[i]), .mine = true});
	}
	update(model, &(struct msg){.type = MSG_FORWARD_LEASE,
					  .target = span_text("http://127.0.0.1:6000"),
					  .text = span_text("bob@desk since 12:03")});
	const struct attempt attempt = {
		.target = span_text(mine[0]), .status = 200, .took_us = 12345, .event_seq = 1};
	update(model, &(struct msg){.type = MSG_FORWARD_SENT, .attempt = &attempt});
	error_set(&err, ERROR_APP, "connection refused: nothing listens on localhost:5000");
	update(model,
		&(struct msg){.type = MSG_FORWARD_AWAY, .target = span_text(mine[1]), .error = &err});
}

static void shown(struct model *model) {
	forwarding(model, "");
	update(model, &(struct msg){.type = MSG_ACTION, .action = ACTION_ROUTES});
	update(model, &(struct msg){.type = MSG_KEY, .key = 'j'});
	update(model, &(struct msg){.type = MSG_KEY, .key = 'j'});
}

static void hostile(struct model *model) {
	forwarding(model, "\x1b[31mred \xff");
	update(model, &(struct msg){.type = MSG_ACTION, .action = ACTION_ROUTES});
}

static void ascii(struct model *model) {
	shown(model);
	model->ascii = true;
}

static void none(struct model *model) {
	view_bed_events(model);
	update(model, &(struct msg){.type = MSG_ACTION, .action = ACTION_ROUTES});
}

static void several(struct model *model) {
	forwarding(model, "");
}

static void typed(struct model *model) {
	shown(model);
	update(model, &(struct msg){.type = MSG_KEY, .key = 'a'});
}

static void the_table_is_shown_with_each_target(void **state) {
	(void)state;
	view_bed_screens("routes", shown);
	view_bed_screen("routes_ascii", ascii, 80, 24, false);
	view_bed_screens("routes_hostile", hostile);
	view_bed_screens("routes_none", none);
	view_bed_screens("routes_typed", typed);
}

static void the_bar_tells_of_several_targets(void **state) {
	(void)state;
	view_bed_screens("status_several", several);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_is_shown_with_each_target),
		cmocka_unit_test(the_bar_tells_of_several_targets),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
