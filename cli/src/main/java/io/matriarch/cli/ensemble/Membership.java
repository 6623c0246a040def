package io.matriarch.cli.ensemble;

import io.matriarch.cli.contact.Address;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Who belongs to an ensemble, as a zoo.cfg or the znode {@code /zookeeper/config} says it (election.md 5, zab.md 14). Only what is needed
 * to find the members is looked at.
 *
 * @param quorumAddresses by server id, ascending; a server may have several
 * @param clientAddresses by server id, as far as known
 */
record Membership(Map<Long, List<Address>> quorumAddresses, Map<Long, Address> clientAddresses) {
    private static final String SERVER = "server.";
    private static final String ANY_HOST = "0.0.0.0";

    /**
     * Reads a configuration file, and the dynamic file that it names.
     *
     * @throws CannotVerifyException if it cannot be read or says nothing of an ensemble
     */
    static Membership read(Path zooCfg) throws CannotVerifyException {
        Properties settings = settings(zooCfg);
        for (String key : List.of("sslQuorum", "quorum.auth.learnerRequireSasl")) {
            if (Boolean.parseBoolean(settings.getProperty(key, "false").strip())) {
                throw new CannotVerifyException(zooCfg + " sets " + key
                        + "=true: verify speaks to quorum ports in clear text only; run it where that is allowed");
            }
        }
        return of(settings, zooCfg.toString());
    }

    /**
     * The client addresses in a configuration file, by server id, as far as it names them.
     *
     * @throws CannotVerifyException if it cannot be read or says nothing of an ensemble
     */
    static Map<Long, Address> readClients(Path zooCfg) throws CannotVerifyException {
        return of(settings(zooCfg), zooCfg.toString()).clientAddresses();
    }

    private static Properties settings(Path zooCfg) throws CannotVerifyException {
        Properties settings = load(zooCfg);
        String dynamicFile = settings.getProperty("dynamicConfigFile");
        if (dynamicFile != null) {
            // Compat: Apache takes a relative name from the working directory; a copied configuration has it beside
            // itself.
            Path named = Path.of(dynamicFile.strip());
            Path beside = zooCfg.resolveSibling(named.getFileName());
            settings.putAll(load(Files.exists(named) ? named : beside));
        }
        return settings;
    }

    /**
     * Reads the text of the configuration znode.
     *
     * @throws CannotVerifyException if it names no server
     */
    static Membership parse(String text, String where) throws CannotVerifyException {
        return of(load(new StringReader(text), where), where);
    }

    /** An id that no member has, for somebody who does not vote. */
    long unusedId() {
        // With TTL znodes enabled, ids end at 254 (zab.md 6.5).
        long id = 254;
        while (id > 1 && quorumAddresses.containsKey(id)) {
            id--;
        }
        return id;
    }

    private static Properties load(Path file) throws CannotVerifyException {
        // Compat: Apache loads the bytes of the file, and so Latin-1 with \\u escapes.
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            return load(reader, file.toString());
        } catch (IOException e) {
            throw new CannotVerifyException("cannot read " + file + ": " + e);
        }
    }

    private static Properties load(Reader reader, String where) throws CannotVerifyException {
        Properties settings = new Properties();
        try {
            settings.load(reader);
            return settings;
        } catch (IOException | IllegalArgumentException e) {
            throw new CannotVerifyException(where + " is no configuration: " + e.getMessage());
        }
    }

    private static Membership of(Properties settings, String where) throws CannotVerifyException {
        Map<Long, List<Address>> quorum = new TreeMap<>();
        Map<Long, Address> clients = new LinkedHashMap<>();
        String commonPort = settings.getProperty("clientPort");
        for (String key :
                new TreeMap<>(settings).keySet().stream().map(Object::toString).toList()) {
            if (!key.startsWith(SERVER)) {
                continue;
            }
            String value = settings.getProperty(key);
            try {
                long sid = Long.parseLong(key.substring(SERVER.length()).strip());
                String[] halves = value.split(";", 2);
                quorum.put(sid, quorumAddresses(halves[0]));
                String host = quorum.get(sid).get(0).host();
                if (halves.length == 2) {
                    clients.put(sid, clientAddress(halves[1], host));
                } else if (commonPort != null) {
                    clients.put(sid, new Address(host, Address.port(commonPort)));
                }
            } catch (IllegalArgumentException e) {
                throw new CannotVerifyException(where + ": " + key + "=" + value + " is no server: " + e.getMessage());
            }
        }
        if (quorum.isEmpty()) {
            throw new CannotVerifyException(where + " names no server.N: a standalone server has no ensemble to join");
        }
        return new Membership(quorum, clients);
    }

    /** Of {@code host:quorumPort:electionPort[:role]}, several joined by a bar. */
    private static List<Address> quorumAddresses(String value) {
        List<Address> addresses = new ArrayList<>();
        for (String one : value.split("\\|")) {
            int afterHost = one.strip().startsWith("[") ? one.indexOf(']') + 1 : one.indexOf(':');
            if (afterHost <= 0 || afterHost >= one.length()) {
                throw new IllegalArgumentException("it must read host:quorumPort:electionPort");
            }
            String port = one.substring(afterHost + 1).split(":", 2)[0];
            addresses.add(new Address(Address.unbracketed(one.substring(0, afterHost)), Address.port(port)));
        }
        return addresses;
    }

    /** Of {@code [host:]port}, perhaps followed by the part of a secure port. */
    private static Address clientAddress(String value, String memberHost) {
        String plain = value.split(";", 2)[0].strip();
        Address address = plain.contains(":") ? Address.parse(plain) : new Address(memberHost, Address.port(plain));
        return address.host().equals(ANY_HOST) ? new Address(memberHost, address.port()) : address;
    }
}
