/* What the files that paint the overview share. */
#pragma once

#include "tui/chart/chart.h"
#include "tui/screen/view_parts.h"

void overview_glyph(
	struct canvas *canvas, size_t x, size_t y, struct chart_glyph glyph, unsigned style);
/* A click there chooses this bar; SIZE_MAX: the group alone. */
void overview_touch_bar(
	struct canvas *canvas, struct area area, enum overview_group group, size_t bar);
/* Whether keys move in this group. */
bool overview_has_focus(const struct model *model, enum overview_group group);
/* The longest bar of a group. */
int64_t overview_most(const struct overview_panel *panel, enum overview_group group);

/* The title of a group, with how many bars are not seen. */
void overview_card_title(const struct model *model, struct canvas *canvas, struct area row,
	enum overview_group group, size_t hidden);
/* As many cards as there is room for: at least that with the keys. */
void overview_cards(const struct model *model, struct canvas *canvas, struct area area);
