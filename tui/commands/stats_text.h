/* Counts as a page of text with bars: what `hookline stats` prints. Pure. */
#pragma once

#include "common/counts.h"
#include "tui/commands/lines.h"

void stats_text(struct buffer *out, const struct counts *counts, const struct line_style *style);
