package io.matriarch.cli.disk;

import picocli.CommandLine.Option;

/** How records are printed. */
final class Appearance {
    @Option(names = "--data", description = "Print the data too: as text if it is UTF-8, else in hexadecimal.")
    private boolean isWithData;

    @Option(names = "--json", description = "Print one JSON object per line.")
    private boolean isJson;

    @Option(names = "--summary", description = "Print no records, only a line for each file and what is wrong.")
    private boolean isSummary;

    boolean isWithData() {
        return isWithData;
    }

    boolean isJson() {
        return isJson;
    }

    boolean isSummary() {
        return isSummary;
    }
}
