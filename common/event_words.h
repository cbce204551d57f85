/* Facts of events as sentences, the same on the screen and in commands. Pure. */
#pragma once

#include "common/buffer.h"
#include "common/event.h"

/*
 * Who answered the sender, to stand behind the status: "to the sender, by the app, after 4.2 ms". Without a status it is all
 * there is to say: "nothing yet: the sender waits". The words of `answer_why` are in it as they are: escape the whole.
 */
void event_append_answered(struct buffer *out, const struct event *event);

/*
 * What people say of it: "marked by alice@laptop, 2026-11-21 03:43:41: refunded twice", or "note by ...". Nothing when nobody says
 * anything. Their words are in it as they are: escape the whole.
 */
void event_append_annotation(struct buffer *out, const struct event *event, bool with_time);
