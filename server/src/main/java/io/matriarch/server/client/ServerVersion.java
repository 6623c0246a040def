package io.matriarch.server.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** What this server calls itself. */
public final class ServerVersion {
    /** Compat: the Apache release whose protocol and files this server speaks; tools look for three numbers. */
    private static final String COMPATIBLE_WITH = "3.9.5";

    private static final String TEXT = read();

    private ServerVersion() {}

    /** Such as {@code 3.9.5-matriarch-0.1.0, built on 2026-01-01 00:00 UTC}. */
    public static String text() {
        return TEXT;
    }

    private static String read() {
        Properties build = new Properties();
        try (InputStream in = ServerVersion.class.getResourceAsStream("build.properties")) {
            if (in != null) {
                build.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String time = build.getProperty("time", "an unknown day").replaceAll("T(\\d\\d:\\d\\d):\\d\\dZ", " $1 UTC");
        return COMPATIBLE_WITH + "-matriarch-" + build.getProperty("version", "dev") + ", built on " + time;
    }
}
