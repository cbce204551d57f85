/* Tab in a prompt for a filter: what it offers, and takes. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "tui/screen/filter_words.h"

struct model;

/* All zero: Tab was not pressed since anything else was. */
struct prompt_tab {
	bool shown;    /* offers are shown though nothing of the word is typed yet */
	size_t end;    /* in the text: how far it was typed by hand, */
	size_t chosen; /* and the offer that stands there now, from 1; 0: none */
};

/* What is offered at the prompt now; false: nothing is to be shown. */
bool prompt_tab_offers(const struct model *model, struct filter_offers *offers);

/* Completes as far as there is no choice; then takes one offer after the other, or `back`. */
void prompt_tab_press(struct model *model, bool back);
