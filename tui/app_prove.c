/* Proving something of the app: what tui/prove does, told on the screen. */
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "tui/app_parts.h"
#include "tui/prove/prove.h"

/* One proof, and everything its order points to. */
struct app_proof {
	struct prove *prove;
	struct prove_order order;
	struct target target;
	struct deliver_options options;
	struct buffer words, filter, line_options; /* `words` is cut into the references */
	const char **refs;
};

static void on_found(void *data, const struct prove_finding *finding) {
	struct buffer text = {0};
	buffer_printf(&text, "%s: ", finding->name);
	buffer_append_span(&text, finding->text);
	app_tell(data, &(struct msg){.type = MSG_PROVE_FOUND,
					   .number = (int64_t)finding->result,
					   .text = buffer_span(&text)});
	buffer_clear(&text);
}

static void on_ended(void *data, const struct prove_outcome *outcome, const struct error *err) {
	struct buffer text = {0};
	if (err) {
		app_tell(data, &(struct msg){.type = MSG_PROVE_OVER, .error = err});
		return;
	}
	buffer_printf(&text, "%s: ", outcome->verdict);
	buffer_append_span(&text, outcome->sentence);
	app_tell(data, &(struct msg){.type = MSG_PROVE_OVER,
					   .mine = outcome->proven,
					   .text = buffer_span(&text),
					   .target = outcome->repeat});
	buffer_clear(&text);
}

void app_prove_stop(struct app *app) {
	struct app_proof *proof = app->proof;
	if (!proof) {
		return;
	}
	app->proof = NULL;
	prove_free(proof->prove);
	target_clear(&proof->target);
	buffer_clear(&proof->words);
	buffer_clear(&proof->filter);
	buffer_clear(&proof->line_options);
	free(proof->refs);
	free(proof);
}

/* "shop#1 shop#2": each becomes a text of its own. */
static void take_refs(struct app_proof *proof, struct span refs) {
	struct span rest = refs;
	buffer_reserve(&proof->words, refs.len + 1);
	proof->refs = alloc_zero(refs.len / 2 + 1, sizeof *proof->refs);
	while (rest.len > 0) {
		struct span ref = span_cut(&rest, ' ');
		size_t at = proof->words.len;
		buffer_append_span(&proof->words, ref);
		buffer_append_byte(&proof->words, '\0');
		proof->refs[proof->order.ref_count++] = proof->words.data + at;
	}
	proof->order.refs = proof->refs;
}

static void fill(struct app *app, struct app_proof *proof, const struct effect *effect) {
	const struct command_log *log = &app->model.command_log;
	struct prove_order *order = &proof->order;
	prove_order_init(order, (enum prove_kind)effect->number);
	proof->options = *app->options.deliver;
	proof->options.concurrency = order->kind == PROVE_CHAOS ? 1 : proof->options.concurrency;
	buffer_printf(&proof->line_options, "%s%s%s", log->deliver_options,
		*log->deliver_options && *log->relay_options ? " " : "", log->relay_options);
	order->options = buffer_text(&proof->line_options);
	order->catalogue = app->options.catalogue;
	order->target = &proof->target;
	prove_order_usual_rates(order);
	if (effect->filter.len > 0) {
		buffer_append_span(&proof->filter, buffer_span(&effect->filter));
		order->filter = buffer_text(&proof->filter);
	} else {
		take_refs(proof, buffer_span(&effect->body));
	}
}

void app_prove(struct app *app, struct effect *effect) {
	static const struct prove_events events = {on_found, on_ended};
	struct error err = {0};
	app_prove_stop(app);
	struct app_proof *proof = app->proof = alloc_zero(1, sizeof *proof);
	fill(app, proof, effect);
	if (app_target(app, &proof->target, buffer_text(&effect->text), &err)) {
		proof->prove =
			prove_begin(app->loop, app->client, &proof->options, &proof->order, &events, app, &err);
	}
	if (!proof->prove) {
		app_prove_stop(app);
		app_tell(app, &(struct msg){.type = MSG_PROVE_OVER, .error = &err});
	}
}
