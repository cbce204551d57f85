#include "tui/app.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/alloc.h"
#include "common/signature/provider.h"
#include "tui/app_parts.h"
#include "tui/private_file.h"
#include "tui/screen/title.h"
#include "tui/screen/update.h"
#include "tui/screen/view.h"

/* Which tips were followed. */
#define TIPS_FILE "tips"

#define FRAME_US (1000000 / APP_FRAMES_PER_S)
/* What is typed does not wait for that, but keys may come by the thousand. */
#define TYPED_FRAME_US 4000
/* All frames of a second together: so many at once, and then one each so often, which makes at most 60. */
#define FRAMES_AT_ONCE 10
#define FRAME_REFILL_US 20000
/* What the relay answers to a key belongs to it, when it comes so soon: the page behind g, the event behind Enter. */
#define ANSWER_US 250000
/* Time is told before any other message when so much has passed. */
#define TICK_MS 50
/* Bytes laid out or searched through in one turn of the loop: a few milliseconds. */
#define IDLE_BYTES (128 * 1024)

int64_t app_now_ms(void) {
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static uint64_t now_us(void) {
	return uv_hrtime() / 1000;
}

/* --- frames --- */

static bool is_shown(const struct app *app) {
	const struct canvas *a = &app->canvas, *b = &app->shown;
	return a->columns == b->columns && a->rows == b->rows && a->cursor == b->cursor &&
	       a->cursor_x == b->cursor_x && a->cursor_y == b->cursor_y &&
	       memcmp(a->cells, b->cells, a->columns * a->rows * sizeof *a->cells) == 0;
}

/* A bucket of frames that fills as time goes on; `frames_from_us` is when it has one again. */
static void count_frame(struct app *app) {
	uint64_t now = app->painted_at_us, full = (FRAMES_AT_ONCE - 1) * (uint64_t)FRAME_REFILL_US;
	uint64_t from = app->frames_from_us;
	from = from + full < now ? now - full : from;
	app->frames_from_us = from + FRAME_REFILL_US;
}

/* Comes with the next frame in which something else has changed as well. */
static void tell_title(struct app *app) {
	struct buffer title = {0};
	title_append(&title, &app->model);
	term_title(app->term, buffer_span(&title));
	buffer_clear(&title);
}

static void paint(struct app *app) {
	app->painted_at_us = now_us();
	count_frame(app);
	view(&app->model, &app->canvas);
	tell_title(app);
	if (app->redraw || !is_shown(app)) {
		app->redraw = false;
		term_show(app->term, &app->canvas);
		struct canvas last = app->shown;
		app->shown = app->canvas;
		app->canvas = last;
	}
}

static void on_frame(uv_timer_t *timer) {
	paint(timer->data);
}

/* All that comes in one turn of the loop is painted once. */
static void paint_soon(struct app *app, bool waited_for) {
	uint64_t now = now_us(), at = app->painted_at_us + (waited_for ? TYPED_FRAME_US : FRAME_US);
	at = app->frames_from_us > at ? app->frames_from_us : at;
	uint64_t wait_ms = at > now ? (at - now + 999) / 1000 : 0;
	if (!uv_is_active((uv_handle_t *)app->frame) || uv_timer_get_due_in(app->frame) > wait_ms) {
		uv_timer_start(app->frame, on_frame, wait_ms, 0);
	}
}

static void on_idle(uv_idle_t *idle) {
	struct app *app = idle->data;
	if (!update_idle(&app->model, IDLE_BYTES)) {
		uv_idle_stop(idle);
	}
	paint_soon(app, false);
}

/* --- messages --- */

static void carry_out(struct app *app, struct effect *effect);

static void carry_out_all(struct app *app) {
	struct effect effect;
	if (app->carrying) {
		return; /* whoever does it already goes on */
	}
	app->carrying = true;
	while (!app->ended && effects_take(&app->model.effects, &effect)) {
		carry_out(app, &effect);
		effect_clear(&effect);
	}
	app->carrying = false;
}

static void tick(struct app *app) {
	int64_t now_ms = app_now_ms();
	if (now_ms < app->ticked_at_ms || now_ms >= app->ticked_at_ms + TICK_MS) {
		app->ticked_at_ms = now_ms;
		update(&app->model, &(struct msg){.type = MSG_TICK, .now_ms = now_ms});
	}
}

static bool is_typed(enum msg_type type) {
	return type == MSG_KEY || type == MSG_PASTE || type == MSG_MOUSE || type == MSG_RESIZE;
}

/* Whether somebody waits for it who has just pressed a key. */
static bool is_waited_for(struct app *app, enum msg_type type) {
	if (is_typed(type)) {
		app->typed_at_us = now_us();
		return true;
	}
	bool answers = type == MSG_PAGE_DONE || type == MSG_FOUND || type == MSG_DETAIL_DONE;
	return answers && now_us() - app->typed_at_us < ANSWER_US;
}

void app_tell(struct app *app, const struct msg *msg) {
	if (app->ended) {
		return;
	}
	tick(app);
	update(&app->model, msg);
	paint_soon(app, is_waited_for(app, msg->type));
	uv_idle_start(app->idle, on_idle);
	carry_out_all(app);
}

void app_note(struct app *app, const char *text) {
	app_tell(app, &(struct msg){.type = MSG_NOTE, .text = span_text(text)});
}

void app_note_error(struct app *app, const struct error *err) {
	app_tell(app, &(struct msg){.type = MSG_NOTE, .text = span_text(err->text), .error = err});
}

/* Ages and countdowns go on though nothing happens. */
static void on_second(uv_timer_t *timer) {
	struct app *app = timer->data;
	tick(app);
	app_link_look(app);
	paint_soon(app, false);
	carry_out_all(app);
}

/* --- the terminal --- */

static void on_key(void *data, uint32_t key) {
	app_tell(data, &(struct msg){.type = MSG_KEY, .key = key});
}

static void on_mouse(void *data, const struct mouse *mouse) {
	app_tell(data, &(struct msg){.type = MSG_MOUSE, .mouse = *mouse});
}

static void on_paste(void *data, struct span text) {
	app_tell(data, &(struct msg){.type = MSG_PASTE, .text = text});
}

static void on_resized(void *data, size_t columns, size_t rows) {
	app_tell(data, &(struct msg){.type = MSG_RESIZE, .columns = columns, .rows = rows});
}

static void on_resumed(void *data) {
	struct app *app = data;
	size_t columns, rows;
	term_size(app->term, &columns, &rows);
	app->redraw = true;
	on_resized(app, columns, rows);
}

static void on_gone(void *data) {
	struct app *app = data;
	app->options.quit(app->options.data, APP_EXIT_HANGUP);
}

/* --- effects --- */

static void carry_out_for_terminal(struct app *app, struct effect *effect) {
	switch (effect->type) {
	case EFFECT_COPY:
		app_copy(app, buffer_span(&effect->text));
		break;
	case EFFECT_COPY_CURL:
		app_copy_curl(app, buffer_span(&effect->text), buffer_span(&effect->body));
		break;
	case EFFECT_TIPS:
		private_file_state_replace(TIPS_FILE, buffer_span(&effect->text), &(struct error){0});
		break;
	case EFFECT_QR:
		app_qr(app, buffer_span(&effect->text));
		break;
	case EFFECT_PAGER:
		app_pager(app, buffer_span(&effect->text));
		break;
	case EFFECT_THEME:
		app->redraw = true;
		term_theme(app->term, (enum theme)effect->number);
		paint_soon(app, true);
		break;
	case EFFECT_PIPE:
		app_pipe(app, effect);
		break;
	case EFFECT_PIPE_STOP:
		app_pipe_stop(app);
		break;
	case EFFECT_SUSPEND:
		term_suspend(app->term);
		break;
	case EFFECT_REDRAW:
		app->redraw = true;
		term_redraw(app->term);
		paint_soon(app, true);
		break;
	default:
		app->options.quit(app->options.data, 0);
		break;
	}
}

static bool carry_out_bulk(struct app *app, struct effect *effect) {
	switch (effect->type) {
	case EFFECT_BULK_PLAN:
		app_bulk_plan(app, effect);
		return true;
	case EFFECT_BULK_FIND:
		app_bulk_find(app);
		return true;
	case EFFECT_BULK_RESUME:
		app_bulk_resume(app, effect);
		return true;
	case EFFECT_BULK_RUN:
		app_bulk_run(app, effect);
		return true;
	case EFFECT_BULK_PAUSE:
		app_bulk_pause(app, effect->flag);
		return true;
	case EFFECT_BULK_STOP:
		app_bulk_stop(app);
		return true;
	case EFFECT_BULK_DROP:
		app_bulk_drop(app);
		return true;
	default:
		return false;
	}
}

/* What is looked at, and judged. */
static bool carry_out_for_history(struct app *app, struct effect *effect) {
	switch (effect->type) {
	case EFFECT_FOLLOW:
		app_follow(app, buffer_span(&effect->text));
		return true;
	case EFFECT_PAGE:
		app_page(app, effect);
		return true;
	case EFFECT_PAGE_STOP:
		app_page_stop(app, effect->page);
		return true;
	case EFFECT_DETAIL:
		app_detail(app, &effect->id);
		return true;
	case EFFECT_STATS:
		app_stats(app, buffer_span(&effect->text));
		return true;
	case EFFECT_ENDPOINTS:
		app_endpoints(app);
		return true;
	case EFFECT_TIMELINE:
		app_timeline(app, effect);
		return true;
	case EFFECT_DELIVERIES:
		app_deliveries(app, effect);
		return true;
	case EFFECT_SECRETS:
		app_secrets(app, buffer_text(&effect->text));
		return true;
	case EFFECT_SECRET:
		app_secret(app, effect);
		return true;
	case EFFECT_DIFF:
		app_diff(app, effect);
		return true;
	case EFFECT_FIND:
		app_find(app, buffer_span(&effect->text));
		return true;
	case EFFECT_ANNOTATE:
		app_annotate(app, effect);
		return true;
	case EFFECT_SCHEME:
		app_scheme(app, &effect->id);
		return true;
	case EFFECT_EXPLAIN:
		app_explain(app, &effect->id);
		return true;
	case EFFECT_REVERIFY:
		app_reverify(app, buffer_span(&effect->text), buffer_span(&effect->filter));
		return true;
	default:
		return false;
	}
}

/* The screen asks for no such thing; should it all the same, nothing comes of it. */
static bool is_forbidden(const struct app *app, const struct effect *effect) {
	bool forwards = effect->type == EFFECT_FORWARD && (effect->text.len > 0 || effect->flag);
	return app->model.readonly && (forwards || effect_changes(effect->type));
}

static void carry_out(struct app *app, struct effect *effect) {
	if (is_forbidden(app, effect)) {
		app_note(app, "only looking is allowed here");
		return;
	}
	if (carry_out_for_history(app, effect) || carry_out_bulk(app, effect)) {
		return;
	}
	switch (effect->type) {
	case EFFECT_FORWARD:
		app_forward(app, buffer_text(&effect->text), effect->flag);
		break;
	case EFFECT_ROUTES:
		app_routes(app, effect);
		break;
	case EFFECT_FORWARD_MISSED:
		app_forward_missed(app, buffer_span(&effect->text), effect->number, effect->limit);
		break;
	case EFFECT_REPLAY:
		app_replay(app, &effect->id, buffer_text(&effect->text), effect->flag);
		break;
	case EFFECT_EDIT:
		app_edit(app, &effect->id, buffer_text(&effect->text), effect->flag);
		break;
	case EFFECT_SEND:
		app_send(app, buffer_text(&effect->text), buffer_text(&effect->filter),
			buffer_text(&effect->body));
		break;
	case EFFECT_PROVE:
		app_prove(app, effect);
		break;
	case EFFECT_PROVE_STOP:
		app_prove_stop(app);
		break;
	case EFFECT_RETRY:
		app_retry(app, &effect->id, buffer_span(&effect->text), (enum retry_verb)effect->number);
		break;
	case EFFECT_RETRY_POLICY:
		app_retry_policy(app, buffer_span(&effect->text));
		break;
	case EFFECT_DEMO:
		app_demo(app);
		break;
	case EFFECT_KEEP_RELAY:
		app_keep_relay(app, effect->flag);
		break;
	case EFFECT_REMEMBER:
		app_remember(app, (enum prompt_kind)effect->number, buffer_span(&effect->text));
		break;
	case EFFECT_SAVE_FILTER:
		app_save_filter(app, buffer_span(&effect->text), buffer_span(&effect->filter));
		break;
	default:
		carry_out_for_terminal(app, effect);
		break;
	}
}

/* --- beginning and end --- */

static void handle_closed(uv_handle_t *handle) {
	free(handle);
}

static uv_timer_t *timer_new(struct app *app) {
	uv_timer_t *timer = alloc_zero(1, sizeof *timer);
	uv_timer_init(app->loop, timer);
	timer->data = app;
	return timer;
}

/* What libraries, or a program started by one, write to stderr would stand in the middle of the screen. */
static void silence_stderr(struct app *app) {
	int nowhere = isatty(STDERR_FILENO) ? open("/dev/null", O_WRONLY | O_CLOEXEC) : -1;
	app->saved_stderr = nowhere >= 0 ? fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3) : -1;
	if (app->saved_stderr >= 0) {
		dup2(nowhere, STDERR_FILENO);
	}
	if (nowhere >= 0) {
		close(nowhere);
	}
}

