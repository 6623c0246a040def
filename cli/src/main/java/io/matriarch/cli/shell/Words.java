package io.matriarch.cli.shell;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a line as people expect of a shell: at white space, but not within "…" or '…'. A backslash outside of '…' takes
 * the next character as it is; {@code ""} is an empty word.
 */
final class Words {
    private final String line;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean isInWord;
    private int at;

    private Words(String line) {
        this.line = line;
    }

    /** The words of {@code line}. */
    static List<String> of(String line) throws ShellException {
        Words words = new Words(line);
        words.split();
        return words.words;
    }

    private void split() throws ShellException {
        while (at < line.length()) {
            char c = line.charAt(at++);
            if (Character.isWhitespace(c)) {
                end();
            } else {
                isInWord = true;
                take(c);
            }
        }
        end();
    }

    private void take(char c) throws ShellException {
        if (c == '\\') {
            word.append(next("a backslash at the end of the line; write \\\\ for the character itself"));
        } else if (c == '"' || c == '\'') {
            quoted(c);
        } else {
            word.append(c);
        }
    }

    private void quoted(char quote) throws ShellException {
        String open = "the quotation mark " + quote + " at column " + at + " is never closed";
        char c = next(open);
        while (c != quote) {
            word.append(c == '\\' && quote == '"' ? next(open) : c);
            c = next(open);
        }
    }

    private char next(String otherwise) throws ShellException {
        if (at == line.length()) {
            throw ShellException.usage(otherwise);
        }
        return line.charAt(at++);
    }

    private void end() {
        if (isInWord) {
            words.add(word.toString());
            word.setLength(0);
            isInWord = false;
        }
    }
}
