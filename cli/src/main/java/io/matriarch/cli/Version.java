package io.matriarch.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Tells the version that the build wrote into {@code matriarch.properties}. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"Matriarch " + number() + " on Java " + Runtime.version()};
    }

    static String number() {
        Properties properties = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("/matriarch.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("matriarch.properties cannot be read from the class path", e);
        }
        return properties.getProperty("version");
    }
}
