/* What the status bar says of the link, and what a new link means for the list. */
#include <stdio.h>
#include <string.h>

#include "tui/screen/update_parts.h"

static void live(struct model *model, const struct msg_live *live) {
	struct link_status *link = &model->link;
	link->state = LINK_LIVE;
	link->heard_at_ms = model->now_ms;
	link->own = live->own;
	model->readonly = model->readonly || live->readonly;
	keep_text(link->relay_url, sizeof link->relay_url, live->relay_url);
	keep_text(link->ingest_url, sizeof link->ingest_url, live->ingest_url);
	keep_text(link->version, sizeof link->version, live->version);
	keep_text(link->store, sizeof link->store, live->store);
	if (!model->loaded && !model->page.number) {
		list_newest(model); /* the page that was lost with the link */
	}
}

static void remember_newest(struct model *model) {
	const struct window *window = &model->window;
	model->link.resume_ref[0] = '\0';
	if (window->count > 0) {
		struct buffer ref = {0};
		const struct event *newest = window->rows[window->count - 1].event;
		event_append_ref(&ref, newest->endpoint, newest->seq);
		keep_text(model->link.resume_ref, sizeof model->link.resume_ref, buffer_span(&ref));
		buffer_clear(&ref);
	}
}

static void down(struct model *model, const struct msg *msg) {
	struct link_status *link = &model->link;
	if (link->state != LINK_GONE) {
		remember_newest(model);
	}
	link->state = LINK_GONE;
	link->retry_at_ms = msg->number < 0 ? 0 : model->now_ms + msg->number;
	keep_text(link->why, sizeof link->why, span_text(msg->error ? msg->error->text : ""));
	model->lease_count = 0;
}

static void behind(struct model *model, int64_t count) {
	struct link_status *link = &model->link;
	if (link->state == LINK_GONE) {
		return;
	}
	link->behind = count;
	link->state = count > 0 ? LINK_RESUMING : LINK_LIVE;
}

static void take_leases(struct model *model, const struct msg_lease *leases, size_t count) {
	model->lease_count = count < LEASES_SHOWN_MAX ? count : LEASES_SHOWN_MAX;
	for (size_t i = 0; i < model->lease_count; i++) {
		struct lease_status *kept = &model->leases[i];
		keep_text(kept->endpoint, sizeof kept->endpoint, leases[i].endpoint);
		keep_text(kept->target, sizeof kept->target, leases[i].target);
		keep_text(kept->holder, sizeof kept->holder, leases[i].holder);
		kept->mine = leases[i].mine;
	}
}

static void gap(struct model *model, const struct msg_gap *gap) {
	model_note(model, true, "%.*s#%lld to #%lld are not there any more: %.*s",
		(int)gap->endpoint.len, gap->endpoint.data, (long long)gap->from, (long long)gap->to,
		(int)gap->why.len, gap->why.data ? gap->why.data : "");
	/* positions of another store mean nothing here */
	list_newest(model);
}

void link_message(struct model *model, const struct msg *msg) {
	switch (msg->type) {
	case MSG_LIVE:
		live(model, msg->live);
		break;
	case MSG_BEHIND:
		behind(model, msg->number);
		break;
	case MSG_HEARD:
		model->link.heard_at_ms = msg->number;
		break;
	case MSG_DOWN:
		down(model, msg);
		break;
	case MSG_BYE:
		model_note(model, true, "%.*s", (int)msg->text.len, msg->text.data ? msg->text.data : "");
		break;
	case MSG_LEASES:
		take_leases(model, msg->leases, msg->count);
		break;
	default:
		gap(model, msg->gap);
	}
}
