package io.matriarch.wire;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Bytes made by Apache ZooKeeper's own classes, by name; see the resource's first line. */
public final class Golden {
    private static final Map<String, Bytes> ALL = load("apache-3.9.5.hex");

    private Golden() {}

    /** The bytes of one record. */
    public static Bytes bytes(String name) {
        Bytes bytes = ALL.get(name);
        if (bytes == null) {
            throw new IllegalArgumentException("no golden bytes " + name);
        }
        return bytes;
    }

    /** All names. */
    public static Set<String> names() {
        return ALL.keySet();
    }

    /** Bytes written as hex, with spaces and dots between groups. */
    public static Bytes hex(String hex) {
        return Bytes.wrap(HexFormat.of().parseHex(hex.replaceAll("[ ·\n]", "")));
    }

    private static Map<String, Bytes> load(String resource) {
        Map<String, Bytes> all = new LinkedHashMap<>();
        try (InputStream in = Golden.class.getResourceAsStream(resource);
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.startsWith("#")) {
                    String[] parts = line.split(" = ", -1);
                    all.put(parts[0], hex(parts[1]));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }
}
