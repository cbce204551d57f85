/*
 * What a cell means, not which colour it has: the terminal chooses that (tui/term). Meaning never rests on colour alone;
 * a verdict has its glyph and its word, too.
 */
#pragma once

enum style {
	STYLE_TEXT,
	STYLE_FAINT, /* beside the point: units, times, what is not known */
	STYLE_TITLE, /* headings, the selected tab */
	STYLE_GOOD,  /* valid, 2xx, live */
	STYLE_BAD,   /* invalid, 5xx, gone */
	STYLE_WARN,  /* expired, unsigned, 4xx, waiting */
	STYLE_INFO,  /* unverified, neutral facts that matter */
	STYLE_ESCAPE, /* what stands for a byte that is not shown as itself: never used for anything else */
	STYLE_NAME,    /* member names of JSON, names of headers */
	STYLE_STRING,  /* JSON strings */
	STYLE_NUMBER,  /* JSON numbers */
	STYLE_LITERAL, /* true, false, null */
	STYLE_KEY,     /* a key that can be pressed */
	STYLE_MATCH,   /* what was searched for */
	STYLE_BORDER,
	STYLE_BAR, /* the status bar, and its states */
	STYLE_BAR_GOOD,
	STYLE_BAR_BAD,
	STYLE_BAR_WARN,
	STYLE_COUNT
};

/* Added to a style: the row of the cursor; a row that is selected for a bulk action. */
#define STYLE_CURSOR 0x40u
#define STYLE_SELECTED 0x80u
#define STYLE_MASK 0x3fu

/*
 * One letter for each style, for saved screens: '.' is STYLE_TEXT. In the row of the cursor and in selected rows they are
 * capitals, and STYLE_TEXT is '>' (cursor) or '*' (selected).
 */
char style_letter(unsigned style);
