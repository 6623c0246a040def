package io.matriarch.compat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the version matrix measured, as a table to print. */
final class MatrixTable {
    private static final String FORMAT = "%-8s %-28s %-26s %5s %12s %4s %9s%n";

    private final List<Row> rows = new ArrayList<>();
    private final List<String> directories = new ArrayList<>();

    /**
     * One ensemble.
     *
     * @param version Apache's
     * @param roles what Apache's servers were in it, for example {@code led, followed}
     * @param kills by SIGKILL
     * @param acknowledged writes, through whichever server survived
     * @param lost acknowledged writes that some server lacks at the end, summed over the servers
     * @param differing znodes that are not the same everywhere in every field
     */
    record Row(String version, String setting, String roles, int kills, int acknowledged, int lost, int differing) {}

    void add(Row row) {
        rows.add(row);
    }

    /** One directory that both sides opened in turns; any difference in it has failed its test before. */
    void addDirectory(String version, int snapCount, String what, int znodes) {
        directories.add(String.format(
                "%-8s directory in turns, snapCount %d%s: %d znodes compared over all hand-overs%n",
                version, snapCount, what.isEmpty() ? "" : ", " + what, znodes));
    }

    /** Prints the table and writes it to a file. */
    void publish(Path file) throws IOException {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                FORMAT, "Apache", "setting", "Apache's roles", "kills", "acknowledged", "lost", "differing"));
        for (Row row : rows) {
            text.append(String.format(
                    FORMAT, row.version, row.setting, row.roles, row.kills, row.acknowledged, row.lost, row.differing));
        }
        directories.forEach(text::append);
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, text);
        System.out.println();
        System.out.print(text);
    }
}
