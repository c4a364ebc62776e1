#pragma once
// Readline keeps its state in C globals, which Swift 6 does not touch: every access is a small function here.
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <readline/readline.h>
#include <readline/history.h>

/// Readline takes the width of characters from the locale; where the environment names none, UTF-8 is meant.
static inline void readline_choose_utf8(void) {
    setlocale(LC_CTYPE, "");
    if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0) setlocale(LC_CTYPE, "C.UTF-8");
}

/// Reads inputrc and binds readline to the two streams. Signals and the window size are left to the caller.
static inline void readline_prepare(FILE *input, FILE *output) {
    rl_instream = input;
    rl_outstream = output;
    rl_readline_name = "sessionctl";
    rl_catch_signals = 0;
    rl_catch_sigwinch = 0;
    rl_change_environment = 0;
    rl_initialize();
    rl_reset_screen_size();
    // Neither may ask a question: while it waits for the answer nothing else in the process would move.
    rl_completion_query_items = -1;
    rl_variable_bind("page-completions", "off");
    rl_completer_word_break_characters = " \t\n{}[],:";
}

static inline void readline_set_completion(rl_completion_func_t *complete) {
    rl_attempted_completion_function = complete;
}

/// Readline falls back to file names where a completion function found nothing, and puts a space behind a word, unless
/// it is told not to each time.
static inline void readline_complete_words_only(void) {
    rl_attempted_completion_over = 1;
    rl_completion_append_character = '\0';
}

static inline const char *readline_line(void) { return rl_line_buffer ? rl_line_buffer : ""; }
static inline int readline_line_length(void) { return rl_end; }
static inline int readline_cursor(void) { return rl_point; }

/// Throws away what is typed, its undo list and a search that is under way.
static inline void readline_abandon_line(void) {
    rl_callback_sigcleanup();
    rl_free_line_state();
    rl_replace_line("", 1);
    using_history();
}
