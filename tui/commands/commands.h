/* The commands there are, and the screen: one constant each, defined in the file of its name. */
#pragma once

#include "tui/commands/command.h"

extern const struct command command_deliveries;
extern const struct command command_demo;
extern const struct command command_diff;
extern const struct command command_edit;
extern const struct command command_endpoint;
extern const struct command command_export;
extern const struct command command_help;
extern const struct command command_list;
extern const struct command command_listen;
extern const struct command command_mark;
extern const struct command command_prove;
extern const struct command command_prove_chaos;
extern const struct command command_prove_reject;
extern const struct command command_prove_retries;
extern const struct command command_prove_twice;
extern const struct command command_provider;
extern const struct command command_replay;
extern const struct command command_retries;
extern const struct command command_screen;
extern const struct command command_send;
extern const struct command command_show;
extern const struct command command_sign;
extern const struct command command_stats;
extern const struct command command_explain;
extern const struct command command_timeline;
extern const struct command command_test;
extern const struct command command_verify;
extern const struct command command_wait;