static void restore_stderr(struct app *app) {
	if (app->saved_stderr >= 0) {
		dup2(app->saved_stderr, STDERR_FILENO);
		close(app->saved_stderr);
	}
}

/* What the command line asks for, as if it were typed. */
static void begin(struct app *app, const struct client_welcome *welcome) {
	const struct app_options *options = &app->options;
	size_t columns, rows;
	term_size(app->term, &columns, &rows);
	app->carrying = true; /* the first page is asked for with the filter, not without it first */
	app_tell(app, &(struct msg){.type = MSG_RESIZE, .columns = columns, .rows = rows});
	app_remember_begin(app);
	if (options->filter && *options->filter) {
		app_tell(app,
			&(struct msg){
				.type = MSG_ACTION, .action = ACTION_FILTER, .text = span_text(options->filter)});
	}
	app_link_begin(app, welcome);
	app_tell_routes(app);
	if (options->retry && !app->model.readonly) {
		app_retry_policy(app, span_text(options->retry));
	}
	if (routes_are_enabled(&options->settings->routes) && !app->model.readonly) {
		app_tell(app, &(struct msg){.type = MSG_ACTION, .action = ACTION_FORWARD});
	}
	app->carrying = false;
	carry_out_all(app);
}

/* Options that are too long to be kept are left out: half of one would be wrong. */
static void tell_options(struct command_log *log, const struct app_options *options) {
	if (strlen(options->relay_options) < sizeof log->relay_options) {
		strcpy(log->relay_options, options->relay_options);
	}
	if (strlen(options->deliver_options) < sizeof log->deliver_options) {
		strcpy(log->deliver_options, options->deliver_options);
	}
}

