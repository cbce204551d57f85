/* Standard input, output and error of a program that was started without some of them. */
#pragma once

/*
 * Takes their place with /dev/null, from which nothing comes and to which output cannot be written, before anything else is
 * opened: a database or connection in the place of standard error would get what is meant for people. Errors are dropped.
 */
void standard_streams_hold(void);
