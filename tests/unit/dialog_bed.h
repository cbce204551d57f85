/* Each dialog with something in it, as it is opened by keys and messages: for every test that is about all of them. */
#pragma once

#include "tests/unit/screen_bed.h"
#include "tests/unit/view_bed.h"

struct dialog_bed {
	const char *name;
	enum dialog_kind kind;
	view_bed_setup_fn *setup; /* of a model that was begun (view_bed_begin) */
	const char
		*keys; /* that mean something in it, as the manual writes them, with blanks between */
};

extern const struct dialog_bed dialog_beds[];
extern const size_t dialog_bed_count;

/* Single ones; those of menus stand open, too. */
view_bed_setup_fn dialog_bed_copy, dialog_bed_sort, dialog_bed_retries, dialog_bed_prove,
	dialog_bed_proving, dialog_bed_proven, dialog_bed_secrets, dialog_bed_filters,
	dialog_bed_samples, dialog_bed_samples_of_one, dialog_bed_endpoints, dialog_bed_deliveries,
	dialog_bed_timeline, dialog_bed_log, dialog_bed_routes, dialog_bed_help, dialog_bed_missed,
	dialog_bed_quit, dialog_bed_planned, dialog_bed_running, dialog_bed_code, dialog_bed_overview,
	dialog_bed_diff;
