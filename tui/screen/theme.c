#include "tui/screen/theme.h"

const char *const theme_names[THEME_COUNT] = {"auto", "dark", "light", "mono", "high-contrast"};
