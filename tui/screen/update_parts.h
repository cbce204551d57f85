/* What the files of update share: one file an idea. For them alone. */
#pragma once

#include "tui/screen/model.h"

/* Tells something for NOTE_MS. */
void model_note(struct model *model, bool bad, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Copies a text that is kept in a fixed place, cut where it is too long. */
void keep_text(char *out, size_t size, struct span text);
/* update_act.c: carries out what a key or a command asks for; `text` is what stands behind the command. */
void act(struct model *model, enum action action, struct span text);
/* A key, wherever it goes now. */
void take_key(struct model *model, uint32_t key);
/* Whether keys go to the detail. */
bool in_detail(const struct model *model);

/* update_list.c: the window, the cursor, pages */

/* Shows the newest events that match the filter and follows them. */
void list_begin(struct model *model);
/* Asks for the newest page, to follow from there. */
void list_newest(struct model *model);
void list_filter(struct model *model, struct span filter);
/* The same without a step back to the one before. */
void list_filter_again(struct model *model, struct span filter);
void list_move_to(struct model *model, size_t row);
/* A move of the cursor by rows; beyond an end is the end. */
void list_move_by(struct model *model, int64_t rows);
void list_first(struct model *model);
void list_last(struct model *model);
/* To the newest, and stay there; another order than that of time is made anew instead. */
void list_follow(struct model *model);
/* Shows the history around an event. */
void list_go(struct model *model, const struct event *event);
/* Keeps the cursor in sight, and asks for what is missing around it. */
void list_show_cursor(struct model *model);
void list_event(struct model *model, const struct event *event);
void list_attempt(struct model *model, const struct attempt *attempt);
void list_page_row(struct model *model, uint32_t page, const struct event *event);
void list_page_done(struct model *model, const struct msg *msg);
void list_page_progress(struct model *model, const struct msg *msg);
/* A page that takes its time is not waited for any more; what it has found stays. False: there is none. */
bool list_stop_search(struct model *model);
/* Events and attempts were passed over: what is shown is asked for again, as often as that is worth it. */
void list_skipped(struct model *model);
/* Verdicts have changed: rows are asked for again. */
void list_judged(struct model *model);
/* Whether a word stands in the filter in force: what fits it may then have changed. */
bool list_filter_has(const struct model *model, const char *word);
/* Asks again for what became stale meanwhile. */
void list_tick(struct model *model);
void list_forget_arrived(struct model *model);

/* update_select.c: which rows are selected */

void list_select(struct model *model);
void list_select_range(struct model *model);
void list_select_all(struct model *model);
void list_unselect(struct model *model);
/* Selects what is not selected, and the other way round. */
void list_select_others(struct model *model);
/* Those of a step that are in the list, and no others. */
void list_select_again(struct model *model, const struct undo_step *step);
/* The range that is being drawn goes as far as the cursor now. */
void list_stretch_range(struct model *model);
size_t list_count_selected(const struct window *window);

/* update_detail.c: the event beside the list */

/* Asks for the bytes of the event under the cursor when they are not there yet. */
void detail_follow(struct model *model);
void detail_open(struct model *model, bool open);
void detail_pane(struct model *model, enum pane pane);
void detail_form(struct model *model, struct span name);
void detail_attempt(struct model *model, bool next);
/* `view`: what is seen moves, as the wheel does; else the cursor, where there is one. */
void detail_scroll(struct model *model, int64_t lines, bool view);
void detail_first(struct model *model);
void detail_last(struct model *model);
void detail_find(struct model *model, struct span needle);
void detail_find_next(struct model *model, bool upwards);
/* Makes the document anew: the width, the pane or the bytes are others. `top` stays where `keep_place`. */
void detail_lay_out(struct model *model, bool keep_place);
void detail_take(struct model *model, const struct msg *msg);
void detail_take_attempt(struct model *model, const struct msg *msg);
void detail_done(struct model *model, const struct error *err);
/* Shows an attempt at the event that is gone to. */
void detail_show_attempt(struct model *model, const struct attempt *attempt);
void detail_attempted(struct model *model, const struct attempt *attempt);
/* What its sender was answered is known now. */
void detail_answered(struct model *model, const struct uuid *event);
/* Keeps the top of the document where lines are, as far as it is laid out. */
void detail_clamp(struct model *model);

/* update_payload.c: the cursor in the payload, and what is done with what is under it */

/* What one key press may read, lay out or search; the rest is left to update_idle. */
#define STEP_BYTES ((size_t)128 * 1024)

/* Whether the pane has a cursor. */
bool payload_has_cursor(const struct model *model);
/* The document was made anew: the cursor goes to the byte where it was. */
void payload_laid(struct model *model, bool keep_place);
void payload_scroll(struct model *model, int64_t lines, bool view);
void payload_first(struct model *model);
/* The cursor is on the line, which is in sight. */
void payload_go(struct model *model, size_t line);
/* The same, of the hit that was found last: what it is folded in is unfolded. */
void payload_go_to_hit(struct model *model, size_t line);
void payload_fold(struct model *model);
void payload_fold_all(struct model *model);
/* To a name or a path; asks for one when it is empty. */
void payload_jump(struct model *model, struct span wanted);
/* Ends one that is under way; false: there is none. */
bool payload_stop_jump(struct model *model);
/* The value under the cursor into the filter that is typed. */
void payload_filter(struct model *model);
/* Appends the path under the cursor, or the value: a text without its quotes and escapes. False: there is none, as is told. */
bool payload_path(struct model *model, struct buffer *out);
bool payload_value(struct model *model, struct buffer *out);
/* Work that is left; true: there is more. */
bool payload_idle(struct model *model, size_t budget);

/* update_pipe.c: the payload through a command */

/* Asks for the command when it is empty. */
void pipe_to(struct model *model, struct span command);
/* Ends it, or leaves what it wrote for the payload. False: there is none. */
bool pipe_back(struct model *model);
/* Another event or pane: it is not wanted any more. */
void pipe_leave(struct model *model);
/* False: the message is about something else. */
bool pipe_message(struct model *model, const struct msg *msg);

/*
 * update_explain.c: asks how the event is signed, and why that is not right, when the pane of the signature is looked at; `again`: also when that failed.
 */
void explanation_follow(struct model *model, bool again);
void scheme_take(struct model *model, const struct msg *msg);
void explanation_take(struct model *model, const struct msg *msg);
void explanation_clear_told(struct told_explanation *told);
/* :reverify */
void reverify(struct model *model, struct span filter);

/* Frees what is known of the event. */
void detail_drop(struct detail *detail);
/* Lines of the document that are visible. */
size_t detail_rows(const struct model *model);

/* update_copy.c */

/* Copies at once, or as soon as the event's bytes are there. False: no such letter. */
bool copy_what(struct model *model, char letter);
/* The bytes have come. */
void copy_pending(struct model *model);
/* Goes on with a long copy; true: there is more to do. */
bool copy_step(struct model *model, size_t budget);
/* Ends it; false: there is none. */
bool copy_stop(struct model *model);

/* update_prompt.c */

void prompt_open(struct model *model, enum prompt_kind kind, struct span text);
void prompt_key(struct model *model, uint32_t key);
/* `text` in the place of what stands from there to the cursor, which then stands behind it. */
void prompt_replace(struct prompt *prompt, size_t from, struct span text);
void prompt_paste(struct model *model, struct span text);
/* A line that was typed in an earlier run. */
void prompt_remember(struct model *model, enum prompt_kind kind, struct span text);

/* update_deliver.c: replay, forwarding, missed events */

/* To `target`, or to the one of forwarding; asks for one where there is none, and whether when there are many events. */
void replay(struct model *model, struct span target);
void replay_ask(struct model *model);
/* update_make.c: a changed copy of the current event, to `target` or where replays go; samples */
void edit_event(struct model *model, struct span target);
/* "PROVIDER TYPE" at once, else a menu */
void samples_open(struct model *model, struct span text);
void samples_key(struct model *model, uint32_t key);
/* "on", "off", or the other one */
void replay_as_received(struct model *model, struct span text);
/* Where replays go: to the target typed last, else to the one of forwarding; "" when there is none. */
const char *replay_target(const struct model *model);
void replay_waits(struct model *model, const struct uuid *id);
void replay_begun(struct model *model, const struct uuid *id);
void replay_ended(struct model *model, const struct msg *msg);
void forward(struct model *model, struct span target);
void forward_message(struct model *model, const struct msg *msg);
void missed_take(struct model *model, const struct msg_missed *missed);
void missed_offer(struct model *model);
void missed_forward(struct model *model);
void missed_forget(struct model *model);

/* update_bulk.c: the panel of a replay of many */

/* Of what is selected; of one event (to a target that is not this machine); of all that the filter shows. */
void bulk_open_selected(struct model *model, const char *target);
void bulk_open_one(struct model *model, const struct uuid *id, const char *target);
void bulk_open_all(struct model *model, const char *target);
/* The panel that there is, or a new one of what is selected, else of all that the filter shows. */
void bulk_show(struct model *model, struct span target);
void bulk_key(struct model *model, uint32_t key);
bool bulk_prompt_is_right(struct model *model, enum prompt_kind kind, struct span text);
void bulk_prompt_accept(struct model *model, enum prompt_kind kind, struct span text);
/* False: the message is about something else. */
bool bulk_message(struct model *model, const struct msg *msg);

/* update_routes.c: the table of routes, and how each target goes */

void routes_open(struct model *model);
void routes_key(struct model *model, uint32_t key);
/* One more from a line; without one it is asked for. */
void routes_add_line(struct model *model, struct span line);
/* What was typed as a route. */
void routes_typed(struct model *model, struct span line);
void routes_take(struct model *model, const struct msg *msg);
void routes_forget(struct model *model);
/* Whether there is a route that is not switched off. */
bool routes_enabled(const struct model *model);
/* All targets begin anew; without routes there is one, `forward.target`. */
void targets_begin(struct model *model);
/* The target of that name; NULL: none. */
struct target_status *targets_find(struct model *model, struct span url);
/* What all targets together are: forward.state and what belongs to it. */
void targets_sum_up(struct model *model);

/* update_marks.c: what people say of events, for all to see; of those selected, else of the current one */
void marks_toggle(struct model *model);
void marks_ask_note(struct model *model);
void marks_note(struct model *model, struct span text);
/* What the relay tells of it. */
void marks_take(struct model *model, const struct uuid *id, const struct annotation *annotation);

/* update_sort.c: the order of the list, and what is folded in it */

/* Whether it is by something else than time: over the newest LIST_SORT_SCAN that match, as they were when they were asked for. */
bool list_is_ranked(const struct model *model);
/* One of those; and all have come, so many. */
void list_rank(struct model *model, const struct event *event);
void list_ranked(struct model *model, int64_t looked_at);
/* By name, or a menu of orders. */
void sort_open(struct model *model, struct span text);
void sort_key(struct model *model, uint32_t key);
/* Chosen again, an order is turned round. */
void sort_choose(struct model *model, enum list_sort sort);
/* The repeated deliveries of the current event, or all of them, are folded into the newest, or unfolded. */
void fold_turn(struct model *model);
void fold_turn_all(struct model *model);

/* update_split.c: where the divider stands */

/* "auto", "beside", "below"; empty: the next of them. */
void split_turn(struct model *model, struct span text);
/* More or less room for the list. */
void split_size(struct model *model, bool more);
/* The mouse holds the divider and is there now. */
void split_drag(struct model *model, const struct mouse *mouse);

/* update_undo.c */

/* Before a change: how it is now. */
void undo_remember_filter(struct model *model);
void undo_remember_selection(struct model *model);
/* Takes the last change back. */
void undo_last(struct model *model);

/* update_prove.c: what is proven of the app */
void prove_open(struct model *model, struct span word);
void prove_key(struct model *model, uint32_t key);
/* Where the app is: what was chosen begins. */
void prove_at(struct model *model, struct span target);
/* False: it is not about that. */
bool prove_message(struct model *model, const struct msg *msg);

/* update_retries.c: all that is to be tried again */
void retries_open(struct model *model, struct span words);
void retries_narrow(struct model *model, struct span words);
void retries_key(struct model *model, uint32_t key);
/* One has changed, or is over: it is taken up, but one that is over is still there. */
void retries_follow(struct model *model, const struct retry *retry, bool is_over);
/* now, pause, resume or cancel all of an event (NULL: none), adding up how many; false: `word` is something else. */
bool retries_do(struct model *model, const struct event *event, struct span word, size_t *count);
/* "made due now", of such a word. */
const char *retries_did(struct span word);

/* update_retry.c: what is tried again */

/* A verb or a policy; without: the menu. */
void retry(struct model *model, struct span text);
void retry_policy(struct model *model, struct span text);
/* False: the message is about something else. */
bool retry_message(struct model *model, const struct msg *msg);
/* The pane of attempts is made anew, if it is looked at. */
void retry_show(struct model *model);
/* Time went on from `before_ms`. */
void retry_tick(struct model *model, int64_t before_ms);

/* update_help.c */

void help_open(struct model *model);
void help_key(struct model *model, uint32_t key);
/* Whether what the chosen line tells neither sends nor changes anything, nor leaves the screen. */
bool help_is_harmless(const struct model *model);
/* Only lines with it are left; the help is open again. */
void help_search(struct model *model, struct span needle);

/* update_dialog.c */

void dialog_key(struct model *model, uint32_t key);
/* A click on a row: what Enter does, but what sends or changes something is only chosen by the first one. */
void dialog_choose(struct model *model, size_t row);
/* Quits; asks first where something is under way that would end. */
void quit(struct model *model);

/* update_rows.c: the rows of a dialog, of which one is chosen, and how it is left */

/* By how many rows an action moves, which are so many a page, half a page and altogether; 0: it does not move. */
int64_t rows_of_action(enum action action, int64_t page, int64_t half, int64_t all);
/* Where the cursor is then, among `count`: beyond an end is the end. */
size_t rows_move(size_t at, int64_t by, size_t count);
/* Closes the dialog and does what the key does elsewhere; `own` opened it, and only closes it now. */
void dialog_leave(struct model *model, enum action action, enum action own);
/* Closes it and shows the event in the list: without its filter where that would hide it. */
void dialog_go(struct model *model, const struct event *event);

/* update_log.c: what is done, as commands */

/* `option` is "" or " --raw". */
void log_show(struct model *model, const struct event *event, const char *option);
/* What `y` has copied of an event: h, b, w or c; of other letters there is no command. */
void log_copy(struct model *model, const struct event *event, char letter);
void log_find(struct model *model, struct span ref);
void log_filter(struct model *model, struct span filter);
void log_deliveries(struct model *model, struct span filter);
void log_overview(struct model *model, const char *span);
void log_endpoints(struct model *model);
void log_timeline(struct model *model, struct span name, struct span value);
void log_replay(struct model *model, const struct event *event, const char *target);
void log_edit(struct model *model, const struct event *event, const char *target);
void log_send(struct model *model, const char *provider, const char *type, const char *to);
/* To forward.target */
void log_forward(struct model *model);
/* `note` NULL data: it stays as it is. */
void log_mark(struct model *model, const struct event *event, bool marked, struct span note);
void log_missed(struct model *model, const struct msg_missed *missed);
void log_reverify(struct model *model, struct span endpoint, struct span filter);
/* What the panel compares. */
void log_diff(struct model *model);
/* The newest command to the clipboard. */
void log_copy_newest(struct model *model);
void log_open(struct model *model);
void log_key(struct model *model, uint32_t key);

/* update_filters.c: filters that have a name, and those that were typed last */

void filters_open(struct model *model);
void filters_key(struct model *model, uint32_t key);
/* The one in force, under a name. */
void filters_save(struct model *model, struct span name);

/* update_overview.c: how many there were, in charts */

/* "1h", "24h" or "7d", or as it was left */
void overview_open(struct model *model, struct span text);
void overview_key(struct model *model, uint32_t key);
/* The bar of a group, or (SIZE_MAX) the group alone; one that is chosen already is gone to. */
void overview_choose(struct model *model, enum overview_group group, size_t bar);
void overview_take(struct model *model, const struct msg *msg);
void overview_tick(struct model *model);

/* update_endpoints.c: what the relay has, and what came to each */

void endpoints_open(struct model *model);
void endpoints_key(struct model *model, uint32_t key);
void endpoints_take(struct model *model, const struct msg *msg);
void endpoints_take_counts(struct model *model, const struct msg *msg);
void endpoints_tick(struct model *model);

/* update_deliveries.c: every attempt, over all events */

/* With a filter that is typed, or the one in force. */
void deliveries_open(struct model *model, struct span text);
void deliveries_filter(struct model *model, struct span text);
/* What is wrong with it stands at the prompt. */
bool deliveries_filter_is_right(struct model *model, struct span text);
void deliveries_key(struct model *model, uint32_t key);
void deliveries_take(struct model *model, const struct msg *msg);
void deliveries_done(struct model *model, const struct msg *msg);
/* An attempt was made: the newest are asked for again when they are looked at. */
void deliveries_attempted(struct model *model);
void deliveries_tick(struct model *model);

/* update_timeline.c: every event of a business key */

/* "order 42"; empty: a key of the event under the cursor. */
void timeline_open(struct model *model, struct span text);
void timeline_key(struct model *model, uint32_t key);
void timeline_take(struct model *model, const struct msg *msg);
void timeline_done(struct model *model, const struct msg *msg);

/* update_comfort.c: what the program is like to work with */

/* Whether it sends or changes something, here or at the relay. */
bool action_changes(enum action action);
/* Whether it would change something that is not to be changed; that is then told. */
bool is_refused(struct model *model, enum action action);
/* What is shown of the bytes of an event: all, or without what is masked. To be cleared with masked_clear. */
void detail_mask(const struct model *model, const struct uuid *event, const struct msg_bytes *bytes,
	struct masked *masked);
/* update_masking.c */

/* A message with what is masked of its event and attempt replaced; all zero before it. */
struct masked_message {
	struct msg msg;
	struct event event;
	struct attempt attempt;
	struct buffer target, url, answer, keys;
};
/* Valid until masked_message_clear, and as long as `msg`. */
const struct msg *masked_message(
	struct masked_message *masked, const struct model *model, const struct msg *msg);
void masked_message_clear(struct masked_message *masked);

/* Another event is looked at: what was revealed is hidden again. */
void masking_follow(struct model *model);
/* An action is carried out: a tip about it is followed. */
void tips_follow(struct model *model, enum action action);
/* False: the action is about something else. */
bool act_comfort(struct model *model, enum action action, struct span text);

/* update_secret.c: secrets of the endpoint of the open event */

/* Asks for the value of the one of that label; without a label there is a menu. */
void secret_open(struct model *model, struct span label);
void secret_key(struct model *model, uint32_t key);
void secret_take(struct model *model, const struct msg *msg);
/* What was typed goes to the relay, and is kept nowhere. */
void secret_typed(struct model *model);
/* Nothing of what is typed stays in memory. */
void secret_wipe(struct prompt *prompt);
/* How it is done with a file; what was typed is not in it. */
void log_secret(struct model *model);

/* update_diff.c: two events side by side */

/* With the event of that name, the one that is selected, the attempt before, or the last one that went well. */
void diff_open(struct model *model, struct span text);
void diff_key(struct model *model, uint32_t key);
void diff_take(struct model *model, const struct msg *msg);
void diff_done(struct model *model, const struct error *err);
/* What is wrong with a pattern stands at the prompt; one more, or (empty) none any more. */
bool diff_ignore_is_right(struct model *model, struct span text);
void diff_ignore(struct model *model, struct span text);
/* Another part of both: bodies, headers, ... */
void diff_show(struct model *model, enum compare_part part);
/* The screen has another size. */
void diff_resized(struct model *model);
/* Compares and lays out further; as update_idle. */
bool diff_idle(struct model *model, size_t budget);
/* No line behind the last one is on top. */
void diff_clamp(struct model *model);
/* view_diff.c: where its lines stand */
struct area diff_area(const struct model *model);

/* update_qr.c: an address as a code for a camera */

void qr_open(struct model *model, struct span url);
void qr_take(struct model *model, const struct msg *msg);

/* update_pager.c: the pane that is shown, in $PAGER */

void pager_open(struct model *model);
/* Something else is done: what has not been shown yet is not wanted any more. */
void pager_stop(struct model *model);
/* Writes on; true: there is more to write. */
bool pager_step(struct model *model);

/* update_link.c */

void link_message(struct model *model, const struct msg *msg);

/* update_mouse.c */

void mouse(struct model *model, const struct mouse *mouse);