/* Whoever was never here gets all of them, and whoever has followed them none. */
static void begin_tips(struct app *app) {
	struct buffer text = {0};
	struct tips *tips = &app->model.tips;
	*tips = (struct tips){.on = true};
	if (private_file_state_read(&text, TIPS_FILE, 16)) {
		tips->on = text.len > 0 && *buffer_text(&text) >= '0' && *buffer_text(&text) <= '9';
		tips->learned = tips->on ? (unsigned)strtoul(buffer_text(&text), NULL, 10) : 0;
	}
	buffer_clear(&text);
}

/* What the person has chosen. */
static void take_settings(struct app *app) {
	const struct screen_settings *chosen = &app->options.settings->screen;
	app->model.keymap = chosen->keymap;
	begin_tips(app);
	app->model.theme = chosen->theme;
	app->model.masking = chosen->mask;
	app->model.readonly = app->options.readonly;
	term_theme(app->term, chosen->theme);
}

struct app *app_new(uv_loop_t *loop, struct client *client, const struct client_welcome *welcome,
	const struct app_options *options, struct error *err) {
	static const struct term_events events = {
		on_key, on_mouse, on_paste, on_resized, on_resumed, on_gone};
	struct app *app = alloc_zero(1, sizeof *app);
	app->term = term_open(loop, &events, app, err);
	if (!app->term) {
		catalogue_free(options->catalogue);
		free(app);
		return NULL;
	}
	bool ascii = term_is_ascii(app->term);
	app->loop = loop;
	app->client = client;
	app->options = *options;
	silence_stderr(app);
	model_init(&app->model, ascii, options->who);
	tell_options(&app->model.command_log, options);
	take_settings(app);
	canvas_init(&app->canvas, 0, 0, ascii);
	canvas_init(&app->shown, 0, 0, ascii);
	app->frame = timer_new(app);
	app->second = timer_new(app);
	app->idle = alloc_zero(1, sizeof *app->idle);
	uv_idle_init(loop, app->idle);
	app->idle->data = app;
	uv_timer_start(app->second, on_second, 1000, 1000);
	app_retry_begin(app, options->catalogue);
	begin(app, welcome);
	return app;
}

void app_free(struct app *app) {
	if (!app) {
		return;
	}
	app->ended = true;
	client_cancel(app->client, app->leases);
	app_diff_clear(app);
	app_history_clear(app);
	app_demo_clear(app);
	app_make_clear(app);
	app_pager_clear(app);
	app_forward_clear(app);
	retrier_free(app->retrier);
	app_prove_stop(app);
	app_pipe_clear(app);
	app_replay_clear(app);
	uv_close((uv_handle_t *)app->frame, handle_closed);
	uv_close((uv_handle_t *)app->second, handle_closed);
	uv_close((uv_handle_t *)app->idle, handle_closed);
	term_close(app->term);
	restore_stderr(app);
	model_clear(&app->model);
	canvas_clear(&app->canvas);
	canvas_clear(&app->shown);
	free(app);
}
