package io.matriarch.cli.shell;

import java.io.BufferedReader;
import java.io.IOException;

/** Commands from a pipe, one per line. Empty lines, and those that begin with #, are skipped. */
final class Script {
    private final Shell shell;
    private final boolean isKeepingGoing;

    /** @param isKeepingGoing whether to read on after a failure */
    Script(Shell shell, boolean isKeepingGoing) {
        this.shell = shell;
        this.isKeepingGoing = isKeepingGoing;
    }

    /** Executes all lines, or up to the first that fails; answers that one's status. */
    int run(BufferedReader lines) throws IOException {
        int status = Shell.OK;
        int number = 0;
        String line = lines.readLine();
        while (line != null && !shell.isOver()) {
            number++;
            String command = line.strip();
            if (!command.isEmpty() && !command.startsWith("#")) {
                int outcome = shell.execute(command, "line " + number + ": ");
                status = status == Shell.OK ? outcome : status;
                if (outcome != Shell.OK && !isKeepingGoing) {
                    return status;
                }
            }
            line = lines.readLine();
        }
        return status;
    }
}
