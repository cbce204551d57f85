/* What the last rows say: link, forwarding, prompts, notes; and what is asked in boxes. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/alloc.h"
#include "tests/unit/unit.h"
#include "tests/unit/view_bed.h"

/* --- the link --- */

static void connecting(struct model *model) {
	model->loaded = false;
	model->link.state = LINK_CONNECTING;
}

static void silent(struct model *model) {
	view_bed_events(model);
	model->link.heard_at_ms = model->now_ms - 17000;
}

static void resuming(struct model *model) {
	view_bed_events(model);
	model->link.state = LINK_RESUMING;
	model->link.behind = 42;
	view_bed_text(model->link.resume_ref, sizeof model->link.resume_ref, "stripe#8123");
}

static void gone(struct model *model) {
	view_bed_events(model);
	model->link.state = LINK_GONE;
	model->link.retry_at_ms = model->now_ms + 2100;
	view_bed_text(model->link.why, sizeof model->link.why,
		"connect to ws://127.0.0.1:8081: connection refused; is hookline-relay running?");
}

static void gone_for_good(struct model *model) {
	gone(model);
	model->link.retry_at_ms = 0;
	view_bed_text(
		model->link.why, sizeof model->link.why, "the relay wants a token: --token-file FILE");
}

static void gone_at_once(struct model *model) {
	gone(model);
	window_empty(&model->window);
	model->loaded = false;
}

static void the_bar_tells_the_truth_about_the_link(void **state) {
	(void)state;
	view_bed_screens("link_connecting", connecting);
	view_bed_screens("link_silent", silent);
	view_bed_screens("link_resuming", resuming);
	view_bed_screens("link_gone", gone);
	view_bed_screens("link_gone_for_good", gone_for_good);
	view_bed_screens("link_gone_at_once", gone_at_once);
}

/* --- forwarding --- */

static void forward_to(struct model *model, enum forward_state state) {
	view_bed_events(model);
	model->forward.state = state;
	view_bed_text(model->forward.target, sizeof model->forward.target, "http://localhost:3000/");
}

static void asking(struct model *model) {
	forward_to(model, FORWARD_ASKING);
}

static void on(struct model *model) {
	forward_to(model, FORWARD_ON);
	model->forward.last_status = 200;
	model->forward.last_took_us = 12345;
	model->forward.good = 10;
}

static void missed(struct model *model) {
	static const struct msg_missed endpoints[] = {{.endpoint = {"stripe", 6}, .count = 10},
		{.endpoint = {"github", 6}, .count = 2, .more = true}};
	on(model);
	model->forward.last_status = 502;
	model->forward.missed = 12;
	model->forward.missed_more = true;
	model->missed_count = 2;
	model->missed = alloc_resize(NULL, sizeof endpoints);
	memcpy(model->missed, endpoints, sizeof endpoints);
	for (size_t i = 0; i < 2; i++) {
		model->missed[i].endpoint =
			span_text(alloc_text(endpoints[i].endpoint.data, endpoints[i].endpoint.len));
	}
	buffer_append_text(&model->filter, "provider:stripe status:5xx");
}

static void other(struct model *model) {
	forward_to(model, FORWARD_OTHER);
	view_bed_text(model->forward.holder, sizeof model->forward.holder, "bob@desk since 12:03");
	model->lease_count = 1;
	view_bed_text(
		model->leases[0].target, sizeof model->leases[0].target, "http://localhost:3000/");
	view_bed_text(model->leases[0].holder, sizeof model->leases[0].holder, "bob@desk");
}

static void away(struct model *model) {
	forward_to(model, FORWARD_AWAY);
	view_bed_text(
		model->forward.why, sizeof model->forward.why, "nothing listens on 127.0.0.1:3000");
	model->forward.last_status = -1;
}

static void elsewhere(struct model *model) {
	view_bed_events(model);
	model->lease_count = 1;
	view_bed_text(
		model->leases[0].target, sizeof model->leases[0].target, "http://localhost:4000/");
	view_bed_text(model->leases[0].holder, sizeof model->leases[0].holder, "bob@desk");
}

static void the_bar_tells_how_forwarding_goes(void **state) {
	(void)state;
	view_bed_screens("forward_asking", asking);
	view_bed_screens("forward_on", on);
	view_bed_screens("forward_missed", missed);
	view_bed_screens("forward_other", other);
	view_bed_screens("forward_away", away);
	view_bed_screens("forward_elsewhere", elsewhere);
}

/* --- what is typed, and told --- */

static void type(struct model *model, enum prompt_kind kind, const char *text) {
	view_bed_events(model);
	model->prompt.kind = kind;
	buffer_append_text(&model->prompt.text, text);
	model->prompt.at = model->prompt.text.len;
}

static void filter_empty(struct model *model) {
	type(model, PROMPT_FILTER, "");
}

static void filter_wrong(struct model *model) {
	type(model, PROMPT_FILTER, "verdict:wrong");
	view_bed_text(model->prompt.error, sizeof model->prompt.error,
		"verdict:wrong: the verdict is one of valid, invalid, expired, unsigned, unverified, "
		"partial, reserialised");
}

static void filter_long(struct model *model) {
	type(model, PROMPT_FILTER,
		"provider:stripe,github,shopify type:charge.*,payment_intent.* verdict:invalid,expired "
		"status:5xx,failed path:/api/v1/* endpoint:billing \"order 42\" method:POST "
		"is:undelivered customer:\xe4\xbd\xa0\xe5\xa5\xbd and then some more words at the end of "
		"it");
	model->prompt.at -= 20;
}

