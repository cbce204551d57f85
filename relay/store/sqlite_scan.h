/* What a look into an index for the next event that may fit a filter comes to. */
#pragma once

enum sqlite_scan {
	SCAN_HIT, /* the next position whose event may match */
	SCAN_ENDED,
	SCAN_PAUSED,   /* time is up: to be called again */
	SCAN_TOO_MANY, /* before anything was found: the index does not help */
	SCAN_FAILED,   /* `err` */
};
