/* Facts of events as sentences, the same on the screen and in commands. Pure. */
#pragma once

#include "common/buffer.h"
#include "common/event.h"

/*
 * Who answered the sender, to stand behind the status: "to the sender, by the app, after 4.2 ms". Without a status it is all
 * there is to say: "nothing yet: the sender waits". The words of `answer_why` are in it as they are: escape the whole.
 */
void event_append_answered(struct buffer *out, const struct event *event);
