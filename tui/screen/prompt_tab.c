#include "tui/screen/prompt_tab.h"

#include <string.h>

#include "tui/screen/update_parts.h"

static bool find_offers(const struct model *model, struct filter_offers *offers) {
	const struct prompt *prompt = &model->prompt;
	bool deliveries = prompt->kind == PROMPT_DELIVERIES;
	size_t end = prompt->tab.chosen > 0 ? prompt->tab.end : prompt->at;
	if (prompt->kind != PROMPT_FILTER && !deliveries) {
		return false;
	}
	filter_offers_find(
		offers, (struct span){prompt->text.data, end}, deliveries, &model->filter_known);
	return offers->count > 0;
}

bool prompt_tab_offers(const struct model *model, struct filter_offers *offers) {
	const struct prompt_tab *tab = &model->prompt.tab;
	return find_offers(model, offers) &&
	       (offers->of_values || tab->shown || tab->chosen > 0 || offers->from < model->prompt.at);
}

/* A blank follows what is whole: another term may come. */
static void take_offer(struct prompt *prompt, size_t from, const char *text, size_t len) {
	bool whole = text[len] == '\0' && text[len - 1] != ':' && text[len - 1] != '~';
	prompt_replace(prompt, from, (struct span){text, len});
	if (whole && prompt->at == prompt->text.len) {
		prompt_replace(prompt, prompt->at, span_text(" "));
	}
}

static void choose_next(struct prompt *prompt, const struct filter_offers *offers, bool back) {
	struct prompt_tab *tab = &prompt->tab;
	tab->end = tab->chosen > 0 ? tab->end : prompt->at;
	if (back) {
		tab->chosen = tab->chosen > 1 ? tab->chosen - 1 : offers->count;
	} else {
		tab->chosen = tab->chosen % offers->count + 1;
	}
	prompt_replace(prompt, offers->from, span_text(offers->list[tab->chosen - 1].text));
}

void prompt_tab_press(struct model *model, bool back) {
	struct prompt *prompt = &model->prompt;
	struct filter_offers offers;
	if (!find_offers(model, &offers)) {
		return;
	}
	size_t common = filter_offers_common(&offers), typed = prompt->at - offers.from;
	if (prompt->tab.chosen == 0 && (common > typed || offers.count == 1)) {
		take_offer(prompt, offers.from, offers.list[0].text, common);
	} else if (typed == 0 && !offers.of_values && !prompt->tab.shown) {
		prompt->tab.shown = true;
	} else {
		choose_next(prompt, &offers, back);
	}
}