/* What was pasted may hold anything: the cursor is seen all the same. */
static void hostile(struct model *model) {
	type(model, PROMPT_FILTER,
		"e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81 \xe2\x80\xae \xe4\xbd\xa0");
	for (size_t i = 0; i < 300; i++) {
		buffer_append_text(&model->prompt.text, "\xcc\x81"
												"a\xe4\xbd\xa0");
	}
	model->prompt.at = model->prompt.text.len;
}

static void find(struct model *model) {
	view_bed_events(model);
	view_bed_open(model, PANE_PAYLOAD);
	model->prompt.kind = PROMPT_FIND;
	buffer_append_text(&model->prompt.text, "amount");
	model->prompt.at = 6;
}

static void command_empty(struct model *model) {
	type(model, PROMPT_COMMAND, "");
}

static void command_begun(struct model *model) {
	type(model, PROMPT_COMMAND, "f");
}

static void command_argument(struct model *model) {
	type(model, PROMPT_COMMAND, "forward local");
}

static void command_wrong(struct model *model) {
	type(model, PROMPT_COMMAND, "forwrad off");
	view_bed_text(model->prompt.error, sizeof model->prompt.error,
		"there is no command \"forwrad\", did you mean \"forward\"?");
}

static void forward_prompt(struct model *model) {
	type(model, PROMPT_FORWARD, "");
}

static void replay_prompt(struct model *model) {
	type(model, PROMPT_REPLAY, "http://localhost:3000/hooks");
	model->prompt.at = 7;
}

static void filter_keys(struct model *model) {
	type(model, PROMPT_FILTER, "provider:stripe ");
	model->prompt.tab.shown = true;
}

static void filter_values(struct model *model) {
	static const char *const types[] = {"charge.failed", "charge.succeeded", "order/created"};
	for (size_t i = 0; i < 3; i++) {
		filter_known_take(&model->filter_known, &(struct event){.type = span_text(types[i])});
	}
	type(model, PROMPT_FILTER, "provider:stripe type:charge.succeeded");
	model->prompt.tab = (struct prompt_tab){.end = 22, .chosen = 1};
}

static void what_may_come_next_in_a_filter_is_offered(void **state) {
	(void)state;
	view_bed_screens("prompt_filter_keys", filter_keys);
	view_bed_screens("prompt_filter_values", filter_values);
}

static void what_is_typed_is_seen_with_what_is_wrong_with_it(void **state) {
	(void)state;
	view_bed_screens("prompt_filter", filter_empty);
	view_bed_screens("prompt_filter_wrong", filter_wrong);
	view_bed_screens("prompt_filter_long", filter_long);
	view_bed_screens("prompt_hostile", hostile);
	view_bed_screens("prompt_find", find);
	view_bed_screens("prompt_command", command_empty);
	view_bed_screens("prompt_command_begun", command_begun);
	view_bed_screens("prompt_command_argument", command_argument);
	view_bed_screens("prompt_command_wrong", command_wrong);
	view_bed_screens("prompt_forward", forward_prompt);
	view_bed_screens("prompt_replay", replay_prompt);
}

static void note(struct model *model) {
	view_bed_events(model);
	view_bed_text(model->note.text, sizeof model->note.text,
		"stripe#1042: connection refused: nothing listens on 127.0.0.1:3000");
	model->note.bad = true;
	model->note.until_ms = model->now_ms + 1;
}

static void a_note_stands_in_the_last_row(void **state) {
	(void)state;
	view_bed_screens("note", note);
}

/* --- boxes --- */

static void help(struct model *model) {
	view_bed_events(model);
	model->dialog.kind = DIALOG_HELP;
}

static void help_in_detail(struct model *model) {
	view_bed_events(model);
	view_bed_open(model, PANE_PAYLOAD);
	model->dialog.kind = DIALOG_HELP;
}

static void help_at_its_end(struct model *model) {
	help(model);
	model->help.chosen = 1000;
}

static void copy(struct model *model) {
	view_bed_events(model);
	model->dialog.kind = DIALOG_COPY;
}

/* Its edges stand on characters of two columns, and on what tries to get out. */
static void copy_above_hostile(struct model *model) {
	for (int i = 0; i < 3; i++) {
		view_bed_hostile(model);
	}
	model->dialog.kind = DIALOG_COPY;
}

static void ask_missed(struct model *model) {
	missed(model);
	model->dialog.kind = DIALOG_MISSED;
}

static void quit(struct model *model) {
	on(model);
	model->replays_under_way = 2;
	model->dialog.kind = DIALOG_QUIT;
}

static void the_help_has_every_key(void **state) {
	(void)state;
	view_bed_screens("help", help);
	view_bed_screens("help_in_detail", help_in_detail);
	view_bed_screens("help_at_its_end", help_at_its_end);
}

static void questions_are_asked_in_a_box(void **state) {
	(void)state;
	view_bed_screens("dialog_copy", copy);
	view_bed_screens("dialog_copy_hostile", copy_above_hostile);
	view_bed_screens("dialog_missed", ask_missed);
	view_bed_screens("dialog_quit", quit);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_bar_tells_the_truth_about_the_link),
		cmocka_unit_test(the_bar_tells_how_forwarding_goes),
		cmocka_unit_test(what_may_come_next_in_a_filter_is_offered),
		cmocka_unit_test(what_is_typed_is_seen_with_what_is_wrong_with_it),
		cmocka_unit_test(a_note_stands_in_the_last_row),
		cmocka_unit_test(the_help_has_every_key),
		cmocka_unit_test(questions_are_asked_in_a_box),
	};
	setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
